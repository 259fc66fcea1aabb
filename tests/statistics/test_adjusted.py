"""Standardised risks and Firth's regression: R, the 2 x 2 table as a special case, refusals."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from report_helpers.statistics import (
    firth_logistic,
    odds_ratio,
    risk_difference,
    risk_ratio,
    standardised,
)


def table(x1: int, n1: int, x0: int, n0: int) -> dict[str, list[int]]:
    return {
        "event": [1] * x1 + [0] * (n1 - x1) + [1] * x0 + [0] * (n0 - x0),
        "treated": [1] * n1 + [0] * n0,
    }


# Age stratum by treatment of the UGDP trial, as in the reference values.
UGDP = {
    "event": [1] * 8 + [0] * 98 + [1] * 5 + [0] * 115 + [1] * 22 + [0] * 76 + [1] * 16 + [0] * 69,
    "treated": [1] * 106 + [0] * 120 + [1] * 98 + [0] * 85,
    "old": ["no"] * 226 + ["yes"] * 183,
}


def test_standardised_limits_in_r() -> None:
    """R 4.2.2: each row's influence on the two averages.

    m <- glm(y ~ t + o, binomial, d); X <- model.matrix(m); b <- coef(m); n <- nrow(X); p <- fitted(m)
    IF <- (X*(d$y-p)) %*% solve(crossprod(X, X*p*(1-p))/n)
    r <- lapply(1:0, function(v) { e <- d; e$t <- v; Z <- model.matrix(delete.response(terms(m)), e)
      q <- plogis(drop(Z %*% b)); list(mean(q), q-mean(q) + IF %*% colMeans(Z*q*(1-q))) })
    p1 <- r[[1]][[1]]; p0 <- r[[2]][[1]]; V <- crossprod(cbind(r[[1]][[2]], r[[2]][[2]]))/n^2
    p1-p0 + c(-1,1)*qnorm(.975)*sqrt(V[1,1]+V[2,2]-2*V[1,2])
    p1/p0 * exp(c(-1,1)*qnorm(.975)*sqrt(V[1,1]/p1^2+V[2,2]/p0^2-2*V[1,2]/(p1*p0)))
    """
    found = standardised(UGDP, "event", "treated", ["old"])
    assert (found.risk_difference.low, found.risk_difference.high) == pytest.approx(
        (-0.02762736668, 0.09745000257), rel=1e-8
    )
    assert (found.risk_ratio.low, found.risk_ratio.high) == pytest.approx(
        (0.7950802408, 2.2156618265), rel=1e-8
    )
    assert found.events_per_term == 25.5
    assert 0 < found.risk0.low < found.risk0.value < found.risk0.high < 1


def test_without_covariates_it_is_the_crude_contrast() -> None:
    """Then the sandwich's variance of the log risk ratio is Katz's, and the difference is Wald's."""
    found = standardised(table(56, 70, 48, 80), "event", "treated", [])
    katz = risk_ratio(56, 70, 48, 80, method="katz")
    assert (found.risk_ratio.value, found.risk_ratio.low) == pytest.approx((katz.value, katz.low))
    assert found.risk_ratio.p_value == pytest.approx(katz.p_value)
    assert found.risk_difference.value == pytest.approx(risk_difference(56, 70, 48, 80).value)
    wald = 1.959963984540054 * math.sqrt(0.8 * 0.2 / 70 + 0.6 * 0.4 / 80)
    assert found.risk_difference.high - found.risk_difference.value == pytest.approx(wald)


def test_a_balanced_confounder_changes_nothing_and_an_unbalanced_one_is_removed() -> None:
    random = np.random.default_rng(7)
    ill = random.integers(0, 2, 20_000)
    treated = (random.random(20_000) < np.where(ill == 1, 0.8, 0.2)).astype(int)
    event = (random.random(20_000) < expit(-1 + 1.5 * ill)).astype(int)  # treatment does nothing
    rows = {"event": event, "treated": treated, "ill": ill}
    crude = standardised(rows, "event", "treated", [])
    adjusted = standardised(rows, "event", "treated", ["ill"])
    assert crude.risk_difference.low > 0.1
    assert abs(adjusted.risk_difference.value) < 0.02


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (table(3, 10, 2, 10), "5.0 events per model term, fewer than 10"),
        (table(0, 10, 0, 10), "nobody, or everybody, has the event"),
        (table(5, 10, 0, 0), "all rows have the same treatment"),
        (table(0, 0, 0, 0), "no complete rows"),
    ],
)
def test_refusals_in_words(rows: dict[str, list[int]], words: str) -> None:
    found = standardised(rows, "event", "treated", [])
    for estimate in (found.risk1, found.risk0, found.risk_difference, found.risk_ratio):
        assert (estimate.value, estimate.low, estimate.p_value) == (None, None, None)
        assert words in estimate.reason


def test_separation_and_dependent_covariates() -> None:
    separated = standardised(table(20, 20, 10, 30), "event", "treated", [], least_events=0)
    assert "separate the outcome" in separated.risk_ratio.reason
    twice = {**table(56, 70, 48, 80), "same": [0, 1] * 75, "again": [0, 2] * 75}
    assert (
        "follows from the others" in standardised(twice, "event", "treated", ["same", "again"]).risk1.reason
    )


def test_missing_values_are_left_out_and_counted() -> None:
    frame = pd.DataFrame(UGDP)
    holes = pd.concat([frame, frame.head(4)], ignore_index=True).astype({"event": "Int64", "old": "str"})
    holes.loc[409, "event"] = pd.NA
    holes.loc[410, "old"] = None
    holes = holes.drop(index=[411, 412])
    found, whole = (
        standardised(holes, "event", "treated", ["old"]),
        standardised(UGDP, "event", "treated", ["old"]),
    )
    assert found.left_out == 2
    assert found.risk_ratio == whole.risk_ratio
    assert whole.left_out == 0


@pytest.mark.parametrize(
    ("outcome", "treatment", "covariates", "words"),
    [
        ("event", "treated", ["weight"], "no column 'weight'"),
        ("old", "treated", [], "must be 0 or 1"),
        ("event", "old", [], "must be 0 or 1"),
    ],
)
def test_wrong_columns(outcome: str, treatment: str, covariates: list[str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        standardised(UGDP, outcome, treatment, covariates)


@pytest.mark.parametrize("counts", [(7, 34, 1, 34), (16, 25, 0, 17), (0, 16, 15, 72), (56, 70, 48, 80)])
def test_firth_regression_of_a_table_is_its_odds_ratio(counts: tuple[int, int, int, int]) -> None:
    """The saturated model adds 1/2 to each cell, whose profile is had otherwise."""
    model, exact = firth_logistic(table(*counts), "event", ["treated"]), odds_ratio(*counts, method="firth")
    ours = model.odds_ratios["treated"]
    assert (ours.value, ours.low, ours.high, ours.p_value) == pytest.approx(
        (exact.value, exact.low, exact.high, exact.p_value), rel=1e-8
    )
    assert model.events == counts[0] + counts[2]


FEW_ROWS = {
    "y": [0, 0, 0, 0, 1, 0, 1, 1, 1, 1, 0, 1],
    "age": [29, 31, 35, 38, 40, 41, 33, 36, 39, 42, 37, 44],
    "dose": ["a", "a", "b", "c", "a", "b", "c", "c", "b", "c", "a", "c"],
}


def test_firth_regression_in_r() -> None:
    """R 4.2.2, no package: Newton on the modified score, and optim over the other terms for a profile.

    X <- model.matrix(~ age + dose, d)
    pl <- function(b) { e <- drop(X %*% b); p <- plogis(e)
      sum(ifelse(d$y == 1, plogis(e, log.p = TRUE), plogis(-e, log.p = TRUE))) +
      as.numeric(determinant(crossprod(X, X*p*(1-p)))$modulus)/2 }
    b <- rep(0, 4); for (i in 1:500) { p <- plogis(drop(X %*% b)); W <- p*(1-p); I <- crossprod(X, X*W)
      h <- rowSums((X %*% solve(I)) * X) * W; b <- b + solve(I, crossprod(X, d$y - p + h*(.5 - p)))[, 1] }
    prof <- function(v) -optim(c(-v*37, 0, 0), function(o) -pl(c(o[1], v, o[2:3])), method = "BFGS",
      control = list(reltol = 1e-15, maxit = 1000))$value
    uniroot(function(v) 2*(pl(b) - prof(v)) - qchisq(.95, 1), c(b[2], b[2] + 2), tol = 1e-9)$root
    pchisq(2*(pl(b) - prof(0)), 1, lower = FALSE)
    """
    model = firth_logistic(FEW_ROWS, "y", ["age", "dose"])
    assert list(model.coefficients) == ["(Intercept)", "age", "dose[b]", "dose[c]"]
    assert [found.value for found in model.coefficients.values()] == pytest.approx(
        [-6.257510571817, 0.156821967991, -0.273169108889, 1.335845558949], rel=1e-8
    )
    assert model.log_likelihood == pytest.approx(-4.69958281596, rel=1e-10)
    age = model.coefficients["age"]
    assert (age.low, age.high, age.p_value) == pytest.approx(
        (-0.136170267430, 0.568677279440, 0.302705091674), rel=1e-7
    )


def test_firth_regression_of_separated_data_is_finite() -> None:
    rows = {"y": [0] * 6 + [1] * 6, "x": list(range(12))}
    slope = firth_logistic(rows, "y", ["x"]).coefficients["x"]
    assert 0 < slope.low < slope.value < slope.high < 50
    assert slope.p_value < 0.01


def test_firth_refuses_dependent_terms() -> None:
    with pytest.raises(ValueError, match="follows from the others"):
        firth_logistic({"y": [0, 1, 1], "x": [1, 1, 1]}, "y", ["x"])
