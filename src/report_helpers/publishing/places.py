"""The places of the sources that print a value, in the order of the document: file, line and code of each."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from dataclasses import dataclass
from pathlib import Path

_INCLUDE = re.compile(r"^\s*\{\{<\s*include\s+(\S+)\s*>\}\}\s*$")
_FENCE = re.compile(r"^\s*(```+|~~~+)\s*(.*)$")
_DIVISION = re.compile(r"^:::+\s*\{[^}]*#([\w-]+)")
_INLINE = re.compile(r"`\{python\} ([^`\n]*[^`\n ])`")
_PATH = re.compile(r"^\w+\.([\w.]+?)(?:\.\w+\(.*\))?$")


@dataclass(frozen=True)
class Place:
    """One place of the sources that prints: an inline expression, or a cell inside a float."""

    file: str
    line: int
    kind: str
    code: str


def sources(main: Path, root: Path) -> list[Place]:
    """List, in document order, all places of `main` and its includes that print a value.

    Parameters
    ----------
    main : Path
        The main document.
    root : Path
        The project directory: include paths with a leading ``/`` and the `file` of each place start here.
    """
    found: list[Place] = []
    _scan(main, main.parent, root, found, ())
    return found


def _scan(path: Path, base: Path, root: Path, found: list[Place], parents: tuple[Path, ...]) -> None:
    if path in parents or not path.is_file():
        return
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    fence, opened = "", ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not mark[2].strip():
                fence = ""
            continue
        if mark:
            fence = mark[1]
            if opened and mark[2].startswith("{python}"):
                found.append(Place(name, number + 1, "cell", opened))
            continue
        division = _DIVISION.match(line)
        if division:
            opened = division[1]
        include = _INCLUDE.match(line)
        if include:
            target = root / include[1][1:] if include[1].startswith("/") else base / include[1]
            _scan(target, base, root, found, (*parents, path))
            continue
        found += [Place(name, number, "inline", code) for code in _INLINE.findall(line)]


class Locator:
    """Gives each marked number the line that printed it, going through page and sources side by side.

    An expression that is a plain path (``r.flow.screened``) names its key: the second number of a key on the
    page comes from the second such expression. All numbers of a passage come from the one that prints it.
    Any other expression takes the numbers left over, in order.
    """

    def __init__(self, places: list[Place]) -> None:
        self.cells = {place.code: place for place in places if place.kind == "cell"}
        self._by_key: dict[str, deque[Place]] = defaultdict(deque)
        self._others: deque[Place] = deque()
        self._passages: dict[tuple[str, int], Place | None] = {}
        for place in places:
            if place.kind == "inline":
                path = _PATH.match(place.code)
                (self._by_key[path[1]] if path else self._others).append(place)

    def find(self, key: str, table: str, passage: tuple[str, int]) -> Place | None:
        """Return the place that printed the next number of the page, or None where none is known.

        Parameters
        ----------
        key, table : str
            Its key, and the id of the float whose table holds it.
        passage : tuple of str and int
            The key of the passage around it, and its place among all on the page.
        """
        if table in self.cells:
            return self.cells[table]
        told, _ = passage
        if not told:
            return self._next(key)
        if passage not in self._passages:
            self._passages[passage] = self._next(told)
        return self._passages[passage]

    def _next(self, key: str) -> Place | None:
        waiting = self._by_key.get(key) or self._others
        return waiting.popleft() if waiting else None
