"""Mantel-Haenszel: strata that cannot count, edges, and one stratum alone (R values: reference values)."""

from __future__ import annotations

import pytest

from report_helpers.statistics import CountError, mantel_haenszel, odds_ratio, risk_difference, risk_ratio

MEASURES = ("odds_ratio", "risk_ratio", "risk_difference")
UGDP = [(8, 106, 5, 120), (22, 98, 16, 85)]


def test_one_stratum_alone_is_the_crude_effect() -> None:
    """With one stratum the Greenland-Robins variance of the log risk ratio is Katz's."""
    table = (56, 70, 48, 80)
    katz = risk_ratio(*table, method="katz")
    pooled = mantel_haenszel([table], measure="risk_ratio")
    assert (pooled.value, pooled.low, pooled.high) == pytest.approx((katz.value, katz.low, katz.high))
    woolf = odds_ratio(*table)
    assert mantel_haenszel([table]).value == pytest.approx(woolf.value)
    assert mantel_haenszel([table]).low == pytest.approx(woolf.low, rel=1e-9)
    difference = mantel_haenszel([table], measure="risk_difference")
    assert difference.value == pytest.approx(risk_difference(*table).value)
    score = risk_difference(*table, method="miettinen_nurminen")
    assert difference.p_value == pytest.approx(score.p_value)  # both with the variance factor N/(N - 1)


@pytest.mark.parametrize("measure", MEASURES)
def test_strata_without_both_groups_count_for_nothing(measure: str) -> None:
    assert mantel_haenszel([*UGDP, (0, 0, 3, 9), (2, 5, 0, 0)], measure=measure) == mantel_haenszel(
        UGDP, measure=measure
    )
    nothing = mantel_haenszel([(0, 0, 3, 9)], measure=measure)
    assert (nothing.value, nothing.low, nothing.p_value, nothing.n) == (None, None, None, 0)
    assert nothing.reason == "no stratum has patients in both groups"


@pytest.mark.parametrize("measure", ["odds_ratio", "risk_ratio"])
def test_no_events_on_one_side(measure: str) -> None:
    undefined = mantel_haenszel([(3, 10, 0, 10), (1, 8, 0, 9)], measure=measure)
    assert (undefined.value, undefined.low, undefined.high) == (None, None, None)
    assert "denominator" in undefined.reason
    assert undefined.p_value is not None
    zero = mantel_haenszel([(0, 10, 3, 10), (0, 8, 1, 9)], measure=measure)
    assert (zero.value, zero.low) == (0.0, None)
    assert "the ratio is 0" in zero.reason


def test_an_outcome_that_does_not_vary() -> None:
    same = mantel_haenszel([(4, 4, 5, 5)], measure="risk_ratio")
    assert (same.value, same.low, same.p_value) == (1.0, None, None)
    assert "does not vary" in same.reason
    split = mantel_haenszel([(4, 4, 0, 5)], measure="risk_difference")
    assert (split.value, split.low) == (1.0, None)


def test_too_little_information_for_an_upper_limit() -> None:
    """One patient in one group of each stratum: the log odds ratio's limit is beyond any number."""
    pooled = mantel_haenszel([(0, 1, 75, 150), (1, 10**6, 0, 1)])
    assert pooled.low < pooled.value
    assert pooled.high is None
    assert "too little information" in pooled.reason


def test_groups_swapped() -> None:
    back = [(x0, n0, x1, n1) for x1, n1, x0, n0 in UGDP]
    for measure in MEASURES:
        ours, other = mantel_haenszel(UGDP, measure=measure), mantel_haenszel(back, measure=measure)
        if measure == "risk_difference":
            assert ours.low == pytest.approx(-other.high)
        else:
            assert ours.low * other.high == pytest.approx(1)
        assert ours.p_value == pytest.approx(other.p_value)


def test_wrong_input() -> None:
    with pytest.raises(ValueError, match="odds_ratio, risk_ratio, risk_difference"):
        mantel_haenszel(UGDP, measure="hazard_ratio")
    with pytest.raises(ValueError, match="events1, n1, events0, n0"):
        mantel_haenszel([(1, 2, 3)])
    with pytest.raises(CountError):
        mantel_haenszel([(5, 2, 1, 4)])
