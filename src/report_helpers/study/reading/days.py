"""Read a day from the many ways in which programs and people write one."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta
from typing import Any

from report_helpers.study.reading.conventions import MONTH_FIRST, SLASHED, TIME, Conventions

_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){TIME}", re.ASCII)
_COMPACT = re.compile(r"(19|20)\d{6}", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?", re.ASCII)
_DAY_ZERO = {1900: date(1899, 12, 30), 1904: date(1904, 1, 1)}
_SERIALS = (10_000, 100_000)


def day_of(value: Any, conventions: Conventions) -> date | None:
    """Return the day of a value, or None if it is none.

    A time of the day is passed over. A year of two digits is one of this century: every date of the
    dictionary is of a screening or a treatment, none of a birth.

    >>> day_of("31.12.2023", Conventions(order="day-first")), day_of(45291, Conventions())
    (datetime.date(2023, 12, 31), datetime.date(2023, 12, 31))
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _serial(float(value), conventions)
    text = str(value).strip()
    if match := _YEAR_FIRST.fullmatch(text):
        return _day(match[1], match[3], match[4])
    if match := SLASHED.fullmatch(text):
        day, month = (match[3], match[1]) if conventions.order == MONTH_FIRST else (match[1], match[3])
        return _day(match[4] if len(match[4]) == 4 else f"20{match[4]}", month, day)
    if _COMPACT.fullmatch(text):
        return _day(text[:4], text[4:6], text[6:])
    if _SERIAL.fullmatch(text):
        return _serial(float(text.replace(",", ".")), conventions)
    return None


def _serial(number: float, conventions: Conventions) -> date | None:
    if not math.isfinite(number):
        return None
    if not _SERIALS[0] <= number < _SERIALS[1]:
        # A whole number of eight digits is a day without its hyphens.
        compact = f"{number:.0f}" if number.is_integer() else ""
        return _day(compact[:4], compact[4:6], compact[6:]) if _COMPACT.fullmatch(compact) else None
    return _DAY_ZERO[conventions.serials_from] + timedelta(days=math.floor(number))


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
