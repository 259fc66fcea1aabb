"""YAML as Quarto reads it: version 1.2, dates left as they are written, errors with the line in the file."""

from __future__ import annotations

import copy
import functools
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import ScalarNode

from ..errors import YamlError
from .files import read_utf8
from .yaml_errors import understand

_MOST_VALUES = 200_000
"""More than any settings or reference list has, and few enough to be counted at once."""


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
    return copy.deepcopy(_parse(text, file, first_line))


@functools.lru_cache(maxsize=256)
def _parse(text: str, file: str, first_line: int) -> Any:
    """Parse a text once: a preview reads the same settings at every save, and this reader takes its time."""
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = _PlainDates
    try:
        value = reader.load(text)
    except YAMLError as error:
        found = understand(error, text)
        excerpt = _marked(text, found.line, found.column)
        what = f"This is not valid YAML: {found.reason}."
        raise YamlError.at(what, file, first_line + max(found.line, 0), found.remedy, excerpt) from None
    except RecursionError:
        raise YamlError.at("This YAML is nested too deeply.", file, first_line) from None
    _refuse_endless(value, file, first_line)
    return value


def _refuse_endless(value: Any, file: str, line: int) -> None:
    """Refuse aliases that repeat a part within itself, or so often that no memory would hold it."""
    waiting, seen = [value], 0
    while waiting:
        item = waiting.pop()
        seen += 1
        if seen > _MOST_VALUES:
            what = "The aliases in this YAML (`*name`) repeat values within themselves, or far too often."
            raise YamlError.at(what, file, line, "Write the values out.")
        if isinstance(item, dict):
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item


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
