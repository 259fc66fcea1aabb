"""Which numbers of a text moved in another run of the same sources, and which stood still."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from report_helpers.publishing.checks.mutation.printed import CELL, ROW, Word

_MASK = "\0"


@dataclass(frozen=True)
class _Run:
    """Words of one computed value, or between two; `first` is the place of the first one."""

    first: int
    words: tuple[Word, ...]

    @property
    def skeleton(self) -> str:
        """What finds the run again: its key, or its words without their numbers."""
        return f"{_MASK}{self.words[0].key}" if self.words[0].key else " ".join(map(_masked, self.words))


def still(words: Sequence[Word], others: Sequence[Word]) -> Iterator[tuple[int, bool]]:
    """Go through the numbers of a text that another text has, too: place of each, and whether it is equal.

    A number that the other text has no place for, since another sentence stands there, is passed over.

    Examples
    --------
    >>> old = [Word("7", number=True), Word("of"), Word("9", number=True)]
    >>> new = [Word("8", number=True), Word("of"), Word("9", number=True)]
    >>> list(still(old, new))
    [(0, False), (2, True)]
    """
    mine, theirs = _runs(words), _runs(others)
    pairs = SequenceMatcher(None, [run.skeleton for run in mine], [run.skeleton for run in theirs], False)
    for kind, start, end, other_start, other_end in pairs.get_opcodes():
        if kind == "equal":
            for run, other in zip(mine[start:end], theirs[other_start:other_end], strict=True):
                yield from _within(run.words, other.words, run.first)
        elif kind == "replace":
            here, there = _joined(mine[start:end]), _joined(theirs[other_start:other_end])
            yield from _within(here, there, mine[start].first)


def _within(words: Sequence[Word], others: Sequence[Word], first: int) -> Iterator[tuple[int, bool]]:
    mine, theirs = list(map(_masked, words)), list(map(_masked, others))
    for place, other, size in SequenceMatcher(None, mine, theirs, False).get_matching_blocks():
        for step in range(size):
            word = words[place + step]
            if word.number:
                yield first + place + step, word.text == others[other + step].text


def _runs(words: Sequence[Word]) -> list[_Run]:
    """Part words where a computed value begins or ends, and at the edges of a table's cells."""
    found, first = [], 0
    for _, group in groupby(words, key=lambda word: (word.key, word.text in (CELL, ROW))):
        run = tuple(group)
        found.append(_Run(first, run))
        first += len(run)
    return found


def _joined(runs: Sequence[_Run]) -> tuple[Word, ...]:
    return tuple(word for run in runs for word in run.words)


def _masked(word: Word) -> str:
    return _MASK + word.key if word.number else word.text
