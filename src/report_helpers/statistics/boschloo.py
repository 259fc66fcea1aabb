"""Boschloo's exact unconditional test of two independent proportions."""

from __future__ import annotations

import math

import numpy as np

from report_helpers.statistics.estimate import Array
from report_helpers.statistics.hypergeometric import TIE, Conditional

# About a second each; beyond, Fisher's mid-P test says the same.
TABLES = 4_000_000
PATIENTS = 10_000
TOO_LARGE = f"more than {TABLES:,} possible tables or {PATIENTS:,} patients: use fisher_midp"
POINTS_PER_SD = 10
BLOCK = 2_000_000


def boschloo(x1: int, n1: int, x0: int, n0: int, alternative: str) -> tuple[float, float]:
    """Return Fisher's P of the observed table, and Boschloo's P; NaN for a trial too large.

    Given the total of events m, a table's probability is hypergeometric whatever the common risk, so that
    the chance of a table at least as extreme is a mean of conditional chances over the binomial total:
    one dimension instead of two.
    """
    if (n1 + 1) * (n0 + 1) > TABLES or n1 + n0 > PATIENTS:
        return math.nan, math.nan
    _, observed = Conditional(n1, n0, x1 + x0).fisher(x1, alternative)
    total = n1 + n0
    rejected = np.array([_rejected(Conditional(n1, n0, m), alternative, observed) for m in range(total + 1)])
    return observed, _largest(rejected)


def _rejected(given: Conditional, alternative: str, observed: float) -> float:
    """Return the conditional chance of a Fisher P no larger than the observed one."""
    chances = given.probabilities()
    if alternative == "two-sided":
        order = np.sort(chances)
        # Fisher's P of a table sums every table no likelier, its ties included.
        ends = np.searchsorted(order, order * TIE, side="right")
        attained = np.cumsum(order)[ends - 1]
    elif alternative == "greater":
        attained = np.cumsum(chances[::-1])
    else:
        attained = np.cumsum(chances)
    reached = attained[attained <= observed * TIE]
    return float(reached.max()) if reached.size else 0.0


def _largest(rejected: Array) -> float:
    """Return the largest mean of ``rejected`` over binomial totals, for any common risk.

    On the arcsine scale the binomial spread is even, so that an even grid cannot step over a peak; the
    highest points are then refined.
    """
    total = len(rejected) - 1
    totals = np.arange(total + 1, dtype=np.float64)
    growth = np.log((total - totals[:-1]) / totals[1:])
    log_choices = np.concatenate([[0.0], np.cumsum(growth)])

    def mean(angle: Array) -> Array:
        log_odds = 2 * np.log(np.tan(angle))
        logs = log_choices + np.outer(log_odds, totals) + 2 * total * np.log(np.cos(angle))[:, None]
        chances: Array = np.exp(logs) @ rejected
        return chances

    count = math.ceil(math.pi * math.sqrt(total) * POINTS_PER_SD) + 20
    step = math.pi / 2 / count
    grid = np.linspace(step, math.pi / 2 - step, count)
    rows = max(1, BLOCK // (total + 1))  # bounds the memory of one block of grid points
    heights = np.concatenate([mean(grid[start : start + rows]) for start in range(0, count, rows)])
    centres = grid[np.argsort(heights)[-5:]]
    highest = float(heights.max())
    for _ in range(6):
        nearby = centres[:, None] + step * np.linspace(-1, 1, 21)
        nearby = np.clip(nearby, 1e-9, math.pi / 2 - 1e-9)
        heights = np.concatenate([mean(row) for row in nearby]).reshape(nearby.shape)
        centres = nearby[np.arange(len(nearby)), heights.argmax(axis=1)]
        highest = max(highest, float(heights.max()))
        step /= 10
    return min(highest, 1.0)
