"""Numbers that do not add up are found in text, tables and figures; what is not shown is not judged."""

from __future__ import annotations

import pytest

from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.flow import flows
from report_helpers.publishing.checks.reading.manuscript import Manuscript

from .rendered_faults import Fault, Faults, Rendered, assert_found_once, planted

FLOW = "chapters/eligibility-flow.qmd"
STEPS = "flow.steps.{}.excluded"

FAULTS: Faults = {
    "a reason in the text": Fault(
        lambda copy: copy.value(STEPS.format("immune_disease"), "55", "56"),
        FLOW,
        "r.flow.steps.immune_disease.excluded",
        "133 + 56 + 114 + 66 is 369, not 368",
    ),
    "the eligible in the abstract": Fault(
        lambda copy: copy.value("flow.eligible", "366", "336"),
        "index.qmd",
        "r.flow.eligible",
        "368 + 336 is 704, not 734",
    ),
    "a total in a caption": Fault(
        lambda copy: copy.value("flow.excluded", "368", "386"),
        FLOW,
        "`{python} r.flow.excluded` excluded",
        "386 + 366 is 752, not 734",
    ),
    "the unknown": Fault(
        lambda copy: copy.value("flow.outcome_unknown", "10", "11"),
        FLOW,
        "r.flow.outcome_unknown",
        "11 + 356 is 367, not 366",
    ),
    "a profile": Fault(
        lambda copy: copy.value("regulated.patients", "85", "58", nth=2),
        FLOW,
        "r.regulated.patients",
        "58 + 271 is 329, not 356",
    ),
    "a stratum": Fault(
        lambda copy: copy.value("flow.groups.dysregulated.arms.nk.n", "94", "49"),
        FLOW,
        "r.flow.groups.dysregulated.arms.nk.n",
        "63 + 49 + 114 is 226, not 271",
    ),
    "a treated group": Fault(
        lambda copy: copy.value("dysregulated.treated.patients", "219", "218"),
        FLOW,
        "r.dysregulated.treated.patients",
        "218 + 52 is 270, not 271",
    ),
    "the size of a compared group": Fault(
        lambda copy: copy.value("dysregulated.any.reference_events_of_n", "14/52", "14/53", nth=2),
        "chapters/dysregulated-results.qmd",
        "r.dysregulated.any.uncorrected_account",
        "219 + 53 is 272, not 271",
    ),
    "a level in a table": Fault(
        lambda copy: copy.value("baseline.embryo_quality.dysregulated_treated.good", "115", "151"),
        FLOW,
        "tables.baseline(r)",
        "151 + 75 + 29 is 255, not 219",
    ),
    "a level of eligible patients": Fault(
        lambda copy: copy.value("selection.oocyte_source.eligible.own", "333/354", "332/354"),
        "chapters/supplement.qmd",
        "tables.selection(r)",
        "332 + 21 is 353, not 354",
    ),
    "the drawing": Fault(
        lambda copy: copy.drawing("fig-flow", "(n=78)", "(n=87)"),
        FLOW,
        "figures.flow(r)",
        "In the drawing of fig-flow: 16 + 87 is 103, not 94",
    ),
    "the alternative text": Fault(
        lambda copy: copy.alternative("fig-flow", "no embryo transfer 114", "no embryo transfer 141"),
        FLOW,
        "figures.flow(r)",
        "lacks 114 (flow.steps.no_transfer.excluded); it has 141 instead",
    ),
}
LEDGER = Fault(
    lambda copy: copy.entry("flow.screened", value=743), "index.qmd", "r.flow.screened", "is 734, not 743"
)


@pytest.fixture(scope="module")
def found(manuscript: Manuscript) -> list[Finding]:
    return list(flows(planted(manuscript, FAULTS.values())))


@pytest.mark.parametrize("name", FAULTS)
def test_a_number_that_does_not_add_up_is_found_where_it_stands(
    name: str, found: list[Finding], manuscript: Manuscript
) -> None:
    assert_found_once(found, FAULTS[name], manuscript)


def test_nothing_else_is_found(found: list[Finding]) -> None:
    assert len(found) == len(FAULTS), [str(each) for each in found]


def test_a_fault_of_the_analysis_is_told_once_of_the_number_that_all_its_sums_share(
    manuscript: Manuscript,
) -> None:
    copy = Rendered(manuscript)
    copy.entry("flow.excluded", value=386)
    copy.value("flow.excluded", "368", "386")
    found = [each for each in flows(copy.manuscript) if "386" in each.what]
    assert len(found) == 1
    assert "386 + 366 is 752, not 734" in found[0].what
    assert "133 + 55 + 114 + 66 is 368, not 386" in found[0].what


def test_a_sum_with_a_number_that_is_not_shown_is_not_judged(manuscript: Manuscript) -> None:
    copy = Rendered(manuscript)
    hidden = STEPS.format("immune_disease")
    copy.entry(hidden, value=None, text="[not shown]")
    copy.value(hidden, "55", "[not shown]")
    copy.drawing("fig-flow", "(n=55)", "(n=[not shown])")
    copy.value("flow.excluded", "368", "386")  # seen in the sum with those eligible, but not in the reasons
    found = list(flows(copy.manuscript))
    assert [each.what for each in found] == [
        "386 + 366 is 752, not 734 (flow.excluded, flow.eligible; flow.screened)."
    ]


def test_without_relations_there_is_nothing_to_judge(manuscript: Manuscript) -> None:
    copy = planted(manuscript, FAULTS.values())
    assert isinstance(copy.ledger, dict)
    copy.ledger.pop("relations")
    assert list(flows(copy)) == []
