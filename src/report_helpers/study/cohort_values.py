"""Turn the text of one column into typed values, and say which rows could not be turned.

Work is done once per distinct text and spread to the rows, so that a million rows cost little.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from report_helpers.study.dictionary import Column

_DECIMAL_COMMA = r"[+-]?\d+,\d+"
_ISO_DAY = r"\d{4}-\d{2}-\d{2}"


@dataclass(frozen=True)
class Converted:
    """A typed column, and the rows that break each of its rules (rules that no row breaks are left out)."""

    values: pd.Series
    broken: Mapping[str, np.ndarray]


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
    codes, distinct = pd.factorize(texts.astype(object))
    stripped = pd.Series(distinct, dtype=object).astype(str).str.strip()
    stripped = stripped.where(stripped != "")
    makers = {"text": _text, "category": _category, "date": _date}
    values, faults = makers.get(column.kind, _number)(column, stripped)
    broken = {rule: _spread(fault, codes) for rule, fault in faults.items() if fault.any()}
    if column.kind == "text":
        broken |= _repeated(values, codes)
    taken = values.reindex(codes).reset_index(drop=True)  # code −1, a blank, finds nothing: missing
    return Converted(taken.rename(column.name), broken)


def _spread(distinct: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Return a flag per row from a flag per distinct text; blanks (code −1) are never flagged."""
    flagged: NDArray[np.bool_] = np.append(distinct, False)[codes]
    return flagged


def _repeated(values: pd.Series, codes: np.ndarray) -> dict[str, np.ndarray]:
    """Return the rows whose text stands in more than one row, compared without spaces around it."""
    same, _ = pd.factorize(values)
    per_row = np.append(same, -1)[codes]
    counts = np.bincount(per_row[per_row >= 0], minlength=1)
    rows = (per_row >= 0) & (counts[per_row] > 1)
    return {"is repeated, but must be different in every row": rows} if rows.any() else {}


Faults = dict[str, np.ndarray]


def _text(column: Column, texts: pd.Series) -> tuple[pd.Series, Faults]:
    return texts, {}


def _category(column: Column, texts: pd.Series) -> tuple[pd.Series, Faults]:
    if not column.values:
        return texts.astype(pd.CategoricalDtype(sorted(texts.dropna().unique()))), {}
    unknown = (texts.notna() & ~texts.isin(column.values)).to_numpy()
    kept = texts.where(~unknown).astype(pd.CategoricalDtype(list(column.values)))
    return kept, {f"holds a word that is not allowed; allowed are {', '.join(column.values)}": unknown}


def _date(column: Column, texts: pd.Series) -> tuple[pd.Series, Faults]:
    shaped = texts.where(texts.str.fullmatch(_ISO_DAY).fillna(False).astype(bool))
    days = pd.to_datetime(shaped, format="%Y-%m-%d", errors="coerce").astype("datetime64[s]")
    unread = (texts.notna() & days.isna()).to_numpy()
    return days, {"is not a day written as year-month-day, such as 2022-01-31": unread}


def _number(column: Column, texts: pd.Series) -> tuple[pd.Series, Faults]:
    numbers = pd.to_numeric(texts, errors="coerce").astype(float)
    given, unread = texts.notna().to_numpy(), numbers.isna().to_numpy()
    comma = texts.str.fullmatch(_DECIMAL_COMMA).fillna(False).to_numpy(dtype=bool)
    value = numbers.to_numpy()
    high = np.inf if column.high is None else column.high
    low = -np.inf if column.low is None else column.low
    below = value <= low if column.low_excluded else value < low
    outside = ~unread & (below | (value > high) | np.isinf(value))
    broken_whole = np.zeros(len(value), dtype=bool)
    if column.kind == "integer":
        broken_whole = ~unread & ~outside & (value != np.round(value))
    unit = f" {column.unit}" if column.unit else ""
    wrong = outside | broken_whole
    return numbers.mask(wrong), {
        "has a decimal comma; write a point instead": given & unread & comma,
        "is not a number": given & unread & ~comma,
        f"is outside the range {column.range_words}{unit}": outside,
        "is not a whole number": broken_whole,
    }
