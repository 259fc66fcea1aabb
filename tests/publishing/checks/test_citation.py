"""Every citation leads to a reference that is complete, there once, verified and not retracted."""

from __future__ import annotations

import pytest

from report_helpers.publishing.checks.citation import citation
from report_helpers.publishing.checks.reading.manuscript import Manuscript

from .planting import Fault, Planter, assert_found, fault

BIB = "references.bib"
DISCUSSION = "chapters/discussion.qmd"
KNOL_TITLE = "  title = {Recommendations for presenting analyses of effect modification and interaction},\n"

FAULTS = {
    "a key with a slip": fault(
        (DISCUSSION, "[@knol2012]", "[@knoll2012]"),
        at="@knoll2012",
        says="@knoll2012 is not among the references",
    ),
    "a key of nothing": fault(
        ("chapters/methods.qmd", "[@record2015]", "[@record2015; @nobody1999]"),
        at="@nobody1999",
        says="@nobody1999 is not among the references",
    ),
    "a label with an underscore": fault(
        (DISCUSSION, "[@knol2012]", "[@knol2012] (@tbl_regimens)"),
        at="@tbl_regimens",
        says="@tbl_regimens is neither a label nor among the references: labels have hyphens",
    ),
    "a reference cited in the abstract only": fault(
        ("index.qmd", "Adverse events were not compared.", "Adverse events were not compared [@new2024]."),
        (
            BIB,
            "@article{zou2004",
            '@book{new2024,\n author = {N},\n title = "N",\n year = 2024\n}\n\n@article{zou2004',
        ),
        at="@new2024",
        says="@new2024 is cited in the abstract only",
    ),
    "no author": fault(
        (BIB, "  author = {Zou, G},\n", ""), at="@article{zou2004", says="zou2004 has no author"
    ),
    "an empty author": fault(
        (BIB, "  author = {Zou, G},\n", "  author = {},\n"),
        at="@article{zou2004",
        says="zou2004 has no author",
    ),
    "no title": fault((BIB, KNOL_TITLE, ""), at="@article{knol2012", says="knol2012 has no title"),
    "no year": fault(
        (BIB, "  year = {2023},\n  volume = {329}", "  volume = {329}"),
        at="@article{sun2023",
        says="sun2023 has no year",
    ),
    "a DOI twice": fault(
        (BIB, "doi = {10.1093/ije/dyr218}", "doi = {https://doi.org/10.1093/AJE/kwv254}"),
        at="@article{knol2012",
        says="knol2012 has the DOI of hernan2016 (line ",
    ),
    "a title twice": fault(
        (
            BIB,
            "title = {A tutorial on interaction}",
            "title = {{Immortal} time bias in Pharmacoepidemiology}",
        ),
        at="@article{vanderweele2014",
        says="vanderweele2014 has the title of suissa2008",
    ),
    "a key twice": fault(
        (
            BIB,
            "@article{wilson1927,",
            "@book{austin2009,\n  author = {A},\n  title = {B},\n  year = 2001\n}\n\n@article{wilson1927,",
        ),
        at="@book{austin2009",
        says="austin2009 has the key of austin2009",
    ),
    "marked as not verified": fault(
        (BIB, "@article{zou2004,", "@article{zou2004,\n  keywords = {methods, unverified},"),
        at="@article{zou2004",
        says="zou2004 is marked as not verified, and cited (chapters/methods.qmd",
    ),
    "marked as retracted": fault(
        (BIB, "@article{zou2004,", "@article{zou2004,\n  note = {Retracted in 2020},"),
        at="@article{zou2004",
        says="zou2004 is marked as retracted",
    ),
    "retracted by its title": fault(
        (BIB, "title = {A modified {Poisson}", "title = {{RETRACTED}: A modified {Poisson}"),
        at="@article{zou2004",
        says="zou2004 is marked as retracted",
    ),
}

KNOWN = "cochrane2022 has no author"
"""Allowed in study.yml: its authors could not be confirmed; better incomplete than wrong."""


def new(manuscript: Manuscript):  # type: ignore[no-untyped-def]
    return [each for each in citation(manuscript) if each.quote != KNOWN]


def test_the_shipped_manuscript_is_clean_but_for_what_study_yml_allows(manuscript: Manuscript) -> None:
    assert [each.quote for each in citation(manuscript)] == [KNOWN]


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_once_with_its_line(name: str, plant: Planter) -> None:
    planted: Fault = FAULTS[name]
    manuscript = plant(planted)
    assert_found([each for each in new(manuscript) if not each.note], manuscript, planted)


def test_a_reference_that_nobody_cites_is_told_for_information(plant: Planter) -> None:
    planted = fault(
        (DISCUSSION, "[@suissa2008]", ""),
        ("chapters/methods.qmd", "[@suissa2008]", ""),
        file=BIB,
        at="@article{suissa2008",
        says="suissa2008 is not cited",
    )
    manuscript = plant(planted)
    assert_found(new(manuscript), manuscript, planted)
    assert new(manuscript)[0].note


def test_a_slip_is_answered_with_the_key_that_was_meant(plant: Planter) -> None:
    (found,) = new(plant(FAULTS["a key with a slip"]))
    assert found.remedy == "Did you mean knol2012?"


def test_nocite_lists_a_reference_without_a_citation(plant: Planter) -> None:
    gone = ((DISCUSSION, "[@suissa2008]", ""), ("chapters/methods.qmd", "[@suissa2008]", ""))
    listed = ("index.qmd", "keywords:", "nocite: |\n  @suissa2008\nkeywords:")
    assert new(plant(Fault((*gone, listed), "", "", ""))) == []
