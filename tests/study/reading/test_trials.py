"""Two published trials, as their data sets are, read through a map and analysed.

Neither is about implantation. What their patients have (centre, age, body mass index, treatment, outcome) is
mapped from their own columns and codes; what the dictionary needs besides is the same for all patients and
says nothing. The counts are those of the publications (see tests/data/trials/SOURCE.md).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from report_helpers import analyse
from report_helpers.study.cohort import CohortError, load_cohort
from report_helpers.study.definition import load_study

NOT_RECORDED = (
    "infertility_type",
    "previous_failed_transfers",
    "oocyte_source",
    "hcg_positive",
    "clinical_pregnancy",
)
ALIKE: dict[str, Any] = {
    "screening_date": {"always": "2005-01-01"},
    "transfer_date": {"always": "2005-06-01"},
    "embryo_transfer": {"always": "yes"},
    "female_reproductive_disease": {"always": "none"},
    "immune_disease": {"always": "none"},
    "immune_profile_status": {"always": "quantified"},
    "th1_th2_ratio": {"always": 20},
    "nk_cells_percent": {"always": 10},
    "cycle_type": {"always": "frozen"},
    "embryo_stage": {"always": "blastocyst"},
    "embryo_quality": {"always": "good"},
    "embryos_transferred": {"always": 1},
    **{name: {"always": "missing"} for name in NOT_RECORDED},
}
PERIODONTAL: dict[str, Any] = {
    "patient_id": "PID",
    "centre": "Clinic",
    # The dictionary begins at 18 years; 19 younger mothers stay in the study without their age.
    "age_years": {"from": "Age", "codes": {16: "missing", 17: "missing"}},
    "bmi_kg_m2": "BMI",
    "immunotherapy_regimen": {"from": "Group", "codes": {"C": "none", "T": "other"}},
    "immunotherapy_timing": {"from": "Group", "codes": {"C": "none", "T": "before"}},
    "gestational_sacs": {"from": "Preg.ended...37.wk", "codes": {"Yes": 1, "No": 0}},
    "live_birth": {
        "from": "birth.outcome",
        "codes": {
            "Live birth": "yes",
            "Non-live birth": "no",
            "Elective abortion": "no",
            "Lost to FU": "missing",
        },
    },
}
INDOMETHACIN: dict[str, Any] = {
    "patient_id": "PID",
    "centre": "site",
    "age_years": {"always": "missing"},  # most are older than the dictionary allows
    "bmi_kg_m2": {"always": "missing"},
    "immunotherapy_regimen": {"from": "rx", "codes": {"0_placebo": "none", "1_indomethacin": "other"}},
    "immunotherapy_timing": {"from": "rx", "codes": {"0_placebo": "none", "1_indomethacin": "before"}},
    "gestational_sacs": {"from": "outcome", "codes": {"0_no": 0, "1_yes": 1}},
}


@pytest.fixture
def trial(root: Path, tmp_path: Path) -> Any:
    """A study of one of the data sets, whose patients are numbered since the copy has no names for them."""

    def made(file: str, outcome: str, columns: dict[str, Any], covariates: list[str]) -> Path:
        heading, *lines = (root / "tests" / "data" / "trials" / file).read_text(encoding="utf-8").splitlines()
        numbered = [f"PID,{heading}", *[f"{number},{line}" for number, line in enumerate(lines, start=1)]]
        (tmp_path / file).write_text("\n".join(numbered) + "\n", encoding="utf-8")
        yaml = YAML(typ="safe")
        study = yaml.load((root / "study.yml").read_text(encoding="utf-8"))
        study["period"]["start"] = study["period"]["end"] = ALIKE["screening_date"]["always"]
        study["data"] = {"file": file, "synthetic": False, "columns": {**ALIKE, **columns}}
        study["outcomes"]["implantation"]["label"] = outcome
        study["covariates"] = {name: study["covariates"][name] for name in covariates}
        study["adjustment"] |= {"covariates": covariates, "bootstrap_resamples": 100, "imputations": 2}
        with (tmp_path / "study.yml").open("w", encoding="utf-8") as target:
            yaml.dump(study, target)
        return tmp_path / "study.yml"

    return made


def test_the_periodontal_trial_gives_its_published_counts(trial: Any) -> None:
    """Preterm birth: 50 of 408 treated, 53 of 406 controls with a known outcome (823 randomised)."""
    study = trial("opt.csv", "Preterm birth", PERIODONTAL, ["age_years", "bmi_kg_m2"])
    results = analyse(study)
    contrast = results.dysregulated.any
    assert (contrast.events, contrast.n) == (50, 408)
    assert (contrast.reference_events, contrast.reference_n) == (53, 406)
    assert results.flow.screened == 823
    assert load_cohort(load_study(study)).form == "UTF-8, commas; 823 rows, 11 columns, 8 mapped"


def test_the_indomethacin_trial_gives_its_published_counts(trial: Any) -> None:
    """Pancreatitis after ERCP: 27 of 295 with indomethacin, 52 of 307 with placebo."""
    study = trial("indo_rct.csv", "Pancreatitis after ERCP", INDOMETHACIN, ["bmi_kg_m2"])
    contrast = analyse(study).dysregulated.any
    assert (contrast.events, contrast.n) == (27, 295)
    assert (contrast.reference_events, contrast.reference_n) == (52, 307)


def test_what_a_trial_lacks_is_asked_for(trial: Any) -> None:
    study = trial("opt.csv", "Preterm birth", PERIODONTAL, ["age_years"])
    text = study.read_text(encoding="utf-8").replace("from: Group", "from: Arm", 1)
    study.write_text(text, encoding="utf-8")
    definition = load_study(study)
    with pytest.raises(
        CohortError, match=r"the column Arm is missing, which study.yml names for immunotherapy_"
    ):
        load_cohort(definition)
