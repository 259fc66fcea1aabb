"""One proportion and its confidence interval."""

from __future__ import annotations

import numpy as np

from report_helpers.statistics.estimate import (
    Array,
    Counts,
    Estimate,
    check_events,
    choose,
    pack,
    quantile,
    together,
    whole_numbers,
)

Limits = tuple[Array, Array]

NAMES = {
    "wilson": "Wilson score interval",
    "clopper_pearson": "Clopper-Pearson exact interval",
    "jeffreys": "Jeffreys interval",
}


def proportion(events: Counts, n: Counts, method: str = "wilson", level: float = 0.95) -> Estimate:
    """Estimate the proportion of patients with an event.

    Parameters
    ----------
    events, n : int or array_like of int
        Patients with the event, and patients. Arrays broadcast and give an ``Estimate`` of masked arrays.
    method : {"wilson", "clopper_pearson", "jeffreys"}
        Wilson's score interval without continuity correction [1]_; the exact interval of Clopper and
        Pearson from the two one-sided binomial tests [2]_, never below its level; or the equal-tailed
        interval of the Beta(events + 1/2, n - events + 1/2) posterior [3]_, *without* moving a limit to 0
        or 1 when no or all patients have the event, so that there it leaves the estimate outside.
    level : float
        Confidence level as a fraction.

    Returns
    -------
    Estimate
        ``value`` is a fraction from 0 to 1. An empty group has no value and no limits.

    Raises
    ------
    CountError
        If a count is negative, not whole or missing, or events exceed patients.
    ValueError
        If the method or the level is unknown.

    References
    ----------
    .. [1] Wilson EB. J Am Stat Assoc 1927;22:209-212; Newcombe RG. Stat Med 1998;17:857-872, method 3.
    .. [2] Clopper CJ, Pearson ES. Biometrika 1934;26:404-413.
    .. [3] Brown LD, Cai TT, DasGupta A. Stat Sci 2001;16:101-133.

    Examples
    --------
    >>> rate = proportion(81, 263)
    >>> f"{rate.value:.4f} ({rate.low:.4f} to {rate.high:.4f})"
    '0.3080 (0.2553 to 0.3662)'
    """
    limits = choose(
        "proportion", method, {"wilson": _score, "clopper_pearson": _exact, "jeffreys": _jeffreys}
    )
    quantile(level)  # checks the level
    x, m = together(whole_numbers("events", events), whole_numbers("n", n))
    check_events(x, m, "the group")
    empty = m == 0
    size = np.where(empty, 1.0, m)
    low, high = limits(x, size, level)
    return pack(
        np.where(empty, np.nan, x / size),
        np.where(empty, np.nan, low),
        np.where(empty, np.nan, high),
        None,
        level=level,
        method=NAMES[method],
        n=m,
        reasons=[(empty, "no patients in the group")],
    )


def wilson(x: Array, n: Array, z: float) -> Limits:
    """Return Wilson limits for patients n > 0 and the normal quantile z.

    Each limit comes from the product of the two roots or, further from its end of the scale, from their sum,
    so that a few events among millions of patients cost no digits, and none, or all, give exactly 0, or 1.
    """
    low, high = _wilson_low(x, n, z), _wilson_low(n - x, n, z)
    upper = (x + z * z / 2 + z * np.sqrt(x * (n - x) / n + z * z / 4)) / (n + z * z)
    return low, np.where(2 * x < n, upper, 1 - high)


def _wilson_low(x: Array, n: Array, z: float) -> Array:
    high = x + z * z / 2 + z * np.sqrt(x * (n - x) / n + z * z / 4)
    low: Array = x * x / (n * high)
    return low


def _score(x: Array, n: Array, level: float) -> Limits:
    return wilson(x, n, quantile(level))


def _exact(x: Array, n: Array, level: float) -> Limits:
    from scipy.special import betainccinv, betaincinv

    tail = (1 - level) / 2
    # Beta quantiles need positive shapes; the two edges are 0 and 1 by definition.
    low = np.where(x == 0, 0.0, betaincinv(np.where(x == 0, 1.0, x), n - x + 1, tail))
    high = np.where(x == n, 1.0, betainccinv(x + 1, np.where(x == n, 1.0, n - x), tail))
    return low, high


def _jeffreys(x: Array, n: Array, level: float) -> Limits:
    from scipy.special import betainccinv, betaincinv

    tail = (1 - level) / 2
    low = betaincinv(x + 0.5, n - x + 0.5, tail)
    high = betainccinv(x + 0.5, n - x + 0.5, tail)
    return np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
