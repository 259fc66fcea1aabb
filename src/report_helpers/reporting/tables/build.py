"""From rows of text to one table, as raw HTML that both engines' table filter can read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from report_helpers.reporting.tables.markup import Heading, Line, table_html

ABBREVIATIONS = {
    "CI": "confidence interval",
    "HC0": "heteroscedasticity-consistent (without a small-sample factor)",
    "IQR": "interquartile range (first to third quartile)",
    "MOVER": "method of variance estimates recovery",
    "NK": "natural killer",
    "RERI": "relative excess risk due to interaction",
    "SD": "standard deviation",
    "SMD": "standardised mean difference",
    "Th": "T helper",
}


@dataclass(frozen=True)
class Column:
    """A column of numbers or text: its head, which may have line breaks, and the spanner above it.

    `below` is HTML for a last line of the head, where a number keeps its key.
    """

    key: str
    head: str
    spanner: str = ""
    align: str = "right"
    below: str = ""


@dataclass(frozen=True)
class Row:
    """A row: its label, its cells as HTML, its group, and whether it belongs to the row above."""

    label: str
    cells: tuple[str, ...]
    group: str = ""
    indented: bool = False


@dataclass(frozen=True)
class Note:
    """A note as HTML, for one that keeps the keys of its numbers or begins with a mark."""

    html: str


@dataclass(frozen=True)
class Table:
    """A table as HTML; a notebook shows it as a raw block, which Quarto passes on untouched."""

    html: str

    def _repr_markdown_(self) -> str:
        return f"```{{=html}}\n{self.html}\n```\n"


def build(
    name: str, stub: str, columns: Sequence[Column], rows: Sequence[Row], notes: Sequence[str | Note] = ()
) -> Table:
    """Return a table with row labels, spanners, group rows and notes.

    Parameters
    ----------
    name : str
        The table's id, the same at every render.
    stub : str
        Head of the row labels.
    columns : sequence of Column
        One per cell of a row.
    rows : sequence of Row
        Rows of one group stand together.
    notes : sequence of str or Note
        Plain text below the table, or HTML.
    """
    # Cells are HTML already, escaped where they were made; labels and groups are not.
    headings = [
        Heading(column.key, _head(column.head, column.below), _head(column.spanner), column.align)
        for column in columns
    ]
    lines = [Line(row.label, row.cells, row.group, row.indented) for row in rows]
    below = [note.html if isinstance(note, Note) else text(note) for note in notes if note]
    return Table(f'<div id="{name}">\n{table_html(name, stub, headings, lines, below)}\n</div>')


def abbreviations(*short: str) -> str:
    """Spell out the abbreviations of a table, in alphabetical order: ``CI, confidence interval.``."""
    return "; ".join(f"{each}, {ABBREVIATIONS[each]}" for each in sorted(short, key=str.casefold)) + "."


def text(words: str) -> str:
    """Return plain text as a cell."""
    return escape(words, quote=False)


def _head(words: str, below: str = "") -> str:
    lines = [escape(line, quote=False) for line in words.split("\n")]
    return "<br>".join([*lines, below] if below else lines)
