"""Abbreviations are defined once, where they are first used, and used again: as journals ask.

The abstract stands alone, and so do the main text and every table or figure with its caption and notes. An
abbreviation has two capitals or more (RIF, NK, hCG); a name with digits (CD56, Th1) is none. It is defined as
in “recurrent implantation failure (RIF)”, “RIF (recurrent implantation failure)” or, in captions and notes,
“RIF, recurrent implantation failure”. `KNOWN` needs no definition; what else is known to the readers of a
journal is named in ``study.yml``, under ``checks: exceptions: abbreviation:``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.reading.manuscript import Manuscript, token_at
from report_helpers.publishing.pages import Paragraph

CHECK = "abbreviation"
_GENERAL = "AIDS CSV DNA DOI EU HIV HTML ID ISO IU JSON ORCID PCR PDF RNA SHA UK UN URL USA WHO XML"
_GUIDELINES = "CONSORT PRISMA RECORD SAMPL STARD STROBE TRIPOD"
_NOTES = "FIXME TBC TBD TODO XXX"  # to the authors, which are leftovers
KNOWN = frozenset(f"{_GENERAL} {_GUIDELINES} {_NOTES}".split())
"""Abbreviations that journals take without a definition."""

_USED = re.compile(r"(?<![A-Za-z0-9.])(?P<short>[a-z]?[A-Z]{2,})s?(?![A-Za-z0-9])(?!-?\d)")
_NO_WORDS = re.compile(r"<{7} \S+|\[(?:CHECK|VERIFY|CONFIRM|UPDATE|ASK|[Cc]omment|[Qq]uery)\b[^\]\n]*\]")
"""Marks of git and notes to the authors, which are leftovers."""
_ROMAN = re.compile(r"[IVXL]+")
_AFTER = re.compile(r"\((?P<short>[a-z]?[A-Z][A-Za-z]*[A-Za-z])s?[,;)]")
_BEFORE = re.compile(r"(?<![A-Za-z0-9])(?P<short>[a-z]?[A-Z]{2,})s?\s\((?P<long>[a-zA-Z][^()]{5,80})\)")
_NOTED = re.compile(r"(?:^|[.;:]\s)(?P<short>[a-z]?[A-Z][A-Za-z]*),\s(?P<long>[A-Za-z][^.;]*)")
_CAPTION = re.compile(r"^(?:Supplementary )?(?:Table|Figure) [\w.]+:")
_LEFT_OUT = re.compile(r"^(?:References|Bibliography)\b|^[\d.]* ?(?:References|Bibliography)$")
_ABSTRACT = re.compile(r"^[\d.]* ?Abstract$", re.IGNORECASE)
_TABLE = "this table"
_FIGURE = "this figure"
"""Of which only the caption can be read: what it defines may be drawn."""


@dataclass(frozen=True)
class _Part:
    """A part of the page in which abbreviations have to be defined."""

    name: str
    paragraphs: tuple[Paragraph, ...]


def abbreviations(manuscript: Manuscript) -> Iterator[Finding]:
    """Find abbreviations that are not defined, defined late, twice or for nothing."""
    for part in _parts(manuscript.paragraphs):
        yield from _in_part(part, manuscript)


def _parts(paragraphs: Sequence[Paragraph]) -> Iterator[_Part]:
    """Return the abstract, the main text, and every table or figure with its caption and notes."""
    start = next((i for i, each in enumerate(paragraphs) if _ABSTRACT.match(each.section)), None)
    read = [
        each
        for each in paragraphs[start or 0 :]
        if not _LEFT_OUT.match(each.section) and not each.text.startswith("Keywords:")
    ]
    abstract = [each for each in read if _ABSTRACT.match(each.section)]
    rest = [each for each in read if not _ABSTRACT.match(each.section)]
    yield _Part("the abstract", tuple(abstract))
    yield _Part("the main text", tuple(each for each in rest if not _is_float(each)))
    for is_float, run in groupby(rest, _is_float):
        if is_float:
            yield from _floats(list(run))


def _is_float(paragraph: Paragraph) -> bool:
    return paragraph.kind == "row" or bool(_CAPTION.match(paragraph.text))


def _floats(run: list[Paragraph]) -> Iterator[_Part]:
    """Cut neighbouring tables and figures where a caption begins."""
    starts = [i for i, each in enumerate(run) if i and _CAPTION.match(each.text)]
    for start, end in zip([0, *starts], [*starts, len(run)], strict=True):
        name = _TABLE if any(each.kind == "row" for each in run[start:end]) else _FIGURE
        yield _Part(name, tuple(run[start:end]))


def _in_part(part: _Part, manuscript: Manuscript) -> Iterator[Finding]:
    used: dict[str, list[tuple[int, int]]] = {}
    defined: dict[str, list[tuple[int, int]]] = {}
    for place, paragraph in enumerate(part.paragraphs):
        text = _NO_WORDS.sub(lambda found: " " * len(found[0]), paragraph.text)
        for short, at in _definitions(text, noted=part.name in (_TABLE, _FIGURE)):
            defined.setdefault(short, []).append((place, at))
        for found in _USED.finditer(text):
            if found["short"] not in KNOWN and not _ROMAN.fullmatch(found["short"]):
                used.setdefault(found["short"], []).append((place, found.start("short")))
    for short in defined:  # also those with one capital, such as Th
        again = re.compile(rf"(?<![A-Za-z]){short}s?(?![A-Za-z])")
        used[short] = [
            (place, found.start())
            for place, paragraph in enumerate(part.paragraphs)
            for found in again.finditer(paragraph.text)
        ]
    for short, uses in used.items():
        places = defined.get(short, [])
        prints = part.name == _FIGURE or any(
            token.key for place, _ in places[:1] for token in part.paragraphs[place].tokens
        )
        for (place, at), what, remedy in _faults(short, uses, places, part.name, prints=prints):
            yield _finding(manuscript, part.paragraphs[place], at, short, what, remedy)


def _faults(
    short: str, uses: list[tuple[int, int]], defined: list[tuple[int, int]], where: str, *, prints: bool
) -> Iterator[tuple[tuple[int, int], str, str]]:
    notes = where in (_TABLE, _FIGURE)
    if not defined:
        what = f"{short} is used in {where} and never defined there."
        yield uses[0], what, _NOTE.format(short) if notes else _DEFINE.format(short)
        return
    if not notes and uses[0] < defined[0]:  # notes stand below what they explain
        what = f"{short} is used in {where} before it is defined there."
        yield uses[0], what, f"Define it here, and take the definition out below: words ({short})."
    for again in defined[1:]:
        yield again, f"{short} is defined a second time in {where}.", "Write the abbreviation alone."
    if len(uses) == len(defined) and not prints:  # a value, or a drawing, may print it for other data
        what = f"{short} is defined in {where} and not used there again."
        yield (
            defined[0],
            what,
            "Take the abbreviation out, and leave the words." if not notes else "Take it out.",
        )


_DEFINE = "Write it out, with the abbreviation behind it in parentheses: words ({})."
_NOTE = "Explain it in the notes or the caption: {}, words."


def _definitions(text: str, *, noted: bool) -> Iterator[tuple[str, int]]:
    for found in _AFTER.finditer(text):
        if _spells(found["short"], text[: found.start()]):
            yield found["short"], found.start("short")
    for found in _BEFORE.finditer(text):
        if _spells(found["short"], found["long"]):
            yield found["short"], found.start("short")
    if noted:
        for found in _NOTED.finditer(text):
            if _spells(found["short"], found["long"]):
                yield found["short"], found.start("short")


def _spells(short: str, words: str) -> bool:
    """Return whether the last of the words have the letters of an abbreviation in their order.

    Examples
    --------
    >>> _spells("RIF", "called recurrent implantation failure "), _spells("RIF", "the risk is")
    (True, False)
    """
    said = [word for word in re.findall(r"[\w']+", words.lower()) if word.rstrip("s") != short.lower()]
    last = " ".join(said[-(len(short) + 4) :])
    letters = r"\w*?[\w ]*?".join(re.escape(letter) for letter in short.lower())
    return bool(re.search(rf"\b{letters}", last))


def _finding(
    manuscript: Manuscript, paragraph: Paragraph, at: int, short: str, what: str, remedy: str
) -> Finding:
    exact = manuscript.only_line(short) if paragraph.kind != "row" else None
    line = exact or manuscript.place(paragraph, token_at(paragraph, at))
    file, number = (line.file, line.number) if line else ("", 0)
    return Finding(CHECK, what, file, number, remedy, short, paragraph.text)
