"""From named columns to the numbers a regression takes: complete rows, dummies, the outcome as 0 and 1."""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from report_helpers.statistics.estimate import Array

INTERCEPT = "(Intercept)"


class Frame(Protocol):
    """Columns by name: a pandas DataFrame, or a dictionary of sequences of one length."""

    def __getitem__(self, name: str, /) -> ArrayLike:
        """Return one column."""
        ...


@dataclass(frozen=True, slots=True)
class Design:
    """The complete rows of a regression.

    Attributes
    ----------
    outcome : ndarray, shape (rows,)
        0 or 1.
    matrix : ndarray, shape (rows, terms)
        The intercept first, then each column in order, a category's levels as dummies.
    terms : tuple of str
        Names of the matrix's columns: the column's name, with ``[level]`` for a dummy.
    columns : tuple of str
        The column that each term belongs to.
    left_out : int
        Rows without a complete set of values.
    """

    outcome: Array
    matrix: Array
    terms: tuple[str, ...]
    columns: tuple[str, ...]
    left_out: int

    @property
    def rarer(self) -> int:
        """Events or non-events, whichever are fewer: what limits the number of terms."""
        events = int(self.outcome.sum())
        return min(events, len(self.outcome) - events)


def design(frame: Frame, outcome: str, columns: Sequence[str]) -> Design:
    """Build the design of a regression with an intercept from a frame's complete rows.

    Numbers and booleans enter as they are; anything else is a category, its first level in sorted order
    being the reference.

    Raises
    ------
    ValueError
        If a column is not there, columns differ in length, or the outcome is not 0 and 1.
    """
    read = {name: _column(frame, name) for name in (outcome, *columns)}
    if len({len(values) for values, _ in read.values()}) > 1:
        raise ValueError("all columns must have one length")
    complete = np.logical_and.reduce([~missing for _, missing in read.values()])
    y = _numeric(read[outcome][0][complete])
    if y is None or not np.isin(y, (0, 1)).all():
        raise ValueError(f"the outcome {outcome!r} must be 0 or 1, or missing")
    parts, terms, owners = [np.ones(len(y))], [INTERCEPT], [INTERCEPT]
    for name in columns:
        values = read[name][0][complete]
        numeric = _numeric(values)
        if numeric is not None:
            parts.append(numeric)
            terms.append(name)
            owners.append(name)
            continue
        words = np.array([str(value) for value in values])
        for level in sorted(set(words.tolist()))[1:]:
            parts.append((words == level).astype(np.float64))
            terms.append(f"{name}[{level}]")
            owners.append(name)
    return Design(y, np.column_stack(parts), tuple(terms), tuple(owners), int((~complete).sum()))


def _column(frame: Frame, name: str) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Return a column's values and where they are missing."""
    try:
        column = frame[name]
    except KeyError:
        raise ValueError(f"there is no column {name!r}") from None
    values = np.asarray(column, dtype=object)
    isna = getattr(column, "isna", None)  # pandas knows its own kinds of missing values
    missing = isna() if isna else [value is None or value != value for value in values]
    return values, np.asarray(missing, dtype=bool)


def _numeric(values: NDArray[np.object_]) -> Array | None:
    if not all(isinstance(value, (numbers.Real, np.bool_)) for value in values):
        return None
    found = values.astype(np.float64)
    if not np.isfinite(found).all():
        raise ValueError("a column holds an infinite number")
    return found
