"""The shipped study file, a way to spoil it, and a way to write small cohorts."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from report_helpers.study.cohort import Cohort, load_cohort
from report_helpers.study.definition import Study, load_study
from report_helpers.study.dictionary import COLUMNS, WHERE_NO_TRANSFER

# A patient who is eligible, untreated and not pregnant; tests say only what differs.
PATIENT = {
    "centre": "Centre A",
    "screening_date": "2022-03-01",
    "age_years": "35",
    "bmi_kg_m2": "22.5",
    "infertility_type": "primary",
    "previous_failed_transfers": "2",
    "oocyte_source": "own",
    "female_reproductive_disease": "none",
    "immune_disease": "none",
    "biopsy_date": "2022-03-20",
    "immune_profile_status": "quantified",
    "th1_th2_ratio": "5",
    "nk_cells_percent": "30",
    "embryo_transfer": "yes",
    "transfer_date": "2022-05-02",
    "cycle_type": "frozen",
    "embryo_stage": "blastocyst",
    "embryo_quality": "good",
    "embryos_transferred": "1",
    "immunotherapy_regimen": "none",
    "immunotherapy_timing": "none",
    "hcg_date": "2022-05-12",
    "hcg_positive": "no",
    "gestational_sacs": "0",
    "clinical_pregnancy": "no",
}
_AFTER_TRANSFER = [
    name for name, column in COLUMNS.items() if column.missing == WHERE_NO_TRANSFER and name in PATIENT
]
_AFTER_TRANSFER += ["hcg_date", "hcg_positive", "gestational_sacs", "clinical_pregnancy"]
KINDS = {
    "typical": {},
    "no transfer": {"embryo_transfer": "no", **dict.fromkeys(_AFTER_TRANSFER, "")},
    "pregnant": {"hcg_positive": "yes", "gestational_sacs": "1", "clinical_pregnancy": "yes"},
    "treated": {"immunotherapy_regimen": "prednisone", "immunotherapy_timing": "before_and_after"},
    "not quantified": {"immune_profile_status": "assay_failed", "th1_th2_ratio": "", "nk_cells_percent": ""},
}

WriteCsv = Callable[..., Path]
Cohorts = Callable[..., Cohort]


def csv_text(*patients: Mapping[str, str]) -> str:
    """The text of a cohort file; each patient is PATIENT, but for her kinds ("like") and differences."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(COLUMNS), lineterminator="\n")
    writer.writeheader()
    for number, differences in enumerate(patients, start=1):
        row = {"patient_id": f"P{number}", **PATIENT}
        for kind in differences.get("like", "typical").split(", "):
            row |= KINDS[kind]
        writer.writerow(row | {name: cell for name, cell in differences.items() if name != "like"})
    return text.getvalue()


@pytest.fixture(scope="session")
def study(root: Path) -> Study:
    return load_study(root / "study.yml")


@pytest.fixture
def write(tmp_path: Path) -> WriteCsv:
    """Write a text or bytes, or a cohort of the given patients, and return the path."""

    def write_file(*patients: Mapping[str, str], content: str | bytes | None = None) -> Path:
        path = tmp_path / "cohort.csv"
        content = csv_text(*patients) if content is None else content
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


@pytest.fixture
def cohort_of(study: Study, write: WriteCsv) -> Cohorts:
    return lambda *patients: load_cohort(study, write(*patients))


@pytest.fixture
def spoil(root: Path, tmp_path: Path) -> Callable[[str, str], Path]:
    """Write the shipped study file with one text replaced."""

    def replaced(old: str, new: str) -> Path:
        text = (root / "study.yml").read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / "study.yml"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return replaced
