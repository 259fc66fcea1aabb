"""Risks standardised to the whole group: what if all, and what if none, had been treated."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from report_helpers.statistics.design import Design, Frame, design
from report_helpers.statistics.estimate import Array, Estimate, normal_p, pack, quantile

STEPS = 50
METHOD = "standardised (g-computation) from logistic regression, stacked-equations robust variance"


@dataclass(frozen=True, slots=True)
class Standardised:
    """Marginal risks with everybody treated (1) and nobody treated (0), and their contrasts.

    Attributes
    ----------
    risk1, risk0 : Estimate
        Fractions; limits symmetric on the logit scale.
    risk_difference : Estimate
        risk1 - risk0, a fraction; Wald limits and test.
    risk_ratio : Estimate
        risk1 / risk0; limits and test symmetric on the log scale.
    left_out : int
        Rows left out for a missing value.
    events_per_term : float
        Events or non-events, whichever are fewer, per model term without the intercept.
    """

    risk1: Estimate
    risk0: Estimate
    risk_difference: Estimate
    risk_ratio: Estimate
    left_out: int
    events_per_term: float


def standardised(
    frame: Frame,
    outcome: str,
    treatment: str,
    covariates: Sequence[str],
    level: float = 0.95,
    *,
    interactions: bool = False,
    least_events: float = 10.0,
) -> Standardised:
    """Standardise the risk under treatment and without it to all rows, by logistic regression.

    The model has treatment and covariates as main effects; each row's risk is predicted with treatment set
    to 1 and to 0, and averaged [1]_. The variance stacks the model's likelihood equations with those of the
    two averages [2]_ (a robust sandwich that counts the sampling of the covariates too, as Stata's
    ``vce(unconditional)`` without its small-sample factor).

    Parameters
    ----------
    frame : DataFrame or mapping of str to sequence
        Columns by name, one row per independent patient. Rows with a missing value in a column used are
        left out and counted.
    outcome, treatment : str
        Columns of 0 and 1.
    covariates : sequence of str
        Columns of numbers, or of categories (dummies).
    level : float
        Confidence level as a fraction.
    interactions : bool
        Whether treatment interacts with each covariate.
    least_events : float
        With fewer events (or non-events) per term the answer is refused, with the reason; 0 never refuses.

    Returns
    -------
    Standardised
        With estimates of ``None`` and a reason where the model is refused, or the outcome is separated.

    Raises
    ------
    ValueError
        If a column is missing or infinite, or outcome or treatment is not 0 and 1.

    References
    ----------
    .. [1] Robins J. Math Model 1986;7:1393-1512; Snowden JM et al. Am J Epidemiol 2011;173:731-738.
    .. [2] Stefanski LA, Boos DD. Am Stat 2002;56:29-38.

    Examples
    --------
    >>> rows = {"sac": [1, 0, 0, 1, 1, 0, 1, 0], "treated": [1, 1, 0, 0, 1, 0, 1, 0], "old": [0, 1] * 4}
    >>> found = standardised(rows, "sac", "treated", ["old"], least_events=0)
    >>> f"{found.risk_difference.value:.2f}"
    '0.33'
    """
    quantile(level)  # checks the level
    data = design(frame, outcome, [treatment, *covariates])
    treated = data.matrix[:, 1]
    if data.terms[1:2] != (treatment,) or not np.isin(treated, (0, 1)).all():
        raise ValueError(f"the treatment {treatment!r} must be 0 or 1, or missing")
    others = data.matrix[:, 2:]

    def model(given: Array) -> Array:
        parts = [np.ones_like(given), given, others]
        return np.column_stack([*parts, given[:, None] * others] if interactions else parts)

    matrix = model(treated)
    terms = matrix.shape[1] - 1
    per_term = data.rarer / terms
    reason, fitted = _refusal(data, matrix, per_term, least_events), None
    if not reason:
        fitted = _fit(data.outcome, matrix)
        reason = "" if fitted is not None else "the covariates separate the outcome: no finite estimate"
    if fitted is None:
        nothing = pack(
            math.nan, None, None, None, level=level, method=METHOD, n=len(treated), reasons=[(True, reason)]
        )
        return Standardised(nothing, nothing, nothing, nothing, data.left_out, per_term)
    with_treatment, without = model(np.ones_like(treated)), model(np.zeros_like(treated))
    risks, covariance = _marginal(data.outcome, matrix, (with_treatment, without), fitted)
    return _contrasts(risks, covariance, level, len(treated), data.left_out, per_term)


def _refusal(data: Design, matrix: Array, per_term: float, least_events: float) -> str:
    """Return why the model is not to be fitted, if so."""
    if len(matrix) == 0:
        return "no complete rows"
    if np.ptp(matrix[:, 1]) == 0:
        return "all rows have the same treatment"
    if data.rarer == 0:
        return "nobody, or everybody, has the event"
    if per_term < least_events:
        return f"{per_term:.1f} events per model term, fewer than {least_events:g}: not adjusted"
    if np.linalg.matrix_rank(matrix) < matrix.shape[1]:
        return "a covariate follows from the others: leave it out"
    return ""


def _risk(log_odds: Array) -> Array:
    p: Array = np.exp(-np.logaddexp(0, -log_odds))
    return p


def _fit(outcome: Array, matrix: Array) -> Array | None:
    """Return the maximum likelihood coefficients, or None where they run away."""
    at = np.zeros(matrix.shape[1])
    for _ in range(STEPS):
        p = _risk(matrix @ at)
        weights = p * (1 - p)
        if weights.max() < 1e-10:
            return None
        try:
            step = np.linalg.solve((matrix * weights[:, None]).T @ matrix, matrix.T @ (outcome - p))
        except np.linalg.LinAlgError:
            return None
        at = at + step
        moved = np.abs(matrix @ step).max()
        if not moved < 1e3:
            return None
        if moved < 1e-10:
            return at
    return None


def _marginal(
    outcome: Array, matrix: Array, settings: tuple[Array, Array], coefficients: Array
) -> tuple[Array, Array]:
    """Return the two averaged risks and their covariance from each row's influence on them."""
    p = _risk(matrix @ coefficients)
    bread = (matrix * (p * (1 - p))[:, None]).T @ matrix / len(p)
    moves = np.linalg.solve(bread, (matrix * (outcome - p)[:, None]).T).T
    risks, influences = [], []
    for setting in settings:
        predicted = _risk(setting @ coefficients)
        slope = (setting * (predicted * (1 - predicted))[:, None]).mean(axis=0)
        risks.append(predicted.mean())
        influences.append(predicted - predicted.mean() + moves @ slope)
    influence = np.array(influences)
    return np.array(risks), influence @ influence.T / len(p) ** 2


def _contrasts(
    risks: Array, covariance: Array, level: float, n: int, left_out: int, per_term: float
) -> Standardised:
    """Turn two risks and their covariance into estimates on their scales."""
    z = quantile(level)

    def estimate(centre: float, slope: Array, back: str) -> Estimate:
        error = math.sqrt(float(slope @ covariance @ slope))
        ends = np.array([centre, centre - z * error, centre + z * error])
        if back == "log":
            ends = np.exp(ends)
        elif back == "logit":
            ends = _risk(ends)
        else:
            ends = np.clip(ends, -1.0, 1.0)
        p_value = None if back == "logit" else normal_p(np.asarray(centre / error))
        return pack(ends[0], ends[1], ends[2], p_value, level=level, method=METHOD, n=n)

    p1, p0 = float(risks[0]), float(risks[1])
    return Standardised(
        estimate(math.log(p1 / (1 - p1)), np.array([1 / (p1 * (1 - p1)), 0.0]), "logit"),
        estimate(math.log(p0 / (1 - p0)), np.array([0.0, 1 / (p0 * (1 - p0))]), "logit"),
        estimate(p1 - p0, np.array([1.0, -1.0]), ""),
        estimate(math.log(p1 / p0), np.array([1 / p1, -1 / p0]), "log"),
        left_out,
        per_term,
    )
