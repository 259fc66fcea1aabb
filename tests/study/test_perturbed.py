"""Perturbed cohorts keep the rules, are the same each time, and as real as the patients they come from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from report_helpers import analyse
from report_helpers.errors import ManuscriptError
from report_helpers.publishing.prepare import prepare
from report_helpers.study.cohort import Cohort, load_cohort
from report_helpers.study.definition import Study, load_study
from report_helpers.study.dictionary import COLUMNS
from report_helpers.study.eligibility import apply_criteria
from report_helpers.study.perturbed import MOST_PATIENTS, PERTURBED, perturbed
from report_helpers.study.synthetic import csv_bytes, synthesise


@pytest.fixture(scope="module")
def study(root: Path) -> Study:
    return load_study(root / "study.yml")


@pytest.fixture(scope="module")
def cohort(study: Study) -> Cohort:
    return load_cohort(study)


def saved(frame: pd.DataFrame, folder: Path) -> Path:
    """Write patients as a file that no record vouches for."""
    path = folder / "patients.csv"
    path.write_bytes(csv_bytes(frame))
    return path


def none_treated(frame: pd.DataFrame) -> pd.DataFrame:
    known = frame["immunotherapy_regimen"].notna()
    frame.loc[known, ["immunotherapy_regimen", "immunotherapy_timing"]] = "none"
    return frame.assign(immunotherapy_start_date=pd.NaT)


COHORTS: dict[str, Callable[[], pd.DataFrame]] = {
    "as shipped": synthesise,
    "nobody treated": lambda: none_treated(synthesise()),
    "one patient": lambda: synthesise(patients=1, seed=3),
    "only what is required": lambda: synthesise(seed=4)[
        [name for name, column in COLUMNS.items() if column.required]
    ],
}


@pytest.mark.parametrize("name", COHORTS)
@pytest.mark.parametrize("number", [1, 2])
def test_perturbed_patients_keep_every_rule(name: str, number: int, study: Study, tmp_path: Path) -> None:
    changed = perturbed(load_cohort(study, saved(COHORTS[name](), tmp_path)), number)
    again = load_cohort(study, saved(changed.frame, tmp_path))  # which names every rule that is broken
    assert again.rows == changed.rows
    assert changed.frame["patient_id"].is_unique


def test_every_column_moves(cohort: Cohort) -> None:
    changed = perturbed(cohort, 1)
    assert changed.rows > cohort.rows
    for name in cohort.frame.columns.drop(["patient_id", "screening_date"]):
        before, after = (frame[name].value_counts(normalize=True) for frame in (cohort.frame, changed.frame))
        assert not before.equals(after), name


def test_an_empty_group_is_filled_and_a_whole_one_is_not_whole(study: Study, tmp_path: Path) -> None:
    untreated = load_cohort(study, saved(none_treated(synthesise()), tmp_path))
    arms = apply_criteria(study, perturbed(untreated, 1)).flow.groups[1].arms
    assert all(arm.n for group in arms for arm in group.arms)


def test_the_same_number_gives_the_same_patients(cohort: Cohort) -> None:
    pd.testing.assert_frame_equal(perturbed(cohort, 2).frame, perturbed(cohort, 2).frame)
    assert perturbed(cohort, 1).fingerprint != perturbed(cohort, 2).fingerprint


def test_a_large_cohort_is_sampled(study: Study, tmp_path: Path) -> None:
    large = load_cohort(study, saved(synthesise(patients=4_000, seed=2), tmp_path))
    assert MOST_PATIENTS < perturbed(large, 1).rows < perturbed(large, 2).rows < large.rows


def test_real_patients_stay_real(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The study says that they are synthetic; no record does, and their perturbed copies gain none."""
    path = saved(synthesise(seed=9), tmp_path)
    monkeypatch.setenv("MANUSCRIPT_DATA", str(path))
    monkeypatch.setenv(PERTURBED, "1")
    results = analyse(study.path)
    assert results.flow.screened != 734
    assert not results.data.synthetic
    assert results.data.least_shown == study.disclosure_threshold
    assert [each.name for each in tmp_path.iterdir()] == [path.name], "patients were written"


def test_no_manuscript_is_made_of_them(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PERTURBED, "1")
    with pytest.raises(ManuscriptError, match="no manuscript is made of them"):
        prepare(root, tmp_path)
