"""The odds ratio three ways: R, the definitions, edges and arrays."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import comb

from report_helpers.statistics import odds_ratio

METHODS = ("woolf", "conditional_exact", "firth")


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ((0, 16, 15, 72), (0.112414467253177, 0.000863860874791, 0.920824809674200, 0.039389474463871)),
        ((7, 34, 1, 34), (6.0909090909091, 1.2201280404385, 60.3071880786842, 0.0259752328899)),
        ((16, 25, 0, 17), (60.7894736842, 6.83108267982, 8073.96252128, 7.74761729349e-06)),
    ],
)
def test_firth_profile_in_r(table: tuple[int, int, int, int], expected: tuple[float, ...]) -> None:
    """R 4.2.2: the penalised likelihood of the saturated model, profiled by optimize and uniroot.

    l <- function(t) plogis(t, log.p = TRUE)
    pl <- function(r, a, b, c, d) optimize(function(t) (a+.5)*l(t+r) + (b+.5)*l(-t-r) + (c+.5)*l(t)
      + (d+.5)*l(-t), c(-20, 20), maximum = TRUE, tol = 1e-12)$objective
    e <- log((a+.5)*(d+.5)/((b+.5)*(c+.5))); m <- pl(e, a, b, c, d)
    f <- function(r) 2*(m - pl(r, a, b, c, d)) - qchisq(.95, 1)
    exp(uniroot(f, c(e-15, e), tol = 1e-12)$root); exp(uniroot(f, c(e, e+15), tol = 1e-12)$root)
    pchisq(2*(m - pl(0, a, b, c, d)), 1, lower = FALSE)
    """
    ours = odds_ratio(*table, method="firth")
    assert (ours.value, ours.low, ours.high, ours.p_value) == pytest.approx(expected, rel=1e-7)


def test_conditional_exact_in_r() -> None:
    """R 4.2.2: fisher.test(rbind(c(7, 27), c(1, 33))); its uniroot stops after four digits."""
    ours = odds_ratio(7, 34, 1, 34, method="conditional_exact")
    assert (ours.value, ours.low) == pytest.approx((8.3284500032, 0.973247719583), rel=3e-4)
    assert ours.high == pytest.approx(396.189787872885, rel=3e-3)
    assert ours.p_value == pytest.approx(0.0544001305, rel=1e-8)


def test_woolf_in_r() -> None:
    """R 4.2.2: m <- glm(cbind(c(56, 48), c(14, 32)) ~ c(1, 0), family = binomial).

    exp(coef(m)[2]); exp(confint.default(m)[2, ]); coef(summary(m))[2, 4]
    """
    ours = odds_ratio(56, 70, 48, 80)
    error = math.sqrt(1 / 56 + 1 / 14 + 1 / 48 + 1 / 32)
    assert ours.value == pytest.approx(56 * 32 / (14 * 48))
    assert math.log(ours.high / ours.low) == pytest.approx(2 * 1.959963984540054 * error)
    assert ours.p_value == pytest.approx(math.erfc(math.log(ours.value) / error / math.sqrt(2)))


@st.composite
def tables(draw: st.DrawFn, most: int = 12) -> tuple[int, int, int, int]:
    n1, n0 = draw(st.integers(1, most)), draw(st.integers(1, most))
    return draw(st.integers(0, n1)), n1, draw(st.integers(0, n0)), n0


@settings(max_examples=60, deadline=None)
@given(tables())
def test_conditional_exact_solves_its_definition(table: tuple[int, int, int, int]) -> None:
    x1, n1, x0, n0 = table
    m = x1 + x0
    k = np.arange(max(0, m - n0), min(n1, m) + 1)

    def chances(ratio: float) -> np.ndarray:
        logs = np.log(comb(n1, k) * comb(n0, m - k)) + k * math.log(ratio)
        weights = np.exp(logs - logs.max())
        return weights / weights.sum()

    ours = odds_ratio(*table, method="conditional_exact")
    if ours.value:
        assert chances(ours.value) @ k == pytest.approx(x1, rel=1e-9)
    if ours.low:
        assert chances(ours.low)[k >= x1].sum() == pytest.approx(0.025, rel=1e-9)
    if ours.high is not None:
        assert chances(ours.high)[k <= x1].sum() == pytest.approx(0.025, rel=1e-9)
    assert (ours.low == 0.0) == (x1 == k[0])
    assert (ours.high is None) == (x1 == k[-1])


@settings(max_examples=60, deadline=None)
@given(tables(10**4), st.sampled_from(METHODS))
def test_limits_enclose_and_invert(table: tuple[int, int, int, int], method: str) -> None:
    x1, n1, x0, n0 = table
    ours, back = odds_ratio(*table, method=method), odds_ratio(x0, n0, x1, n1, method=method)
    known = [number for number in (ours.low, ours.value, ours.high) if number is not None]
    assert known == sorted(known)
    if ours.low and back.high:
        assert ours.low * back.high == pytest.approx(1, rel=1e-7)
    if method == "firth":
        assert ours.value == pytest.approx((x1 + 0.5) * (n0 - x0 + 0.5) / ((n1 - x1 + 0.5) * (x0 + 0.5)))
        assert 0 < ours.low < ours.value < ours.high


def test_zero_cells_and_empty_groups() -> None:
    woolf = odds_ratio(0, 16, 15, 72)
    assert (woolf.value, woolf.low, woolf.high) == (0.0, None, None)
    assert "use conditional_exact or firth" in woolf.reason
    exact = odds_ratio(16, 25, 0, 17, method="conditional_exact")
    assert (exact.value, exact.high) == (None, None)
    assert exact.low > 1
    assert "no upper limit" in exact.reason
    for method in METHODS:
        empty = odds_ratio(0, 0, 1, 2, method=method)
        assert (empty.value, empty.low, empty.high, empty.p_value) == (None, None, None, None)
        assert empty.reason == "no patients in a group"


def test_a_million_patients_and_arrays() -> None:
    table = (500_000, 10**6, 501_000, 10**6)
    woolf, firth = odds_ratio(*table), odds_ratio(*table, method="firth")
    assert (woolf.low, woolf.high) == pytest.approx((firth.low, firth.high), rel=1e-6)
    small = odds_ratio(1, 10**6, 3, 10**6, method="conditional_exact")
    assert (small.value, small.p_value) == pytest.approx((1 / 3, 0.625), rel=1e-5)
    several = odds_ratio([0, 7], [16, 34], [15, 1], [72, 34], method="conditional_exact")
    assert several.high[1] == odds_ratio(7, 34, 1, 34, method="conditional_exact").high
