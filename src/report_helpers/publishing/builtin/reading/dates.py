"""Dates of the title block, written out as Quarto does; only `today` asks the clock."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$")
_NAMED = {
    "iso": "YYYY-MM-DD",
    "long": "MMMM D, YYYY",
    "medium": "MMM D, YYYY",
    "short": "M/D/YY",
    "full": "dddd, MMMM D, YYYY",
}
_TOKEN = re.compile(r"\[(?P<literal>[^\]]*)\]|YYYY|YY|MMMM|MMM|MM|M|dddd|ddd|DD|D")


def write_date(metadata: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """Return the metadata with `date` written out after `date-format` (default `long`).

    Text that is no date is left as it is. `today` and `now` follow `SOURCE_DATE_EPOCH` where it is set.
    """
    given = metadata.get("date")
    if given is None:
        return dict(metadata)
    day = _day(str(given), environment)
    if day is None:
        return dict(metadata)
    pattern = str(metadata.get("date-format", "long"))
    return {**metadata, "date": format_date(day, pattern), "date-meta": day.isoformat()}


def format_date(day: dt.date, pattern: str) -> str:
    """Write a date.

    Examples
    --------
    >>> format_date(dt.date(2026, 1, 5), "long")
    'January 5, 2026'
    >>> format_date(dt.date(2026, 1, 5), "D MMMM YYYY")
    '5 January 2026'
    """

    def put(found: re.Match[str]) -> str:
        if found["literal"] is not None:
            return found["literal"]
        values = {
            "YYYY": f"{day.year:04}",
            "YY": f"{day.year % 100:02}",
            "MMMM": _MONTHS[day.month - 1],
            "MMM": _MONTHS[day.month - 1][:3],
            "MM": f"{day.month:02}",
            "M": str(day.month),
            "dddd": _DAYS[day.weekday()],
            "ddd": _DAYS[day.weekday()][:3],
            "DD": f"{day.day:02}",
            "D": str(day.day),
        }
        return values[found[0]]

    return _TOKEN.sub(put, _NAMED.get(pattern, pattern))


_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def _day(text: str, environment: Mapping[str, str]) -> dt.date | None:
    if text in ("today", "now"):
        epoch = environment.get("SOURCE_DATE_EPOCH")
        return (
            dt.datetime.fromtimestamp(int(epoch), dt.UTC).date() if epoch else dt.datetime.now(dt.UTC).date()
        )
    found = _ISO.match(text.strip())
    if not found:
        return None
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
