"""Turn the text of one column into typed values, and say which rows could not be turned.

Work is done once per distinct text and spread to the rows, so that a million rows cost little.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from report_helpers.study.dictionary import Column

Flags = NDArray[np.bool_]
Faults = dict[str, Flags]

_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Converted:
    """A typed column, and the rows that break each of its rules (rules that no row breaks are left out)."""

    values: pd.Series
    broken: Mapping[str, Flags]


def convert(column: Column, texts: pd.Series) -> Converted:
    """Return the typed values of a column of texts.

    Parameters
    ----------
    column : Column
        The dictionary's entry.
    texts : pandas.Series
        Texts with NaN where blank; spaces around a text do not count.

    Returns
    -------
    Converted
        Texts stay texts, codes become categories, dates datetime64, numbers float64. A value that breaks
        a rule is missing in ``values``.
    """
    codes, found = pd.factorize(texts.to_numpy(dtype=object))
    # The last of the distinct texts stands for a blank, whose code is −1.
    distinct = [text.strip() for text in found] + [""]
    makers = {"text": _text, "category": _category, "date": _date}
    values, faults = makers.get(column.kind, _number)(column, distinct, codes)
    broken = {rule: fault[codes] for rule, fault in faults.items() if fault.any()}
    return Converted(pd.Series(values, name=column.name), broken)


def _text(column: Column, distinct: Sequence[str], codes: NDArray[np.intp]) -> tuple[Any, Faults]:
    same, first = pd.factorize(np.array(distinct, dtype=object))
    rows = np.bincount(same[codes], minlength=len(first))
    given = np.array([text != "" for text in distinct])
    values = np.where(given, np.array(distinct, dtype=object), np.nan)[codes]
    repeated = given & (rows[same] > 1)
    return pd.array(values, dtype="str"), {"is repeated, but must be different in every row": repeated}


def _category(column: Column, distinct: Sequence[str], codes: NDArray[np.intp]) -> tuple[Any, Faults]:
    allowed = column.values or tuple(sorted(set(distinct) - {""}))
    places = {text: place for place, text in enumerate(allowed)}
    place = np.array([places.get(text, -1) for text in distinct])
    unknown = (place < 0) & np.array([text != "" for text in distinct])
    values = pd.Categorical.from_codes(place[codes], dtype=pd.CategoricalDtype(list(allowed)))
    return values, {f"holds a word that is not allowed; allowed are {', '.join(allowed)}": unknown}


def _date(column: Column, distinct: Sequence[str], codes: NDArray[np.intp]) -> tuple[Any, Faults]:
    shaped = [text if _ISO_DAY.fullmatch(text) else None for text in distinct]
    days = pd.to_datetime(pd.Series(shaped, dtype=object), format="%Y-%m-%d", errors="coerce")
    unread = days.isna().to_numpy() & np.array([text != "" for text in distinct])
    values = days.to_numpy().astype("datetime64[s]")[codes]
    return values, {"is not a day written as year-month-day, such as 2022-01-31": unread}


def _number(column: Column, distinct: Sequence[str], codes: NDArray[np.intp]) -> tuple[Any, Faults]:
    value = np.asarray(pd.to_numeric(np.array(distinct, dtype=object), errors="coerce"), dtype=float)
    given = np.array([text != "" for text in distinct])
    unread = given & np.isnan(value)
    comma = np.zeros(len(value), dtype=bool)
    comma[unread] = [bool(_DECIMAL_COMMA.fullmatch(distinct[int(place)])) for place in np.flatnonzero(unread)]
    low = -np.inf if column.low is None else column.low
    high = np.inf if column.high is None else column.high
    below = value <= low if column.low_excluded else value < low
    outside = below | (value > high) | np.isinf(value)
    broken = np.zeros(len(value), dtype=bool)
    if column.kind == "integer":
        broken = given & ~unread & ~outside & (value != np.round(value))
    unit = f" {column.unit}" if column.unit else ""
    return np.where(outside | broken, np.nan, value)[codes], {
        "has a decimal comma; write a point instead": unread & comma,
        "is not a number": unread & ~comma,
        f"is outside the range {column.range_words}{unit}": outside,
        "is not a whole number": broken,
    }
