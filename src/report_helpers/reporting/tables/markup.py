"""A table's HTML, but for blank lines what great_tables gives for the same table.

The filters read the tables of great_tables, in whose place this stands: great_tables takes longer to load
than all tables of the manuscript take to make.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from itertools import groupby

_OPENING = '<table class="gt_table" data-quarto-disable-processing="false" data-quarto-bootstrap="false">'
_MARKUP, _NO_NAME = re.compile(r"<[^>]+>"), re.compile(r"[^\w.:-]+")


@dataclass(frozen=True)
class Heading:
    """The head of a column as HTML, the one above it that it may share, and the column's alignment."""

    key: str
    html: str
    spanner: str
    align: str


@dataclass(frozen=True)
class Line:
    """A row: its label as plain text, its cells as HTML, the plain text of its group, and its depth."""

    label: str
    cells: tuple[str, ...]
    group: str
    indented: bool


@dataclass
class _Ids:
    """Names for the cells that head others: by them a screen reader says what a number is."""

    table: str
    used: set[str] = field(default_factory=set)

    def make(self, label: str, otherwise: str) -> str:
        """Return a name, not given before, made of a label's letters."""
        words = _NO_NAME.sub("-", unescape(_MARKUP.sub("", label))).strip("-")
        first = made = f"{self.table}-{words or otherwise}"
        times = 1
        while made in self.used:
            times += 1
            made = f"{first}-{times}"
        self.used.add(made)
        return made


@dataclass(frozen=True)
class _Column:
    """A heading with its name and that of its spanner, blank where it has none."""

    heading: Heading
    name: str
    spanner: str

    @property
    def headers(self) -> str:
        """The names of all that head the column."""
        return f"{self.spanner} {self.name}".lstrip()


def table_html(
    name: str, stub: str, headings: Sequence[Heading], lines: Sequence[Line], notes: Sequence[str]
) -> str:
    """Return a table whose first column holds the labels of its rows.

    Parameters
    ----------
    name : str
        The table's id, with which the ids within it begin.
    stub : str
        Plain text above the labels.
    headings : sequence of Heading
        One for each cell of a row. Neighbours with the same spanner share it.
    lines : sequence of Line
        Rows; those of one group are brought together.
    notes : sequence of str
        HTML below the table.
    """
    ids = _Ids(name)
    corner = _Column(Heading("", escape(stub), "", "left"), ids.make(escape(stub), "stubhead"), "")
    columns = _columns(ids, headings)
    parts = [
        _OPENING,
        "<thead>\n",
        *_head(corner, columns),
        "</thead>",
        '<tbody class="gt_table_body">',
        *_body(ids, columns, lines),
        "</tbody>",
        *_foot(notes, len(columns) + 1),
        "</table>",
    ]
    return "\n".join(parts)


def _columns(ids: _Ids, headings: Sequence[Heading]) -> list[_Column]:
    names = [ids.make(heading.key, "column") for heading in headings]
    spanners: list[str] = []
    for label, run in groupby(heading.spanner for heading in headings):
        spanners += [ids.make(label, "spanner") if label else ""] * len(list(run))
    return [_Column(*each) for each in zip(headings, names, spanners, strict=True)]


def _head(corner: _Column, columns: Sequence[_Column]) -> Iterator[str]:
    """Yield one row of headings or, where some have a spanner, two: a heading without one fills both."""
    two = any(column.spanner for column in columns)
    upper, lower = [_heading(corner, 2 if two else 1)], []
    for spanner, run in groupby(columns, key=lambda column: column.spanner):
        members = list(run)
        if spanner:
            upper.append(_spanner(members))
            lower += [_heading(column, 1) for column in members]
        else:
            upper += [_heading(column, 2 if two else 1) for column in members]
    yield _row("gt_col_headings gt_spanner_row" if two else "gt_col_headings", upper, indent="")
    if two:
        yield _row("gt_col_headings", lower, indent="")


def _heading(column: _Column, rows: int) -> str:
    kind = f"gt_col_heading gt_columns_bottom_border gt_{column.heading.align}"
    place = f'rowspan="{rows}" colspan="1" scope="col" id="{column.name}"'
    return f'  <th class="{kind}" {place}>{column.heading.html}</th>'


def _spanner(members: Sequence[_Column]) -> str:
    kind = "gt_center gt_columns_top_border gt_column_spanner_outer"
    scope = "colgroup" if len(members) > 1 else "col"
    place = f'rowspan="1" colspan="{len(members)}" scope="{scope}" id="{members[0].spanner}"'
    label = f'<span class="gt_column_spanner">{members[0].heading.spanner}</span>'
    return f'  <th class="{kind}" {place}>\n    {label}\n  </th>'


def _body(ids: _Ids, columns: Sequence[_Column], lines: Sequence[Line]) -> Iterator[str]:
    grouped = any(line.group for line in lines)
    groups: dict[str, list[tuple[int, Line]]] = {}
    for place, line in enumerate(lines, start=1):
        groups.setdefault(line.group, []).append((place, line))
    for label, members in groups.items():
        group = ids.make(escape(label), "group") if grouped else ""
        if grouped:
            where = f'colspan="{len(columns) + 1}" scope="colgroup" id="{group}"'
            heading = f'    <th class="gt_group_heading" {where}>{escape(label)}</th>'
            yield _row("gt_group_heading_row" if label else "gt_empty_group_heading", [heading])
        for place, line in members:
            stub = ids.make(f"stub-{place}", "stub")
            kind = "gt_row gt_left gt_stub" + (" gt_indent_1" if line.indented else "")
            heads = f"{group} {stub}".lstrip()
            yield _row(
                "",
                [
                    f'    <th scope="row" id="{stub}" class="{kind}">{escape(line.label)}</th>',
                    *(_cell(heads, *each) for each in zip(columns, line.cells, strict=True)),
                ],
            )


def _cell(heads: str, column: _Column, html: str) -> str:
    return f'    <td headers="{heads} {column.headers}" class="gt_row gt_{column.heading.align}">{html}</td>'


def _row(kind: str, cells: Sequence[str], indent: str = "  ") -> str:
    opening = f'<tr class="{kind}">' if kind else "<tr>"
    return "\n".join([f"{indent}{opening}", *cells, f"{indent}</tr>"])


def _foot(notes: Sequence[str], columns: int) -> Iterator[str]:
    rows = [
        f'<tr class="gt_sourcenotes"><td class="gt_sourcenote" colspan="{columns}">'
        f'<span class="gt_from_md">{note}</span></td></tr>'
        for note in notes
    ]
    if rows:
        yield f"<tfoot>{''.join(rows)}</tfoot>"
