"""All checks in one run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from report_helpers.publishing.builtin.errors import did_you_mean
from report_helpers.publishing.checks.abbreviations import abbreviations
from report_helpers.publishing.checks.abstract import abstracts
from report_helpers.publishing.checks.citation import citation
from report_helpers.publishing.checks.finding import Finding, in_order, without_allowed
from report_helpers.publishing.checks.float_cited import float_cited
from report_helpers.publishing.checks.flow import flows
from report_helpers.publishing.checks.interval import intervals
from report_helpers.publishing.checks.journal import journal
from report_helpers.publishing.checks.leftovers import leftovers
from report_helpers.publishing.checks.misread import misread
from report_helpers.publishing.checks.mutation.rerun import Author
from report_helpers.publishing.checks.mutation.unmoved import CHECK as UNMOVED
from report_helpers.publishing.checks.mutation.unmoved import unmoved_numbers
from report_helpers.publishing.checks.percentage import percentages
from report_helpers.publishing.checks.reading.manuscript import Manuscript, read_manuscript
from report_helpers.publishing.checks.same_quantity import same_quantities
from report_helpers.publishing.checks.section import section
from report_helpers.publishing.checks.self_printing import self_printing
from report_helpers.publishing.checks.slips import slips
from report_helpers.publishing.checks.typed_numbers import typed_numbers
from report_helpers.publishing.checks.unguarded_claims import unguarded_claims
from report_helpers.study.definition import load_study

Check = Callable[[Manuscript], Iterable[Finding]]

CHECKS: Mapping[str, Check] = {
    "unguarded-claim": unguarded_claims,
    "abbreviation": abbreviations,
    "typed-number": typed_numbers,
    "self-printing": self_printing,
    "leftover": leftovers,
    "float-cited": float_cited,
    "citation": citation,
    "section": section,
    "misread": misread,
    "journal": journal,
    "typing": slips,
    "percentage": percentages,
    "interval": intervals,
    "flow": flows,
    "abstract": abstracts,
    "same-quantity": same_quantities,
}
"""Name of each check to what it does; a check's findings bear its name.

unguarded-claim : words of comparison and cause stand in claim(…), beside a citation, or name no result
abbreviation : defined once, at first use, and used again, in abstract, text and every table apart
typed-number : numbers are printed from the results, quoted from a cited work, or named in study.yml
self-printing : no expression prints itself instead of its value
leftover : nothing is left over by accident in the text of any format; what study.yml leaves open is told
float-cited : tables and figures are cited, in the order of their numbers, and described
citation : citations lead to references that are complete, there once, verified and not retracted
section : headings go in steps, no section is empty or there twice, links and the abstract's headings hold
misread : headings, lists of attributes and cells are read as what they are meant to be
journal : the manuscript is within the limits of the journal that study.yml names
typing : no word stands twice in a row, brackets and quotation marks are closed, blanks are where they belong
percentage : every n/N (p%) is n divided by N, no part is larger than its whole
interval : every interval holds its estimate, has the study's level and agrees with the P value
flow : numbers that add up do so, in text, tables and figures
abstract : every number of the abstract stands in the methods or results
same-quantity : a quantity is printed as it was computed, and equal in text, tables, figures and every format
"""


OF_SOURCES = (
    "unguarded-claim",
    "typed-number",
    "self-printing",
    "leftover",
    "float-cited",
    "citation",
    "section",
    "misread",
    "typing",
)
"""The checks that find something without a page too."""


def check(root: Path, output: Path, rerun: Author | None = None) -> list[Finding]:
    """Check a rendered manuscript against its sources.

    Parameters
    ----------
    root : Path
        The project's folder, with its `study.yml`, which names the journal and the exceptions.
    output : Path
        What was rendered of it; formats that are not there are not checked.
    rerun : Author, optional
        What to run the code of again, with other patients, to see which numbers it prints stay the same.

    Returns
    -------
    list of Finding
        In the order of the document; those for information last.
    """
    study = load_study(root / "study.yml")
    allowed = study.checks.exceptions
    manuscript = read_manuscript(root, output, study.checks.journal or "")
    found = [each for one in CHECKS.values() for each in one(manuscript)]
    if rerun is not None:
        found += unmoved_numbers(rerun)
    tried = {name: phrases for name, phrases in allowed.items() if rerun is not None or name != UNMOVED}
    return in_order((*without_allowed(found, allowed), *_idle(found, tried, study.path)), manuscript.files)


def check_sources(root: Path) -> list[Finding]:
    """Check what can be checked of a manuscript that was not rendered, in the order of the document."""
    study = load_study(root / "study.yml")
    manuscript = read_manuscript(root, None, study.checks.journal or "")
    found = [each for name in OF_SOURCES for each in CHECKS[name](manuscript)]
    return in_order(without_allowed(found, study.checks.exceptions), manuscript.files)


def _idle(found: list[Finding], allowed: Mapping[str, tuple[str, ...]], study: Path) -> Iterator[Finding]:
    """Tell of exceptions in ``study.yml`` that name no check, or that nothing needs."""
    names = (*CHECKS, UNMOVED)
    text = study.read_text(encoding="utf-8") if allowed else ""
    for name, phrases in allowed.items():
        if name not in names:
            remedy = did_you_mean(name, names) or f"The checks are: {', '.join(names)}."
            yield Finding("exceptions", f"There is no check {name}.", study.name, _line(text, name), remedy)
            continue
        mine = [each for each in found if each.check == name]
        for phrase in phrases:
            if without_allowed(mine, {name: [phrase]}) == mine:
                what = f"The exception “{phrase}” is not needed any more."
                yield Finding(
                    "exceptions", what, study.name, _line(text, phrase), "Take it out.", phrase, note=True
                )


def _line(text: str, phrase: str) -> int:
    found = re.search(re.escape(phrase), text)
    return text.count("\n", 0, found.start()) + 1 if found else 0
