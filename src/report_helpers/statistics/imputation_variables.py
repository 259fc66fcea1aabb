"""A column as imputation sees it: codes, what is missing, and how it predicts and is predicted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from report_helpers.statistics.design import Frame, as_numbers, read_column
from report_helpers.statistics.estimate import Array

Kind = str | Sequence[str]


@dataclass(frozen=True, slots=True)
class Variable:
    """One column.

    Attributes
    ----------
    name : str
        Of the column.
    codes : ndarray, shape (rows,)
        Numbers as they are; a category's levels as 0, 1, ...; 0 where missing.
    missing : ndarray of bool, shape (rows,)
    levels : ndarray or None
        A category's own values by code.
    nominal : bool
        Whether the levels are without an order.
    """

    name: str
    codes: Array
    missing: NDArray[np.bool_]
    levels: NDArray[Any] | None
    nominal: bool

    @property
    def targets(self) -> Array:
        """What is predicted, shape (rows, indicators)."""
        return self._indicators(self.codes)

    def predictors(self, state: Array) -> Array:
        """Return what predicts others, shape (copies, rows, indicators), centred and of unit spread."""
        raw = self._indicators(state)
        known = self._indicators(self.codes[~self.missing])
        spread = known.std(axis=0)
        found: Array = (raw - known.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
        return found

    def filled(self, copies: int, random: np.random.Generator) -> Array:
        """Return codes, shape (copies, rows), with a random observed one wherever one is missing."""
        state = np.tile(self.codes, (copies, 1))
        state[:, self.missing] = random.choice(self.codes[~self.missing], (copies, int(self.missing.sum())))
        return state

    def values(self, state: Array) -> NDArray[Any]:
        """Return one copy's codes as the column's own values."""
        return state.copy() if self.levels is None else self.levels[state.astype(np.intp)]

    def _indicators(self, codes: Array) -> Array:
        """Return codes as one number each, or as the indicators of all levels but the first."""
        if not self.nominal or self.levels is None:
            return codes[..., None]
        found: Array = (codes[..., None] == np.arange(1, len(self.levels))).astype(np.float64)
        return found


def read_variable(frame: Frame, name: str, kinds: Mapping[str, Kind]) -> Variable:
    """Read a column of the kind it is said to be."""
    if name not in kinds:
        raise ValueError(f"the column {name!r} has no kind: number, category, or its levels in order")
    values, missing = read_column(frame, name)
    known = values[~missing]
    if not len(known):
        raise ValueError(f"the column {name!r} has no observed value to impute from")
    codes, kind = np.zeros(len(values)), kinds[name]
    if kind == "number":
        numbers = as_numbers(known)
        if numbers is None:
            raise ValueError(f"the column {name!r} is said to hold numbers and holds something else")
        codes[~missing] = numbers
        return Variable(name, codes, missing, None, nominal=False)
    if isinstance(kind, str) and kind != "category":
        raise ValueError(f"the kind of {name!r} must be number, category, or its levels in order")
    present = {str(value): value for value in known}
    order = sorted(present) if isinstance(kind, str) else [str(level) for level in kind]
    order = [level for level in order if level in present]
    if len(order) < len(present):
        raise ValueError(f"the column {name!r} has values that are not among its levels")
    places = {level: place for place, level in enumerate(order)}
    codes[~missing] = [places[str(value)] for value in known]
    levels = np.array([present[level] for level in order])
    return Variable(name, codes, missing, levels, nominal=isinstance(kind, str) and len(order) > 2)
