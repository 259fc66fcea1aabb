"""The odds ratio of two groups, group 1 over group 0."""

from __future__ import annotations

import math

import numpy as np

from report_helpers.statistics.estimate import Array, Counts, Estimate, choose, normal_p, pack, quantile
from report_helpers.statistics.groups import EMPTY, TwoGroups, two_groups
from report_helpers.statistics.hypergeometric import Conditional
from report_helpers.statistics.score import root

UNDEFINED = "the odds ratio's denominator is 0: it is undefined"
UNBOUNDED = "the odds ratio has no upper limit"
ZERO_CELL = "Woolf limits need events, and patients without, in both groups: use conditional_exact or firth"


def odds_ratio(
    events1: Counts, n1: Counts, events0: Counts, n0: Counts, method: str = "woolf", level: float = 0.95
) -> Estimate:
    """Estimate the odds of the event in group 1 over those in group 0.

    Parameters
    ----------
    events1, n1, events0, n0 : int or array_like of int
        Patients with the event, and patients, in group 1 and in the reference group 0. Arrays broadcast and
        give an ``Estimate`` of masked arrays.
    method : {"woolf", "conditional_exact", "firth"}
        The sample odds ratio with Woolf's log-normal limits, no halves added, and the Wald P [1]_; the
        conditional maximum likelihood estimate with Cornfield's exact limits from the two one-sided tests
        and Fisher's two-sided P (R's ``fisher.test``) [2]_; or Firth's penalised likelihood, here
        the saturated logistic model (which adds 1/2 to each cell), with *profile* penalised likelihood
        limits and test as in R's ``logistf`` [3]_, finite whatever cell is 0.
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
    .. [1] Woolf B. Ann Hum Genet 1955;19:251-253.
    .. [2] Cornfield J. Proc Third Berkeley Symp 1956;4:135-148.
    .. [3] Firth D. Biometrika 1993;80:27-38; Heinze G, Schemper M. Stat Med 2002;21:2409-2419.

    Examples
    --------
    >>> ratio = odds_ratio(0, 16, 15, 72, method="firth")
    >>> f"{ratio.value:.3f} ({ratio.low:.4f} to {ratio.high:.3f})"
    '0.112 (0.0009 to 0.921)'
    """
    name, inference = choose(
        "odds_ratio",
        method,
        {
            "woolf": ("Woolf log interval and Wald test", _woolf),
            "conditional_exact": ("conditional maximum likelihood, exact limits, Fisher exact test", _exact),
            "firth": ("Firth penalised likelihood, profile limits and test", _firth),
        },
    )
    quantile(level)  # checks the level
    groups = two_groups(events1, n1, events0, n0)
    value, low, high, p_value = (groups.hide_empty(numbers) for numbers in inference(groups, level))
    undefined, unbounded = ~np.isfinite(value), ~np.isfinite(high)
    why = ZERO_CELL if method == "woolf" else UNBOUNDED
    there = ~groups.empty
    return pack(
        value,
        low,
        high,
        p_value,
        level=level,
        method=name,
        n=groups.patients,
        reasons=[(groups.empty, EMPTY), (undefined & there, UNDEFINED), (unbounded & there, why)],
    )


Numbers = tuple[Array, Array, Array, Array]


def _woolf(groups: TwoGroups, level: float) -> Numbers:
    a, b, c, d = groups.x1, groups.n1 - groups.x1, groups.x0, groups.n0 - groups.x0
    below = b * c
    value = a * d / np.where(below > 0, below, np.nan)
    full = (a > 0) & (b > 0) & (c > 0) & (d > 0)
    a, b, c, d = (np.where(full, cell, np.nan) for cell in (a, b, c, d))
    log, error = np.log(a * d / (b * c)), np.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    reach = quantile(level) * error
    return value, np.exp(log - reach), np.exp(log + reach), normal_p(log / error)


def _firth(groups: TwoGroups, level: float) -> Numbers:
    a, b, c, d = (cell + 0.5 for cell in (groups.x1, groups.n1 - groups.x1, groups.x0, groups.n0 - groups.x0))
    chi2 = quantile(level) ** 2
    low = 1 / _firth_high(c, d, a, b, chi2)
    # At an odds ratio of 1 both groups share one risk.
    risk = (a + c) / (a + b + c + d)
    first, second = a + b, c + d
    ratio = _deviance((a, b, c, d), (first * risk, first * (1 - risk), second * risk, second * (1 - risk)))
    p_value = normal_p(np.sqrt(np.maximum(ratio, 0.0)))
    return a * d / (b * c), low, _firth_high(a, b, c, d, chi2), p_value


def _firth_high(a: Array, b: Array, c: Array, d: Array, chi2: float) -> Array:
    """Return the upper profile limit: under a fixed odds ratio m moves between all four fitted cells."""

    def excess(m: Array) -> Array:
        return _deviance((a, b, c, d), (a + m, b - m, c - m, d + m)) - chi2

    m = root(excess, np.zeros_like(a), np.minimum(b, c))
    high: Array = (a + m) * (d + m) / ((b - m) * (c - m))
    return high


def _deviance(observed: tuple[Array, ...], fitted: tuple[Array, ...]) -> Array:
    pairs = zip(observed, fitted, strict=True)
    floor = np.finfo(float).tiny  # a fitted cell that rounds to 0 is "far beyond"
    terms = [cell * (np.log(cell) - np.log(np.maximum(fit, floor))) for cell, fit in pairs]
    total: Array = 2 * np.sum(terms, axis=0)
    return total


def _exact(groups: TwoGroups, level: float) -> Numbers:
    shape = groups.x1.shape
    results = np.full((4, *shape), np.nan)
    for place in np.ndindex(shape):
        x1, n1 = int(groups.x1[place]), int(groups.n1[place])
        x0, n0 = int(groups.x0[place]), int(groups.n0[place])
        given = Conditional(n1, n0, x1 + x0)
        start = math.log((x1 + 0.5) * (n0 - x0 + 0.5) / ((n1 - x1 + 0.5) * (x0 + 0.5)))
        tail = math.log((1 - level) / 2)
        lowest, highest = x1 == given.first, x1 == given.last
        value = math.nan if highest else 0.0 if lowest else math.exp(given.likeliest(x1, start))
        low = 0.0 if lowest else math.exp(given.tail_reaches(x1, tail, start, upper=True))
        high = math.nan if highest else math.exp(given.tail_reaches(x1, tail, start, upper=False))
        results[(slice(None), *place)] = value, low, high, given.fisher(x1)[1]
    value, low, high, p_value = results
    return value, low, high, p_value
