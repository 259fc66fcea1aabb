"""Standardised differences: how far apart two groups are in one characteristic, whatever its unit."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from numbers import Real

import numpy as np
from numpy.typing import NDArray

from report_helpers.statistics.design import Design
from report_helpers.statistics.estimate import Array, CountError, Counts, whole_numbers


@dataclass(frozen=True, slots=True)
class Balance:
    """How far apart two arms are in one characteristic, before and after weighting.

    Attributes
    ----------
    covariate, level : str
        The column, and the category's level; "" for a number.
    before, after : float or None
        Standardised mean difference, arm 1 minus arm 0; ``None`` where the arms differ but neither varies,
        and ``after`` too where nothing was weighted.
    """

    covariate: str
    level: str
    before: float | None
    after: float | None


def balance(data: Design, treated: NDArray[np.bool_], weights: Array | None) -> tuple[Balance, ...]:
    """Return the standardised mean differences of a design's covariates (all terms from the third on).

    Each difference of means (of shares, for a level or a number of 0 and 1) is divided by
    sqrt((s1^2 + s0^2)/2) with the arms' variances before weighting [1]_, so that before and after
    have one denominator [2]_. Of a category with two levels the second stands for both.

    Parameters
    ----------
    data : Design
        With the treatment as its second column.
    treated : ndarray of bool, shape (rows,)
        Both arms have a row.
    weights : ndarray, shape (rows,), optional
        Above 0.

    References
    ----------
    .. [1] Austin PC. Stat Med 2009;28:3083-3107.
    .. [2] Stuart EA. Stat Sci 2010;25:1-21.
    """
    found = []
    for covariate, level, values, share in _characteristics(data, all_levels=False):
        first, second = values[treated], values[~treated]
        variances = [
            arm.mean() * (1 - arm.mean()) if share else arm.var(ddof=1) if len(arm) > 1 else 0.0
            for arm in (first, second)
        ]
        spread = math.sqrt(float(sum(variances)) / 2)

        def standardise(difference: float, spread: float = spread) -> float | None:
            if abs(difference) < 1e-12:
                return 0.0
            return difference / spread if spread > 0 else None

        before = standardise(float(first.mean() - second.mean()))
        after = None
        if weights is not None:
            means = [
                np.average(arm, weights=weights[rows]) for arm, rows in ((first, treated), (second, ~treated))
            ]
            after = standardise(float(means[0] - means[1]))
        found.append(Balance(covariate, level, before, after))
    return tuple(found)


def one_sided_levels(data: Design, treated: NDArray[np.bool_]) -> list[str]:
    """Return the levels (and values of 0/1 numbers) of a design's covariates that one arm does not have."""
    alone = []
    for covariate, level, values, share in _characteristics(data, all_levels=True):
        if not share:
            continue
        for value, name in ((1, level or "1"), (0, "" if level else "0")):
            has = values == value
            if name and has.any() and (has[treated].any() != has[~treated].any()):
                alone.append(f"{covariate} {name}")
    return alone


def _characteristics(data: Design, all_levels: bool) -> Iterator[tuple[str, str, Array, bool]]:
    """Yield column, level, values, and whether they are 0 and 1, of each covariate's terms."""
    for covariate in dict.fromkeys(data.columns[2:]):
        places = [place for place, owner in enumerate(data.columns) if owner == covariate and place > 1]
        dummies = data.matrix[:, places]
        levels = data.levels.get(covariate)
        if levels is None:
            yield covariate, "", dummies[:, 0], bool(np.isin(dummies, (0, 1)).all())
            continue
        if all_levels or len(levels) > 2:
            yield covariate, levels[0], 1 - dummies.sum(axis=1), True
        for place, level in enumerate(levels[1:]):
            yield covariate, level, dummies[:, place], True


def standardised_difference_means(mean1: float, sd1: float, mean0: float, sd0: float) -> float | None:
    """Return the standardised difference of two means, group 1 minus group 0.

    The denominator is the root of the two variances' plain mean (pooled over the groups, not weighted by
    their sizes; not the treated group's SD) [1]_.

    Parameters
    ----------
    mean1, sd1, mean0, sd0 : float
        Means and standard deviations, all in one unit.

    Returns
    -------
    float or None
        In standard deviations; ``None`` where the means differ but neither group varies.

    Raises
    ------
    ValueError
        If a number is not finite or a standard deviation is negative.

    References
    ----------
    .. [1] Austin PC. Stat Med 2009;28:3083-3107.

    Examples
    --------
    >>> smd = standardised_difference_means(36.1, 4.0, 35.2, 4.2)
    >>> f"{smd:.3f}"
    '0.219'
    """
    given = (mean1, sd1, mean0, sd0)
    if not all(isinstance(one, Real) and math.isfinite(one) for one in given) or sd1 < 0 or sd0 < 0:
        raise ValueError("means must be finite and standard deviations finite and not negative")
    if mean1 == mean0:
        return 0.0
    spread = math.hypot(sd1, sd0) / math.sqrt(2)
    if spread == 0:
        return None
    difference = mean1 / spread - mean0 / spread  # each first: the difference of two large means may overflow
    return float(difference) if math.isfinite(difference) else None


def standardised_difference_proportions(counts1: Counts, counts0: Counts) -> float | None:
    """Return the standardised difference of two groups in a characteristic with categories.

    Yang and Dalton's multivariate (Mahalanobis) distance between the two vectors of proportions [1]_. It
    has no sign. With two categories it is the size of Austin's difference of proportions over
    sqrt([p1 (1 - p1) + p0 (1 - p0)]/2).

    Parameters
    ----------
    counts1, counts0 : array_like of int, shape (categories,)
        Patients per category, in the same order in both groups.

    Returns
    -------
    float or None
        0 or above; ``None`` for an empty group, or where the groups share no category that varies so that
        the distance is infinite.

    Raises
    ------
    CountError
        If counts are negative, not whole, or the two lists differ in length.

    References
    ----------
    .. [1] Yang D, Dalton JE. SAS Global Forum 2012, paper 335.

    Examples
    --------
    >>> smd = standardised_difference_proportions([30, 50, 20], [45, 40, 15])
    >>> f"{smd:.3f}"
    '0.314'
    """
    first, second = np.atleast_1d(whole_numbers("counts1", counts1), whole_numbers("counts0", counts0))
    if first.ndim != 1 or first.shape != second.shape:
        raise CountError(
            "the two groups must list the same categories",
            remedy="Give one count per category, 0 included.",
        )
    if first.sum() == 0 or second.sum() == 0:
        return None
    if not np.any(first * second.sum() != second * first.sum()):
        return 0.0
    if not np.any((first > 0) & (second > 0)):
        return None  # a weighting of the categories is constant in each group, and differs
    used = first + second > 0
    first, second = first[used], second[used]
    # One category follows from the others; dropping the largest loses the fewest digits.
    kept = np.arange(len(first)) != (first / first.sum() + second / second.sum()).argmax()
    difference = (first / first.sum() - second / second.sum())[kept]
    covariance = ((_multinomial(first) + _multinomial(second)) / 2)[np.ix_(kept, kept)]
    return math.sqrt(max(float(difference @ np.linalg.solve(covariance, difference)), 0.0))


def _multinomial(counts: Array) -> Array:
    """Return the covariance of one patient's categories; from counts, as 1 - p would lose digits."""
    total = counts.sum()
    covariance: Array = np.outer(counts, -counts) / total**2
    np.fill_diagonal(covariance, counts * (total - counts) / total**2)
    return covariance
