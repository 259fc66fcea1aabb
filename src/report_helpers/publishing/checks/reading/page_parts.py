"""What the words of the page do not show: which cell of a table stands below which head, and the pictures."""

from __future__ import annotations

import base64
import binascii
import re
from collections import defaultdict
from dataclasses import dataclass
from html.parser import HTMLParser
from xml.etree import ElementTree

_FLOAT = re.compile(r"^\w*(?:tbl|fig)-[\w-]+$")
_SVG = re.compile(r"^data:image/svg\+xml;base64,(?P<data>.*)$", re.DOTALL)
_SILENT = frozenset(("script", "style", "svg", "template"))


@dataclass(frozen=True)
class Cell:
    """A cell of a table, and the columns that it covers; `head`: in the table's head."""

    text: str
    first: int
    span: int = 1
    head: bool = False

    def covers(self, other: Cell) -> bool:
        """Tell whether the other cell begins in one of its columns."""
        return self.first <= other.first < self.first + self.span


@dataclass(frozen=True)
class Row:
    """A row with the heads above it, the nearest first."""

    cells: tuple[Cell, ...]
    heads: tuple[Cell, ...] = ()

    def above(self, cell: Cell) -> tuple[str, ...]:
        """Return the heads of a cell, the nearest first."""
        return tuple(head.text for head in self.heads if head.covers(cell))


@dataclass(frozen=True)
class Drawn:
    """A line of text in a drawing, with the key of the value that it prints, if any."""

    text: str
    key: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture of the page: the float it stands in, its alternative text, and the text drawn in it."""

    label: str
    alt: str
    drawn: tuple[Drawn, ...] = ()


@dataclass(frozen=True)
class Parts:
    """The rows of all tables, in order, those without text left out; and all pictures."""

    rows: tuple[Row, ...]
    pictures: tuple[Picture, ...]


def page_parts(html: str) -> Parts:
    """Read the tables and pictures of a page.

    Examples
    --------
    >>> found = page_parts("<table><thead><tr><th>A</th><th colspan=2>B (N=7)</th></tr></thead>"
    ...                    "<tr><td>x</td><td>1</td><td>2</td></tr></table>")
    >>> row = found.rows[-1]
    >>> row.above(row.cells[2])
    ('B (N=7)',)
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Parts(tuple(reader.rows), tuple(reader.pictures))


class _Reader(HTMLParser):
    """Goes through the page, knowing the float, the table and the cell it is in."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[Row] = []
        self.pictures: list[Picture] = []
        self._open: list[tuple[str, str]] = []
        self._heads: list[Cell] = []
        self._cells: list[Cell] = []
        self._taken: dict[int, int] = defaultdict(int)
        self._cell: Cell | None = None
        self._down = 1
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "img":
            label = next((label for _, label in reversed(self._open) if label), "")
            self.pictures.append(Picture(label, given.get("alt", ""), _drawn(given.get("src", ""))))
            return
        if tag == "br":
            self._text.append(" ")
        if tag in ("div", "figure", "table", "thead", *_SILENT):
            label = given.get("id", "")
            self._open.append((tag, label if _FLOAT.match(label) else ""))
        if tag == "table":
            self._heads, self._taken = [], defaultdict(int)
        elif tag == "tr":
            self._cells = []
        elif tag in ("td", "th"):
            self._start_cell(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self._open.pop()
        if tag in ("td", "th") and self._cell is not None:
            cell = self._cell
            text = " ".join("".join(self._text).split())
            self._cells.append(Cell(text, cell.first, cell.span, cell.head))
            for column in range(cell.first, cell.first + cell.span):
                self._taken[column] = self._down
            self._cell = None
        elif tag == "tr":
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not any(name in _SILENT for name, _ in self._open):
            self._text.append(data)

    def _start_cell(self, tag: str, given: dict[str, str]) -> None:
        last = self._cells[-1] if self._cells else None
        column = last.first + last.span if last else 0
        while self._taken[column] > 0:  # a cell of a row above reaches down
            column += 1
        head = any(name == "thead" for name, _ in self._open)
        self._cell, self._text = Cell("", column, _count(given.get("colspan")), head), []
        self._down = _count(given.get("rowspan"))

    def _end_row(self) -> None:
        self._taken = defaultdict(int, {column: left - 1 for column, left in self._taken.items() if left > 1})
        cells, self._cells = tuple(self._cells), []
        if any(cell.text for cell in cells):
            self.rows.append(Row(cells, tuple(self._heads)))
        self._heads = [*(cell for cell in cells if cell.head), *self._heads]


def _count(text: str | None) -> int:
    return int(text) if text and text.isdigit() and int(text) > 0 else 1


def _drawn(source: str) -> tuple[Drawn, ...]:
    """Return the lines of text of an SVG inside the page."""
    found = _SVG.match(source)
    if not found:
        return ()
    try:
        tree = ElementTree.fromstring(base64.b64decode(found["data"]))
    except (binascii.Error, ElementTree.ParseError):
        return ()
    return tuple(
        Drawn(" ".join("".join(each.itertext()).split()), each.get("data-key", ""))
        for each in tree.iter("{http://www.w3.org/2000/svg}text")
    )
