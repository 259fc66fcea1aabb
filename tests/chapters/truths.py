"""Cohorts of other truths than the shipped one's: what the manuscript says must be true of each of them.

Each is a synthetic cohort, drawn under another truth or edited afterwards, as a registry might hold it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from report_helpers.study.synthetic import synthesise
from report_helpers.study.synthetic_truth import BY_CHANCE, NO_EFFECT, TRUTH

_OUTCOMES = ("gestational_sacs", "clinical_pregnancy", "live_birth")
_NEVER_BLANK = ("patient_id", "centre", "screening_date", "embryo_transfer", "immune_profile_status")
_OPTIONAL = ("infertility_duration_years", "biopsy_date", "pgt_a", "immunotherapy_planned_before_transfer",
             "immunotherapy_start_date", "hcg_date", "live_birth", "adverse_event")  # fmt: skip


def no_effect() -> pd.DataFrame:
    """Treatment drawn by lot does nothing, in either profile."""
    return synthesise(seed=5, truth=NO_EFFECT, indication=BY_CHANCE)


def reversed_effects() -> pd.DataFrame:
    """Treatment helps where the profile is regulated and harms where it is dysregulated."""
    truth = replace(
        TRUTH,
        stratum=dict.fromkeys(TRUTH.stratum, 0.4),
        regulated_timing={"none": -1.2, "before": 0.6, "after": 0.6, "before_and_after": 0.6},
        dysregulated_regimen={"none": 0.4, "prednisone": -1.6, "prednisone_tacrolimus": -1.6, "other": -1.6},
    )
    return synthesise(seed=7, truth=truth, indication=BY_CHANCE)


def no_untreated_dysregulated() -> pd.DataFrame:
    """Every patient with a dysregulated profile was treated."""
    frame = synthesise()
    return _without(frame, _dysregulated(frame) & (frame["immunotherapy_regimen"] == "none"))


def one_regimen_missing() -> pd.DataFrame:
    """Nobody was given prednisone with tacrolimus."""
    frame = synthesise()
    return _without(frame, frame["immunotherapy_regimen"] == "prednisone_tacrolimus")


def no_events_in_an_arm() -> pd.DataFrame:
    """No untreated patient with a dysregulated profile has a sac; nor has any given other immunotherapy."""
    frame = synthesise()
    barren = _dysregulated(frame) & frame["immunotherapy_regimen"].isin(["none", "other"])
    frame.loc[barren & frame["gestational_sacs"].notna(), "gestational_sacs"] = 0.0
    for name in ("clinical_pregnancy", "live_birth"):
        frame.loc[barren & frame[name].notna(), name] = "no"
    return frame


def forty_patients() -> pd.DataFrame:
    """A clinic's first months: 40 patients screened."""
    return synthesise(patients=40, seed=3)


def one_patient() -> pd.DataFrame:
    """One patient screened, eligible and treated."""
    frame = synthesise()
    return frame[_dysregulated(frame) & _eligible(frame) & (frame["gestational_sacs"] == 1)].head(1)


def everyone_excluded() -> pd.DataFrame:
    """The assay failed in all patients, so that nobody is left at the last criterion."""
    frame = synthesise()
    frame["immune_profile_status"] = "assay_failed"
    frame[["th1_th2_ratio", "nk_cells_percent"]] = np.nan
    return frame


def many_patients() -> pd.DataFrame:
    """A national registry; fewer than the 100,000 patients it was read with, to save time."""
    return synthesise(patients=2_500, seed=11)


def much_missing() -> pd.DataFrame:
    """Three in ten values are missing in every column that may be blank."""
    frame = synthesise()
    rng = np.random.default_rng(30)
    for name in frame.columns.difference(_NEVER_BLANK, sort=False):
        if not frame[name].isna().any():
            continue
        blank = rng.random(len(frame)) < 0.3
        # Without a transfer there is no value; the markers are needed where the profile was quantified.
        if name not in ("th1_th2_ratio", "nk_cells_percent") and name not in _OF_TRANSFER:
            frame.loc[blank, name] = np.nan
    return frame


def no_optional_column() -> pd.DataFrame:
    """The registry holds none of the columns that a file may leave out."""
    return synthesise().drop(columns=list(_OPTIONAL))


_OF_TRANSFER = ("transfer_date", "cycle_type", "embryo_stage", "embryo_quality", "embryos_transferred",
                "immunotherapy_regimen", "immunotherapy_timing")  # fmt: skip

TRUTHS: dict[str, Callable[[], pd.DataFrame]] = {
    make.__name__: make
    for make in (
        synthesise,
        no_effect,
        reversed_effects,
        no_untreated_dysregulated,
        one_regimen_missing,
        no_events_in_an_arm,
        forty_patients,
        one_patient,
        everyone_excluded,
        many_patients,
        much_missing,
        no_optional_column,
    )
}
"""Every truth by its name, the shipped cohort's first."""


def _eligible(frame: pd.DataFrame) -> pd.Series:
    healthy = [
        frame[name].isin(["none"]) | frame[name].isna()
        for name in ("female_reproductive_disease", "immune_disease")
    ]
    return (
        healthy[0]
        & healthy[1]
        & (frame["embryo_transfer"] == "yes")
        & (frame["immune_profile_status"] == "quantified")
    )


def _dysregulated(frame: pd.DataFrame) -> pd.Series:
    return (frame["th1_th2_ratio"] >= 10.0) | (frame["nk_cells_percent"] >= 50.0)


def _without(frame: pd.DataFrame, dropped: pd.Series) -> pd.DataFrame:
    return frame[~dropped].reset_index(drop=True)
