"""Two proportions compared: their difference and their ratio, group 1 minus or over group 0."""

from __future__ import annotations

import numpy as np

from report_helpers.statistics import score
from report_helpers.statistics.estimate import (
    Array,
    Counts,
    Estimate,
    choose,
    normal_p,
    pack,
    quantile,
)
from report_helpers.statistics.groups import CONSTANT, EMPTY, TwoGroups, two_groups
from report_helpers.statistics.mover import mover_difference, mover_ratio
from report_helpers.statistics.proportions import Limits, wilson


def risk_difference(
    events1: Counts, n1: Counts, events0: Counts, n0: Counts, method: str = "newcombe", level: float = 0.95
) -> Estimate:
    """Estimate the risk in group 1 minus the risk in group 0.

    Parameters
    ----------
    events1, n1, events0, n0 : int or array_like of int
        Patients with the event, and patients, in group 1 and in the reference group 0. Arrays broadcast and
        give an ``Estimate`` of masked arrays.
    method : {"newcombe", "miettinen_nurminen"}
        Newcombe's hybrid score interval (square-and-add of Wilson limits without continuity correction,
        his method 10) [1]_, which has no P value; or the asymptotic score interval of Miettinen and
        Nurminen with their variance factor N/(N - 1) [2]_ and the P value of the same test at 0.
    level : float
        Confidence level as a fraction.

    Returns
    -------
    Estimate
        A difference of fractions, from -1 to 1 (0.1 is 10 percentage points).

    Raises
    ------
    CountError
        If a count is negative, not whole or missing, or events exceed patients.
    ValueError
        If the method or the level is unknown.

    References
    ----------
    .. [1] Newcombe RG. Stat Med 1998;17:873-890, method 10.
    .. [2] Miettinen O, Nurminen M. Stat Med 1985;4:213-226.

    Examples
    --------
    >>> rd = risk_difference(56, 70, 48, 80)
    >>> f"{rd.value:.4f} ({rd.low:.4f} to {rd.high:.4f})"
    '0.2000 (0.0524 to 0.3339)'
    """
    name, inference = choose(
        "risk_difference",
        method,
        {
            "newcombe": ("Newcombe hybrid score interval", _newcombe),
            "miettinen_nurminen": ("Miettinen-Nurminen score interval and test", _difference_score),
        },
    )
    z = quantile(level)
    groups = two_groups(events1, n1, events0, n0)
    low, high, p_value = inference(groups, z)
    return pack(
        groups.hide_empty(groups.x1 / groups.n1 - groups.x0 / groups.n0),
        groups.hide_empty(low),
        groups.hide_empty(high),
        p_value,
        level=level,
        method=name,
        n=groups.patients,
        reasons=[(groups.empty, EMPTY), (method != "newcombe" and groups.constant, CONSTANT)],
    )


def risk_ratio(
    events1: Counts, n1: Counts, events0: Counts, n0: Counts, method: str = "koopman", level: float = 0.95
) -> Estimate:
    """Estimate the risk in group 1 over the risk in group 0.

    Without events in group 0 there is no value and no upper limit; the lower limit is still finite (except
    with ``katz``).

    Parameters
    ----------
    events1, n1, events0, n0 : int or array_like of int
        Patients with the event, and patients, in group 1 and in the reference group 0. Arrays broadcast and
        give an ``Estimate`` of masked arrays.
    method : {"koopman", "katz", "mover_r", "miettinen_nurminen"}
        Koopman's asymptotic score interval [1]_ with the P value of the same test at 1 (Pearson's
        chi-square without correction); the log-normal interval of Katz [2]_ without added halves, and its
        Wald P; MOVER-R from Wilson limits [3]_, without a P; or Koopman's interval with the variance factor
        N/(N - 1) of Miettinen and Nurminen [4]_.
    level : float
        Confidence level as a fraction.

    Returns
    -------
    Estimate
        A ratio, 0 or above.

    Raises
    ------
    CountError
        If a count is negative, not whole or missing, or events exceed patients.
    ValueError
        If the method or the level is unknown.

    References
    ----------
    .. [1] Koopman PAR. Biometrics 1984;40:513-517.
    .. [2] Katz D et al. Biometrics 1978;34:469-474, method C.
    .. [3] Donner A, Zou GY. Stat Methods Med Res 2012;21:347-359.
    .. [4] Miettinen O, Nurminen M. Stat Med 1985;4:213-226.

    Examples
    --------
    >>> rr = risk_ratio(36, 40, 16, 80)
    >>> f"{rr.value:.2f} ({rr.low:.2f} to {rr.high:.2f})"
    '4.50 (2.94 to 7.15)'
    """
    name, inference = choose(
        "risk_ratio",
        method,
        {
            "koopman": ("Koopman score interval", _koopman),
            "katz": ("Katz log interval and Wald test", _katz),
            "mover_r": ("MOVER-R interval from Wilson limits", _mover_wilson),
            "miettinen_nurminen": ("Miettinen-Nurminen score interval and test", _ratio_score),
        },
    )
    z = quantile(level)
    groups = two_groups(events1, n1, events0, n0)
    low, high, p_value = inference(groups, z)
    no_reference = (groups.x0 == 0) & ~groups.empty
    value = groups.x1 * groups.n0 / (groups.n1 * np.where(groups.x0 == 0, np.nan, groups.x0))
    unlimited = np.isnan(low) & ~groups.empty
    return pack(
        groups.hide_empty(value),
        groups.hide_empty(low),
        groups.hide_empty(high),
        p_value,
        level=level,
        method=name,
        n=groups.patients,
        reasons=[
            (groups.empty, EMPTY),
            (no_reference, "no events in group 0: the ratio is undefined and has no upper limit"),
            (unlimited, "Katz limits need events in both groups, and a patient without: use koopman"),
            (method in ("koopman", "miettinen_nurminen") and groups.constant, CONSTANT),
        ],
    )


Inference = tuple[Array, Array, Array | None]


def newcombe_limits(groups: TwoGroups, z: float) -> Limits:
    """Return Newcombe's limits of the risk difference for a normal quantile z."""
    p1, p0 = groups.x1 / groups.n1, groups.x0 / groups.n0
    low1, high1 = wilson(groups.x1, groups.n1, z)
    low0, high0 = wilson(groups.x0, groups.n0, z)
    return mover_difference(p1, low1, high1, p0, low0, high0)


def _newcombe(groups: TwoGroups, z: float) -> Inference:
    return *newcombe_limits(groups, z), None


def _difference_score(groups: TwoGroups, z: float) -> Inference:
    chi2 = z * z * groups.small_sample
    high = score.difference_high(groups.x1, groups.n1, groups.x0, groups.n0, chi2)
    low = -score.difference_high(groups.x0, groups.n0, groups.x1, groups.n1, chi2)
    return low, high, groups.p_equal(groups.small_sample)


def _koopman(groups: TwoGroups, z: float) -> Inference:
    return *_ratio_limits(groups, np.full(groups.x1.shape, z * z)), groups.p_equal()


def _ratio_score(groups: TwoGroups, z: float) -> Inference:
    return *_ratio_limits(groups, z * z * groups.small_sample), groups.p_equal(groups.small_sample)


def _ratio_limits(groups: TwoGroups, chi2: Array) -> Limits:
    high = score.ratio_high(groups.x1, groups.n1, groups.x0, groups.n0, chi2)
    return 1 / score.ratio_high(groups.x0, groups.n0, groups.x1, groups.n1, chi2), high


def _katz(groups: TwoGroups, z: float) -> Inference:
    usable = (groups.x1 > 0) & (groups.x0 > 0)
    x1, x0 = np.where(usable, groups.x1, 1.0), np.where(usable, groups.x0, 1.0)
    variance = (groups.n1 - x1) / (groups.n1 * x1) + (groups.n0 - x0) / (groups.n0 * x0)
    error = np.sqrt(np.where(usable & (variance > 0), variance, np.nan))
    log_ratio = np.log(x1 * groups.n0 / (groups.n1 * x0))
    return np.exp(log_ratio - z * error), np.exp(log_ratio + z * error), normal_p(log_ratio / error)


def _mover_wilson(groups: TwoGroups, z: float) -> Inference:
    p1, p0 = groups.x1 / groups.n1, groups.x0 / groups.n0
    low1, high1 = wilson(groups.x1, groups.n1, z)
    low0, high0 = wilson(groups.x0, groups.n0, z)
    return *mover_ratio(p1, low1, high1, p0, low0, high0), None
