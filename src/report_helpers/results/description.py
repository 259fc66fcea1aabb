"""Who the patients were: the baseline table as data, missing values, and when treatment began."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from report_helpers import statistics
from report_helpers.results.model import (
    Baseline,
    BaselineColumn,
    BaselineRow,
    MissingRow,
    Summary,
    TreatmentStart,
)
from report_helpers.study.definition import Covariate, Study
from report_helpers.study.dictionary import COLUMNS
from report_helpers.study.sample import Coded, Sample, code

if TYPE_CHECKING:
    from pandas import Series

NUMBER = "number"
_SACS = "Gestational sacs"

# The groups of the baseline table: profile, then treatment.
_GROUPS = {
    "regulated_untreated": "None",
    "regulated_treated": "Immunotherapy",
    "dysregulated_untreated": "None",
    "dysregulated_treated": "Immunotherapy",
}


def baseline(study: Study, patients: Sample) -> Baseline:
    """Summarise every covariate by profile and treatment among the analysed patients.

    Each column is read once, with the groups one after another, so that a group is a slice of it.
    """
    dysregulated = patients.coded("profile").equals("dysregulated")
    group = 2 * dysregulated.astype(np.int8) + patients.flags("treated")
    ordered = patients.take(np.argsort(group, kind="stable"))
    sizes = np.bincount(group, minlength=len(_GROUPS)).tolist()
    parts = [slice(end - size, end) for end, size in zip(accumulate(sizes), sizes, strict=True)]
    columns = tuple(
        BaselineColumn(key, label, part.stop - part.start)
        for (key, label), part in zip(_GROUPS.items(), parts, strict=True)
    )
    rows = tuple(_row(covariate, ordered, parts) for covariate in study.covariates)
    return Baseline(columns, rows)


def _row(covariate: Covariate, ordered: Sample, parts: list[slice]) -> BaselineRow:
    if covariate.kind == NUMBER:
        values = ordered.numbers(covariate.key)
        cells = dict(zip(_GROUPS, (_summarise_numbers(values[part]) for part in parts), strict=True))
    else:
        codes = ordered.coded(covariate.key)
        cells = dict(zip(_GROUPS, (_summarise_codes(codes, part, covariate) for part in parts), strict=True))
    return BaselineRow(
        key=covariate.key,
        label=covariate.label,
        unit=covariate.unit,
        kind=covariate.kind,
        skewed=covariate.kind == NUMBER and is_skewed(_together(list(cells.values()))),
        levels=tuple(covariate.levels.items()),
        cells=cells,
        smd_regulated=difference(cells["regulated_treated"], cells["regulated_untreated"]),
        smd_dysregulated=difference(cells["dysregulated_treated"], cells["dysregulated_untreated"]),
        missing=sum(each.missing for each in cells.values()),
    )


def summarise(values: Series, covariate: Covariate) -> Summary:
    """Summarise one covariate in one group; undefined moments are None."""
    if covariate.kind == NUMBER:
        return _summarise_numbers(values.to_numpy(dtype=float))
    return _summarise_codes(code(values.array), slice(0, len(values)), covariate)


def _summarise_numbers(values: NDArray[np.float64]) -> Summary:
    known = values[~np.isnan(values)]
    n, missing = len(values), len(values) - len(known)
    if known.size == 0:
        return Summary(n, missing)
    mean = float(known.mean())
    sd = float(known.std(ddof=1)) if known.size > 1 else None
    known.sort()  # one sort costs less than searching for each quantile
    q1, median, q3 = (_quantile(known, share) for share in (0.25, 0.5, 0.75))
    return Summary(n, missing, mean, sd, median, q1, q3)


def _together(groups: Sequence[Summary]) -> Summary:
    """Return mean and standard deviation of several groups together, from those of each."""
    n, missing = sum(each.n for each in groups), sum(each.missing for each in groups)
    moments = [(each.known, each.mean, each.sd or 0.0) for each in groups if each.mean is not None]
    if not moments:
        return Summary(n, missing)
    known = sum(size for size, _, _ in moments)
    mean = math.fsum(size * each for size, each, _ in moments) / known
    squares = math.fsum((size - 1) * sd**2 + size * (each - mean) ** 2 for size, each, sd in moments)
    return Summary(n, missing, mean, math.sqrt(squares / (known - 1)) if known > 1 else None)


def _quantile(ascending: NDArray[np.float64], share: float) -> float:
    """Return a quantile between neighbours (Hyndman & Fan's definition 7, that of R and NumPy)."""
    place = share * (len(ascending) - 1)
    below, weight = int(place), place % 1
    low, high = float(ascending[below]), float(ascending[min(below + 1, len(ascending) - 1)])
    # From the nearer end, as NumPy does, so that the last digit agrees.
    return low + (high - low) * weight if weight < 0.5 else high - (high - low) * (1 - weight)


def _summarise_codes(values: Coded, part: slice, covariate: Covariate) -> Summary:
    counts = values.counts(part)
    n = part.stop - part.start
    missing = n - sum(counts.values())
    return Summary(n, missing, counts={word: counts.get(word, 0) for word in covariate.levels})


def is_skewed(summary: Summary) -> bool:
    """Tell whether a number that cannot be negative is better shown by its median.

    It is where the mean is less than twice the standard deviation: a normal distribution would then reach
    below zero (Altman DG, Bland JM. BMJ 1996;313:1200).
    """
    return summary.mean is not None and summary.sd is not None and summary.mean < 2 * summary.sd


def difference(treated: Summary, untreated: Summary) -> float | None:
    """Return the standardised difference, or None where either group cannot be described."""
    if treated.counts is not None and untreated.counts is not None:
        return statistics.standardised_difference_proportions(
            list(treated.counts.values()), list(untreated.counts.values())
        )
    if treated.mean is None or treated.sd is None or untreated.mean is None or untreated.sd is None:
        return None
    return statistics.standardised_difference_means(treated.mean, treated.sd, untreated.mean, untreated.sd)


def missing(study: Study, eligible: Sample) -> tuple[MissingRow, ...]:
    """Count missing values of covariates, and unknown outcomes, among the eligible patients.

    A blank in the file need not leave the outcome unknown: a negative pregnancy test may stand for no sac.
    Both are therefore counted, the blank sac counts and the outcomes that remain unknown.
    """
    columns = {each.key: (each.label, each.key) for each in study.covariates}
    for outcome in study.outcomes.values():
        if outcome.kind == "any_sac":
            columns[outcome.column] = (f"{_SACS}, blank in the file", outcome.column)
            columns[outcome.key] = (f"{outcome.label}, unknown", "implantation")
        elif outcome.kind == "yes_no":
            columns[outcome.key] = (outcome.label, outcome.column)
    named = {column for _, column in columns.values()}
    for name, column in COLUMNS.items():
        if name not in named and column.missing != "no":
            columns[name] = (_words(name), name)
    treated = eligible.where(eligible.flags("treated"))
    return tuple(
        MissingRow(key, label, members.missing(column), len(members))
        for key, (label, column) in columns.items()
        # What describes the treatment is asked of the treated alone.
        for members in (treated if column.startswith("immunotherapy_") else eligible,)
    )


def _words(name: str) -> str:
    """Return a column's name as words: a variable that no part of the study labels."""
    return name.replace("_", " ").capitalize().replace("Hcg", "hCG")


def treatment_start(study: Study, patients: Sample) -> dict[str, TreatmentStart]:
    """Describe, for each timing, when treatment began against transfer and pregnancy test."""
    timing = patients.coded("immunotherapy_timing")
    treated = patients.flags("treated")
    return {
        key: _start(key, label, patients.where(treated & timing.equals(key)))
        for key, label in study.timings.items()
        if key != "none"
    }


def _start(key: str, label: str, treated: Sample) -> TreatmentStart:
    start = treated.days("immunotherapy_start_date")
    days = _days(start, treated.days("transfer_date"))
    after_hcg = _days(start, treated.days("hcg_date"))
    plan = treated.coded("immunotherapy_planned_before_transfer")
    summary = _summarise_numbers(days)
    return TreatmentStart(
        key=key,
        label=label,
        patients=len(treated),
        known=summary.known,
        median=summary.median,
        q1=summary.q1,
        q3=summary.q3,
        hcg_known=int(np.count_nonzero(~np.isnan(after_hcg))),
        after_hcg=int(np.count_nonzero(after_hcg > 0)),
        plan_known=int(np.count_nonzero(~plan.missing())),
        planned_before=int(np.count_nonzero(plan.equals("yes"))),
    )


def _days(later: NDArray[np.datetime64], earlier: NDArray[np.datetime64]) -> NDArray[np.float64]:
    """Return whole days between dates, NaN where either is missing."""
    return np.asarray((later - earlier) / np.timedelta64(1, "D"))
