"""Limits of the asymptotic score intervals for two independent proportions.

Both follow the curve of constrained maximum likelihood estimates by its Lagrange multiplier. There the
estimates under the constraint are the root of a quadratic, or even of a line, and the score statistic is the
multiplier times a standard error, so that each limit is the root of *one* monotone function: no cubic to
solve inside a search, and no digits lost at 0, n or among millions of patients.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from report_helpers.statistics.estimate import Array

CLOSE = 4 * float(np.finfo(np.float64).eps)
ROUNDS = 60  # each halves the bracket at least, a float has 53 bits; five or six rounds are usual


def root(increasing: Callable[[Array], Array], low: Array, high: Array, close: float = CLOSE) -> Array:
    """Return, element by element, where an increasing function crosses 0 between low and high.

    Ridders' method (IEEE Trans Circuits Syst 1979;26:979-980): it never leaves the bracket. Where the
    function does not cross, the nearer end comes back. ``close`` is the relative accuracy.
    """
    below, above = increasing(low), increasing(high)
    found = np.where(below >= 0, low, high)
    crosses = (below < 0) & (above > 0)
    for _ in range(ROUNDS):
        middle = (low + high) / 2
        inside = increasing(middle)
        slope = np.sqrt(inside * inside - np.where(crosses, below * above, -1.0))
        shift = np.where(inside == 0, 0.0, (middle - low) * inside / np.where(slope > 0, slope, 1.0))
        nearer = np.clip(middle - shift, low, high)
        there = increasing(nearer)
        settled = (np.abs(nearer - found) <= close * np.abs(nearer)) | (there == 0)
        found = np.where(crosses, nearer, found)
        crosses &= ~settled
        if not crosses.any():
            break
        for point, height in ((middle, inside), (nearer, there)):
            under = (height <= 0) & (point >= low) & crosses
            over = (height > 0) & (point <= high) & crosses
            low, below = np.where(under, point, low), np.where(under, height, below)
            high, above = np.where(over, point, high), np.where(over, height, above)
    return np.asarray(found, dtype=np.float64)


def difference_high(x1: Array, n1: Array, x0: Array, n0: Array, chi2: Array) -> Array:
    """Return the upper score limit of p1 - p0.

    With the multiplier k > 0 of the constraint p1 - p0 = d the likelihood equations are
    x1 - n1 p1 = -k p1 (1 - p1) and x0 - n0 p0 = k p0 (1 - p0), and the squared score statistic is
    k^2 [p1 (1 - p1)/n1 + p0 (1 - p0)/n0], increasing in k.

    Parameters
    ----------
    x1, n1, x0, n0 : ndarray
        Events and patients, patients above 0.
    chi2 : ndarray
        Critical value of the squared statistic, with its small-sample factor.
    """

    def statistic(k: Array) -> Array:
        p1, p0 = _raised(x1, n1, k), 1 - _raised(n0 - x0, n0, k)
        variance: Array = p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0
        return k * k * variance

    # p (1 - p) is at most 1/4, which bounds the multiplier from below; it has no bound above.
    high = np.sqrt(chi2 / (0.25 / n1 + 0.25 / n0))
    certain = (x1 == n1) & (x0 == 0)  # the estimate is 1 already
    for _ in range(200):
        short = ~certain & (statistic(high) < chi2)
        if not np.any(short):
            break
        high = np.where(short, 2 * high, high)
    k = root(lambda k: statistic(k) - chi2, high / 2, high)
    limit = _raised(x1, n1, k) - (1 - _raised(n0 - x0, n0, k))
    return np.where(certain, 1.0, np.clip(limit, x1 / n1 - x0 / n0, 1.0))


def _raised(x: Array, n: Array, k: Array) -> Array:
    """Return the root p of x - n p = -k p (1 - p) for k > 0: the proportion pulled up by k."""
    root = np.sqrt((n - k) ** 2 + 4 * k * x)
    # Each branch adds positive terms only.
    below = n > k
    small = 2 * x / np.where(below, n - k + root, 1.0)
    large = (k - n + root) / (2 * k)
    return np.where(below, small, large)


def ratio_high(x1: Array, n1: Array, x0: Array, n0: Array, chi2: Array) -> Array:
    """Return the upper score limit of p1 / p0, infinite where the reference group has no events.

    With the multiplier m of the constraint p1 = r p0 the estimates are p1 = (x1 + m)/(n1 + m) and
    p0 = (x0 - m)/(n0 - m), and the squared score statistic is
    m^2 [(1 - p1)/(n1 p1) + (1 - p0)/(n0 p0)] (Koopman's chi-square), increasing in m from 0 to x0.

    Parameters
    ----------
    x1, n1, x0, n0, chi2
        As in ``difference_high``.
    """
    some, all_events = x0 > 0, x0 == n0
    top = np.where(some, x0, 1.0)
    spread1, spread0 = (n1 - x1) / n1, (n0 - x0) / n0

    def excess(m: Array) -> Array:
        # The statistic less its critical value, times x0 - m, which cancels where all have the event.
        left = np.where(all_events, 1.0, top - m)
        share = np.where(x1 > 0, m / np.where(x1 > 0, x1 + m, 1.0), 1.0)
        above: Array = m * m * spread0 + left * (m * share * spread1 - chi2)
        return above

    m = root(excess, np.zeros_like(top), top)
    # Where every reference patient has the event and m has reached n0, p0 leaves 1 and m stays.
    unspent = np.where(all_events, chi2 / n0 - n0 * spread1 / (x1 + top), 0.0)
    odds0 = np.where(all_events, np.maximum(unspent, 0.0), (n0 - x0) / np.where(x0 > m, x0 - m, 1.0))
    return np.where(some, (x1 + m) / (n1 + m) * (1 + odds0), np.inf)
