"""The text of the page in stretches that a check can read, each with its place in the sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from report_helpers.publishing.builtin.reading.cells import Cell
from report_helpers.publishing.builtin.reading.lines import Line
from report_helpers.publishing.checks.reading.digits import evened
from report_helpers.publishing.checks.reading.manuscript import Manuscript
from report_helpers.publishing.checks.reading.page_parts import Parts, page_parts
from report_helpers.publishing.pages import Paragraph, Token

NOWHERE = Line("", "", 0)


@dataclass(frozen=True)
class Stretch:
    """A paragraph, a row of a table, or a picture's alternative text or drawn text.

    Attributes
    ----------
    text : str
        With plain blanks.
    where : str
        What a finding calls it, if it is no text of the page: ``the alternative text of fig-flow``.
    paragraph : Paragraph or None
        None for pictures.
    starts : tuple of int
        Where each token of the paragraph begins in the text.
    line : Line
        Of a picture, its place in the sources.
    lines : tuple of (Line or None)
        Of each token that is a computed value, the place that the ledger has for it, whatever its text.
    """

    text: str
    where: str = ""
    paragraph: Paragraph | None = None
    starts: tuple[int, ...] = ()
    line: Line = NOWHERE
    lines: tuple[Line | None, ...] = ()

    def token(self, place: int) -> int:
        """Return the number of the token at a place of the text."""
        return max((at for at, start in enumerate(self.starts) if start <= place), default=0)

    def within(self, start: int, end: int) -> Token | None:
        """Return the computed value that a part of the text lies in, if it does."""
        if self.paragraph is None or not self.starts:
            return None
        at = self.token(start)
        token = self.paragraph.tokens[at]
        return token if token.key and end <= self.starts[at] + len(token.text) else None

    def around(self, start: int, end: int, width: int = 60) -> str:
        """Return the text around a part of it."""
        return self.text[max(0, start - width) : end + width]

    def place(self, manuscript: Manuscript, start: int) -> Line:
        """Return the line of the sources that a place of the text comes from, as far as can be told."""
        if self.paragraph is None:
            return self.line
        at = self.token(start)
        return (self.lines[at] if self.lines else None) or manuscript.place(self.paragraph, at) or NOWHERE


def stretches(manuscript: Manuscript) -> tuple[Stretch, ...]:
    """Return the paragraphs and rows of the page, then its pictures."""
    # The ledger has the values of the page in their order: the second of a key is its second entry.
    places: dict[str, Iterator[Line | None]] = {}
    for key, entries in held(manuscript).items():
        places[key] = iter([_line(each) for each in entries])
    return (
        *(_of_paragraph(paragraph, places) for paragraph in manuscript.paragraphs),
        *_of_pictures(manuscript),
    )


def held(manuscript: Manuscript) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return the entries of the ledger by key."""
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for entry in manuscript.entries:
        found[entry["key"]].append(entry)
    return found


@lru_cache(maxsize=2)
def parts_of(html: str) -> Parts:
    """Return tables and pictures of a page, which several checks ask for."""
    return page_parts(html)


def float_line(manuscript: Manuscript, label: str) -> Line:
    """Return the line of the cell that makes a float; where no cell does, that of its label."""
    found = manuscript.line_of(rf"[{{ ]#{label}\b") if label else None
    if found is None:
        return NOWHERE
    for part in manuscript.parts:
        if isinstance(part, Cell) and part.opening.file == found.file and part.opening.number > found.number:
            return Line(part.opening.text, part.opening.file, part.opening.number + 1)
    return found


def _line(entry: Mapping[str, Any]) -> Line | None:
    return Line("", entry["file"], entry["line"]) if entry.get("file") and entry.get("line") else None


def _of_paragraph(paragraph: Paragraph, places: Mapping[str, Iterator[Line | None]]) -> Stretch:
    text, starts = "", []
    lines = tuple(next(places.get(token.key, iter(())), None) for token in paragraph.tokens)
    for token in paragraph.tokens:
        text += " " if token.gap and text else ""
        starts.append(len(text))
        text += token.text
    return Stretch(evened(text), paragraph=paragraph, starts=tuple(starts), lines=lines)


def _of_pictures(manuscript: Manuscript) -> Iterator[Stretch]:
    for picture in parts_of(manuscript.html).pictures:
        line = float_line(manuscript, picture.label)
        if picture.alt:
            yield Stretch(evened(picture.alt), f"the alternative text of {picture.label}", line=line)
        for drawn in picture.drawn:
            yield Stretch(evened(drawn.text), f"the drawing of {picture.label}", line=line)
