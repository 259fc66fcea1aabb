"""The sources as an outline: headings, what bears a label, and what is cited, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from report_helpers.publishing.builtin.composing.kinds import Kinds, read_kinds
from report_helpers.publishing.builtin.reading.cells import Cell
from report_helpers.publishing.builtin.reading.lines import Fences, Line
from report_helpers.publishing.builtin.reading.project import merge
from report_helpers.publishing.builtin.reading.yamlfile import read_mapping
from report_helpers.publishing.checks.reading.manuscript import Manuscript

ABSTRACT = "abstract"

_SETTINGS = ("_quarto.yml", "_quarto.yaml")
_SUBCAPTIONS = ("fig-subcap", "tbl-subcap")
_HEADING = re.compile(r"^(?P<marks>#{1,6})\s+(?P<title>.*?)\s*(?:\{(?P<about>[^{}]*)\})?\s*#*$")
_DIVISION = re.compile(r"^\s*:{3,}\s*(?P<about>[^\s:].*)?$")
_LABEL = re.compile(r"\{[^{}]*#(?P<label>[\w:.-]+)[^{}]*\}")
_MENTION = re.compile(r"(?<![\w@.\\/])@(?:\{(?P<braced>[^}]+)\}|(?P<key>\w(?:[\w:.#$%&+?<>~/-]*\w)?))")
_CODE = re.compile(r"(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)")
_COMMENT = re.compile(r"<!--.*?(?:-->|$)")


@dataclass(frozen=True)
class Heading:
    """A heading; `label` is its identifier, given or made from the title as pandoc makes it."""

    level: int
    title: str
    label: str
    numbered: bool
    line: Line


@dataclass(frozen=True)
class Mention:
    """Something cited, `@key`: where, whether in the abstract, and in which float's division, if any."""

    key: str
    line: Line
    abstract: bool
    within: str = ""


@dataclass(frozen=True)
class Outline:
    """What the sources hold.

    Attributes
    ----------
    settings : mapping
        `_quarto.yml` with the document's front matter.
    kinds : Kinds
        Kinds of what is numbered, of which labels tell.
    headings : tuple of Heading
        In order.
    labels : mapping of str to Line
        Every identifier that is given, but for headings, to its line, in order.
    parts : mapping of str to str
        A float within a float to the one around it.
    mentions : tuple of Mention
        In order.
    empty : tuple of Heading
        Headings under which nothing stands.
    lines : tuple of Line
        The text without code and comments; a cell is a blank line.
    """

    settings: Mapping[str, Any]
    kinds: Kinds
    headings: tuple[Heading, ...]
    labels: Mapping[str, Line]
    parts: Mapping[str, str]
    mentions: tuple[Mention, ...]
    empty: tuple[Heading, ...]
    lines: tuple[Line, ...]

    def floats(self) -> dict[str, Line]:
        """Return the labels of tables, figures, listings and equations, in order."""
        return {
            label: line
            for label, line in self.labels.items()
            if self.kinds.float_of(label) or label.startswith("eq-")
        }

    @property
    def identifiers(self) -> set[str]:
        """Every identifier that a link may lead to."""
        return {*self.labels, *(each.label for each in self.headings)}


def read_outline(manuscript: Manuscript) -> Outline:
    """Read the outline of a manuscript's sources.

    Raises
    ------
    EngineError
        If the project's settings cannot be read.
    """
    named = next((manuscript.root / name for name in _SETTINGS if (manuscript.root / name).is_file()), None)
    project = read_mapping(named, named.name) if named else {}
    settings = merge(project, manuscript.source.front_matter)
    reader = _Reader(read_kinds(settings))
    lines: list[Line] = []
    for part in manuscript.parts:
        if isinstance(part, Cell):
            reader.cell(part)
            lines.append(replace(part.opening, text=""))
            continue
        for line in _bare(part.lines):
            reader.line(line)
            lines.append(line)
    reader.close()
    return Outline(
        settings,
        reader.kinds,
        tuple(reader.headings),
        reader.labels,
        reader.parts,
        tuple(reader.mentions),
        tuple(reader.empty),
        tuple(lines),
    )


def _bare(lines: tuple[Line, ...]) -> Iterator[Line]:
    """Yield lines without code blocks and comments; of code in a line the backticks stay."""
    fences, comment = Fences(), False
    for line in lines:
        began = not fences.open
        if not comment and fences.inside(line.text):
            about = _LABEL.search(line.text) if began else None  # a listing has its label in its first line
            yield replace(line, text=about[0] if about else "")
            continue
        text = _CODE.sub("``", line.text)
        if comment:
            _, comment_end, text = text.partition("-->")
            comment = not comment_end
        comment = comment or "<!--" in text.rpartition("-->")[2]
        yield replace(line, text=_COMMENT.sub("", text))


class _Reader:
    """Goes through the lines, knowing the divisions and the heading it is in."""

    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds
        self.headings: list[Heading] = []
        self.labels: dict[str, Line] = {}
        self.parts: dict[str, str] = {}
        self.mentions: list[Mention] = []
        self.empty: list[Heading] = []
        self._divisions: list[str] = []
        self._nothing = False

    def cell(self, cell: Cell) -> None:
        """Take a cell: its label, and the captions among its options."""
        self._nothing = False
        if cell.label:
            self._enter(cell.label, cell.opening)
            for number in range(1, 1 + max(len(cell.options.get(name) or ()) for name in _SUBCAPTIONS)):
                part = f"{cell.label}-{number}"
                self.labels.setdefault(part, cell.opening)
                self.parts[part] = cell.label
        for line in cell.lines[: cell.first]:
            self._mentioned(line, cell.label if self.kinds.float_of(cell.label) else "")

    def line(self, line: Line) -> None:
        """Take a line of text."""
        division = _DIVISION.match(line.text)
        heading = None if division else _HEADING.match(line.text)
        if heading:
            self._head(heading, line)
        elif division and division["about"]:
            label = _LABEL.search(line.text)
            if label:
                self._enter(label["label"], line)
            self._divisions.append(label["label"] if label and self.kinds.float_of(label["label"]) else "")
            self._nothing = False
            return
        elif division:
            del self._divisions[-1:]
            return
        else:
            for label in _LABEL.finditer(line.text):
                self._enter(label["label"], line)
        self._nothing = self._nothing and not (line.text.strip() and not heading)
        self._mentioned(line, self._around())

    def close(self) -> None:
        """End the last section."""
        if self._nothing:
            self.empty.append(self.headings[-1])

    def _head(self, found: re.Match[str], line: Line) -> None:
        about = found["about"] or ""
        given = re.search(r"#(\S+)", about)
        title = found["title"]
        level = len(found["marks"])
        numbered = not (".unnumbered" in about.split() or "-" in about.split())
        heading = Heading(level, title, given[1] if given else _identifier(title), numbered, line)
        if self._nothing and level <= self.headings[-1].level:
            self.empty.append(self.headings[-1])
        self.headings.append(heading)
        self._nothing = True

    def _enter(self, label: str, line: Line) -> None:
        around = self._around()
        if around and self.kinds.float_of(label):
            self.parts[label] = around
        self.labels.setdefault(label, line)

    def _around(self) -> str:
        return next((label for label in reversed(self._divisions) if label), "")

    def _mentioned(self, line: Line, within: str) -> None:
        top = next((each for each in reversed(self.headings) if each.level == 1), None)
        abstract = top is not None and top.title.lower() == ABSTRACT
        for found in _MENTION.finditer(_LABEL.sub("", line.text)):
            self.mentions.append(Mention(found["braced"] or found["key"], line, abstract, within))


def _identifier(title: str) -> str:
    """Return the identifier that pandoc makes of a title."""
    plain = re.sub(r"[^\w\s.-]", "", title.lower())
    return re.sub(r"^[\W\d_]+", "", re.sub(r"\s+", "-", plain.strip())) or "section"
