"""Risks from stabilised inverse probability of treatment weights, refused where arms do not overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from report_helpers.statistics.balance import Balance, balance, one_sided_levels
from report_helpers.statistics.design import Design, Frame, treatment_design
from report_helpers.statistics.estimate import Array, Estimate, quantile
from report_helpers.statistics.marginal import contrasts, refused
from report_helpers.statistics.regression import LOGISTIC, dependence, fit, refusal, risk

METHOD = (
    "stabilised inverse probability of treatment weighting, stacked-equations robust variance "
    "(estimated propensity score)"
)

Ranges = tuple[float | None, float | None, float | None, float | None, float | None]


@dataclass(frozen=True, slots=True)
class Weighted:
    """Marginal risks of the weighted patients, their contrasts, and what the weights did.

    A field is ``None`` where the analysis was refused before it could be had.

    Attributes
    ----------
    risk1, risk0 : Estimate
        Fractions; limits symmetric on the logit scale.
    risk_difference : Estimate
        risk1 - risk0, a fraction; Wald limits and test.
    risk_ratio : Estimate
        risk1 / risk0; limits and test symmetric on the log scale.
    lowest_weight, highest_weight, mean_weight : float or None
        Of the stabilised weights; their mean is about 1 when the propensity model fits.
    effective1, effective0 : float or None
        Effective sample size of each arm, (sum w)^2 / sum w^2.
    balance : tuple of Balance
        Standardised mean differences before and after weighting.
    lowest_propensity1, highest_propensity1, lowest_propensity0, highest_propensity0 : float or None
        Range of the estimated propensity of treatment among the treated (1) and the untreated (0).
    overlap : float or None
        Share of patients whose propensity lies inside both arms' ranges.
    left_out : int
        Rows left out for a missing value.
    reason : str
        Why there are no estimates; empty when there are.
    """

    risk1: Estimate
    risk0: Estimate
    risk_difference: Estimate
    risk_ratio: Estimate
    lowest_weight: float | None
    highest_weight: float | None
    mean_weight: float | None
    effective1: float | None
    effective0: float | None
    balance: tuple[Balance, ...]
    lowest_propensity1: float | None
    highest_propensity1: float | None
    lowest_propensity0: float | None
    highest_propensity0: float | None
    overlap: float | None
    left_out: int
    reason: str = ""


def weighted(
    frame: Frame,
    outcome: str,
    treatment: str,
    covariates: Sequence[str],
    *,
    least_events: float = 10.0,
    least_per_term: float | None = None,
    least_propensity: float = 0.01,
    level: float = 0.95,
) -> Weighted:
    """Weight each arm to the covariates of all patients, and compare its risks.

    The propensity of treatment is a logistic regression on the covariates' main effects. A treated patient
    weighs P(treated) / propensity, an untreated one P(untreated) / (1 - propensity) [1]_; each arm's risk
    is its weighted mean (Hajek's ratio, from which the numerators of the weights cancel). The variance
    stacks the two means' estimating equations on the score equations of the propensity model, and so
    counts that the propensities are estimated [2]_ (without a small-sample factor); treating them as known
    would usually give wider limits.

    Positivity is looked at first [3]_: refused are a covariate's level (a category's, or either value of a
    0/1 number) found in one arm only, a propensity below `least_propensity` or above its complement, fewer
    events or non-events than `least_events`, and fewer patients of the smaller arm than `least_per_term` (by
    default `least_events`) per term of the propensity model. There is no agreed limit for propensities; 0.01
    stops where some patients have hardly a counterpart in the other arm, so that weights cannot balance the
    arms, while Crump and others would keep to 0.1 to 0.9 [4]_.

    Parameters
    ----------
    frame : DataFrame or mapping of str to sequence
        Columns by name, one row per independent patient. Rows with a missing value in a column used are
        left out and counted.
    outcome, treatment : str
        Columns of 0 and 1.
    covariates : sequence of str
        Columns of numbers, or of categories (dummies).
    least_events, least_per_term, least_propensity : float
        Where to refuse; 0 never does.
    level : float
        Confidence level as a fraction.

    Returns
    -------
    Weighted
        With estimates of ``None`` and a reason where refused.

    Raises
    ------
    ValueError
        If a column is missing or infinite, or outcome or treatment is not 0 and 1.

    References
    ----------
    .. [1] Robins JM, Hernan MA, Brumback B. Epidemiology 2000;11:550-560; Cole SR, Hernan MA. Am J Epidemiol
       2008;168:656-664.
    .. [2] Lunceford JK, Davidian M. Stat Med 2004;23:2937-2960.
    .. [3] Petersen ML et al. Stat Methods Med Res 2012;21:31-54.
    .. [4] Crump RK et al. Biometrika 2009;96:187-199.

    Examples
    --------
    >>> rows = {"sac": [1, 0, 0, 1, 1, 0, 1, 0], "treated": [1, 1, 0, 0, 1, 0, 1, 0], "old": [0, 1] * 4}
    >>> found = weighted(rows, "sac", "treated", ["old"], least_events=0)
    >>> f"{found.risk_difference.value:.2f}, mean weight {found.mean_weight:.2f}"
    '0.33, mean weight 1.00'
    """
    quantile(level)  # checks the level
    data = treatment_design(frame, outcome, treatment, covariates)
    treated = data.matrix[:, 1] == 1
    propensity_terms = np.delete(data.matrix, 1, axis=1)
    reason = _refusal(
        data,
        treated,
        propensity_terms,
        least_events,
        least_events if least_per_term is None else least_per_term,
    )
    if reason:
        return _nothing(data, treated, None, reason, level)
    fitted = fit(treated.astype(np.float64), propensity_terms, LOGISTIC)
    if fitted is None:
        return _nothing(
            data, treated, None, "the covariates tell the arms apart: no overlap to weight by", level
        )
    propensity = risk(propensity_terms @ fitted)
    if propensity.min() < least_propensity or propensity.max() > 1 - least_propensity:
        reason = (
            f"propensities of treatment reach from {propensity.min():.3f} to {propensity.max():.3f}, outside "
            f"{least_propensity:g} to {1 - least_propensity:g}: not weighted"
        )
        return _nothing(data, treated, propensity, reason, level)
    risks, covariance = _hajek(data.outcome, treated, propensity, propensity_terms)
    estimates = contrasts(risks, covariance, level, len(treated), METHOD)
    share = float(treated.mean())
    weights = np.where(treated, share / propensity, (1 - share) / (1 - propensity))
    return Weighted(
        *estimates,
        float(weights.min()),
        float(weights.max()),
        float(weights.mean()),
        _kish(weights[treated]),
        _kish(weights[~treated]),
        balance(data, treated, weights),
        *_ranges(propensity, treated),
        data.left_out,
    )


def _refusal(
    data: Design,
    treated: NDArray[np.bool_],
    propensity_terms: Array,
    least_events: float,
    least_per_term: float,
) -> str:
    """Return why the patients are not to be weighted, if so."""
    crude = refusal(data, data.matrix[:, :2], least_events)
    if crude:
        return crude.replace("not adjusted", "not weighted")
    if any(data.outcome[arm].mean() in (0, 1) for arm in (treated, ~treated)):
        return "nobody, or everybody, of an arm has the event"
    terms = propensity_terms.shape[1] - 1
    smaller = min(int(treated.sum()), int((~treated).sum()))
    one_sided = one_sided_levels(data, treated)
    if one_sided:
        return f"found in one arm only: {', '.join(one_sided)}; not weighted"
    if terms and smaller / terms < least_per_term:
        return (
            f"{smaller / terms:.1f} patients of the smaller arm per term of the propensity model, fewer than "
            f"{least_per_term:g}: not weighted"
        )
    return dependence(propensity_terms)


def _hajek(
    outcome: Array, treated: NDArray[np.bool_], propensity: Array, terms: Array
) -> tuple[Array, Array]:
    """Return the two weighted risks and their covariance from each row's influence on them."""
    spread = propensity * (1 - propensity)
    bread = (terms * spread[:, None]).T @ terms
    moves = np.linalg.solve(bread, (terms * (treated - propensity)[:, None]).T).T
    risks, influences = [], []
    # By an arm's propensity of itself, p: d(1/p) is -(1 - p)/p per unit of that arm's log odds.
    for arm, own, sign in ((treated, propensity, 1.0), (~treated, 1 - propensity, -1.0)):
        weights = arm / own
        mean = float(weights @ outcome / weights.sum())
        rest = weights * (outcome - mean)
        slope = -sign * ((rest * (1 - own))[:, None] * terms).sum(axis=0)
        risks.append(mean)
        influences.append((rest + moves @ slope) / weights.sum())
    influence = np.array(influences)
    return np.array(risks), influence @ influence.T


def _kish(weights: Array) -> float:
    return float(weights.sum() ** 2 / (weights**2).sum())


def _ranges(propensity: Array, treated: NDArray[np.bool_]) -> Ranges:
    """Return each arm's lowest and highest propensity, and the share of patients inside both ranges."""
    low1, high1 = float(propensity[treated].min()), float(propensity[treated].max())
    low0, high0 = float(propensity[~treated].min()), float(propensity[~treated].max())
    inside = (propensity >= max(low1, low0)) & (propensity <= min(high1, high0))
    return low1, high1, low0, high0, float(inside.mean())


def _nothing(
    data: Design, treated: NDArray[np.bool_], propensity: Array | None, reason: str, level: float
) -> Weighted:
    """Return a refusal, with the balance before weighting and the propensities as far as they are known."""
    nothing = refused(reason, level, len(treated), METHOD)
    both = bool(treated.any()) and not bool(treated.all())
    ranges: Ranges = (None, None, None, None, None)
    if propensity is not None:
        ranges = _ranges(propensity, treated)
    return Weighted(
        nothing,
        nothing,
        nothing,
        nothing,
        None,
        None,
        None,
        None,
        None,
        balance(data, treated, None) if both else (),
        *ranges,
        data.left_out,
        reason,
    )
