"""Give sections, figures, tables and equations their numbers, and list everything that can be referred to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .. import nodes
from ..errors import CrossReferenceError, Problem, ProjectError
from ..nodes import Node
from .conditional import Locate
from .kinds import Kinds

_DEEPEST = 7
_HEADER, _FLOAT = frozenset(("Header",)), frozenset(("Float",))
_NUMBERED = frozenset(("Header", "Float", "Equation", "Theorem", "Callout"))


@dataclass(frozen=True)
class Entry:
    """One thing that can be referred to.

    Attributes
    ----------
    kind : str
        Key of its kind.
    number : str
        Its number as printed; for a part of a figure, the number of the whole.
    sub : str
        Letter of the part, or an empty string.
    """

    kind: str
    number: str
    sub: str = ""


@dataclass
class Index:
    """What numbering found.

    Attributes
    ----------
    entries : dict
        Entry of every label.
    unnumbered : set
        Labels of sections without a number, which cannot be referred to.
    """

    entries: dict[str, Entry] = field(default_factory=dict)
    unnumbered: set[str] = field(default_factory=set)


def number_all(blocks: list[Node], kinds: Kinds, metadata: Mapping[str, Any], locate: Locate) -> Index:
    """Give numbers in reading order; they are written into the nodes.

    A heading's number becomes its attribute `number` if `number-sections` is set and it is not too deep.

    Raises
    ------
    CrossReferenceError
        If a label is given twice.
    """
    index = Index()
    sections = _Sections(blocks, section_offsets(metadata, locate))
    counters: dict[str, int] = {}
    twice = _given_twice(blocks)
    numbered = bool(metadata.get("number-sections"))
    depth = int(metadata.get("number-depth", 6))

    def enter(label: str, entry: Entry) -> None:
        if label in index.entries:
            twice.append(label)
        index.entries[label] = entry

    def next_number(key: str) -> str:
        counters[key] = counters.get(key, 0) + 1
        kind = kinds.of(f"{key}-")
        return kind.style.of(counters[key]) if kind else str(counters[key])

    def look(node: Node) -> bool | None:
        content = node.get("c")
        if node["t"] == "Header":
            level, attributes, _ = node["c"]
            label = attributes[0]
            if "unnumbered" in attributes[1]:
                index.unnumbered.add(label)
                return None
            number = sections.next(level)
            if label.startswith("sec-"):
                enter(label, Entry("sec", number))
            if numbered and level <= depth:
                attributes[2].append(["number", number])
        elif node["t"] == "Float" and isinstance(content, dict):
            if content["numbered"]:
                content["number"] = next_number(content["kind"])
                enter(content["id"], Entry(content["kind"], content["number"]))
            _number_parts(content, kinds, enter)
            return None
        elif node["t"] == "Equation" and isinstance(content, dict):
            content["number"] = next_number("eq")
            enter(content["id"], Entry("eq", content["number"]))
        elif node["t"] == "Theorem" and isinstance(content, dict):
            if content["kind"] or "-" in content["id"]:
                content["number"] = next_number(content["kind"] or content["title"])
                enter(content["id"], Entry(content["kind"], content["number"]))
        elif node["t"] == "Callout" and isinstance(content, dict):
            label = content["attributes"][0]
            if (key := label.partition("-")[0]) in kinds.callouts and label != key:
                number = next_number(key)
                enter(label, Entry(key, number))
                content["title"] = _numbered_title(kinds, key, number, content)
        return None

    def look_outside_parts(node: Node) -> bool | None:
        if node["t"] == "Float" and "sub" in node["c"]:
            return None
        return look(node)

    nodes.visit(blocks, _NUMBERED, look_outside_parts)
    if twice:
        problems = [_twice(label, locate) for label in dict.fromkeys(twice)]
        raise CrossReferenceError(sorted(problems, key=lambda problem: (problem.file, problem.line)))
    return index


def _given_twice(blocks: list[Node]) -> list[str]:
    """Return identifiers that several headings or divisions have, for links would find only the first."""
    seen, twice = set[str](), list[str]()

    def look(node: Node) -> None:
        identifier = nodes.identifier_of(node)
        if identifier in seen:
            twice.append(identifier)
        elif identifier:
            seen.add(identifier)

    nodes.visit(blocks, frozenset(("Header", "Div")), look)
    return twice


def _twice(label: str, locate: Locate) -> Problem:
    pattern = rf"(#|label:\s*){re.escape(label)}(?![\w-])"
    first, second = locate(pattern), locate(pattern, 2)
    remedy = f"It already stands in {first.file}, line {first.number}." if first and second else ""
    place = (second.file, second.number) if second else ("", 0)
    return Problem(f"The label {label} is given twice.", *place, remedy)


def _numbered_title(kinds: Kinds, key: str, number: str, callout: Mapping[str, Any]) -> list[Node]:
    """Return the title of a numbered callout: `Note 1: …`, or `Note 1` where its author gave none."""
    head = nodes.string(f"{kinds.callouts[key].title}\u00a0{number}")
    return (
        [nodes.string(head["c"] + kinds.delimiter), nodes.space(), *callout["title"]]
        if callout["titled"]
        else [head]
    )


def _number_parts(whole: dict[str, Any], kinds: Kinds, enter: Any) -> None:
    """Letter the floats directly within a float; they count as its parts."""
    letters = 0

    def look(node: Node) -> bool | None:
        nonlocal letters
        if node["t"] != "Float":
            return None
        part = node["c"]
        if part["numbered"]:
            letters += 1
            part["sub"] = kinds.parts.of(letters)
            part["parent"] = whole["id"]
            enter(part["id"], Entry(whole["kind"], whole.get("number", ""), part["sub"]))
        return False

    nodes.visit(whole["content"], _FLOAT, look)
    whole["parts"] = letters


class _Sections:
    """Counters of the heading levels; without a level 1, counting starts at level 2, as in Quarto."""

    def __init__(self, blocks: list[Node], offsets: list[int]) -> None:
        levels: list[int] = []
        nodes.visit(blocks, _HEADER, lambda node: levels.append(node["c"][0]))
        self.highest = min(levels, default=1)
        self.counts = [*offsets, *[0] * _DEEPEST][:_DEEPEST]

    def next(self, level: int) -> str:
        """Count a heading and return its number."""
        level = min(level, _DEEPEST)
        self.counts[level - 1] += 1
        self.counts[level:] = [0] * (_DEEPEST - level)
        first = 0 if self.highest == 1 else 1
        return ".".join(str(count) for count in self.counts[first:level])


def section_offsets(metadata: Mapping[str, Any], locate: Locate) -> list[int]:
    """Return what the numbers of each heading level begin after, from `number-offset`.

    Raises
    ------
    ProjectError
        If it is not a whole number or a list of them.
    """
    given = metadata.get("number-offset") or []
    offsets = given if isinstance(given, list) else [given]
    if not all(isinstance(offset, int) for offset in offsets):
        line = locate("number-offset")
        place = (line.file, line.number) if line else ("", 0)
        what = f"`number-offset` has to be a whole number or a list of them, not {given}."
        raise ProjectError.at(what, *place, "Write for example `number-offset: 2`.")
    return offsets


def renumber_headings(blocks: list[Node]) -> None:
    """Put the number of each heading before its text."""

    def look(node: Node) -> None:
        if node["t"] == "Header":
            number = nodes.get(node["c"][1], "number")
            if number:
                prefix = nodes.span([nodes.string(number)], classes=["header-section-number"])
                node["c"][2] = [prefix, nodes.space(), *node["c"][2]]

    nodes.visit(blocks, _HEADER, look)
