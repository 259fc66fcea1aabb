"""Counts of an outcome in two groups of patients, handed to the statistics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from report_helpers import statistics
from report_helpers.results.cells import Mask, OutcomeColumn, Tally
from report_helpers.results.model import Arm, Comparison, Contrast
from report_helpers.study.definition import Outcome, Study

EMBRYO = "embryo"


@dataclass(frozen=True)
class Split:
    """A contrast to be made: which cells are treated, and which are the reference."""

    key: str
    label: str
    reference_label: str
    treated: Mask
    reference: Mask
    overlapping: bool = False


def compare(column: OutcomeColumn, treated: Mask, reference: Mask) -> Comparison:
    """Compare one outcome between two groups of patients given as masks over the patients."""
    neither, first, second = 0, 1, 2
    codes = np.where(treated, first, np.where(reference, second, neither))
    tally = Tally.of(column, codes, cells=3)
    here = np.arange(3)
    return _compare_all(tally, [(here == first, here == second)])[0]


def compare_each(column: OutcomeColumn, pairs: Sequence[tuple[Mask, Mask]]) -> list[Comparison]:
    """Compare one outcome between the treated and the reference patients of each pair, all at once."""
    if column.outcome.unit == EMBRYO:
        return [compare(column, *pair) for pair in pairs]
    counts = [
        tuple(int(part[group].sum()) for group in pair for part in (column.events, column.size))
        for pair in pairs
    ]
    return compare_counts(column.outcome, counts)


def contrasts(study: Study, tallies: Sequence[Tally], splits: Sequence[Split]) -> list[Contrast]:
    """Make every contrast on every outcome of the study."""
    pairs = [(split.treated, split.reference) for split in splits]
    compared = {tally.outcome.key: _compare_all(tally, pairs) for tally in tallies}
    return [
        Contrast(
            key=split.key,
            label=split.label,
            reference_label=split.reference_label,
            overlapping=split.overlapping,
            primary=study.primary.key,
            outcomes={outcome: comparisons[place] for outcome, comparisons in compared.items()},
        )
        for place, split in enumerate(splits)
    ]


def _compare_all(tally: Tally, pairs: Sequence[tuple[Mask, Mask]]) -> list[Comparison]:
    """Compare one outcome between the treated and the reference cells of each pair."""
    if tally.outcome.unit == EMBRYO:
        return [_compare_embryos(tally, treated, reference) for treated, reference in pairs]
    counts = [(*tally.totals(treated), *tally.totals(reference)) for treated, reference in pairs]
    return compare_counts(tally.outcome, counts)


def compare_counts(outcome: Outcome, counts: Sequence[tuple[int, ...]]) -> list[Comparison]:
    """Compare counts of patients: Wilson rates, Newcombe difference, Koopman ratio, Fisher mid-P.

    Each entry of `counts` is events and patients treated, then events and patients of the reference. All are
    handed over at once: searching for Koopman's limits takes as long for one as for many.
    """
    events, n, events0, n0 = np.array(counts, dtype=np.int64).reshape(-1, 4).T
    estimates = zip(
        each_of(statistics.proportion(events, n)),
        each_of(statistics.proportion(events0, n0)),
        each_of(statistics.risk_difference(events, n, events0, n0)),
        each_of(statistics.risk_ratio(events, n, events0, n0)),
        each_of(statistics.independence(events, n, events0, n0)),
        strict=True,
    )
    return [
        Comparison(
            outcome=outcome.key,
            label=outcome.label,
            unit=outcome.unit,
            events=count[0],
            n=count[1],
            rate=rate,
            reference_events=count[2],
            reference_n=count[3],
            reference_rate=reference_rate,
            risk_difference=risk_difference,
            risk_ratio=risk_ratio,
            test=test,
        )
        for count, (rate, reference_rate, risk_difference, risk_ratio, test) in zip(
            counts, estimates, strict=True
        )
    ]


def each_of(estimates: statistics.Estimate) -> Iterator[statistics.Estimate]:
    """Take an Estimate of arrays apart."""
    together: Any = estimates
    columns = (np.ma.asarray(part).tolist() for part in (together.value, together.low, together.high))
    p_values = np.ma.asarray(together.p_value).tolist()  # what is masked becomes None
    for value, low, high, p_value, n, reason in zip(
        *columns, p_values, together.n.tolist(), together.reason.tolist(), strict=True
    ):
        yield statistics.Estimate(value, low, high, together.level, p_value, together.method, n, reason)


def _compare_embryos(tally: Tally, treated: Mask, reference: Mask) -> Comparison:
    """Compare sacs per embryo with the patient as the cluster; no test, the interval says it."""
    events, sizes, times = tally.clusters(treated)
    events0, sizes0, times0 = tally.clusters(reference)
    (total, n), (total0, n0) = tally.totals(treated), tally.totals(reference)
    groups = (events, sizes, events0, sizes0)
    return Comparison(
        outcome=tally.outcome.key,
        label=tally.outcome.label,
        unit=tally.outcome.unit,
        events=total,
        n=n,
        rate=statistics.clustered_proportion(events, sizes, times=times),
        reference_events=total0,
        reference_n=n0,
        reference_rate=statistics.clustered_proportion(events0, sizes0, times=times0),
        risk_difference=statistics.clustered_risk_difference(*groups, times1=times, times0=times0),
        risk_ratio=statistics.clustered_risk_ratio(*groups, times1=times, times0=times0),
        test=None,
    )


def arm(key: str, label: str, primary: Tally, members: Mask) -> Arm:
    """Count the primary outcome in one group of patients."""
    events, n = primary.totals(members)
    return Arm(key, label, n, events, statistics.proportion(events, n))
