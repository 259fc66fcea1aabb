"""Supplementary tables: where each item of a reporting checklist is to be found in the manuscript.

The text is not known while its cells are run: these tables tell what is asked and leave room, and
``filters/checklists.lua`` fills in section and page of the passages marked ``{.strobe item="13a"}``.
"""

from __future__ import annotations

from html import escape

from report_helpers.reporting.checklists import Item, load_checklist
from report_helpers.reporting.report import Report
from report_helpers.reporting.tables.build import Column, Row, Table, build, text

_COLUMNS = (
    Column("asked", "What is asked", align="left"),
    Column("section", "Section", align="left"),
    Column("page", "Page", align="left"),
)


def strobe(_: Report) -> Table:
    """Items of the STROBE checklist for cohort studies, which ask the same of every study."""
    return checklist("strobe")


def record(_: Report) -> Table:
    """Items that RECORD adds for studies of routinely collected data, which ask the same of every study."""
    return checklist("record")


def checklist(key: str) -> Table:
    """Return the table of a checklist in the package's folder ``checklists``, with room for the places."""
    found = load_checklist(key)
    rows = [
        Row(
            item.id,
            (f"<strong>{text(item.topic)}.</strong> {text(item.asks)}", *_room(key, item)),
            item.part,
        )
        for item in found.items
    ]
    told = f"In our words, after {found.name} for {found.design} ({found.year}; doi {found.doi})."
    return build(f"suptbl-{key}", "Item", _COLUMNS, rows, [told])


def _room(key: str, item: Item) -> tuple[str, str]:
    """Return the cells that the filter fills: section, with what errors tell of the item, and page."""
    known_by = f'data-checklist="{key}" data-item="{escape(item.id)}"'
    asks = escape(f"{item.topic}: {item.asks}")
    return (
        f'<span class="checklist-section" {known_by} data-asks="{asks}"></span>',
        f'<span class="checklist-page" {known_by}></span>',
    )
