"""Numbers as a reader sees them: the digits of a text, what they are worth, and what they may round."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite

MINUS = "\u2212\u2013\u2010\u2011\u2012-"
"""The signs that are printed before a negative number."""
DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
"""Digits with a comma at each thousand, or none, and decimals, if any."""
LEVEL = re.compile(
    r"(?<![\d.])(?P<level>\d+(?:\.\d+)?)\s?%[- ](?:CI|CrI|confidence (?:interval|limit|level)s?|intervals?)\b"
)
"""The level of an interval: ``95% CI``."""

_NUMBER = re.compile(
    rf"(?P<bound>[<>])?(?:(?<![\w)%.])(?P<sign>[{MINUS}]))?(?<![\w.])(?<![A-Za-z]-)(?P<digits>{DIGITS}|\.\d+)"
    r"(?!\w|\.\d|,\d{3})"
)
_MIDDLE_DOT = re.compile(r"(?<=\d)·(?=\d)")


@dataclass(frozen=True)
class Number:
    """A printed number.

    Attributes
    ----------
    text : str
        As it stands there, with its sign.
    value : Decimal
    places : int
        Decimals printed.
    bound : str
        ``<`` or ``>`` where only a bound is given: ``<0.001``.
    start : int
        Where it begins in the text.
    """

    text: str
    value: Decimal
    places: int
    bound: str = ""
    start: int = 0

    @property
    def half(self) -> Decimal:
        """Half a unit of its last digit: how far what it rounds may be from it."""
        return Decimal(5).scaleb(-self.places - 1)

    def rounds(self, exact: float, scale: int = 1) -> bool:
        """Tell whether it can be the rounding of an exact value, whichever way halves go.

        Examples
        --------
        >>> [numbers(text)[0].rounds(0.0625, 100) for text in ("6.2", "6.3", "6.4", "<7")]
        [True, True, False, True]
        """
        if not isfinite(exact):
            return False
        value = Decimal(exact) * scale
        if self.bound:
            return value < self.value if self.bound == "<" else value > self.value - self.half
        # What a computer holds of a decimal number is off by less than this.
        return abs(value - self.value) <= self.half + abs(value) * Decimal("1e-12")


def number(text: str) -> Number:
    """Return the number that a text consists of."""
    bound = text[0] if text[0] in "<>" else ""
    digits = text.lstrip("<>")
    negative = digits[0] in MINUS
    digits = digits.lstrip(MINUS)
    value = Decimal(digits.replace(",", ""))
    places = len(digits.partition(".")[2])
    return Number(text, -value if negative else value, places, bound)


def numbers(text: str) -> tuple[Number, ...]:
    """Return the numbers of a text; digits of a name, such as Th1 or IL-6, are none.

    Examples
    --------
    >>> [each.text for each in numbers("Th1/Th2 of −1.5 (95% CI 0.34–1,234), P<0.001")]
    ['−1.5', '95', '0.34', '1,234', '<0.001']
    """
    return tuple(_found(evened(text)))


def _found(text: str) -> Iterator[Number]:
    for found in _NUMBER.finditer(text):
        each = number(found[0])
        yield Number(each.text, each.value, each.places, each.bound, found.start())


def without_levels(text: str) -> str:
    """Return a text without the levels of its intervals: ``1.73 (CI 1.12–2.83)``.

    They tell how an interval was made and are no part of it, and some forms of a number leave them out.
    """
    return LEVEL.sub("CI", evened(text))


def evened(text: str) -> str:
    """Return a text with plain blanks, and full stops for raised decimal points."""
    return _MIDDLE_DOT.sub(".", " ".join(text.split()))
