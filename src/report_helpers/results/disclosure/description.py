"""What describes patients, veiled: the baseline table, who was included, missing values, first doses.

A characteristic is a table of its own, levels by groups, tied to the others only by the size of each group.
Where one level of a group is a small count all levels of that group go: what is left is their sum, which any
other split of the patients has too, so that nothing need be searched for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from report_helpers.results.disclosure.register import Shown
from report_helpers.results.model import (
    Baseline,
    BaselineRow,
    MissingRow,
    Results,
    Summary,
    TreatmentStart,
)
from report_helpers.results.sensitivity import SelectionRow
from report_helpers.results.withheld import WITHHELD, emptied, is_withheld

_COLUMNS = {
    "regulated_untreated": "regulated.any reference",
    "regulated_treated": "regulated.any treated",
    "dysregulated_untreated": "dysregulated.any reference",
    "dysregulated_treated": "dysregulated.any treated",
}
_PLACES = 1
_QUARTILES = 4
"""A quartile has a fourth of the patients beyond it: as many as may be shown must be there."""


def veiled_baseline(baseline: Baseline, shown: Shown) -> Baseline:
    """Veil the baseline table."""
    columns = tuple(
        replace(each, n=each.n if shown.size(_COLUMNS[each.key]) else WITHHELD) for each in baseline.columns
    )
    return Baseline(columns, tuple(_baseline_row(row, shown) for row in baseline.rows))


def hidden_columns(row: BaselineRow, shown: Shown) -> set[str]:
    """Return the groups of the baseline table of which a characteristic is not shown."""
    return {
        key
        for key, cell in row.cells.items()
        if not shown.size(_COLUMNS[key])
        or reveals(cell, shown)
        # Levels and the size of the group give the number without a value.
        or (cell.counts is not None and shown.small(row.missing) and cell.missing)
    }


def reveals(summary: Summary, shown: Shown) -> bool:
    """Tell whether a summary has a small count, or says something of everyone in the group."""
    known = summary.known
    if summary.counts is None:
        return shown.small(known)
    return known > 0 and any(
        count < shown.threshold or known - count < shown.threshold for count in summary.counts.values()
    )


def _baseline_row(row: BaselineRow, shown: Shown) -> BaselineRow:
    hidden = hidden_columns(row, shown)
    missing_shown = shown.size("analysed") and not shown.small(row.missing)
    return replace(
        row,
        cells={key: _summary(cell, key in hidden, missing_shown, shown) for key, cell in row.cells.items()},
        smd_regulated=_smd(row.smd_regulated, "regulated", hidden),
        smd_dysregulated=_smd(row.smd_dysregulated, "dysregulated", hidden),
        missing=row.missing if missing_shown else WITHHELD,
    )


def _smd(value: float | None, profile: str, hidden: set[str]) -> float | None:
    return WITHHELD if {f"{profile}_treated", f"{profile}_untreated"} & hidden else value


def _summary(summary: Summary, hidden: bool, missing_shown: bool, shown: Shown) -> Summary:
    if hidden:
        counts = None if summary.counts is None else dict.fromkeys(summary.counts, WITHHELD)
        return replace(emptied(summary), counts=counts)
    if summary.counts is None and summary.known < _QUARTILES * shown.threshold:
        summary = replace(summary, median=WITHHELD, q1=WITHHELD, q3=WITHHELD)
    elif summary.counts is None:
        # A quantile can be the very value of a patient, to all its digits.
        median, q1, q3 = map(_rounded, (summary.median, summary.q1, summary.q3))
        summary = replace(summary, median=median, q1=q1, q3=q3)
    # Shown levels of a group tell that nobody lacks a value; a mean tells nothing.
    return summary if missing_shown or summary.counts else replace(summary, missing=WITHHELD)


def _rounded(value: float | None) -> float | None:
    """Return a quantile with no more digits than are printed of it."""
    return None if value is None else float(f"{value:.{_PLACES}f}")


def veiled_selection(results: Results, shown: Shown) -> tuple[SelectionRow, ...]:
    """Veil the comparison of eligible with excluded patients."""
    baseline = {row.key: row for row in results.baseline.rows}
    return tuple(_selection_row(row, baseline[row.key], shown) for row in results.selection)


def _selection_row(row: SelectionRow, baseline: BaselineRow, shown: Shown) -> SelectionRow:
    sizes = shown.size("eligible"), shown.size("excluded")
    cells = [
        _summary(
            summary,
            not (sizes[0] and sizes[1])
            or reveals(summary, shown)
            or (summary.counts is not None and shown.small(summary.missing))
            or told,
            not shown.small(summary.missing),
            shown,
        )
        for summary, told in (
            (row.eligible, _leaves_few(row.eligible, baseline, shown)),
            (row.excluded, False),
        )
    ]
    hidden = any(is_withheld(cell.n) for cell in cells)
    return replace(row, eligible=cells[0], excluded=cells[1], smd=WITHHELD if hidden else row.smd)


def _leaves_few(eligible: Summary, baseline: BaselineRow, shown: Shown) -> bool:
    """Tell whether what is eligible, less what the baseline table shows, describes a few patients."""
    hidden = hidden_columns(baseline, shown)
    cells = [cell for key, cell in baseline.cells.items() if key not in hidden]
    if eligible.counts is None:
        return shown.small(eligible.known - sum(cell.known for cell in cells))
    return bool(hidden) or any(
        shown.small(count - sum((cell.counts or {}).get(level, 0) for cell in cells))
        for level, count in eligible.counts.items()
    )


def veiled_missing(results: Results, shown: Shown) -> tuple[MissingRow, ...]:
    """Veil the counts of missing values."""
    return tuple(_missing_row(row, results, shown) for row in results.missing)


def _missing_row(row: MissingRow, results: Results, shown: Shown) -> MissingRow:
    of_treated = row.key.startswith("immunotherapy_")
    n = row.n if shown.size("eligible treated" if of_treated else "eligible") else WITHHELD
    if f"n missing {row.key}" in shown.units:
        seen = shown.size(f"missing {row.key}")
    elif row.key == results.study.primary.key:
        seen = shown.size("unknown")
    else:
        left = [row.missing, row.n - row.missing]
        if row.key == "gestational_sacs":  # the others are known by the pregnancy test
            left.append(row.missing - results.flow.outcome_unknown)
        if row.key == "immunotherapy_start_date":  # the sum over all timings
            left += [start.patients - start.known for start in results.treatment_start.values()]
        seen = shown.size("screened") and not any(map(shown.small, left))
    return replace(row, n=n, missing=row.missing if seen else WITHHELD)


def veiled_start(start: TreatmentStart, shown: Shown) -> TreatmentStart:
    """Veil when treatment of one timing began."""
    if not shown.size(f"start {start.key}"):
        return emptied(start)
    changes: dict[str, Any] = {}
    if shown.small(start.known) or shown.small(start.patients - start.known):
        changes |= {"known": WITHHELD}
    if start.known < _QUARTILES * shown.threshold:
        changes |= dict.fromkeys(("median", "q1", "q3"), WITHHELD)
    if any(map(shown.small, (start.after_hcg, start.hcg_known - start.after_hcg, start.hcg_known))):
        changes |= dict.fromkeys(("after_hcg", "hcg_known"), WITHHELD)
    if not shown.size(f"plan {start.key}"):
        changes |= dict.fromkeys(("plan_known", "planned_before"), WITHHELD)
    return replace(start, **changes)
