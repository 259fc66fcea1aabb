"""The table of adjusted estimates beside the unadjusted ones."""

from __future__ import annotations

from report_helpers.reporting.grouping import full_label, groups
from report_helpers.reporting.report import Report
from report_helpers.reporting.tables import cells
from report_helpers.reporting.tables.build import Column, Note, Row, Table, abbreviations, build, text
from report_helpers.reporting.tables.refusals import Refusals

WHERE = "tbl-adjusted"


def adjusted(r: Report) -> Table:
    """Every contrast unadjusted and adjusted side by side, or why it was not adjusted."""
    refusals = Refusals(WHERE)
    rows = [
        Row(contrast.label, _cells(r, contrast.key, refusals), heading)
        for heading, found in groups(r.results)
        for contrast in found
        if contrast.key in r.results.adjusted
    ]
    level = f"({cells.column_level(r.results)} CI)"
    difference, ratio = f"Risk difference,\npercentage points\n{level}", f"Risk ratio\n{level}"
    columns = [
        Column("treated", "Treated\nn/N"),
        Column("untreated", "Untreated\nn/N"),
        Column("difference", difference, "Unadjusted"),
        Column("ratio", ratio, "Unadjusted"),
        Column("adjusted_difference", difference, "Adjusted"),
        Column("adjusted_ratio", ratio, "Adjusted"),
    ]
    named = {**cells.UNADJUSTED, "Adjusted": ("standardised",)}
    notes: list[str | Note] = [
        _patients(r),
        *refusals.notes(),
        cells.methods(r, named, WHERE),
        abbreviations("CI", "NK", "Th"),
    ]
    return build(WHERE, "Contrast", columns, rows, notes)


def _cells(r: Report, key: str, refusals: Refusals) -> tuple[str, ...]:
    counts = (r.value(f"{key}.count").html(WHERE), r.value(f"{key}.reference_count").html(WHERE))
    found = r.results.adjusted[key]
    path = f"adjusted.{key}"
    if found.reason:
        shown = refusals.cell(r, f"{path}.risk_difference", found.reason), cells.NONE
    else:
        shown = (
            cells.difference(r, f"{path}.risk_difference", found.risk_difference, WHERE),
            cells.ratio(r, f"{path}.risk_ratio", found.risk_ratio, WHERE),
        )
    return (*counts, *cells.unadjusted(r, key, WHERE), *shown)


def _patients(r: Report) -> Note:
    """Say what was adjusted for, and in how many of the patients."""
    covariates = r.value("study.adjustment.covariates").html(WHERE)
    used = [
        f"{text(full_label(r.results, key))} {r.value(f'adjusted.{key}.used_of_n').html(WHERE)}"
        for key, found in r.results.adjusted.items()
        if not found.reason
    ]
    among = f", in the patients with all of these recorded: {'; '.join(used)}" if used else ""
    return Note(f"Adjusted for {covariates}{among}.")
