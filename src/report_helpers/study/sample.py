"""Some patients of a cohort, read one column at a time.

A frame of these patients only would be a second copy of a registry. Here a column is copied when somebody
asks for it and dropped after use; who still needs a whole frame gets it from ``Sample.frame``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

NO_WORD = -1
EVERYBODY = slice(None)

Places: TypeAlias = NDArray[np.integer]
Derived: TypeAlias = "NDArray[np.float64] | NDArray[np.bool_] | pd.Categorical[Any]"


class Coded(NamedTuple):
    """A category as small whole numbers: places in ``words``, or −1 where missing.

    There are few words and many patients, each of one byte: comparing all codes once per word is faster than
    looking each code up.
    """

    codes: NDArray[np.integer]
    words: tuple[object, ...]

    def among(self, words: tuple[str, ...]) -> NDArray[np.bool_]:
        """Return who has one of the given words; a missing value is none of them."""
        chosen = np.zeros(len(self.codes), dtype=np.bool_)
        for place, word in enumerate(self.words):
            if word in words:
                chosen |= self.codes == place
        return chosen

    def equals(self, word: str) -> NDArray[np.bool_]:
        """Return who has this word."""
        return self.among((word,))

    def missing(self) -> NDArray[np.bool_]:
        """Return who has no value."""
        return np.asarray(self.codes == NO_WORD)

    def counts(self, patients: slice | NDArray[np.bool_] = EVERYBODY) -> dict[object, int]:
        """Return how many of the chosen patients have each word."""
        codes = self.codes[patients]
        return {word: int(np.count_nonzero(codes == place)) for place, word in enumerate(self.words)}


@dataclass(frozen=True, repr=False)
class Sample:
    """Chosen rows of a cohort's frame, with columns derived for them.

    Parameters
    ----------
    source : pandas.DataFrame
        The whole cohort, which is not copied.
    rows : numpy.ndarray of int
        Positions of the chosen patients in ``source``.
    derived : mapping
        Further columns by name: numbers, bools or a ``Categorical``.
    places : numpy.ndarray of int, optional
        Positions of the chosen patients in the derived columns; by default those are of these patients.
    """

    source: pd.DataFrame
    rows: Places
    derived: Mapping[str, Derived]
    places: Places | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def where(self, chosen: NDArray[np.bool_]) -> Sample:
        """Return the patients for whom ``chosen`` (one bool per patient of this sample) is true."""
        return self.take(np.flatnonzero(chosen))

    def take(self, places: Places) -> Sample:
        """Return the patients at these places of this sample, in this order."""
        deeper = places if self.places is None else self.places[places]
        return Sample(self.source, self.rows[places], self.derived, deeper)

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Return a column of numbers, NaN where missing."""
        if name in self.derived:
            return np.asarray(self._own(name), dtype=np.float64)
        return np.asarray(self.source[name].to_numpy()[self.rows], dtype=np.float64)

    def flags(self, name: str) -> NDArray[np.bool_]:
        """Return a derived column of yes and no."""
        return np.asarray(self._own(name), dtype=np.bool_)

    def days(self, name: str) -> NDArray[np.datetime64]:
        """Return a column of dates, NaT where missing."""
        dates = pd.to_datetime(self.source[name]).to_numpy()
        return np.asarray(dates[self.rows], dtype=dates.dtype)

    def coded(self, name: str) -> Coded:
        """Return a category as codes and words."""
        if name in self.derived:
            return code(self._own(name))
        whole = code(self.source[name].array)
        return Coded(whole.codes[self.rows], whole.words)

    def missing(self, name: str) -> int:
        """Return how many have no value in a column."""
        if name in self.derived:
            return int(np.count_nonzero(pd.isna(self._own(name))))
        values = self.source[name].array
        if isinstance(values, pd.Categorical):
            return int(np.count_nonzero(values.codes[self.rows] == NO_WORD))
        return int(np.count_nonzero(pd.isna(values.to_numpy()[self.rows])))

    @cached_property
    def frame(self) -> pd.DataFrame:
        """A frame of these patients with all columns of the cohort and the derived ones."""
        return self.source.iloc[self.rows].assign(**{name: self._own(name) for name in self.derived})

    def _own(self, name: str) -> Derived:
        """Return a derived column of these patients."""
        values = self.derived[name]
        return values if self.places is None else values[self.places]


def code(values: object) -> Coded:
    """Return a category's codes and words, whether or not it is stored as a ``Categorical``."""
    if isinstance(values, pd.Categorical):
        return Coded(values.codes, tuple(values.categories))
    codes, words = pd.factorize(np.asarray(values, dtype=object))
    return Coded(codes, tuple(words))
