"""Clustered proportions: R's survey package, edges, and what clustering changes."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from report_helpers.statistics import (
    CountError,
    clustered_proportion,
    clustered_risk_difference,
    clustered_risk_ratio,
    proportion,
)

EVENTS1, SIZES1 = [2, 1, 0, 1, 2, 0, 1, 1, 0, 2], [2, 2, 1, 1, 3, 2, 2, 1, 1, 2]
EVENTS0, SIZES0 = [0, 1, 0, 0, 1, 2, 0, 1], [2, 2, 1, 2, 1, 3, 2, 2]


def test_proportion_in_r() -> None:
    """R 4.2.2, survey 4.1-1.

    u <- data.frame(id = rep(seq_along(m), m), y = unlist(Map(function(x, m) rep(1:0, c(x, m - x)), x, m)))
    d <- svydesign(~id, weights = ~1, data = u)
    svyciprop(~y, d, method = "logit", df = degf(d))
    """
    first, second = clustered_proportion(EVENTS1, SIZES1), clustered_proportion(EVENTS0, SIZES0)
    assert (first.value, first.low, first.high) == pytest.approx((0.5882352941, 0.3131617382, 0.8173848245))
    assert (second.value, second.low, second.high) == pytest.approx(
        (0.3333333333, 0.1160088413, 0.6557668882)
    )
    assert (first.n, second.n) == (10, 8)


def test_comparison_in_r() -> None:
    """R 4.2.2 with a and b the vectors (estimate, standard error, limits) of the groups above.

    e <- a[1] - b[1]; s <- sqrt(a[2]^2 + b[2]^2)
    c(e - sqrt((a[1] - a[3])^2 + (b[4] - b[1])^2), e + sqrt((a[4] - a[1])^2 + (b[1] - b[3])^2))
    2 * pt(-abs(e / s), 16)
    p <- a[1]; q <- b[1]; l <- a[3]; u <- a[4]; L <- b[3]; U <- b[4]
    (p*q - sqrt((p*q)^2 - l*U*(2*p - l)*(2*q - U))) / (U*(2*q - U))
    (p*q + sqrt((p*q)^2 - u*L*(2*p - u)*(2*q - L))) / (L*(2*q - L))
    2 * pt(-abs(log(p/q)) / sqrt((a[2]/p)^2 + (b[2]/q)^2), 16)
    """
    rd = clustered_risk_difference(EVENTS1, SIZES1, EVENTS0, SIZES0)
    assert (rd.value, rd.low, rd.high, rd.p_value) == pytest.approx(
        (0.2549019608, -0.1689244877, 0.5707174799, 0.1654205749)
    )
    rr = clustered_risk_ratio(EVENTS1, SIZES1, EVENTS0, SIZES0)
    assert (rr.value, rr.low, rr.high, rr.p_value) == pytest.approx(
        (1.7647058824, 0.6982935938, 5.2664043014, 0.2057421398)
    )
    assert rd.n == rr.n == 18


def test_clusters_of_one_are_a_plain_proportion() -> None:
    """With one embryo each the variance is p (1 - p)/(n - 1), and the limits are those of the logit."""
    rate = clustered_proportion([1] * 12 + [0] * 18, [1] * 30)
    error = stats.t.ppf(0.975, 29) * (0.4 * 0.6 / 29) ** 0.5 / (0.4 * 0.6)
    logit = stats.logistic.ppf(0.4)
    assert (rate.low, rate.high) == pytest.approx(
        (stats.logistic.cdf(logit - error), stats.logistic.cdf(logit + error))
    )


def test_agreeing_clusters_widen_the_interval() -> None:
    together = clustered_proportion([2] * 10 + [0] * 15, [2] * 25)
    apart = clustered_proportion([1] * 20 + [0] * 5, [2] * 25)
    assert together.value == apart.value == 0.4
    assert together.high - together.low > 1.5 * (apart.high - apart.low)


def test_no_variance_takes_kish_and_wilson() -> None:
    """Kish's effective number for sizes 2, 1, 2 is 25/9."""
    none = clustered_proportion([0, 0, 0], [2, 1, 2])
    z2 = stats.norm.ppf(0.975) ** 2
    assert (none.value, none.low) == (0.0, 0.0)
    assert none.high == pytest.approx(z2 / (25 / 9 + z2))
    assert "Kish" in none.method
    everything = clustered_proportion([2, 2, 2], [2, 2, 2])
    assert (everything.low, everything.high) == (proportion(3, 3).low, 1.0)
    one = clustered_proportion([1], [2])
    assert 0 < one.low < 0.5 < one.high < 1


def test_groups_without_events_or_units() -> None:
    rr = clustered_risk_ratio(EVENTS1, SIZES1, [0, 0, 0], [2, 1, 2])
    assert (rr.value, rr.high, rr.p_value) == (None, None, None)
    assert rr.low > 0
    assert "no upper limit" in rr.reason
    rd = clustered_risk_difference(EVENTS1, SIZES1, [0, 0, 0], [2, 1, 2])
    assert rd.p_value is None
    assert rd.low < rd.value < rd.high
    for call in (clustered_risk_difference, clustered_risk_ratio):
        empty = call(EVENTS1, SIZES1, [], [])
        assert (empty.value, empty.low, empty.high, empty.p_value) == (None, None, None, None)
        assert empty.reason == "no units in a group"
    assert clustered_proportion([0, 0], [0, 0]).reason == "no units in a group"


def test_a_cluster_may_hold_more_events_than_units() -> None:
    """One embryo that splits gives two sacs: counted, as long as units outnumber events overall."""
    rate = clustered_proportion([2, 0, 0, 1], [1, 2, 2, 2])
    assert rate.value == pytest.approx(3 / 7)
    assert 0 < rate.low < rate.value < rate.high < 1
    crowded = clustered_proportion([2, 1], [1, 1])
    assert (crowded.value, crowded.low, crowded.high) == (1.5, None, None)
    assert "at least as many events as units" in crowded.reason
    for call in (clustered_risk_difference, clustered_risk_ratio):
        compared = call([2, 1], [1, 1], EVENTS0, SIZES0)
        assert (compared.low, compared.high) == (None, None)
        assert "at least as many events as units" in compared.reason


def test_clusters_without_units_are_left_out() -> None:
    assert clustered_proportion([*EVENTS1, 0], [*SIZES1, 0]) == clustered_proportion(EVENTS1, SIZES1)


def test_alike_clusters_may_be_listed_once() -> None:
    """Every patient by herself, and each kind of patient once with how many there are."""

    def listed_once(events: list[int], sizes: list[int]) -> tuple[list[int], list[int], list[int]]:
        kinds = Counter(zip(events, sizes, strict=True))
        alike = [(*kind, times) for kind, times in kinds.items()] + [(0, 1, 0)]  # the last: nobody
        alike_events, alike_sizes, times = ([each[place] for each in alike] for place in range(3))
        return alike_events, alike_sizes, times

    every = (EVENTS1 * 3, SIZES1 * 3)
    events1, sizes1, times1 = listed_once(*every)
    events0, sizes0, times0 = listed_once(EVENTS0, SIZES0)
    assert len(events1) < len(every[0])
    brief, whole = clustered_proportion(events1, sizes1, times=times1), clustered_proportion(*every)
    assert (brief.value, brief.low, brief.high) == pytest.approx((whole.value, whole.low, whole.high))
    assert (brief.n, brief.method) == (whole.n, whole.method)
    for compare in (clustered_risk_difference, clustered_risk_ratio):
        whole = compare(*every, EVENTS0, SIZES0)
        brief = compare(events1, sizes1, events0, sizes0, times1=times1, times0=times0)
        assert (brief.value, brief.low, brief.high, brief.p_value) == pytest.approx(
            (whole.value, whole.low, whole.high, whole.p_value)
        )
        assert (brief.n, brief.method) == (whole.n, whole.method)
    with pytest.raises(CountError, match="equally long"):
        clustered_proportion([1, 2], [2, 2], times=[1])


@pytest.mark.parametrize(
    ("events", "sizes", "words"),
    [
        ([1, 2], [1], "equally long"),
        ([2], [0], "cluster without units"),
        ([[1]], [[1]], "one list"),
        ([-1], [1], "from 0 up"),
        ([0.5], [1], "whole"),
    ],
)
def test_impossible_clusters(events: list[int], sizes: list[int], words: str) -> None:
    with pytest.raises(CountError, match=words):
        clustered_proportion(events, sizes)


groups = st.lists(st.integers(0, 3).flatmap(lambda m: st.tuples(st.integers(0, m), st.just(m))), max_size=30)


@settings(max_examples=60, deadline=None)
@given(groups, groups)
def test_limits_enclose_the_estimate_and_swap(
    first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    one, two = ([list(part) for part in zip(*group, strict=True)] or [[], []] for group in (first, second))
    rate = clustered_proportion(*one)
    if rate.estimable:
        assert 0 <= rate.low <= rate.value <= rate.high <= 1
    rd, back = clustered_risk_difference(*one, *two), clustered_risk_difference(*two, *one)
    if rd.estimable:
        assert rd.low <= rd.value <= rd.high
        assert rd.low == pytest.approx(-back.high, abs=1e-12)
    rr, back = clustered_risk_ratio(*one, *two), clustered_risk_ratio(*two, *one)
    if rr.value and back.value:
        assert rr.low <= rr.value * (1 + 1e-9)
        assert rr.value <= rr.high * (1 + 1e-9)
        assert rr.low * back.high == pytest.approx(1)
