"""What saves time: the study read once, and faults in one part of the page, faster to read than all of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

from report_helpers.publishing.checks.finding import Finding, without_allowed
from report_helpers.publishing.checks.reading.manuscript import Manuscript
from report_helpers.publishing.pages import read_page
from report_helpers.study.definition import Study, load_study

from .planting import PAGE, Fault, Planter


@cache
def study() -> Study:
    """Return the shipped study, which no fault of these tests changes."""
    return load_study(Path(__file__).parents[3] / "study.yml")


def not_allowed(found: Iterable[Finding]) -> list[Finding]:
    """Return the findings that study.yml does not let stand."""
    return without_allowed(found, study().checks.exceptions)


def planted(plant: Planter, fault: Fault, *, alone: bool = False) -> Manuscript:
    """Return the manuscript with a fault.

    Parameters
    ----------
    plant : Planter
        Makes copies of the sources, where the fault is in these.
    fault : Fault
        One edit of the page or of a source file. In the page, ``>text<`` is looked for in tables.
    alone : bool, optional
        Whether to leave the rest of the page away.
    """
    ((name, old, new),) = fault.edits
    if name != PAGE:
        return plant(fault)
    html = plant.clean.html
    assert old in html, f"the page does not say {old!r}"
    tag = next(tag for tag in ("table", "figcaption", "p") if old in _part(html, tag, old))
    part = _part(html, tag, old)
    before, after = read_page(part).paragraphs, read_page(part.replace(old, new, 1)).paragraphs
    if alone:
        return replace(plant.clean, paragraphs=after)
    assert len(before) == len(after)
    everything = list(plant.clean.paragraphs)
    texts = [each.text for each in before]
    start = next(
        i for i in range(len(everything)) if [each.text for each in everything[i : i + len(texts)]] == texts
    )
    for i, each in enumerate(after):
        everything[start + i] = replace(each, section=everything[start + i].section)
    return replace(plant.clean, paragraphs=tuple(everything))


def _part(html: str, tag: str, text: str) -> str:
    """Return the last element of a kind that begins before a text."""
    start = html.rfind(f"<{tag}", 0, html.index(text))
    return html[start : html.index(f"</{tag}>", start)] if start >= 0 else ""
