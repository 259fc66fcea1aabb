"""Marks that are not read as what they are meant to be: headings, attributes and cells.

A slip in a mark is no error of Markdown: it prints as text, and its label is missing elsewhere. Here the slip
itself is told, not only what comes of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from report_helpers.publishing.builtin.reading.cells import Text
from report_helpers.publishing.builtin.reading.lines import Fences, Line
from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.reading.manuscript import Manuscript
from report_helpers.publishing.checks.reading.outline import read_outline

CHECK = "misread"
_TIGHT = re.compile(r"^#{1,6}(?:\||(?=[^\W\d]))")
_HEADING = re.compile(r"^#{1,6}\s.*?(?P<about>\{[^{}]*\}?)\s*$")
_ABOUT = re.compile(r"(?:(?<=[\]`)\s])|^)(?P<about>\{(?:[#.]|[\w-]+=)[^{}]*\}?)")
_PART = r"(?:[#.][^\s{}\"'=#]+|-|[\w:-]+=(?:\"[^\"]*\"|'[^']*'|[^\s{}\"']+))"
_ATTRIBUTES = re.compile(rf"\{{\s*(?:{_PART}(?:\s+{_PART})*)?\s*\}}")
_CODE = re.compile(r"^\s*(?:`{3,}|~{3,})\s*\{?\s*\.?python\b", re.IGNORECASE)
_OF_RESULTS = re.compile(r"\b(?:r|tables|figures)\.[A-Za-z]\w*|\bclaim\(")


def misread(manuscript: Manuscript) -> Iterator[Finding]:
    """Find headings, lists of attributes and cells that are taken for text."""
    lines = read_outline(manuscript).lines
    for line, after in pairwise((*lines, Line("", "", 0))):
        if _TIGHT.match(line.text):
            yield _finding(line, line.text, "is no heading", "Put a blank after the last #.")
        else:
            yield from _attributes(line, after)
    for part in manuscript.parts:
        if isinstance(part, Text):
            yield from _not_run(part.lines)


def _attributes(line: Line, after: Line) -> Iterator[Finding]:
    """Find lists of attributes that are none; those of text may end in the line after."""
    heading = _HEADING.match(line.text)
    for found in [heading] if heading else _ABOUT.finditer(line.text):
        about = found["about"]
        if not about.endswith("}") and not heading:
            about += " " + after.text[: after.text.find("}") + 1]
        if not _ATTRIBUTES.fullmatch(about):
            remedy = 'Close it with }, and quote several words: {#sec-flow .strobe item="13a 13b"}.'
            yield _finding(line, found["about"], "is no list of attributes, and prints as typed", remedy)


def _not_run(lines: Iterable[Line]) -> Iterator[Finding]:
    """Find blocks of code that name the results, but are shown instead of run."""
    fences, opening = Fences(), None
    for line in lines:
        before = fences.open
        if not fences.inside(line.text):
            opening = None
        elif not before:
            opening = line if _CODE.match(line.text) else None
        elif opening and _OF_RESULTS.search(line.text):
            remedy = "Open it with ```{python}; to show such code on purpose, let it stand in study.yml."
            yield _finding(opening, opening.text, "opens code that is shown, not run", remedy)
            opening = None


def _finding(line: Line, quote: str, what: str, remedy: str) -> Finding:
    quote = " ".join(quote.split())
    return Finding(CHECK, f"“{quote}” {what}.", line.file, line.number, remedy, quote, line.text)
