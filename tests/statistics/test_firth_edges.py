"""Firth's regression where it is hard: units, distance from 0, separation, no events, dependent terms."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from report_helpers.statistics import FirthModel, firth_logistic, standardised

random = np.random.default_rng(3)
N = 120
AGE = random.normal(35, 5, N)
TREATED = random.integers(0, 2, N)
EVENT = (random.random(N) < 0.3 + 0.2 * TREATED).astype(int)
ROWS = {"y": EVENT, "t": TREATED, "age": AGE}


def numbers(model: FirthModel, term: str) -> tuple[float, ...]:
    found = model.coefficients[term]
    return found.value, found.low, found.high, found.p_value


@pytest.mark.parametrize(("scale", "shift"), [(1e-8, 0.0), (1e8, 0.0), (1.0, 1e7), (1e150, 0.0)])
def test_the_unit_of_a_covariate_changes_its_own_coefficient_alone(scale: float, shift: float) -> None:
    plain = firth_logistic(ROWS, "y", ["t", "age"])
    other = firth_logistic({**ROWS, "age": AGE * scale + shift}, "y", ["t", "age"])
    assert numbers(other, "t") == pytest.approx(numbers(plain, "t"), rel=1e-6)
    value, low, high, p_value = numbers(other, "age")
    assert (value * scale, low * scale, high * scale, p_value) == pytest.approx(
        numbers(plain, "age"), rel=1e-6
    )


def test_the_intercept_in_the_units_given() -> None:
    """Its limits profile the same likelihood as a shift of the covariate to where it is 0."""
    plain, centred = (
        firth_logistic({**ROWS, "age": AGE - shift}, "y", ["t", "age"]) for shift in (0.0, 35.0)
    )
    assert plain.coefficients["(Intercept)"].value == pytest.approx(
        centred.coefficients["(Intercept)"].value - 35 * centred.coefficients["age"].value
    )
    assert plain.log_likelihood == pytest.approx(centred.log_likelihood)
    assert plain.coefficients["(Intercept)"].high - plain.coefficients["(Intercept)"].low > 1


def lowered(coefficients: np.ndarray, y: np.ndarray, x: np.ndarray) -> float:
    """Minus the penalised log likelihood, from its definition."""
    eta = x @ coefficients
    p = 1 / (1 + np.exp(-eta))
    information = (x * (p * (1 - p))[:, None]).T @ x
    return float(np.sum(np.logaddexp(0, -(2 * y - 1) * eta)) - np.linalg.slogdet(information)[1] / 2)


@pytest.mark.parametrize("outcome", [TREATED, np.zeros(N, dtype=int), np.ones(N, dtype=int), EVENT])
def test_separation_and_constant_outcomes_reach_the_maximum(outcome: np.ndarray) -> None:
    """A general optimiser finds nothing higher, and the limits as far below as they should be."""
    model = firth_logistic({**ROWS, "y": outcome, "age": AGE - 35}, "y", ["t", "age"])
    x = np.column_stack([np.ones(N), TREATED, AGE - 35])
    best = minimize(lowered, np.zeros(3), (outcome, x), method="Nelder-Mead", options={"maxiter": 4000})
    assert model.log_likelihood >= -best.fun - 1e-6
    assert [found.value for found in model.coefficients.values()] == pytest.approx(best.x, abs=0.02)
    slope = model.coefficients["t"]
    for limit in (slope.low, slope.high):
        along = minimize(
            lambda rest, at=limit: lowered(np.array([rest[0], at, rest[1]]), outcome, x),
            [-limit / 2, 0.0],
            method="Nelder-Mead",
            options={"maxiter": 2000, "xatol": 1e-7, "fatol": 1e-10},
        )
        assert 2 * (model.log_likelihood + along.fun) == pytest.approx(3.841458820694, abs=2e-3)


def test_one_patient_with_the_level_is_no_obstacle() -> None:
    model = firth_logistic({**ROWS, "rare": [1] + [0] * (N - 1)}, "y", ["t", "rare"])
    found = model.odds_ratios["rare"]
    assert 0 < found.low < found.value < found.high < math.inf


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (np.ones(N), "'extra' follows from the others"),
        (AGE * 2 - 3, "'extra' follows from the others"),
        (AGE + 1e-10 * np.arange(N), "'extra' follows from the others"),
        (np.full(N, np.nan), "no complete rows"),
    ],
)
def test_terms_that_cannot_be_told_apart_are_named(column: np.ndarray, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        firth_logistic({**ROWS, "extra": column}, "y", ["t", "age", "extra"])


def test_identifiers_and_dates_are_no_categories() -> None:
    with pytest.raises(ValueError, match="121 terms, more than 100: is a covariate an identifier"):
        firth_logistic({**ROWS, "id": [f"p{place}" for place in range(N)]}, "y", ["t", "id"])


def both(rows: Any, covariates: Any) -> list[Callable[[], object]]:
    return [
        lambda: firth_logistic(rows, "y", covariates),
        lambda: standardised(rows, "y", "t", covariates),
    ]


@pytest.mark.parametrize(
    ("rows", "covariates", "words"),
    [
        (ROWS, "age", r"covariates must be a list of columns, such as \['age'\]"),
        (ROWS, ["weight"], "there is no column 'weight'"),
        ([1, 2, 3], ["age"], "the frame must give columns by name"),
        (None, ["age"], "the frame must give columns by name"),
        ({**ROWS, "age": np.ones((N, 2))}, ["age"], "'age' is not one column"),
        ({**ROWS, "age": np.where(AGE > 40, np.inf, AGE)}, ["age"], "'age' holds an infinite number"),
        ({**ROWS, "age": AGE[1:]}, ["age"], "all columns must have one length"),
        ({**ROWS, "y": EVENT + 1}, ["age"], "the outcome 'y' must be 0 or 1"),
        ({**ROWS, "y": [str(y) for y in EVENT]}, ["age"], "the outcome 'y' must be 0 or 1"),
    ],
)
def test_wrong_frames_are_named(rows: Any, covariates: Any, words: str) -> None:
    for call in both(rows, covariates):
        with pytest.raises(ValueError, match=words):
            call()


def test_two_columns_of_one_name() -> None:
    frame = pd.DataFrame(ROWS)
    with pytest.raises(ValueError, match="are there two of that name"):
        firth_logistic(pd.concat([frame, frame[["age"]]], axis=1), "y", ["age"])


def test_numbers_of_any_kind_are_one_model() -> None:
    """Decimals, fractions read as floats, nullable and masked columns; masked values are missing ones."""
    plain = firth_logistic({**ROWS, "age": AGE.round(2)}, "y", ["t", "age"])
    for age in (
        [Decimal(str(value)) for value in AGE.round(2)],
        pd.Series(AGE.round(2), dtype="Float64"),
        np.ma.MaskedArray(AGE.round(2), mask=False),
    ):
        assert firth_logistic({**ROWS, "age": age}, "y", ["t", "age"]).log_likelihood == pytest.approx(
            plain.log_likelihood, rel=1e-12
        )
    holes = np.ma.MaskedArray(AGE, mask=AGE > 40)
    found = firth_logistic({**ROWS, "age": holes}, "y", ["t", "age"])
    assert (found.left_out, found.n) == (int((AGE > 40).sum()), int((AGE <= 40).sum()))


def test_an_odds_ratio_out_of_range_is_refused_and_its_logarithm_kept() -> None:
    model = firth_logistic({**ROWS, "age": AGE * 1e-6}, "y", ["t", "age"])
    assert model.odds_ratios["age"].value is None or model.odds_ratios["age"].high is None
    assert "rescale the covariate" in model.odds_ratios["age"].reason
    assert model.coefficients["age"].value is not None
