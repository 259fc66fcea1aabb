"""How long a manuscript is: the words of its page, references, tables, figures, keywords."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from report_helpers.publishing.checks.citation import cited_keys
from report_helpers.publishing.checks.reading.manuscript import Manuscript
from report_helpers.publishing.checks.reading.outline import ABSTRACT, Outline
from report_helpers.publishing.checks.reading.page_floats import page_floats
from report_helpers.publishing.pages import Paragraph

HOW_COUNTED = (
    "The main text is counted from the first numbered section to the discussion, computed values included;"
    " without abstract, headings, tables, captions, declarations, references and supplement."
)
_BACK = re.compile(
    r"(?:declarations?|references|bibliography|acknowledge?ments?|supplement\w*|appendix|appendices"
    r"|author contri.*|funding|data availability.*|competing interests?|conflicts? of interest)\b",
    re.IGNORECASE,
)
"""Sections of the first level that are not main text."""

_MAIN = ("tbl", "fig")
_KEYWORDS = re.compile(r"key ?words:", re.IGNORECASE)
_NUMBER = re.compile(r"^[\dA-Z]+(?:\.\d+)*\s+")
_WORD = re.compile(r"\w")


def counts(manuscript: Manuscript, outline: Outline, running_title: str) -> dict[str, int]:
    """Count what journals limit, by the names of `journals.COUNTED`.

    Words are those of the page; where there is no page, they are left out.
    """
    front = manuscript.source.front_matter
    title = str(front.get("title") or "")
    whole = [label for label in outline.floats() if label not in outline.parts]
    tables, figures = (sum(label.startswith(f"{kind}-") for label in whole) for kind in _MAIN)
    found = {
        "title-characters": len(title),
        "running-title-characters": len(running_title),
        "running-title-words": len(running_title.split()),
        "keywords": len(front.get("keywords") or ()),
    }
    if manuscript.paragraphs:
        found |= _words(manuscript, outline)
    return found | {
        "heading-levels": max((each.level for each in outline.headings), default=0),
        "references": len(cited_keys(outline)),
        "tables": tables,
        "figures": figures,
        "tables-and-figures": tables + figures,
    }


def _words(manuscript: Manuscript, outline: Outline) -> dict[str, int]:
    captions = {
        _bare(each.caption)
        for each in page_floats(manuscript.html, frozenset(outline.floats())).values()
        if each.caption
    }
    total = {"abstract-words": 0, "main-words": 0}
    for part, paragraph in _parts(manuscript, outline):
        text = paragraph.text
        if part in total and _bare(text) not in captions and not _KEYWORDS.match(text):
            total[part] += sum(bool(_WORD.search(word)) for word in text.split())
    return total


def _parts(manuscript: Manuscript, outline: Outline) -> Iterator[tuple[str, Paragraph]]:
    """Yield the paragraphs of text with the part of the manuscript that they belong to."""
    parts = {
        _bare(each.title): (
            "abstract-words"
            if each.title.casefold() == ABSTRACT
            else "main-words"
            if each.numbered and not _BACK.match(each.title)
            else ""
        )
        for each in outline.headings
        if each.level == 1
    }
    part = ""
    for paragraph in manuscript.paragraphs:
        if paragraph.kind == "heading":
            title = _bare(_NUMBER.sub("", paragraph.text))
            part = parts.get(_bare(paragraph.text), parts.get(title, part))
        elif paragraph.kind == "text":
            yield part, paragraph


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def told(found: Mapping[str, int], called: Mapping[str, str]) -> str:
    """Return counts in one line, such as ``410 words in the abstract, 37 references``."""
    return ", ".join(f"{found[name]:,} {said}" for name, said in called.items() if name in found)
