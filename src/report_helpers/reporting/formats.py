"""Numbers as a clinical journal prints them, after the SAMPL guidelines (Lang & Altman 2015).

Every function takes plain numbers and returns text; none computes a statistic. Ratios, percentages and P
values follow one rule each, so that a quantity reads the same in text, table and figure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date

from report_helpers.results.withheld import NOT_SHOWN, is_withheld

MINUS = "\u2212"
EN_DASH = "\u2013"
SUPPLY = "[to be supplied]"
NO_DATA = "no data"
SMALL = 20
"""Below this denominator a percentage suggests more precision than there is: n/N alone is printed."""

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip


def count(value: int) -> str:
    """Return a count with a comma at each thousand: ``1,738``."""
    return f"{value:,}".replace("-", MINUS)


def decimal(value: float, places: int) -> str:
    """Return `value` with fixed decimals and a true minus sign; a rounded zero has no sign.

    >>> decimal(-0.04, 1), decimal(-3.14, 1)
    ('0.0', '−3.1')
    """
    text = f"{value:,.{places}f}"
    if text.startswith("-"):
        text = text[1:] if float(text.replace(",", "")) == 0 else MINUS + text[1:]
    return text


def ratio(value: float) -> str:
    """Return a ratio with two decimals, fewer from 10 up, two significant figures below 0.1.

    >>> [ratio(v) for v in (0, 0.0004, 0.034, 1.337, 12.34, 123.4)]
    ['0', '<0.001', '0.034', '1.34', '12.3', '123']
    """
    if value == 0:
        return "0"
    if value < 0.001:
        return "<0.001"
    for bound, places in ((0.00995, 4), (0.0995, 3), (9.995, 2), (99.95, 1)):
        if value < bound:
            return f"{value:.{places}f}"
    return f"{value:,.0f}"


def percentage(share: float) -> str:
    """Return a share (0 to 1) as a percentage with one decimal, without the sign: ``48.2``."""
    return decimal(100 * share, 1)


def fraction(events: int, n: int) -> str:
    """Return ``56/116``; where there is nobody to count, that there are no data."""
    if is_withheld(events) and is_withheld(n):
        return NOT_SHOWN
    return f"{count(events)}/{count(n)}" if n else NO_DATA


def events_of_n(events: int, n: int) -> str:
    """Return ``56/116 (48.3%)``, or ``5/12`` where the denominator is below `SMALL`."""
    if n < SMALL or is_withheld(events) or is_withheld(n):
        return fraction(events, n)
    return f"{fraction(events, n)} ({percentage(events / n)}%)"


def p_number(p: float) -> str:
    """Return a P value without its letter: ``0.013``, ``<0.001``, ``>0.99``.

    Two significant figures from 0.01, one below; more where rounding would carry the value over 0.05.
    """
    if is_withheld(p):
        return NOT_SHOWN
    if not 0 <= p <= 1:
        raise ValueError(f"a P value lies between 0 and 1, not {p}")
    if p < 0.001:
        return "<0.001"
    if p >= 0.995:
        return ">0.99"
    text = f"{p:.2f}" if p >= 0.0995 else f"{p:.3f}"
    for places in range(4, 9):
        if (float(text) < 0.05) == (p < 0.05):
            return text
        text = f"{p:.{places}f}"
    return "<0.05"


def p_value(p: float | None) -> str:
    """Return ``P=0.013``, ``P<0.001`` or ``P>0.99``; in words where there is none."""
    if p is None:
        return "P not calculated"
    text = p_number(p)
    if is_withheld(p):
        return f"P {text}"
    return f"P{text}" if text[0] in "<>" else f"P={text}"


def limits(
    low: float | None, high: float | None, show: Callable[[float], str], *, spelled: bool = False
) -> str:
    """Return the limits of an interval: ``41.0–55.4``, ``−3.1 to 21.0``, ``from 1.10, no upper limit``.

    Parameters
    ----------
    low, high : float or None
        The limits in the unit that `show` prints; None is an unbounded limit.
    show : callable
        Formats one limit.
    spelled : bool
        Always join with "to", as for differences, where a dash could be read as a minus sign.
    """
    if low is None and high is None:
        return "not estimable"
    if high is None:
        return f"from {show(low or 0.0)}, no upper limit"
    if low is None:
        return f"up to {show(high)}, no lower limit"
    first, second = show(low), show(high)
    dash = not spelled and MINUS not in first + second and "<" not in first + second
    return f"{first}{EN_DASH}{second}" if dash else f"{first} to {second}"


def day(value: date) -> str:
    """Return ``1 January 2022``."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def period(start: date, end: date) -> str:
    """Return ``January 2022 to December 2023`` for whole months, else both days in full."""
    whole = start.day == 1 and (date.fromordinal(end.toordinal() + 1)).day == 1
    if not whole:
        return f"{day(start)} to {day(end)}"
    return f"{_MONTHS[start.month - 1]} {start.year} to {_MONTHS[end.month - 1]} {end.year}"


def plain(value: float) -> str:
    """Return a number as short as it is: a whole number without decimals, else at most two."""
    if float(value).is_integer():
        return decimal(value, 0)
    text = decimal(value, 2)
    return text[:-1] if text.endswith("0") else text


def mean_sd(mean: float | None, sd: float | None, places: int = 1) -> str:
    """Return ``34.2 (4.1)``; an SD that one patient cannot give is left out."""
    if mean is None:
        return NO_DATA
    if is_withheld(mean):
        return NOT_SHOWN
    return decimal(mean, places) if sd is None else f"{decimal(mean, places)} ({decimal(sd, places)})"


def median_iqr(median: float | None, q1: float | None, q3: float | None, places: int | None = None) -> str:
    """Return ``3 (2–4)``: without `places`, whole numbers stay whole when all three are."""
    if median is None or q1 is None or q3 is None:
        return NO_DATA
    if is_withheld(median):
        return NOT_SHOWN
    if places is None:
        places = 0 if all(float(v).is_integer() for v in (median, q1, q3)) else 1
    return f"{decimal(median, places)} ({limits(q1, q3, lambda v: decimal(v, places))})"


def with_unit(number: str, unit: str) -> str:
    """Return a number with its unit: none for a ratio, "percent of …" closed up as a sign.

    >>> with_unit("10.3", "ratio"), with_unit("50", "percent of leucocytes"), with_unit("34", "years")
    ('10.3', '50% of leucocytes', '34 years')
    """
    if unit in ("", "ratio"):
        return number
    return number + re.sub("^ (percent|%)", "%", f" {unit}")


def listed(words: Iterable[str], joined: str = "and") -> str:
    """Return words as a sentence lists them: ``age, stage and quality``."""
    *first, last = list(words) or [""]
    return f"{', '.join(first)} {joined} {last}" if first else last


def lower_first(label: str) -> str:
    """Return a label as it stands within a sentence; an abbreviation (``NK cells``) stays as it is."""
    first = label.split(" ", 1)[0]
    abbreviated = any(letter.isupper() or letter.isdigit() for letter in first[1:])
    return label if abbreviated else label[:1].lower() + label[1:]
