"""What the page prints of each quantity, and what the ledger holds of it, by key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from report_helpers.publishing.builtin.reading.lines import Line
from report_helpers.publishing.checks.reading.digits import DIGITS, Number, number, numbers, without_levels
from report_helpers.publishing.checks.reading.manuscript import Manuscript, context_of
from report_helpers.publishing.checks.reading.passages import float_line, parts_of, stretches

FRACTION = re.compile(rf"^(?P<n>{DIGITS})\s?/\s?(?P<N>{DIGITS})\b")
WHOLE = ":n"
"""After a key: the denominator printed with it."""
_COUNTED = re.compile(rf"\(n\s?=\s?(?P<n>{DIGITS})\)")


@dataclass(frozen=True)
class Printing:
    """One place where a value is printed; `picture` is the label of the float in whose drawing it is."""

    key: str
    text: str
    line: Line
    picture: str = ""
    context: str = ""

    @property
    def told(self) -> str:
        """What a finding calls the place, if it is no text of the page."""
        return f"In the drawing of {self.picture}: " if self.picture else ""

    def counts(self) -> Iterator[tuple[str, int]]:
        """Go through the whole numbers in it, with their names: the count, and the denominator after it."""
        fraction = FRACTION.match(self.text)
        if fraction:
            yield self.key, int(number(fraction["n"]).value)
            yield self.key + WHOLE, int(number(fraction["N"]).value)
            return
        counted = _COUNTED.search(self.text) if self.picture else None
        found = (number(counted["n"]),) if counted else numbers(self.text)
        if found and not found[0].places and not found[0].bound and (counted or not found[0].start):
            yield self.key, int(found[0].value)


def printings(manuscript: Manuscript) -> Iterator[Printing]:
    """Go through all computed values of the page, then those drawn in pictures."""
    for stretch in stretches(manuscript):
        for at, token in enumerate(stretch.paragraph.tokens if stretch.paragraph else ()):
            if token.key and stretch.paragraph:
                line = stretch.place(manuscript, stretch.starts[at])
                yield Printing(token.key, token.text, line, "", context_of(stretch.paragraph, at))
    for picture in parts_of(manuscript.html).pictures:
        line = float_line(manuscript, picture.label)
        for drawn in picture.drawn:
            if drawn.key:
                yield Printing(drawn.key, drawn.text, line, picture.label, drawn.text)


def counted(manuscript: Manuscript) -> Mapping[str, int]:
    """Return the whole numbers of the ledger by name; those that are not shown have none."""
    found: dict[str, int] = {}
    for entry in manuscript.entries:
        for name, value in ((entry["key"], entry["value"]), (entry["key"] + WHOLE, entry["n"])):
            if isinstance(value, int) and not isinstance(value, bool):
                found.setdefault(name, value)
    return found


def says(text: str, entry: Mapping[str, Any]) -> bool:
    """Tell whether a text can be the rounding of the exact value that the ledger has for it.

    The text may give a share as a percentage. Of a text without numbers, or an entry without a number,
    nothing can be told.
    """
    value = entry["value"]
    found = numbers(without_levels(text))
    if isinstance(value, bool) or not isinstance(value, int | float) or not found:
        return True
    fraction = FRACTION.match(text)
    if fraction:
        part, whole = number(fraction["n"]), number(fraction["N"])
        if entry["n"] is not None and whole.value != entry["n"]:
            return False
        share = float(part.value / whole.value) if whole.value else 0.0
        return float(part.value) == value or abs(share - value) < 1e-9
    return any(_agree(found, entry, scale) for scale in (1, 100))


def _agree(found: Sequence[Number], entry: Mapping[str, Any], scale: int) -> bool:
    value = entry["value"]
    limits = [each for each in (entry["low"], entry["high"]) if each is not None]
    if value == entry["p"]:  # a P value, whose entry tells of the interval that it belongs to
        limits = []
    return all(each.rounds(exact, scale) for each, exact in zip(found, (value, *limits), strict=False))
