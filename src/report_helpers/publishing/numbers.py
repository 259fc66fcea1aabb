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
from collections import Counter
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

SCHEMA = 1

_INCLUDE = re.compile(r"^\s*\{\{<\s*include\s+(\S+)\s*>\}\}\s*$")
_FENCE = re.compile(r"^(\s*)(```+|~~~+)\s*(.*)$")
_INLINE = re.compile(r"`\{python\} ([^`\n]*[^`\n ])`")
_PATH = re.compile(r"^\w+\.([\w.]+)$")
_CALL = re.compile(r"\b([A-Za-z_]\w*\.[A-Za-z_]\w*)\(")


class LedgerError(Exception):
    """The page and the ledger inside it disagree, or the page holds no ledger."""


@dataclass(frozen=True)
class Place:
    """One place of the sources that prints: an inline expression or a call in a cell."""

    file: str
    line: int
    kind: str
    code: str


class _Page(HTMLParser):
    """Collects the embedded ledger and the marked numbers outside navigation."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.ledger = ""
        self.marked: list[tuple[str, str]] = []
        self._in_ledger = False
        self._navigation = 0
        self._key: str | None = None
        self._depth = 0
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "script" and attributes.get("id") == "numbers":
            self._in_ledger = True
        elif tag == "nav":
            self._navigation += 1
        elif tag == "span" and self._key is not None:
            self._depth += 1
        elif tag == "span" and "num" in (attributes.get("class") or "").split():
            self._key, self._depth, self._text = attributes.get("data-key") or "", 1, []

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._in_ledger = False
        elif tag == "nav":
            self._navigation -= 1
        elif tag == "span" and self._key is not None:
            self._depth -= 1
            if self._depth == 0:
                if not self._navigation:
                    self.marked.append((self._key, _squeeze("".join(self._text))))
                self._key = None

    def handle_data(self, data: str) -> None:
        if self._in_ledger:
            self.ledger += data
        elif self._key is not None:
            self._text.append(data)


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
    fence, is_cell = "", False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence, is_cell = mark[2], mark[3].startswith("{python}")
            continue
        if mark and mark[2].startswith(fence) and not mark[3]:
            fence = ""
            continue
        if fence:
            if is_cell and not line.lstrip().startswith("#"):
                found += [Place(name, number, "cell", code) for code in _CALL.findall(line)]
            continue
        include = _INCLUDE.match(line)
        if include:
            target = root / include[1][1:] if include[1].startswith("/") else base / include[1]
            _scan(target, base, root, found, (*parents, path))
            continue
        found += [Place(name, number, "inline", code) for code in _INLINE.findall(line)]


def locate(entries: list[dict[str, object]], places: list[Place]) -> list[dict[str, object]]:
    """Give each ledger entry the file and line that printed it.

    Values printed inline come in the order of the sources. An expression that is a plain path (``r.flow.n``)
    names its key, which keeps the two lists in step; any other expression takes the next value.
    """
    inline = [place for place in places if place.kind == "inline"]
    cells: dict[str, Place] = {}
    for place in places:
        if place.kind == "cell":
            cells.setdefault(place.code, place)
    located, position = [], 0
    for entry in entries:
        here: Place | None = None
        if entry.get("where") == "inline":
            for ahead in range(position, len(inline)):
                path = _PATH.match(inline[ahead].code)
                if path is None or path[1] == entry["key"]:
                    here, position = inline[ahead], ahead + 1
                    break
        else:
            here = cells.get(str(entry.get("where")))
        located.append({**entry, "file": here.file if here else None, "line": here.line if here else None})
    return located


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
    embedded = json.loads(page.ledger)
    entries = locate(embedded["numbers"], places)
    listed = Counter((str(e["key"]), _squeeze(str(e["text"]))) for e in entries if not e.get("drawn"))
    marked = Counter(page.marked)
    if listed != marked:
        lost, strange = listed - marked, marked - listed
        sample = "; ".join(f"{key}: {text!r}" for key, text in [*lost, *strange][:5])
        raise LedgerError(
            f"{lost.total()} listed values are not on the page, and {strange.total()} on the page "
            f"are not listed ({sample})"
        )
    facts = {key: value for key, value in embedded.items() if key != "numbers"}
    return {"schema": SCHEMA, **(about or {}), **facts, "numbers": entries}


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
    """Write the ledger after ``quarto render``; a render without HTML leaves none to write."""
    root = Path(os.environ.get("QUARTO_PROJECT_DIR", "."))
    output = root / os.environ.get("QUARTO_PROJECT_OUTPUT_DIR", "_manuscript")
    if not (output / "index.html").is_file():
        return 0
    generated = root / "_generated" / "manuscript.yml"
    about = json.loads(generated.read_text(encoding="utf-8")) if generated.is_file() else {}
    try:
        write(output, root / "index.qmd", root, about)
    except LedgerError as error:
        sys.stderr.write(f"numbers.json was not written: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
