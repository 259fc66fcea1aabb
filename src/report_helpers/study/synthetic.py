"""Make a synthetic cohort: invented patients whose truth is known, the same bytes for the same seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from report_helpers.errors import ManuscriptError
from report_helpers.study.dictionary import COLUMNS, WHERE_NO_TRANSFER, Column
from report_helpers.study.synthetic_patients import EXCLUSION_SPLIT, EXTRACTION, Draws, draw_patients
from report_helpers.study.synthetic_record import record
from report_helpers.study.synthetic_risks import SHIPPED_SEED, Chances, TrueRisks, true_risks
from report_helpers.study.synthetic_truth import INDICATION, TRUTH, Indication, Truth

__all__ = [
    "SEED",
    "TRUTH",
    "Simulated",
    "SynthesisError",
    "TrueRisks",
    "csv_bytes",
    "save",
    "simulate",
    "synthesise",
    "texts_of",
    "true_risks",
    "write_csv",
]

SEED = SHIPPED_SEED
"""The shipped cohort's seed; its README says how it was chosen."""

PATIENTS = 734

# Share left blank at random, by column. Centre C records less: its shares are half as large again.
BLANK: Mapping[str, float] = {
    "age_years": 0.025,
    "bmi_kg_m2": 0.05,
    "infertility_type": 0.04,
    "infertility_duration_years": 0.05,
    "previous_failed_transfers": 0.035,
    "previous_miscarriages": 0.045,
    "oocyte_source": 0.045,
    "female_reproductive_disease": 0.03,
    "immune_disease": 0.03,
    "biopsy_date": 0.03,
    "pgt_a": 0.05,
    "immunotherapy_planned_before_transfer": 0.04,
    "immunotherapy_start_date": 0.05,
    "hcg_date": 0.04,
    "adverse_event": 0.05,
}
LOST, NO_SCAN, TERM_DAYS = 0.035, 0.06, 266
_OUTCOMES = ("gestational_sacs", "clinical_pregnancy", "live_birth")
_AFTER_TRANSFER = (
    "pgt_a",
    "immunotherapy_planned_before_transfer",
    "immunotherapy_start_date",
    "hcg_date",
    "hcg_positive",
    *_OUTCOMES,
    "adverse_event",
)


class SynthesisError(ManuscriptError):
    """A synthetic cohort that cannot be made or written."""


@dataclass(frozen=True)
class Simulated:
    """A synthetic cohort and, row by row, the chances behind it."""

    frame: pd.DataFrame
    chances: Chances


def synthesise(
    patients: int = PATIENTS,
    seed: int = SEED,
    exclusion_split: Mapping[str, float] = EXCLUSION_SPLIT,
    *,
    truth: Truth = TRUTH,
    indication: Indication = INDICATION,
) -> pd.DataFrame:
    """Return a cohort of invented patients with the columns of the dictionary.

    Parameters
    ----------
    patients : int, optional
        Patients screened; 366 in 734 of them are eligible, rounded to a whole patient.
    seed : int, optional
        The same seed gives the same cohort.
    exclusion_split : mapping, optional
        Share of the excluded who fail first at each criterion, as in ``study.yml``; sums to 1.
    truth : Truth, optional
        What makes implantation likely, and what treatment does to it.
    indication : Indication, optional
        How treatment is chosen.

    Returns
    -------
    pandas.DataFrame
        One row per patient in order of screening; texts, numbers (float64) and dates (datetime64),
        missing values where a real registry has them.

    Raises
    ------
    SynthesisError
        If there is no patient to draw, or the seed is negative.

    Examples
    --------
    >>> synthesise(patients=3)["patient_id"].tolist()
    ['S0001', 'S0002', 'S0003']
    """
    return simulate(patients, seed, exclusion_split, truth=truth, indication=indication).frame


def simulate(
    patients: int = PATIENTS,
    seed: int = SEED,
    exclusion_split: Mapping[str, float] = EXCLUSION_SPLIT,
    *,
    truth: Truth = TRUTH,
    indication: Indication = INDICATION,
) -> Simulated:
    """Return the cohort of ``synthesise`` together with each patient's true chances."""
    if patients < 1:
        raise SynthesisError("a cohort needs at least one patient", "patients", "Ask for 1 or more.")
    if seed < 0:
        raise SynthesisError("a seed cannot be negative", "seed", "Give a whole number, 0 or more.")
    rng = np.random.default_rng(seed)
    drawn = draw_patients(patients, exclusion_split, rng, truth, indication)
    blank = _blanks(drawn, rng)
    drawn["patient_id"] = np.array([f"S{number:04d}" for number in range(1, patients + 1)])
    frame = pd.DataFrame(
        {name: _column(column, drawn[name], blank[name]) for name, column in COLUMNS.items()}
    )
    return Simulated(frame, Chances(drawn, truth))


def write_csv(frame: pd.DataFrame, path: Path | str) -> None:
    r"""Write a synthetic cohort, byte for byte the same on every machine.

    Numbers have one decimal, whole numbers none, days are ISO 8601, lines end with ``\n``, and a missing
    value is an empty cell. A record beside the file tells later that its patients are invented. Raises
    ``SynthesisError`` if the file cannot be written.
    """
    save(csv_bytes(frame), path)


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return what ``write_csv`` writes."""
    return texts_of(frame).to_csv(index=False, lineterminator="\n").encode()


def texts_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of a synthetic cohort as they are written, None or NaN where missing."""
    return pd.DataFrame({name: _texts(COLUMNS[name], frame[name]) for name in frame.columns})


def save(content: bytes, path: Path | str) -> None:
    """Write a synthetic cohort's file and, beside it, the record that its patients are invented.

    Raises
    ------
    SynthesisError
        If the file cannot be written.
    """
    try:
        Path(path).write_bytes(content)
        record(Path(path), content)
    except OSError as error:
        reason = (error.strerror or "unwritable").lower()
        raise SynthesisError(f"the cohort cannot be written ({reason})", str(path), "Name a file.") from None


def _blanks(drawn: Draws, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return for each column where it is left blank, by the registry's design or by neglect."""
    n = len(drawn["centre"])
    careless = np.where(drawn["centre"] == "Centre C", 1.5, 1.0)
    blank = {name: rng.random(n) < BLANK.get(name, 0.0) * careless for name in COLUMNS}
    for name in ("female_reproductive_disease", "immune_disease"):
        blank[name] &= drawn[name] == "none"  # a disease that was found was written down
    not_quantified = drawn["immune_profile_status"] != "quantified"
    blank["th1_th2_ratio"] = blank["nk_cells_percent"] = not_quantified
    blank["biopsy_date"] |= drawn["immune_profile_status"] == "not_done"
    blank["immunotherapy_start_date"] |= drawn["immunotherapy_regimen"] == "none"
    negative = drawn["hcg_positive"] == "no"
    blank["gestational_sacs"] = negative & (rng.random(n) < NO_SCAN)
    lost = rng.random(n) < LOST
    for name in _OUTCOMES:
        blank[name] |= lost
    blank["hcg_positive"] = lost & (rng.random(n) < 0.5)
    due = drawn["transfer_date"] + TERM_DAYS
    blank["live_birth"] |= (drawn["clinical_pregnancy"] == "yes") & (due > EXTRACTION)
    no_transfer = drawn["embryo_transfer"] == "no"
    for name, column in COLUMNS.items():
        if column.missing == WHERE_NO_TRANSFER or name in _AFTER_TRANSFER:
            blank[name] = blank[name] | no_transfer
    return blank


def _column(column: Column, values: np.ndarray, blank: np.ndarray) -> pd.Series:
    if column.kind == "date":
        return pd.Series(np.where(blank, np.datetime64("NaT"), values.astype("datetime64[s]")))
    if column.is_number:
        return pd.Series(np.where(blank, np.nan, values.astype(float)))
    return pd.Series(np.where(blank, np.nan, values.astype(object)))


def _texts(column: Column, values: pd.Series) -> pd.Series:
    """Return the cells of a column as they are written, None where missing."""
    if column.kind == "date":
        return pd.Series(values.dt.strftime("%Y-%m-%d"), dtype=object)
    if column.is_number:
        form = "{:.0f}" if column.kind == "integer" else "{:.1f}"
        return pd.Series(values.map(form.format, na_action="ignore"), dtype=object)
    return values
