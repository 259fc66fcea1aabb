"""YAML as Quarto reads it: version 1.2, dates left as they are written, errors with the line in the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import ScalarNode

from ..errors import YamlError
from .files import read_utf8


class _PlainDates(SafeConstructor):
    """A constructor that keeps `2026-01-15` the text that was typed."""


def _as_written(_: SafeConstructor, node: ScalarNode) -> str:
    return str(node.value)


_PlainDates.add_constructor("tag:yaml.org,2002:timestamp", _as_written)


def parse_yaml(text: str, file: str, first_line: int = 1) -> Any:
    """Read one YAML document.

    Parameters
    ----------
    text : str
        The YAML.
    file : str
        Name for messages.
    first_line : int
        Line of `file` on which `text` begins.

    Raises
    ------
    YamlError
        With the line in `file`.
    """
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = _PlainDates
    try:
        return reader.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        what = " ".join(str(error.problem or error.context or "it cannot be read").split())
        excerpt = _marked(text, mark.line, mark.column) if mark else ""
        raise YamlError.at(
            f"This is not valid YAML: {what}.", file, line, "Check indentation, colons and quotes.", excerpt
        ) from None
    except YAMLError as error:
        raise YamlError.at(
            f"This is not valid YAML: {' '.join(str(error).split())}.", file, first_line
        ) from None


def parse_mapping(text: str, file: str, first_line: int = 1) -> dict[str, Any]:
    """Read YAML that has to be a mapping of names; nothing at all counts as an empty one."""
    value = parse_yaml(text, file, first_line)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise YamlError.at("Expected names with values, such as `title: …`.", file, first_line)
    return {str(key): item for key, item in value.items()}


def read_mapping(path: Path, name: str) -> dict[str, Any]:
    """Read a YAML file that has to be a mapping; `name` is its name in messages."""
    return parse_mapping(read_utf8(path, name), name)


def _marked(text: str, line: int, column: int) -> str:
    lines = text.splitlines()
    if not 0 <= line < len(lines):
        return ""
    return f"{lines[line]}\n{' ' * column}^"
