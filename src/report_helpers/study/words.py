"""Small wordings that every message of the study part shares."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

SHOWN = 10
"""How many items a message lists before it says "and 12 more"."""


def one_of(choices: Sequence[str]) -> str:
    """Return choices in words.

    >>> one_of(("keep", "exclude"))
    'keep or exclude'
    """
    return choices[0] if len(choices) == 1 else f"{', '.join(choices[:-1])} or {choices[-1]}"


def nearest(word: str, choices: Sequence[str]) -> str:
    """Return the choice most like a misspelt word, or an empty text when none is near.

    >>> nearest("regimen", ("regimens", "timings"))
    'regimens'
    """
    near = get_close_matches(word, choices, n=1, cutoff=0.6)
    return near[0] if near else ""


def did_you_mean(word: str, choices: Sequence[str]) -> str:
    """Return the end of a message that suggests the nearest choice, or nothing when none is near."""
    near = nearest(word, choices)
    return f"; did you mean {near}?" if near else ""


def first_of(items: Sequence[object], count: int | None = None) -> str:
    """Return the first items, and how many of ``count`` are not shown.

    >>> first_of((2, 3), count=7)
    '2, 3 and 5 more'
    """
    shown = [str(item) for item in items[:SHOWN]]
    rest = (len(items) if count is None else count) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")


def counted(count: int, noun: str) -> str:
    """Return a count with its noun, in the plural unless it is one.

    >>> counted(1, "row"), counted(3, "row")
    ('1 row', '3 rows')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
