"""Limits of a difference or a ratio recovered from the limits of its two parts (MOVER).

Square-and-add after Newcombe RG, Stat Med 1998;17:873-890 and Zou GY, Donner A, Stat Med 2008;27:1693-1702;
the ratio after Donner A, Zou GY, Stat Methods Med Res 2012;21:347-359. The parts must be independent.
"""

from __future__ import annotations

import numpy as np

from report_helpers.statistics.estimate import Array


def mover_difference(
    value1: Array, low1: Array, high1: Array, value0: Array, low0: Array, high0: Array
) -> tuple[Array, Array]:
    """Return the limits of value1 - value0."""
    difference = value1 - value0
    low = difference - np.hypot(value1 - low1, high0 - value0)
    high = difference + np.hypot(high1 - value1, value0 - low0)
    return low, high


def mover_ratio(
    value1: Array, low1: Array, high1: Array, value0: Array, low0: Array, high0: Array
) -> tuple[Array, Array]:
    """Return the limits of value1 / value0 for parts from 0 up; infinite above where low0 is 0."""
    product = value1 * value0
    reach1, reach0 = low1 * (2 * value1 - low1), high0 * (2 * value0 - high0)
    # The smaller root is written with its conjugate below, which stays finite where value0 is 0.
    below = product + np.sqrt(np.maximum(product**2 - reach1 * reach0, 0.0))
    low = np.where(reach1 > 0, reach1 / np.where(below > 0, below, 1.0), 0.0)
    reach1, reach0 = high1 * (2 * value1 - high1), low0 * (2 * value0 - low0)
    above = product + np.sqrt(np.maximum(product**2 - reach1 * reach0, 0.0))
    high = np.where(reach0 > 0, above / np.where(reach0 > 0, reach0, 1.0), np.inf)
    return low, high
