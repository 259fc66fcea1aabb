"""Which numbers of a text are constants by their place in it, whatever the patients."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from report_helpers.publishing.checks.mutation.printed import CELL, ROW, Word

_LIMITS = frozenset(
    ("above", "below", "cut-off", "excludes", "includes", "nearer", "outside", "than", "≥", "≤")
)
_NULL_VALUES = frozenset(("0", "1"))
_BEFORE_NULL = frozenset(("are", "is", "of"))
_WORDS = re.compile(r"\w+")


def is_level(words: Sequence[Word], place: int, levels: Collection[float]) -> bool:
    """Tell whether a number is the level of intervals, which is that of those computed: ``95% CI``."""
    after = [word.text for word in words[place + 1 : place + 3]]
    level = after[:1] == ["%"] and after[1:] in (["CI"], ["confidence"]) and not words[place].text.isalpha()
    return level and _share(words[place]) in levels


def _share(word: Word) -> float:
    return round(float(word.text.replace(",", "").replace("−", "-")) / 100, 4)


def is_limit(words: Sequence[Word], place: int) -> bool:
    """Tell whether a number is to compare with: ``fewer than 10``, ``outside 0.01 to 0.99``."""
    if [word.text for word in words[place + 1 : place + 2]] == ["cut-offs"]:
        return True
    if place > 2 and words[place - 1].text == "to" and words[place - 2].number:
        place -= 2
    return place > 0 and words[place - 1].text in _LIMITS


def is_null_value(words: Sequence[Word], place: int) -> bool:
    """Tell whether 0 or 1 means no association: ``a ratio of 1``, ``includes 1``, ``0 (reference)``."""
    if words[place].text not in _NULL_VALUES:
        return False
    before = words[place - 1].text if place else ""
    after = [word.text for word in words[place + 1 : place + 3]]
    return before in _BEFORE_NULL or is_limit(words, place) or after == ["(", "reference"]


def is_item(words: Sequence[Word], place: int) -> bool:
    """Tell whether a row of a table is called or counted by a number: ``1. Disease``, ``13a``, ``12.1``."""
    if [word.text for word in words[place - 2 : place]] != [ROW, CELL]:
        return False
    after = [word.text for word in words[place + 1 : place + 3]]
    return after[:1] in ([CELL], ["."]) or (len(after) == 2 and len(after[0]) == 1 and after[1] == CELL)


def is_bound(words: Sequence[Word], place: int) -> bool:
    """Tell whether a number stands for all that are smaller or greater: ``P<0.001``."""
    return place > 0 and words[place - 1].text in ("<", ">")


def is_quoted(words: Sequence[Word], place: int, declared: str) -> bool:
    """Tell whether a number stands among the same words in the study's own declarations.

    Parameters
    ----------
    words : sequence of Word
    place : int
    declared : str
        Their words, in small letters and with one blank between, before and after.
    """
    near = [
        word.lower() for each in words[max(0, place - 6) : place + 7] for word in _WORDS.findall(each.text)
    ]
    here = len([w for each in words[max(0, place - 6) : place] for w in _WORDS.findall(each.text)])
    runs = (near[max(0, here - before) : here + after] for before, after in ((0, 3), (1, 2), (2, 1)))
    return any(len(run) == 3 and f" {' '.join(run)} " in declared for run in runs)


def words_of(text: str) -> str:
    """Return text as `is_quoted` wants it."""
    return f" {' '.join(_WORDS.findall(text.lower()))} "
