"""Counting by cell: the same numbers as counting patients one by one, and no copy of the cohort."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_helpers.results.cells import Cells, OutcomeColumn, Tally
from report_helpers.results.description import _quantile, baseline, summarise
from report_helpers.results.unadjusted import Unadjusted, unadjusted
from report_helpers.study.cohort import load_cohort
from report_helpers.study.definition import Study, load_study
from report_helpers.study.eligibility import Eligibility, apply_criteria

ROOT = Path(__file__).parents[2]
REGIMEN, TIMING = "immunotherapy_regimen", "immunotherapy_timing"


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(ROOT / "study.yml")


@pytest.fixture(scope="module")
def selected(study: Study) -> Eligibility:
    return apply_criteria(study, load_cohort(study))


@pytest.fixture(scope="module")
def compared(study: Study, selected: Eligibility) -> Unadjusted:
    return unadjusted(study, selected)


def test_a_patient_is_in_the_cell_of_her_groups(selected: Eligibility) -> None:
    cells, frame = Cells.of(selected.analysed_sample), selected.analysed
    assert cells.stratum[cells.codes].tolist() == frame["stratum"].tolist()
    assert cells.regimen[cells.codes].tolist() == frame[REGIMEN].tolist()
    assert cells.timing[cells.codes].tolist() == frame[TIMING].tolist()
    assert cells.patients(cells.treated).tolist() == frame["treated"].tolist()


@pytest.mark.parametrize("outcome", ["implantation", "sacs_per_embryo", "clinical_pregnancy", "live_birth"])
def test_cells_add_up_to_what_patients_do(study: Study, selected: Eligibility, outcome: str) -> None:
    cells = Cells.of(selected.analysed_sample)
    column = OutcomeColumn.read(study.outcomes[outcome], selected.analysed_sample)
    tally = Tally.of(column, cells.codes, len(cells.stratum))
    for chosen in (cells.regulated, cells.treated, cells.timing == "after", cells.stratum == "nobody"):
        patients = cells.patients(chosen)
        assert tally.patients(chosen) == patients.sum()
        assert tally.totals(chosen) == (column.events[patients].sum(), column.size[patients].sum())
        events, sizes, times = tally.clusters(chosen)
        assert len(events) <= 20
        listed = sorted(zip(np.repeat(events, times), np.repeat(sizes, times), strict=True))
        assert listed == sorted(zip(column.events[patients], column.size[patients], strict=True))


@pytest.mark.parametrize(
    ("key", "treated", "reference"),
    [
        ("dysregulated.nk", "stratum == 'nk' and treated", "stratum == 'nk' and not treated"),
        ("dysregulated.increased_nk", "increased_nk and treated", "increased_nk and not treated"),
        (
            "dysregulated.prednisone",
            f"profile == 'dysregulated' and {REGIMEN} == 'prednisone'",
            "profile == 'dysregulated' and not treated",
        ),
        (
            "regulated.after",
            f"profile == 'regulated' and {TIMING} == 'after'",
            f"profile == 'regulated' and {TIMING} == 'none'",
        ),
    ],
)
def test_contrasts_compare_whom_they_name(
    selected: Eligibility, compared: Unadjusted, key: str, treated: str, reference: str
) -> None:
    """Counted again from the frame."""
    profile, _, name = key.partition(".")
    main = getattr(compared, profile).contrasts[name].outcomes["implantation"]
    groups = [selected.analysed.query(which) for which in (treated, reference)]
    assert (main.n, main.reference_n) == tuple(len(group) for group in groups)
    assert (main.events, main.reference_events) == tuple(group["implantation"].sum() for group in groups)
    _, *members = compared.groups()[key]
    assert [mask.sum() for mask in members] == [len(group) for group in groups]


def test_the_baseline_table_is_that_of_the_groups_frames(study: Study, selected: Eligibility) -> None:
    """All groups at once against each group's own rows."""
    table, frame = baseline(study, selected.analysed_sample), selected.analysed
    for column in table.columns:
        profile, _, arm = column.key.partition("_")
        members = frame[(frame["profile"] == profile) & (frame["treated"] == (arm == "treated"))]
        for covariate, row in zip(study.covariates, table.rows, strict=True):
            assert row.cells[column.key] == summarise(members[covariate.key], covariate)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=40), st.sampled_from([0.25, 0.5, 0.75]))
def test_quartiles_are_those_of_numpy(tenths: list[int], share: float) -> None:
    values = np.sort(np.array(tenths) / 10)
    assert _quantile(values, share) == np.quantile(values, share)


def test_no_frame_is_copied(study: Study) -> None:
    """The comparisons and the baseline table read columns; frames are made only for those who ask."""
    cohort = load_cohort(study)
    before = cohort.frame.copy()
    selected = apply_criteria(study, cohort)
    baseline(study, selected.analysed_sample)
    unadjusted(study, selected)
    for sample in (selected.eligible_sample, selected.analysed_sample):
        assert "frame" not in vars(sample)
        assert sample.source is cohort.frame
    pd.testing.assert_frame_equal(cohort.frame, before)
