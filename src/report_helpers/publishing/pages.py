"""A rendered page as paragraphs of words, in which computed values are told from typed words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
_SILENT = frozenset(("head", "nav", "script", "style", "svg", "template", "annotation"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_TEXTS = frozenset(("caption", "dd", "dt", "figcaption", "li", "p", "pre", "summary", "tr"))
_GROUPS = frozenset(("address", "blockquote", "details", "div", "dl", "figure", "ol", "table", "ul"))
_PARTS = frozenset(("article", "aside", "body", "footer", "header", "main", "section"))
_BLOCKS = _HEADINGS | _TEXTS | _GROUPS | _PARTS | frozenset(("tbody", "tfoot", "thead"))
_FACTS = "facts"
"""Class of the list of version, data and software, which differ by nature and are compared by the ledger."""
_CELLS = frozenset(("td", "th"))
_WORD = re.compile(r"(\s*)(\S+)")
_END = re.compile(r"[.?!][\"'”’)\]]*$")
_NO_END = re.compile(r"^[(\[]?(e\.g|i\.e|vs|al|cf|approx|Figs?|Tabs?|Nos?|Dr|Prof|[A-Z])\.$")


@dataclass(frozen=True)
class Token:
    """A word, or a whole computed value, which has a key; `gap` tells whether a blank comes before."""

    text: str
    key: str = ""
    gap: bool = True


@dataclass(frozen=True)
class Paragraph:
    """One paragraph, heading, caption, list item or table row, and the heading it stands under."""

    tokens: tuple[Token, ...]
    section: str = ""
    kind: str = "text"

    @property
    def skeleton(self) -> tuple[str, ...]:
        """The words, with the key of each computed value in its place."""
        return tuple(f"\0{token.key}" if token.key else token.text for token in self.tokens)

    @property
    def text(self) -> str:
        """The paragraph as it is read."""
        return plain(self.tokens)


@dataclass(frozen=True)
class Page:
    """The paragraphs of a page, and the ledger that it carries (JSON), if any."""

    paragraphs: tuple[Paragraph, ...]
    ledger: str = ""


def read_page(html: str) -> Page:
    """Read the paragraphs of a page in their order; navigation, scripts and drawings are left out.

    Examples
    --------
    >>> read_page('<p>Of <span class="num" data-key="n">7</span>, few.</p>').paragraphs[0].text
    'Of 7, few.'
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.flush()
    return Page(tuple(reader.paragraphs), reader.ledger)


def plain(tokens: tuple[Token, ...]) -> str:
    """Join tokens as they are read."""
    return "".join((" " if token.gap else "") + token.text for token in tokens).strip()


def sentences(paragraph: Paragraph) -> tuple[tuple[Token, ...], ...]:
    """Cut a paragraph where a full stop, or the like, is followed by what may begin a sentence."""
    found: list[tuple[Token, ...]] = []
    start = 0
    tokens = paragraph.tokens
    for place, token in enumerate(tokens, start=1):
        last = place == len(tokens)
        if last or (_ends(token) and tokens[place].gap and _begins(tokens[place])):
            found.append(tokens[start:place])
            start = place
    return tuple(found)


def _ends(token: Token) -> bool:
    return not token.key and bool(_END.search(token.text)) and not _NO_END.match(token.text)


def _begins(token: Token) -> bool:
    return bool(token.key) or not token.text.lstrip("\"'“‘([")[:1].islower()


class _Reader(HTMLParser):
    """Goes through the page; a block begins and ends a paragraph, save within the row of a table."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[Paragraph] = []
        self.ledger = ""
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self._tokens: list[Token] = []
        self._blank = True
        self._section = ""
        self._value: list[str] | None = None
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS and not self._in_row():
            self.flush()
        if tag in _VOID:
            self._blank = self._blank or tag == "br"
            if self._value is not None and tag == "br":
                self._value.append(" ")
            return
        attributes = dict(attrs)
        self._open.append((tag, attributes))
        if tag in _CELLS:
            self._blank = True
            self._tokens += [Token("|")] if self._tokens else []
        if self._value is None and tag == "span" and "num" in _classes(attributes):
            self._value, self._depth = [], len(self._open)

    def handle_endtag(self, tag: str) -> None:
        if not any(name == tag for name, _ in self._open):
            return
        while True:
            name, attributes = self._open[-1]
            if self._value is not None and len(self._open) == self._depth:
                self._add_value(attributes.get("data-key") or "")
            if name in _BLOCKS and not (self._in_row() and name != "tr"):
                self.flush(name)
            self._open.pop()
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] == "script" and self._open[-1][1].get("id") == "numbers":
            self.ledger += data
        if self._silent():
            return
        if self._value is not None:
            self._value.append(data)
            return
        for blank, word in _WORD.findall(data):
            gap = bool(blank) or self._blank
            if gap or not self._tokens or self._tokens[-1].key:
                self._tokens.append(Token(word, gap=gap))
            else:  # one word, partly emphasised
                before = self._tokens[-1]
                self._tokens[-1] = Token(before.text + word, gap=before.gap)
            self._blank = False
        self._blank = data[-1:].isspace() or (self._blank and not data.strip())

    def _add_value(self, key: str) -> None:
        text = " ".join("".join(self._value or ()).split())
        if text and not self._silent():
            self._tokens.append(Token(text, key, self._blank))
            self._blank = False
        self._value = None

    def flush(self, tag: str = "") -> None:
        """End the paragraph under way."""
        tokens, self._tokens, self._blank = tuple(self._tokens), [], True
        if not any(token.text != "|" for token in tokens):
            return
        kind = "heading" if tag in _HEADINGS else "row" if tag == "tr" else "text"
        if kind == "heading":
            self._section = plain(tokens)
        self.paragraphs.append(Paragraph(tokens, self._section, kind))

    def _silent(self) -> bool:
        return any(name in _SILENT or _FACTS in _classes(attributes) for name, attributes in self._open)

    def _in_row(self) -> bool:
        return any(name == "tr" for name, _ in self._open)


def _classes(attributes: dict[str, str | None]) -> list[str]:
    return (attributes.get("class") or "").split()
