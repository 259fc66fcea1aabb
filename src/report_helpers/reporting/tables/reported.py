"""Supplementary tables: where each item of a reporting checklist is to be found in the manuscript."""

from __future__ import annotations

from html import escape

from report_helpers.reporting.checklists import Item, load_checklist
from report_helpers.reporting.tables.build import Column, Row, Table, build, text

_COLUMNS = (
    Column("asked", "What is asked", align="left"),
    Column("section", "Section", align="left"),
    Column("page", "Page", align="left"),
)


def checklist(key: str) -> Table:
    """Return what a reporting checklist asks, with room for the places where the manuscript answers.

    The text is not known while its cells are run: ``filters/checklists.lua`` finds the passages marked
    ``{.strobe item="13a"}`` and puts section and page where this table leaves room for them.

    Parameters
    ----------
    key : str
        ``strobe`` or ``record``.

    Raises
    ------
    ManuscriptError
        When there is no such checklist.
    """
    found = load_checklist(key)
    rows = [
        Row(
            item.id,
            (f"<strong>{text(item.topic)}.</strong> {text(item.asks)}", *_room(key, item)),
            item.part,
        )
        for item in found.items
    ]
    return build(f"suptbl-{key}", "Item", _COLUMNS, rows)


def _room(key: str, item: Item) -> tuple[str, str]:
    """Return the cells that the filter fills: section, with what errors tell of the item, and page."""
    known_by = f'data-checklist="{key}" data-item="{escape(item.id)}"'
    asks = escape(f"{item.topic}: {item.asks}")
    return (
        f'<span class="checklist-section" {known_by} data-asks="{asks}"></span>',
        f'<span class="checklist-page" {known_by}></span>',
    )
