"""What journals ask for, each fact with its source and the day it was read: a small file for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from report_helpers.publishing.builtin.reading.yamlfile import read_mapping

COUNTED: Mapping[str, str] = {
    "title-characters": "characters in the title",
    "running-title-characters": "characters in the running title",
    "running-title-words": "words in the running title",
    "keywords": "keywords",
    "abstract-words": "words in the abstract",
    "main-words": "words in the main text",
    "heading-levels": "levels of headings",
    "references": "references",
    "tables": "tables",
    "figures": "figures",
    "tables-and-figures": "tables and figures",
}
"""What can be limited, and how it is called."""

_TOPICS: Mapping[str, tuple[str, ...]] = {
    "title": ("title-characters",),
    "running title": ("running-title-characters", "running-title-words"),
    "keywords": ("keywords",),
    "abstract": ("abstract-words",),
    "main text": ("main-words",),
    "references": ("references",),
    "tables": ("tables",),
    "figures": ("figures",),
}

_FILES = Path(__file__).parent / "journals"
_ANY = "any"


@dataclass(frozen=True)
class Limit:
    """A limit of a journal; both ends None means that the journal says there is none."""

    most: int | None
    least: int | None
    source: str


@dataclass(frozen=True)
class Journal:
    """What a journal asks for, as far as its pages could be read.

    Attributes
    ----------
    name : str
        Its name in print.
    limits : mapping of str to Limit
        By the names in `COUNTED`; what is not there is not known.
    abstract_headings : tuple of str
        Headings that an abstract has to have.
    headings_source : str
        Where they were read, and when; empty where nothing could be read of them. With a source and no
        headings, the abstract has to be without.
    citation_style : str
        Name of the citation style made for the journal; empty where none is known.
    style_source : str
        Where that was read, and when.
    """

    name: str
    limits: Mapping[str, Limit]
    abstract_headings: tuple[str, ...] = ()
    headings_source: str = ""
    citation_style: str = ""
    style_source: str = ""

    @property
    def unknown(self) -> tuple[str, ...]:
        """What journals limit, but no source could be read for here."""
        known = {*self.limits, *(each for both in self.limits for each in both.split("-and-"))}
        return tuple(said for said, keys in _TOPICS.items() if not known & set(keys))


def known_journals() -> tuple[str, ...]:
    """Return the names of all journals that have a file."""
    return tuple(sorted(path.stem for path in _FILES.glob("*.yml")))


def read_journal(name: str) -> Journal:
    """Read what a journal asks for.

    Raises
    ------
    KeyError
        If a fact has no source.
    """
    path = _FILES / f"{name}.yml"
    said: dict[str, Any] = read_mapping(path, path.name)

    def source(fact: Mapping[str, Any]) -> str:
        return f"{said['sources'][fact['source']]}, read {said['read']}"

    limits = {key: _limit(fact, source(fact)) for key, fact in (said.get("limits") or {}).items()}
    headings, style = said.get("abstract-headings"), said.get("citation-style")
    return Journal(
        str(said["name"]),
        limits,
        tuple(str(each) for each in headings["are"]) if headings else (),
        source(headings) if headings else "",
        str(style["is"]) if style else "",
        source(style) if style else "",
    )


def _limit(fact: Mapping[str, Any], source: str) -> Limit:
    most, least = fact.get("most"), fact.get("least")
    return Limit(None if most in (None, _ANY) else int(most), None if least is None else int(least), source)
