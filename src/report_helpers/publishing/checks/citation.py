"""References: every key is known, every entry complete, there once, cited in the text and not withdrawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from report_helpers.publishing.builtin.composing.bibliography import bibliography_files, bibliography_keys
from report_helpers.publishing.builtin.errors import did_you_mean
from report_helpers.publishing.builtin.reading.files import Files
from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.reading.manuscript import Manuscript
from report_helpers.publishing.checks.reading.outline import Mention, Outline, read_outline
from report_helpers.publishing.checks.reading.references import Reference, read_references

_CHECK = "citation"
_NEEDED = {"author": ("author", "editor"), "title": ("title",), "year": ("year", "date")}
"""What an entry of a reference list needs, and the fields that give it."""

_REMARKS = ("keywords", "note", "annote", "annotation", "comment")
_UNVERIFIED = re.compile(r"\b(?:un|not (?:yet )?|to be )verified\b", re.IGNORECASE)
_RETRACTED = re.compile(r"\bretract(?:ed|ion)\b|\bwithdrawn\b", re.IGNORECASE)


def citation(manuscript: Manuscript) -> Iterator[Finding]:
    """Find citations that lead nowhere, and references that are incomplete, doubled, withdrawn or idle."""
    outline = read_outline(manuscript)
    entries = _bibliography(manuscript, outline)
    cited = cited_keys(outline)
    yield from _unknown(cited, _keys(manuscript, outline), outline.identifiers)
    yield from _abstract_alone(cited)
    for each in entries:
        if each.key in cited:
            yield from _incomplete(each)
            yield from _doubtful(each, cited[each.key][0])
    yield from _twice(entries)
    yield from _unused(outline, entries, cited)


def _bibliography(manuscript: Manuscript, outline: Outline) -> tuple[Reference, ...]:
    """Return the entries of the project's BibTeX files, in order."""
    named = outline.settings.get("bibliography") or []
    names = [str(each) for each in (named if isinstance(named, list) else [named])]
    return tuple(
        reference
        for name in names
        if name.endswith(".bib") and (manuscript.root / name).is_file()
        for reference in read_references(manuscript.root / name, name)
    )


def cited_keys(outline: Outline) -> dict[str, list[Mention]]:
    """Return the references cited, in the order of their first citation, with all their citations."""
    found: dict[str, list[Mention]] = {}
    for each in outline.mentions:
        if outline.kinds.of(each.key[:1].lower() + each.key[1:]) is None:
            found.setdefault(each.key, []).append(each)
    return found


def _keys(manuscript: Manuscript, outline: Outline) -> set[str]:
    """Return the keys of all bibliographies, in whatever form they are kept."""
    files = Files(manuscript.root, ())
    return bibliography_keys(bibliography_files(outline.settings, files), outline.settings) or set()


def _unknown(cited: dict[str, list[Mention]], known: set[str], labels: set[str]) -> Iterator[Finding]:
    for key, mentions in cited.items():
        if key in known:
            continue
        hyphened = key.replace("_", "-")
        if hyphened in labels:
            what = f"@{key} is neither a label nor among the references: labels have hyphens."
            yield _at(mentions[0], what, f"Did you mean @{hyphened}?")
            continue
        remedy = did_you_mean(key, known) or "Add it to the references, or correct the key."
        yield _at(mentions[0], f"@{key} is not among the references.", remedy)


def _abstract_alone(cited: dict[str, list[Mention]]) -> Iterator[Finding]:
    for key, mentions in cited.items():
        if all(each.abstract for each in mentions):
            what = f"@{key} is cited in the abstract only."
            remedy = "An abstract stands without the list of references: cite it in the text, or nowhere."
            yield _at(mentions[0], what, remedy)


def _incomplete(reference: Reference) -> Iterator[Finding]:
    for wanted, fields in _NEEDED.items():
        if not reference.says(*fields):
            what = f"The reference {reference.key} has no {wanted}."
            remedy = f"Add `{wanted} = {{…}}`, or allow “{reference.key} has no {wanted}” in study.yml."
            yield _of(reference, what, remedy, f"{reference.key} has no {wanted}")


def _doubtful(reference: Reference, cited: Mention) -> Iterator[Finding]:
    """Find what the entry itself says: that nobody has verified it, or that it was retracted."""
    remarks = " ".join(reference.says(name) for name in _REMARKS)
    where = f"{cited.line.file}, line {cited.line.number}"
    if _UNVERIFIED.search(remarks):
        what = f"The reference {reference.key} is marked as not verified, and cited ({where})."
        yield _of(reference, what, "Compare it with its source, and remove the mark.", reference.key)
    if _RETRACTED.search(f"{remarks} {_opening(reference.says('title'))}"):
        what = f"The reference {reference.key} is marked as retracted, and cited ({where})."
        yield _of(reference, what, "Do not rest on it, or say that it was retracted.", reference.key)


def _opening(title: str) -> str:
    """Return how a title begins: publishers write RETRACTED before it."""
    return title if re.match(r"\W*(?:retracted|withdrawn)\b", title, re.IGNORECASE) else ""


def _twice(entries: tuple[Reference, ...]) -> Iterator[Finding]:
    """Find entries that repeat the key, the DOI or the title of an earlier one; each is told once."""
    seen: dict[tuple[str, str], Reference] = {}
    for each in entries:
        marks = {
            "key": each.key,
            "DOI": re.sub(r"^https?://(dx\.)?doi\.org/", "", each.says("doi").lower()),
            "title": re.sub(r"\W+", " ", each.says("title").lower()).strip(),
        }
        same = [(kind, seen[kind, mark]) for kind, mark in marks.items() if mark and (kind, mark) in seen]
        if same:
            kind, earlier = same[0]
            what = f"The reference {each.key} has the {kind} of {earlier.key} (line {earlier.line})."
            yield _of(each, what, "Keep one of them, and cite that.", each.key)
        for kind, mark in marks.items():
            seen.setdefault((kind, mark), each)


def _unused(
    outline: Outline, entries: tuple[Reference, ...], cited: dict[str, list[Mention]]
) -> Iterator[Finding]:
    listed = re.findall(r"@([\w:.#$%&+?<>~/*-]+)", str(outline.settings.get("nocite") or ""))
    for each in entries:
        if each.key not in cited and each.key not in listed and "*" not in listed:
            what = f"The reference {each.key} is not cited."
            yield replace(_of(each, what, "", each.key), note=True)


def _at(mention: Mention, what: str, remedy: str) -> Finding:
    line = mention.line
    return Finding(_CHECK, what, line.file, line.number, remedy, f"@{mention.key}", line.text)


def _of(reference: Reference, what: str, remedy: str, quote: str) -> Finding:
    return Finding(_CHECK, what, reference.file, reference.line, remedy, quote, quote)
