"""Balance, families of tests, trends, E-values, the examples in the docstrings, and what importing costs."""

from __future__ import annotations

import doctest
import math
import pkgutil
import subprocess
import sys
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import report_helpers.statistics as package
from report_helpers.statistics import (
    CountError,
    e_value,
    holm,
    standardised_difference_means,
    standardised_difference_proportions,
    trend,
)

MODULES = sorted(module.name for module in pkgutil.iter_modules(package.__path__))


def test_standardised_difference_of_means() -> None:
    """Austin 2009: difference over the root of the mean variance, whatever the groups' sizes."""
    assert standardised_difference_means(3, 1, 1, 7) == pytest.approx(2 / 5)
    assert standardised_difference_means(1, 7, 3, 1) == pytest.approx(-2 / 5)
    assert standardised_difference_means(2, 0, 2, 0) == 0.0
    assert standardised_difference_means(2, 0, 1, 0) is None
    with pytest.raises(ValueError, match="not negative"):
        standardised_difference_means(2, -1, 1, 0)


def test_standardised_difference_of_categories_in_r() -> None:
    """R 4.2.2, one category dropped: Yang and Dalton's distance.

    yd <- function(a, b) { p <- a/sum(a); q <- b/sum(b); d <- (p - q)[-1]
      S <- ((diag(p) - p %o% p) + (diag(q) - q %o% q))/2; sqrt(drop(d %*% solve(S[-1, -1]) %*% d)) }
    yd(c(30, 50, 20), c(45, 40, 15))
    """
    ours = standardised_difference_proportions([30, 50, 20], [45, 40, 15])
    assert ours == pytest.approx(0.3144740836, rel=1e-9)
    assert standardised_difference_proportions([30, 50, 20, 0], [45, 40, 15, 0]) == pytest.approx(ours)
    assert standardised_difference_proportions([20, 30, 50], [15, 45, 40]) == pytest.approx(ours)


def test_two_categories_are_austins_proportions() -> None:
    ours = standardised_difference_proportions([30, 70], [45, 55])
    assert ours == pytest.approx(0.15 / math.sqrt((0.3 * 0.7 + 0.45 * 0.55) / 2))


def test_categories_without_an_answer() -> None:
    assert standardised_difference_proportions([0, 0], [3, 4]) is None
    assert standardised_difference_proportions([5, 0], [0, 7]) is None
    assert standardised_difference_proportions([5, 5, 0], [0, 0, 7]) is None
    assert standardised_difference_proportions([2, 4], [1, 2]) == 0.0
    assert standardised_difference_proportions([10, 0], [5, 5]) == pytest.approx(math.sqrt(2))
    with pytest.raises(CountError, match="same categories"):
        standardised_difference_proportions([1, 2], [1, 2, 3])


def test_trend() -> None:
    """R 4.2.2: prop.trend.test(c(8, 10, 11), c(61, 58, 111), score = c(0, 1, 5)): X-squared 1.143294381."""
    test = trend([8, 10, 11], [61, 58, 111], [0, 1, 5])
    assert test.value == pytest.approx(-math.sqrt(1.143294381), rel=1e-8)
    assert test.p_value == pytest.approx(0.284957283, rel=1e-8)
    assert trend([11, 10, 8], [111, 58, 61]).value > 0
    assert trend([0, 0], [5, 5]).reason == "no test: nobody, or everybody, has the event"
    assert trend([1, 0], [5, 0]).reason == "no test: all patients have one score"
    assert trend([], []).reason == "no patients"
    with pytest.raises(CountError, match="one length"):
        trend([1, 2], [3, 4, 5])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_only_raises_and_keeps_the_order(p_values: list[float]) -> None:
    adjusted = holm(p_values)
    assert all(p <= q <= 1 for p, q in zip(p_values, adjusted, strict=True))
    ranked = sorted(range(len(p_values)), key=lambda i: p_values[i])
    assert [adjusted[i] for i in ranked] == sorted(adjusted)
    if p_values:
        assert min(adjusted) == pytest.approx(min(1, len(p_values) * min(p_values)))


def test_holm_leaves_tests_not_done_in_place() -> None:
    assert holm([0.02, None, 0.03]) == (0.04, None, 0.04)
    assert holm([]) == ()
    for wrong in (-0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match="between 0 and 1"):
            holm([0.5, wrong])


def test_e_values() -> None:
    """VanderWeele and Ding 2017: 3.9 (1.8 to 8.7) gives 7.26 and 3.0; below 1 by the reciprocal."""
    shown = e_value(3.9, 1.8, 8.7)
    assert (round(shown.value, 2), round(shown.low, 2), shown.high) == (7.26, 3.0, None)
    protective = e_value(1 / 3.9, 1 / 8.7, 1 / 1.8)
    assert (protective.value, protective.low) == pytest.approx((shown.value, shown.low))
    assert e_value(1.4, 0.9, 2.1).low == 1.0
    assert e_value(1.0, 0.9, 1.1).value == 1.0
    assert e_value(2.0).reason == "no confidence limit on the side of 1"
    assert e_value(2.0, 1.5, None).low == pytest.approx(1.5 + math.sqrt(0.75))
    assert e_value(None, 0.8, None).value is None
    assert e_value(0.0, 0.0, 0.7).value is None
    for wrong in ((2, 2.5, 3), (-1, None, None), (math.inf, None, None)):
        with pytest.raises(ValueError, match="low"):
            e_value(*wrong)


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_the_docstrings_run(name: str) -> None:
    found = doctest.testmod(import_module(f"{package.__name__}.{name}"))
    assert found.failed == 0


def test_every_public_function_shows_an_example() -> None:
    for name in package.__all__:
        thing = getattr(package, name)
        if callable(thing) and not isinstance(thing, type):
            assert ">>> " in (thing.__doc__ or ""), name


def test_importing_loads_neither_pandas_nor_scipy() -> None:
    code = "import sys, report_helpers.statistics; print(*sorted({n.split('.')[0] for n in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"pandas", "scipy", "statsmodels", "matplotlib"} & set(loaded.stdout.split())
