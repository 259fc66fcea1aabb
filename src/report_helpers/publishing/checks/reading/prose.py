"""The prose of the sources, sentence by sentence, with all that is no prose blanked out.

A sentence keeps its length: where code, a citation, a link's address, an attribute, a formula, a comment or a
list's number stands, there are blanks instead, so that a place in it still tells file and line. A value that
is computed is the character `VALUE`, repeated.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from report_helpers.publishing.builtin.reading.cells import Cell
from report_helpers.publishing.builtin.reading.lines import Fences, Line
from report_helpers.publishing.checks.reading.manuscript import Manuscript

VALUE = "\ufffc"
"""Stands for every character of an expression that prints a computed value."""

_KEY = r"@\{?[A-Za-z_][\w:.#$%&+?<>~/-]*\w"
_CITATION = re.compile(_KEY)
_FLOAT = re.compile(r"@\{?(?:sup)?(?:sec|tbl|fig|eq|lst|thm|exm|exr|cor|lem|prp|def|sol|rem|alg)-")
_COMPUTED = re.compile(r"(?<!`)`\{python\}[ \t][^`]*`")
_NO_PROSE = re.compile(
    r"<!--.*?-->"  # comments
    r"|`+\{=\w+\}|(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)"  # code
    r"|\{\{<.*?>\}\}"  # shortcodes
    r"|\$\$.*?\$\$|(?<![\\$\w])\$(?=\S)[^$]*?(?<=\S)\$(?!\d)"  # formulas
    rf"|\[[^\]\[]*(?<!\w){_KEY}[^\]\[]*\]|(?<!\w)-?{_KEY}"  # citations and references
    r"|\]\([^()\s]*(?:\([^()]*\)[^()\s]*)?(?:\s+\"[^\"]*\")?\)"  # addresses of links
    r"|<https?:[^>]*>|https?://\S+|\bwww\.\S+|\bdoi:\s?\S+|\b10\.\d{4,}/\S+"  # bare addresses
    r"|</?\w+(?:\s[^<>]*)?/?>"  # HTML
    r"|\{[#.%=][^{}]*\}|\{[\w-]+=[^{}]*\}"  # attributes
    r"|\[\^[\w-]+\]:?",  # marks of footnotes
    re.DOTALL,
)
_MARKER = re.compile(r"^[ \t>]*(?:#+|[-*+]|\(?(?:\d+|[a-zA-Z]|#|@)[.)]|:::+.*|:(?=\s))(?=\s|$)", re.MULTILINE)
_END = re.compile(r"[.?!][\"'”’)\]*_]*(?=\s+(?P<next>\S))")
_NO_END = re.compile(r"(?:^|[\s(\[])(?:e\.g|i\.e|vs|al|cf|approx|Figs?|Tabs?|Nos?|Dr|Prof|[A-Z])\.$")
_CLAIM = re.compile(r"\b(?:claim|according_to)\(")
_STRING = re.compile(
    r"\b(?P<name>\w+)\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')|\"(?P<first>[^\"]*)\""
)
_IN_YAML = re.compile(
    r"^\s*(?:#\|\s*)?(?:-\s+)?(?P<name>title|subtitle|abstract|description|plain-language-summary|keywords"
    r"|(?:fig|tbl|lst)-(?:cap|subcap|scap|alt)|running-title|short-title)\s*:\s*(?P<value>.*)$"
)


@dataclass(frozen=True)
class Sentence:
    """One sentence of the sources.

    Attributes
    ----------
    text : str
        As typed, with blanks for what is no prose.
    typed : str
        As typed, of the same length.
    lines : tuple of Line
        The lines on which it stands.
    breaks : tuple of int
        Where each of the lines begins in `text`.
    section : tuple of str
        The headings above it, outermost first.
    opening : str
        How its paragraph begins: the bold or italic words that serve as a heading, or nothing.
    kind : str
        ``text``, ``heading``, ``option`` (front matter and options of cells) or ``claim`` (words of a claim).
    """

    text: str
    typed: str
    lines: tuple[Line, ...]
    breaks: tuple[int, ...]
    section: tuple[str, ...] = ()
    opening: str = ""
    kind: str = "text"

    def line_at(self, place: int) -> Line:
        """Return the line on which a place of the text stands."""
        return self.lines[max(0, bisect_right(self.breaks, place) - 1)]

    @property
    def citations(self) -> tuple[str, ...]:
        """The keys of the works that the sentence cites."""
        found = (match[0] for match in _CITATION.finditer(self.typed) if not _FLOAT.match(match[0]))
        return tuple(key.lstrip("@{") for key in found)


def sentences(manuscript: Manuscript) -> Iterator[Sentence]:
    """Return every sentence that an author typed, those of front matter and captions too, in order."""
    yield from _of_options(manuscript.source.head)
    section: list[tuple[int, str]] = []
    for part in manuscript.parts:
        if isinstance(part, Cell):
            yield from _of_options(part.lines[: part.first])
            continue
        for block in _blocks(part.lines):
            head = re.match(r"(#{1,6})\s+(.*)", block[0].text)
            if head:
                words = _blank(head[2])[0].strip()
                section = [each for each in section if each[0] < len(head[1])] + [(len(head[1]), words)]
            names = tuple(name for _, name in section)
            yield from _of_block(block, names, "heading" if head else "text")


def _blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Cut text into paragraphs, headings and rows; code blocks and raw blocks are left out."""
    fences, block, formula, comment = Fences(), list[Line](), False, False
    for line in lines:
        bare = line.text.strip()
        shown = not fences.inside(line.text)
        if comment or formula:
            comment = comment and "-->" not in bare
            formula = formula and "$$" not in bare
            continue
        comment = bare.startswith("<!--") and "-->" not in bare
        formula = bare.startswith("$$") and "$$" not in bare[2:]
        apart = bare.startswith(("#", ":::", "|", "+-", "+="))
        own = not shown or comment or formula or not bare or apart
        if own or re.match(r"\s*(?:[-*+]|\(?\d+[.)])\s|\[\^[\w-]+\]:", line.text):
            if block:
                yield block
            block = []
        if not own:
            block.append(line)
        elif apart and shown and not bare.startswith((":::", "+")):
            yield [line]
    if block:
        yield block


def _of_block(block: Sequence[Line], section: tuple[str, ...], kind: str) -> Iterator[Sentence]:
    typed = "\n".join(line.text for line in block)
    text, claims = _blank(typed)
    starts = [0]
    for line in block[:-1]:
        starts.append(starts[-1] + len(line.text) + 1)
    lead = re.match(r"\s*(\*\*?|__?)(?P<words>[^*_]+)\1", typed)
    opening = lead["words"].strip(" .:") if lead else ""
    for start, stop in _ranges(text):
        yield _cut(block, starts, text[start:stop], typed[start:stop], start, section, opening, kind)
    for start, stop in claims:
        words = typed[start:stop]
        yield _cut(block, starts, words, words, start, section, opening, "claim")


def _cut(
    block: Sequence[Line],
    starts: Sequence[int],
    text: str,
    typed: str,
    start: int,
    section: tuple[str, ...],
    opening: str,
    kind: str,
) -> Sentence:
    first = bisect_right(starts, start) - 1
    last = bisect_right(starts, start + max(0, len(text) - 1))
    breaks = tuple(place - start for place in starts[first:last])
    return Sentence(text, typed, tuple(block[first:last]), breaks, section, opening, kind)


def _blank(typed: str) -> tuple[str, list[tuple[int, int]]]:
    """Blank out what is no prose; also return where the words of claims stand."""
    claims = []

    def value(match: re.Match[str]) -> str:
        if _CLAIM.search(match[0]):
            for found in _STRING.finditer(match[0]):
                group = next(name for name in ("double", "single", "first") if found[name] is not None)
                if found["name"] != "when":
                    claims.append((match.start() + found.start(group), match.start() + found.end(group)))
        return re.sub(r"[^\n]", VALUE, match[0])

    def blanks(match: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", match[0])

    text = _COMPUTED.sub(value, typed)
    return _MARKER.sub(blanks, _NO_PROSE.sub(blanks, text)), claims


def _ranges(text: str) -> Iterator[tuple[int, int]]:
    """Return where each sentence begins and ends."""
    start = 0
    for end in _END.finditer(text):
        if _NO_END.search(text[start : end.start() + 1]) or end["next"].islower():
            continue
        yield start, end.end()
        start = end.end() + len(text[end.end() :]) - len(text[end.end() :].lstrip())
    if text[start:].strip():
        yield start, len(text)


def _of_options(lines: Sequence[Line]) -> Iterator[Sentence]:
    """Return the values of front matter and of cell options that readers see."""
    inside = None
    for line in lines:
        depth = len(line.text) - len(line.text.removeprefix("#|").lstrip())
        found = _IN_YAML.match(line.text)
        if found:
            inside = depth
            start = found.start("value")
        elif inside is not None and line.text.strip() and depth > inside:
            start = 0  # goes on from the line above
        else:
            inside = None
            continue
        if line.text[start:].strip(" |>\"'-#"):
            shown = Line(" " * start + line.text[start:].replace("#|", "  "), line.file, line.number)
            yield from _of_block([shown], (), "option")
