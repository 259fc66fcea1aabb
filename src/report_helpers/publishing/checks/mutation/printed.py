"""What the code of a manuscript printed in one run, word by word, with the line of the sources behind it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from report_helpers.publishing.builtin.reading.cells import Cell
from report_helpers.publishing.builtin.running.execute import Executed

_INLINE = re.compile(r"`\{python\}[ \t]+([^`\n]+)`")
_RAW = re.compile(r"^```+\s*\{=html\}\n(.*?)^```+\s*$", re.MULTILINE | re.DOTALL)
_IMAGE = re.compile(r"!\[((?:\\.|[^\]\\])*)\]\([^)]*\)(?:\{([^}]*)\})?")
_ALT = re.compile(r'fig-alt="((?:\\.|[^"\\])*)"')
_VALUE = re.compile(r'\[((?:\\.|[^\[\]\\])*)\]\{\.num[^}]*?key="([^"]*)"\}')
_MARKUP = re.compile(r"\]\{[^}]*\}|\{[#.][^}]*\}|(?<!\\)\[|(?<!\\)\]|\]\([^)]*\)|\$[^$\n]+\$")
# Where something was published: an address, or a digital object identifier, perhaps after a year.
_ADDRESS = re.compile(r"https?://\S+|(?:\b\d{4}; )?(?:\bdoi:? ?)?\b10\.\d{4,}/\S*\w")
_ESCAPED = re.compile(r"\\([^\w\s])")
_WORD = re.compile(
    r"(?<![A-Za-z\d_])(?<![A-Za-z]-)(?P<number>(?:(?<![\w)%])[−-])?\d+(?:[.,]\d+)*)|[^\W\d_]+[\w-]*|[^\w\s]|\w+"
)
_SPELT = re.compile(
    r"(?:ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty"
    r"|hundred|thousand|dozen)(?:-[a-z]+)*",
    re.IGNORECASE,
)
"""A number in words, from ten: smaller ones are said of much that is no result."""
_LISTED = '<script type="application/json" id="numbers">'
_SILENT = frozenset(("script", "style", "svg"))
CELL, ROW = "|", "\n"
"""Words that stand where a cell or a row of a table begins, or another block."""
_EDGES = dict.fromkeys(("td", "th", "caption", "p", "li"), CELL) | {"tr": ROW}


@dataclass(frozen=True)
class Word:
    """A word, a sign, or a number.

    Attributes
    ----------
    text : str
    key : str
        Of the computed value that it is part of; empty outside of one.
    number : bool
    gap : bool
        Whether a blank comes before it.
    """

    text: str
    key: str = ""
    number: bool = False
    gap: bool = True


@dataclass(frozen=True)
class Piece:
    """What one place of the sources printed: an expression within text, or a cell.

    Attributes
    ----------
    file, line
        Where it stands; of a cell, its first line of code.
    words : tuple of Word
    code : str
        The cell or the expression.
    """

    file: str
    line: int
    words: tuple[Word, ...]
    code: str

    @property
    def text(self) -> str:
        """All that was printed."""
        return self.part(0, len(self.words))

    def part(self, start: int, stop: int) -> str:
        """Return the text from one word to another, which is left out."""
        return "".join(" " * word.gap + word.text for word in self.words[start:stop]).strip()


def printed(run: Sequence[Executed]) -> tuple[Piece, ...]:
    """Return what each place of the sources printed in a run, in the order of the document.

    The same sources give as many pieces in every run, with other words.
    """
    return tuple(_pieces(run))


def _pieces(run: Sequence[Executed]) -> Iterator[Piece]:
    for item in run:
        part = item.part
        if isinstance(part, Cell):
            words = tuple(word for output in item.outputs for word in _output(output))
            yield Piece(part.opening.file, part.opening.number + 1 + part.first, words, part.code)
            continue
        for line in part.lines:
            for code in _INLINE.findall(line.text):
                yield Piece(
                    line.file, line.number, _of_bundle((item.values or {}).get(code.strip(), {})), code
                )


def _output(output: Mapping[str, Any]) -> Iterator[Word]:
    if output.get("output_type") == "stream":
        yield from _plain(_joined(output.get("text", "")))
    else:
        yield from _of_bundle(output.get("data", {}))


def _of_bundle(bundle: Mapping[str, Any]) -> tuple[Word, ...]:
    """Return the words of a value as it is printed: HTML or Markdown before plain text."""
    if "text/html" in bundle:
        return _of_html(_joined(bundle["text/html"]))
    if "text/markdown" in bundle:
        return tuple(_of_markdown(_joined(bundle["text/markdown"])))
    return tuple(_plain(_joined(bundle.get("text/plain", "")))) if not _is_picture(bundle) else ()


def _is_picture(bundle: Mapping[str, Any]) -> bool:
    return any(kind.startswith("image/") for kind in bundle)


def _joined(text: object) -> str:
    return "".join(text) if isinstance(text, list) else str(text)


def _of_markdown(text: str) -> Iterator[Word]:
    for place, part in enumerate(_RAW.split(text)):
        if place % 2:
            yield from _of_html(part)
            continue
        text = _IMAGE.sub(lambda found: f" {found[1]} . {_alternative(found[2])} . ", part)
        rest = 0
        for value in _VALUE.finditer(text):
            yield from _plain(_bare(text[rest : value.start()]))
            yield from _plain(_bare(value[1]), value[2])
            rest = value.end()
        yield from _plain(_bare(text[rest:]))


def _alternative(attributes: str | None) -> str:
    found = _ALT.search(attributes or "")
    return found[1] if found else ""


def _bare(text: str) -> str:
    return html.unescape(_ESCAPED.sub(r"\1", _MARKUP.sub(" ", text)))


def _plain(text: str, key: str = "") -> Iterator[Word]:
    end = -1
    text = _ADDRESS.sub(" ", text)
    for found in _WORD.finditer(text):
        number = found["number"] is not None or bool(_SPELT.fullmatch(found[0]))
        yield Word(found[0], key, number, gap=found.start() != end)
        end = found.end()


def _of_html(text: str) -> tuple[Word, ...]:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return tuple(reader.words)


class _Reader(HTMLParser):
    """Goes through HTML that a cell printed; a block or a table's cell ends a run of words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[Word] = []
        self._keys: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag in _SILENT:
            self._silent += 1
        elif tag == "span":
            marked = "num" in (attributes.get("class") or "").split()
            inherited = self._keys[-1] if self._keys else ""
            self._keys.append(attributes.get("data-key") or "" if marked else inherited)
        elif tag in _EDGES:
            self.words.append(Word(_EDGES[tag]))
        if alternative := attributes.get("alt") or attributes.get("aria-label"):
            self.words += _plain(alternative)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent -= 1
        elif tag == "span" and self._keys:
            self._keys.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words += _plain(data, self._keys[-1] if self._keys else "")


def ledger_of(run: Sequence[Executed]) -> Mapping[str, Any]:
    """Return the ledger that a run printed, empty where it printed none."""
    for item in run:
        for output in item.outputs:
            text = _joined(output.get("data", {}).get("text/markdown", ""))
            if _LISTED in text:
                listed: Mapping[str, Any] = json.loads(text.partition(_LISTED)[2].partition("</script>")[0])
                return listed
    return {}
