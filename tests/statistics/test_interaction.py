"""Interaction on both scales: R's regressions, edges, symmetry, and agreement of interval and P."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report_helpers.statistics import CountError, Estimate, interaction, risk_difference

A, B = (56, 116, 20, 70), (30, 90, 36, 90)
SCALES = ("ratio_of_odds_ratios", "ratio_of_risk_ratios", "difference_of_risk_differences", "reri")


def numbers(estimate: Estimate) -> tuple[float | None, ...]:
    return estimate.value, estimate.low, estimate.high, estimate.p_value


def test_ratios_are_product_terms_in_r() -> None:
    """R 4.2.2, with x <- c(56, 20, 30, 36); n <- c(116, 70, 90, 90); t <- c(1, 0, 1, 0); a <- c(1, 1, 0, 0).

    m <- glm(cbind(x, n - x) ~ t * a, family = binomial)
    m <- glm(cbind(x, n - x) ~ t * a, family = binomial("log"), start = log(c(.4, 1, 1, 1)))
    c(exp(c(coef(m)[4], confint.default(m)[4, ])), coef(summary(m))[4, 4])
    """
    both = interaction(A, B)
    assert numbers(both.ratio_of_odds_ratios) == pytest.approx(
        (3.11111111111, 1.29260831643, 7.48797003908, 0.01131862028), rel=1e-9
    )
    assert numbers(both.ratio_of_risk_ratios) == pytest.approx(
        (2.02758620690, 1.14951143589, 3.57639402100, 0.01463927717), rel=1e-9
    )


def test_reri_in_r() -> None:
    """R 4.2.2, the log-binomial model m above; Hosmer and Lemeshow's delta method.

    rr <- exp(c(sum(coef(m)[2:4]), coef(m)[3], coef(m)[2])); g <- c(0, rr[1]-rr[3], rr[1]-rr[2], rr[1])
    r <- rr[1] - rr[2] - rr[3] + 1; s <- sqrt(drop(t(g) %*% vcov(m) %*% g))
    c(r, r - qnorm(.975)*s, r + qnorm(.975)*s, 2*pnorm(-abs(r/s)))
    """
    assert numbers(interaction(A, B).reri) == pytest.approx(
        (0.659277504105, 0.225233543249, 1.093321464962, 0.002910593098), rel=1e-8
    )


def test_difference_of_differences_in_r() -> None:
    """R 4.2.2: square-and-add of two Newcombe intervals.

    w <- function(x, n) prop.test(x, n, correct = FALSE)$conf.int
    nc <- function(x, n, y, m) { a <- w(x, n); b <- w(y, m); p <- x/n; q <- y/m
      c(p-q, p-q - sqrt((p-a[1])^2 + (b[2]-q)^2), p-q + sqrt((a[2]-p)^2 + (q-b[1])^2)) }
    A <- nc(56, 116, 20, 70); B <- nc(30, 90, 36, 90); d <- A[1] - B[1]
    c(d, d - sqrt((A[1]-A[2])^2 + (B[3]-B[1])^2), d + sqrt((A[3]-A[1])^2 + (B[1]-B[2])^2))
    """
    drd = interaction(A, B).difference_of_risk_differences
    assert numbers(drd)[:3] == pytest.approx((0.26371100164, 0.06216058033, 0.45136433730), rel=1e-8)
    touching = interaction(A, B, level=1 - drd.p_value).difference_of_risk_differences
    assert touching.low == pytest.approx(0, abs=1e-9)


def test_one_effect_in_both_strata_is_no_interaction() -> None:
    both = interaction((5, 10, 2, 10), (5, 10, 2, 10))
    assert both.ratio_of_odds_ratios.value == pytest.approx(1)
    assert both.ratio_of_risk_ratios.value == pytest.approx(1)
    assert both.difference_of_risk_differences.value == pytest.approx(0)
    assert both.difference_of_risk_differences.p_value == 1.0


def test_cells_without_events() -> None:
    both = interaction((0, 10, 2, 10), (1, 10, 0, 10))
    for scale in ("ratio_of_odds_ratios", "ratio_of_risk_ratios", "reri"):
        estimate = getattr(both, scale)
        assert numbers(estimate) == (None, None, None, None)
        assert "no events" in estimate.reason
    drd = both.difference_of_risk_differences
    assert drd.low < drd.value < drd.high
    assert 0 < drd.p_value < 1


def test_everybody_has_the_event() -> None:
    both = interaction((10, 10, 10, 10), (10, 10, 10, 10))
    assert both.ratio_of_odds_ratios.value is None
    assert both.ratio_of_risk_ratios.value == 1.0
    assert (both.reri.value, both.reri.low) == (0.0, None)
    assert "no variance" in both.reri.reason


def test_an_empty_arm_and_impossible_counts() -> None:
    both = interaction((0, 0, 1, 2), (1, 2, 1, 2))
    for scale in SCALES:
        assert getattr(both, scale).reason == "no patients in a group"
    with pytest.raises(CountError):
        interaction((3, 2, 1, 2), (1, 2, 1, 2))
    with pytest.raises(ValueError, match="four counts"):
        interaction((1, 2, 1), (1, 2, 1, 2))


arm = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
strata = st.tuples(arm, arm).map(lambda arms: (*arms[0], *arms[1]))


@settings(max_examples=25, deadline=None)
@given(strata, strata)
def test_strata_swapped_and_limits_in_order(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    both, back = interaction(a, b), interaction(b, a)
    for scale in SCALES:
        estimate = getattr(both, scale)
        if estimate.low is not None:
            assert estimate.low <= estimate.value * (1 + 1e-9 if estimate.value > 0 else 1) + 1e-12
            assert estimate.value <= estimate.high + 1e-9 * abs(estimate.high) + 1e-12
    if both.ratio_of_risk_ratios.low:
        assert both.ratio_of_risk_ratios.low * back.ratio_of_risk_ratios.high == pytest.approx(1)
    drd, drd_back = both.difference_of_risk_differences, back.difference_of_risk_differences
    assert drd.low == pytest.approx(-drd_back.high, abs=1e-12)
    assert drd.p_value == pytest.approx(drd_back.p_value, rel=1e-6)
    assert drd.value == pytest.approx(risk_difference(*a).value - risk_difference(*b).value, abs=1e-15)
    assert (drd.p_value <= 0.05) == (drd.low >= 0 or drd.high <= 0)


def test_arrays_of_counts_give_one_interaction_after_the_other() -> None:
    events1, events0 = [56, 0, 5], [20, 3, 0]
    together = interaction((np.array(events1), 116, np.array(events0), 70), (30, 90, 36, 90))
    for place, (x1, x0) in enumerate(zip(events1, events0, strict=True)):
        alone = interaction((x1, 116, x0, 70), (30, 90, 36, 90))
        for scale in (
            "ratio_of_odds_ratios",
            "ratio_of_risk_ratios",
            "difference_of_risk_differences",
            "reri",
        ):
            many, one = getattr(together, scale), getattr(alone, scale)
            for name in ("value", "low", "high", "p_value"):
                assert np.ma.asarray(getattr(many, name)).tolist()[place] == getattr(one, name)
            assert (many.reason[place], many.n[place]) == (one.reason, one.n)
    with pytest.raises(CountError, match="fit together"):
        interaction((np.array([1, 2]), 10, 1, 10), (np.array([1, 2, 3]), 10, 1, 10))
