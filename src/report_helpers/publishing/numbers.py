"""The number ledger: every computed value of a rendered HTML manuscript, with the line that printed it.

Runs after a render, under either engine, and as a script of its own (Quarto's ``post-render``), so it needs
nothing but the standard library. The chapters' last cell embeds what was printed as JSON; here each entry
is given its chapter and line, and the entries are held against the marked numbers of the page itself. What
comes of it is written beside the page and put back into it, where the cards of its numbers read it.
``numbers.schema.json`` describes every field.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    # As a script, this folder comes first on the path, and this very file would stand in for Python's own.
    _HERE = Path(__file__).resolve().parent
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != _HERE]

import json
import os
import re
from dataclasses import dataclass
from html.parser import HTMLParser

from report_helpers.publishing.places import Locator, Place, sources

SCHEMA = 2

_FLOAT_ID = re.compile(r"^\w*(tbl|fig)-[\w-]+$")
_NUMBER: dict[str, object] = {
    "value": None,
    "low": None,
    "high": None,
    "level": None,
    "p": None,
    "n": None,
    "missing": None,
    "method": "",
    "reason": "",
    "label": "",
    "by": "",
    "withheld": False,
}
"""What an entry has where nothing is known; the ledger inside a page leaves such fields out."""
_TOO_FEW = "Too few patients to report"
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)


class LedgerError(Exception):
    """The page and the ledger inside it disagree, or the page holds no ledger."""


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


def ledger(html: str, places: list[Place], about: dict[str, object] | None = None) -> dict[str, object]:
    """Build the content of ``numbers.json`` from a rendered page.

    Raises
    ------
    LedgerError
        When the page holds no ledger, or its marked numbers are not those that the ledger lists.
    """
    return _complete(_read(html), places, about)


def _read(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    page.close()
    if not page.ledger:
        raise LedgerError(
            "the page holds no number ledger: the main document must end with a cell `r.ledger`"
        )
    return page


def _complete(page: _Page, places: list[Place], about: dict[str, object] | None) -> dict[str, object]:
    content = json.loads(page.ledger)
    if isinstance(content, list):  # what a chapter of an earlier version prints
        content = {"numbers": content}
    listed = [((str(each["key"]), _squeeze(str(each["text"]))), each) for each in content["numbers"]]
    facts = dict(listed)
    _compare({key: str(each["where"]) for key, each in listed if not _is_drawn(each)}, page.marks, places)
    locator = Locator(places)
    numbers = [
        _entry(facts[mark.key, mark.text], locator.find(mark.key, mark.table, mark.passage), mark)
        for mark in page.marks
    ]
    shown = {(mark.key, mark.text) for mark in page.marks}
    # Numbers drawn in a figure are no text of the page; the cell that draws the figure stands for them.
    for key, each in listed:
        if _is_drawn(each) and key not in shown:
            numbers.append(_entry(each, locator.cells.get(str(each["where"]))))
    told = {name: content.get(name, {}) for name in ("methods", "relations")}
    return {"schema": SCHEMA, **(about or {}), **told, "numbers": numbers}


def _is_drawn(facts: dict[str, object]) -> bool:
    return "fig-" in str(facts["where"])


def _entry(facts: dict[str, object], place: Place | None, mark: Mark | None = None) -> dict[str, object]:
    """Return what is known of one number, with its place; the same facts may be printed in several."""
    where = (mark.table or "inline") if mark else facts["where"]
    line = {"file": place.file, "line": place.line} if place else {"file": None, "line": None}
    return {**_NUMBER, **facts, "where": where, **line}


def _compare(listed: dict[tuple[str, str], str], marks: list[Mark], places: list[Place]) -> None:
    """Hold what the ledger lists, with the float that it stands in, against the numbers of the page."""
    marked = {(mark.key, mark.text) for mark in marks}
    lost, strange = sorted(listed.keys() - marked), sorted(marked - listed.keys())
    if any(mark.key == "data.notice" and _TOO_FEW in mark.text for mark in marks):
        lost = []  # filters/too-few.lua leaves out sentences that have no number to show
    if not lost and not strange:
        return
    locator = Locator(places)
    printed = {(mark.key, mark.text): locator.find(mark.key, mark.table, mark.passage) for mark in marks}
    told = []
    for key in sorted({key for key, _ in (*lost, *strange)})[:5]:
        computed = [text for name, text in lost if name == key]
        shown = [text for name, text in strange if name == key]
        missing = Locator(places).find(key, listed[key, computed[0]], ("", 0)) if computed else None
        place = printed[key, shown[0]] if shown else missing
        where = f"{place.file}:{place.line}: " if place else ""
        says = f"is {_quoted(computed)}" if computed else "is not in the ledger"
        told.append(f"{where}{key} {says}, the page shows {_quoted(shown) or 'nothing of it'}")
    raise LedgerError(
        f"{len(lost)} listed values are not on the page, and {len(strange)} on the page are not listed:\n  "
        + "\n  ".join(told)
    )


def _quoted(texts: list[str]) -> str:
    return " and ".join(repr(text) for text in texts[:3])


def write(output: Path, main: Path, root: Path, about: dict[str, object] | None = None) -> Path:
    """Write ``numbers.json`` beside the rendered ``index.html`` in `output`, and complete that page."""
    page = output / "index.html"
    html = page.read_bytes().decode("utf-8")
    completed, content = complete(html, sources(main, root), about)
    page.write_bytes(completed.encode("utf-8"))
    target = output / "numbers.json"
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    target.write_text(text + "\n", encoding="utf-8", newline="\n")
    return target


def complete(
    html: str, places: list[Place], about: dict[str, object] | None = None
) -> tuple[str, dict[str, object]]:
    """Return a page whose ledger is complete, and that ledger.

    Raises
    ------
    LedgerError
        As `ledger` does.
    """
    page = _read(html)
    content = _complete(page, places, about)
    return html.replace(page.ledger, _embedded(content), 1), content


def _embedded(content: dict[str, object]) -> str:
    """Return a ledger as JSON that is safe inside a script element, without what is empty."""
    numbers = content["numbers"]
    assert isinstance(numbers, list)
    kept = [
        {name: value for name, value in each.items() if name not in _NUMBER or value != _NUMBER[name]}
        for each in numbers
    ]
    text = json.dumps({**content, "numbers": kept}, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for (
        sign
    ) in "<>&\u2028\u2029":  # none of them may end the element, or be changed where the page is rewritten
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


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
