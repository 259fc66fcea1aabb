"""A trend of a proportion over ordered groups."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from report_helpers.statistics.estimate import (
    CountError,
    Estimate,
    check_events,
    normal_p,
    pack,
    whole_numbers,
)


def trend(events: ArrayLike, ns: ArrayLike, scores: ArrayLike | None = None) -> Estimate:
    """Test whether the risk rises or falls over ordered groups (Cochran-Armitage).

    The asymptotic test without continuity correction and with the binomial variance (N, not N - 1, as in
    R's ``prop.trend.test``) [1]_ [2]_.

    Parameters
    ----------
    events, ns : array_like of int, shape (groups,)
        Patients with the event, and patients, per group, in order.
    scores : array_like of float, shape (groups,), optional
        The groups' places on the scale; 1, 2, 3, ... by default.

    Returns
    -------
    Estimate
        ``value`` is the standard normal statistic, above 0 where the risk rises; no limits.

    Raises
    ------
    CountError
        If a count is negative, not whole or missing, events exceed patients, or lists differ in length.
    ValueError
        If a score is not finite.

    References
    ----------
    .. [1] Cochran WG. Biometrics 1954;10:417-451.
    .. [2] Armitage P. Biometrics 1955;11:375-386.

    Examples
    --------
    >>> test = trend([8, 10, 11, 22, 6], [61, 58, 111, 124, 135])
    >>> f"z = {test.value:.3f}, P = {test.p_value:.4f}"
    'z = -1.788, P = 0.0738'
    """
    x, n = whole_numbers("events", events), whole_numbers("ns", ns)
    try:
        given = np.arange(1, x.size + 1) if scores is None else scores
        s = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise ValueError("scores must be finite numbers") from None
    if x.ndim != 1 or x.shape != n.shape or x.shape != s.shape:
        raise CountError(
            "events, ns and scores must be lists of one length", remedy="Give one entry per group."
        )
    if not np.all(np.isfinite(s)):
        raise ValueError("scores must be finite numbers")
    check_events(x, n, "a group")
    total, z, reason = float(n.sum()), math.nan, ""
    if total == 0:
        reason = "no patients"
    elif x.sum() in (0, total):
        reason = "no test: nobody, or everybody, has the event"
    elif np.ptp(s[n > 0]) == 0:
        reason = "no test: all patients have one score"
    else:
        risk = float(x.sum()) / total
        s = s / np.abs(s).max()  # the unit of the scores does not matter, their squares might overflow
        distance = s - float(np.dot(n, s)) / total
        distance = distance / np.abs(distance).max()
        z = float(np.dot(distance, x)) / math.sqrt(risk * (1 - risk) * float(np.dot(n, distance**2)))
    return pack(
        z,
        None,
        None,
        normal_p(np.asarray(z)),
        level=0.95,
        method="Cochran-Armitage trend test",
        n=int(total),
        reasons=[(bool(reason), reason)],
    )
