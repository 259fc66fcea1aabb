"""The limits of the journal that the manuscript is meant for; without one, only what is counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from report_helpers.publishing.builtin.errors import did_you_mean
from report_helpers.publishing.checks.counts import HOW_COUNTED, counts, told
from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.journals import COUNTED, Journal, Limit, known_journals, read_journal
from report_helpers.publishing.checks.reading.manuscript import MAIN, Manuscript
from report_helpers.publishing.checks.reading.outline import ABSTRACT, Outline, read_outline
from report_helpers.study.definition import load_study

_CHECK = "journal"
_STUDY = "study.yml"
_SETTINGS = "_quarto.yml"


def journal(manuscript: Manuscript) -> Iterator[Finding]:
    """Find what is longer, or shorter, than the journal allows; tell all counts for information."""
    outline = read_outline(manuscript)
    found = counts(manuscript, outline, load_study(manuscript.root / _STUDY).short_title)
    yield Finding(_CHECK, f"{told(found, COUNTED)}.", remedy=HOW_COUNTED, note=True)
    name = manuscript.journal
    if not name:
        return
    if name not in known_journals():
        what = f"The limits of the journal {name} are not known."
        remedy = did_you_mean(name, known_journals()) or f"Known are {', '.join(known_journals())}; or null."
        yield _in_file(manuscript, _STUDY, rf"^\s*journal:\s*[\"']?{re.escape(name)}", what, remedy, name)
        return
    chosen = read_journal(name)
    for key, limit in chosen.limits.items():
        if key in found:
            yield from _beyond(manuscript, outline, chosen, key, limit, found[key])
    yield from _style(manuscript, outline, chosen)
    if chosen.unknown:
        what = (
            f"Not checked: nothing was compared with the limits of {chosen.name} for "
            f"{', '.join(chosen.unknown)}; no source could be read. Read its instructions to authors."
        )
        yield Finding(_CHECK, what, note=True)


def _beyond(
    manuscript: Manuscript, outline: Outline, chosen: Journal, key: str, limit: Limit, count: int
) -> Iterator[Finding]:
    said = COUNTED[key]
    if limit.most is not None and count > limit.most:
        bound, far = f"at most {limit.most:,}", f"{count - limit.most:,} too many"
    elif limit.least is not None and count < limit.least:
        bound, far = f"at least {limit.least:,}", f"{limit.least - count:,} too few"
    else:
        return
    what = f"{count:,} {said}: {chosen.name} takes {bound} ({limit.source})."
    remedy = f"That is {far}. {HOW_COUNTED if key == 'main-words' else ''}".strip()
    file, line = _place(manuscript, outline, key, limit)
    if file == _STUDY:
        yield _in_file(manuscript, _STUDY, r"^short_title:", what, remedy, said)
    else:
        yield Finding(_CHECK, what, file, line, remedy, said, what)


def _place(manuscript: Manuscript, outline: Outline, key: str, limit: Limit) -> tuple[str, int]:
    """Return where an author sets about it: the title, the abstract, the first float too many."""
    if key.startswith("running-title"):
        return _STUDY, 0
    if key.startswith("title") or key == "keywords":
        line = manuscript.line_of(rf"^{key.partition('-')[0]}:")
        return (line.file, line.number) if line else (MAIN, 1)
    if key in ("tables", "figures", "tables-and-figures"):
        kinds = {"tables": ("tbl",), "figures": ("fig",)}.get(key, ("tbl", "fig"))
        floats = [line for label, line in outline.floats().items() if label.partition("-")[0] in kinds]
        return (floats[limit.most].file, floats[limit.most].number) if limit.most is not None else (MAIN, 1)
    if key == "heading-levels":
        heading = next((each for each in outline.headings if each.level > (limit.most or 0)), None)
    elif key == "references":
        heading = next((each for each in outline.headings if each.title.casefold() == "references"), None)
    elif key == "abstract-words":
        heading = next((each for each in outline.headings if each.title.casefold() == ABSTRACT), None)
    else:
        heading = next((each for each in outline.headings if each.numbered), None)
    return (heading.line.file, heading.line.number) if heading else (MAIN, 1)


def _style(manuscript: Manuscript, outline: Outline, chosen: Journal) -> Iterator[Finding]:
    options = outline.settings.get("manuscript-options")
    used = str(options.get("citation-style") or "") if isinstance(options, dict) else ""
    if chosen.citation_style and used and used != chosen.citation_style:
        what = f"References are in the style {used}; for {chosen.name} there is {chosen.citation_style}."
        remedy = f"Write `citation-style: {chosen.citation_style}` ({chosen.style_source})."
        found = _in_file(manuscript, _SETTINGS, r"^\s*citation-style:", what, remedy, used)
        yield replace(found, note=True)


def _in_file(manuscript: Manuscript, name: str, pattern: str, what: str, remedy: str, quote: str) -> Finding:
    """Return a finding in a settings file, at the first line in which a pattern is found."""
    lines = (manuscript.root / name).read_text(encoding="utf-8").splitlines()
    number = next((number for number, line in enumerate(lines, start=1) if re.search(pattern, line)), 0)
    return Finding(_CHECK, what, name, number, remedy, quote, what)
