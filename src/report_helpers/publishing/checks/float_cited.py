"""Tables and figures: cited, in the order of their numbers, each with a caption, pictures with words."""

from __future__ import annotations

from collections.abc import Iterator

from report_helpers.publishing.builtin.errors import did_you_mean
from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.reading.manuscript import Manuscript
from report_helpers.publishing.checks.reading.outline import Mention, Outline, read_outline
from report_helpers.publishing.checks.reading.page_floats import page_floats

_CHECK = "float-cited"


def float_cited(manuscript: Manuscript) -> Iterator[Finding]:
    """Find tables, figures, equations and listings not cited, out of order, or hardly described."""
    outline = read_outline(manuscript)
    yield from _unknown(outline)
    yield from _uncited(outline)
    yield from _out_of_order(outline)
    yield from _badly_described(manuscript, outline)


def _unknown(outline: Outline) -> Iterator[Finding]:
    """Find citations of what is not there; those of sections are told by the check of sections."""
    floats = outline.floats()
    for each in outline.mentions:
        label = _label(each.key)
        if label in outline.labels or outline.kinds.of(label) is None or label.startswith("sec-"):
            continue
        what = f"@{each.key} is cited, but nothing has that label."
        remedy = did_you_mean(label, floats) or "Correct the label, or take the citation out."
        yield _at(each, what, remedy)


def _uncited(outline: Outline) -> Iterator[Finding]:
    cited = {label for each in _in_text(outline) for label in _whole_and_part(outline, _label(each.key))}
    for label, line in outline.floats().items():
        if label in cited or outline.parts.get(label) in cited:
            continue
        what = f"@{label} is not cited in the text."
        told = any(_label(each.key) == label and each.abstract for each in outline.mentions)
        remedy = "The abstract does not count; " if told else ""
        remedy += f"{'c' if told else 'C'}ite it where it belongs (@{label}), or take it out."
        yield Finding(_CHECK, what, line.file, line.number, remedy, label, line.text)


def _out_of_order(outline: Outline) -> Iterator[Finding]:
    """Find first citations that come before that of a lower number of the same kind.

    Numbers follow the order in which the floats stand; one that is never cited is told elsewhere.
    """
    whole = [label for label in outline.floats() if label not in outline.parts]
    first: dict[str, Mention] = {}
    for each in _in_text(outline):
        label = _label(each.key)
        first.setdefault(outline.parts.get(label, label), each)
    for kind in dict.fromkeys(label.partition("-")[0] for label in whole):
        waiting = [label for label in whole if label.partition("-")[0] == kind and label in first]
        told = ""
        for label in [label for label in first if label in waiting]:
            expected = waiting[0]
            waiting.remove(label)
            if label == expected or expected == told:
                continue
            told = expected
            what = f"@{label} is cited before @{expected}, which has the lower number."
            remedy = f"Cite @{expected} earlier, or move it behind @{label}."
            yield _at(first[label], what, remedy)


def _badly_described(manuscript: Manuscript, outline: Outline) -> Iterator[Finding]:
    floats = {label: line for label, line in outline.floats().items() if not label.startswith("eq-")}
    shown = page_floats(manuscript.html, frozenset(floats))
    captions: dict[str, str] = {}
    for label, line in floats.items():
        if label not in shown:
            continue
        title = shown[label].title
        place = (line.file, line.number)
        if not title:
            what = f"@{label} has no caption."
            yield Finding(_CHECK, what, *place, "Say below it what it shows.", label, line.text)
        elif (same := captions.setdefault(title.casefold(), label)) != label:
            what = f"@{label} has the caption of @{same}."
            yield Finding(_CHECK, what, *place, "Say what sets them apart.", label, line.text)
        if shown[label].unread:
            what = f"@{label} holds a picture without alternative text."
            remedy = "Describe it for those who cannot see it: fig-alt."
            yield Finding(_CHECK, what, *place, remedy, label, line.text)


def _in_text(outline: Outline) -> Iterator[Mention]:
    """Yield what the text cites: not the abstract, and not a float within itself."""
    for each in outline.mentions:
        label = _label(each.key)
        itself = each.within and each.within in (label, outline.parts.get(label), *_within(outline, label))
        if not each.abstract and not itself:
            yield each


def _within(outline: Outline, label: str) -> tuple[str, ...]:
    return tuple(part for part, whole in outline.parts.items() if whole == label)


def _whole_and_part(outline: Outline, label: str) -> tuple[str, ...]:
    return (label, outline.parts[label]) if label in outline.parts else (label,)


def _label(key: str) -> str:
    """Return the label that a citation means: at the start of a sentence it may be written @Fig-flow."""
    return key[:1].lower() + key[1:]


def _at(mention: Mention, what: str, remedy: str) -> Finding:
    return Finding(
        _CHECK, what, mention.line.file, mention.line.number, remedy, mention.key, mention.line.text
    )
