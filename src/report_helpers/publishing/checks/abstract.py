"""Every number of the abstract stands in the methods or results, too; a computed one under the same key.

An abstract is the part that most readers read; a number that is in it alone, or differs from the results, has
no source in the paper.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.reading.digits import LEVEL, Number, numbers, without_levels
from report_helpers.publishing.checks.reading.manuscript import Manuscript, context_of
from report_helpers.publishing.checks.reading.passages import NOWHERE
from report_helpers.publishing.pages import Paragraph

NAME = "abstract"
_ABSTRACT = re.compile(r"^abstract\b", re.IGNORECASE)
_SOURCES = re.compile(r"\b(?:methods?|results?|findings)\b", re.IGNORECASE)
_NUMBERED = re.compile(r"^[\d.]+ ")
_HEADING = re.compile(r"^# +(?P<title>[^{]*?)\s*(?:\{.*)?$")
_FACTS = "facts"
"""Keys of what the authors know begin so: the number of a grant stands in no result."""
_REMEDY = "Print it in the results from the same value, or take it out of the abstract."


def abstracts(manuscript: Manuscript) -> Iterator[Finding]:
    """Find numbers of the abstract that the methods and results do not have."""
    parts = _parts(manuscript)
    abstract = [each for title, each in parts if _ABSTRACT.match(title)]
    body = [each for title, each in parts if not _ABSTRACT.match(title) and _SOURCES.search(title)]
    if not abstract or not body:
        return
    by_key: dict[str, set[Number]] = defaultdict(set)
    everywhere = set()
    for paragraph in body:
        everywhere |= {_plain(each) for each in numbers(paragraph.text)}
        for token in paragraph.tokens:
            if token.key:
                by_key[token.key] |= set(_of(token.text))
    for paragraph in abstract:
        for at, token in enumerate(paragraph.tokens):
            if token.key.partition(".")[0] == _FACTS:
                continue
            known = {_plain(each) for each in by_key[token.key]} if by_key.get(token.key) else everywhere
            lacking = [each.text for each in _of(_whole(paragraph, at)) if _plain(each) not in known]
            if not lacking:
                continue
            printed = sorted(by_key.get(token.key, ()), key=lambda each: each.value)
            instead = _listed([each.text for each in printed])
            what = f"The abstract has {_listed(lacking)}, the results "
            what += f"print {instead} ({token.key})." if instead else "do not."
            line = manuscript.place(paragraph, at) or NOWHERE
            context = context_of(paragraph, at)
            yield Finding(NAME, what, line.file, line.number, _REMEDY, token.text, context)


def _parts(manuscript: Manuscript) -> list[tuple[str, Paragraph]]:
    """Return each paragraph with the title of the first level that it stands under."""
    titles = {found["title"] for line in manuscript.prose if (found := _HEADING.match(line.text))}
    parts, title = [], ""
    for paragraph in manuscript.paragraphs:
        if paragraph.kind == "heading":
            name = _NUMBERED.sub("", paragraph.text)
            title = name if name in titles else title
        else:
            parts.append((title, paragraph))
    return parts


def _whole(paragraph: Paragraph, at: int) -> str:
    """Return a word; a level of intervals with what shows that it is one: ``95% confidence intervals``."""
    token = paragraph.tokens[at]
    if token.key or "%" not in token.text:
        return token.text
    told = " ".join(each.text for each in paragraph.tokens[at : at + 3] if not each.key)
    return told if LEVEL.match(told) else token.text


def _of(text: str) -> tuple[Number, ...]:
    return numbers(without_levels(text))


def _plain(each: Number) -> str:
    """Return a number as it is compared: the digits, with one kind of minus sign."""
    return f"{each.bound}{each.value}"


def _listed(found: list[str]) -> str:
    return ", ".join(dict.fromkeys(found))
