"""Results on cohorts small enough to count by hand."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

import pytest

from report_helpers import analyse
from report_helpers.results import Results

ROOT = Path(__file__).parents[2]

PATIENT = {
    "centre": "Centre A",
    "screening_date": "2022-03-01",
    "age_years": "35",
    "bmi_kg_m2": "23.5",
    "infertility_type": "primary",
    "infertility_duration_years": "3",
    "previous_failed_transfers": "2",
    "previous_miscarriages": "0",
    "oocyte_source": "own",
    "female_reproductive_disease": "none",
    "immune_disease": "none",
    "biopsy_date": "2022-03-05",
    "immune_profile_status": "quantified",
    "th1_th2_ratio": "5",
    "nk_cells_percent": "30",
    "embryo_transfer": "yes",
    "transfer_date": "2022-04-10",
    "cycle_type": "frozen",
    "embryo_stage": "blastocyst",
    "embryo_quality": "good",
    "embryos_transferred": "1",
    "pgt_a": "no",
    "immunotherapy_regimen": "none",
    "immunotherapy_timing": "none",
    "immunotherapy_planned_before_transfer": "",
    "immunotherapy_start_date": "",
    "hcg_date": "2022-04-22",
    "hcg_positive": "no",
    "gestational_sacs": "0",
    "clinical_pregnancy": "no",
    "live_birth": "no",
    "adverse_event": "none",
}
PREGNANT = {"hcg_positive": "yes", "gestational_sacs": "1", "clinical_pregnancy": "yes", "live_birth": "yes"}
TH1 = {"th1_th2_ratio": "12"}
NK = {"nk_cells_percent": "70"}
PREDNISONE = {
    "immunotherapy_regimen": "prednisone",
    "immunotherapy_timing": "before",
    "immunotherapy_start_date": "2022-04-03",
    "immunotherapy_planned_before_transfer": "yes",
}
UNKNOWN = {"hcg_positive": "", "gestational_sacs": "", "clinical_pregnancy": "", "live_birth": ""}


def analysed(tmp_path: Path, *patients: dict[str, str]) -> Results:
    shipped = (ROOT / "data" / "synthetic" / "cohort.csv").read_text(encoding="utf-8")
    header = next(csv.reader(shipped.splitlines()))
    target = tmp_path / "cohort.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        for number, changes in enumerate(patients):
            writer.writerow({**PATIENT, "patient_id": f"T{number}", **changes})
    return analyse(ROOT / "study.yml", target)


def counts(results: Results, path: str) -> tuple[int, int, int, int]:
    main = results.contrasts[path].outcomes["implantation"]
    return main.events, main.n, main.reference_events, main.reference_n


def test_patients_fall_into_profile_stratum_and_arm(tmp_path: Path) -> None:
    results = analysed(
        tmp_path,
        {},
        PREGNANT,
        TH1,
        {**TH1, **PREDNISONE, **PREGNANT},
        {**NK, **PREDNISONE},
        {**TH1, **NK, **PREDNISONE, **PREGNANT},
    )
    assert results.regulated.arms["none"].events == 1
    assert counts(results, "dysregulated.any") == (2, 3, 0, 1)
    assert counts(results, "dysregulated.th1_th2") == (1, 1, 0, 1)
    assert counts(results, "dysregulated.nk") == (0, 1, 0, 0)
    assert counts(results, "dysregulated.both") == (1, 1, 0, 0)
    assert counts(results, "dysregulated.elevated_th1_th2") == (2, 2, 0, 1)
    assert counts(results, "dysregulated.increased_nk") == (1, 2, 0, 0)
    assert counts(results, "dysregulated.prednisone") == (2, 3, 0, 1)


def test_a_value_at_the_cutoff_is_elevated(tmp_path: Path) -> None:
    at_cutoff = {"th1_th2_ratio": "10.0"}
    results = analysed(tmp_path, {}, at_cutoff)
    assert (results.regulated.patients, results.dysregulated.patients) == (1, 1)


def test_an_empty_stratum_is_not_estimable_and_says_why(tmp_path: Path) -> None:
    empty = analysed(tmp_path, {}, TH1).contrasts["dysregulated.nk"].outcomes["implantation"]
    assert empty.rate.value is None
    assert empty.risk_ratio.value is None
    assert empty.risk_ratio.reason


def test_sacs_are_counted_per_embryo_and_twins_are_kept(tmp_path: Path) -> None:
    twins = {**TH1, **PREDNISONE, **PREGNANT, "gestational_sacs": "2"}
    two_embryos = {**TH1, **PREDNISONE, **PREGNANT, "embryos_transferred": "2"}
    sacs = (
        analysed(tmp_path, TH1, twins, two_embryos).contrasts["dysregulated.any"].outcomes["sacs_per_embryo"]
    )
    assert (sacs.events, sacs.n, sacs.reference_events, sacs.reference_n) == (3, 3, 0, 1)


def test_unknown_outcomes_leave_the_contrast_and_enter_the_bounds(tmp_path: Path) -> None:
    results = analysed(
        tmp_path,
        {**TH1, **PREDNISONE, **PREGNANT},
        {**TH1, **PREDNISONE, **UNKNOWN},
        TH1,
        {**TH1, **UNKNOWN},
    )
    assert results.flow.outcome_unknown == 2
    assert counts(results, "dysregulated.any") == (1, 1, 0, 1)
    bounds = results.bounds["dysregulated.any"]
    assert (bounds.best.events, bounds.best.n, bounds.best.reference_events, bounds.best.reference_n) == (
        2, 2, 0, 2,
    )  # fmt: skip
    assert (bounds.worst.events, bounds.worst.reference_events) == (1, 1)


def test_each_outcome_has_its_own_denominator(tmp_path: Path) -> None:
    pending = {**TH1, **PREDNISONE, **PREGNANT, "live_birth": ""}
    outcomes = analysed(tmp_path, TH1, pending).contrasts["dysregulated.any"].outcomes
    assert (outcomes["implantation"].n, outcomes["live_birth"].n) == (1, 0)


def test_treatment_start_is_counted_from_transfer(tmp_path: Path) -> None:
    late = {
        **TH1,
        "immunotherapy_regimen": "prednisone",
        "immunotherapy_timing": "after",
        "immunotherapy_start_date": "2022-04-24",
    }
    starts = analysed(tmp_path, {**TH1, **PREDNISONE}, late).treatment_start
    assert (starts["before"].median, starts["before"].planned_before) == (-7.0, 1)
    assert (starts["after"].median, starts["after"].after_hcg, starts["after"].plan_known) == (14.0, 1, 0)


def test_missing_values_are_counted_among_the_eligible(tmp_path: Path) -> None:
    excluded = {"female_reproductive_disease": "endometriosis", "age_years": ""}
    results = analysed(tmp_path, {"age_years": ""}, {}, excluded)
    age = next(row for row in results.missing if row.key == "age_years")
    assert (age.missing, age.n) == (1, 2)


def test_every_column_that_may_be_blank_is_counted_among_those_it_applies_to(tmp_path: Path) -> None:
    rows = {row.key: row for row in analysed(tmp_path, TH1, {**TH1, **PREDNISONE}, {"hcg_date": ""}).missing}
    start, test = rows["immunotherapy_start_date"], rows["hcg_date"]
    assert (start.missing, start.n) == (0, 1)
    assert (test.label, test.missing, test.n) == ("hCG date", 1, 3)
    assert "patient_id" not in rows


def test_a_blank_that_only_a_transfer_can_fill_is_not_compared(tmp_path: Path) -> None:
    none = {
        name: ""
        for name in PATIENT
        if name.startswith(
            ("transfer_", "cycle", "embryo_", "embryos", "immunotherapy", "hcg", "gest", "clin")
        )
    }
    without = {**none, "embryo_transfer": "no", "pgt_a": "", "live_birth": "", "adverse_event": ""}
    keys = {row.key for row in analysed(tmp_path, {}, TH1, without).selection}
    assert "pgt_a" not in keys
    assert "age_years" in keys


def test_the_baseline_describes_what_is_known(tmp_path: Path) -> None:
    rows = analysed(
        tmp_path, {"age_years": "30"}, {"age_years": "40"}, {"age_years": ""}, {"oocyte_source": "donor"}
    ).baseline.rows
    cells = {row.key: row.cells["regulated_untreated"] for row in rows}
    assert (cells["age_years"].n, cells["age_years"].missing, cells["age_years"].mean) == (4, 1, 35.0)
    assert cells["oocyte_source"].counts == {"own": 3, "donor": 1}


def test_the_interaction_compares_the_two_profiles(results: Results) -> None:
    ratio = results.interaction.ratio_of_risk_ratios.value
    parts = [results.contrasts[f"{profile}.any"].risk_ratio for profile in ("dysregulated", "regulated")]
    assert ratio == pytest.approx(parts[0].value / parts[1].value)


def test_families_are_corrected_together(results: Results) -> None:
    for family in results.study.families:
        members = [results.contrasts[path] for path in family.contrasts]
        raw = [member.outcomes["implantation"].test.p_value for member in members]
        assert members[raw.index(min(raw))].holm == pytest.approx(min(1.0, min(raw) * len(raw)))
        assert all(member.holm >= p for member, p in zip(members, raw, strict=True))


def test_results_cannot_be_changed(results: Results) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        results.flow.screened = 735


def test_an_unknown_result_suggests_the_nearest(results: Results) -> None:
    with pytest.raises(AttributeError, match="did you mean 'prednisone'"):
        _ = results.dysregulated.prednison


def test_the_shipped_cohort_follows_its_truth(results: Results) -> None:
    """Direction only: the truth itself is tested on large cohorts in tests/study."""
    for path in ("regulated.after", "regulated.before_and_after"):
        assert results.contrasts[path].risk_ratio.value < 1
    for path in ("any", "th1_th2", "nk", "both", "prednisone", "prednisone_tacrolimus"):
        assert results.contrasts[f"dysregulated.{path}"].risk_ratio.value > 1
    assert (results.flow.screened, results.flow.eligible) == (734, 366)
