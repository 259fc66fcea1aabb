"""The shipped cohort: the same bytes from the same seed, realistic, and true to the truth that it states."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from report_helpers.study.cohort import Cohort, load_cohort
from report_helpers.study.definition import Study
from report_helpers.study.dictionary import ALLOWED, COLUMNS
from report_helpers.study.eligibility import Eligibility, apply_criteria
from report_helpers.study.study_shape import CONTRASTS
from report_helpers.study.synthetic import (
    SEED,
    TRUTH,
    SynthesisError,
    TrueRisks,
    synthesise,
    true_risks,
    write_csv,
)

BY_TREATMENT = tuple(
    f"{profile}.{arm}"
    for profile, arms in (
        ("regulated", ("after", "before_and_after")),
        ("dysregulated", ("th1_th2", "nk", "both", "prednisone", "prednisone_tacrolimus", "other")),
    )
    for arm in arms
)


@pytest.fixture(scope="module")
def truth() -> Mapping[str, TrueRisks]:
    return true_risks()


@pytest.fixture(scope="module")
def large(study: Study) -> Eligibility:
    return apply_criteria(study, _cohort(synthesise(100_000, seed=7)))


@pytest.fixture(scope="module")
def shipped(study: Study) -> Eligibility:
    return apply_criteria(study, load_cohort(study))


def _cohort(frame: pd.DataFrame) -> Cohort:
    return Cohort(frame, "cohort.csv", "", len(frame))


def arms_of(frame: pd.DataFrame, contrast: str) -> tuple[pd.Series, pd.Series]:
    """Return the implantations of those treated and those not, for a contrast path."""
    profile, _, key = contrast.partition(".")
    group = frame[frame["profile"] == profile]
    if key in ("th1_th2", "nk", "both"):
        group = group[group["stratum"] == key]
    elif key in ("elevated_th1_th2", "increased_nk"):
        group = group[group[key]]
    treated = group[group["treated"]]
    if key in ("after", "before_and_after"):
        treated = treated[treated["immunotherapy_timing"] == key]
    elif key in ("prednisone", "prednisone_tacrolimus", "other"):
        treated = treated[treated["immunotherapy_regimen"] == key]
    return treated["implantation"], group.loc[~group["treated"], "implantation"]


def test_the_shipped_bytes_can_be_made_again(root: Path, tmp_path: Path) -> None:
    write_csv(synthesise(), tmp_path / "cohort.csv")
    assert (tmp_path / "cohort.csv").read_bytes() == (root / "data" / "synthetic" / "cohort.csv").read_bytes()


def test_another_seed_makes_another_cohort() -> None:
    assert not synthesise(50, seed=1).equals(synthesise(50, seed=2))
    assert synthesise(50, seed=1).equals(synthesise(50, seed=1))


def test_734_screened_366_eligible_and_every_reason_present(shipped: Eligibility) -> None:
    assert (shipped.flow.screened, shipped.flow.eligible) == (734, 366)
    assert all(step.excluded > 30 for step in shipped.flow.steps)
    assert 0 < shipped.flow.outcome_unknown < 30


@pytest.mark.parametrize(("patients", "eligible"), [(1, 0), (2, 1), (100, 50), (1468, 732)])
def test_other_sizes_keep_the_share_of_eligible(study: Study, patients: int, eligible: int) -> None:
    assert apply_criteria(study, _cohort(synthesise(patients))).flow.eligible == eligible


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_every_cohort_passes_its_own_validation(study: Study, tmp_path: Path, seed: int) -> None:
    write_csv(synthesise(2000, seed), tmp_path / "cohort.csv")
    assert load_cohort(study, tmp_path / "cohort.csv").rows == 2000


def test_what_cannot_be_made_is_said(tmp_path: Path) -> None:
    with pytest.raises(SynthesisError, match="at least one patient"):
        synthesise(0)
    with pytest.raises(SynthesisError, match="seed cannot be negative"):
        synthesise(1, seed=-1)
    with pytest.raises(SynthesisError, match="cannot be written"):
        write_csv(synthesise(1), tmp_path / "nowhere" / "cohort.csv")


@pytest.mark.parametrize("contrast", CONTRASTS)
def test_a_large_cohort_shows_the_stated_risks(
    large: Eligibility, truth: Mapping[str, TrueRisks], contrast: str
) -> None:
    """Within four standard errors, those of the simulated truth's own Monte Carlo error included."""
    treated, untreated = arms_of(large.analysed, contrast)
    for seen, stated in (
        (treated, truth[contrast].seen_treated),
        (untreated, truth[contrast].seen_untreated),
    ):
        error = np.sqrt(stated * (1 - stated) / len(seen)) + 0.003
        assert seen.mean() == pytest.approx(stated, abs=4 * error)


def test_the_truth_follows_the_study(truth: Mapping[str, TrueRisks]) -> None:
    difference = {key: each.difference for key, each in truth.items()}
    assert difference["regulated.after"] < -0.05
    assert difference["regulated.before_and_after"] < -0.05
    assert min(difference[f"dysregulated.{key}"] for key in ("any", "th1_th2", "nk", "both")) > 0.15
    best = min(difference["dysregulated.prednisone"], difference["dysregulated.prednisone_tacrolimus"])
    assert best > difference["dysregulated.other"] + 0.10 > 0.10


def test_the_readme_states_the_truth(root: Path, truth: Mapping[str, TrueRisks]) -> None:
    readme = (root / "data" / "synthetic" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `((?:dys)?regulated\.\w+)` \|(.*)\|$", readme, flags=re.MULTILINE)
    assert [key for key, _ in rows] == list(truth)
    for key, cells in rows:
        each = truth[key]
        stated = [float(cell) for cell in cells.split("|")]
        computed = [each.treated, each.untreated, each.difference]
        computed += [each.seen_treated, each.seen_untreated, each.seen_difference]
        assert stated == pytest.approx(computed, abs=0.0051)
    assert f"--seed {SEED} " in readme


def test_the_readme_states_the_coefficients(root: Path) -> None:
    readme = (root / "data" / "synthetic" / "README.md").read_text(encoding="utf-8").replace("−", "-")
    for name, value in vars(TRUTH).items():
        for number in value.values() if isinstance(value, Mapping) else [value]:
            assert number == 0 or re.search(rf"[+-]?{number:g}0?\b", readme), name
    for column in synthesise(1).columns:
        assert f"| `{column}` |" in readme


def follows_the_rule(sample: Eligibility, truth: Mapping[str, TrueRisks]) -> bool:
    """The rule by which the README says the seed was chosen."""
    given = sample.analysed.groupby("profile", observed=True)["treated"]
    if given.mean()["dysregulated"] < given.mean()["regulated"] + 0.10:
        return False
    if (~sample.analysed["treated"] & (sample.analysed["profile"] == "dysregulated")).sum() < 50:
        return False
    for contrast in BY_TREATMENT:
        treated, untreated = arms_of(sample.analysed, contrast)
        if min(len(treated), len(untreated)) < (20 if contrast.startswith("regulated") else 10):
            return False
        seen, true = treated.mean() - untreated.mean(), truth[contrast].difference
        if seen * true <= 0 or abs(seen - true) > 0.10:
            return False
    return True


def test_the_seed_was_chosen_as_the_readme_says(
    study: Study, shipped: Eligibility, truth: Mapping[str, TrueRisks]
) -> None:
    assert follows_the_rule(shipped, truth)
    for seed in range(2022, SEED):
        assert not follows_the_rule(apply_criteria(study, _cohort(synthesise(seed=seed))), truth), seed


def test_treatment_follows_indication(large: Eligibility) -> None:
    frame = large.eligible
    share = frame.groupby("profile", observed=True)["treated"].mean()
    assert share["dysregulated"] > share["regulated"] + 0.1
    assert 0.75 < (frame["profile"] == "dysregulated").mean() < 0.80
    failures = frame.groupby(["profile", "treated"], observed=True)["previous_failed_transfers"].mean()
    assert failures["dysregulated", True] > failures["dysregulated", False] + 0.3
    assert failures["dysregulated"].mean() > failures["regulated"].mean()


def test_age_goes_with_quality_stage_and_number(large: Eligibility) -> None:
    own = large.eligible[large.eligible["oocyte_source"] == "own"]
    age = own.groupby("embryo_quality", observed=True)["age_years"].mean()
    assert age["poor"] > age["fair"] > age["good"]
    assert own.groupby("embryo_stage", observed=True)["age_years"].mean().diff().abs().iloc[-1] > 0.2
    assert own["age_years"].corr(own["embryos_transferred"]) > 0.1


def test_missing_values_are_where_registries_have_them(study: Study, shipped: Eligibility) -> None:
    share = shipped.eligible.isna().mean()
    for column in (each.key for each in study.covariates):
        if COLUMNS[column].missing == ALLOWED:
            assert 0.02 <= share[column] <= 0.08, column
        else:
            assert share[column] == 0, column


def test_start_dates_agree_with_timing(large: Eligibility) -> None:
    frame = large.eligible.dropna(subset=["immunotherapy_start_date"])
    lead = (frame["transfer_date"] - frame["immunotherapy_start_date"]).dt.days
    late = frame["immunotherapy_timing"] == "after"
    assert lead[late].between(-7, -1).all()
    assert lead[~late].between(2, 21).all()
