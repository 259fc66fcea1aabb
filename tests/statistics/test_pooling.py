"""Rubin's rules against mice, and what they reduce to."""

from __future__ import annotations

import math

import pytest

from report_helpers.statistics import (
    Estimate,
    modified_poisson,
    pool,
    pool_estimates,
    rubin,
    standard_error,
    standardised,
)

VALUES, VARIANCES = [0.2, 0.25, 0.3, 0.22, 0.28], [0.01, 0.012, 0.011, 0.009, 0.0105]
UGDP = {
    "event": [1] * 8 + [0] * 98 + [1] * 5 + [0] * 115 + [1] * 22 + [0] * 76 + [1] * 16 + [0] * 69,
    "treated": [1] * 106 + [0] * 120 + [1] * 98 + [0] * 85,
    "old": ["no"] * 226 + ["yes"] * 183,
}


def test_mice() -> None:
    """R 4.2.2, mice 3.15.0 (and the reference value "rubin").

    p <- pool.scalar(c(.2,.25,.3,.22,.28), c(.01,.012,.011,.009,.0105), n = 100, k = 2)
    p$qbar + c(-1, 1)*qt(.975, p$df)*sqrt(p$t); 2*pt(-p$qbar/sqrt(p$t), p$df)
    """
    found = rubin(VALUES, VARIANCES, 98)
    assert (found.value, found.within, found.between, found.total) == pytest.approx(
        (0.25, 0.0105, 0.0017, 0.01254), rel=1e-12
    )
    assert (found.increase, found.df, found.missing_information) == pytest.approx(
        (0.194285714286, 52.496382707136, 0.192855106965), rel=1e-11
    )
    pooled = pool(VALUES, VARIANCES, 98, n=100, method="a difference")
    assert (pooled.low, pooled.high, pooled.p_value) == pytest.approx(
        (0.0253419573955, 0.4746580426045, 0.029871880091), rel=1e-9
    )
    assert pooled.n == 100
    assert pooled.method == (
        "a difference; Rubin's rules over 5 completed data sets, Barnard-Rubin degrees of freedom"
    )


def test_mice_without_a_limit_on_the_degrees_of_freedom() -> None:
    """R 4.2.2, mice 3.15.0: pool.scalar(Q, U) gives Rubin's degrees of freedom of 1987."""
    found = rubin(VALUES, VARIANCES)
    assert (found.df, found.missing_information) == pytest.approx(
        (151.145328719723, 0.173543466689), rel=1e-9
    )


def test_logarithms_come_back_as_ratios() -> None:
    plain, ratio = pool(VALUES, VARIANCES, 98), pool(VALUES, VARIANCES, 98, log=True)
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx(
        tuple(math.exp(end) for end in (plain.value, plain.low, plain.high))
    )
    assert ratio.p_value == plain.p_value


def test_identical_copies_give_the_single_result() -> None:
    one = standardised(UGDP, "event", "treated", ["old"])
    for scale, found in (
        ("plain", one.risk_difference),
        ("log", one.risk_ratio),
        ("logit", one.risk1),
        ("log", modified_poisson(UGDP, "event", "treated", ["old"])),
    ):
        pooled = pool_estimates([found] * 20, math.inf, scale=scale)
        assert (pooled.value, pooled.low, pooled.high) == pytest.approx((found.value, found.low, found.high))
        assert pooled.p_value == (found.p_value if found.p_value is None else pytest.approx(found.p_value))
        assert pooled.n == found.n
    few = pool_estimates([one.risk_difference] * 20, 6)
    assert few.high > one.risk_difference.high


def test_disagreeing_copies_widen() -> None:
    alike, apart = pool([0.25] * 5, VARIANCES, 98), pool(VALUES, VARIANCES, 98)
    assert apart.value == pytest.approx(alike.value)
    assert apart.high - apart.low > alike.high - alike.low


def test_the_standard_error_behind_limits() -> None:
    """Of any level, on the scale of the limits, and of a difference whose lower limit was cut at -1."""
    wide, narrow = (standardised(UGDP, "event", "treated", ["old"], level=level) for level in (0.99, 0.8))
    for scale, name in (("plain", "risk_difference"), ("log", "risk_ratio"), ("logit", "risk0")):
        assert standard_error(getattr(wide, name), scale=scale) == pytest.approx(
            standard_error(getattr(narrow, name), scale=scale)
        )
    cut = Estimate(-0.9, -1.0, -0.9 + 1.959963984540054 * 0.1, 0.95, None, "", 5)
    assert standard_error(cut) == pytest.approx(0.1)
    assert standard_error(Estimate(None, None, None, 0.95, None, "", 5, "why")) is None
    assert standard_error(Estimate(0.0, 0.0, 2.0, 0.95, None, "", 5), scale="log") is None


def test_a_copy_without_an_estimate_refuses_all_in_words() -> None:
    found = standardised(UGDP, "event", "treated", ["old"]).risk_ratio
    refused = standardised(UGDP, "event", "treated", ["old"], least_events=1_000).risk_ratio
    pooled = pool_estimates([found, refused, found], 400, scale="log")
    assert (pooled.value, pooled.low, pooled.high, pooled.p_value) == (None, None, None, None)
    assert pooled.reason.startswith("no estimate in 1 of 3 completed data sets: 25.5 events per model term")


@pytest.mark.parametrize(
    ("values", "variances", "df"),
    [
        ([1.0], [1.0], 9),
        ([1.0, 2.0], [1.0], 9),
        ([1.0, 2.0], [1.0, 0.0], 9),
        ([1.0, math.nan], [1.0, 1.0], 9),
        ([1.0, 2.0], [1.0, 1.0], 0),
    ],
)
def test_nonsense_is_refused(values: list[float], variances: list[float], df: float) -> None:
    with pytest.raises(ValueError, match=r"pooling takes|must be finite"):
        rubin(values, variances, df)
