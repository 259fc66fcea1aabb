"""Supplementary tables of other choices: who counts as treated, and who was left out of the study."""

from __future__ import annotations

from collections.abc import Iterator

from report_helpers.reporting import formats, leaves
from report_helpers.reporting.report import Report
from report_helpers.reporting.tables import cells
from report_helpers.reporting.tables.baseline import named
from report_helpers.reporting.tables.build import Column, Note, Row, Table, abbreviations, build
from report_helpers.results.sensitivity import SelectionRow
from report_helpers.statistics import Estimate

SENSITIVITY = "suptbl-sensitivity"
SELECTION = "suptbl-selection"


def sensitivity(r: Report) -> Table:
    """Any immunotherapy against none in both profiles, with some treated patients set aside."""
    where = SENSITIVITY
    rows: list[Row] = []
    gaps: list[tuple[str, str, Estimate]] = []
    ratios: list[Estimate] = []
    for profile, choices in r.results.sensitivity.items():
        group = getattr(r.results, profile).label
        for key, choice in choices.items():
            found, path = choice.comparison, f"sensitivity.{profile}.{key}"
            ratios.append(found.risk_ratio)
            context = formats.lower_first(group)
            gaps += [(choice.label, context, each) for each in (found.risk_difference, found.risk_ratio)]
            shown = (
                r.value(f"{path}.set_aside").html(where),
                r.value(f"{path}.events_of_n").html(where),
                r.value(f"{path}.reference_events_of_n").html(where),
                cells.difference(r, f"{path}.risk_difference", found.risk_difference, where),
                cells.ratio(r, f"{path}.risk_ratio", found.risk_ratio, where),
            )
            rows.append(Row(choice.label, shown, group))
    level = f"({cells.level(ratios)} CI)"
    columns = [
        Column("set_aside", "Set\naside"),
        Column("treated", "Treated\nn/N (%)"),
        Column("untreated", "Untreated\nn/N (%)"),
        Column("difference", f"Risk difference,\npercentage points\n{level}"),
        Column("ratio", f"Risk ratio\n{level}"),
    ]
    notes: list[str | Note] = [
        "Set aside: treated patients whom the choice leaves out; the untreated are the same throughout.",
        cells.gaps(gaps),
        cells.methods(r, cells.UNADJUSTED, where),
        abbreviations("CI"),
    ]
    return build(where, "Treated patients included", columns, rows, notes)


def selection(r: Report) -> Table:
    """Eligible beside excluded patients, by what is recorded whether or not a transfer followed."""
    where = SELECTION
    found = r.results.selection
    heads = {"eligible": ("Eligible", "flow.eligible"), "excluded": ("Excluded", "flow.excluded")}
    columns = [
        Column(key, head, below=f"(N={r.value(path).html(where)})") for key, (head, path) in heads.items()
    ]
    columns.append(Column("smd", "SMD"))
    columns += [Column(f"missing_{key}", head, "Missing, n") for key, (head, _) in heads.items()]
    rows = [row for each in found for row in _rows(r, each)]
    manners = {row.skewed for row in found if not row.levels}
    numbers = " or, where skewed, ".join(
        "median (IQR)" if skewed else "mean (SD)" for skewed in sorted(manners)
    )
    short = ["SMD", *("IQR" if skewed else "SD" for skewed in manners)]
    notes: list[str | Note] = [
        f"Numbers are {numbers}." if numbers else "",
        leaves.share_note(),
        "SMD: eligible minus excluded patients; of a category with more than two levels, "
        "the distance of all shares together.",
        abbreviations(*short),
    ]
    return build(where, "Characteristic", columns, rows, notes)


def _rows(r: Report, row: SelectionRow) -> Iterator[Row]:
    """Yield one row for a number or a yes/no, a heading with its levels for any other category."""
    label = named(row)
    if not row.levels:
        manner = "median (IQR)" if row.skewed else "mean (SD)"
        yield Row(f"{label}: {manner}", _cells(r, row))
    elif {code for code, _ in row.levels} == {"yes", "no"}:
        yield Row(f"{label}: n (%)", _cells(r, row, "yes"))
    else:
        yield Row(f"{label}: n (%)", ("", "", *_cells(r, row)[2:]))
        for code, words in row.levels:
            yield Row(words, (*_cells(r, row, code)[:2], "", "", ""), indented=True)


def _cells(r: Report, row: SelectionRow, level: str = "") -> tuple[str, ...]:
    path = f"selection.{row.key}"
    groups = {"eligible": row.eligible, "excluded": row.excluded}
    shown = []
    for key, summary in groups.items():
        if level:
            shown.append(r.value(f"{path}.{key}.{level}").said(leaves.share(summary, level)).html(SELECTION))
        elif not row.levels:
            name = "median_iqr" if row.skewed else "mean_sd"
            shown.append(r.value(f"{path}.{key}.{name}").html(SELECTION))
        else:
            shown.append("")
    smd = r.value(f"{path}.smd")
    shown.append((smd if smd.value is not None else smd.said(cells.NONE)).html(SELECTION))
    return (*shown, *(r.value(f"{path}.{key}.missing").html(SELECTION) for key in groups))
