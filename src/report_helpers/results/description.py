"""Who the patients were: the baseline table as data, missing values, and when treatment began."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

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

if TYPE_CHECKING:
    from pandas import DataFrame, Series

NUMBER = "number"
_SACS = "Gestational sacs"

# A number whose mean and median differ by more than this share of its standard deviation is shown as
# median (quartiles): Pearson's second skewness coefficient, 3 (mean - median) / SD, beyond one half.
_SKEWED = 0.5


def baseline(study: Study, frame: DataFrame) -> Baseline:
    """Summarise every covariate by profile and treatment among the analysed patients."""
    groups = {
        f"{profile}_{'treated' if treated else 'untreated'}": frame[
            (frame["profile"] == profile) & (frame["treated"] == treated)
        ]
        for profile in ("regulated", "dysregulated")
        for treated in (False, True)
    }
    columns = tuple(
        BaselineColumn(key, "Immunotherapy" if key.endswith("_treated") else "None", len(members))
        for key, members in groups.items()
    )
    rows = tuple(_row(covariate, frame, groups) for covariate in study.covariates)
    return Baseline(columns, rows)


def _row(covariate: Covariate, frame: DataFrame, groups: Mapping[str, DataFrame]) -> BaselineRow:
    whole = frame[covariate.key]
    levels = tuple(covariate.levels.items())
    cells = {key: summarise(members[covariate.key], covariate) for key, members in groups.items()}
    return BaselineRow(
        key=covariate.key,
        label=covariate.label,
        unit=covariate.unit,
        kind=covariate.kind,
        skewed=covariate.kind == NUMBER and is_skewed(summarise(whole, covariate)),
        levels=levels,
        cells=cells,
        smd_regulated=difference(cells["regulated_treated"], cells["regulated_untreated"]),
        smd_dysregulated=difference(cells["dysregulated_treated"], cells["dysregulated_untreated"]),
        missing=int(whole.isna().sum()),
    )


def summarise(values: Series, covariate: Covariate) -> Summary:
    """Summarise one covariate in one group; undefined moments are None."""
    n, missing = len(values), int(values.isna().sum())
    if covariate.kind != NUMBER:
        counted = values.value_counts()
        return Summary(n, missing, counts={code: int(counted.get(code, 0)) for code in covariate.levels})
    known = values.dropna().to_numpy(dtype=float)
    if known.size == 0:
        return Summary(n, missing)
    q1, median, q3 = (float(q) for q in np.quantile(known, [0.25, 0.5, 0.75]))
    sd = float(known.std(ddof=1)) if known.size > 1 else None
    return Summary(n, missing, float(known.mean()), sd, median, q1, q3)


def is_skewed(summary: Summary) -> bool:
    """Tell whether a number is better shown by its median."""
    if summary.mean is None or summary.median is None or not summary.sd:
        return False
    return abs(3 * (summary.mean - summary.median) / summary.sd) > _SKEWED


def difference(treated: Summary, untreated: Summary) -> float | None:
    """Return the standardised difference, or None where either group cannot be described."""
    if treated.counts is not None and untreated.counts is not None:
        return statistics.standardised_difference_proportions(
            list(treated.counts.values()), list(untreated.counts.values())
        )
    if treated.mean is None or treated.sd is None or untreated.mean is None or untreated.sd is None:
        return None
    return statistics.standardised_difference_means(treated.mean, treated.sd, untreated.mean, untreated.sd)


def missing(study: Study, eligible: DataFrame) -> tuple[MissingRow, ...]:
    """Count missing values of covariates, and unknown outcomes, among the eligible patients.

    A blank in the file need not leave the outcome unknown: a negative pregnancy test may stand for no sac.
    Both are therefore counted, the blank sac counts and the outcomes that remain unknown.
    """
    counts = {each.key: (each.label, eligible[each.key]) for each in study.covariates}
    for outcome in study.outcomes.values():
        if outcome.kind == "any_sac":
            counts[outcome.column] = (f"{_SACS}, blank in the file", eligible[outcome.column])
            counts[outcome.key] = (f"{outcome.label}, unknown", eligible["implantation"])
        elif outcome.kind == "yes_no":
            counts[outcome.key] = (outcome.label, eligible[outcome.column])
    return tuple(
        MissingRow(key, label, int(values.isna().sum()), len(eligible))
        for key, (label, values) in counts.items()
    )


def treatment_start(study: Study, frame: DataFrame) -> dict[str, TreatmentStart]:
    """Describe, for each timing, when treatment began against transfer and pregnancy test."""
    treated = frame[frame["treated"]]
    days = _days(treated["immunotherapy_start_date"], treated["transfer_date"])
    after_hcg = _days(treated["immunotherapy_start_date"], treated["hcg_date"])
    plan = treated["immunotherapy_planned_before_transfer"]
    found = {}
    for key, label in study.timings.items():
        if key == "none":
            continue
        here = treated["immunotherapy_timing"] == key
        known = days[here].dropna().to_numpy(dtype=float)
        quartiles = np.quantile(known, [0.25, 0.5, 0.75]) if known.size else None
        compared = after_hcg[here].dropna()
        found[key] = TreatmentStart(
            key=key,
            label=label,
            patients=int(here.sum()),
            known=int(known.size),
            median=None if quartiles is None else float(quartiles[1]),
            q1=None if quartiles is None else float(quartiles[0]),
            q3=None if quartiles is None else float(quartiles[2]),
            hcg_known=len(compared),
            after_hcg=int((compared > 0).sum()),
            plan_known=int(plan[here].notna().sum()),
            planned_before=int((plan[here] == "yes").sum()),
        )
    return found


def _days(later: Series, earlier: Series) -> Series:
    return (pd.to_datetime(later) - pd.to_datetime(earlier)).dt.days
