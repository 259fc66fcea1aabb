"""The number ledger: every computed value of a rendered HTML manuscript, with the line that printed it.

Runs after a render, under either engine, and as a script of its own (Quarto's ``post-render``), so it needs
nothing but the standard library. The chapters' last cell embeds what was printed as JSON; here each entry
is given its chapter and line, and the entries are held against the marked numbers of the page itself.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import defaultdict, deque
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

SCHEMA = 1

_INCLUDE = re.compile(r"^\s*\{\{<\s*include\s+(\S+)\s*>\}\}\s*$")
_FENCE = re.compile(r"^\s*(```+|~~~+)\s*(.*)$")
_DIVISION = re.compile(r"^:::+\s*\{[^}]*#([\w-]+)")
_INLINE = re.compile(r"`\{python\} ([^`\n]*[^`\n ])`")
_PATH = re.compile(r"^\w+\.([\w.]+?)(?:\.\w+\(.*\))?$")
_FLOAT_ID = re.compile(r"^\w*(tbl|fig)-[\w-]+$")
_TOO_FEW = "Too few patients to report"
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)


class LedgerError(Exception):
    """The page and the ledger inside it disagree, or the page holds no ledger."""


@dataclass(frozen=True)
class Place:
    """One place of the sources that prints: an inline expression, or a cell inside a float."""

    file: str
    line: int
    kind: str
    code: str


@dataclass(frozen=True)
class Mark:
    """One marked number of the page.

    `table` is the id of the float whose table holds it, or ``""``; `passage` is the key of the passage around
    it, with the passage's place among all on the page.
    """

    key: str
    text: str
    table: str
    passage: tuple[str, int] = ("", 0)


class _Page(HTMLParser):
    """Collects the embedded ledger and the marked numbers outside navigation."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.ledger = ""
        self.marks: list[Mark] = []
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self._text: list[str] = []
        self._passages = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self._open.append((tag, dict(attrs)))
            if self._is_mark(-1):
                self._text = []
            if self._is_span(-1, "told") and not self._inside("nav"):
                self._passages += 1

    def handle_endtag(self, tag: str) -> None:
        if not any(tag == name for name, _ in self._open):
            return
        while self._open[-1][0] != tag:
            self._open.pop()
        if self._is_mark(-1) and not self._inside("nav"):
            key = self._open[-1][1].get("data-key") or ""
            self.marks.append(Mark(key, _squeeze("".join(self._text)), self._table(), self._passage()))
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] == "script":
            if self._open[-1][1].get("id") == "numbers":
                self.ledger += data
        else:
            self._text.append(data)

    def _is_mark(self, index: int) -> bool:
        return self._is_span(index, "num")

    def _is_span(self, index: int, kind: str) -> bool:
        tag, attributes = self._open[index]
        return tag == "span" and kind in (attributes.get("class") or "").split()

    def _passage(self) -> tuple[str, int]:
        around = [index for index in range(len(self._open)) if self._is_span(index, "told")]
        return (self._open[around[-1]][1].get("data-key") or "", self._passages) if around else ("", 0)

    def _inside(self, tag: str) -> bool:
        return any(name == tag for name, _ in self._open)

    def _table(self) -> str:
        """Return the id of the float around the table that the parser is in."""
        names = [name for name, _ in self._open]
        if "td" not in names and "th" not in names:
            return ""
        ids = [attributes.get("id") or "" for _, attributes in self._open]
        return next((each for each in ids if _FLOAT_ID.match(each)), "")


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


class _Locator:
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

    def find(self, mark: Mark) -> Place | None:
        if mark.table in self.cells:
            return self.cells[mark.table]
        key, _ = mark.passage
        if not key:
            return self._next(mark.key)
        if mark.passage not in self._passages:
            self._passages[mark.passage] = self._next(key)
        return self._passages[mark.passage]

    def _next(self, key: str) -> Place | None:
        waiting = self._by_key.get(key) or self._others
        return waiting.popleft() if waiting else None


def ledger(html: str, places: list[Place], about: dict[str, object] | None = None) -> dict[str, object]:
    """Build the content of ``numbers.json`` from a rendered page.

    Raises
    ------
    LedgerError
        When the page holds no ledger, or its marked numbers are not those that the ledger lists.
    """
    page = _Page()
    page.feed(html)
    page.close()
    if not page.ledger:
        raise LedgerError(
            "the page holds no number ledger: the main document must end with a cell `r.ledger`"
        )
    listed = [((str(each["key"]), _squeeze(str(each["text"]))), each) for each in json.loads(page.ledger)]
    facts = dict(listed)
    _compare({key for key, each in listed if not _is_drawn(each)}, page.marks)
    locator = _Locator(places)
    numbers = [_entry(facts[mark.key, mark.text], locator.find(mark)) for mark in page.marks]
    shown = {(mark.key, mark.text) for mark in page.marks}
    # Numbers drawn in a figure are no text of the page; the cell that draws the figure stands for them.
    for key, each in listed:
        if _is_drawn(each) and key not in shown:
            numbers.append(_entry(each, locator.cells.get(str(each["where"]))))
    return {"schema": SCHEMA, **(about or {}), "numbers": numbers}


def _is_drawn(facts: dict[str, object]) -> bool:
    return "fig-" in str(facts["where"])


def _entry(facts: dict[str, object], place: Place | None) -> dict[str, object]:
    kept = {name: value for name, value in facts.items() if name != "where"}
    return {**kept, "file": place.file if place else None, "line": place.line if place else None}


def _compare(listed: set[tuple[str, str]], marks: list[Mark]) -> None:
    marked = {(mark.key, mark.text) for mark in marks}
    if any(mark.key == "data.notice" and _TOO_FEW in mark.text for mark in marks):
        listed = listed & marked  # filters/too-few.lua leaves out sentences that have no number to show
    if listed == marked:
        return
    lost, strange = sorted(listed - marked), sorted(marked - listed)
    sample = "; ".join(f"{key}: {text!r}" for key, text in (lost + strange)[:5])
    raise LedgerError(
        f"{len(lost)} listed values are not on the page, and {len(strange)} on the page are not listed: "
        f"{sample}"
    )


def write(output: Path, main: Path, root: Path, about: dict[str, object] | None = None) -> Path:
    """Write ``numbers.json`` beside the rendered ``index.html`` in `output`."""
    page = (output / "index.html").read_text(encoding="utf-8")
    content = ledger(page, sources(main, root), about)
    target = output / "numbers.json"
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    target.write_text(text + "\n", encoding="utf-8", newline="\n")
    return target


def _squeeze(text: str) -> str:
    return " ".join(text.split())


def main() -> int:
    """Finish ``quarto render``: file the executed notebook, and write the ledger if there is a page."""
    root = Path(os.environ.get("QUARTO_PROJECT_DIR", "."))
    output = root / os.environ.get("QUARTO_PROJECT_OUTPUT_DIR", "_manuscript")
    executed = root / "index.quarto_ipynb"  # left by `keep-ipynb`
    if executed.is_file() and output.is_dir():
        executed.replace(output / "manuscript.ipynb")
    made = os.environ.get("QUARTO_PROJECT_OUTPUT_FILES", "index.html")
    if "index.html" not in made or not (output / "index.html").is_file():
        return 0  # a render of other formats: the page there is an older one
    generated = root / "_generated" / "provenance.json"
    about = json.loads(generated.read_text(encoding="utf-8")) if generated.is_file() else {}
    try:
        write(output, root / "index.qmd", root, about)
    except LedgerError as error:
        sys.stderr.write(f"numbers.json was not written: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
