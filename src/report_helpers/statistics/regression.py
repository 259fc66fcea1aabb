"""Maximum likelihood by Newton's method, and the checks made before a model is trusted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from report_helpers.statistics.design import Design
from report_helpers.statistics.estimate import Array
from report_helpers.statistics.separation import separates

STEPS = 50
CLOSE = 1e-10  # of the last step, in the linear predictor
FAR = 15.0  # linear predictor of a risk or rate beyond about 1 in 3 million
HIGHEST = 700.0  # linear predictor whose exponential is still a number
SEPARATED = "the covariates separate the outcome: no finite estimate; firth_logistic has one"


def risk(log_odds: Array) -> Array:
    """Return the probabilities of log odds, without overflow."""
    p: Array = np.exp(-np.logaddexp(0, -log_odds))
    return p


@dataclass(frozen=True, slots=True)
class Family:
    """A distribution with its canonical link: the cumulant of the linear predictor and two derivatives."""

    cumulant: Callable[[Array], Array]
    mean: Callable[[Array], Array]
    variance: Callable[[Array], Array]
    start: Callable[[float], float]


def _rate(eta: Array) -> Array:
    rates: Array = np.exp(np.minimum(eta, HIGHEST))
    return rates


def _bernoulli_variance(eta: Array) -> Array:
    # exp(-|eta|)/(1 + exp(-|eta|))^2 keeps its digits where p is next to 1.
    tail = np.exp(-np.abs(eta))
    spread: Array = tail / (1 + tail) ** 2
    return spread


LOGISTIC = Family(lambda eta: np.logaddexp(0, eta), risk, _bernoulli_variance, lambda m: np.log(m / (1 - m)))
POISSON = Family(_rate, _rate, _rate, lambda m: np.log(m))


def refusal(data: Design, matrix: Array, least_events: float) -> str:
    """Return why a model of outcome on treatment (second column) is not to be fitted, if so.

    Fewer events, or non-events, than `least_events` per term are refused: Peduzzi P et al. J Clin
    Epidemiol 1996;49:1373-1379 for the 10 that is usual.
    """
    if len(matrix) == 0:
        return "no complete rows"
    if np.ptp(matrix[:, 1]) == 0:
        return "all rows have the same treatment"
    if data.rarer == 0:
        return "nobody, or everybody, has the event"
    per_term = data.rarer / (matrix.shape[1] - 1)
    if per_term < least_events:
        return f"{per_term:.1f} events per model term, fewer than {least_events:g}: not adjusted"
    return dependence(matrix)


def dependence(matrix: Array) -> str:
    """Return why a design of less than full rank is not to be fitted, if so."""
    lengths = np.sqrt((matrix * matrix).sum(axis=0))
    # Columns of one length, so that a unit (days, years) cannot look like dependence.
    if (lengths == 0).any() or np.linalg.matrix_rank(matrix / lengths) < matrix.shape[1]:
        return "a covariate does not vary or follows from the others: leave it out"
    return ""


def fit(outcome: Array, matrix: Array, family: Family, offset: Array | None = None) -> Array | None:
    """Return the maximum likelihood coefficients, or None where they run away.

    Newton's method on an orthogonal basis of the columns, each step halved until the likelihood does not
    fall.

    Parameters
    ----------
    outcome : ndarray, shape (rows,)
        Neither all 0 nor, in a logistic model, all 1.
    matrix : ndarray, shape (rows, terms)
        Of full rank; the intercept first.
    family : Family
        ``LOGISTIC`` or ``POISSON``.
    offset : ndarray, shape (rows,), optional
        Added to the linear predictor.
    """
    basis, triangle = np.linalg.qr(matrix)
    basis, triangle = basis * np.sqrt(len(matrix)), triangle / np.sqrt(len(matrix))
    fixed = np.zeros(len(outcome)) if offset is None else offset
    centre = family.start(float(outcome.sum() / np.exp(fixed).sum()))
    at: Array = centre * triangle[:, 0]
    eta = basis @ at + fixed
    height = float(outcome @ eta - family.cumulant(eta).sum())
    for _ in range(STEPS):
        spread = family.variance(eta)
        if spread.max() < CLOSE:
            return None
        try:
            step = np.linalg.solve(
                (basis * spread[:, None]).T @ basis, basis.T @ (outcome - family.mean(eta))
            )
        except np.linalg.LinAlgError:
            return None
        change = basis @ step
        moved = float(np.abs(change).max())
        if not moved < 1e3:
            return None
        for _ in range(30):
            new = float(outcome @ (eta + change) - family.cumulant(eta + change).sum())
            if new >= height - 1e-12 * abs(height):
                break
            step, change = step / 2, change / 2
        at, eta, height = at + step, eta + change, new
        if moved < CLOSE:
            break
    else:
        return None
    # Far out the weights are lost to rounding, and steps that never end can seem to: then the data decide.
    if np.abs(eta - fixed).max() > FAR and separates(outcome, matrix, counts=family is POISSON):
        return None
    found: Array = np.linalg.solve(triangle, at)
    return found
