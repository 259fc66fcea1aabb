"""Donors whose predictions are nearest, one picked at random, for many copies of a data set at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from report_helpers.statistics.estimate import Array

DONORS = 5
CELLS = 2_000_000  # distances held at once, at most
DIGITS = 9  # of a prediction; patients alike in every predictor differ only by rounding


def nearest_donors(theirs: Array, ours: Array, random: np.random.Generator) -> NDArray[np.intp]:
    """Return, for each copy and each row, one of the five donors with the nearest predictions.

    Where more than five are nearest alike, any of those is as likely as another.

    Parameters
    ----------
    theirs : ndarray, shape (copies, donors, indicators)
        The donors' predictions.
    ours : ndarray, shape (copies, rows, indicators)
        Predictions of the rows without a value, in the same unit.
    random : numpy.random.Generator

    Returns
    -------
    ndarray of int, shape (copies, rows)
        Positions among the donors.
    """
    theirs, ours = np.round(theirs, DIGITS), np.round(ours, DIGITS)
    if theirs.shape[2] == 1:
        return _by_order(theirs[..., 0], ours[..., 0], random)
    few = theirs.shape[0] * theirs.shape[1] * ours.shape[1] <= CELLS
    return _by_distance(theirs, ours, random) if few else _by_tree(theirs, ours, random)


def _by_order(theirs: Array, ours: Array, random: np.random.Generator) -> NDArray[np.intp]:
    """Look only at the neighbours in order, there being one prediction."""
    donors = theirs.shape[1]
    count = min(DONORS, donors)
    order = np.argsort(theirs, axis=1)
    ranked = np.take_along_axis(theirs, order, axis=1)
    place = np.stack([row.searchsorted(own) for row, own in zip(ranked, ours, strict=True)])
    # The nearest neighbours lie within so many to the left and to the right.
    window = place[..., None] + np.arange(-count, count)
    outside = (window < 0) | (window >= donors)
    values = np.take_along_axis(ranked[:, None], np.clip(window, 0, donors - 1), axis=2)
    gap = np.where(outside, np.inf, np.abs(values - ours[..., None]))
    by_gap = np.take_along_axis(window, np.argsort(gap, axis=2, kind="stable"), axis=2)
    pick = random.integers(0, count, ours.shape)
    chosen = np.take_along_axis(by_gap, pick[..., None], axis=2)[..., 0]
    # All donors with the nearest value, if they are more than would be picked from.
    first, last = (np.take_along_axis(ends, by_gap[..., 0], axis=1) for ends in _runs(ranked))
    anyone = first + (random.random(ours.shape) * (last + 1 - first)).astype(np.intp)
    return np.take_along_axis(order, np.where(last + 1 - first > count, anyone, chosen), axis=1)


def _runs(ranked: Array) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where the run of equal values that each sorted value belongs to begins and ends."""
    donors = ranked.shape[1]
    new = np.ones((len(ranked), donors + 1), dtype=bool)
    new[:, 1:-1] = ranked[:, 1:] != ranked[:, :-1]
    places = np.arange(donors)
    first = np.maximum.accumulate(np.where(new[:, :-1], places, 0), axis=1)
    ends = np.where(new[:, 1:], places, donors)[:, ::-1]
    return first, np.minimum.accumulate(ends, axis=1)[:, ::-1]


def _by_distance(theirs: Array, ours: Array, random: np.random.Generator) -> NDArray[np.intp]:
    """Compare with every donor, there being several predictions."""
    donors = theirs.shape[1]
    count = min(DONORS, donors)
    gap = np.zeros((*ours.shape[:2], donors))
    for place in range(theirs.shape[2]):
        gap += (ours[:, :, None, place] - theirs[:, None, :, place]) ** 2
    # The highest of random numbers among the five nearest and those at a distance no longer.
    limit = np.partition(gap, count - 1, axis=2)[:, :, count - 1, None]
    found: NDArray[np.intp] = np.argmax(np.where(gap <= limit, random.random(gap.shape), -1.0), axis=2)
    return found


def _by_tree(theirs: Array, ours: Array, random: np.random.Generator) -> NDArray[np.intp]:
    """Look the nearest up in a tree, there being several predictions and many donors.

    Of donors exactly alike any five may be found, the order they are planted in being random.
    """
    from scipy.spatial import KDTree

    count = min(DONORS, theirs.shape[1])
    found = np.empty(ours.shape[:2], dtype=np.intp)
    for copy, (each, own) in enumerate(zip(theirs, ours, strict=True)):
        order = random.permutation(len(each))
        near = np.asarray(KDTree(each[order]).query(own, list(range(1, count + 1)))[1])
        picked = near[np.arange(len(own)), random.integers(0, count, len(own))]
        found[copy] = order[picked]
    return found
