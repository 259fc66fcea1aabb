"""What the checks read: sources by line, the page by paragraph, the ledger, each format's text."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from report_helpers.publishing.builtin.reading.cells import Cell, Text, split_cells
from report_helpers.publishing.builtin.reading.files import Files
from report_helpers.publishing.builtin.reading.lines import Line
from report_helpers.publishing.builtin.reading.source import Source, read_source
from report_helpers.publishing.checks.reading.texts import FILES, rendered_texts
from report_helpers.publishing.pages import Paragraph, Token, read_page

MAIN = "index.qmd"
_LEDGER = "numbers.json"
_WORD = re.compile(r"\w+")
_CODE = re.compile(r"`[^`]*`")
_NUMBER = re.compile(r"^[\d.]+ ")
_RUN = 3
"""Typed words in a row by which a paragraph of the page is found in the sources."""


@dataclass(frozen=True)
class Manuscript:
    """A manuscript as the checks see it.

    Attributes
    ----------
    root : Path
        The project's folder.
    source : Source
        The main document with its includes put in; every line knows its file and number.
    paragraphs : tuple of Paragraph
        The HTML page in reading order; computed values are tokens with a key.
    ledger : mapping
        The content of `numbers.json`; empty where the document has no ledger.
    texts : mapping of str to str
        Format (html, pdf, docx, jats) to its text, for those that were rendered.
    journal : str
        Name of the journal whose limits hold; empty for none.
    html : str
        The HTML page itself; empty where it was not rendered.
    """

    root: Path
    source: Source
    paragraphs: tuple[Paragraph, ...]
    ledger: Mapping[str, Any]
    texts: Mapping[str, str]
    journal: str = ""
    html: str = ""

    @cached_property
    def parts(self) -> tuple[Text | Cell, ...]:
        """The sources as stretches of text and cells, in order."""
        return tuple(split_cells(self.source.lines))

    @cached_property
    def prose(self) -> tuple[Line, ...]:
        """The lines of text outside cells."""
        return tuple(line for part in self.parts if isinstance(part, Text) for line in part.lines)

    @cached_property
    def entries(self) -> tuple[Mapping[str, Any], ...]:
        """The entries of the ledger, in the order of the page, those drawn in figures last."""
        return tuple(self.ledger.get("numbers", ()))

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The source files in the order of the document."""
        return tuple(dict.fromkeys(line.file for line in (*self.source.head, *self.source.lines)))

    def place(self, paragraph: Paragraph, around: int = 0) -> Line | None:
        """Return the source line of a paragraph, or of its token number `around`, as far as can be told.

        A computed value tells its line through the ledger; typed words are looked for in the
        sources, three in a row, those nearest to the token first. Most of the paragraph decides on the
        file, and what stands on one line of it only between several lines.
        """

        def distance(place: int) -> int:  # of a value, or of the nearer end of a run of words
            end = place if paragraph.tokens[place].key else place + _RUN - 1
            return min(abs(place - around), abs(end - around))

        if paragraph.kind == "row" and (cell := self._cell_of(paragraph)):
            return cell
        places = sorted(range(len(paragraph.tokens)), key=lambda place: (distance(place), place))
        found = [
            lines
            for place in places
            if (lines := self._lines_from(paragraph.tokens[place : place + 2 * _RUN]))
        ]
        if found:
            votes = Counter(line.file for lines in found for line in lines)
            file = max(votes, key=lambda name: votes[name])
            near = [kept for lines in found if (kept := [line for line in lines if line.file == file])]
            sure = next((lines[0] for lines in near if len(lines) == 1), near[0][0])
            return min(near[0], key=lambda line: abs(line.number - sure.number))
        if paragraph.kind == "heading":
            return self._headings.get(tuple(_words(_NUMBER.sub("", paragraph.text))))
        return None

    def only_line(self, text: str) -> Line | None:
        """Return the line of prose in which a text stands outside code, if there is just one."""
        found = [line for line in self.prose if text in line.text and text in _CODE.sub("", line.text)]
        return found[0] if len(found) == 1 else None

    def _lines_from(self, tokens: Sequence[Token]) -> tuple[Line, ...]:
        """Return the source lines of the value, or of the run of typed words, with which tokens begin."""
        if tokens[0].key:
            return self._by_value.get((tokens[0].key, tokens[0].text), ())
        run: list[str] = []
        for token in itertools.takewhile(lambda token: not token.key, tokens):
            run += _words(token.text)
        return self._by_words.get(tuple(run[:_RUN]), ())

    def line_of(self, pattern: str) -> Line | None:
        """Return the first source line in which a regular expression is found."""
        return self.source.find(pattern)

    def _cell_of(self, row: Paragraph) -> Line | None:
        """Return the cell of the sources that made a row: by the values of its table, or by its section."""
        typed = {(line.file, line.number) for line in self.prose}
        rows = self.paragraphs
        here = next((place for place, each in enumerate(rows) if each is row), len(rows))
        for step in (1, -1):
            place = here
            while 0 <= place < len(rows) and rows[place].kind == "row":
                for token in rows[place].tokens:
                    for found in self._by_value.get((token.key, token.text), ()) if token.key else ():
                        if (found.file, found.number) not in typed:
                            return found
                place += step
        return self._only_cells.get(tuple(_words(_NUMBER.sub("", row.section))))

    @cached_property
    def _only_cells(self) -> dict[tuple[str, ...], Line]:
        """Heading to the first cell below it, where no table is typed there."""
        found: dict[tuple[str, ...], Line | None] = {}
        heading: tuple[str, ...] = ()
        for part in self.parts:
            if isinstance(part, Cell):
                found.setdefault(heading, part.lines[part.first] if part.lines else part.opening)
                continue
            for line in part.lines:
                if line.text.startswith("#"):
                    heading = _heading(line)
                elif line.text.lstrip().startswith("|"):
                    found[heading] = None
        return {name: line for name, line in found.items() if line}

    @cached_property
    def _headings(self) -> dict[tuple[str, ...], Line]:
        lines = (line for line in self.prose if line.text.startswith("#"))
        return {_heading(line): line for line in lines}

    @cached_property
    def _by_value(self) -> dict[tuple[str, str], tuple[Line, ...]]:
        found: dict[tuple[str, str], dict[Line, None]] = defaultdict(dict)
        for each in self.entries:
            if each.get("file") and each.get("line"):
                found[each["key"], each["text"]][Line("", each["file"], each["line"])] = None
        return {value: tuple(lines) for value, lines in found.items()}

    @cached_property
    def _by_words(self) -> dict[tuple[str, ...], tuple[Line, ...]]:
        """Three words in a row to the lines that have them, if these are few."""
        found: dict[tuple[str, ...], dict[Line, None]] = defaultdict(dict)
        for line in self.prose:
            text = _CODE.sub(" \0 ", line.text)
            words = _words(text)
            for run in zip(*(words[start:] for start in range(_RUN)), strict=False):
                found[run][line] = None
        return {run: tuple(lines) for run, lines in found.items() if len(lines) <= _RUN}


def read_manuscript(root: Path, output: Path | None, journal: str = "") -> Manuscript:
    """Read the sources of a project and what was rendered of them into `output`, if anything was.

    Raises
    ------
    EngineError
        If the sources cannot be read.
    """
    source = read_source(Files(root, ()), MAIN)
    if output is None:
        return Manuscript(root, source, (), {}, {}, journal)
    page = output / FILES["html"]
    html = page.read_text(encoding="utf-8") if page.is_file() else ""
    ledger = output / _LEDGER
    return Manuscript(
        root,
        source,
        read_page(html).paragraphs,
        json.loads(ledger.read_text(encoding="utf-8")) if ledger.is_file() else {},
        rendered_texts(output),
        journal,
        html,
    )


def token_at(paragraph: Paragraph, offset: int) -> int:
    """Return the number of the token that stands at a place in the text of a paragraph."""
    end = -1 if paragraph.tokens and paragraph.tokens[0].gap else 0
    for number, token in enumerate(paragraph.tokens):
        end += token.gap + len(token.text)
        if offset < end:
            return number
    return max(0, len(paragraph.tokens) - 1)


def _heading(line: Line) -> tuple[str, ...]:
    return tuple(_words(line.text.partition("{")[0]))


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def context_of(paragraph: Paragraph, place: int, width: int = 8) -> str:
    """Return the words around a token of a paragraph."""
    tokens: Sequence[Any] = paragraph.tokens[max(0, place - width) : place + width + 1]
    return " ".join(token.text for token in tokens)
