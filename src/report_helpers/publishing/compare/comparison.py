"""The whole comparison of two versions, as data; the terminal, JSON and page only show it."""

from __future__ import annotations

from dataclasses import dataclass

from report_helpers.publishing.compare.conclusions import Crossing, crossings
from report_helpers.publishing.compare.numbers import NumberChanges, compare_numbers
from report_helpers.publishing.compare.prose import Passage, compare_prose
from report_helpers.publishing.compare.reread import Reread, sentences_to_reread
from report_helpers.publishing.compare.sources import Version


@dataclass(frozen=True)
class Comparison:
    """What two versions differ in.

    Attributes
    ----------
    old, new : Version
        The versions.
    facts : tuple of (str, str, str)
        Label, old and new value of version, data and software, where they differ.
    numbers : NumberChanges
        Numbers that changed, appeared or went.
    crossings : tuple of Crossing
        Conclusions that are no longer the same.
    reread : tuple of Reread
        Sentences that print a changed number.
    prose : tuple of Passage
        Paragraphs that are not as they were.
    pages : bool
        Whether there were two pages to compare; without, `reread` and `prose` are empty.
    """

    old: Version
    new: Version
    facts: tuple[tuple[str, str, str], ...]
    numbers: NumberChanges
    crossings: tuple[Crossing, ...]
    reread: tuple[Reread, ...]
    prose: tuple[Passage, ...]
    pages: bool

    @property
    def alike(self) -> bool:
        """Whether readers of the two find the same numbers and words."""
        numbers = self.numbers
        return not (numbers.printed or numbers.appeared or numbers.gone or self.crossings or self.prose)


def compare(old: Version, new: Version) -> Comparison:
    """Compare two versions."""
    numbers = compare_numbers(old.entries, new.entries)
    crossed = crossings(numbers.changed)
    labels = dict.fromkeys((*old.facts, *new.facts))
    facts = tuple((label, old.facts.get(label, ""), new.facts.get(label, "")) for label in labels)
    facts = tuple(fact for fact in facts if fact[1] != fact[2])
    if old.page is None or new.page is None:
        return Comparison(old, new, facts, numbers, crossed, (), (), pages=False)
    passages = compare_prose(old.page, new.page)
    changed = {change.key for change in numbers.printed} | {entry.key for entry in numbers.gone}
    changed |= {each.key for each in crossed}
    reread = sentences_to_reread(
        passages,
        old.page,
        new.page,
        (old.entries, new.entries),
        changed,
        {each.key for each in crossed},
    )
    differing = tuple(each for each in passages if each.moved or each.state != "same")
    return Comparison(old, new, facts, numbers, crossed, reread, differing, pages=True)
