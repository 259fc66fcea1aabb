"""Look-alikes: in an author's columns and codes, readable through their map, and never over their file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from report_helpers.study.cohort import Cohort, load_cohort
from report_helpers.study.definition import load_study
from report_helpers.study.eligibility import apply_criteria
from report_helpers.study.look_alike import look_alike, write_look_alike
from report_helpers.study.synthetic import SynthesisError, synthesise

MAPPED = """\
  delimiter: semicolon
  decimal: comma
  dates: day-first
  encoding: windows-1252
  columns:
    patient_id: Fallnr
    centre: {from: Klinik, codes: {1: Zürich, 2: Bern, 3: Basel}}
    age_years: Alter
    embryo_transfer: {from: ET, codes: {1: yes, 2: no, 9: missing}}
    oocyte_source: {from: Eizelle, codes: {e: own, s: donor, u: missing}}
    female_reproductive_disease: {any_of: [Endometriose, Myom], yes: [x], no: ["-"]}
    immune_disease: {any_of: {lupus: [SLE], other: [RA, Zöliakie]}}
    immunotherapy_regimen: {from: Mittel, codes: {0: none, 1: prednisone, 2: prednisone_tacrolimus, 3: other}}
    infertility_type: {always: missing}
    hcg_positive: {from: hCG, codes: {pos: yes, neg: no}}
"""
ONE_FOR_TWO = """\
  columns:
    hcg_positive: {from: Test, codes: {keine: no, biochemisch: yes, klinisch: yes}}
    clinical_pregnancy: {from: Test, codes: {keine: no, biochemisch: no, klinisch: yes}}
"""


@pytest.fixture
def study_with(root: Path, tmp_path: Path) -> Callable[..., Path]:
    text = re.sub(r"(?m)^ *#.*\n", "", (root / "study.yml").read_text(encoding="utf-8"))

    def written(lines: str = "", **changed: str) -> Path:
        made = text.replace("  synthetic: true\n", f"  synthetic: true\n{lines}", 1)
        for old, new in changed.items():
            assert re.search(old, made)
            made = re.sub(old, new, made, count=1)
        path = tmp_path / "study.yml"
        path.write_text(made, encoding="utf-8")
        return path

    return written


def read_back(study: Path, patients: int = 300, seed: int = 5) -> Cohort:
    target = study.parent / "look-alike.csv"
    write_look_alike(study, patients, seed, target)
    return load_cohort(load_study(study), target)


def test_it_has_their_columns_and_codes_and_reads_back(study_with: Callable[..., Path]) -> None:
    study = study_with(MAPPED)
    cohort = read_back(study)
    content = (study.parent / "look-alike.csv").read_bytes().decode("cp1252")
    written = list(csv.DictReader(io.StringIO(content), delimiter=";"))
    assert {row["ET"] for row in written} == {"1", "2"}
    assert {row["hCG"] for row in written} == {"pos", "neg", ""}
    assert {row["Eizelle"] for row in written} == {"e", "s", "u"}
    assert {row["Endometriose"] for row in written} == {"x", "-", ""}
    assert {"infertility_type", "age_years", "immune_disease"}.isdisjoint(written[0])
    assert re.fullmatch(r"\d\d,\d", next(row["Alter"] for row in written if row["Alter"]))
    assert re.fullmatch(r"\d\d\.\d\d\.\d{4}", written[0]["screening_date"])
    drawn = synthesise(300, 5)
    for name in ("embryo_transfer", "oocyte_source", "immunotherapy_regimen", "hcg_positive", "live_birth"):
        assert cohort.frame[name].astype(object).equals(drawn[name].astype(object)), name
    for name in ("age_years", "th1_th2_ratio", "transfer_date"):
        assert cohort.frame[name].equals(drawn[name]), name
    assert set(cohort.frame["centre"]) == {"Zürich", "Bern", "Basel"}
    assert set(cohort.frame["immune_disease"].dropna()) == {"none", "lupus", "other"}
    ill = drawn["female_reproductive_disease"].dropna() != "none"
    assert (cohort.frame.loc[ill.index, "female_reproductive_disease"] == "other").equals(ill)


def test_one_of_their_columns_may_feed_two(study_with: Callable[..., Path]) -> None:
    cohort = read_back(study_with(ONE_FOR_TWO))
    drawn = synthesise(300, 5)
    both = drawn[["hcg_positive", "clinical_pregnancy"]].notna().all(axis=1)
    for name in ("hcg_positive", "clinical_pregnancy"):
        assert cohort.frame.loc[both, name].astype(object).equals(drawn.loc[both, name].astype(object))


def test_it_has_their_period_and_cutoffs(study_with: Callable[..., Path]) -> None:
    study = study_with(
        **{
            "start: 2022-01-01": "start: 2015-03-01",
            "end: 2023-12-31": "end: 2019-02-28",
            "value: 50.0": "value: 12",
        }
    )
    cohort = read_back(study, 2000)
    screened = cohort.frame["screening_date"]
    assert screened.min().year == 2015
    assert screened.max().year == 2019
    flow = apply_criteria(load_study(study), cohort).flow
    assert 0.15 < flow.groups[0].n / flow.analysed < 0.5
    assert flow.eligible == round(2000 * 366 / 734)


def test_its_exclusions_are_those_of_the_study(study_with: Callable[..., Path]) -> None:
    study = study_with(
        **{
            "reproductive_disease: 0.36": "reproductive_disease: 0.06",
            "no_transfer: 0.31": "no_transfer: 0.61",
        }
    )
    steps = apply_criteria(load_study(study), read_back(study, 734)).flow.steps
    assert [step.excluded for step in steps] == [22, 55, 225, 66]


def test_the_same_bytes_for_the_same_seed(study_with: Callable[..., Path]) -> None:
    study = load_study(study_with(MAPPED))
    assert look_alike(study, 40, 3) == look_alike(study, 40, 3)
    assert look_alike(study, 40, 3) != look_alike(study, 40, 4)


def test_a_map_that_cannot_be_written_is_said(study_with: Callable[..., Path], tmp_path: Path) -> None:
    study = study_with("  columns:\n    transfer_date: {always: 2001-01-01}\n")
    with pytest.raises(SynthesisError, match="cannot be read back: biopsy_date is not before transfer_date"):
        write_look_alike(study, 50, 1, tmp_path / "made.csv")
    assert not (tmp_path / "made.csv").exists()


def test_another_file_is_not_written_over(study_with: Callable[..., Path], tmp_path: Path) -> None:
    study, target = study_with(), tmp_path / "patients.csv"
    target.write_text("the only copy\n", encoding="utf-8")
    with pytest.raises(SynthesisError, match="there is a file of that name"):
        write_look_alike(study, 5, 1, target)
    assert target.read_text(encoding="utf-8") == "the only copy\n"
    write_look_alike(study, 5, 1, target, replace=True)
    before = target.read_bytes()
    write_look_alike(study, 5, 1, target)
    assert target.read_bytes() == before
    with pytest.raises(SynthesisError, match=r"not a \.xlsx file"):
        write_look_alike(study, 5, 1, tmp_path / "cohort.xlsx")
