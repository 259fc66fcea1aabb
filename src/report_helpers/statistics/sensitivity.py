"""How strong unmeasured confounding would have to be."""

from __future__ import annotations

import math
from numbers import Real

from report_helpers.statistics.estimate import Estimate

SMALLEST = 1e-300  # whose reciprocal is still a number


def e_value(ratio: float | None, low: float | None = None, high: float | None = None) -> Estimate:
    """Return the E-value of a risk ratio and of its confidence limit nearer 1.

    The smallest risk ratio that an unmeasured confounder would need with both treatment and outcome,
    beyond the measured covariates, to explain the estimate away: RR + sqrt(RR (RR - 1)), with 1/RR in
    place of a ratio below 1 [1]_. Give a risk ratio, or an odds ratio of a rare outcome.

    Parameters
    ----------
    ratio : float or None
        Risk ratio, above 0.
    low, high : float or None
        Its confidence limits; ``None`` where there is none.

    Returns
    -------
    Estimate
        ``value`` is the E-value of the ratio; ``low`` that of the limit nearer 1, and 1 where the interval
        includes 1; ``high`` is always ``None``, as an E-value has one limit; ``n`` is 0, not being known.

    Raises
    ------
    ValueError
        If a ratio is negative or not finite, or the limits do not enclose it.

    References
    ----------
    .. [1] VanderWeele TJ, Ding P. Ann Intern Med 2017;167:268-274.

    Examples
    --------
    >>> shown = e_value(3.9, 1.8, 8.7)
    >>> f"{shown.value:.2f}, limit {shown.low:.2f}"
    '7.26, limit 3.00'
    """
    given = [number for number in (low, ratio, high) if number is not None]
    if not all(isinstance(number, Real) for number in given):
        raise ValueError("ratio, low and high must be single numbers, or None")
    if not all(math.isfinite(number) and number >= 0 for number in given):
        raise ValueError("ratio, low and high must be finite and not negative, or None")
    if given != sorted(given):
        raise ValueError("the limits must enclose the ratio: low <= ratio <= high")
    if ratio is None or ratio == 0:
        return _result(None, None, "no ratio" if ratio is None else "a ratio of 0 has no finite E-value")
    value = _strength(ratio)
    if value is None:
        return _result(None, None, "the ratio is too far from 1")
    nearer = low if ratio >= 1 else high
    if (low is not None and low <= 1 <= ratio) or (high is not None and ratio <= 1 <= high):
        return _result(value, 1.0, "")
    if nearer is None:
        return _result(value, None, "no confidence limit on the side of 1")
    return _result(value, _strength(nearer), "")


def _strength(ratio: float) -> float | None:
    if ratio < SMALLEST:
        return None
    away = float(ratio) if ratio >= 1 else 1 / float(ratio)
    # Two roots: the product of two large numbers would overflow.
    value = away + math.sqrt(away) * math.sqrt(away - 1)
    return value if math.isfinite(value) else None


def _result(value: float | None, limit: float | None, reason: str) -> Estimate:
    return Estimate(value, limit, None, 0.95, None, "E-value (VanderWeele and Ding)", 0, reason)
