"""Tests of independence of two groups: whether the outcome is as frequent in the one as in the other."""

from __future__ import annotations

import math

import numpy as np

from report_helpers.statistics.boschloo import TOO_LARGE, boschloo
from report_helpers.statistics.estimate import Counts, Estimate, choose, pack
from report_helpers.statistics.groups import CONSTANT, EMPTY, two_groups
from report_helpers.statistics.hypergeometric import Conditional

ALTERNATIVES = {
    "two-sided": "two-sided",
    "greater": "one-sided, group 1 higher",
    "less": "one-sided, group 1 lower",
}


def independence(
    events1: Counts,
    n1: Counts,
    events0: Counts,
    n0: Counts,
    method: str = "fisher_midp",
    alternative: str = "two-sided",
) -> Estimate:
    """Test whether two groups have the same risk.

    Parameters
    ----------
    events1, n1, events0, n0 : int or array_like of int
        Patients with the event, and patients, in group 1 and in the reference group 0. Arrays broadcast and
        give an ``Estimate`` of masked arrays.
    method : {"fisher_midp", "fisher", "boschloo", "pearson"}
        Fisher's exact test conditional on both margins; two-sided, it sums the probabilities of all tables
        no likelier than the observed one (Irwin's rule; R's ``fisher.test``) [1]_. Its mid-P version counts
        only half the probability of the tables exactly as likely as the observed one [2]_. Boschloo's
        unconditional test takes Fisher's P as its statistic, two-sided by *the same minimum-likelihood
        rule* (R ``Exact``, StatXact; not twice the smaller one-sided P as in SciPy), the groups being the
        fixed margins, and takes the largest P over the common risk from 0 to 1 [3]_; it is
        not given for more than 10,000 patients. Pearson's chi-square
        has no continuity correction.
    alternative : {"two-sided", "greater", "less"}
        "greater": group 1 has the higher risk.

    Returns
    -------
    Estimate
        ``p_value`` is the answer; there are no limits. ``value`` is the test statistic: the observed table's
        conditional probability (Fisher), Fisher's P (Boschloo) or chi-square on 1 degree of freedom.

    Raises
    ------
    CountError
        If a count is negative, not whole or missing, or events exceed patients.
    ValueError
        If the method or the alternative is unknown.

    References
    ----------
    .. [1] Fisher RA. J R Stat Soc 1935;98:39-82; Irwin JO. Metron 1935;12:83-94.
    .. [2] Lancaster HO. J Am Stat Assoc 1961;56:223-234; Fagerland MW, Lydersen S, Laake P. Statistical
       Analysis of Contingency Tables. 2017, chapter 4.
    .. [3] Boschloo RD. Stat Neerl 1970;24:1-35; Lydersen S, Fagerland MW, Laake P. Stat Med
       2009;28:1159-1175.

    Examples
    --------
    >>> test = independence(7, 34, 1, 34, method="boschloo")
    >>> f"P = {test.p_value:.4f}"
    'P = 0.0385'
    """
    name, test = choose(
        "independence",
        method,
        {
            "fisher_midp": ("Fisher mid-P test", _fisher_midp),
            "fisher": ("Fisher exact test", _fisher),
            "boschloo": ("Boschloo exact unconditional test, ordered by Fisher's P", boschloo),
            "pearson": ("Pearson chi-square test without correction", _pearson),
        },
    )
    side = choose("alternative of independence", alternative, ALTERNATIVES)
    groups = two_groups(events1, n1, events0, n0)
    shape = groups.x1.shape
    statistic, p_value = np.full(shape, np.nan), np.full(shape, np.nan)
    for place in np.ndindex(shape):
        if not groups.empty[place]:
            x1, m1 = int(groups.x1[place]), int(groups.n1[place])
            x0, m0 = int(groups.x0[place]), int(groups.n0[place])
            statistic[place], p_value[place] = test(x1, m1, x0, m0, alternative)
    undone = np.isnan(p_value) & ~groups.empty
    why = TOO_LARGE if method == "boschloo" else CONSTANT
    return pack(
        statistic,
        None,
        None,
        p_value,
        level=0.95,
        method=f"{name}, {side}",
        n=groups.patients,
        reasons=[(groups.empty, EMPTY), (undone, why)],
    )


def _fisher(x1: int, n1: int, x0: int, n0: int, alternative: str) -> tuple[float, float]:
    return Conditional(n1, n0, x1 + x0, central=True).fisher(x1, alternative)


def _fisher_midp(x1: int, n1: int, x0: int, n0: int, alternative: str) -> tuple[float, float]:
    if x1 + x0 in (0, n1 + n0):
        return math.nan, math.nan  # half of one certain table would pass for a P of 0.5
    return Conditional(n1, n0, x1 + x0, central=True).fisher(x1, alternative, mid=True)


def _pearson(x1: int, n1: int, x0: int, n0: int, alternative: str) -> tuple[float, float]:
    events, total = x1 + x0, n1 + n0
    if events in (0, total):
        return math.nan, math.nan
    z = (x1 * n0 - x0 * n1) * math.sqrt(total / (events * (total - events) * n1 * n0))
    tail = {"two-sided": 2 * normal_tail(abs(z)), "greater": normal_tail(z), "less": normal_tail(-z)}
    return z * z, tail[alternative]


def normal_tail(z: float) -> float:
    """Return the standard normal probability above z."""
    return math.erfc(z / math.sqrt(2)) / 2
