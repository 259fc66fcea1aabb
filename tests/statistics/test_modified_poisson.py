"""Modified Poisson regression: R's sandwich on a trial, the 2 x 2 table, a rate per embryo, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from report_helpers.statistics import modified_poisson, risk_ratio


def table(x1: int, n1: int, x0: int, n0: int) -> dict[str, list[int]]:
    return {
        "event": [1] * x1 + [0] * (n1 - x1) + [1] * x0 + [0] * (n0 - x0),
        "treated": [1] * n1 + [0] * n0,
    }


UGDP = {
    "event": [1] * 8 + [0] * 98 + [1] * 5 + [0] * 115 + [1] * 22 + [0] * 76 + [1] * 16 + [0] * 69,
    "treated": [1] * 106 + [0] * 120 + [1] * 98 + [0] * 85,
    "old": ["no"] * 226 + ["yes"] * 183,
}

# Patients with sacs out of embryos, two ages and two arms; invented, small enough to type into R.
EMBRYOS = {
    "sacs": [0, 1, 2, 0, 1, 1, 0, 2, 1, 0, 0, 1, 0, 0, 2, 1, 0, 0, 1, 0, 3, 1],
    "embryos": [1, 2, 2, 2, 1, 2, 3, 2, 1, 1, 2, 2, 1, 2, 3, 2, 1, 2, 2, 1, 3, 2],
    "treated": [1, 1, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 0, 1, 1],
    "age": [31, 35, 29, 40, 33, 38, 42, 30, 36, 41, 37, 34, 39, 43, 28, 32, 40, 41, 36, 44, 30, 35],
}


def test_ugdp_of_the_reference_values() -> None:
    """Textbook table by glm(family = poisson) and sandwich::sandwich (reference value "ugdp")."""
    crude = modified_poisson(UGDP, "event", "treated", [])
    assert (crude.value, crude.low, crude.high) == pytest.approx(
        (1.43557423, 0.85102207, 2.42164502), rel=1e-8
    )
    adjusted = modified_poisson(UGDP, "event", "treated", ["old"])
    assert (adjusted.value, adjusted.low, adjusted.high) == pytest.approx(
        (1.32751788, 0.79470671, 2.21755234), rel=1e-8
    )


def test_without_covariates_it_is_katz() -> None:
    """The sandwich of the saturated model is 1/x1 - 1/n1 + 1/x0 - 1/n0 (Zou 2004)."""
    ours = modified_poisson(table(56, 70, 48, 80), "event", "treated", [])
    katz = risk_ratio(56, 70, 48, 80, method="katz")
    assert (ours.value, ours.low, ours.high, ours.p_value) == pytest.approx(
        (katz.value, katz.low, katz.high, katz.p_value), rel=1e-9
    )


def test_a_rate_per_embryo_in_r() -> None:
    """R 4.2.2, sandwich 3.0-2.

    m <- glm(sacs ~ treated + age + offset(log(embryos)), poisson, d)
    b <- coef(m)[["treated"]]; s <- sqrt(sandwich(m)["treated", "treated"])
    c(exp(b + c(0, -1, 1)*qnorm(.975)*s), 2*pnorm(-abs(b/s)))
    """
    found = modified_poisson(EMBRYOS, "sacs", "treated", ["age"], exposure="embryos", least_events=0)
    assert (found.value, found.low, found.high, found.p_value) == pytest.approx(
        (0.94995904680089, 0.48831893840133, 1.84801800551343, 0.87981623784466), rel=1e-8
    )
    assert found.n == 22
    assert "cluster" in found.method


def test_an_exposure_of_one_is_no_exposure() -> None:
    rows = {**UGDP, "one": [1] * 409}
    with_units = modified_poisson(rows, "event", "treated", ["old"], exposure="one")
    without = modified_poisson(rows, "event", "treated", ["old"])
    assert (with_units.value, with_units.low) == pytest.approx((without.value, without.low), rel=1e-12)


def test_units_of_measurement_and_swapped_arms() -> None:
    base = modified_poisson(EMBRYOS, "sacs", "treated", ["age"], exposure="embryos", least_events=0)
    swapped = {
        **EMBRYOS,
        "treated": [1 - arm for arm in EMBRYOS["treated"]],
        "age": [365.25e6 * age + 1e9 for age in EMBRYOS["age"]],
    }
    mirror = modified_poisson(swapped, "sacs", "treated", ["age"], exposure="embryos", least_events=0)
    assert (1 / mirror.value, 1 / mirror.high, mirror.p_value) == pytest.approx(
        (base.value, base.low, base.p_value), rel=1e-6
    )


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (table(3, 10, 2, 10), "5.0 events per model term, fewer than 10"),
        (table(0, 10, 0, 10), "nobody, or everybody, has the event"),
        (table(30, 40, 0, 30), "separate the outcome"),
        (table(5, 10, 0, 0), "all rows have the same treatment"),
        (table(0, 0, 0, 0), "no complete rows"),
        ({**UGDP, "again": UGDP["treated"]}, "follows from the others"),
    ],
)
def test_refusals_in_words(rows: dict[str, list[int]], words: str) -> None:
    found = modified_poisson(rows, "event", "treated", [name for name in rows if name == "again"])
    assert (found.value, found.low, found.high, found.p_value) == (None, None, None, None)
    assert words in found.reason


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"embryos": [0] * 22}, "must be above 0"),
        ({"sacs": [0.5] * 22}, "must be a count"),
        ({"treated": ["a", "b"] * 11}, "must be 0 or 1"),
        ({"age": [np.inf] * 22}, "infinite"),
    ],
)
def test_wrong_columns(change: dict[str, list[object]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        modified_poisson({**EMBRYOS, **change}, "sacs", "treated", ["age"], exposure="embryos")
