"""Turn one column of the dictionary into typed values, and say which rows could not be turned.

Work is done once per different value and spread to the rows, so that a million rows cost little.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from report_helpers.study.dictionary import Column
from report_helpers.study.reading.conventions import Conventions
from report_helpers.study.reading.days import day_of
from report_helpers.study.reading.mapping import one_and_two, word_of
from report_helpers.study.reading.table import Cells, text_of

Flags = NDArray[np.bool_]
Codes = NDArray[np.integer[Any]]
Faults = dict[str, Flags]

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
# pandas would choose Arrow's texts where Arrow is installed; which one it is must not depend on that.
_TEXTS = pd.StringDtype("python", na_value=np.nan)
_EXCEL_ERROR = re.compile(r"#(?:DIV/0!|REF!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|NO VALUE)")
_MEND = "holds an error of Excel, or a formula without a result; mend the formula there"


@dataclass(frozen=True)
class Converted:
    """A typed column, and the rows that break each of its rules (rules that no row breaks are left out)."""

    values: pd.Series
    broken: Mapping[str, Flags]


def convert(column: Column, cells: Cells, conventions: Conventions) -> Converted:
    """Return the typed values of a column.

    Parameters
    ----------
    column : Column
        The dictionary's entry.
    cells : Cells
        Values in the dictionary's words, None where missing; blanks around a text do not count.
    conventions : Conventions
        How numbers and days are written.

    Returns
    -------
    Converted
        Texts stay texts, codes become categories, dates datetime64, numbers float64. A value that breaks
        a rule is missing in ``values``.
    """
    failed = [isinstance(value, str) and value[:1] == "#" and _is_error(value) for value in cells.values]
    values: list[Any] = [
        None if fails or value is None or value == "" else value
        for value, fails in zip(cells.values, failed, strict=True)
    ]
    faults: Faults = {_MEND: np.array(failed, dtype=bool)}
    if column.kind == "text":
        made, found = _text(values, cells.codes)
    elif column.kind == "category":
        made, found = _category(column, values, cells.codes)
    elif column.kind == "date":
        made, found = _date(values, cells.codes, conventions)
    else:
        made, found = _number(column, values, cells.codes)
    spread = {rule: flags[cells.codes] for rule, flags in (faults | found).items() if flags.any()}
    broken = {rule: rows for rule, rows in spread.items() if rows.any()}
    return Converted(pd.Series(made, name=column.name, copy=False), broken)


def _is_error(value: str) -> bool:
    return bool(_EXCEL_ERROR.fullmatch(value))


def _text(values: Sequence[Any], codes: Codes) -> tuple[Any, Faults]:
    plain = [value.strip() if isinstance(value, str) else text_of(value) for value in values]
    texts = np.array(plain, dtype=object)
    given = np.array([text != "" for text in plain], dtype=bool)
    rows = np.bincount(codes, minlength=len(texts))
    if len(set(plain)) < len(plain):
        same, first = pd.factorize(texts)
        rows = np.bincount(same, weights=rows, minlength=len(first))[same]
    found = np.where(given, texts, np.nan)[codes]
    repeated = given & (rows > 1)
    return pd.array(found, dtype=_TEXTS), {"is repeated, but must be different in every row": repeated}


def _category(column: Column, values: Sequence[Any], codes: Codes) -> tuple[Any, Faults]:
    words = [None if value is None else word_of(column, value) for value in values]
    unknown = np.array(
        [word is None and value is not None for word, value in zip(words, values, strict=True)], dtype=bool
    )
    used = np.bincount(codes, minlength=len(words)) > 0
    allowed = column.values or tuple(
        sorted({word for word, there in zip(words, used, strict=True) if word and there})
    )
    places = {word: place for place, word in enumerate(allowed)}
    place = np.array([places.get(word or "", -1) for word in words], dtype=np.int32)
    made = pd.Categorical.from_codes(place[codes], dtype=pd.CategoricalDtype(list(allowed)))
    if one_and_two(column, {text_of(values[int(at)]) for at in np.flatnonzero(unknown & used)}):
        return made, {"is coded 1 and 2, and the file does not say which of them is yes": unknown}
    return made, {f"holds a word that is not allowed; allowed are {', '.join(allowed)}": unknown}


def _date(values: Sequence[Any], codes: Codes, conventions: Conventions) -> tuple[Any, Faults]:
    days: list[date | None] = [None if value is None else day_of(value, conventions) for value in values]
    unread = np.array(
        [day is None and v is not None for day, v in zip(days, values, strict=True)], dtype=bool
    )
    known = np.array([np.datetime64("NaT") if day is None else day for day in days], dtype="datetime64[s]")
    order = {"day-first": "day.month.year", "month-first": "month/day/year"}.get(conventions.order, "")
    shape = f"year-month-day, such as 2022-01-31{f', or as {order}' if order else ''}"
    return known[codes], {f"is not a day written as {shape}": unread}


def _number(column: Column, values: Sequence[Any], codes: Codes) -> tuple[Any, Faults]:
    value = np.array([_float(each) for each in values], dtype=np.float64)
    given = np.array([each is not None for each in values], dtype=bool)
    unread = given & np.isnan(value)
    low = -np.inf if column.low is None else column.low
    high = np.inf if column.high is None else column.high
    below = value <= low if column.low_excluded else value < low
    outside = below | (value > high) | np.isinf(value)
    broken = np.zeros(len(value), dtype=bool)
    if column.kind == "integer":
        broken = given & ~unread & ~outside & (value != np.round(value))
    unit = f" {column.unit}" if column.unit else ""
    return np.where(outside | broken, np.nan, value)[codes], {
        "is not a number": unread,
        f"is outside the range {column.range_words}{unit}": outside,
        "is not a whole number": broken,
    }


def _float(value: Any) -> float:
    """Return a number, NaN for what is none; whether a comma fits the rest of the file is told elsewhere."""
    if isinstance(value, str):
        text = value.strip()
        if "," in text and "." not in text:
            text = text.replace(",", ".")
        return float(text) if _NUMBER.fullmatch(text) else np.nan
    if isinstance(value, bool | date):
        return np.nan
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return np.nan
