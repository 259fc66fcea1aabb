"""Abbreviations are defined once, at first use, in the abstract, the main text and every table apart."""

from __future__ import annotations

import pytest

from report_helpers.publishing.checks.abbreviations import abbreviations
from report_helpers.publishing.checks.finding import Finding, without_allowed
from report_helpers.publishing.checks.reading.manuscript import Manuscript

from .parts import not_allowed, planted
from .planting import PAGE, Fault, Planter, assert_found, fault

INTRODUCTION = "chapters/introduction.qmd"
METHODS = "chapters/methods.qmd"
FLOW = "chapters/eligibility-flow.qmd"
DEBATE = "markers dominate the debate"


def shown(old: str, new: str, says: str, *, file: str = INTRODUCTION, at: str = "") -> Fault:
    """Return the fault of a page that prints other words; they stand in the source as `at`."""
    return fault((PAGE, old, new), file=file, at=at or old, says=says)


FAULTS = {
    "never defined": shown(
        DEBATE, f"{DEBATE} of IVF", "IVF is used in the main text and never defined there"
    ),
    "never defined, in the plural": shown(DEBATE, f"{DEBATE} of RCTs", "RCT is used in the main text"),
    "never defined, with a small letter first": shown(DEBATE, f"{DEBATE} of eSET", "eSET is used"),
    "never defined, after a hyphen": shown(DEBATE, f"{DEBATE} of anti-TNF agents", "TNF is used"),
    "never defined in the abstract": shown(
        "natural killer (NK) cell testing", "NK cell testing", "NK is used in the abstract", file="index.qmd"
    ),
    "defined in the abstract only": shown(
        "confidence interval (CI) of", "CI of", "CI is used in the main text and never", at="interval (CI) of"
    ),
    "defined by other words": shown(
        "recurrent implantation failure (RIF)", "recurrent loss (RIF)", "RIF is used", at="(RIF)"
    ),
    "used before it is defined": shown(
        "When good embryos", "In RIF, when good embryos", "RIF is used in the main text before it is defined"
    ),
    "defined twice": shown(
        "A profile was",
        "Natural killer (NK) cells apart, a profile was",
        "NK is defined a second time",
        file=METHODS,
    ),
    "defined for nothing": shown(
        DEBATE,
        f"{DEBATE} of in vitro fertilisation (IVF)",
        "IVF is defined in the main text and not used there",
    ),
    "defined the other way round for nothing": shown(
        DEBATE,
        f"{DEBATE} of IVF (in vitro fertilisation)",
        "IVF is defined in the main text and not used there",
    ),
    "defined for nothing in the abstract": shown(
        "Profile-guided care was",
        "Profile-guided care (PGC) was",
        "PGC is defined in the abstract",
        file="index.qmd",
    ),
    "not in the notes of its table": shown(
        "IQR, interquartile range (first to third quartile); ",
        "",
        "IQR is used in this table and never",
        file=FLOW,
        at="tables.baseline(r)",
    ),
    "in the notes of its table for nothing": shown(
        "IQR, interquartile range (first to third quartile); ",
        "BMI, body mass index; IQR, interquartile range; ",
        "BMI is defined in this table and not used",
        file=FLOW,
        at="tables.baseline(r)",
    ),
    "in the heading of a column": shown(
        ">Missing, n<",
        ">Missing, NA<",
        "NA is used in this table and never",
        file="chapters/supplement.qmd",
        at="tables.selection(r)",
    ),
    "in a caption": shown(
        "Lines are 95% confidence intervals",
        "Lines are 95% CI",
        "CI is used in this figure and never",
        file="chapters/dysregulated-results.qmd",
        at="Lines are",
    ),
}


def found_in(manuscript: Manuscript) -> list[Finding]:
    """Return what is found and not allowed in study.yml."""
    return not_allowed(abbreviations(manuscript))


def test_the_shipped_manuscript_defines_its_abbreviations(manuscript: Manuscript) -> None:
    assert list(map(str, found_in(manuscript))) == []


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_once_with_its_line(name: str, plant: Planter) -> None:
    manuscript = planted(plant, FAULTS[name])
    assert_found(found_in(manuscript), manuscript, FAULTS[name])


@pytest.mark.parametrize(
    "text",
    [
        "of DNA, in a PDF, by CONSORT and SHA-256",
        "of Th1/Th2, CD56, CD4+ and E1",
        "of type II and of NumPy, SciPy and pandas",
        "in vitro fertilisation (IVF), for IVF is older",
        "IVF (in vitro fertilisation), for IVF is older",
        "of RIF and of two RIFs, (RIF) in parentheses too",
        "[CHECK] and [Comment AB: of BC] and &lt;&lt;&lt;&lt;&lt;&lt;&lt; HEAD",
        "A. B. and P. C. Austin, and P, N and R",
    ],
)
def test_what_needs_no_definition_is_left_alone(text: str, plant: Planter) -> None:
    assert list(map(str, found_in(planted(plant, shown(DEBATE, f"{DEBATE} {text}", ""))))) == []


def test_an_exception_of_the_study_lets_an_abbreviation_stand(plant: Planter) -> None:
    found = list(abbreviations(planted(plant, FAULTS["never defined"])))
    assert [each.quote for each in without_allowed(found, {"abbreviation": ["IVF", "hCG", "ICMART"]})] == []
