"""Sections and links: levels in steps, nothing empty or twice, the journal's abstract, links that lead."""

from __future__ import annotations

import re
from collections.abc import Iterator

from report_helpers.publishing.builtin.errors import did_you_mean
from report_helpers.publishing.builtin.reading.lines import Line
from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.journals import known_journals, read_journal
from report_helpers.publishing.checks.reading.manuscript import Manuscript
from report_helpers.publishing.checks.reading.outline import ABSTRACT, Heading, Outline, read_outline

_CHECK = "section"
_LINK = re.compile(
    r"\]\(\s*<?(?P<to>[^()<>]*?)>?\s*\)|<(?P<auto>https?://[^>\n]*)>"
    r"|^\s{0,3}\[[^\]@^]+\]:\s*<?(?P<given>\S+?)>?(?=\s|$)"
)
_TITLED = re.compile(r"^(?P<to>\S*)\s+[\"'].*[\"']$")
_IDENTIFIER = re.compile(r"\bid=\"([^\"]+)\"")
_RUN_IN = re.compile(r"^(?:#{1,6}\s+(?P<heading>.+?)(?:\s*\{.*)?|\*\*(?P<bold>[^*]+?)[.:]?\*\*[.:]?.*)$")


def section(manuscript: Manuscript) -> Iterator[Finding]:
    """Find headings out of step, empty or repeated sections, and links and references that lead nowhere."""
    outline = read_outline(manuscript)
    yield from _steps(outline)
    yield from _empty(outline)
    yield from _repeated(outline)
    yield from _cited(outline)
    yield from _links(outline, manuscript.html)
    yield from _abstract(outline, manuscript.journal)


def _steps(outline: Outline) -> Iterator[Finding]:
    above = min((each.level for each in outline.headings), default=1) - 1
    for each in outline.headings:
        if each.level > above + 1:
            before = f"a heading of level {above}" if above else "no heading above it"
            what = f"“{each.title}” is a heading of level {each.level}, after {before}."
            yield _at(each, what, f"Write it with {'#' * (above + 1)}, or add the heading between.")
        above = each.level


def _empty(outline: Outline) -> Iterator[Finding]:
    for each in outline.empty:
        yield _at(each, f"Nothing stands under “{each.title}”.", "Write the section, or take it out.")


def _repeated(outline: Outline) -> Iterator[Finding]:
    """Find sections that have the title of an earlier one beside them."""
    path: list[str] = []
    seen: dict[tuple[str, ...], Heading] = {}
    for each in outline.headings:
        path = [*path[: each.level - 1], each.title.casefold()]
        earlier = seen.setdefault(tuple(path), each)
        if earlier is not each:
            place = f"{earlier.line.file}, line {earlier.line.number}"
            what = f"“{each.title}” is there already beside it ({place})."
            yield _at(each, what, "Give it a title of its own, or join the two.")


def _cited(outline: Outline) -> Iterator[Finding]:
    """Find citations of sections that are not there, or have no number to be cited by."""
    sections = {each.label: each for each in outline.headings}
    formats = outline.settings.get("format")
    options = [outline.settings, *(formats.values() if isinstance(formats, dict) else ())]
    numbered = any(isinstance(each, dict) and each.get("number-sections") for each in options)
    for each in outline.mentions:
        label = each.key[:1].lower() + each.key[1:]
        if not label.startswith("sec-"):
            continue
        if label not in sections and label in outline.labels:
            continue  # a heading underlined, or made by code
        if label not in sections:
            remedy = did_you_mean(label, sections) or "Correct the label, or take it out."
            yield _here(each.line, f"@{each.key} is cited, but no section has that label.", remedy, each.key)
        elif not (sections[label].numbered and numbered):
            what = f"@{each.key} cites a section without a number."
            remedy = f"Link to it by words, [text](#{label}), or number it."
            yield _here(each.line, what, remedy, each.key)


def _links(outline: Outline, html: str) -> Iterator[Finding]:
    known = {*outline.identifiers, *_IDENTIFIER.findall(html)}
    for line in outline.lines:
        for found in _LINK.finditer(line.text):
            to = found["auto"] or found["given"] or found["to"] or ""
            titled = _TITLED.match(to)
            to = titled["to"] if titled else to
            # Without a page nothing tells what code and filters give a name to.
            if html and to.startswith("#") and to[1:] not in known:
                remedy = did_you_mean(to[1:], known) or "Correct it, or take the link out."
                yield _here(line, f"The link {to} leads nowhere.", remedy, to)
            elif re.match(r"https?:", to) and re.search(r"\s", to):
                yield _here(
                    line, f"The address {to} has a blank in it.", "Write %20 for it, or remove it.", to
                )
            elif to.startswith("http:"):
                yield _here(line, f"The address {to} is not secure.", "Write https, if the site has it.", to)


def _abstract(outline: Outline, name: str) -> Iterator[Finding]:
    """Find headings that the journal wants in an abstract and that it has not."""
    top = next((each for each in outline.headings if each.title.casefold() == ABSTRACT), None)
    if top is None or name not in known_journals():
        return
    journal = read_journal(name)
    have = [_plain(each) for each in _run_in_headings(outline.lines, top)]
    place = (top.line.file, top.line.number)
    if have and journal.headings_source and not journal.abstract_headings:
        what = f"The abstract has headings; {journal.name} wants none ({journal.headings_source})."
        yield Finding(_CHECK, what, *place, "Write it as one paragraph.", "The abstract has headings", what)
    for wanted in journal.abstract_headings:
        if _plain(wanted) not in have:
            what = f"The abstract has no “{wanted}”, as {journal.name} wants it ({journal.headings_source})."
            remedy = f"Begin a paragraph of it with **{wanted}.**"
            yield Finding(_CHECK, what, *place, remedy, wanted, wanted)


def _run_in_headings(lines: tuple[Line, ...], top: Heading) -> Iterator[str]:
    inside = False
    for line in lines:
        here = (line.file, line.number) == (top.line.file, top.line.number)
        if inside and not here and re.match(r"#\s", line.text):
            return
        inside = inside or here
        if inside and not here and (found := _RUN_IN.match(line.text)):
            yield found["heading"] or found["bold"]


def _plain(title: str) -> str:
    return " ".join(re.sub(r"[^\w\s/]", " ", title.casefold()).split())


def _at(heading: Heading, what: str, remedy: str) -> Finding:
    return _here(heading.line, what, remedy, heading.title)


def _here(line: Line, what: str, remedy: str, quote: str) -> Finding:
    return Finding(_CHECK, what, line.file, line.number, remedy, quote, line.text)
