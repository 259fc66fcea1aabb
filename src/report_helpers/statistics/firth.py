"""Logistic regression by Firth's penalised likelihood: finite whatever separates the outcome."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from report_helpers.statistics.design import Design, Frame, design
from report_helpers.statistics.estimate import Array, Estimate, normal_p, pack, quantile
from report_helpers.statistics.score import root

STEPS = 200
CLOSE = 1e-10  # of the last step of a fit
PROFILE_CLOSE = 1e-6  # in a profile, whose height errs by the square of it
LONGEST = 5.0  # of one step in any coefficient, so that no fit runs away
METHOD = "Firth penalised logistic regression, profile penalised likelihood limits and test"


@dataclass(frozen=True, slots=True)
class FirthModel:
    """A fitted model.

    Attributes
    ----------
    coefficients : mapping of str to Estimate
        Log odds ratios per unit of each term, "(Intercept)" first; a category's term is ``column[level]``.
    odds_ratios : mapping of str to Estimate
        The same without the intercept, as ratios.
    log_likelihood : float
        Penalised, at its maximum.
    n, events, left_out : int
        Rows used, those with the outcome, and rows left out for a missing value.
    """

    coefficients: Mapping[str, Estimate]
    odds_ratios: Mapping[str, Estimate]
    log_likelihood: float
    n: int
    events: int
    left_out: int


def firth_logistic(frame: Frame, outcome: str, covariates: Sequence[str], level: float = 0.95) -> FirthModel:
    """Fit a logistic regression with Firth's penalty (Jeffreys' prior).

    Maximises log L + log det(X'WX)/2 [1]_; limits and tests profile that penalised likelihood, the
    determinant always being that of the whole model, as in R's ``logistf`` [2]_.

    Parameters
    ----------
    frame : DataFrame or mapping of str to sequence
        Columns by name. Rows with a missing value in a column used are left out and counted.
    outcome : str
        Column of 0 and 1.
    covariates : sequence of str
        Columns of numbers, or of categories (first level in sorted order as the reference).
    level : float
        Confidence level as a fraction.

    Returns
    -------
    FirthModel
        With an ``Estimate`` per term.

    Raises
    ------
    ValueError
        If a column is missing or infinite, the outcome is not 0 and 1, there are no complete rows, or the
        terms are linearly dependent.

    References
    ----------
    .. [1] Firth D. Biometrika 1993;80:27-38.
    .. [2] Heinze G, Schemper M. Stat Med 2002;21:2409-2419.

    Examples
    --------
    >>> model = firth_logistic({"sac": [0, 0, 0, 1, 1, 1], "treated": [0, 0, 0, 0, 1, 1]}, "sac", ["treated"])
    >>> f"{model.odds_ratios['treated'].value:.2f}"
    '11.67'
    """
    data = design(frame, outcome, covariates)
    if len(data.outcome) == 0 or np.linalg.matrix_rank(data.matrix) < data.matrix.shape[1]:
        raise ValueError("no complete rows, or a covariate that follows from the others: leave it out")
    z = quantile(level)
    best, top = _maximise(data, np.zeros(data.matrix.shape[1]), None)
    errors = np.sqrt(np.diag(np.linalg.inv(_information(data.matrix, best))))
    coefficients = {
        term: _term(data, place, best, top, float(errors[place]), z, level)
        for place, term in enumerate(data.terms)
    }
    ratios = {term: _ratio(found) for term, found in list(coefficients.items())[1:]}
    return FirthModel(
        MappingProxyType(coefficients),
        MappingProxyType(ratios),
        top,
        len(data.outcome),
        int(data.outcome.sum()),
        data.left_out,
    )


def _information(matrix: Array, coefficients: Array) -> Array:
    p = _risk(matrix @ coefficients)
    found: Array = (matrix * (p * (1 - p))[:, None]).T @ matrix
    return found


def _risk(log_odds: Array) -> Array:
    p: Array = np.exp(-np.logaddexp(0, -log_odds))
    return p


def _likelihood(data: Design, coefficients: Array) -> float:
    """Return the penalised log likelihood; minus infinity where the information is lost to rounding."""
    signed = (2 * data.outcome - 1) * (data.matrix @ coefficients)
    sign, log_determinant = np.linalg.slogdet(_information(data.matrix, coefficients))
    if sign <= 0:
        return -math.inf
    return float(-np.logaddexp(0, -signed).sum() + log_determinant / 2)


def _maximise(data: Design, start: Array, held: int | None, close: float = CLOSE) -> tuple[Array, float]:
    """Return the coefficients of the highest penalised likelihood, one held at its start, and its log.

    Newton's method on Firth's modified score, X'(y - p + h (1/2 - p)) with h the leverages, each step
    halved until the likelihood does not fall.
    """
    free = np.arange(len(start)) != (-1 if held is None else held)
    at, height = start, _likelihood(data, start)
    for _ in range(STEPS):
        p = _risk(data.matrix @ at)
        information = _information(data.matrix, at)
        weighted = data.matrix * np.sqrt(p * (1 - p))[:, None]
        leverage = np.sum(weighted * np.linalg.solve(information, weighted.T).T, axis=1)
        score = data.matrix.T @ (data.outcome - p + leverage * (0.5 - p))
        step = np.zeros_like(at)
        step[free] = np.linalg.solve(information[np.ix_(free, free)], score[free])
        step *= min(1.0, LONGEST / max(float(np.abs(step).max()), 1e-300))
        for _ in range(40):
            new = _likelihood(data, at + step)
            if new >= height - 1e-12 * abs(height):
                break
            step /= 2
        at, height = at + step, new
        if np.all(np.abs(step) <= close * np.maximum(1.0, np.abs(at))):
            break
    return at, height


def _term(
    data: Design, place: int, best: Array, top: float, error: float, z: float, level: float
) -> Estimate:
    """Return one coefficient with the limits and the test that profile the penalised likelihood."""
    centre, latest = float(best[place]), best

    def drop(value: float) -> float:
        nonlocal latest
        start = latest.copy()
        start[place] = value
        latest, height = _maximise(data, start, place, PROFILE_CLOSE)
        return max(2 * (top - height), 0.0)

    def reach(side: float) -> float:
        nonlocal latest
        latest, far = best, z * error
        while drop(centre + side * far) < z * z:
            far *= 2
        found = root(
            lambda t: np.asarray(drop(centre + side * float(t)) - z * z),
            np.asarray(0.0),
            np.asarray(far),
            1e-10,
        )
        return centre + side * float(found)

    low, high = reach(-1.0), reach(1.0)
    latest = best
    p_value = normal_p(np.asarray(math.sqrt(drop(0.0))))
    return pack(centre, low, high, p_value, level=level, method=METHOD, n=len(data.outcome))


def _ratio(found: Estimate) -> Estimate:
    logs = np.array([found.value, found.low, found.high], dtype=np.float64)
    value, low, high = np.exp(np.minimum(logs, 700.0))
    return pack(value, low, high, found.p_value, level=found.level, method=METHOD, n=found.n)
