"""The entries of a BibTeX file with their lines, as far as checks need them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from report_helpers.publishing.builtin.reading.files import read_utf8

_ENTRY = re.compile(r"^\s*@(?P<type>\w+)\s*\{\s*(?P<key>[^\s,{}()]+)\s*,", re.MULTILINE)
_FIELD = re.compile(r"(?P<name>[\w-]+)\s*=\s*")
_NOT_ENTRIES = frozenset(("comment", "string", "preamble"))


@dataclass(frozen=True)
class Reference:
    """An entry of a bibliography: its key, its fields by their names in small letters, and its place."""

    key: str
    fields: Mapping[str, str]
    file: str
    line: int

    def says(self, *names: str) -> str:
        """Return the first of these fields that is there, without braces."""
        found = next((self.fields[name] for name in names if self.fields.get(name)), "")
        return " ".join(re.sub(r"[{}]", "", found).split())


def read_references(path: Path, shown: str) -> tuple[Reference, ...]:
    """Read the entries of a BibTeX file.

    Parameters
    ----------
    path : Path
        The file.
    shown : str
        Its name as the author knows it.
    """
    text = read_utf8(path, shown)
    return tuple(
        Reference(found["key"], dict(_fields(text, found.end())), shown, _line(text, found.start("key")))
        for found in _ENTRY.finditer(text)
        if found["type"].lower() not in _NOT_ENTRIES
    )


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _fields(text: str, start: int) -> Iterator[tuple[str, str]]:
    """Yield the fields of the entry that goes on at `start`."""
    while field := _FIELD.search(text, start):
        if "}" in text[start : field.start()] or "@" in text[start : field.start()]:
            return  # the entry has ended
        value, start = _value(text, field.end())
        yield field["name"].lower(), value


def _value(text: str, start: int) -> tuple[str, int]:
    """Return a value in braces, in quotation marks or bare, and where it ends."""
    if text[start : start + 1] not in ("{", '"'):
        bare = re.compile(r"[^,}\s]*").match(text, start)
        return (bare[0], bare.end()) if bare else ("", start)
    closing = "}" if text[start] == "{" else '"'
    depth = 0
    for place in range(start + 1, len(text)):
        if not depth and text[place] == closing:
            return text[start + 1 : place], place + 1
        depth += {"{": 1, "}": -1}.get(text[place], 0)
    return text[start + 1 :], len(text)
