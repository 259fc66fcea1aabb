"""One proportion: edges, arrays, errors, properties, and exact coverage."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from report_helpers.errors import ManuscriptError
from report_helpers.statistics import CountError, proportion

FEW = settings(max_examples=40, deadline=None)
METHODS = ("wilson", "clopper_pearson", "jeffreys")
CONTAINING = ("wilson", "clopper_pearson")  # Jeffreys leaves 0 and n outside, by definition


@st.composite
def counts(draw: st.DrawFn, most: int = 10**6) -> tuple[int, int]:
    n = draw(st.one_of(st.integers(1, 40), st.integers(1, most)))
    return draw(st.integers(0, n)), n


@FEW
@given(counts(), st.sampled_from(CONTAINING), st.sampled_from([0.5, 0.9, 0.95, 0.999]))
def test_interval_contains_the_estimate(group: tuple[int, int], method: str, level: float) -> None:
    rate = proportion(*group, method, level)
    assert 0 <= rate.low <= rate.value <= rate.high <= 1


@FEW
@given(counts(), st.sampled_from(METHODS))
def test_events_and_non_events_mirror(group: tuple[int, int], method: str) -> None:
    x, n = group
    rate, other = proportion(x, n, method), proportion(n - x, n, method)
    assert rate.low == pytest.approx(1 - other.high, abs=1e-12)


@FEW
@given(counts(10**5), st.sampled_from(METHODS))
def test_more_events_move_both_limits_up(group: tuple[int, int], method: str) -> None:
    x, n = group
    if x < n:
        fewer, more = proportion(x, n, method), proportion(x + 1, n, method)
        assert fewer.low <= more.low
        assert fewer.high <= more.high


@pytest.mark.parametrize("method", METHODS)
def test_the_edges(method: str) -> None:
    none, everybody = proportion(0, 10, method), proportion(10, 10, method)
    assert (none.value, everybody.value) == (0.0, 1.0)
    if method in CONTAINING:
        assert (none.low, everybody.high) == (0.0, 1.0)
    empty = proportion(0, 0, method)
    assert (empty.value, empty.low, empty.high, empty.n) == (None, None, None, 0)
    assert not empty.estimable
    assert empty.reason == "no patients in the group"


def test_one_event_among_a_million() -> None:
    """Clopper-Pearson as beta quantiles (R: binom.test(1, 1e6)), Wilson's roots in 50 digits."""
    exact = proportion(1, 10**6, "clopper_pearson")
    assert exact.low == pytest.approx(stats.beta.ppf(0.025, 1, 10**6), rel=1e-9)
    assert exact.high == pytest.approx(stats.beta.ppf(0.975, 2, 10**6 - 1), rel=1e-9)
    wilson = proportion(1, 10**6)
    z2, n = Decimal(stats.norm.ppf(0.975)) ** 2, Decimal(10**6)
    with localcontext() as context:
        context.prec = 50
        spread = (z2 * (1 - 1 / n) + z2 * z2 / 4).sqrt()
        low, high = (1 + z2 / 2 - spread) / (n + z2), (1 + z2 / 2 + spread) / (n + z2)
    assert wilson.low == pytest.approx(float(low), rel=1e-14)
    assert wilson.high == pytest.approx(float(high), rel=1e-14)


def test_arrays_give_masked_arrays_without_nan() -> None:
    rates = proportion([0, 3, 0], [0, 10, 10])
    assert list(rates.estimable) == [False, True, True]
    assert rates.value[0] is np.ma.masked
    assert rates.low[1] == proportion(3, 10).low
    assert list(rates.n) == [0, 10, 10]
    assert list(rates.reason) == ["no patients in the group", "", ""]
    for name in ("value", "low", "high", "p_value"):
        assert np.isfinite(np.asarray(getattr(rates, name))).all()


def test_an_estimate_cannot_be_changed() -> None:
    rate = proportion(3, 10)
    with pytest.raises(AttributeError):
        rate.value = 0.5  # type: ignore[misc]
    names = [field.name for field in fields(rate)]
    assert names == ["value", "low", "high", "level", "p_value", "method", "n", "reason"]


@pytest.mark.parametrize(
    ("events", "n", "words"),
    [
        (-1, 10, "from 0 up"),
        (1.5, 10, "whole numbers"),
        (11, 10, "more events than patients"),
        (float("nan"), 10, "missing"),
        (1, float("inf"), "infinite"),
        ("three", 10, "whole numbers"),
        ([1, None], [2, 2], "missing"),
        ([3, 9], [5, 5], "more events"),
    ],
)
def test_impossible_counts(events: object, n: object, words: str) -> None:
    with pytest.raises(CountError, match=words) as caught:
        proportion(events, n)  # type: ignore[arg-type]
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, ManuscriptError)


def test_unknown_method_and_level() -> None:
    with pytest.raises(ValueError, match="wilson, clopper_pearson, jeffreys"):
        proportion(1, 2, "wald")
    for level in (0, 1, 95):
        with pytest.raises(ValueError, match="between 0 and 1"):
            proportion(1, 2, level=level)


def coverage(n: int, method: str) -> np.ndarray:
    risks = np.linspace(0.01, 0.99, 99)
    events = np.arange(n + 1)
    chances = stats.binom.pmf(events[:, None], n, risks)
    rate = proportion(events, n, method)
    covered = (rate.low.data[:, None] <= risks) & (risks <= rate.high.data[:, None])
    return (chances * covered).sum(axis=0)


@pytest.mark.parametrize("n", [10, 25, 60, 180])
def test_exact_coverage(n: int) -> None:
    """Enumerated over all outcomes; Brown, Cai, DasGupta 2001 show the same oscillation."""
    exact, wilson, jeffreys = (coverage(n, method) for method in ("clopper_pearson", "wilson", "jeffreys"))
    assert exact.min() >= 0.95
    assert wilson.mean() == pytest.approx(0.95, abs=0.01)
    assert jeffreys.mean() == pytest.approx(0.95, abs=0.01)
    assert wilson.min() > 0.83


def test_score_and_exact_agree_in_the_limit() -> None:
    wilson, exact = proportion(300_000, 10**6), proportion(300_000, 10**6, "clopper_pearson")
    assert wilson.low == pytest.approx(exact.low, abs=2e-6)
    assert wilson.high == pytest.approx(exact.high, abs=2e-6)
