"""A finding tells place, check, problem and remedy; what an author allows is left out, and nothing else."""

from __future__ import annotations

from report_helpers.publishing.checks.finding import Finding, in_order, without_allowed

TYPED = Finding(
    "typed-number", "24 is typed.", "chapters/methods.qmd", 12, "Compute it.", "24", "counted at 24 weeks"
)


def test_a_finding_names_file_line_check_and_remedy() -> None:
    assert str(TYPED) == "chapters/methods.qmd:12: [typed-number] 24 is typed.\n    Compute it."


def test_a_finding_without_a_place_or_remedy_is_one_line() -> None:
    assert str(Finding("citation", "One is not used.", note=True)) == "[citation] One is not used."


def test_an_exception_has_to_hold_what_was_found_and_stand_where_it_was_found() -> None:
    for phrase, stands in {
        "24 weeks": True,
        "24": True,
        "at  24\nweeks": True,
        "24 hours": False,
        "weeks": False,
    }.items():
        assert without_allowed([TYPED], {"typed-number": [phrase]}) == ([] if stands else [TYPED]), phrase
    assert without_allowed([TYPED], {"percentage": ["24 weeks"]}) == [TYPED]


def test_findings_come_as_the_document_is_read_notes_last_each_once() -> None:
    first = Finding("leftover", "a", "index.qmd", 9)
    later = Finding("leftover", "a", "chapters/methods.qmd", 2)
    note = Finding("citation", "b", "index.qmd", 1, note=True)
    nowhere = Finding("flow", "c")
    found = [note, nowhere, later, first, first]
    assert in_order(found, ("index.qmd", "chapters/methods.qmd")) == [first, later, nowhere, note]
