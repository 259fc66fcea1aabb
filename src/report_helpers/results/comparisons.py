"""Counts of an outcome in two groups of patients, handed to the statistics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from report_helpers import statistics
from report_helpers.results.model import Arm, Comparison, Contrast
from report_helpers.study.definition import Outcome, Study

if TYPE_CHECKING:
    from pandas import DataFrame, Series

EMBRYO = "embryo"


@dataclass(frozen=True)
class OutcomeColumn:
    """One outcome of all analysed patients: what each contributes to numerator and denominator.

    Both arrays have one element per patient; `size` is 0 where the outcome is unknown.
    """

    outcome: Outcome
    events: NDArray[np.int64]
    size: NDArray[np.int64]

    @classmethod
    def read(cls, outcome: Outcome, frame: DataFrame) -> OutcomeColumn:
        """Read an outcome from the analysed frame of `eligibility.apply_criteria`."""
        if outcome.kind == "any_sac":
            known = frame["implantation"].notna()
            events, size = frame["implantation"], known
        elif outcome.kind == "sacs":
            known = frame["sacs"].notna() & frame["embryos"].notna()
            events, size = frame["sacs"], frame["embryos"]
        else:
            known = frame[outcome.column].notna()
            events, size = frame[outcome.column] == "yes", known
        return cls(outcome, _counts(events, known), _counts(size, known))


def _counts(values: Series, known: Series) -> NDArray[np.int64]:
    filled = values.where(known, 0)
    return filled.to_numpy(dtype=np.float64, na_value=0.0).astype(np.int64)


def compare(column: OutcomeColumn, treated: NDArray[np.bool_], reference: NDArray[np.bool_]) -> Comparison:
    """Compare one outcome between two groups of patients given as masks."""
    outcome = column.outcome
    if outcome.unit == EMBRYO:
        return _compare_embryos(column, treated, reference)
    events, n = int(column.events[treated].sum()), int(column.size[treated].sum())
    events0, n0 = int(column.events[reference].sum()), int(column.size[reference].sum())
    return compare_counts(outcome, events, n, events0, n0)


def compare_counts(outcome: Outcome, events: int, n: int, events0: int, n0: int) -> Comparison:
    """Compare counts of patients: Wilson rates, Newcombe difference, Koopman ratio, Fisher mid-P."""
    return Comparison(
        outcome=outcome.key,
        label=outcome.label,
        unit=outcome.unit,
        events=events,
        n=n,
        rate=statistics.proportion(events, n),
        reference_events=events0,
        reference_n=n0,
        reference_rate=statistics.proportion(events0, n0),
        risk_difference=statistics.risk_difference(events, n, events0, n0),
        risk_ratio=statistics.risk_ratio(events, n, events0, n0),
        test=statistics.independence(events, n, events0, n0),
    )


def _compare_embryos(
    column: OutcomeColumn, treated: NDArray[np.bool_], reference: NDArray[np.bool_]
) -> Comparison:
    """Compare sacs per embryo with the patient as the cluster; no test, the interval says it."""
    known = column.size > 0
    treated, reference = treated & known, reference & known
    events, sizes = column.events[treated], column.size[treated]
    events0, sizes0 = column.events[reference], column.size[reference]
    return Comparison(
        outcome=column.outcome.key,
        label=column.outcome.label,
        unit=column.outcome.unit,
        events=int(events.sum()),
        n=int(sizes.sum()),
        rate=statistics.clustered_proportion(events, sizes),
        reference_events=int(events0.sum()),
        reference_n=int(sizes0.sum()),
        reference_rate=statistics.clustered_proportion(events0, sizes0),
        risk_difference=statistics.clustered_risk_difference(events, sizes, events0, sizes0),
        risk_ratio=statistics.clustered_risk_ratio(events, sizes, events0, sizes0),
        test=None,
    )


def contrast(
    study: Study,
    columns: tuple[OutcomeColumn, ...],
    *,
    key: str,
    label: str,
    reference_label: str,
    treated: NDArray[np.bool_],
    reference: NDArray[np.bool_],
    overlapping: bool = False,
) -> Contrast:
    """Compare two groups on every outcome of the study."""
    return Contrast(
        key=key,
        label=label,
        reference_label=reference_label,
        overlapping=overlapping,
        primary=next(outcome.key for outcome in study.outcomes.values() if outcome.primary),
        outcomes={column.outcome.key: compare(column, treated, reference) for column in columns},
    )


def arm(key: str, label: str, primary: OutcomeColumn, members: NDArray[np.bool_]) -> Arm:
    """Count the primary outcome in one group of patients."""
    events, n = int(primary.events[members].sum()), int(primary.size[members].sum())
    return Arm(key, label, n, events, statistics.proportion(events, n))
