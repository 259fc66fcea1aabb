"""A file's table before its meaning is known: headings, and each column as different values and their rows.

Work is done once per different value and spread to the rows, so that a million rows cost little.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from report_helpers.study.cohort_errors import Breach
from report_helpers.study.words import SHOWN, nearest

HEADING_ROWS = 10
"""The headings stand in one of the first so many rows that hold anything; a title may stand above them."""

MOST_COLUMNS = 20_000
"""More columns than any workbook has: such a line is not a line of headings."""


@dataclass(frozen=True)
class Cells:
    """One column.

    Parameters
    ----------
    values : sequence
        The different values as the file has them: texts, numbers, days, truths; blanks too. A value may
        stand twice.
    codes : numpy.ndarray of int
        For each row the place of its value.
    labels : mapping of str to str
        A statistical file's words for codes, by the text of the code.
    """

    values: Sequence[Any] = field(repr=False)
    codes: NDArray[np.integer[Any]]
    labels: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, column: Sequence[Any] | NDArray[Any], labels: Mapping[str, str] | None = None) -> Cells:
        """Return the cells of a column of values, None or NaN where blank."""
        array = column if isinstance(column, np.ndarray) else _objects(column)
        codes, values = pd.factorize(array, use_na_sentinel=False)
        return cls(np.asarray(values, dtype=object).tolist(), codes, labels or {})

    @property
    def used(self) -> NDArray[np.bool_]:
        """Whether each value stands in any row."""
        return np.bincount(self.codes, minlength=len(self.values)) > 0

    def take(self, rows: NDArray[Any]) -> Cells:
        """Return the cells of these rows."""
        return Cells(self.values, self.codes[rows], self.labels)


@dataclass(frozen=True)
class Table:
    """What a reader returns.

    Parameters
    ----------
    headings : tuple of str
        All of them, in order; blank where a column has none.
    cells : mapping of int to Cells
        By the place of its heading; only columns that may be wanted.
    lines : numpy.ndarray of int
        Where each row stands in the file, for messages.
    place : str
        What ``lines`` counts: lines of a text, rows of a sheet or a table.
    form : tuple of str
        What was found out about the file's form, in words.
    notes : tuple of str
        What was passed over.
    heading_line : int
        Where the headings stand; 0 where the file keeps them apart from its rows.
    serials_from : int
        The year from which a workbook counts its days, 1900 or 1904.
    """

    headings: tuple[str, ...]
    cells: Mapping[int, Cells]
    lines: NDArray[np.int64]
    place: str
    form: tuple[str, ...]
    notes: tuple[str, ...] = ()
    heading_line: int = 1
    serials_from: int = 1900

    def breach(self, column: str, rule: str, rows: NDArray[np.bool_], remedy: str = "") -> Breach:
        """Return the breach of a rule in some rows, with the first of their lines."""
        places = np.flatnonzero(rows)
        lines = tuple(int(line) for line in self.lines[places[:SHOWN]])
        return Breach(column, rule, lines, len(places), self.place, remedy)

    def take(self, rows: NDArray[Any], notes: Iterable[str] = ()) -> Table:
        """Return the table of these rows only, with further notes."""
        cells = {place: cells.take(rows) for place, cells in self.cells.items()}
        return self.with_cells(cells, self.lines[rows], notes)

    def with_cells(
        self, cells: Mapping[int, Cells], lines: NDArray[np.int64], notes: Iterable[str] = ()
    ) -> Table:
        """Return a table of the same form with other rows, and further notes."""
        return Table(
            self.headings,
            cells,
            lines,
            self.place,
            self.form,
            (*self.notes, *notes),
            self.heading_line,
            self.serials_from,
        )


@dataclass(frozen=True)
class MissingWords:
    """The texts that stand for a missing value; capitals do not count, nor blanks around them."""

    words: frozenset[str]

    def __contains__(self, value: Any) -> bool:
        """Tell whether a cell's value is missing."""
        return folded(text_of(value)) in self.words

    def blanked(self, values: Sequence[Any]) -> list[Any]:
        """Return values with None for those that are missing; most texts are longer than any such word."""
        longest = self._longest
        return [
            value
            if isinstance(value, str) and len(value) > longest and value[0] > " " < value[-1]
            else None
            if value in self
            else value
            for value in values
        ]

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self.words), default=0)

    def given(self, cells: Cells) -> NDArray[np.bool_]:
        """Return, per row, whether there is a value."""
        rows: NDArray[np.bool_] = np.array([value not in self for value in cells.values], dtype=bool)[
            cells.codes
        ]
        return rows


@dataclass(frozen=True)
class Wanted:
    """The headings that are looked for; capitals and repeated blanks do not count."""

    names: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[str]) -> Wanted:
        """Return what is wanted, from headings as an author writes them."""
        return cls(frozenset(map(folded, names)))

    def places(self, headings: Sequence[str]) -> tuple[int, ...]:
        """Return the places of the wanted headings."""
        return tuple(place for place, name in enumerate(headings) if folded(name) in self.names)

    def count(self, record: Sequence[Any]) -> int:
        """Return how many different wanted headings a row holds."""
        return len({folded(cell) for cell in record if isinstance(cell, str)} & self.names)


def find_headings(records: Sequence[Sequence[Any]], wanted: Wanted) -> int:
    """Return the place of the row that holds the headings, among the first rows of a file."""
    filled = [place for place, record in enumerate(records) if any(map(text_of, record))][:HEADING_ROWS]
    if not filled:
        return 0
    return max(filled, key=lambda place: (wanted.count(records[place]), -place))


def find_column(name: str, headings: Sequence[str]) -> tuple[int, ...]:
    """Return the places of a heading: as it is written, or else whatever its capitals and blanks."""
    squeezed = " ".join(name.split())
    exact = tuple(place for place, heading in enumerate(headings) if heading == squeezed)
    return exact or tuple(place for place, heading in enumerate(headings) if folded(heading) == folded(name))


def similar(name: str, headings: Sequence[str]) -> str:
    """Return the heading most like a name, or an empty text."""
    by_folded = {folded(heading): heading for heading in headings if heading}
    return by_folded.get(nearest(folded(name), tuple(by_folded)), "")


def heading(cell: Any) -> str:
    """Return a heading with its blanks and line breaks made single blanks."""
    return " ".join(text_of(cell).split())


def in_yaml(name: str) -> str:
    """Return a heading as it may stand in ``study.yml``, in quotation marks where it needs them."""
    plain = re.fullmatch(r"[^\W\d][\w.]*(?: [\w.]+)*", name) and name.casefold() not in (
        "null",
        "true",
        "false",
    )
    return name if plain else json.dumps(name, ensure_ascii=False)


def folded(name: str) -> str:
    """Return a heading or a code without regard to capitals and repeated blanks."""
    return " ".join(name.split()).casefold()


def text_of(value: Any) -> str:
    """Return a cell's value as an author would write it; blank where there is none.

    >>> text_of(1.0), text_of(" yes "), text_of(True), text_of(float("nan"))
    ('1', 'yes', 'true', '')
    """
    if isinstance(value, str):
        return value.strip()
    if value is None or value is pd.NaT:
        return ""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        number = float(value)
        if math.isnan(number):
            return ""
        return str(int(number)) if number.is_integer() and abs(number) < 2**53 else repr(number)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()


def _objects(column: Sequence[Any]) -> NDArray[np.object_]:
    array = np.empty(len(column), dtype=object)
    array[:] = column
    return array
