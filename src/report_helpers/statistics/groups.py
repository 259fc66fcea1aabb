"""The counts of two groups, checked once for every method that compares them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from report_helpers.statistics.estimate import (
    Array,
    Counts,
    check_events,
    normal_p,
    together,
    whole_numbers,
)

EMPTY = "no patients in a group"
CONSTANT = "no test: nobody, or everybody, has the event"


@dataclass(frozen=True, slots=True)
class TwoGroups:
    """Counts of two groups, checked and broadcast; patients of an empty group stand as 1 and are marked."""

    x1: Array
    n1: Array
    x0: Array
    n0: Array
    empty: NDArray[np.bool_]
    patients: Array

    @property
    def constant(self) -> NDArray[np.bool_]:
        """Where all patients of both groups have the event, or none has."""
        events = self.x1 + self.x0
        return np.asarray(~self.empty & ((events == 0) | (events == self.n1 + self.n0)))

    @property
    def small_sample(self) -> Array:
        """The variance factor N/(N - 1) of Miettinen and Nurminen."""
        total = self.n1 + self.n0
        return total / (total - 1)

    def p_equal(self, factor: Array | float = 1.0) -> Array:
        """Return the score test's P for equal proportions; NaN where nobody, or everybody, has the event."""
        pooled = (self.x1 + self.x0) / (self.n1 + self.n0)
        variance = factor * pooled * (1 - pooled) * (1 / self.n1 + 1 / self.n0)
        usable = (variance > 0) & ~self.empty
        difference = (self.x1 * self.n0 - self.x0 * self.n1) / (self.n1 * self.n0)
        return np.where(usable, normal_p(difference / np.sqrt(np.where(usable, variance, 1.0))), np.nan)

    def hide_empty(self, numbers: Array) -> Array:
        """Return the numbers with NaN where a group is empty."""
        return np.where(self.empty, np.nan, numbers)


def two_groups(events1: Counts, n1: Counts, events0: Counts, n0: Counts) -> TwoGroups:
    """Check and broadcast the counts of two groups."""
    x1, m1, x0, m0 = together(
        whole_numbers("events1", events1),
        whole_numbers("n1", n1),
        whole_numbers("events0", events0),
        whole_numbers("n0", n0),
    )
    check_events(x1, m1, "group 1")
    check_events(x0, m0, "group 0")
    return TwoGroups(x1, np.maximum(m1, 1), x0, np.maximum(m0, 1), (m1 == 0) | (m0 == 0), m1 + m0)
