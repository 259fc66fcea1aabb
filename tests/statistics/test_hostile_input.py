"""What no table of patients holds, and arrays against single calls: a named error, or the same answer."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from report_helpers.statistics import (
    CountError,
    Estimate,
    clustered_proportion,
    e_value,
    holm,
    independence,
    interaction,
    mantel_haenszel,
    odds_ratio,
    proportion,
    risk_difference,
    risk_ratio,
    standardised_difference_means,
    standardised_difference_proportions,
    trend,
)

TWO_GROUPS: list[tuple[Callable[..., Estimate], str]] = [
    (risk_difference, "newcombe"),
    (risk_difference, "miettinen_nurminen"),
    (risk_ratio, "koopman"),
    (risk_ratio, "katz"),
    (risk_ratio, "mover_r"),
    (risk_ratio, "miettinen_nurminen"),
    (odds_ratio, "woolf"),
    (odds_ratio, "conditional_exact"),
    (odds_ratio, "firth"),
    (independence, "fisher_midp"),
    (independence, "fisher"),
    (independence, "boschloo"),
    (independence, "pearson"),
]
ONE_GROUP = ["wilson", "clopper_pearson", "jeffreys"]

NO_COUNTS = [
    -1,
    2.5,
    math.nan,
    math.inf,
    None,
    "3",
    b"3",
    pd.NA,
    1 + 0j,
    10**400,
    1e300,
    object(),
    {"events": 1},
    np.array(["1", "2"]),
    pd.Series([1, None]),
    pd.Series([1, None], dtype="Int64"),
    np.ma.MaskedArray([1, 2], mask=[False, True]),
    [[1], [2, 3]],
    pd.Timestamp("2023-01-01"),
]


@pytest.mark.parametrize("wrong", NO_COUNTS, ids=lambda wrong: type(wrong).__name__)
def test_what_is_no_count_is_named(wrong: Any) -> None:
    calls: list[Callable[[], object]] = [
        lambda: proportion(wrong, 5),
        lambda: risk_difference(1, 5, wrong, 5),
        lambda: odds_ratio(1, 5, 2, wrong, method="firth"),
        lambda: independence(wrong, 5, 2, 5),
        lambda: clustered_proportion(wrong, [2, 2]),
    ]
    for call in calls:
        with pytest.raises(CountError):
            call()


@pytest.mark.parametrize(
    "three", [3, 3.0, np.int8(3), np.uint8(3), np.int64(3), np.float64(3), np.array(3), np.float32(3)]
)
def test_whole_numbers_of_any_kind_are_one_number(three: Any) -> None:
    assert proportion(three, 5) == proportion(3, 5)
    assert risk_ratio(three, 5, three, 7) == risk_ratio(3, 5, 3, 7)


@pytest.mark.parametrize("level", [0, 1, -0.5, 95, math.nan, "0.95", None, [0.9, 0.95], True, 1e-17])
def test_levels_are_fractions(level: Any) -> None:
    calls: list[Callable[[], object]] = [
        lambda: proportion(1, 5, level=level),
        lambda: risk_difference(1, 5, 2, 5, level=level),
        lambda: odds_ratio(1, 5, 2, 5, level=level),
        lambda: mantel_haenszel([(1, 5, 2, 5)], level=level),
        lambda: interaction((1, 5, 2, 5), (1, 5, 2, 5), level=level),
        lambda: clustered_proportion([1, 0], [2, 2], level=level),
    ]
    for call in calls:
        with pytest.raises(ValueError, match="level must lie between 0 and 1"):
            call()


@pytest.mark.parametrize("method", ["Wilson", "", None, 3, ["wilson"]])
def test_methods_are_listed(method: Any) -> None:
    with pytest.raises(ValueError, match="it has wilson, clopper_pearson, jeffreys"):
        proportion(1, 5, method=method)


def test_arrays_that_do_not_fit_are_named() -> None:
    for call in (lambda: proportion([1, 2], [3, 4, 5]), lambda: risk_ratio([1, 2], [3, 4, 5], 1, 2)):
        with pytest.raises(CountError, match="do not fit each other"):
            call()


COUNTS = [(0, 0), (0, 4), (1, 4), (4, 4), (3, 9)]


def same(array: Any, place: int, number: float | None) -> bool:
    if array is None or array[place] is np.ma.masked:
        return number is None
    return number is not None and float(array[place]) == pytest.approx(number, rel=1e-12, abs=1e-14)


@pytest.mark.parametrize(("function", "method"), TWO_GROUPS)
def test_arrays_give_what_single_calls_give(function: Callable[..., Estimate], method: str) -> None:
    pairs = list(product(COUNTS, COUNTS))
    columns = [[*first, *second] for first, second in pairs]
    together = function(*np.array(columns).T, method=method)
    for place, table in enumerate(columns):
        single = function(*table, method=method)
        for field in ("value", "low", "high", "p_value"):
            assert same(getattr(together, field), place, getattr(single, field)), (table, field)
        assert together.reason[place] == single.reason
        assert together.n[place] == single.n
    against_one = function([0, 1, 4], 4, 1, 4, method=method)
    assert same(against_one.p_value, 1, function(1, 4, 1, 4, method=method).p_value)


@pytest.mark.parametrize(("function", "method"), TWO_GROUPS)
def test_empty_arrays_give_empty_answers(function: Callable[..., Estimate], method: str) -> None:
    found = function([], [], [], [], method=method)
    assert np.asarray(found.value).shape == np.asarray(found.n).shape == (0,)


SIZES = [1, 2, 10, 10**6, 10**9]
EDGES = [(x, n) for n in SIZES for x in sorted({0, 1, n // 2, n - 1, n})]


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99, 0.999])
def test_every_edge_has_finite_numbers_in_order(level: float) -> None:
    """Each method but the slow exact ones, at 0, 1, half, n - 1 and n of groups from 1 to 1,000,000,000."""
    tables = np.array([[*first, *second] for first, second in product(EDGES, EDGES)]).T
    slow = (independence, odds_ratio)
    for function, method in TWO_GROUPS:
        if function in slow and method not in ("woolf", "firth"):
            continue
        found = function(*tables, method=method, level=level)
        for field in (found.value, found.low, found.high, found.p_value):
            assert np.isfinite(np.ma.getdata(field)).all()
        slack = 1e-12 * (1 + np.abs(found.value))
        assert (found.low <= found.value + slack).all(), method
        assert (found.value <= found.high + slack).all(), method
    x, n = np.array(EDGES).T
    for method in ONE_GROUP:
        one = proportion(x, n, method=method, level=level)
        assert ((one.low >= 0) & (one.low < one.high) & (one.high <= 1)).all()


def test_the_upper_limit_of_few_events_keeps_its_digits() -> None:
    """Of 10^12 patients the limits are those of a Poisson count: qchisq(.975, 2 x + 2)/2 in R."""
    n = 10**12
    assert proportion(0, n, "clopper_pearson").high * n == pytest.approx(3.688879454114, rel=1e-10)
    assert proportion(1, n, "clopper_pearson").high * n == pytest.approx(5.571643390938, rel=1e-10)
    z = 1.959963984540054
    assert proportion(0, n).high * n == pytest.approx(z * z, rel=1e-10)


def test_strata_that_are_no_strata() -> None:
    for tables in ([], [(1, 2, 3)], (1, 2, 1, 3), [(1, 2, 1, 3), (1, 2)], None, "abcd"):
        with pytest.raises(ValueError, match="tables must be a list of"):
            mantel_haenszel(tables)  # type: ignore[arg-type]
    for stratum in ((1, 2, 3), None, ([1, 2], [3, 4], 1, 2)):
        with pytest.raises(ValueError, match="a stratum is four counts"):
            interaction(stratum, (1, 2, 1, 2))  # type: ignore[arg-type]


def test_p_values_that_are_none() -> None:
    assert holm(np.ma.MaskedArray([0.01, 0.5, 0.03], mask=[False, True, False])) == (0.02, None, 0.03)
    for wrong in (0.5, ["a"], [[0.1, 0.2]]):
        with pytest.raises(ValueError, match="P values must be"):
            holm(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("far", [1e300, 1e-305, 5e-324])
def test_e_values_stay_finite(far: float) -> None:
    found = e_value(far)
    assert found.value is None or math.isfinite(found.value)
    assert found.value is not None or "too far from 1" in found.reason


def test_e_values_of_what_is_no_number() -> None:
    for wrong in ("2", [2, 3]):
        with pytest.raises(ValueError, match="single numbers"):
            e_value(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("unit", [1e-200, 1e-8, 1e8, 1e200])
def test_the_unit_of_scores_does_not_matter(unit: float) -> None:
    plain = trend([8, 10, 11], [61, 58, 111], [0, 1, 5])
    other = trend([8, 10, 11], [61, 58, 111], [0, unit, 5 * unit])
    assert other.value == pytest.approx(plain.value, rel=1e-12)
    with pytest.raises(ValueError, match="scores must be finite"):
        trend([1, 2], [3, 4], ["low", "high"])


def test_standardised_differences_at_the_edges() -> None:
    assert standardised_difference_means(1e308, 1, -1e308, 1) is None
    assert standardised_difference_means(1e300, 1e300, 0, 1e300) == pytest.approx(1)
    with pytest.raises(ValueError, match="means must be finite"):
        standardised_difference_means("a", 1, 1, 1)  # type: ignore[arg-type]
    # A category shared by one patient in a billion: large, not infinite (2 x 2 inverse by hand).
    n = 10**9
    p, q, d = np.array([n, 1]) / (n + 2), np.array([1, 1]) / (n + 2), (n - 1) / (n + 2)
    spread = ((p * (1 - p)) + (q * (1 - q))[::1]) / 2
    shared = -(p[0] * p[1] + q[0] * q[1]) / 2
    inverse = spread[1] / (spread[0] * spread[1] - shared**2)
    found = standardised_difference_proportions([n, 1, 1], [1, 1, n])
    assert found == pytest.approx(d * math.sqrt(inverse), rel=1e-6)
