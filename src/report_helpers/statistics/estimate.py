"""The one shape every statistic comes back in, and the packing of raw arrays into it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Real
from statistics import NormalDist
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from report_helpers.errors import ManuscriptError

Array = NDArray[np.float64]
Counts = int | ArrayLike
Choice = TypeVar("Choice")
LARGEST = 2.0**53  # beyond, a float cannot tell one patient more


class CountError(ManuscriptError, ValueError):
    """Counts that no group of patients can have: negative, fractional, or more events than patients."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One number with its uncertainty and the way it was reached.

    With scalar counts each field is a plain Python value and ``None`` stands for what cannot be estimated
    (``value``), for a limit that does not exist or is unbounded (``low``, ``high``), or for a test the
    method does not have (``p_value``). With arrays of counts ``value``, ``low``, ``high`` and ``p_value``
    are ``numpy.ma.MaskedArray`` of the broadcast shape, masked where the scalar call would give ``None``;
    ``n`` is an integer array and ``reason`` an array of strings. Neither form ever holds NaN or infinity.

    Attributes
    ----------
    value : float or None
        The estimate, in the unit the function states.
    low, high : float or None
        Confidence limits in the same unit.
    level : float
        Confidence level of the limits, as a fraction. It says nothing where there are no limits.
    p_value : float or None
        Two-sided unless ``method`` says otherwise.
    method : str
        Name of the method and variant, fit for a methods section.
    n : int
        Number of independent units (patients, unless the function states another).
    reason : str
        Why something is ``None``; empty when the result is complete.
    """

    value: float | None
    low: float | None
    high: float | None
    level: float
    p_value: float | None
    method: str
    n: int
    reason: str = ""

    @property
    def estimable(self) -> bool:
        """Whether there is a value (an array of booleans where the counts were arrays)."""
        if isinstance(self.value, np.ma.MaskedArray):
            return cast(bool, ~np.ma.getmaskarray(self.value))
        return self.value is not None


def whole_numbers(name: str, counts: Counts) -> Array:
    """Return counts as floats after checking that they are finite, whole and not negative."""
    try:
        given = np.asarray(counts)
        # Text that looks like numbers is a column that was read wrongly.
        if given.dtype.kind not in "biufO" or any(isinstance(one, (str, bytes)) for one in _objects(given)):
            raise TypeError
        numbers = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise CountError(
            f"{name} must be whole numbers", remedy="Give counts of patients or events."
        ) from None
    if np.ma.is_masked(counts) or not np.all(np.isfinite(numbers)):
        raise CountError(
            f"{name} has a missing or infinite count", remedy="Leave that group out, or count it."
        )
    if np.any(numbers > LARGEST):
        raise CountError(f"{name} has a count above 2 to the power of 53", remedy="Is it a count?")
    if np.any(numbers < 0) or np.any(numbers != np.floor(numbers)):
        raise CountError(f"{name} must be whole numbers from 0 up", remedy="Give counts, not rates.")
    return numbers


def _objects(given: NDArray[Any]) -> Iterable[object]:
    return given.flat if given.dtype.kind == "O" else ()


def together(*counts: Array) -> tuple[Array, ...]:
    """Return arrays of counts in their common shape."""
    try:
        return np.broadcast_arrays(*counts)
    except ValueError:
        shapes = ", ".join(str(one.shape) for one in counts)
        raise CountError(
            f"the arrays of counts do not fit each other: their shapes are {shapes}",
            remedy="Give arrays of one shape, or single numbers.",
        ) from None


def check_events(events: Array, n: Array, group: str) -> None:
    """Refuse more events than patients."""
    if np.any(events > n):
        raise CountError(
            f"{group} has more events than patients", remedy="Is the order events, then patients?"
        )


def quantile(level: float) -> float:
    """Return the standard normal quantile of a two-sided confidence level."""
    if not isinstance(level, Real) or not 0 < level < 1 or 1 - level == 1:
        raise ValueError(f"level must lie between 0 and 1, for instance 0.95; it is {level!r}")
    # From the tail, so that a level next to 1 keeps its digits.
    return -NormalDist().inv_cdf((1 - level) / 2)


def normal_p(z: Array) -> Array:
    """Return two-sided standard normal P values, element by element."""
    tail = np.vectorize(math.erfc, otypes=[np.float64])
    return cast(Array, np.asarray(tail(np.abs(z) / math.sqrt(2)), dtype=np.float64))


def choose(what: str, name: str, choices: dict[str, Choice]) -> Choice:
    """Return the named variant of a method, or say which there are."""
    if not isinstance(name, str) or name not in choices:
        raise ValueError(f"{what} has no method {name!r}; it has {', '.join(choices)}")
    return choices[name]


def pack(
    value: ArrayLike,
    low: ArrayLike | None,
    high: ArrayLike | None,
    p_value: ArrayLike | None,
    *,
    level: float,
    method: str,
    n: ArrayLike,
    reasons: Iterable[tuple[ArrayLike, str]] = (),
) -> Estimate:
    """Turn raw numbers, where NaN or infinity means "none", into an ``Estimate`` without either.

    Parameters
    ----------
    value, low, high, p_value : array_like
        Numbers of one shape; 0-dimensional ones become Python floats.
    level, method, n
        As in ``Estimate``.
    reasons : iterable of (array_like of bool, str)
        Where each reason applies; several are joined by a semicolon.
    """
    patients = np.asarray(n)
    shape = patients.shape
    texts = np.full(shape, "", dtype=object)
    for where, text in reasons:
        joined = np.where(texts == "", text, texts + ("; " + text))
        texts = np.where(np.broadcast_to(where, shape), joined, texts)
    if not shape:
        return Estimate(
            _number(value),
            _number(low),
            _number(high),
            level,
            _number(p_value),
            method,
            int(patients),
            str(texts),
        )
    sizes: Any = patients.astype(np.int64)
    words: Any = texts
    return Estimate(
        _masked(value, shape),
        _masked(low, shape),
        _masked(high, shape),
        level,
        _masked(p_value, shape),
        method,
        sizes,
        words,
    )


def _number(field: ArrayLike | None) -> float | None:
    number = math.nan if field is None else float(np.asarray(field, dtype=np.float64))
    return number + 0.0 if math.isfinite(number) else None  # + 0.0 turns -0.0 into 0.0


def _masked(field: ArrayLike | None, shape: tuple[int, ...]) -> Any:
    numbers = np.broadcast_to(np.asarray(np.nan if field is None else field, dtype=np.float64), shape)
    missing = ~np.isfinite(numbers)
    return np.ma.MaskedArray(np.where(missing, 0.0, numbers) + 0.0, mask=missing)
