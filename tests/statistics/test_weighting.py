"""Inverse probability weighting: R's stacked equations on a trial, the saturated model, positivity."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import expit

from report_helpers.statistics import standardised, weighted

UGDP = {
    "event": [1] * 8 + [0] * 98 + [1] * 5 + [0] * 115 + [1] * 22 + [0] * 76 + [1] * 16 + [0] * 69,
    "treated": [1] * 106 + [0] * 120 + [1] * 98 + [0] * 85,
    "old": ["no"] * 226 + ["yes"] * 183,
}

# Invented patients: two numbers, a category of three levels.
SMALL = {
    "sac": [1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0],
    "treated": [1, 1, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1],
    "age": [30, 35, 33, 38, 41, 36, 29, 40, 34, 37, 39, 43, 31, 36, 42, 32, 38, 35, 40, 44, 28, 37, 33, 36],
    "site": ["a", "b", "c"] * 8,
    "donor": [0, 0, 1, 0, 1, 0, 1, 1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 0, 0, 1, 0, 0, 1],
}


def test_stacked_equations_in_r() -> None:
    """R 4.2.2, no package: the equations' derivative by differences.

    a <- glm(treated ~ age + site, binomial, d); X <- model.matrix(a); e <- fitted(a); t <- d$treated
    m1 <- weighted.mean(d$sac, t/e); m0 <- weighted.mean(d$sac, (1-t)/(1-e)); th <- c(m1, m0, coef(a))
    psi <- function(th) { e <- plogis(drop(X %*% th[-(1:2)]))
      cbind(t*(d$sac-th[1])/e, (1-t)*(d$sac-th[2])/(1-e), X*(t-e)) }
    J <- sapply(seq_along(th), function(j) { h <- replace(0*th, j, 1e-5)
      (colSums(psi(th+h)) - colSums(psi(th-h)))/2e-5 })
    V <- solve(J) %*% crossprod(psi(th)) %*% t(solve(J)); q <- c(-1, 1)*qnorm(.975)
    m1 - m0 + q*sqrt(V[1,1]+V[2,2]-2*V[1,2])
    m1/m0*exp(q*sqrt(V[1,1]/m1^2+V[2,2]/m0^2-2*V[1,2]/(m1*m0)))
    w <- ifelse(t == 1, mean(t)/e, mean(1-t)/(1-e)); c(range(w), mean(w))
    c(sum(w[t == 1])^2/sum(w[t == 1]^2), sum(w[t == 0])^2/sum(w[t == 0]^2))
    """
    found = weighted(SMALL, "sac", "treated", ["age", "site"], least_events=0)
    assert (found.risk1.value, found.risk0.value) == pytest.approx(
        (0.3548237734256, 0.5050347295962), rel=1e-8
    )
    assert (found.risk_difference.low, found.risk_difference.high) == pytest.approx(
        (-0.4784415781794, 0.1780196658382), rel=1e-6
    )
    assert (found.risk_ratio.low, found.risk_ratio.high) == pytest.approx(
        (0.3304177487551, 1.4938932470126), rel=1e-6
    )
    assert (found.lowest_weight, found.highest_weight, found.mean_weight) == pytest.approx(
        (0.5201464319348, 2.8627139340485, 0.9354817485334), rel=1e-8
    )
    assert (found.effective1, found.effective0) == pytest.approx((8.03211250506, 8.57527701740), rel=1e-8)
    assert found.reason == ""


def test_a_saturated_propensity_is_a_saturated_outcome_model() -> None:
    """Reference value "ugdp": the estimates are equal, and so is their influence-function variance."""
    ours = weighted(UGDP, "event", "treated", ["old"])
    other = standardised(UGDP, "event", "treated", ["old"], interactions=True)
    assert (ours.risk1.value, ours.risk0.value) == pytest.approx((0.142147, 0.107246), abs=5e-7)
    for name in ("risk1", "risk0", "risk_difference", "risk_ratio"):
        one, two = getattr(ours, name), getattr(other, name)
        assert (one.value, one.low, one.high) == pytest.approx((two.value, two.low, two.high), rel=1e-9)
    assert ours.mean_weight == pytest.approx(1)
    assert [row.after for row in ours.balance] == pytest.approx([0], abs=1e-9)


def test_relabelling_the_arms_mirrors() -> None:
    ours = weighted(SMALL, "sac", "treated", ["age", "site"], least_events=0)
    swapped = {**SMALL, "treated": [1 - arm for arm in SMALL["treated"]]}
    mirror = weighted(swapped, "sac", "treated", ["age", "site"], least_events=0)
    assert -mirror.risk_difference.high == pytest.approx(ours.risk_difference.low)
    assert 1 / mirror.risk_ratio.high == pytest.approx(ours.risk_ratio.low)
    assert (mirror.effective1, mirror.lowest_weight) == pytest.approx((ours.effective0, ours.lowest_weight))
    assert mirror.lowest_propensity1 == pytest.approx(1 - ours.highest_propensity0)
    assert [row.before for row in mirror.balance] == pytest.approx([-row.before for row in ours.balance])


def test_a_confounder_is_removed_and_the_limits_cover() -> None:
    """Treatment does nothing; the share of 95% limits that hold 0 is within sampling error of 95%."""
    random = np.random.default_rng(11)
    inside, crude = [], []
    for _ in range(300):
        ill = random.normal(size=400)
        treated = (random.random(400) < expit(0.8 * ill)).astype(int)
        event = (random.random(400) < expit(-0.5 + ill)).astype(int)
        rows = {"event": event, "treated": treated, "ill": ill}
        found = weighted(rows, "event", "treated", ["ill"], least_propensity=0)
        inside.append(found.risk_difference.low <= 0 <= found.risk_difference.high)
        crude.append(event[treated == 1].mean() - event[treated == 0].mean())
        assert abs(found.balance[0].after) < abs(found.balance[0].before)
    assert np.mean(crude) > 0.1
    assert 0.915 <= np.mean(inside) <= 0.98


def test_without_covariates_it_is_crude() -> None:
    found = weighted(UGDP, "event", "treated", [])
    assert found.risk_ratio.value == pytest.approx((30 / 204) / (21 / 205))
    assert (found.lowest_weight, found.highest_weight) == pytest.approx((1, 1))
    assert (found.effective1, found.effective0, found.overlap) == (pytest.approx(204), pytest.approx(205), 1)


def test_balance_by_hand() -> None:
    """Austin 2009: a mean over the root of the mean variance, a share over that of p(1 - p)."""
    found = weighted(SMALL, "sac", "treated", ["age", "site", "donor"], least_events=0)
    assert [(row.covariate, row.level) for row in found.balance] == [
        ("age", ""),
        ("site", "a"),
        ("site", "b"),
        ("site", "c"),
        ("donor", ""),
    ]
    arm = np.array(SMALL["treated"]) == 1
    age, donor = np.array(SMALL["age"]), np.array(SMALL["donor"])
    spread = math.sqrt((age[arm].var(ddof=1) + age[~arm].var(ddof=1)) / 2)
    assert found.balance[0].before == pytest.approx((age[arm].mean() - age[~arm].mean()) / spread)
    p1, p0 = donor[arm].mean(), donor[~arm].mean()
    assert found.balance[4].before == pytest.approx(
        (p1 - p0) / math.sqrt((p1 * (1 - p1) + p0 * (1 - p0)) / 2)
    )


@pytest.mark.parametrize(
    ("change", "covariates", "words"),
    [
        (
            {"site": ["z" if arm else "y" for arm in SMALL["treated"]]},
            ["site"],
            "one arm only: site y, site z",
        ),
        ({"donor": SMALL["treated"]}, ["donor"], "one arm only: donor 1, donor 0"),
        (
            {"age": [arm * 5 + i / 24 for i, arm in enumerate(SMALL["treated"])]},
            ["age"],
            "tell the arms apart",
        ),
        ({"sac": [1] * 23 + [0], "treated": [1, 0] * 12}, [], "of an arm has the event"),
        ({"treated": [1] * 24}, [], "same treatment"),
        ({"double": [2 * age for age in SMALL["age"]]}, ["age", "double"], "follows from the others"),
    ],
)
def test_positivity_first(change: dict[str, list[object]], covariates: list[str], words: str) -> None:
    found = weighted({**SMALL, **change}, "sac", "treated", covariates, least_events=0)
    assert words in found.reason
    for estimate in (found.risk1, found.risk0, found.risk_difference, found.risk_ratio):
        assert (estimate.value, estimate.low, estimate.high, estimate.p_value) == (None, None, None, None)
        assert estimate.reason == found.reason
    assert found.lowest_weight is None
    assert all(row.after is None for row in found.balance)


def test_extreme_propensities_are_refused_with_their_range() -> None:
    random = np.random.default_rng(3)
    age = random.normal(size=500)
    rows = {
        "event": random.integers(0, 2, 500),
        "treated": (random.random(500) < expit(4 * age)).astype(int),
        "age": age,
    }
    found = weighted(rows, "event", "treated", ["age"])
    assert "outside 0.01 to 0.99: not weighted" in found.reason
    assert found.highest_propensity1 > 0.99
    assert 0 < found.overlap < 1
    assert weighted(rows, "event", "treated", ["age"], least_propensity=0).reason == ""


def test_small_arms_are_refused() -> None:
    found = weighted(SMALL, "sac", "treated", ["age", "site"], least_events=5)
    assert found.reason == (
        "4.0 patients of the smaller arm per term of the propensity model, fewer than 5: not weighted"
    )
    assert "events per model term" in weighted(SMALL, "sac", "treated", ["age"], least_events=20).reason
