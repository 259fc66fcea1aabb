"""Reporting checklists: what a statement asks of a paper, item by item, each list in a file of its own."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from report_helpers.errors import ManuscriptError

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
    """A reporting statement: its name, the studies it is for, where it was published, and its items."""

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
        The name of a file in this folder, such as ``strobe`` or ``record``.

    Raises
    ------
    ManuscriptError
        When there is no such checklist.

    Examples
    --------
    >>> load_checklist("strobe").items[0].topic
    'Design'
    """
    known = sorted(path.stem for path in _FOLDER.glob("*.toml"))
    if key not in known:
        near = get_close_matches(key, known, n=1)
        remedy = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(known)}"
        raise ManuscriptError(f"there is no checklist '{key}'", remedy=remedy)
    content = tomllib.loads((_FOLDER / f"{key}.toml").read_text(encoding="utf-8"))
    items = tuple(Item(**each) for each in content.pop("items"))
    return Checklist(**content, items=items)
