"""Percentages that are not n/N are found wherever they stand; those that are, never."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.percentage import percentages, wrong
from report_helpers.publishing.checks.reading.digits import number
from report_helpers.publishing.checks.reading.manuscript import Manuscript

from .rendered_faults import Fault, Faults, assert_found_once, planted

REGULATED = "chapters/regulated-results.qmd"
DISCUSSION = "chapters/discussion.qmd"
FLOW = "chapters/eligibility-flow.qmd"
BOUNDS = "These four numbers bound everything that follows"

FAULTS: Faults = {
    "a value in a sentence": Fault(
        lambda copy: copy.value("regulated.after.events_of_n", "33.3", "38.3", nth=2),
        REGULATED,
        "r.regulated.after.account",
        "7/21 is 33.3%, not 38.3%",
    ),
    "a value in the abstract": Fault(
        lambda copy: copy.value("dysregulated.any.events_of_n", "102/219", "102/291", nth=1),
        "index.qmd",
        "r.dysregulated.any.uncorrected_account",
        "102/291 is 35.1%, not 46.6%",
    ),
    "a table's cell": Fault(
        lambda copy: copy.value("regulated.before_and_after.events_of_n", "30.0", "33.0", nth=3),
        REGULATED,
        "tables.regulated(r)",
        "6/20 is 30.0%, not 33.0%",
    ),
    "a cell below a head that gives N": Fault(
        lambda copy: copy.value("baseline.cycle_type.regulated_treated.fresh", "41.9", "44.9"),
        FLOW,
        "tables.baseline(r)",
        "18/43 is 41.9%, not 44.9%",
    ),
    "a cell below a head of two columns to the right": Fault(
        lambda copy: copy.value("baseline.embryo_stage.dysregulated_treated.cleavage", "61", "16"),
        FLOW,
        "tables.baseline(r)",
        "16/219 is 7.3%, not 27.9%",
    ),
    "a cell with its own N": Fault(
        lambda copy: copy.value("baseline.infertility_type.regulated_treated.primary", "48.8", "48.7"),
        FLOW,
        "tables.baseline(r)",
        "20/41 is 48.8%, not 48.7%",
    ),
    "typed": Fault(
        lambda copy: copy.words("135/357 (37.8%)", "135/357 (38.7%)"),
        DISCUSSION,
        "135/357 (37.8%)",
        "135/357 is 37.8%, not 38.7%",
    ),
    "typed, n of N": Fault(
        lambda copy: copy.words(BOUNDS, f"{BOUNDS} in 56 of the 116 patients (43.8%)"),
        FLOW,
        BOUNDS,
        "56/116 is 48.3%, not 43.8%",
    ),
    "typed, the percentage first": Fault(
        lambda copy: copy.words("Each regimen is compared", "Each regimen is compared, in 9.1% (11/1,100),"),
        "chapters/dysregulated-results.qmd",
        "Each regimen is compared",
        "11/1,100 is 1.0%, not 9.1%",
    ),
    "typed, a part larger than its whole": Fault(
        lambda copy: copy.words("139/358 (38.8%)", "358/139 (38.8%)"),
        DISCUSSION,
        "139/358 (38.8%)",
        "358 is more than the 139",
    ),
    "more than all": Fault(
        lambda copy: copy.words(
            "81.7% had a dysregulated profile", "181.7% of all had a dysregulated profile"
        ),
        "chapters/introduction.qmd",
        "81.7% had a dysregulated profile",
        "181.7% is more than all",
    ),
    "n/N without a percentage": Fault(
        lambda copy: copy.value("regulated.before.events_of_n", "1/2", "2/1", nth=2),
        REGULATED,
        "tables.regulated(r)",
        "2 is more than the 1 that",
    ),
    "an alternative text": Fault(
        lambda copy: copy.alternative("fig-flow", "screened;", "screened, of them 368/734 (51.0%) excluded;"),
        FLOW,
        "figures.flow(r)",
        "In the alternative text of fig-flow: 368/734 is 50.1%, not 51.0%",
    ),
    "another format alone": Fault(
        lambda copy: copy.text("docx", "16/36 (44.4%)", "16/36 (44.6%)"),
        "",
        "",
        "In docx: 16/36 is 44.4%, not 44.6%",
    ),
}


@pytest.fixture(scope="module")
def found(in_all_formats: Manuscript) -> list[Finding]:
    return list(percentages(planted(in_all_formats, FAULTS.values())))


@pytest.mark.parametrize("name", FAULTS)
def test_a_wrong_percentage_is_found_where_it_stands(
    name: str, found: list[Finding], in_all_formats: Manuscript
) -> None:
    assert_found_once(found, FAULTS[name], in_all_formats)


def test_nothing_else_is_found(found: list[Finding]) -> None:
    assert len(found) == len(FAULTS), [str(each) for each in found]


@given(st.integers(0, 5_000), st.integers(1, 5_000), st.integers(0, 3))
def test_every_rounding_of_a_true_percentage_is_right(n: int, more: int, places: int) -> None:
    total = n + more
    for rule in (ROUND_HALF_UP, ROUND_HALF_EVEN):
        shown = (Decimal(100 * n) / total).quantize(Decimal(1).scaleb(-places), rule)
        assert wrong(number(f"{n:,}"), number(str(total)), number(f"{shown:f}")) == ""


@given(st.integers(0, 5_000), st.integers(1, 5_000), st.integers(0, 3), st.integers(2, 900))
def test_a_percentage_off_by_more_than_its_last_digit_is_wrong(
    n: int, more: int, places: int, off: int
) -> None:
    total, unit = n + more, Decimal(1).scaleb(-places)
    shown = (Decimal(100 * n) / total).quantize(unit) + off * unit
    assert "not" in wrong(number(str(n)), number(str(total)), number(f"{shown:f}"))


@given(st.integers(1, 5_000), st.integers(1, 5_000))
def test_a_part_is_never_larger_than_its_whole(total: int, more: int) -> None:
    assert "more than" in wrong(number(str(total + more)), number(str(total)), number("100.0"))
