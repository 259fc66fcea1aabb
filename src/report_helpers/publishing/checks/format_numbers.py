"""Whether the other formats print the numbers of the page: paragraph by paragraph, whatever the layout.

Blanks, line ends and hyphens differ between formats by nature, and so do running heads and the places of
captions and notes. So each paragraph of the page is looked for without them; one that is not found is laid
beside what is left over and looks most like it, and only its numbers are compared.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from report_helpers.publishing.checks.reading.digits import MINUS, numbers
from report_helpers.publishing.checks.reading.manuscript import Manuscript
from report_helpers.publishing.checks.reading.page_parts import Row
from report_helpers.publishing.checks.reading.passages import parts_of
from report_helpers.publishing.checks.reading.texts import PAGE_END
from report_helpers.publishing.pages import Paragraph, read_page

_RUN = 6
"""Letters in a row by which what is left over is likened to a paragraph."""
_EDGE = 4
"""Lines at the top and the bottom of a page that may be its running head and foot."""
_REFERENCES = re.compile(r"^:{3,}\s*\{[^}]*#refs\b")
_HEADING = re.compile(r"^#+ +(?P<title>[^{]*?)\s*(?:\{.*)?$")
_NUMBERED = re.compile(r"^[\d.]+ ")
_WORD = re.compile(rf"[<>]?(?:(?<![\w)%])[{MINUS}])?(?P<number>\d[\d,]*(?:\.\d+)?)|[^\W\d]+")
_ONE_MINUS = str.maketrans(dict.fromkeys(MINUS, "-"))
_FORMULA = re.compile(r"<math\b.*?</math>|<span class=\"math\b[^>]*>.*?</span>", re.DOTALL)
_DIGIT = re.compile(r"\d")
_EMPTY_CELL = "\u2014\u2015"
_GONE = "\0"

Difference = tuple[Paragraph, int, str]
"""Paragraph of the page, number of the token in it, and what differs, in words."""


@dataclass(frozen=True)
class _Text:
    """A text without blanks, each character with its place in the whole."""

    raw: str
    squeezed: str
    places: Sequence[int]

    def without_gaps(self, squeezed: str) -> _Text:
        """Return what is left where a part has been marked as gone."""
        kept = [at for at, sign in enumerate(squeezed) if sign != _GONE]
        return _Text(self.raw, "".join(squeezed[at] for at in kept), [self.places[at] for at in kept])

    def read(self, start: int, end: int) -> str:
        """Return a part of it with its blanks again."""
        places = self.places[start:end]
        pairs = zip(places, [-1, *places], strict=False)
        return "".join(
            self.raw[place] if place == before + 1 else f" {self.raw[place]}" for place, before in pairs
        )


def differing(manuscript: Manuscript) -> Iterator[tuple[str, Difference]]:
    """Go through the numbers of the page that another format, named first, lacks or prints otherwise."""
    wanted = list(_of_interest(manuscript))
    whole = {id(kept): each for each, kept in wanted}
    for name, text in manuscript.texts.items():
        if name != "html":
            for kept, at, what in compared([kept for _, kept in wanted], text):
                yield name, (whole[id(kept)], at, what)


def compared(paragraphs: Sequence[Paragraph], text: str) -> Iterator[Difference]:
    r"""Go through the numbers of paragraphs that a text lacks or has otherwise.

    Examples
    --------
    >>> from report_helpers.publishing.pages import read_page
    >>> page = read_page("<p>Of 42 patients, 7 (17%) were left.</p><p>Nobody was 9.</p>")
    >>> text = "Nobody was 9. Of 42 pa-\ntients, 8 (17%) were left."
    >>> [what for _, _, what in compared(page.paragraphs, text)]
    ['8 stands where the web page has 7.']
    """
    left = _squeezed(_without_heads(text))
    wanted = [(each, _squeezed(each.text.replace("|", " ")).squeezed) for each in paragraphs]
    # Twice: a paragraph that a table or the end of a page parts is one when these are gone.
    wanted, marked = _taken(wanted, left.squeezed)
    left = left.without_gaps(marked)
    wanted, marked = _taken(wanted, left.squeezed)
    rest = [
        _Rest(_letters(found[0]), _words(left.read(found.start(), found.end())))
        for found in re.finditer(rf"[^{_GONE}]+", marked)
    ]
    for each, squeezed in wanted:
        letters = _letters(squeezed)
        alike = max(
            rest, key=lambda one: (len(one.letters & letters), -len(one.words)), default=_Rest(set(), [])
        )
        yield from alike.beside(each)


def _of_interest(manuscript: Manuscript) -> Iterator[tuple[Paragraph, Paragraph]]:
    """Go through the paragraphs with numbers, each with what of it every format has.

    Title block and references are left out, which formats lay out; so are numbers of pages and of formulas.
    """
    begun, references, titles = False, "", set()
    for line in manuscript.prose:
        if heading := _HEADING.match(line.text):
            titles.add(title := heading["title"])
        elif _REFERENCES.match(line.text) and titles:
            references = title
    rows = iter(parts_of(manuscript.html).rows)
    for each, plain in zip(manuscript.paragraphs, _without_formulas(manuscript), strict=True):
        row = next(rows, None) if each.kind == "row" else None
        if each.kind == "heading":
            begun = begun or _NUMBERED.sub("", each.text) in titles
        elif begun and each.section != references:
            kept = _without_page(plain, row) if row else plain
            if numbers(kept.text):
                yield each, kept


def _without_formulas(manuscript: Manuscript) -> Sequence[Paragraph]:
    """Return the paragraphs without the digits of formulas, which each format sets in its own way."""
    html, formulas = _FORMULA.subn(lambda found: _DIGIT.sub("#", found[0]), manuscript.html)
    paragraphs = read_page(html).paragraphs if formulas else ()
    return paragraphs if len(paragraphs) == len(manuscript.paragraphs) else manuscript.paragraphs


def _without_page(paragraph: Paragraph, row: Row) -> Paragraph:
    """Leave out the last cell of a row where the column tells the page, which no two formats have alike."""
    if "Page" not in row.above(row.cells[-1]):
        return paragraph
    last = max((at for at, token in enumerate(paragraph.tokens) if token.text == "|"), default=0)
    return replace(paragraph, tokens=paragraph.tokens[:last])


def _taken(wanted: list[tuple[Paragraph, str]], text: str) -> tuple[list[tuple[Paragraph, str]], str]:
    """Mark as gone what is found, and return what is not; the longest first, as one may hold another."""
    found = set[int]()
    for place, (_, squeezed) in sorted(enumerate(wanted), key=lambda each: -len(each[1][1])):
        at = text.find(squeezed)
        if at >= 0:
            text = text[:at] + _GONE * len(squeezed) + text[at + len(squeezed) :]
            found.add(place)
    return [each for place, each in enumerate(wanted) if place not in found], text


class _Rest:
    """What is left over of a text in one place: the runs of letters in it, and its words."""

    def __init__(self, letters: set[str], words: list[re.Match[str]]) -> None:
        self.letters, self.words = letters, words
        self._pairs = SequenceMatcher(None, (), list(map(_even, words)), autojunk=False)

    def beside(self, paragraph: Paragraph) -> Iterator[Difference]:
        """Lay a paragraph beside it, and go through its numbers that have no counterpart here."""
        words = [(found, at) for at, token in enumerate(paragraph.tokens) for found in _words(token.text)]
        self._pairs.set_seq1([_even(found) for found, _ in words])
        for kind, start, end, other, other_end in self._pairs.get_opcodes():
            if kind == "equal":
                continue
            lacking = [(found[0], at) for found, at in words[start:end] if found["number"]]
            instead = [found[0] for found in self.words[other:other_end] if found["number"]]
            if len(instead) == len(lacking):
                told = [
                    f"{one} stands where the web page has {word}."
                    for one, (word, _) in zip(instead, lacking, strict=True)
                ]
            else:
                told = [f"{word} is missing, which the web page has." for word, _ in lacking]
            yield from ((paragraph, at, what) for (_, at), what in zip(lacking, told, strict=True))


def _words(text: str) -> list[re.Match[str]]:
    return list(_WORD.finditer(unicodedata.normalize("NFKC", text)))


def _even(found: re.Match[str]) -> str:
    """Return a word or number with one kind of minus sign."""
    return found[0].translate(_ONE_MINUS)


def _letters(squeezed: str) -> set[str]:
    """Return the runs of letters of a text, digits left out, by which two texts are likened."""
    letters = re.sub(r"[\d\W]+", "", squeezed)
    return {letters[at : at + _RUN] for at in range(max(1, len(letters) - _RUN + 1))}


def _without_heads(text: str) -> str:
    """Leave out the running heads and feet of a PDF: what most pages begin or end with."""
    pages = [page.splitlines() for page in text.split(PAGE_END)]
    often = Counter(
        mask for page in pages for mask in {_masked(line) for line in (*page[:_EDGE], *page[-_EDGE:])}
    )
    running = {mask for mask, times in often.items() if times > max(1, len(pages) // 2)}
    return "\n".join(
        line
        for page in pages
        for place, line in enumerate(page)
        if _EDGE <= place < len(page) - _EDGE or _masked(line) not in running
    )


def _masked(line: str) -> str:
    return re.sub(r"\d+", "#", line).strip()


def _squeezed(raw: str) -> _Text:
    """Leave out blanks, and hyphens that no digit follows, such as those at the end of a line."""
    kept, places = [], []
    for place, sign in enumerate(raw):
        for each in sign if sign.isascii() else unicodedata.normalize("NFKC", sign):
            if each.isspace() or each in _EMPTY_CELL or each == "\u00ad":
                continue
            if each in MINUS and not raw[place + 1 : place + 9].lstrip()[:1].isdigit():
                continue
            kept.append("-" if each in MINUS else each)
            places.append(place)
    return _Text(raw, "".join(kept), places)
