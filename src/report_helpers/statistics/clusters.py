"""One group of clusters: the ratio estimator, its variance and its limits.

See ``clustered`` for the method and its sources.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from report_helpers.statistics.estimate import Array, CountError, quantile, whole_numbers
from report_helpers.statistics.proportions import wilson

EMPTY = "no units in a group"
CROWDED = "at least as many events as units in a group, spread unevenly: no limits"
ROBUST = "cluster-robust (linearised) variance, logit t limits"
KISH = "no variance between clusters: Wilson limits for Kish's effective number of units"


@dataclass(frozen=True, slots=True)
class Group:
    """A clustered proportion and its limits, NaN without units; variance 0 where clusters do not vary."""

    value: float
    low: float
    high: float
    variance: float
    clusters: int
    limits: str

    @property
    def crowded(self) -> bool:
        """Whether events outnumber units so that a proportion's limits do not exist."""
        return self.clusters > 0 and math.isnan(self.low)

    @property
    def sides(self) -> tuple[Array, Array, Array]:
        """The proportion and its limits, for recovering those of a contrast."""
        return np.asarray(self.value), np.asarray(self.low), np.asarray(self.high)


def estimate_group(
    name: str, events: ArrayLike, sizes: ArrayLike, level: float, times: ArrayLike | None = None
) -> Group:
    """Check one group's clusters, each standing for `times` alike ones, and estimate its proportion."""
    x, m = whole_numbers(f"events of {name}", events), whole_numbers(f"sizes of {name}", sizes)
    copies = np.ones_like(m) if times is None else whole_numbers(f"times of {name}", times)
    if x.ndim != 1 or x.shape != m.shape or copies.shape != m.shape:
        raise CountError(
            f"{name} must have one list of events and one of sizes (and of times, if given), equally long",
            remedy="Give one entry per cluster (patient), 0 events included.",
        )
    if np.any(x[m == 0] > 0):
        raise CountError(
            f"{name} has events in a cluster without units", remedy="Give the cluster its units."
        )
    quantile(level)  # checks the level
    counted = (m > 0) & (copies > 0)
    x, m, copies = x[counted], m[counted], copies[counted]
    k, total, events_total = int(copies.sum()), float(m @ copies), float(x @ copies)
    if k == 0:
        return Group(math.nan, math.nan, math.nan, 0.0, 0, ROBUST)
    p = events_total / total
    # In whole numbers until the end, so that clusters that do not vary give 0 and not a rounding error.
    residuals = x * total - events_total * m
    variance = float(np.sum(copies * (residuals / total**2) ** 2)) * k / (k - 1) if k > 1 else 0.0
    if variance == 0 and p <= 1:
        units = total**2 / float(np.sum(copies * m**2))
        low, high = wilson(np.asarray(p * units), np.asarray(units), quantile(level))
        return Group(p, min(float(low), p), max(float(high), p), 0.0, k, KISH)
    if p >= 1:
        return Group(p, math.nan, math.nan, variance, k, ROBUST)
    from scipy.special import expit, stdtrit

    error = float(stdtrit(k - 1, (1 + level) / 2)) * math.sqrt(variance) / (p * (1 - p))
    logit = math.log(p / (1 - p))
    return Group(p, float(expit(logit - error)), float(expit(logit + error)), variance, k, ROBUST)
