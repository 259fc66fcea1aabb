"""Somebody who reads all numbers and works out what they give away; it shares nothing with the program."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from .printed_counts import OUTCOMES, REGIMENS, STRATA, TIMINGS

MARK = "[not shown]"


@dataclass(frozen=True, eq=False)
class Solver:
    """Somebody who knows every printed number, and which combinations of words a patient could have."""

    cells: list[pd.DataFrame]
    reasons: tuple[str, ...]

    @classmethod
    @cache  # the same for all cohorts, and with it what it has looked up
    def of(cls, reasons: tuple[str, ...]) -> Solver:
        treatments = [("none", "none"), *itertools.product(REGIMENS, TIMINGS)]
        answers = ("yes", "no", "unknown")
        rows = [
            (stratum, *treatment, plan, value)
            for stratum, treatment, plan, value in itertools.product(STRATA, treatments, answers, answers)
        ]
        main = pd.DataFrame(rows, columns=["stratum", "regimen", "timing", "plan", "value"])
        further = []
        for outcome in OUTCOMES:
            cells = main.drop(columns="plan").drop_duplicates()
            cells = cells.merge(pd.Series(answers, name=outcome), how="cross")
            further.append(cells[cells["value"].ne("no")].reset_index(drop=True))  # known, or unknown
        return cls([main, *further], reasons)

    @cache  # noqa: B019 - there is one solver
    def vector(self, query: str, *, excluded: tuple[str, ...] = ()) -> np.ndarray:
        """Return a query as a sum over cells: those of the table that has its columns."""
        table = next((n for n, each in enumerate(OUTCOMES, start=1) if f"{each} " in query), 0)
        parts = [np.zeros(len(each)) for each in self.cells]
        if query:
            parts[table][self.cells[table].query(query).index] = 1
        return np.concatenate([*parts, [float(each in excluded) for each in self.reasons]])

    @cache  # noqa: B019
    def links(self) -> np.ndarray:
        """Return that all tables hold the same patients."""
        rows = []
        main = self.cells[0]
        for stratum, regimen, timing in main[["stratum", "regimen", "timing"]].drop_duplicates().to_numpy():
            for known in (True, False):
                sums = []
                for table, cells in enumerate(self.cells):
                    parts = [np.zeros(len(each)) for each in self.cells]
                    parts[table][
                        (cells["stratum"] == stratum)
                        & (cells["regimen"] == regimen)
                        & (cells["timing"] == timing)
                        & ((cells["value"] != "unknown") == known)
                    ] = 1
                    sums.append(np.concatenate([*parts, np.zeros(len(self.reasons))]))
                rows += [sums[0] - each for each in sums[1:]]
        return np.array(rows)


def numbers(text: str) -> tuple[int | None, ...]:
    """Read the number, or the two of a fraction, off a printed text; None where one is not shown."""
    text = text.partition("(n=")[2] or text
    found = re.match(rf"({re.escape(MARK)}|[\d,]+)(?:/({re.escape(MARK)}|[\d,]+))?(?![\d.])", text)
    if not found:
        return ()
    return tuple(
        None if each == MARK else int(each.replace(",", "")) for each in found.groups() if each is not None
    )


def solved(secrets: dict[str, np.ndarray], truth: np.ndarray, printed: np.ndarray) -> list[str]:
    """Return the secrets that have one value in all whole-numbered cohorts that print the same."""
    everything = np.vstack([printed, *secrets.values()])
    columns, place = np.unique(everything, axis=1, return_inverse=True)
    patients = np.bincount(place.ravel(), weights=truth, minlength=columns.shape[1])
    equations, sums = columns[: len(printed)], columns[len(printed) :]
    results, most = equations @ patients, 2 * patients.sum() + 10
    left = dict(zip(secrets, sums, strict=True))
    rng = np.random.default_rng(1)
    for _ in range(12):  # most secrets fall to a few cohorts drawn at random
        if left:
            goal = rng.choice((-1.0, 1.0), len(left)) @ np.array(list(left.values()))
            other = linprog(goal, A_eq=equations, b_eq=results, bounds=(0, most))
            left = _without(left, other.x, patients, equations)
    alike, whole = LinearConstraint(equations, results, results), np.ones(len(patients), dtype=int)
    given_away = []
    while left:
        name, row = next(iter(left.items()))
        before = len(left)
        for low, high in ((row @ patients + 1, np.inf), (-np.inf, row @ patients - 1)):
            limits = [alike, LinearConstraint(row, low, high)]
            other = milp(0 * patients, constraints=limits, integrality=whole, bounds=Bounds(0, most))
            if name in left and other.x is not None:
                left = _without(left, other.x, patients, equations)
        if len(left) == before:
            given_away.append(name)
            del left[name]
    return given_away


def _without(
    left: dict[str, np.ndarray], other: np.ndarray, patients: np.ndarray, equations: np.ndarray
) -> dict[str, np.ndarray]:
    """Strike off the secrets that another cohort of whole patients, which prints the same, has otherwise."""
    change = np.rint(other) - patients
    if np.any(equations @ change):
        return left
    return {name: cells for name, cells in left.items() if not cells @ change}
