"""The supplementary table of covariate balance: how far the arms differ before and after weighting."""

from __future__ import annotations

from collections.abc import Sequence

from report_helpers.reporting import estimates, formats
from report_helpers.reporting.adjusted_leaves import balance as terms
from report_helpers.reporting.grouping import full_label
from report_helpers.reporting.report import Report
from report_helpers.reporting.tables import cells
from report_helpers.reporting.tables.build import Column, Note, Row, Table, abbreviations, build, text
from report_helpers.results.model import Results

WHERE = "suptbl-balance"
MAIN = "dysregulated.any"

_WEIGHTING = {
    "effective_treated": "Effective sample size, treated",
    "effective_untreated": "Effective sample size, untreated",
    "lowest_weight": "Lowest weight",
    "highest_weight": "Highest weight",
    "overlap": "Propensity within the range of both arms",
}


def balance(r: Report) -> Table:
    """Standardised differences of any immunotherapy and of each regimen that was weighted."""
    shown = _shown(r.results)
    weighted = [key for key in shown if not r.results.adjusted[key].weighted.reason]
    columns = []
    for key in shown:
        spanner = full_label(r.results, key).replace(" (", "\n(")
        columns.append(Column(f"{key}.before", "Before", spanner))
        if key in weighted:
            columns.append(Column(f"{key}.after", "After", spanner))
    rows = [
        Row(label, tuple(_smd(r, column.key, term) for column in columns), "SMD")
        for term, label in term_labels(r.results, shown).items()
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


def term_labels(results: Results, keys: Sequence[str]) -> dict[str, str]:
    """Return the covariates, or the levels of one, that the balance of these contrasts is about.

    Returns
    -------
    dict of str to str
        From the path below a contrast's balance to its words, ``Best embryo quality: good``.
    """
    covariates = {covariate.key: covariate for covariate in results.study.covariates}
    found = {}
    for key in keys:
        for path, each in terms(results.adjusted[key].weighted).items():
            covariate = covariates.get(each.covariate)
            label = covariate.label if covariate else each.covariate
            level = covariate.levels.get(each.level, each.level) if covariate else each.level
            found[path] = f"{label}: {formats.lower_first(level)}" if level else label
    order = list(results.study.adjustment.covariates)
    return dict(sorted(found.items(), key=lambda item: _place(order, item[0].split(".", 1)[0])))


def _place(order: list[str], covariate: str) -> int:
    return order.index(covariate) if covariate in order else len(order)


def _shown(results: Results) -> list[str]:
    """Return the main contrast, then the regimens whose patients could be weighted."""
    regimens = [f"dysregulated.{regimen}" for regimen in results.study.regimens]
    return [
        key
        for key, found in results.adjusted.items()
        if key == MAIN or (key in regimens and not found.weighted.reason)
    ]


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
