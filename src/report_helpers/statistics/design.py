"""From named columns to the numbers a regression takes: complete rows, dummies, the outcome checked."""

from __future__ import annotations

import numbers
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

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
        0 or 1; with an exposure a count of events.
    matrix : ndarray, shape (rows, terms)
        The intercept first, then each column in order, a category's levels as dummies.
    terms : tuple of str
        Names of the matrix's columns: the column's name, with ``[level]`` for a dummy.
    columns : tuple of str
        The column that each term belongs to.
    levels : mapping of str to tuple of str
        Each category's levels in sorted order, the reference first.
    exposure : ndarray, shape (rows,)
        Units at risk of each row; 1 unless a column was named.
    left_out : int
        Rows without a complete set of values.
    """

    outcome: Array
    matrix: Array
    terms: tuple[str, ...]
    columns: tuple[str, ...]
    levels: Mapping[str, tuple[str, ...]]
    exposure: Array
    left_out: int

    @property
    def rarer(self) -> int:
        """Rows with an event or rows without, whichever are fewer: what limits the number of terms."""
        events = int((self.outcome > 0).sum())
        return min(events, len(self.outcome) - events)


def design(frame: Frame, outcome: str, columns: Sequence[str], exposure: str | None = None) -> Design:
    """Build the design of a regression with an intercept from a frame's complete rows.

    Numbers and booleans enter as they are; anything else is a category, its first level in sorted order
    being the reference.

    Raises
    ------
    ValueError
        If a column is not there, columns differ in length, the outcome is not 0 and 1 (with an exposure:
        not a count), or an exposure is not above 0.
    """
    _check_list(columns)
    named = (outcome, *columns) if exposure is None else (outcome, exposure, *columns)
    read = {name: read_column(frame, name) for name in named}
    if len({len(values) for values, _ in read.values()}) > 1:
        raise ValueError("all columns must have one length")
    complete = np.logical_and.reduce([~missing for _, missing in read.values()])
    y = as_numbers(read[outcome][0][complete])
    if exposure is None:
        units: Array | None = np.ones(int(complete.sum()))
        if y is None or not ((y == 0) | (y == 1)).all():
            raise ValueError(f"the outcome {outcome!r} must be 0 or 1, or missing")
    else:
        units = as_numbers(read[exposure][0][complete])
        if y is None or (y < 0).any() or (y != np.floor(y)).any():
            raise ValueError(f"the outcome {outcome!r} must be a count of events, or missing")
        if units is None or (units <= 0).any():
            raise ValueError(f"the exposure {exposure!r} must be above 0, or missing")
    assert units is not None
    parts, terms, owners = [np.ones(len(y))], [INTERCEPT], [INTERCEPT]
    levels = {}
    for name in columns:
        values = read[name][0][complete]
        numeric = as_numbers(values, repr(name))
        if numeric is not None:
            parts.append(numeric)
            terms.append(name)
            owners.append(name)
            continue
        words = np.array([str(value) for value in values])
        levels[name] = tuple(sorted(set(words.tolist())))
        for level in levels[name][1:]:
            parts.append((words == level).astype(np.float64))
            terms.append(f"{name}[{level}]")
            owners.append(name)
    return Design(
        y, np.column_stack(parts), tuple(terms), tuple(owners), levels, units, int((~complete).sum())
    )


def treatment_design(
    frame: Frame, outcome: str, treatment: str, covariates: Sequence[str], exposure: str | None = None
) -> Design:
    """Build a design whose second column is a treatment of 0 and 1."""
    _check_list(covariates)
    data = design(frame, outcome, [treatment, *covariates], exposure)
    treated = data.matrix[:, 1] if len(data.terms) > 1 else data.matrix[:, 0]
    if data.terms[1:2] != (treatment,) or not ((treated == 0) | (treated == 1)).all():
        raise ValueError(f"the treatment {treatment!r} must be 0 or 1, or missing")
    return data


def _check_list(columns: Sequence[str]) -> None:
    if isinstance(columns, str):
        raise ValueError(f"covariates must be a list of columns, such as [{columns!r}]")


def read_column(frame: Frame, name: str) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return a column's values and where they are missing."""
    try:
        column = frame[name]
    except KeyError:
        raise ValueError(f"there is no column {name!r}") from None
    except (TypeError, IndexError):
        raise ValueError("the frame must give columns by name: a DataFrame, or a dictionary") from None
    if isinstance(column, np.ma.MaskedArray) and column.ndim == 1:
        masked = np.ma.getmaskarray(column)
        filled = column.data.astype(object)
        filled[masked] = None
        return filled, masked
    if len(np.shape(column)) != 1:
        raise ValueError(f"{name!r} is not one column of values; are there two of that name?")
    plain = np.asarray(column)
    if plain.dtype.kind in "biu":
        return plain, np.zeros(plain.shape, dtype=bool)
    if plain.dtype.kind == "f":
        return plain, np.isnan(plain)
    values = plain if plain.dtype == object else np.asarray(column, dtype=object)
    isna = getattr(column, "isna", None)  # pandas knows its own kinds of missing values
    missing = isna() if isna else [value is None or value != value for value in values]
    return values, np.asarray(missing, dtype=bool)


def as_numbers(values: NDArray[Any], name: str = "a column") -> Array | None:
    """Return the values as floats, or None where they are a category's."""
    if values.dtype.kind not in "biuf" and not all(
        isinstance(value, (numbers.Real, np.bool_, Decimal)) for value in values
    ):
        return None
    found = values.astype(np.float64)
    if not np.isfinite(found).all():
        raise ValueError(f"{name} holds an infinite number")
    return found
