"""The scales on which an estimate's limits are symmetric, and the standard error behind them."""

from __future__ import annotations

import math
from typing import Literal

from report_helpers.statistics.estimate import Estimate, quantile

Scale = Literal["plain", "log", "logit"]


def standard_error(estimate: Estimate, *, scale: Scale = "plain") -> float | None:
    """Return the standard error that an estimate's Wald limits were made with.

    Parameters
    ----------
    estimate : Estimate
        With limits value -/+ z times the standard error on the scale named, whatever their level.
    scale : {"plain", "log", "logit"}
        Where the limits are symmetric.

    Returns
    -------
    float or None
        On that scale; ``None`` without a value or limits.

    Examples
    --------
    >>> ratio = Estimate(2.0, 1.0, 4.0, 0.95, None, "a risk ratio", 100)
    >>> f"{standard_error(ratio, scale='log'):.3f}"
    '0.354'
    """
    centre, low, high = (on_scale(end, scale) for end in (estimate.value, estimate.low, estimate.high))
    if centre is None or low is None or high is None:
        return None
    # A difference's limits are cut at -1 and 1: the longer side is the whole one.
    return max(high - centre, centre - low) / quantile(estimate.level)


def on_scale(number: float | None, scale: Scale) -> float | None:
    """Return a number on the scale, or None where it is not on it."""
    if number is None or (scale != "plain" and number <= 0) or (scale == "logit" and number >= 1):
        return None
    if scale == "plain":
        return number
    return math.log(number) if scale == "log" else math.log(number) - math.log1p(-number)
