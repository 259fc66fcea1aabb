"""Read a YAML file against a declared shape and report every departure with its key and line.

A shape is a value that says what may stand at a place: a word, a number, a list, a section of named keys.
Reading never stops at the first problem, because an author wants to mend a file in one go.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Protocol

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from report_helpers.study.words import did_you_mean, nearest, one_of

_TAG = "tag:yaml.org,2002:"
_SHOWN = 60


class _Wrong:
    """Stands for a value that could not be read; the problem is already recorded."""


WRONG = _Wrong()


@dataclass(frozen=True)
class Problem:
    """Something wrong at one place of a file."""

    line: int
    key: str
    text: str


@dataclass
class Findings:
    """What reading has met so far: the problems, and the line of each key for later rules."""

    problems: list[Problem] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)

    def add(self, key: str, text: str) -> None:
        """Record a problem at a key, on the line of the nearest key that exists."""
        known = key
        while known and known not in self.lines:
            known = known.rpartition(".")[0]
        self.problems.append(Problem(self.lines.get(known, 1), key, text))


class Shape(Protocol):
    """What may stand at one place of the file."""

    def read(self, node: Node, key: str, found: Findings) -> Any:
        """Return the value at ``node``, or ``WRONG`` after recording why not."""


def _describe(node: Node) -> str:
    """Return what a node is, in an author's words."""
    if isinstance(node, MappingNode):
        return "a section"
    if isinstance(node, SequenceNode):
        return "a list"
    if node.tag == f"{_TAG}null":
        return "empty"
    text = " ".join(str(node.value).split())
    return f"'{text[:_SHOWN]}…'" if len(text) > _SHOWN else f"'{text}'"


@dataclass(frozen=True)
class Text:
    """Words; ``choices`` limits them, ``empty_as_none`` lets ``null`` stand for "not known"."""

    choices: tuple[str, ...] = ()
    empty_as_none: bool = False

    def read(self, node: Node, key: str, found: Findings) -> Any:
        """Return the text, or None where that is allowed."""
        if self.empty_as_none and node.tag == f"{_TAG}null":
            return None
        wanted = one_of(self.choices) if self.choices else "words"
        if not isinstance(node, ScalarNode) or node.tag == f"{_TAG}null":
            found.add(key, f"must be {wanted}, but is {_describe(node)}")
            return WRONG
        if self.choices and node.value not in self.choices:
            near = did_you_mean(node.value, self.choices)
            found.add(key, f"must be {wanted}, but is {_describe(node)}{near}")
            return WRONG
        if node.tag != f"{_TAG}str":
            found.add(key, f"must be {wanted}, but is {_describe(node)}; put it in quotation marks")
            return WRONG
        if not node.value.strip():
            found.add(key, f"must be {wanted}, but is blank")
            return WRONG
        return node.value


@dataclass(frozen=True)
class Number:
    """A finite number; ``whole`` wants an integer."""

    low: float | None = None
    high: float | None = None
    whole: bool = False

    def read(self, node: Node, key: str, found: Findings) -> Any:
        """Return an int or a float within the range."""
        kinds = ("int",) if self.whole else ("int", "float")
        value: float = math.nan
        if isinstance(node, ScalarNode) and node.tag in tuple(_TAG + kind for kind in kinds):
            try:
                value = int(node.value.replace("_", "")) if self.whole else float(node.value)
            except ValueError:
                value = math.nan
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        if not (math.isfinite(value) and low <= value <= high):
            found.add(key, f"must be {self._words()}, but is {_describe(node)}")
            return WRONG
        return value

    def _words(self) -> str:
        noun = "a whole number" if self.whole else "a number"
        if self.low is not None and self.high is not None:
            return f"{noun} from {self.low:g} to {self.high:g}"
        return noun if self.low is None else f"{noun}, {self.low:g} or more"


@dataclass(frozen=True)
class Flag:
    """``true`` or ``false``."""

    def read(self, node: Node, key: str, found: Findings) -> Any:
        """Return the bool."""
        if node.tag != f"{_TAG}bool":
            found.add(key, f"must be true or false, but is {_describe(node)}")
            return WRONG
        return node.value.lower() == "true"


@dataclass(frozen=True)
class Day:
    """A calendar day written as ``2022-01-31``."""

    def read(self, node: Node, key: str, found: Findings) -> Any:
        """Return the date."""
        if isinstance(node, ScalarNode):
            try:
                return date.fromisoformat(node.value)
            except ValueError:
                pass
        found.add(key, f"must be a day such as 2022-01-31, but is {_describe(node)}")
        return WRONG


@dataclass(frozen=True)
class ListOf:
    """A list whose items all have one shape; never empty."""

    item: Shape

    def read(self, node: Node, key: str, found: Findings) -> Any:
        """Return a tuple of the readable items."""
        if not isinstance(node, SequenceNode) or not node.value:
            found.add(key, f"must be a list with at least one entry, but is {_describe(node)}")
            return WRONG
        values = []
        for number, child in enumerate(node.value, start=1):
            place = f"{key}[{number}]"
            found.lines[place] = child.start_mark.line + 1
            values.append(self.item.read(child, place, found))
        return WRONG if any(value is WRONG for value in values) else tuple(values)


@dataclass(frozen=True)
class MapOf:
    """Entries of one shape under names the author chooses; ``known`` limits the names."""

    item: Shape
    known: tuple[str, ...] = ()
    all_known_needed: bool = False

    def read(self, node: Node, key: str, found: Findings) -> Any:
        """Return a read-only mapping of the readable entries, in the order of the file."""
        needed = self.known if self.all_known_needed else ()
        entries = _entries(node, key, self.known, needed, found)
        if entries is None:
            return WRONG
        values = {name: self.item.read(child, _join(key, name), found) for name, child in entries.items()}
        return MappingProxyType({name: value for name, value in values.items() if value is not WRONG})


@dataclass(frozen=True)
class Section:
    """Named keys, each with its own shape; ``defaults`` names those that may be left out."""

    fields: Mapping[str, Shape]
    defaults: Mapping[str, Any] = field(default_factory=dict)

    def read(self, node: Node, key: str, found: Findings) -> Any:
        """Return a dict of all keys, defaults filled in; an unreadable value is ``WRONG``."""
        known = tuple(self.fields)
        needed = tuple(name for name in known if name not in self.defaults)
        entries = _entries(node, key, known, needed, found)
        if entries is None:
            return WRONG
        values = dict.fromkeys(known, WRONG) | dict(self.defaults)
        for name, child in entries.items():
            values[name] = self.fields[name].read(child, _join(key, name), found)
        return values


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _entries(
    node: Node, key: str, known: tuple[str, ...], needed: tuple[str, ...], found: Findings
) -> dict[str, Node] | None:
    """Return the children of a section by name, recording duplicate, unknown and missing keys."""
    if not isinstance(node, MappingNode):
        wanted = ", ".join(known) if known else "name: value"
        found.add(key, f"must be a section with keys ({wanted}), but is {_describe(node)}")
        return None
    entries: dict[str, Node] = {}
    meant: set[str] = set()
    for name_node, child in node.value:
        name = str(name_node.value) if isinstance(name_node, ScalarNode) else "?"
        place = _join(key, name)
        line = name_node.start_mark.line + 1
        if name in entries:
            text = f"stands twice; first on line {found.lines[place]}"
            found.problems.append(Problem(line, place, text))
        elif known and name not in known:
            near = nearest(name, known)
            meant.add(near)
            advice = f"did you mean {near}? Allowed" if near else "allowed"
            found.problems.append(Problem(line, place, f"is not a key here; {advice}: {', '.join(known)}"))
        else:
            found.lines[place] = line
            entries[name] = child
    for name in needed:
        if name not in entries and name not in meant:
            found.add(_join(key, name), "is missing")
    return entries
