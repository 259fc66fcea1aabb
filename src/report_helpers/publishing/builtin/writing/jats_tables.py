"""Tables as JATS: heads, groups of rows, and notes that the cells refer to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .. import nodes
from ..nodes import Node, Replacement
from .jats_markup import bare, element, line, name_of, opening, raw, text_element, wrapped

NOTE_ROW = "table-note-row"
"""Class of a row of the foot that holds a note to the table; the filter `tables.lua` sets it."""

_ALIGNMENTS = {"AlignLeft": "left", "AlignRight": "right", "AlignCenter": "center"}
Settle = Callable[[Sequence[Node]], list[Node]]
"""Turns blocks into JATS."""


@dataclass
class TableParts:
    """A table in parts: its element, and what stands in the wrap below it."""

    table: list[Node]
    notes: list[Node] = field(default_factory=list)


def table_parts(node: Node, name: str, settle: Settle) -> TableParts:
    """Return a table as JATS.

    Parameters
    ----------
    node : Table
        Pandoc's table.
    name : str
        Identifier of what the table stands in; names of its notes begin with it.
    settle : callable
        Turns the blocks of a cell into JATS.
    """
    _, _, columns, head, bodies, foot = node["c"]
    note_rows = [row for row in foot[1] if NOTE_ROW in row[0][1]]
    notes = [_note(row, name) for row in note_rows]
    marks = {mark: identifier for mark, identifier, _ in notes if mark}
    writer = _Rows([_ALIGNMENTS.get(column[0]["t"], "") for column in columns], marks, settle)
    parts = [
        *_section("thead", [writer.row(row, heading=True) for row in head[1]]),
        # Here the foot stands before the rows, as in XHTML.
        *_section("tfoot", [writer.row(row) for row in foot[1] if row not in note_rows]),
    ]
    for _, row_heads, group, rows in bodies:
        written = [
            *(writer.row(row, heading=True) for row in group),
            *(writer.row(row, heads=row_heads) for row in rows),
        ]
        parts += _section("tbody", written)
    if not any(body[2] or body[3] for body in bodies):
        parts += _section("tbody", [[line("<tr><td/></tr>")]])  # JATS asks for a row
    return TableParts(wrapped("table", parts), [block for _, _, blocks in notes for block in blocks])


def _section(tag: str, rows: Sequence[list[Node]]) -> list[Node]:
    return wrapped(tag, [block for row in rows for block in row]) if rows else []


def _note(row: Any, name: str) -> tuple[str, str, list[Node]]:
    """Return the mark of a note, its identifier, and the note."""
    inlines = [
        i for cell in row[1] for block in cell[4] for i in block["c"] if block["t"] in ("Plain", "Para")
    ]
    mark = ""
    if inlines and inlines[0]["t"] == "Superscript":
        mark = nodes.text_of(inlines[0]["c"])
        inlines = inlines[1:]
        while inlines and inlines[0]["t"] in ("Space", "SoftBreak"):
            inlines = inlines[1:]
    identifier = name_of(f"{name}-fn-{mark}") if mark and name else ""
    label = [raw(text_element("label", mark))] if mark else []
    note = [raw(opening("fn", id=identifier)), *label, *element("p", inlines), raw("</fn>")]
    return mark, identifier, [bare(note)]


@dataclass(frozen=True)
class _Rows:
    """Writes rows whose columns are aligned so and whose cells may refer to these notes."""

    alignments: Sequence[str]
    marks: dict[str, str]
    settle: Settle

    def row(self, row: Any, *, heading: bool = False, heads: int = 0) -> list[Node]:
        cells = [
            self._cell(cell, position, "th" if heading or position < heads else "td", in_head=heading)
            for position, cell in enumerate(row[1])
        ]
        blocks: list[Node] = []
        inlines = [raw("<tr>")]
        for start, content, end in cells:
            inlines.append(raw(start))
            if len(content) == 1 and content[0]["t"] in ("Plain", "Para"):
                inlines += content[0]["c"]
            elif content:
                blocks += [bare(inlines), *content]
                inlines = []
            inlines.append(raw(end))
        return [*blocks, bare([*inlines, raw("</tr>")])]

    def _cell(self, cell: Any, position: int, tag: str, *, in_head: bool) -> tuple[str, list[Node], str]:
        _, own, rows, columns, blocks = cell
        column = self.alignments[position] if position < len(self.alignments) else ""
        scope = ("colgroup" if columns > 1 else "col") if in_head else "row"
        start = opening(
            tag,
            align=_ALIGNMENTS.get(own["t"], column),
            colspan=str(columns) if columns > 1 else "",
            rowspan=str(rows) if rows > 1 else "",
            scope=scope if tag == "th" else "",
        )
        content = nodes.walk(blocks, frozenset(("Superscript",)), self._referring)
        simple = len(content) == 1 and content[0]["t"] in ("Plain", "Para")
        return start, content if simple else self.settle(content), f"</{tag}>"

    def _referring(self, node: Node) -> Replacement:
        """Turn a raised mark such as `a,b` into references to the notes of those names."""
        marks = nodes.text_of(node["c"]).split(",")
        if not all(mark in self.marks for mark in marks):
            return None
        result: list[Node] = []
        for mark in marks:
            if result:
                result.append(raw("<sup>,</sup>"))
            rid = self.marks[mark]
            result.append(
                raw(f"{opening('xref', ref_type='table-fn', rid=rid)}{text_element('sup', mark)}</xref>")
            )
        return result
