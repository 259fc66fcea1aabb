"""How a file writes its numbers and days: found out over all its columns, never guessed.

A date such as 03/04/2022 has two readings. Which one the file means is taken from study.yml, or proved by
dates that have one reading only (25/04/2022); without either the file is refused. With points between its
numbers a day always comes first: no country writes the month first there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from report_helpers.study.data_shape import DECIMALS
from report_helpers.study.data_source import DataSource
from report_helpers.study.dictionary import COLUMNS
from report_helpers.study.reading.table import Cells, text_of

Flags = NDArray[np.bool_]

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|\+00:00)?)?"
SLASHED = re.compile(rf"(\d{{1,2}})([./-])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){TIME}", re.ASCII)

_COMMA = re.compile(r"[+-]?\d*,\d+", re.ASCII)
_POINT = re.compile(r"[+-]?\d*\.\d+(?:[eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True)
class Conventions:
    """How texts are to be read.

    Parameters
    ----------
    decimal : {".", ","}
    order : {"day-first", "month-first", ""}
        Empty where no date needs it.
    serials_from : int
        The year from which days are counted where they are written as numbers.
    """

    decimal: str = "."
    order: str = ""
    serials_from: int = 1900


@dataclass(frozen=True)
class Found:
    """The conventions, in words too, and by column and rule the rows that contradict them."""

    conventions: Conventions
    words: tuple[str, ...]
    broken: Mapping[str, Mapping[str, Flags]] = field(default_factory=dict)


def find_conventions(columns: Mapping[str, Cells], options: DataSource, serials_from: int) -> Found:
    """Return how the numbers and days of mapped columns are written.

    Parameters
    ----------
    columns : mapping of str to Cells
        By the dictionary's name.
    options : DataSource
        What the author says goes before what is found.
    serials_from : int
        1904 where a workbook says so, else 1900.
    """
    numbers = {name: cells for name, cells in columns.items() if COLUMNS[name].is_number}
    days = {name: cells for name, cells in columns.items() if COLUMNS[name].kind == "date"}
    if options.dates.startswith("excel"):
        serials_from = int(options.dates[-4:])
    decimal, decimal_words, broken = _decimal(numbers, options.decimal)
    order, order_words, broken_days = _order(days, options.dates, serials_from)
    conventions = Conventions(decimal, order, serials_from)
    return Found(conventions, (*decimal_words, *order_words), {**broken, **broken_days})


def _decimal(
    columns: Mapping[str, Cells], said: str
) -> tuple[str, tuple[str, ...], dict[str, dict[str, Flags]]]:
    commas = {name: _matching(cells, _COMMA) for name, cells in columns.items()}
    points = {name: _matching(cells, _POINT) for name, cells in columns.items()}
    comma_rows, point_rows = (_rows(columns, each) for each in (commas, points))
    decimal = DECIMALS[said] if said else "," if comma_rows > point_rows else "."
    name = "comma" if decimal == "," else "point"
    words = (f"decimal {name}",) if said or comma_rows or point_rows else ()
    if decimal == ",":
        rule = "has a decimal point, but the file is in decimal commas; write one kind only"
        wrong = points
    else:
        rule = "has a decimal comma, but the file is in decimal points; write one kind only"
        wrong = commas
    broken = {name: {rule: flags[columns[name].codes]} for name, flags in wrong.items() if flags.any()}
    return decimal, words, broken


def _order(
    columns: Mapping[str, Cells], said: str, serials_from: int
) -> tuple[str, tuple[str, ...], dict[str, dict[str, Flags]]]:
    """Return which of day and month comes first, in words too, and the rows that leave it open."""
    kinds = {
        name: np.array([_proof(v) for v in cells.values], dtype=object) for name, cells in columns.items()
    }
    seen = {each for name, kind in kinds.items() for each in kind[columns[name].used]}
    words = _day_words(columns, serials_from)
    declared = said if said in (DAY_FIRST, MONTH_FIRST) else ""
    if declared or not seen & {DAY_FIRST, MONTH_FIRST, "open", "dotted"}:
        return declared, (*words, *((f"{declared} dates",) if declared else ())), {}
    if {DAY_FIRST, MONTH_FIRST} <= seen:
        rule = "has some dates with the day first and some with the month first, in this or another column"
        return DAY_FIRST, words, _flagged(columns, kinds, (DAY_FIRST, MONTH_FIRST), rule)
    if MONTH_FIRST in seen:
        return MONTH_FIRST, (*words, f"{MONTH_FIRST} dates"), {}
    if DAY_FIRST in seen or "open" not in seen:
        return DAY_FIRST, (*words, f"{DAY_FIRST} dates"), {}
    rule = (
        "could have the day or the month first; "
        "write dates: day-first, or dates: month-first, in study.yml under data:"
    )
    return DAY_FIRST, words, _flagged(columns, kinds, ("open",), rule)


def _proof(value: Any) -> str:
    """Return which order a date proves; ``open`` if it has two readings, ``dotted`` if by its points one."""
    match = SLASHED.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match:
        return ""
    first, second = int(match[1]), int(match[3])
    if first > 12 or second > 12:
        return DAY_FIRST if second <= 12 else MONTH_FIRST if first <= 12 else ""
    if first == second:
        return ""
    return "dotted" if match[2] == "." else "open"


def _day_words(columns: Mapping[str, Cells], serials_from: int) -> tuple[str, ...]:
    """Return what other ways of writing days there are."""
    found = set()
    for cells in columns.values():
        for value in cells.values:
            text = text_of(value)
            if not isinstance(value, str | int | float) or not text:
                continue
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}.*", text):
                found.add("ISO dates")
            elif re.fullmatch(r"\d{4,5}(\.\d+)?", text):
                found.add(f"days as serial numbers ({serials_from} system)")
            elif (match := SLASHED.fullmatch(text)) and len(match[4]) == 2:
                found.add("years of two digits taken for 20..")
    return tuple(sorted(found))


def _matching(cells: Cells, pattern: re.Pattern[str]) -> Flags:
    return np.array(
        [isinstance(value, str) and bool(pattern.fullmatch(value.strip())) for value in cells.values],
        dtype=bool,
    )


def _rows(columns: Mapping[str, Cells], flags: Mapping[str, Flags]) -> int:
    return sum(int(np.count_nonzero(flags[name][cells.codes])) for name, cells in columns.items())


def _flagged(
    columns: Mapping[str, Cells], kinds: Mapping[str, NDArray[Any]], wanted: Iterable[str], rule: str
) -> dict[str, dict[str, Flags]]:
    chosen = set(wanted)
    flags = {name: np.array([kind in chosen for kind in each], dtype=bool) for name, each in kinds.items()}
    return {name: {rule: each[columns[name].codes]} for name, each in flags.items() if each.any()}
