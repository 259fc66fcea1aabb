"""What terminal and page say of a comparison in the same words."""

from __future__ import annotations

from report_helpers.publishing.compare.comparison import Comparison
from report_helpers.publishing.compare.prose import Passage

NO_PAGES = "Sentences and prose are not compared: that takes a page of both versions."

_STATES = {
    "same": "as it was",
    "numbers": "numbers only",
    "edited": "edited",
    "added": "added",
    "removed": "removed",
}


def verdict(comparison: Comparison) -> str:
    """Return in a sentence or two whether, and in how much, the versions differ."""
    numbers = comparison.numbers
    if comparison.alike:
        return f"Both versions print the same {counted(numbers.same, 'number')}" + (
            " and the same words." if comparison.pages else "."
        )
    parts = [
        f"{counted(len(numbers.printed), 'number')} changed",
        f"{len(numbers.appeared)} appeared",
        f"{len(numbers.gone)} went",
        f"{numbers.same + len(numbers.unseen)} are printed as before",
    ]
    crossed = counted(len(comparison.crossings), "conclusion") + " crossed a line"
    told = [", ".join(parts), crossed]
    if comparison.pages:
        edited = sum(is_edited(passage) for passage in comparison.prose)
        told += [f"{counted(len(comparison.reread), 'sentence')} to reread"]
        told += [f"{counted(edited, 'paragraph')} edited, moved, added or removed"]
    return "; ".join(told) + "."


def unseen(comparison: Comparison) -> str:
    """Return what there is to say of changes that nobody sees, if any."""
    number = len(comparison.numbers.unseen)
    if not number:
        return ""
    return f"{counted(number, 'more number')} changed in digits or methods that are not printed (see --json)."


def is_edited(passage: Passage) -> bool:
    """Tell whether more than computed values of a paragraph changed."""
    return passage.moved or passage.state != "numbers"


def state(passage: Passage) -> str:
    """Return what became of a paragraph."""
    if not passage.moved:
        return _STATES[passage.state]
    return "moved" if passage.state == "same" else f"moved, {_STATES[passage.state]}"


def counted(number: int, noun: str, several: str = "") -> str:
    """Return a number of things.

    Examples
    --------
    >>> counted(1, "number"), counted(0, "number")
    ('1 number', '0 numbers')
    """
    return f"{number:,} {noun if number == 1 else several or noun + 's'}"
