"""Disclosure control reaches every number of the results, and none of synthetic patients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

from report_helpers.results import Results
from report_helpers.results.analysis import analyse_cohort
from report_helpers.results.withheld import NOT_SHOWN, Withheld
from report_helpers.study.cohort import load_cohort
from report_helpers.study.definition import Study

from .everything_printed import print_everything, protected


def left(value: object, name: str = "") -> Iterator[str]:
    """Go through all numbers of the results that have a value; a part that is added is seen here."""
    match value:
        case Study() | bool() | Withheld():
            pass
        case int() | float():
            yield name
        case Mapping():
            yield from (found for key, each in value.items() for found in left(each, name or key))
        case tuple():
            yield from (found for each in value for found in left(each, name))
        case _ if is_dataclass(value):
            yield from (
                found for field in fields(value) for found in left(getattr(value, field.name), field.name)
            )


def test_a_cohort_too_small_has_no_results(root: Path) -> None:
    study = replace(protected(root), least_patients=367)
    results = analyse_cohort(study, load_cohort(study))
    assert set(left(results)) <= {"level", "chosen", "cutoffs", "least_shown", "too_few"}
    printed = print_everything(results, root)
    assert "Too few patients to report" in printed.pages["index.qmd"]
    parts = (
        "regulated dysregulated flow baseline adjusted joint missing sensitivity bounds selection interaction"
    )
    about_patients = tuple(f"{part}." for part in (*parts.split(), "treatment_start"))
    for entry in printed.ledger:
        if entry.key.startswith(about_patients):
            assert entry.value is None or not isinstance(entry.value, int | float), entry


def test_each_number_of_the_results_was_thought_of(results: Results) -> None:
    """A number added to the results must be veiled, or need no veil, before it is named here."""
    of_patients = """analysed counts effective0 effective1 eligible events events_per_term excluded hcg_known
        after_hcg known left_out missing missing_kept n outcome_unknown patients plan_known planned_before
        reference_events reference_n remaining rows screened set_aside treated unknown_reference
        unknown_treated untreated"""
    made_of_them = """after before high highest_propensity0 highest_propensity1 highest_weight holm low
        lowest_propensity0 lowest_propensity1 lowest_weight mean mean_weight median overlap p_value q1 q3
        risk_ratio sd smd smd_dysregulated smd_regulated value"""
    chosen_by_authors = "chosen cutoffs least_shown level too_few"
    assert set(left(results)) == {*of_patients.split(), *made_of_them.split(), *chosen_by_authors.split()}


def test_synthetic_patients_are_shown_as_they_are(results: Results) -> None:
    assert not results.study.protects
    assert NOT_SHOWN not in str(results.regulated) + str(results.flow) + str(results.baseline)
