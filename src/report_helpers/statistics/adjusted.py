"""Risks standardised to the whole group: what if all, and what if none, had been treated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from report_helpers.statistics.bootstrap import SEED, bootstrap_risks, percentile, ratios
from report_helpers.statistics.design import Frame, treatment_design
from report_helpers.statistics.estimate import Array, Estimate, quantile
from report_helpers.statistics.marginal import contrasts, refused
from report_helpers.statistics.regression import LOGISTIC, SEPARATED, fit, refusal, risk

MODEL = "standardised (g-computation) from logistic regression"
METHOD = f"{MODEL}, stacked-equations robust variance"


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
    risk_difference_bootstrap, risk_ratio_bootstrap : Estimate or None
        The same contrasts with percentile bootstrap limits; ``None`` unless resamples were asked for.
    """

    risk1: Estimate
    risk0: Estimate
    risk_difference: Estimate
    risk_ratio: Estimate
    left_out: int
    events_per_term: float
    risk_difference_bootstrap: Estimate | None = None
    risk_ratio_bootstrap: Estimate | None = None


def standardised(
    frame: Frame,
    outcome: str,
    treatment: str,
    covariates: Sequence[str],
    level: float = 0.95,
    *,
    interactions: bool = False,
    least_events: float = 10.0,
    resamples: int = 0,
    seed: int = SEED,
) -> Standardised:
    """Standardise the risk under treatment and without it to all rows, by logistic regression.

    The model has treatment and covariates as main effects; each row's risk is predicted with treatment set
    to 1 and to 0, and averaged [1]_. The variance stacks the model's likelihood equations with those of the
    two averages [2]_ (a robust sandwich that counts the sampling of the covariates too, as Stata's
    ``vce(unconditional)`` without its small-sample factor). With `resamples` the contrasts are also given
    with limits from the percentiles of resamples of patients, in each of which the model is refitted [3]_.

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
    resamples : int
        How many bootstrap resamples; 1,000 or more for a report, 0 for none.
    seed : int
        Of the resamples.

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
    .. [3] Efron B, Tibshirani RJ. An Introduction to the Bootstrap. Chapman & Hall 1993, chapter 13.

    Examples
    --------
    >>> rows = {"sac": [1, 0, 0, 1, 1, 0, 1, 0], "treated": [1, 1, 0, 0, 1, 0, 1, 0], "old": [0, 1] * 4}
    >>> found = standardised(rows, "sac", "treated", ["old"], least_events=0)
    >>> f"{found.risk_difference.value:.2f}"
    '0.33'
    """
    quantile(level)  # checks the level
    data = treatment_design(frame, outcome, treatment, covariates)
    treated, others = data.matrix[:, 1], data.matrix[:, 2:]

    def model(given: Array) -> Array:
        parts = [np.ones_like(given), given, others]
        return np.column_stack([*parts, given[:, None] * others] if interactions else parts)

    matrix = model(treated)
    per_term = data.rarer / (matrix.shape[1] - 1)
    reason, fitted = refusal(data, matrix, least_events), None
    if not reason:
        fitted = fit(data.outcome, matrix, LOGISTIC)
        reason = "" if fitted is not None else SEPARATED
    if fitted is None:
        nothing = refused(reason, level, len(treated), METHOD)
        again = nothing if resamples else None
        return Standardised(nothing, nothing, nothing, nothing, data.left_out, per_term, again, again)
    settings = (model(np.ones_like(treated)), model(np.zeros_like(treated)))
    risks, covariance = _marginal(data.outcome, matrix, settings, fitted)
    found = contrasts(risks, covariance, level, len(treated), METHOD)
    if not resamples:
        return Standardised(*found, data.left_out, per_term)
    drawn = bootstrap_risks(data.outcome, matrix, settings, fitted, resamples, seed)
    return Standardised(
        *found,
        data.left_out,
        per_term,
        percentile(found[2], drawn[:, 0] - drawn[:, 1], MODEL),
        percentile(found[3], ratios(drawn), MODEL),
    )


def _marginal(
    outcome: Array, matrix: Array, settings: tuple[Array, Array], coefficients: Array
) -> tuple[Array, Array]:
    """Return the two averaged risks and their covariance from each row's influence on them."""
    p = risk(matrix @ coefficients)
    bread = (matrix * (p * (1 - p))[:, None]).T @ matrix / len(p)
    moves = np.linalg.solve(bread, (matrix * (outcome - p)[:, None]).T).T
    risks, influences = [], []
    for setting in settings:
        predicted = risk(setting @ coefficients)
        slope = (setting * (predicted * (1 - predicted))[:, None]).mean(axis=0)
        risks.append(predicted.mean())
        influences.append(predicted - predicted.mean() + moves @ slope)
    influence = np.array(influences)
    return np.array(risks), influence @ influence.T / len(p) ** 2
