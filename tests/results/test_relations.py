"""What the ledger tells of numbers that depend on one another is true of the shipped cohort's results."""

from __future__ import annotations

from report_helpers.reporting import Report
from report_helpers.reporting.relations import relations
from report_helpers.reporting.report import UnknownResultError
from report_helpers.results.model import Results


def value(r: Report, name: str) -> int | None:
    key, _, whole = name.partition(":")
    try:
        found = r.value(key)
    except UnknownResultError:
        return None
    return found.n if whole else found.value  # type: ignore[return-value]


def test_every_sum_holds_and_names_results(results: Results) -> None:
    r = Report(results)
    for each in relations(results).sums:
        parts = [value(r, name) for name in each.parts]
        assert None not in parts, each
        assert sum(parts) == value(r, each.total), each  # type: ignore[arg-type]


def test_names_of_one_quantity_have_one_value(results: Results) -> None:
    r = Report(results)
    for group in relations(results).same:
        known = [found for name in group if (found := value(r, name)) is not None]
        assert len(known) > 1, group
        assert len(set(known)) == 1, group


def test_a_number_that_is_no_sum_is_in_none(results: Results) -> None:
    totals = {each.total for each in relations(results).sums}
    assert {"flow.screened", "flow.excluded", "flow.analysed", "regulated.patients"} <= totals
    assert not any(name.startswith("adjusted.") for name in totals)
