"""Headings go in steps, sections hold something and are there once, links and references to sections lead."""

from __future__ import annotations

import pytest

from report_helpers.publishing.checks.journals import known_journals
from report_helpers.publishing.checks.reading.manuscript import Manuscript
from report_helpers.publishing.checks.section import section

from .planting import Fault, Planter, assert_found, fault

DISCUSSION = "chapters/discussion.qmd"
METHODS = "chapters/methods.qmd"
DYSREGULATED = "chapters/dysregulated-results.qmd"
INTRODUCTION = "chapters/introduction.qmd"
OPEN_LABEL = "It was open-label"

FAULTS = {
    "a level left out": fault(
        (METHODS, "## Immune profiling", "#### Immune profiling"),
        at="#### Immune profiling",
        says="“Immune profiling” is a heading of level 4, after a heading of level 2",
    ),
    "a level left out within a section": fault(
        (DYSREGULATED, "### Both markers", "##### Both markers"),
        at="##### Both markers",
        says="level 5, after a heading of level 3",
    ),
    "an empty section": fault(
        (DISCUSSION, "## Generalisability", "## Strengths {#sec-strengths}\n\n## Generalisability"),
        at="## Strengths",
        says="Nothing stands under “Strengths”",
    ),
    "an empty section at the end": fault(
        (
            "chapters/supplement.qmd",
            "## Operating characteristics",
            "## Nothing\n\n<!-- later -->\n\n## Operating characteristics",
        ),
        at="## Nothing",
        says="Nothing stands under “Nothing”",
    ),
    "a title twice under one heading": fault(
        (METHODS, "## Missing data {", "## Study size {"),
        at="## Study size {#sec-missing-data",
        says="“Study size” is there already beside it (chapters/methods.qmd, line ",
    ),
    "a main section twice": fault(
        (DISCUSSION, "# Discussion {", "# Methods {"), at="# Methods", says="“Methods” is there already"
    ),
    "a citation of no section": fault(
        (INTRODUCTION, "declarations in @sec-declarations", "declarations in @sec-declaration"),
        at="@sec-declaration ",
        says="@sec-declaration is cited, but no section has that label",
    ),
    "a citation of a section without a number": fault(
        ("chapters/declarations.qmd", "{#sec-declarations", "{.unnumbered #sec-declarations"),
        file=INTRODUCTION,
        at="@sec-declarations",
        says="@sec-declarations cites a section without a number",
    ),
    "a link to nothing": fault(
        (INTRODUCTION, OPEN_LABEL, "[It](#sec-methodz) was open-label"),
        at="(#sec-methodz)",
        says="The link #sec-methodz leads nowhere",
    ),
    "an address that is not secure": fault(
        (INTRODUCTION, OPEN_LABEL, "[It](http://example.org/trial) was open-label"),
        at="(http://example.org/trial)",
        says="The address http://example.org/trial is not secure",
    ),
    "a bare address that is not secure": fault(
        (INTRODUCTION, OPEN_LABEL, "<http://example.org> was open-label"),
        at="<http://example.org>",
        says="The address http://example.org is not secure",
    ),
    "an address given below that is not secure": fault(
        (INTRODUCTION, OPEN_LABEL, "[It][trial] was\n\n[trial]: http://example.org\n\nopen-label"),
        at="[trial]: http",
        says="The address http://example.org is not secure",
    ),
    "an address with a blank": fault(
        (INTRODUCTION, OPEN_LABEL, "[It](https://example.org/the trial) was open-label"),
        at="the trial)",
        says="The address https://example.org/the trial has a blank in it",
    ),
    "a heading that the journal wants": fault(
        ("index.qmd", "**Summary answer.**", "**Answer.**"),
        at="# Abstract",
        says="The abstract has no “Summary answer”, as Human Reproduction wants it (https://docsbay.net/",
        journal="human-reproduction",
    ),
    "headings that the journal does not want": fault(
        ("index.qmd", "Adverse events were not compared.", "None."),
        at="# Abstract",
        says="The abstract has headings; Reproductive BioMedicine Online wants none (http://www.rbmojournal.com",
        journal="reproductive-biomedicine-online",
    ),
}


def test_the_shipped_manuscript_is_clean(manuscript: Manuscript) -> None:
    assert list(section(manuscript)) == []


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_once_with_its_line(name: str, plant: Planter) -> None:
    planted: Fault = FAULTS[name]
    manuscript = plant(planted)
    assert_found(list(section(manuscript)), manuscript, planted)


def test_what_is_in_order_is_let_be(plant: Planter) -> None:
    for right in (
        "[It](#sec-methods)",
        "[It](#refs)",
        "[It](#abstract)",
        '[It](https://example.org/trial "The trial")',
        "<https://example.org>",
        "[It](chapters/methods.qmd)",
        "[It][trial]\n\n[trial]: https://example.org\n\n",
        "`[It](#nothing)`",
        "<!-- [It](#nothing) -->",
    ):
        planted = fault((INTRODUCTION, OPEN_LABEL, f"{right} was open-label"), at="", says="")
        assert list(section(plant(planted))) == [], right


def test_headings_of_the_abstract_may_be_headings(plant: Planter) -> None:
    planted = fault(
        ("index.qmd", "**Summary answer.**", "## Summary answer {.unnumbered}\n"),
        at="",
        says="",
        journal="human-reproduction",
    )
    assert list(section(plant(planted))) == []


def test_an_unknown_journal_is_left_to_the_check_of_journals(plant: Planter) -> None:
    planted = fault(("index.qmd", "keywords:", "keywords:"), at="", says="", journal="nobody-reads-this")
    assert "nobody-reads-this" not in known_journals()
    assert list(section(plant(planted))) == []
