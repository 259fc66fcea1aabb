"""A cohort changed at random in every column: what is computed from it has to move.

The changed patients are drawn from the study's own, so they are real patients where those are. They exist in
memory only.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from report_helpers.study.cohort import Cohort
from report_helpers.study.dictionary import ALLOWED, COLUMNS, WHERE_NO_TRANSFER, WHERE_NOT_QUANTIFIED

PERTURBED = "MANUSCRIPT_PERTURBED"
"""Environment variable that has a perturbed cohort analysed; its value is the number of the cohort."""

MOST_PATIENTS = 3_000
"""How many patients are drawn from a large cohort, so that its analysis takes seconds."""

_OUTCOMES = ("hcg_positive", "gestational_sacs", "clinical_pregnancy", "live_birth")
_TREATMENT = ("immunotherapy_regimen", "immunotherapy_timing")
_OF_PROFILE = tuple(name for name, column in COLUMNS.items() if column.missing == WHERE_NOT_QUANTIFIED)
_OF_TRANSFER = (
    *(name for name, column in COLUMNS.items() if column.missing == WHERE_NO_TRANSFER),
    *("pgt_a", "immunotherapy_planned_before_transfer", "immunotherapy_start_date"),
    *("hcg_date", *_OUTCOMES, "adverse_event"),
)
_OWN_RULES = frozenset(("embryo_transfer", "immune_profile_status", *_OUTCOMES, *_TREATMENT))
"""Categories and numbers that rules tie to others: they are changed together, and not each by itself."""

_COURSES: tuple[tuple[str | float | None, ...], ...] = (
    ("yes", 1.0, "yes", "yes"),
    ("yes", 2.0, "yes", "no"),
    ("no", 0.0, "no", "no"),
    (None, None, None, None),
)
"""Values of the outcomes that go together; each is given to some patients, whatever happened in the study."""


def perturbed(cohort: Cohort, number: int) -> Cohort:
    """Return a cohort of other patients than the study's, which keeps the rules of the dictionary.

    Patients are drawn with replacement, more than there were. Then in every column a share of the values is
    exchanged for any that the dictionary allows, blanks among them, and numbers are shifted: so a group that
    was empty has patients, and a share of 100% is none.

    Parameters
    ----------
    cohort : Cohort
        As ``load_cohort`` returns it.
    number : int
        Which of the cohorts that can be made, from 1; the same number gives the same patients.

    Examples
    --------
    >>> perturbed(cohort, 1).rows, perturbed(cohort, 2).rows  # doctest: +SKIP
    (1284, 1724)
    """
    rng = np.random.default_rng([734, number])
    rows = _rows(cohort.rows, number)
    if not cohort.rows:
        return cohort
    drawn = cohort.frame.iloc[rng.choice(cohort.rows, rows)].reset_index(drop=True)
    changes = _Changes(drawn, rng, number)
    changes.eligibility()
    changes.values()
    changes.treatment()
    changes.outcomes()
    frame = changes.frame
    ids = pd.Series([f"M{place}" for place in range(1, rows + 1)])
    frame["patient_id"] = ids.astype(frame["patient_id"].dtype)
    fingerprint = hashlib.sha256(f"{cohort.fingerprint} perturbed {number}".encode()).hexdigest()
    name = f"perturbed copy {number} of {cohort.name}"
    return replace(cohort, frame=frame, name=name, fingerprint=fingerprint, rows=rows)


def _rows(patients: int, number: int) -> int:
    """Return a size of its own for each cohort, larger than the study's unless that is large already."""
    wanted = round(patients * (1.15 + 0.6 * number)) + number
    return min(wanted, MOST_PATIENTS + 100 * number)


class _Changes:
    """The changes of one cohort, one after the other; each keeps the rules of `cohort_rules`."""

    def __init__(self, frame: pd.DataFrame, rng: np.random.Generator, number: int) -> None:
        self.frame, self._rng, self._number = frame, rng, number

    def eligibility(self) -> None:
        """Take their transfer from some patients, and their profile from others."""
        lost = self._is("embryo_transfer", "yes") & self._some(0.07)
        self._put("embryo_transfer", np.flatnonzero(lost), "no")
        self._blank(lost, _OF_TRANSFER)
        failed = self._is("immune_profile_status", "quantified") & self._some(0.07)
        status = [each for each in COLUMNS["immune_profile_status"].values if each != "quantified"]
        self._set("immune_profile_status", failed, self._rng.choice(status, len(self.frame)))
        self._blank(failed, _OF_PROFILE)

    def values(self) -> None:
        """Change the columns that no rule ties to another."""
        where = {
            WHERE_NO_TRANSFER: self._is("embryo_transfer", "yes"),
            WHERE_NOT_QUANTIFIED: self._is("immune_profile_status", "quantified"),
        }
        everybody = np.ones(len(self.frame), dtype=bool)
        for name, column in COLUMNS.items():
            if name in _OWN_RULES or column.kind in ("date", "text"):
                continue
            known = self._is("embryo_transfer", "yes") if name in _OF_TRANSFER else everybody
            known = known & where.get(column.missing, everybody)
            if column.kind == "category":
                words = list(column.values) or list(self.frame[name].cat.categories)
                changed = known & self._some(0.12)
                self._set(name, changed, self._rng.choice(words, len(self.frame)))
            else:
                self._shift(name, known)
            if column.missing == ALLOWED:
                self._blank(known & self._some(0.03 + 0.02 * self._number), (name,))

    def treatment(self) -> None:
        """Give some patients another regimen at another time, and let it start on another day."""
        changed = self._is("embryo_transfer", "yes") & self._some(0.25)
        regimen, timing = (COLUMNS[name].values for name in _TREATMENT)
        drawn = self._rng.choice(regimen, len(self.frame))
        when = np.where(drawn == "none", "none", self._rng.choice(timing[1:], len(self.frame)))
        self._set("immunotherapy_regimen", changed, drawn)
        self._set("immunotherapy_timing", changed, when)
        days = self._rng.integers(0, 15 + self._number, len(self.frame))
        days = np.where(self._is("immunotherapy_timing", "after"), days, -days)
        transfer = self.frame["transfer_date"]
        start = transfer + days.astype("timedelta64[D]").astype("timedelta64[s]")
        treated = self._is("immunotherapy_timing", *timing[1:])
        self.frame["immunotherapy_start_date"] = start.where(treated & ~self._some(0.1))
        tested = transfer + np.timedelta64(86_400 * (9 + self._number), "s")
        self.frame["hcg_date"] = tested.where(~self._some(0.1))

    def outcomes(self) -> None:
        """Exchange what followed among the patients with a transfer, and give every course to some."""
        there = np.flatnonzero(self._is("embryo_transfer", "yes"))
        moved = there[self._rng.random(len(there)) < 0.4]
        given = self._rng.permutation(there)[: len(moved)]
        for name in _OUTCOMES:
            self._put(name, moved, self.frame[name].array[given])
        courses = self._rng.choice(len(_COURSES), len(self.frame))
        forced = self._is("embryo_transfer", "yes") & self._some(0.12)
        for place, course in enumerate(_COURSES):
            for name, value in zip(_OUTCOMES, course, strict=True):
                self._put(name, np.flatnonzero(forced & (courses == place)), value)

    def _shift(self, name: str, known: NDArray[np.bool_]) -> None:
        """Move a column of numbers upwards by a share of its spread, and draw some anew."""
        column = COLUMNS[name]
        values = self.frame[name].to_numpy(dtype=np.float64, copy=True)
        low = column.low or 0.0
        high = column.high if column.high is not None else np.nanmax(values, initial=low + 1.0)
        spread = np.nanstd(values) if np.isfinite(values).any() else 0.0
        if column.kind == "integer":
            values += self._rng.binomial(1, min(0.3 * self._number, 0.9), len(values))
            drawn = self._rng.integers(int(low), int(high) + 1, len(values)).astype(np.float64)
        else:
            values += self._rng.normal(0.25 * self._number * spread, 0.1 * spread, len(values))
            drawn = self._rng.uniform(low, high, len(values))
        values = np.where(self._some(0.06), drawn, values)
        least = low + 0.1 if column.low_excluded else low
        decimals = 0 if column.kind == "integer" else 1
        values = np.round(np.clip(values, least, high if column.high is not None else np.inf), decimals)
        self.frame[name] = np.where(known, values, self.frame[name].to_numpy())

    def _some(self, share: float) -> NDArray[np.bool_]:
        return np.asarray(self._rng.random(len(self.frame)) < share)

    def _is(self, name: str, *words: str) -> NDArray[np.bool_]:
        return np.asarray(self.frame[name].isin(words))

    def _blank(self, rows: NDArray[np.bool_], names: tuple[str, ...]) -> None:
        for name in names:
            self.frame[name] = self.frame[name].where(~rows)

    def _set(self, name: str, rows: NDArray[np.bool_], words: NDArray[np.str_]) -> None:
        self._put(name, np.flatnonzero(rows), words[rows])

    def _put(self, name: str, places: NDArray[np.intp], values: object) -> None:
        """Write values, or the same value, None for a blank, to some places of a column."""
        column = self.frame[name].copy()
        column.iloc[places] = values
        self.frame[name] = column
