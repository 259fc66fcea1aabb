"""P values of a family of tests, adjusted for their number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def holm(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Adjust the P values of one family by Holm's step-down procedure.

    Controls the chance of any false finding in the family, whatever the dependence of its tests [1]_.

    Parameters
    ----------
    p_values : sequence of float or None
        One per test of the family; ``None`` for a test that could not be done, which is kept in its place
        and not counted.

    Returns
    -------
    tuple of (float or None)
        Adjusted P values in the given order, at most 1.

    Raises
    ------
    ValueError
        If a P value is not between 0 and 1.

    References
    ----------
    .. [1] Holm S. Scand J Stat 1979;6:65-70.

    Examples
    --------
    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03, 0.005])]
    [0.03, 0.06, 0.06, 0.02]
    """
    try:
        # A masked P value, as statistics of arrays give it, was not done either.
        given = [None if p is None or np.ma.is_masked(p) else float(p) for p in p_values]
    except (TypeError, ValueError):
        raise ValueError("P values must be a list of numbers, or None for a test not done") from None
    done = [(p, place) for place, p in enumerate(given) if p is not None]
    if not all(0 <= p <= 1 for p, _ in done):
        raise ValueError("P values must lie between 0 and 1, or be None for a test not done")
    adjusted: list[float | None] = [None] * len(given)
    largest = 0.0
    for rank, (p, place) in enumerate(sorted(done)):
        largest = max(largest, min(1.0, (len(done) - rank) * p))
        adjusted[place] = largest
    return tuple(adjusted)
