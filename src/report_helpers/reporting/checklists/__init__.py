"""Reporting checklists: what a statement asks of a paper, item by item, each list in a file of its own."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Item:
    """What a checklist asks under one number.

    Attributes
    ----------
    id : str
        The number by which chapters mark it, such as ``13a``.
    part : str
        The part of a paper that it belongs to.
    topic, asks : str
        What it is about, and what a reader should find.
    """

    id: str
    part: str
    topic: str
    asks: str


@dataclass(frozen=True)
class Checklist:
    """A reporting statement.

    Attributes
    ----------
    name, design : str
        What it is called, and the studies it is for.
    reference, doi, year : str, str, int
        Its key in ``references.bib``, and where and when it was published.
    items : tuple of Item
        What it asks, in its order.
    """

    name: str
    design: str
    reference: str
    doi: str
    year: int
    items: tuple[Item, ...]


@cache
def load_checklist(key: str) -> Checklist:
    """Return the checklist of a name.

    Parameters
    ----------
    key : str
        The name of a file in this folder: ``strobe`` or ``record``.

    Examples
    --------
    >>> load_checklist("strobe").items[0].topic
    'Design'
    """
    content = tomllib.loads((_FOLDER / f"{key}.toml").read_text(encoding="utf-8"))
    items = tuple(Item(**each) for each in content.pop("items"))
    return Checklist(**content, items=items)
