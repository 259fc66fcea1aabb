"""Intervals that contradict their estimate, the study's level or the P value are found; sound ones never."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.interval import intervals, outside
from report_helpers.publishing.checks.reading.digits import number
from report_helpers.publishing.checks.reading.manuscript import Manuscript
from report_helpers.publishing.pages import read_page

from .rendered_faults import Fault, Faults, Rendered, assert_found_once, planted

REGULATED = "chapters/regulated-results.qmd"
DYSREGULATED = "chapters/dysregulated-results.qmd"
DISCUSSION = "chapters/discussion.qmd"
DECIDES = "methods.decides"

FAULTS: Faults = {
    "a value in the abstract": Fault(
        lambda copy: copy.value("dysregulated.any.risk_ratio", "2.83", "1.38"),
        "index.qmd",
        "r.dysregulated.any.finding_and_ratio",
        "1.73 is not within its interval, 1.12 to 1.38",
    ),
    "a difference with minus signs": Fault(
        lambda copy: copy.value("regulated.after.risk_difference", "−14.3", "14.3"),
        REGULATED,
        "r.regulated.after.account",
        "14.3 is not within its interval, −36.1 to 11.3",
    ),
    "limits that changed places": Fault(
        lambda copy: copy.value("dysregulated.nk.risk_ratio", "0.78–3.36", "3.36–0.78", nth=3),
        DYSREGULATED,
        "tables.dysregulation(r)",
        "ends at 0.78 below its beginning, 3.36",
    ),
    "a lost minus sign in a cell": Fault(
        lambda copy: copy.value("dysregulated.both.risk_difference", "−0.2 to", "40.2 to"),
        DYSREGULATED,
        "tables.dysregulation(r)",
        "ends at 37.2 below its beginning, 40.2",
    ),
    "whole numbers": Fault(
        lambda copy: copy.value("treatment_start.after.median_iqr", "4 (", "8 ("),
        "chapters/eligibility-flow.qmd",
        "r.treatment_start.after.account",
        "8 is not within its interval, 3 to 6",
    ),
    "a level": Fault(
        lambda copy: copy.value("interaction.reri", "95%", "90%"),
        DYSREGULATED,
        "r.interaction.reri",
        "“90% CI” where the study's intervals have 95%",
    ),
    "a level in words": Fault(
        lambda copy: copy.words("denominator, with a 95% ", "denominator, with a 99% "),
        "chapters/methods.qmd",
        "denominator, with a 95% ",
        "“99% confidence interval”",
    ),
    "typed": Fault(
        lambda copy: copy.words("1.37 (95% CI 0.69–2.71)", "3.17 (95% CI 0.69–2.71)"),
        DISCUSSION,
        "1.37 (95% CI 0.69–2.71)",
        "3.17 is not within its interval, 0.69 to 2.71",
    ),
    "typed, percentage points": Fault(
        lambda copy: copy.words("points (95% CI −8.1 to 6.1)", "points (95% CI -0.8 to 6.1)"),
        DISCUSSION,
        "(95% CI −8.1 to 6.1)",
        "−1.0 is not within its interval, -0.8 to 6.1",
    ),
    "typed, against its P value": Fault(
        lambda copy: copy.words("0.97 (0.81–1.17), P=0.78", "0.97 (0.81–1.17), P=0.02"),
        DISCUSSION,
        "(0.81–1.17), P=0.78",
        "0.81 to 1.17 includes 1, the value of no difference, but P=0.02",
    ),
    "an alternative text": Fault(
        lambda copy: copy.alternative("fig-forest", "1.73 (1.12–2.83)", "0.73 (1.12–2.83)"),
        DYSREGULATED,
        "figures.forest(r)",
        "In the alternative text of fig-forest: the estimate 0.73",
    ),
    "a drawing": Fault(
        lambda copy: copy.drawing("fig-forest", ">0.70 (0.34–1.30)<", ">0.70 (1.34–1.30)<"),
        DYSREGULATED,
        "figures.forest(r)",
        "In the drawing of fig-forest: the interval ends at 1.30",
    ),
    "another format alone": Fault(
        lambda copy: copy.text("jats", "2.49 (95% CI 1.45–4.28)", "2.49 (95% CI 1.45–2.48)"),
        "",
        "",
        "In jats: the estimate 2.49 is not within its interval, 1.45 to 2.48",
    ),
    "a P value above 1": Fault(
        lambda copy: copy.words(
            "Adverse events were not compared", "Adverse events were not compared (P=1.3)"
        ),
        "index.qmd",
        "Adverse events were not compared",
        "“P=1.3” is no P value, which is from 0 to 1",
    ),
    "a negative P value": Fault(
        lambda copy: copy.words("in an open-label trial.", "in an open-label trial (p = −0.2)."),
        "index.qmd",
        "in an open-label trial.",
        "“p = −0.2” is no P value",
    ),
    "the ledger's estimate": Fault(
        lambda copy: copy.entry("dysregulated.prednisone.risk_ratio", value=3.9),
        "index.qmd",
        "r.dysregulated.prednisone.risk_ratio",
        "Of dysregulated.prednisone.risk_ratio, the estimate 3.9 is not within",
    ),
    "the ledger's P value, of the same method": Fault(
        lambda copy: copy.entry("interaction.ratio_of_odds_ratios", p=0.2),
        DYSREGULATED,
        "r.interaction.ratio_of_odds_ratios",
        "excludes 1, the value of no difference, but P=0.2 by the same method",
    ),
    "the ledger's interval of a difference": Fault(
        lambda copy: copy.entry("interaction.reri", low=-0.1),
        DYSREGULATED,
        "r.interaction.reri",
        "-0.1 to 1.14998 includes 0, the value of no difference, but P=0.000689",
    ),
}


@pytest.fixture(scope="module")
def found(in_all_formats: Manuscript) -> list[Finding]:
    return list(intervals(planted(in_all_formats, FAULTS.values())))


@pytest.mark.parametrize("name", FAULTS)
def test_a_wrong_interval_is_found_where_it_stands(
    name: str, found: list[Finding], in_all_formats: Manuscript
) -> None:
    assert_found_once(found, FAULTS[name], in_all_formats)


def test_nothing_else_is_found(found: list[Finding]) -> None:
    assert len(found) == len(FAULTS), [str(each) for each in found]


def test_any_probability_may_be_a_p_value(manuscript: Manuscript) -> None:
    copy = Rendered(manuscript)
    words = "Adverse events were not compared"
    copy.words(words, f"{words} (P=1, P = 1.0, P<0.001, P>0.99, p=0), as in CD3p=4")
    assert list(intervals(copy.manuscript)) == []


def test_where_two_methods_disagree_the_manuscript_has_to_say_which_decides(manuscript: Manuscript) -> None:
    # Live birth: the Koopman interval of the risk ratio includes 1, and Fisher's mid-P is below 0.05.
    silent = Rendered(manuscript)
    silent.ledger["numbers"] = [each for each in silent.ledger["numbers"] if each["key"] != DECIDES]
    found = list(intervals(replace(manuscript, ledger=silent.ledger)))
    assert [each.what for each in found] == [
        "Of dysregulated.any.live_birth.p, the interval 0.990535 to 3.30171 includes 1, the value of no "
        "difference, but P=0.0458 by another method."
    ]
    assert "which of the two decides" in found[0].remedy
    assert found[0].file == "chapters/supplement.qmd"


@pytest.mark.parametrize(
    "text",
    [
        "1.73 (95% CI 1.12–2.83)",
        "−14.3 percentage points (95% CI −36.1 to 11.3)",
        "-14.3 (-36.1 to -11.3)",
        "2 (95% CI 2.1–3.0)",  # the estimate may be 2.3
        "0.01 (<0.001 to 0.2)",
        "2.53 (95% CI from 1.24, no upper limit)",
        "not estimable (nobody had the event; 95% CI 0.41–3.0)",
        "in 2015 (1.5–2.0 a year)",
        "as Table 2 (3–4) shows",
        "Reprod Sci 2015;12 (3–9)",
        "an odds ratio of 1.68 with a 95% confidence interval (CI) of 1.04–2.73 (P=0.03)",
        "risk ratio 1.92 (1.00–4.14), P=0.05",  # rounded to the border
        "risk ratio 1.2 (0.9–1.6), P<0.5",
        "5/12 of 95% confidence",
    ],
)
def test_what_is_sound_or_no_interval_is_left_alone(text: str, manuscript: Manuscript) -> None:
    page = read_page(f"<p>{text.replace('<', '&lt;')}</p>").paragraphs
    assert list(intervals(replace(manuscript, paragraphs=page, html="", texts={}))) == []


@pytest.mark.parametrize(
    "text",
    [
        "1.73 (95% CI: 1.75, 2.83)",
        "1.73, 95% confidence interval 1.75 to 2.83",
        "1.73 with a 95% confidence interval (CI) of 1.75–2.83",
        "1.73 [1.75–2.83]",
        "2.53 (95% CI from 2.70, no upper limit)",
        "-5.0 (-4.1 to -3.2)",
        "1.02 (<0.001 to 1.00)",
        "48.2% (95% CI 49.0%–55.4%)",
        "risk difference 3.0 (1.0 to 5.0), P>0.99",
        "odds ratio of 1.68 with a 95% confidence interval (CI) of 1.04–2.73 (P=0.30)",
    ],
)
def test_other_ways_to_print_an_interval_are_read(text: str, manuscript: Manuscript) -> None:
    page = read_page(f"<p>{text.replace('<', '&lt;')}</p>").paragraphs
    assert len(list(intervals(replace(manuscript, paragraphs=page, html="", texts={})))) == 1


@given(st.lists(st.floats(-500, 500), min_size=3, max_size=3), st.integers(0, 3))
def test_an_interval_that_is_rounded_still_holds_its_estimate(values: list[float], places: int) -> None:
    low, value, high = (number(f"{each:.{places}f}") for each in sorted(values))
    assert outside(value, low, high) == ""


@given(st.integers(-500, 500), st.integers(0, 500), st.integers(1, 500), st.booleans())
def test_an_estimate_beyond_a_limit_is_outside(low: int, width: int, beyond: int, above: bool) -> None:
    value = low + width + beyond if above else low - beyond
    shown = [number(f"{each / 100:.2f}") for each in (value, low, low + width)]
    assert "is not within its interval" in outside(*shown)
