"""The tables' HTML against great_tables itself, blank lines apart."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from great_tables import GT, html

from report_helpers.reporting.tables.markup import Heading, Line, table_html

NUMBER = '<span class="num" data-key="a.p">&lt;0.001</span>'


def by_great_tables(
    name: str, stub: str, headings: list[Heading], lines: list[Line], notes: list[str]
) -> str:
    """Return the same table, made by great_tables."""
    keys = [heading.key for heading in headings]
    frame = pd.DataFrame([line.cells for line in lines], columns=keys, dtype=object)
    frame["label"] = [line.label for line in lines]
    frame["group"] = [line.group for line in lines]
    grouped = any(line.group for line in lines)
    if not grouped:
        del frame["group"]
    table = GT(frame, id=name, rowname_col="label", groupname_col="group" if grouped else None)
    table = table.fmt_passthrough(keys, escape=False).tab_stubhead(stub)
    table = table.cols_label(cases={heading.key: html(heading.html) for heading in headings})
    for heading in headings:
        table = table.cols_align(heading.align, [heading.key])
    for spanner in dict.fromkeys(heading.spanner for heading in headings if heading.spanner):
        members = [heading.key for heading in headings if heading.spanner == spanner]
        table = table.tab_spanner(html(spanner), members, id=f"{members[0]}-spanner")
    table = table.tab_stub_indent(rows=[i for i, line in enumerate(lines) if line.indented], indent=1)
    for note in notes:
        table = table.tab_source_note(html(note))
    made = re.search(r"<table\b.*</table>", table.as_raw_html(), flags=re.DOTALL)
    assert made is not None
    return made.group()


PLAIN = [Heading("n", "Patients", "", "right"), Heading("p", "P", "", "left")]
SPANNED = [
    Heading("first", "Treated<br>n", "Arms &amp; sizes", "right"),
    Heading("second", "Untreated", "Arms &amp; sizes", "center"),
    Heading("free", "SMD", "", "right"),
    Heading("only", "P", "Arms", "left"),
    Heading("last", "P, Holm", "", "right"),
]
FREE_FIRST = [SPANNED[2], *SPANNED[:2], SPANNED[3]]


def filled(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]


def lines(width: int, *rows: tuple[str, str, bool]) -> list[Line]:
    return [Line(label, (NUMBER, *"—" * (width - 1)), group, indented) for label, group, indented in rows]


@pytest.mark.parametrize("headings", [PLAIN, SPANNED, FREE_FIRST], ids=["plain", "spanned", "free first"])
@pytest.mark.parametrize("notes", [[], ["Note: <b>one</b> &amp; <i>more</i>."], ["First.", "Second."]])
@pytest.mark.parametrize(
    "rows",
    [
        [('x < y & "z\'s"', "", False), ("Own", "", True)],
        [("a", "Group (≥1): all", False), ("b", "Group (≥1): all", True), ("c", "A & 'B'", False)],
        # Groups whose rows lie apart, whose names are alike but for punctuation, or have no letters.
        [("a", "G", False), ("b", "H", False), ("c", "G", True), ("d", "G!", False), ("e", "≥?", False)],
        # A group called as a column is, and one without a name.
        [("a", "first", False), ("b", "n", False), ("c", "", False)],
    ],
    ids=["no groups", "groups", "apart", "names"],
)
def test_the_html_is_that_of_great_tables(
    headings: list[Heading], notes: list[str], rows: list[tuple[str, str, bool]]
) -> None:
    table = ("tbl-x", 'R&D, "stub"', headings, lines(len(headings), *rows), notes)
    assert filled(table_html(*table)) == filled(by_great_tables(*table))


def test_a_table_may_have_no_rows() -> None:
    made, theirs = (way("tbl-x", "Row", PLAIN, [], []) for way in (table_html, by_great_tables))
    assert filled(made) == filled(theirs)


def test_a_row_must_fill_its_columns() -> None:
    with pytest.raises(ValueError, match="shorter"):
        table_html("tbl-x", "Row", PLAIN, [Line("a", (NUMBER,), "", False)], [])
