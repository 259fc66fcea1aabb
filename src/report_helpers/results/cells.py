"""Patients counted by group: every contrast is a sum over the same small table, made in one pass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from report_helpers.study.definition import Outcome
from report_helpers.study.sample import Sample

Mask = NDArray[np.bool_]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Cells:
    """The cell of each patient: stratum, regimen and timing together as one whole number.

    Parameters
    ----------
    codes : numpy.ndarray of int
        The cell of each patient.
    stratum, regimen, timing : numpy.ndarray of str
        What each cell stands for, blank where missing. Masks made from them choose cells.
    """

    codes: NDArray[np.int32]
    stratum: NDArray[np.str_]
    regimen: NDArray[np.str_]
    timing: NDArray[np.str_]

    @classmethod
    def of(cls, patients: Sample) -> Cells:
        """Put the patients of a sample into cells."""
        columns = [
            patients.coded(name) for name in ("stratum", "immunotherapy_regimen", "immunotherapy_timing")
        ]
        shape = [len(each.words) + 1 for each in columns]
        codes = np.zeros(len(patients), dtype=np.int32)
        for each, size in zip(columns, shape, strict=True):
            codes *= size
            codes += each.codes % size  # a missing value, −1, becomes the last place
        places = np.indices(shape).reshape(len(shape), -1)
        words = (
            np.array([*map(str, each.words), ""])[place] for each, place in zip(columns, places, strict=True)
        )
        return cls(codes, *words)

    @property
    def regulated(self) -> Mask:
        """Cells of patients with a regulated profile."""
        return np.asarray(self.stratum == "regulated")

    @property
    def treated(self) -> Mask:
        """Cells of patients who had any immunotherapy."""
        return np.asarray(self.regimen != "none")

    def patients(self, cells: Mask) -> Mask:
        """Return who is in one of the chosen cells, as a mask over the patients."""
        return cells[self.codes]


@dataclass(frozen=True)
class OutcomeColumn:
    """One outcome of all analysed patients: what each contributes to numerator and denominator.

    Both arrays have one element per patient; `size` is 0 where the outcome is unknown.
    """

    outcome: Outcome
    events: Counts
    size: Counts

    @classmethod
    def read(cls, outcome: Outcome, patients: Sample) -> OutcomeColumn:
        """Read an outcome of the patients of `eligibility.apply_criteria`."""
        if outcome.kind == "yes_no":
            answers = patients.coded(outcome.column)
            return cls(outcome, answers.equals("yes").astype(np.int64), (~answers.missing()).astype(np.int64))
        if outcome.kind == "any_sac":
            events = patients.numbers("implantation")
            size = np.ones_like(events)
        else:
            events, size = patients.numbers("sacs"), patients.numbers("embryos")
        unknown = np.isnan(events) | np.isnan(size)
        return cls(outcome, *(np.where(unknown, 0.0, each).astype(np.int64) for each in (events, size)))


@dataclass(frozen=True)
class Tally:
    """One outcome, counted: how many patients of each cell have which events out of which size.

    Parameters
    ----------
    outcome : Outcome
    table : numpy.ndarray of int, shape (cells, events, sizes)
    """

    outcome: Outcome
    table: Counts

    @classmethod
    def of(cls, column: OutcomeColumn, codes: NDArray[np.integer], cells: int) -> Tally:
        """Count an outcome of patients whose cells are `codes`, of which there are `cells`."""
        events, sizes = (int(each.max(initial=0)) + 1 for each in (column.events, column.size))
        together = (codes * events + column.events) * sizes + column.size
        table = np.bincount(together, minlength=cells * events * sizes)
        return cls(column.outcome, table.reshape(cells, events, sizes))

    def patients(self, cells: Mask) -> int:
        """Return how many patients are in the chosen cells."""
        return int(self.table[cells].sum())

    def totals(self, cells: Mask) -> tuple[int, int]:
        """Return the events, and the size, of the patients in the chosen cells."""
        times = self.table[cells].sum(axis=0)
        events, sizes = (np.arange(length) for length in times.shape)
        return int(times.sum(axis=1) @ events), int(times.sum(axis=0) @ sizes)

    def clusters(self, cells: Mask) -> tuple[Counts, Counts, Counts]:
        """Return the distinct patients in the chosen cells: their events, sizes, and how often they occur."""
        times = self.table[cells].sum(axis=0)
        events, sizes = np.nonzero(times)
        return events, sizes, times[events, sizes]
