"""Proportions whose units come in clusters, such as embryos of one patient.

The proportion is the ratio estimator sum(events) / sum(sizes); its variance is that of cluster totals,
v = k/(k - 1) sum (e_i - p m_i)^2 / (sum m_i)^2 for k clusters (Taylor linearisation, which equals the robust
sandwich of a GEE with independence but for the k/(k - 1)) [1]_ [2]_. Clusters are independent, and no
correlation has to be modelled.

References
----------
.. [1] Cochran WG. Sampling Techniques, 3rd ed. Wiley 1977, chapter 3.
.. [2] Rao JNK, Scott AJ. Biometrics 1992;48:577-585.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from report_helpers.statistics.clusters import CROWDED, EMPTY, Group, estimate_group
from report_helpers.statistics.estimate import Estimate, pack
from report_helpers.statistics.mover import mover_difference, mover_ratio

UNTESTED = "no test: within a group, clusters do not vary about its proportion"


def clustered_proportion(
    events: ArrayLike, sizes: ArrayLike, level: float = 0.95, *, times: ArrayLike | None = None
) -> Estimate:
    """Estimate a proportion of units (embryos) that come in clusters (patients).

    The limits are symmetric on the logit scale with the t quantile of k - 1 degrees of freedom [1]_ (R's
    ``survey::svyciprop(method = "logit")``). Where the linearised variance is 0 (no events, events in every
    unit, or the same share in every cluster) it says nothing about the clustering; then Wilson's limits are
    taken with Kish's effective number of units, (sum m_i)^2 / sum m_i^2, as if the units of a cluster
    always agreed [2]_, which errs to the wide side.

    Parameters
    ----------
    events, sizes : array_like of int, shape (clusters,)
        Events, and units, of each cluster. Clusters without units are left out. A cluster may hold more
        events than units (two sacs from one embryo).
    level : float
        Confidence level as a fraction.
    times : array_like of int, shape (clusters,), optional
        How many clusters each entry stands for, 1 by default: clusters that are alike need be listed once.

    Returns
    -------
    Estimate
        ``value`` is a fraction of units; ``n`` counts the clusters with units.

    Raises
    ------
    CountError
        If counts are negative, not whole or missing, a cluster without units has events, or the lists differ
        in length.

    References
    ----------
    .. [1] Korn EL, Graubard BI. Analysis of Health Surveys. Wiley 1999.
    .. [2] Kish L. Survey Sampling. Wiley 1965.

    Examples
    --------
    >>> rate = clustered_proportion([0, 1, 2, 1, 0], [2, 1, 2, 2, 1])
    >>> f"{rate.value:.3f} ({rate.low:.3f} to {rate.high:.3f}), {rate.n} patients"
    '0.500 (0.079 to 0.921), 5 patients'
    """
    group = estimate_group("the group", events, sizes, level, times)
    return pack(
        group.value,
        group.low,
        group.high,
        None,
        level=level,
        method=f"ratio estimator; {group.limits}",
        n=group.clusters,
        reasons=[(group.clusters == 0, EMPTY), (group.crowded, CROWDED)],
    )


def clustered_risk_difference(
    events1: ArrayLike,
    sizes1: ArrayLike,
    events0: ArrayLike,
    sizes0: ArrayLike,
    level: float = 0.95,
    *,
    times1: ArrayLike | None = None,
    times0: ArrayLike | None = None,
) -> Estimate:
    """Estimate the difference of two clustered proportions, group 1 minus group 0.

    The limits are recovered from those of ``clustered_proportion`` by square-and-add [1]_, as Newcombe's
    are from Wilson's. The P value is that of the difference over its cluster-robust standard error, against
    t with k1 + k0 - 2 degrees of freedom.

    Parameters
    ----------
    events1, sizes1, events0, sizes0 : array_like of int, shape (clusters of the group,)
        Units with the event, and units, of each cluster. A cluster belongs to one group only.
    level : float
        Confidence level as a fraction.
    times1, times0 : array_like of int, optional
        How many clusters each entry stands for, as in ``clustered_proportion``.

    Returns
    -------
    Estimate
        A difference of fractions, from -1 to 1; ``n`` counts the clusters of both groups.

    Raises
    ------
    CountError
        As ``clustered_proportion``.

    References
    ----------
    .. [1] Zou GY, Donner A. Stat Med 2008;27:1693-1702.

    Examples
    --------
    >>> rd = clustered_risk_difference([2, 1, 1, 0], [2, 2, 1, 1], [0, 1, 0, 1], [2, 2, 1, 2])
    >>> f"{rd.value:.3f} ({rd.low:.3f} to {rd.high:.3f})"
    '0.381 (-0.381 to 0.774)'
    """
    first, second = (
        estimate_group("group 1", events1, sizes1, level, times1),
        estimate_group("group 0", events0, sizes0, level, times0),
    )
    low, high = mover_difference(*first.sides, *second.sides)
    difference = first.value - second.value
    p_value = _wald_p(difference, first.variance, second.variance, first.clusters + second.clusters - 2)
    name = "difference of ratio estimators; MOVER"
    return _compared(first, second, (difference, float(low), float(high), p_value), level, name)


def clustered_risk_ratio(
    events1: ArrayLike,
    sizes1: ArrayLike,
    events0: ArrayLike,
    sizes0: ArrayLike,
    level: float = 0.95,
    *,
    times1: ArrayLike | None = None,
    times0: ArrayLike | None = None,
) -> Estimate:
    """Estimate the ratio of two clustered proportions, group 1 over group 0.

    The limits are recovered from those of ``clustered_proportion`` by MOVER-R [1]_, which gives a finite
    lower limit even without events in group 0. The P value is that of the log ratio over its cluster-robust
    (delta) standard error, against t with k1 + k0 - 2 degrees of freedom.

    Parameters
    ----------
    events1, sizes1, events0, sizes0 : array_like of int, shape (clusters of the group,)
        Units with the event, and units, of each cluster. A cluster belongs to one group only.
    level : float
        Confidence level as a fraction.
    times1, times0 : array_like of int, optional
        How many clusters each entry stands for, as in ``clustered_proportion``.

    Returns
    -------
    Estimate
        A ratio, 0 or above; ``n`` counts the clusters of both groups.

    Raises
    ------
    CountError
        As ``clustered_proportion``.

    References
    ----------
    .. [1] Donner A, Zou GY. Stat Methods Med Res 2012;21:347-359.

    Examples
    --------
    >>> rr = clustered_risk_ratio([2, 1, 1, 0], [2, 2, 1, 1], [0, 1, 0, 1], [2, 2, 1, 2])
    >>> f"{rr.value:.2f} ({rr.low:.2f} to {rr.high:.2f})"
    '2.33 (0.28 to 17.00)'
    """
    first, second = (
        estimate_group("group 1", events1, sizes1, level, times1),
        estimate_group("group 0", events0, sizes0, level, times0),
    )
    low, high = mover_ratio(*first.sides, *second.sides)
    if first.crowded or second.crowded:
        low, high = np.asarray(math.nan), np.asarray(math.nan)
    ratio = first.value / second.value if second.value > 0 else math.nan
    p_value = math.nan
    if ratio > 0:
        p_value = _wald_p(
            math.log(ratio),
            first.variance / first.value**2,
            second.variance / second.value**2,
            first.clusters + second.clusters - 2,
        )
    name = "ratio of ratio estimators; MOVER-R"
    return _compared(first, second, (ratio, float(low), float(high), p_value), level, name)


def _wald_p(effect: float, variance1: float, variance0: float, df: int) -> float:
    """Return the two-sided t test's P; NaN unless both groups' clusters vary."""
    if variance1 == 0 or variance0 == 0:
        return math.nan
    from scipy.special import stdtr

    return 2 * float(stdtr(df, -abs(effect) / math.sqrt(variance1 + variance0)))


def _compared(
    first: Group, second: Group, numbers: tuple[float, float, float, float], level: float, name: str
) -> Estimate:
    """Pack value, limits and P of two groups, with what is missing and why."""
    empty = first.clusters == 0 or second.clusters == 0
    value, low, high, p_value = (math.nan if empty else number for number in numbers)
    ways = dict.fromkeys((first.limits, second.limits))
    ratio = name.startswith("ratio")
    return pack(
        value,
        low,
        high,
        p_value,
        level=level,
        method=f"{name} from {'; '.join(ways)}",
        n=first.clusters + second.clusters,
        reasons=[
            (empty, EMPTY),
            (not empty and (first.crowded or second.crowded), CROWDED),
            (
                ratio and second.value == 0,
                "no events in group 0: the ratio is undefined and has no upper limit",
            ),
            (not empty and math.isnan(p_value), UNTESTED),
        ],
    )
