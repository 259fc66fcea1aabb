"""Numbers of the abstract that the paper does not have are found on their lines; those it has, never."""

from __future__ import annotations

from dataclasses import replace

import pytest

from report_helpers.publishing.checks.abstract import abstracts
from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.reading.manuscript import Manuscript

from .rendered_faults import Fault, Faults, Rendered, assert_found_once, planted

MAIN = "index.qmd"
TYPED = "Adverse events were not compared"

FAULTS: Faults = {
    "the main estimate": Fault(
        lambda copy: copy.value("dysregulated.any.risk_ratio", "1.73", "1.37"),
        MAIN,
        "r.dysregulated.any.finding_and_ratio",
        "The abstract has 1.37, the results print 1.12, 1.73, 2.83 (dysregulated.any.risk_ratio)",
    ),
    "a limit": Fault(
        lambda copy: copy.value("interaction.ratio_of_risk_ratios", "5.15", "5.51"),
        MAIN,
        "r.interaction.ratio_of_risk_ratios",
        "The abstract has 5.51",
    ),
    "a count": Fault(
        lambda copy: copy.value("flow.analysed", "356", "365"),
        MAIN,
        "`{python} r.flow.analysed` had",
        "The abstract has 365, the results print 356",
    ),
    "a numerator": Fault(
        lambda copy: copy.value("regulated.after.events_of_n", "7/21", "8/21"),
        MAIN,
        "r.regulated.after.short_account",
        "The abstract has 8, the results print",
    ),
    "a P value": Fault(
        lambda copy: copy.value("regulated.after.p", "0.36", "0.036"),
        MAIN,
        "r.regulated.after.short_account",
        "The abstract has 0.036",
    ),
    "a bound of a P value": Fault(
        lambda copy: copy.value("interaction.difference_of_risk_differences_p", "=0.007", "<0.001"),
        MAIN,
        "r.interaction.difference_of_risk_differences_p",
        "The abstract has <0.001",
    ),
    "a sign": Fault(
        lambda copy: copy.value("adjusted.dysregulated.any.risk_difference", "18.0", "−18.0"),
        MAIN,
        "r.adjusted.dysregulated.any.risk_difference",
        "The abstract has −18.0",
    ),
    "a setting": Fault(
        lambda copy: copy.value("study.adjustment.least_events_per_term", "10", "12"),
        MAIN,
        "r.study.adjustment.least_events_per_term",
        "The abstract has 12",
    ),
    "a year": Fault(
        lambda copy: copy.value("study.period", "2023", "2024"),
        MAIN,
        "r.study.period",
        "The abstract has 2024",
    ),
    "typed": Fault(
        lambda copy: copy.words(TYPED, f"{TYPED} in 987 patients"),
        MAIN,
        TYPED,
        "The abstract has 987, the results do not",
    ),
    "a typed share": Fault(
        lambda copy: copy.words("in an open-label trial.", "in an open-label trial (43.21%)."),
        MAIN,
        "in an open-label trial.",
        "The abstract has 43.21, the results do not",
    ),
}


@pytest.fixture(scope="module")
def found(manuscript: Manuscript) -> list[Finding]:
    return list(abstracts(planted(manuscript, FAULTS.values())))


@pytest.mark.parametrize("name", FAULTS)
def test_a_number_of_the_abstract_alone_is_found_where_it_stands(
    name: str, found: list[Finding], manuscript: Manuscript
) -> None:
    assert_found_once(found, FAULTS[name], manuscript)


def test_nothing_else_is_found(found: list[Finding]) -> None:
    assert len(found) == len(FAULTS), [str(each) for each in found]


def test_what_is_not_shown_and_a_paper_without_abstract_or_results_are_left_alone(
    manuscript: Manuscript,
) -> None:
    copy = Rendered(manuscript)
    copy.value("dysregulated.any.risk_ratio", "1.73 (95% CI 1.12–2.83)", "[not shown]")
    assert list(abstracts(copy.manuscript)) == []
    wrong = planted(manuscript, FAULTS.values()).paragraphs
    headings = [each for each in wrong if each.kind == "heading"]
    for title in ("Abstract", "3 Results", "2 Methods"):
        kept = tuple(each for each in wrong if each.text != title or each not in headings)
        if title == "Abstract":
            assert list(abstracts(replace(manuscript, paragraphs=kept))) == []
        else:  # what stood below it counts to the part before
            assert list(abstracts(replace(manuscript, paragraphs=kept)))


def test_a_number_of_what_only_the_authors_know_is_in_no_result(manuscript: Manuscript) -> None:
    copy = Rendered(manuscript)
    copy.value("facts.funding", "[to be supplied]", "the foundation, grant 310030-123456")
    assert list(abstracts(copy.manuscript)) == []
