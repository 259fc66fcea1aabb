"""How wide a text prints and how it breaks into lines, measured with the DejaVu Sans that they print in."""

from __future__ import annotations

from functools import cache

from report_helpers.reporting.typeface import typeface

FAMILY = "DejaVu Sans, Verdana, Arial, sans-serif"
LEADING = 1.25
"""Distance of two base lines, in font sizes."""
ASCENT, DESCENT = 0.78, 0.24
"""How far letters reach above and below the base line, in font sizes (with accents; measured)."""


@cache
def _advance(letter: str, bold: bool) -> float:
    return typeface(bold).advance(letter)


def width(text: str, size: float, bold: bool = False) -> float:
    """Return the width of one line of text in the unit of `size`, without kerning (which only narrows it)."""
    return size * sum(_advance(letter, bold) for letter in text)


def wrap(text: str, available: float, size: float, bold: bool = False) -> list[str]:
    """Break text into lines no wider than `available`.

    Breaks at spaces (a no-break space does not break); a word wider than the line is broken anywhere, since
    cut text would be worse.

    Parameters
    ----------
    text : str
        One paragraph.
    available : float
        Width of the line, in the unit of `size`; wide enough for one letter at least.
    size : float
        Font size.
    bold : bool
        Whether the text is bold.

    Returns
    -------
    list of str
        At least one line.
    """
    lines: list[str] = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if width(joined, size, bold) <= available:
            lines[-1] = joined
            continue
        started = lines if lines[-1] else lines[:-1]
        lines = [*started, *_pieces(word, available, size, bold)]
    return lines


def _pieces(word: str, available: float, size: float, bold: bool) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and width(pieces[-1] + letter, size, bold) > available:
            pieces.append("")
        pieces[-1] += letter
    return pieces
