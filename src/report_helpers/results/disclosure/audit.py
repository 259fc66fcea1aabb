"""What must be hidden so that no small count can be worked out from those that are printed.

Every printed count is a sum over the cells of one cross-classification of the patients. Counts are printed
in the order of their worth, each unless a secret one would then be a combination of printed ones, which is
Gaussian elimination [1]_. That a cell cannot have fewer than no patients, or half a one, may still leave but
one value. A secret is therefore held safe only when a witness is found: another cohort that prints exactly
the same numbers and has another count there, so that whoever has read everything cannot tell the two apart.

References
----------
.. [1] Langsrud O. Secondary cell suppression by Gaussian elimination. Privacy in Statistical Databases 2024.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

_NOTHING = 1e-7


@dataclass(frozen=True)
class Count:
    """One count: the cells it sums, and what is printed, or hidden, together with it.

    Parameters
    ----------
    cells : numpy.ndarray, shape (cells,)
        How often each cell enters the sum.
    unit : str
        Name of what is hidden as one; "" for a count that is never printed but must not be worked out.
    secret : bool
        Whether it must not be known.
    """

    cells: Vector
    unit: str
    secret: bool


@dataclass(frozen=True)
class System:
    """All counts, and what a reader knows besides.

    Parameters
    ----------
    patients : numpy.ndarray, shape (cells,)
        How many patients each cell has.
    counts : sequence of Count
    known : numpy.ndarray, shape (equations, cells)
        Sums that every reader knows to be 0.
    worth : mapping of str to float
        What is lost by hiding each unit.
    follows : mapping of str to sequence of str
        Units that are hidden whenever another is.
    """

    patients: Vector
    counts: Sequence[Count]
    known: Matrix
    worth: Mapping[str, float]
    follows: Mapping[str, Sequence[str]]


def hidden_units(system: System) -> frozenset[str]:
    """Return the units to hide: those of secret counts, and what else would give one of them away.

    Parameters
    ----------
    system : System

    Returns
    -------
    frozenset of str
        While all other units are printed, each secret count could be at least two whole numbers.
    """
    if not any(count.secret for count in system.counts):
        return frozenset()
    system = _merged(system)
    hidden: set[str] = set()
    for count in system.counts:
        if count.secret and count.unit:
            _hide(system, count.unit, hidden)
    open_ = _print_by_worth(system, hidden)
    while open_:
        place = min(open_)
        more, fewer = (_search(system, hidden, place, direction) for direction in (1.0, -1.0))
        open_ -= more.moved | fewer.moved
        if place in open_:
            clues = more.clues | fewer.clues
            _hide(system, min(clues, key=lambda unit: (system.worth[unit], unit)), hidden)
    return frozenset(hidden)


def _merged(system: System) -> System:
    """Return the same system with cells that no count tells apart as one."""
    everything = np.vstack([*(count.cells for count in system.counts), system.known])
    columns, place = np.unique(everything, axis=1, return_inverse=True)
    patients: Vector = np.zeros(columns.shape[1])
    np.add.at(patients, place.ravel(), system.patients)
    counts = [
        Count(cells, count.unit, count.secret) for cells, count in zip(columns, system.counts, strict=False)
    ]
    return System(patients, counts, columns[len(counts) :], system.worth, system.follows)


def _hide(system: System, unit: str, hidden: set[str]) -> None:
    if unit not in hidden:
        hidden.add(unit)
        for other in system.follows.get(unit, ()):
            _hide(system, other, hidden)


def _print_by_worth(system: System, hidden: set[str]) -> set[int]:
    """Hide what would make a secret a combination of printed counts; return the secrets without a witness."""
    rows: dict[str, list[Vector]] = {}
    for count in system.counts:
        rows.setdefault(count.unit, []).append(count.cells)
    rows.pop("", None)
    places = [place for place, count in enumerate(system.counts) if count.secret]
    printed = _Printed(system.patients, np.array([system.counts[place].cells for place in places]))
    printed.add(system.known)
    for unit in sorted(rows, key=lambda name: (-system.worth[name], name)):
        if unit not in hidden and not printed.add(rows[unit]):
            _hide(system, unit, hidden)
    return {place for place, seen in zip(places, printed.witnessed(), strict=True) if not seen}


class _Printed:
    """The printed counts in reduced echelon form, and what of each secret they leave open."""

    def __init__(self, patients: Vector, secrets: Matrix) -> None:
        self._patients = patients
        self._secrets = secrets
        self._rows: Matrix = np.zeros((0, len(patients)))
        self._pivots: list[int] = []

    def add(self, counts: Iterable[Vector]) -> bool:
        """Print counts, or none of them if they, with all before, gave a secret away."""
        before = self._secrets, self._rows, list(self._pivots)
        for cells in counts:
            row = cells - cells[self._pivots] @ self._rows
            row[np.abs(row) < _NOTHING] = 0.0
            if not row.any():
                continue
            # Cells with many patients can give some up, which a witness will ask of them.
            pivot = int(np.argmax(np.where(row != 0, self._patients, -1.0)))
            row /= row[pivot]
            self._rows = np.vstack([self._rows - np.outer(self._rows[:, pivot], row), row])
            self._pivots.append(pivot)
            self._secrets = self._secrets - np.outer(self._secrets[:, pivot], row)
            if not (np.abs(self._secrets) > _NOTHING).any(axis=1).all():
                self._secrets, self._rows, self._pivots = before
                return False
        return True

    def witnessed(self) -> NDArray[np.bool_]:
        """Tell which secrets are changed by the simplest moves: one patient more in a cell that is free."""
        free = np.setdiff1d(np.arange(len(self._patients)), self._pivots)
        moves = np.zeros((len(self._patients), len(free)))
        moves[free, np.arange(len(free))] = 1.0
        moves[self._pivots] = -self._rows[:, free]
        whole = np.abs(moves - np.rint(moves)).max(axis=0, initial=0.0) < _NOTHING
        moves = np.rint(moves[:, whole])
        possible = np.zeros(moves.shape[1], dtype=bool)
        for direction in (1.0, -1.0):
            possible |= (self._patients[:, None] + direction * moves >= 0).all(axis=0)
        return np.asarray((np.abs(self._secrets @ moves[:, possible]) > 0.5).any(axis=1))


@dataclass(frozen=True)
class _Found:
    """Which secrets another cohort has otherwise, and which printed units keep it from having more."""

    moved: frozenset[int]
    clues: frozenset[str]


def _search(system: System, hidden: set[str], place: int, direction: float) -> _Found:
    """Look for the cohort that prints the same with the most, or the least, of one count."""
    # They take long to load, and are wanted here alone.
    from scipy.optimize import Bounds, LinearConstraint, linprog, milp

    counts = system.counts
    shown = [count for count in counts if count.unit and count.unit not in hidden]
    equations = np.vstack([*(count.cells for count in shown), system.known])
    results = equations @ system.patients
    goal = direction * counts[place].cells
    most = 2.0 * system.patients.sum() + 10.0  # so that there is one, where nothing printed limits it
    best = linprog(-goal, A_eq=equations, b_eq=results, bounds=(0.0, most), method="highs")
    weights = np.abs(best.eqlin.marginals[: len(shown)])
    clues = {count.unit for count, weight in zip(shown, weights, strict=True) if weight > _NOTHING}
    # Where the count is down to 0 no weight says why: by any count that shares a cell with it.
    clues = clues or {count.unit for count in shown if count.cells @ np.abs(goal)}
    cohort: Vector | None = best.x
    if cohort is not None and np.abs(cohort - np.rint(cohort)).max() > _NOTHING:
        limits, whole = LinearConstraint(equations, results, results), np.ones(len(goal), dtype=np.int64)
        cohort = milp(-goal, constraints=limits, integrality=whole, bounds=Bounds(0.0, most)).x
    if cohort is None or np.any(equations @ np.rint(cohort) != results):
        return _Found(frozenset(), frozenset(clues))
    change = np.rint(cohort) - system.patients
    moved = (other for other, count in enumerate(counts) if count.secret and count.cells @ change)
    return _Found(frozenset(moved), frozenset(clues))
