"""Slips of the hand are found where they stand, and nothing that only looks like one."""

from __future__ import annotations

import pytest

from report_helpers.publishing.checks.reading.manuscript import Manuscript
from report_helpers.publishing.checks.slips import slips

from .planting import Fault, Planter, assert_found, fault

METHODS = "chapters/methods.qmd"
OLD = "No matching was done."
MARK = "So it was done"


def planted_text(text: str, at: str, says: str) -> Fault:
    return fault((METHODS, OLD, text), at=at, says=says)


FAULTS = {
    "a word twice": planted_text("So it was was done.", "So it was was", "“was” stands twice in a row"),
    "a word twice, once with a capital": planted_text("The the end.", "The the", "“The” stands twice"),
    "a word twice across lines": planted_text("So it was\nwas done.", "was done.", "“was” stands twice"),
    "a word of a claim twice": fault(
        ("index.qmd", 'claim("several groups are small"', 'claim("several groups are are small"'),
        at="groups are are small",
        says="“are” stands twice",
    ),
    "a word of the title twice": fault(
        ("index.qmd", "Insights from a Retrospective", "Insights from a a Retrospective Retrospective"),
        at="title:",
        says="“Retrospective” stands twice",
    ),
    "a blank before a comma": planted_text("So it was done , then.", MARK, "A blank stands before “,”"),
    "a blank before a full stop": planted_text("So it was done .", MARK, "A blank stands before “.”"),
    "two commas": planted_text("So it was done,, then.", MARK, "“,,” is one sign too many"),
    "two full stops": planted_text("So it was done..", MARK, "“..” is one sign too many"),
    "no blank after a comma": planted_text("So it was done,then.", MARK, "No blank stands after “,”"),
    "no blank after a semicolon": planted_text("So it was done;then.", MARK, "No blank stands after “;”"),
    "a bracket left open": planted_text("So it was done (twice.", MARK, "A ( stands alone"),
    "a bracket that closes nothing": planted_text("So it was done twice).", MARK, "A ) stands alone"),
    "a square bracket left open": planted_text("So it was done [@sun2023.", MARK, "A [ stands alone"),
    "a quotation left open": planted_text("So it was done “twice.", MARK, "A “ stands alone"),
}

RIGHT = (
    "The ones that that concerns had had it.",
    "See (a. B follows). And (c).",
    "See (@sec-methods; @tbl-baseline), [x](https://example.org/a(b)), and [@sun2023, p. 4].",
    "A well-known known quantity; `a,b ( [` and … or ...",
    "Between 0.5, 1.5 and 1,234; P<.05.",
    "Done `{python} r.flow.screened`, `{python} r.flow.screened` [@sun2023].",
    "Either a) this, b) that, or (iv) the other; from [0, 1) or (0, 1].",
    "The many&nbsp;patients, P&lt;x, and so on&#8239;here&nbsp;, too.",
    "It is long\n(so long that\nit goes on) here.",
)


def test_the_shipped_manuscript_is_clean(manuscript: Manuscript) -> None:
    assert list(slips(manuscript)) == []


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_slip_is_found_once_with_its_line(name: str, plant: Planter) -> None:
    planted = FAULTS[name]
    manuscript = plant(planted)
    assert_found(list(slips(manuscript)), manuscript, planted)


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_is_let_be(text: str, plant: Planter) -> None:
    assert list(slips(plant(planted_text(text, "", "")))) == []
