"""The distribution of group 1's events once both margins of a two-by-two table are fixed."""

from __future__ import annotations

import math

import numpy as np

from report_helpers.statistics.estimate import Array

# Probabilities that differ by less than this share are equal: rounding must not split a tie (as in R).
TIE = 1 + 1e-7
STEPS = 200
SCARCE = 800.0


class Conditional:
    """The (non-central) hypergeometric distribution of events in group 1.

    Parameters
    ----------
    n1, n0 : int
        Patients in each group.
    events : int
        Events in both together.
    central : bool
        Whether only an odds ratio of 1 will be asked about; then numbers too far out to have a chance in
        floating point are left out, and the work grows with the root of the patients.

    Notes
    -----
    Probabilities come from the ratios of neighbours, added up on the log scale outwards from the mode and
    normalised, so that no factorial of a large number is taken and the sum is 1 by construction.
    """

    def __init__(self, n1: int, n0: int, events: int, *, central: bool = False) -> None:
        self.first = max(0, events - n0)
        self.last = min(n1, events)
        if central:
            mean, reach = _reach(n1, n0, events)
            self.first = max(self.first, math.floor(mean - reach))
            self.last = min(self.last, math.ceil(mean + reach))
        self.support: Array = np.arange(self.first, self.last + 1, dtype=np.float64)
        k = self.support[1:]
        steps = np.log((n1 - k + 1) * (events - k + 1)) - np.log(k * (n0 - events + k))
        mode = int(np.count_nonzero(steps > 0))  # the steps fall from left to right
        left, right = steps[:mode], steps[mode:]
        self._log_weights: Array = np.concatenate([-np.cumsum(left[::-1])[::-1], [0.0], np.cumsum(right)])

    def probabilities(self, log_odds_ratio: float = 0.0) -> Array:
        """Return the probability of each number in ``support`` under a log odds ratio."""
        logs = self._log_weights + log_odds_ratio * (self.support - self.first)
        weights = np.exp(logs - logs.max())
        chances: Array = weights / weights.sum()
        return chances

    def likeliest(self, observed: int, start: float) -> float:
        """Return the log odds ratio under which the mean is the observed number (an inner one)."""
        log, step = start, math.inf
        for _ in range(STEPS):
            chances = self.probabilities(log)
            mean = float(chances @ self.support)
            variance = float(chances @ (self.support - mean) ** 2)
            # Never further than 1 at once: the mean flattens out far from its root.
            last, step = step, max(-1.0, min(1.0, (observed - mean) / max(variance, 1e-300)))
            log += step
            if _settled(step, last, log):
                break
        return log

    def tail_reaches(self, observed: int, log_chance: float, start: float, upper: bool) -> float:
        """Return the log odds ratio under which a tail from the observed number on has the given chance.

        The log of a tail's chance is concave in the log odds ratio, with the difference of two means as its
        slope, so that Newton's steps converge from anywhere.

        Parameters
        ----------
        observed : int
            Where the tail begins, itself included.
        log_chance : float
            Natural logarithm of the tail's chance.
        start : float
            First guess.
        upper : bool
            The tail of larger numbers, or of smaller ones.
        """
        inside = self.support >= observed if upper else self.support <= observed
        log, step = start, math.inf
        for _ in range(STEPS):
            logs = self._log_weights + log * (self.support - self.first)
            top, peak = logs[inside].max(), logs.max()
            tail, whole = np.exp(logs[inside] - top), np.exp(logs - peak)
            reached = top - peak + math.log(tail.sum() / whole.sum())
            slope = float(tail @ self.support[inside] / tail.sum() - whole @ self.support / whole.sum())
            last, step = step, (log_chance - reached) / slope
            log += step
            if _settled(step, last, log):
                break
        return log

    def fisher(self, observed: int, alternative: str = "two-sided", mid: bool = False) -> tuple[float, float]:
        """Return the observed number's probability and its P value.

        Parameters
        ----------
        observed : int
            Events in group 1.
        alternative : {"two-sided", "greater", "less"}
            Two-sided: all numbers no likelier than the observed one.
        mid : bool
            Whether to count only half the probability of what is exactly as extreme as observed (two-sided:
            every number as likely as the observed one).
        """
        if not self.first <= observed <= self.last:  # too far out to have a chance
            whole_tail = {"less": observed > self.last, "greater": observed < self.first}
            return 0.0, float(whole_tail.get(alternative, False))
        chances = self.probabilities()
        place = observed - self.first
        here = chances[place]
        if alternative == "greater":
            tail, level = chances[place:], here
        elif alternative == "less":
            tail, level = chances[: place + 1], here
        else:
            tail = chances[chances <= here * TIE]
            level = tail[tail * TIE >= here].sum()
        # Smallest first keeps the digits of a far tail.
        p_value = float(np.sort(tail).sum()) - (float(level) / 2 if mid else 0.0)
        return float(here), min(p_value, 1.0)


def _reach(n1: int, n0: int, events: int) -> tuple[float, float]:
    """Return the mean, and a distance from it beyond which no number has a chance in floating point.

    Bernstein's inequality, which holds for drawing without replacement too (Hoeffding W. J Am Stat Assoc
    1963;58:13-30), puts less than exp(-SCARCE) beyond it; the smallest float is exp(-745).
    """
    total = max(n1 + n0, 1)
    share, events_share = n1 / total, events / total
    # Patients drawn for events, or events drawn for patients: either binomial variance is large enough.
    by_group = min(n1, n0) * events_share * (1 - events_share)
    by_event = min(events, total - events) * share * (1 - share)
    variance = min(by_group, by_event)
    third = SCARCE / 3
    return n1 * events_share, third + math.sqrt(third**2 + 2 * SCARCE * variance)


def _settled(step: float, last: float, log: float) -> bool:
    """Return whether a search has converged, or is down to rounding and no longer improves."""
    scale = max(1.0, abs(log))
    return abs(step) < 1e-14 * scale or (abs(step) < 1e-7 * scale and abs(step) >= abs(last) / 2)
