"""From rows of text to one great_tables table, as raw HTML that both engines' table filter can read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd
from great_tables import GT, html

from report_helpers.results.withheld import NOT_SHOWN

_DECIMALS = re.compile(r"(?:<[^>]*>|&lt;|[^\w\s<&])*\d+\.(\d+)(?:<[^>]*>)*")
"""A cell that holds one plain number, such as "<0.001", and its decimals."""

_FIGURE_SPACE = "\u2007"
"""A blank as wide as a digit."""

NOTE_NOT_SHOWN = f"{NOT_SHOWN}: a count of few patients, or what would reveal one."

_EMPTY = re.compile(r'(?<=">)None(?=</td>)|(?<=gt_stub">)None(?=</th>)|(?<=gt_indent_1">)None(?=</th>)')
"""What great_tables prints in the place of a missing cell or row label."""

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
    for row in rows:
        if len(row.cells) != len(columns):
            raise ValueError(f"a row of {name!r} has {len(row.cells)} cells, but room for {len(columns)}")
    groups = list(dict.fromkeys(row.group for row in rows))
    rows = sorted(rows, key=lambda row: groups.index(row.group))
    # Cells are HTML already, escaped where they were made. great_tables would format each by itself, and each
    # label, which takes longer than all the rest: it is given none, and they are put where it left room.
    frame = pd.DataFrame(None, range(len(rows)), [column.key for column in columns], dtype=object)
    grouped = any(groups)
    if grouped:
        frame["_group"] = [row.group for row in rows]
    frame["_label"] = None
    table = GT(frame, id=name, rowname_col="_label", groupname_col="_group" if grouped else None)
    table = table.tab_stubhead(stub)
    table = table.cols_label(cases={column.key: html(_head(column.head, column.below)) for column in columns})
    for align in dict.fromkeys(column.align for column in columns):
        table = table.cols_align(align, [column.key for column in columns if column.align == align])
    for spanner in dict.fromkeys(column.spanner for column in columns if column.spanner):
        members = [column.key for column in columns if column.spanner == spanner]
        table = table.tab_spanner(html(_head(spanner)), members, id=f"{name}-{members[0]}-spanner")
    indented = [place for place, row in enumerate(rows) if row.indented]
    if indented:
        table = table.tab_stub_indent(rows=indented, indent=1)
    if any(NOT_SHOWN in cell for row in rows for cell in row.cells) or any(
        NOT_SHOWN in column.below for column in columns
    ):
        notes = [*notes, NOTE_NOT_SHOWN]
    for note in (each for each in notes if each):
        table = table.tab_source_note(html(note.html if isinstance(note, Note) else text(note)))
    labels = [escape(row.label) for row in rows]
    cells = [cell for cells in zip(labels, *_on_points(columns, rows), strict=True) for cell in cells]
    return Table(_filled(_plain(table.as_raw_html(), name), cells, name))


def abbreviations(*short: str) -> str:
    """Spell out the abbreviations of a table, in alphabetical order: ``CI, confidence interval.``."""
    return "; ".join(f"{each}, {ABBREVIATIONS[each]}" for each in sorted(short, key=str.casefold)) + "."


def text(words: str) -> str:
    """Return plain text as a cell; great_tables would take words in double braces for a unit."""
    return escape(words, quote=False).replace("{", "&#123;")


def _on_points(columns: Sequence[Column], rows: Sequence[Row]) -> list[list[str]]:
    """Return the cells of each column, plain numbers set right with their decimal points in line.

    Where the numbers of a column have unlike decimals, as P values have (0.15 above 0.010), a shorter one is
    filled up with blanks.
    """
    result = []
    for place, column in enumerate(columns):
        cells = [row.cells[place] for row in rows]
        if column.align == "right":
            found = [_DECIMALS.fullmatch(cell) for cell in cells]
            places = [len(each[1]) if each else None for each in found]
            most = max((each for each in places if each is not None), default=0)
            cells = [
                cell if each is None else cell + _FIGURE_SPACE * (most - each)
                for cell, each in zip(cells, places, strict=True)
            ]
        result.append(cells)
    return result


def _head(words: str, below: str = "") -> str:
    lines = [text(line) for line in words.split("\n")]
    return "<br>".join([*lines, below] if below else lines)


def _plain(made: str, name: str) -> str:
    """Keep the table alone: its look comes from the manuscript's own style, the same for every table."""
    found = re.search(r"<table\b.*</table>", made, flags=re.DOTALL)
    if found is None:
        raise ValueError(f"great_tables made no table of {name!r}")
    return f'<div id="{name}">\n{found.group()}\n</div>'


def _filled(made: str, cells: Sequence[str], name: str) -> str:
    """Put the cells of a table, row by row, where it has empty ones."""
    between = _EMPTY.split(made)
    if len(between) != len(cells) + 1:
        raise ValueError(
            f"great_tables left room for {len(between) - 1} of the {len(cells)} cells of {name!r}"
        )
    return "".join(part for pair in zip(between, [*cells, ""], strict=True) for part in pair)
