"""Edits of ``study.yml`` by lines, such as an author can paste: found by the file's own indentation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node


@dataclass(frozen=True)
class Change:
    """New lines for ``study.yml``.

    Parameters
    ----------
    after : int
        The line below which they belong, counted from 1.
    replaced : int
        How many of the lines below it they stand in place of.
    lines : tuple of str
    below : str
        The text of the line ``after``, without its comment.
    """

    after: int
    replaced: int
    lines: tuple[str, ...]
    below: str


@dataclass(frozen=True)
class Wish:
    """What is to be changed, before it is known where it stands.

    Parameters
    ----------
    data : mapping of str to str
        Keys of ``data:`` with their new values as they are to be written; an empty value takes a key away.
    columns : mapping of str to str
        The same for ``data: columns:``.
    period : mapping of str to str
        The same for ``period:``.
    """

    data: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    period: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.data or self.columns or self.period)

    def and_also(self, other: Wish) -> Wish:
        """Return both wishes; where they differ the other one counts."""
        return Wish(
            {**self.data, **other.data}, {**self.columns, **other.columns}, {**self.period, **other.period}
        )


def changes(text: str, wish: Wish) -> tuple[Change, ...]:
    """Return the smallest changes of a study file that fulfil a wish, from top to bottom.

    Parameters
    ----------
    text : str
        The study file, which can be read.
    wish : Wish
    """
    root = YAML(typ="safe", pure=True).compose(text)
    found = _Section.of(text, root, "data").changed(wish.data, wish.columns)
    if wish.period:
        found += _Section.of(text, root, "period").changed(wish.period, {})
    return tuple(sorted(found, key=lambda change: change.after))


def applied(text: str, edits: Sequence[Change]) -> str:
    """Return a study file with the changes made."""
    lines = text.splitlines()
    for change in sorted(edits, key=lambda each: each.after, reverse=True):
        lines[change.after : change.after + change.replaced] = change.lines
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class _Section:
    """A mapping of the file: where its key stands and what is in it."""

    lines: tuple[str, ...]
    key: Node
    value: Node

    @classmethod
    def of(cls, text: str, root: Node, name: str) -> _Section:
        key, value = next((key, value) for key, value in root.value if key.value == name)
        return cls(tuple(text.splitlines()), key, value)

    @property
    def entries(self) -> dict[str, tuple[Node, Node]]:
        if not isinstance(self.value, MappingNode):
            return {}
        return {str(key.value): (key, value) for key, value in self.value.value}

    @property
    def in_lines(self) -> bool:
        """Whether each entry has lines of its own, unlike ``{a: 1, b: 2}``."""
        return isinstance(self.value, MappingNode) and not self.value.flow_style and bool(self.value.value)

    @property
    def indent(self) -> str:
        if self.in_lines:
            return " " * int(self.value.value[0][0].start_mark.column)
        return " " * (int(self.key.start_mark.column) + 2)

    def changed(self, wanted: Mapping[str, str], columns: Mapping[str, str]) -> list[Change]:
        """Return the changes that set the wanted entries, and those under ``columns``."""
        if not wanted and not columns:
            return []
        if not self.in_lines:
            return [self._rewritten(wanted, columns)]
        found = [
            self._replaced(self.entries[name], f"{self.indent}{name}: {value}" if value else "")
            for name, value in wanted.items()
            if name in self.entries
        ]
        new = [f"{self.indent}{name}: {value}" for name, value in wanted.items() if name not in self.entries]
        if columns and "columns" in self.entries:
            inner = _Section(self.lines, *self.entries["columns"])
            found += inner.changed(columns, {})
        elif columns:
            new += _block(self.indent, columns)
        if new:
            found.append(self._below_key(new))
        return found

    def _below_key(self, new: Sequence[str]) -> Change:
        line = int(self.key.start_mark.line) + 1
        return Change(line, 0, tuple(new), self._text(line))

    def _replaced(self, entry: tuple[Node, Node], line: str) -> Change:
        first, last = int(entry[0].start_mark.line), _last_line(entry[1])
        return Change(first, last - first + 1, (line,) if line else (), self._text(first))

    def _rewritten(self, wanted: Mapping[str, str], columns: Mapping[str, str]) -> Change:
        """Return the change that gives each entry of a section such as ``{a: 1, b: 2}`` a line of its own."""
        entries = {name: self._source(value) for name, (_, value) in self.entries.items()} | dict(wanted)
        lines = [" " * int(self.key.start_mark.column) + f"{self.key.value}:"]
        if columns:
            kept = _Section(self.lines, *self.entries["columns"]) if "columns" in entries else None
            inner = {name: kept._source(value) for name, (_, value) in kept.entries.items()} if kept else {}
            entries.pop("columns", None)
            lines += [*_entries(self.indent, entries), *_block(self.indent, {**inner, **columns})]
        else:
            lines += _entries(self.indent, entries)
        first, last = int(self.key.start_mark.line), _last_line(self.value)
        return Change(first, last - first + 1, tuple(lines), self._text(first) if first else "")

    def _source(self, node: Node) -> str:
        """Return a value as it stands in the file, on one line."""
        start, end = node.start_mark, node.end_mark
        if start.line == end.line:
            return str(self.lines[start.line][start.column : end.column]).strip()
        inner = self.lines[start.line + 1 : end.line]
        parts = [self.lines[start.line][start.column :], *inner, self.lines[end.line][: end.column]]
        return " ".join(re.sub(r"\s#.*", "", part).strip() for part in parts)

    def _text(self, line: int) -> str:
        return re.sub(r"\s+#.*", "", self.lines[line - 1]).strip() if line else ""


def _entries(indent: str, entries: Mapping[str, str]) -> list[str]:
    return [f"{indent}{name}: {value}" for name, value in entries.items() if value]


def _block(indent: str, columns: Mapping[str, str]) -> list[str]:
    return [f"{indent}columns:", *_entries(f"{indent}  ", columns)]


def _last_line(node: Node) -> int:
    """Return the line, counted from 0, on which a value ends; a block's own mark lies beyond it."""
    if not isinstance(node, CollectionNode) or node.flow_style or not node.value:
        end = node.end_mark
        return int(end.line) - (1 if end.column == 0 and end.line > node.start_mark.line else 0)
    last = node.value[-1]
    return _last_line(last[1] if isinstance(node, MappingNode) else last)
