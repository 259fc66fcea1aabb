"""The keys of a bibliography, read without pandoc, to check citations and to offer the one that was meant."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import CitationError
from ..reading.files import Files, read_utf8
from ..reading.yamlfile import parse_yaml

_BIB_ENTRY = re.compile(r"^\s*@(?P<type>\w+)\s*[{(]\s*(?P<key>[^\s,{}()]+)\s*,", re.MULTILINE)
_NOT_ENTRIES = {"comment", "string", "preamble"}


def bibliography_files(metadata: Mapping[str, Any], files: Files) -> list[Path]:
    """Return the bibliography files that the metadata name.

    Raises
    ------
    SourceError
        If one does not exist, or lies outside the project.
    """
    named = metadata.get("bibliography") or []
    return [
        files.named(str(name), "bibliography") for name in (named if isinstance(named, list) else [named])
    ]


def bibliography_keys(paths: list[Path], metadata: Mapping[str, Any]) -> set[str] | None:
    """Return the keys of all entries, or None if there is no bibliography at all."""
    inline = metadata.get("references")
    if not paths and not inline:
        return None
    keys = {str(entry.get("id")) for entry in inline or [] if isinstance(entry, Mapping)}
    for path in paths:
        keys |= _keys(path)
    return keys


def _keys(path: Path) -> set[str]:
    text = read_utf8(path, path.name)
    if path.suffix.lower() not in (".json", ".yaml", ".yml"):
        found = (match for match in _BIB_ENTRY.finditer(text) if match["type"].lower() not in _NOT_ENTRIES)
        return {match["key"] for match in found}
    entries = _json(text, path.name) if path.suffix.lower() == ".json" else parse_yaml(text, path.name)
    if isinstance(entries, Mapping):
        entries = entries.get("references")
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise CitationError.at("This is no list of references.", path.name, 1, "Export it as CSL.")
    return {str(entry.get("id")) for entry in entries}


def _json(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise CitationError.at(f"This is not valid JSON: {error.msg}.", name, error.lineno) from None
