"""The supplementary table of covariate balance: how far the arms differ before and after weighting."""

from __future__ import annotations

from report_helpers.reporting import balance_terms, estimates, formats
from report_helpers.reporting.adjusted_leaves import balance as terms
from report_helpers.reporting.grouping import full_label
from report_helpers.reporting.report import Report
from report_helpers.reporting.tables import cells
from report_helpers.reporting.tables.build import Column, Note, Row, Table, abbreviations, build, text

WHERE = "suptbl-balance"

_WEIGHTING = {
    "effective_treated": "Effective sample size, treated",
    "effective_untreated": "Effective sample size, untreated",
    "lowest_weight": "Lowest weight",
    "highest_weight": "Highest weight",
    "overlap": "Propensity within the range of both arms",
}


def balance(r: Report) -> Table:
    """Standardised differences of any immunotherapy and of each regimen that was weighted."""
    shown = balance_terms.shown(r.results)
    weighted = [key for key in shown if not r.results.adjusted[key].weighted.reason]
    columns = []
    for key in shown:
        spanner = full_label(r.results, key).replace(" (", "\n(")
        columns.append(Column(f"{key}.before", "Before", spanner))
        if key in weighted:
            columns.append(Column(f"{key}.after", "After", spanner))
    rows = [
        Row(label, tuple(_smd(r, column.key, term) for column in columns), "SMD")
        for term, label in balance_terms.term_labels(r.results, shown).items()
    ]
    if weighted:
        rows += [
            Row(label, tuple(_weighting(r, column.key, name) for column in columns), "Weighting")
            for name, label in _WEIGHTING.items()
        ]
    refused = [
        f"{text(full_label(r.results, key))}: "
        f"{r.value(path).said(estimates.refused(found.weighted.reason, 'weighted')).html(WHERE)}."
        for key, found in r.results.adjusted.items()
        if key in shown and key not in weighted
        for path in [f"adjusted.{key}.weighted.risk_ratio"]
    ]
    notes: list[str | Note] = [
        "SMD: treated minus untreated, of patients with all covariates recorded; before weighting, and after "
        "by the same standard deviations.",
        *map(Note, refused),
        cells.methods(r, {"Weighting": ("weighted",)}, WHERE),
        abbreviations("SMD"),
    ]
    return build(WHERE, "Covariate", columns, rows, notes)


def _smd(r: Report, column: str, term: str) -> str:
    key, _, when = column.rpartition(".")
    if term not in terms(r.results.adjusted[key].weighted):
        return cells.NONE  # a level that none of these patients has
    value = r.value(f"adjusted.{key}.weighted.balance.{term}.{when}")
    return (value if value.value is not None else value.said(cells.NONE)).html(WHERE)


def _weighting(r: Report, column: str, name: str) -> str:
    key, _, when = column.rpartition(".")
    if when == "before" or r.results.adjusted[key].weighted.reason:
        return ""
    value = r.value(f"adjusted.{key}.weighted.{name}")
    weight = value.value if name.endswith("weight") else None
    return (value.said(formats.ratio(weight)) if isinstance(weight, float) else value).html(WHERE)
