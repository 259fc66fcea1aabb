"""Patients cross-classified by all that counts are taken of, cells without a patient included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from report_helpers.results.cells import OutcomeColumn
from report_helpers.results.disclosure.audit import Vector
from report_helpers.study.definition import Outcome
from report_helpers.study.dictionary import COLUMNS
from report_helpers.study.eligibility import STRATA
from report_helpers.study.sample import Sample

if TYPE_CHECKING:
    from pandas import DataFrame

Mask = NDArray[np.bool_]

NO, YES, UNKNOWN = 0, 1, 2
DYSREGULATED = tuple(stratum for stratum in STRATA if stratum != "regulated")
PROFILES = {"regulated": ("regulated",), "dysregulated": DYSREGULATED}
REGIMEN, TIMING, PLAN = (f"immunotherapy_{name}" for name in ("regimen", "timing", "planned_before_transfer"))


@dataclass(frozen=True)
class CrossTable:
    """The cells: what each stands for, and how many eligible patients it has.

    Cells that no patient has are there too, for a reader cannot know that nobody has them.
    """

    stratum: NDArray[np.str_]
    regimen: NDArray[np.str_]
    timing: NDArray[np.str_]
    plan: NDArray[np.str_]
    analysed: Mask
    outcome: NDArray[np.int64]
    patients: Vector

    def __len__(self) -> int:
        return len(self.patients)


@dataclass(frozen=True)
class Group:
    """A group of eligible patients: their strata, and their treatment where it matters."""

    strata: tuple[str, ...]
    treated: bool | None = None
    regimens: tuple[str, ...] = ()
    timings: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()

    def cells(self, table: CrossTable) -> Mask:
        """Return which cells of a table its patients are in."""
        chosen = np.isin(table.stratum, self.strata)
        if self.treated is not None:
            chosen &= (table.regimen != "none") == self.treated
        for column, words in (
            (table.regimen, self.regimens),
            (table.timing, self.timings),
            (table.plan, self.plans),
        ):
            if words:
                chosen &= np.isin(column, words)
        return np.asarray(chosen)


def rows_of(patients: DataFrame) -> CrossTable:
    """Return patients as cells of one each, to look groups up among them."""
    stratum, regimen, timing, plan = (
        patients[name].astype(object).fillna("").to_numpy(dtype=str)
        for name in ("stratum", REGIMEN, TIMING, PLAN)
    )
    outcome = patients["implantation"].fillna(UNKNOWN).to_numpy(dtype=np.int64)
    one_each = np.ones(len(patients))
    return CrossTable(stratum, regimen, timing, plan, outcome != UNKNOWN, outcome, one_each)


def primary_table(eligible: Sample) -> CrossTable:
    """Cross-classify by stratum, treatment, documented plan and primary outcome."""
    sacs = eligible.numbers("implantation")
    outcome = np.where(np.isnan(sacs), UNKNOWN, np.where(sacs == 1, YES, NO))
    plans = (*COLUMNS[PLAN].values, "")
    return _table(
        eligible, _words(eligible, PLAN), plans, outcome, ((True, NO), (True, YES), (False, UNKNOWN))
    )


def outcome_table(eligible: Sample, outcome: Outcome) -> CrossTable:
    """Cross-classify by stratum, treatment and another outcome that is counted in patients."""
    column = OutcomeColumn.read(outcome, eligible)
    found = np.where(column.size == 0, UNKNOWN, np.where(column.events > 0, YES, NO))
    possible = tuple(product((True, False), (NO, YES, UNKNOWN)))
    return _table(eligible, np.full(len(eligible), ""), ("",), found, possible)


def _table(
    eligible: Sample,
    plan: NDArray[np.str_],
    plans: tuple[str, ...],
    outcome: NDArray[np.int64],
    outcomes: tuple[tuple[bool, int], ...],
) -> CrossTable:
    known = ~np.isnan(eligible.numbers("implantation"))
    columns = [_words(eligible, "stratum"), _words(eligible, REGIMEN), _words(eligible, TIMING), plan]
    seen = Counter(zip(*(each.tolist() for each in (*columns, known, outcome)), strict=True))
    possible = [
        (stratum, regimen, timing, planned, analysed, value)
        for stratum, (regimen, timing), planned, (analysed, value) in product(
            STRATA, _treatments(), plans, outcomes
        )
    ]
    cells = list(dict.fromkeys([*possible, *seen]))
    strata, regimens, timings, planned, analysed, values = (
        np.array(part) for part in zip(*cells, strict=True)
    )
    patients = np.array([seen[cell] for cell in cells], dtype=np.float64)
    return CrossTable(strata, regimens, timings, planned, analysed, values, patients)


def _treatments() -> Iterator[tuple[str, str]]:
    """Go through the regimens with their timings: none has none."""
    yield "none", "none"
    for regimen, timing in product(COLUMNS[REGIMEN].values, COLUMNS[TIMING].values):
        if regimen != "none" and timing != "none":
            yield regimen, timing


def _words(patients: Sample, name: str) -> NDArray[np.str_]:
    """Return the word of each patient in a category, blank where missing."""
    coded = patients.coded(name)
    words = np.array([*map(str, coded.words), ""])
    return np.asarray(words[coded.codes])
