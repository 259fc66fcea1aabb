"""Rubin's rules: one answer from the analyses of several completed data sets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from report_helpers.statistics.estimate import Estimate, pack, quantile
from report_helpers.statistics.regression import risk
from report_helpers.statistics.scales import Scale, on_scale, standard_error


@dataclass(frozen=True, slots=True)
class Rubin:
    """What Rubin's rules make of estimates and variances.

    Attributes
    ----------
    value : float
        Mean of the estimates.
    within, between, total : float
        Mean variance, variance of the estimates, and within + (1 + 1/copies) between.
    increase : float
        Relative increase in variance due to missing values.
    df : float
        Degrees of freedom of Barnard and Rubin; infinite where nothing limits them.
    missing_information : float
        Fraction of information about the estimate that is missing.
    copies : int
        Completed data sets.
    """

    value: float
    within: float
    between: float
    total: float
    increase: float
    df: float
    missing_information: float
    copies: int


def rubin(values: ArrayLike, variances: ArrayLike, complete_df: float = math.inf) -> Rubin:
    """Combine estimates of completed data sets by Rubin's rules [1]_, degrees of freedom as in [2]_.

    Parameters
    ----------
    values, variances : array_like, shape (copies,)
        Estimates on a scale where they are about normal, and their squared standard errors.
    complete_df : float
        Degrees of freedom that the complete data would leave: patients less coefficients.

    Raises
    ------
    ValueError
        If there are fewer than two copies, or a number is not finite, or a variance not above 0.

    References
    ----------
    .. [1] Rubin DB. Multiple Imputation for Nonresponse in Surveys. Wiley 1987, chapter 3.
    .. [2] Barnard J, Rubin DB. Biometrika 1999;86:948-955.

    Examples
    --------
    >>> found = rubin([0.2, 0.25, 0.3, 0.22, 0.28], [0.01, 0.012, 0.011, 0.009, 0.0105], 98)
    >>> f"{found.total:.5f}, {found.df:.1f} degrees of freedom"
    '0.01254, 52.5 degrees of freedom'
    """
    q, u = np.asarray(values, dtype=np.float64), np.asarray(variances, dtype=np.float64)
    if q.ndim != 1 or q.shape != u.shape or len(q) < 2:
        raise ValueError("pooling takes one estimate and one variance from each of two or more copies")
    if not (np.isfinite(q).all() and np.isfinite(u).all() and (u > 0).all() and complete_df > 0):
        raise ValueError("estimates must be finite, variances and degrees of freedom above 0")
    copies, within = len(q), float(u.mean())
    # Copies that agree to the last digit leave no rounding behind as a variance.
    between = 0.0 if np.ptp(q) == 0 else float(q.var(ddof=1))
    extra = (1 + 1 / copies) * between
    total = within + extra
    share = extra / total
    by_copies = (copies - 1) / share**2 if share > 1e-150 else math.inf
    observed = math.inf
    if math.isfinite(complete_df):
        observed = (complete_df + 1) / (complete_df + 3) * complete_df * (1 - share)
    rate = 1 / by_copies + 1 / observed if observed > 0 else math.inf
    df = 1 / rate if rate > 0 else math.inf
    increase = extra / within
    information = (increase + 2 / (df + 3)) / (increase + 1)
    return Rubin(float(q.mean()), within, between, total, increase, df, information, copies)


def pool(
    values: ArrayLike,
    variances: ArrayLike,
    complete_df: float,
    *,
    log: bool = False,
    level: float = 0.95,
    method: str = "",
    n: int = 0,
) -> Estimate:
    """Pool the estimates of completed data sets into one, by Rubin's rules.

    Parameters
    ----------
    values, variances : array_like, shape (copies,)
        Estimates and their squared standard errors, as ``rubin`` takes them; of ratios, their logarithms'.
    complete_df : float
        Degrees of freedom that the complete data would leave: patients less coefficients.
    log : bool
        Whether values and variances are those of logarithms, to be given back as ratios.
    level : float
        Confidence level as a fraction.
    method : str
        Name of what is pooled; the rules are added to it.
    n : int
        Patients, for the record.

    Returns
    -------
    Estimate
        Limits and the two-sided test from Student's t with Barnard and Rubin's degrees of freedom.

    Raises
    ------
    ValueError
        As ``rubin``.

    Examples
    --------
    >>> found = pool([0.2, 0.25, 0.3, 0.22, 0.28], [0.01, 0.012, 0.011, 0.009, 0.0105], 98, log=True)
    >>> f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f})"
    '1.28 (1.03 to 1.61)'
    """
    found = rubin(values, variances, complete_df)
    return _estimate(found, "log" if log else "plain", level, method, n)


def pool_estimates(estimates: Sequence[Estimate], complete_df: float, *, scale: Scale = "plain") -> Estimate:
    """Pool the same statistic of completed data sets, its standard errors read off its limits.

    Parameters
    ----------
    estimates : sequence of Estimate
        One per copy, with Wald limits on the scale named: of ``standardised``, ``weighted``
        or ``modified_poisson``.
    complete_df : float
        Degrees of freedom that the complete data would leave: patients less coefficients.
    scale : {"plain", "log", "logit"}
        Where the limits are symmetric: differences plain, ratios log, risks logit.

    Returns
    -------
    Estimate
        ``None`` with a reason where some copy has no estimate.

    Raises
    ------
    ValueError
        If there are fewer than two copies, or they differ in confidence level.

    Examples
    --------
    >>> ratios = [Estimate(value, value / 2, value * 2, 0.95, None, "", 90) for value in (1.8, 2.0, 2.3)]
    >>> found = pool_estimates(ratios, 88, scale="log")
    >>> f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f})"
    '2.02 (0.94 to 4.36)'
    """
    if len(estimates) < 2 or len({found.level for found in estimates}) > 1:
        raise ValueError("pooling takes two or more estimates of one confidence level")
    first = estimates[0]
    pairs = [(on_scale(found.value, scale), standard_error(found, scale=scale)) for found in estimates]
    whole = [(value, error) for value, error in pairs if value is not None and error]
    if len(whole) < len(pairs):
        reasons = list(dict.fromkeys(found.reason for found in estimates if found.reason))
        reason = f"no estimate in {len(pairs) - len(whole)} of {len(pairs)} completed data sets"
        reason = ": ".join([reason, *reasons[:1]])
        return pack(
            math.nan,
            None,
            None,
            None,
            level=first.level,
            method=_name(first.method, len(pairs)),
            n=first.n,
            reasons=[(True, reason)],
        )
    found = rubin([value for value, _ in whole], [error**2 for _, error in whole], complete_df)
    return _estimate(found, scale, first.level, first.method, min(each.n for each in estimates))


def _name(method: str, copies: int) -> str:
    rules = f"Rubin's rules over {copies} completed data sets, Barnard-Rubin degrees of freedom"
    return f"{method}; {rules}" if method else rules


def _estimate(found: Rubin, scale: Scale, level: float, method: str, n: int) -> Estimate:
    """Return the pooled estimate on the scale it is reported on."""
    from scipy.special import stdtr, stdtrit

    z, error = quantile(level), math.sqrt(found.total)
    reach, p_value = z, math.erfc(abs(found.value) / error / math.sqrt(2))
    if math.isfinite(found.df):
        reach = -float(stdtrit(found.df, (1 - level) / 2))
        p_value = 2 * float(stdtr(found.df, -abs(found.value) / error))
    ends = np.array([found.value, found.value - reach * error, found.value + reach * error])
    if scale == "log":
        ends = np.exp(np.minimum(ends, 700.0))
    elif scale == "logit":
        ends = risk(ends)
    return pack(
        ends[0],
        ends[1],
        ends[2],
        None if scale == "logit" else p_value,
        level=level,
        method=_name(method, found.copies),
        n=n,
    )
