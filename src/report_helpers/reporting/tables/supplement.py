"""Supplementary tables: definitions, the columns of the cohort file, and missing values."""

from __future__ import annotations

from collections.abc import Iterator

from report_helpers.reporting import formats
from report_helpers.reporting.report import Report
from report_helpers.reporting.tables.build import Column, Row, Table, abbreviations, build, text
from report_helpers.study.definition import Outcome, Study
from report_helpers.study.dictionary import COLUMNS
from report_helpers.study.dictionary import Column as DataColumn

_COUNTED = {
    "any_sac": "at least one gestational sac in {column}",
    "sacs": "sum of {column}",
    "yes_no": "{column} is yes",
}


def missing(r: Report) -> Table:
    """Missing values of covariates and outcomes among the eligible patients."""
    where = "suptbl-missing"
    rows = [
        Row(row.label, (r.value(f"missing.{row.key}.missing_of_n").html(where),)) for row in r.results.missing
    ]
    notes = [abbreviations("NK", "Th")]
    if r.results.study.negative_hcg_counts_as_no_sac:
        told = "a patient without a count of sacs but with a negative hCG is known to have none."
        notes.insert(0, f"Implantation: {told}")
    return build(where, "Variable", [Column("missing", "Missing\nn/N (%)")], rows, notes)


def definitions(r: Report) -> Table:
    """Criteria, cut-offs, groups, outcomes and test families, as the analysis read them."""
    where = "suptbl-definitions"
    study = r.results.study
    rows = [
        *_criteria(study),
        *(
            Row(
                cutoff.label,
                (f"{text(cutoff.column)} ≥ {r.value(f'cutoffs.{key}').html(where)}",),
                "Immune profile",
            )
            for key, cutoff in study.cutoffs.items()
        ),
        Row(r.results.regulated.label, (text("neither marker at or above its cut-off"),), "Immune profile"),
        Row(
            r.results.dysregulated.label,
            (text("either marker, or both, at or above its cut-off"),),
            "Immune profile",
        ),
        *(
            Row(label, (text(f"immunotherapy_regimen is {key}"),), "Regimen")
            for key, label in study.regimens.items()
        ),
        *(
            Row(label, (text(f"immunotherapy_timing is {key}"),), "Timing")
            for key, label in study.timings.items()
        ),
        *(Row(_outcome(each), (text(_counted(each, study)),), "Outcome") for each in study.outcomes.values()),
        *_families(r),
    ]
    columns = [Column("definition", "Definition", align="left")]
    return build(where, "Term", columns, rows, [abbreviations("NK", "Th")])


def dictionary(r: Report) -> Table:
    """Every column of the cohort file: what it holds, in which unit or codes, and where it may be blank."""
    where = "suptbl-dictionary"
    rows = [
        Row(
            column.name,
            (
                text(column.kind),
                text(_allowed(column)),
                text("yes" if column.required else "no"),
                text(column.missing),
                text(column.meaning),
            ),
        )
        for column in COLUMNS.values()
    ]
    columns = [
        Column("kind", "Type", align="left"),
        Column("values", "Unit or values", align="left"),
        Column("required", "Required", align="left"),
        Column("missing", "May be blank", align="left"),
        Column("meaning", "Meaning", align="left"),
    ]
    return build(where, "Column", columns, rows, [abbreviations("NK", "Th")])


def _allowed(column: DataColumn) -> str:
    """Return the codes, or the unit and the range, in print: ``years, 18–55``."""
    if column.values:
        return ", ".join(column.values)
    span = column.range_words.replace("-", formats.EN_DASH)
    return ", ".join(part for part in (column.unit.replace("percent", "%"), span) if part)


def _criteria(study: Study) -> Iterator[Row]:
    manner = {"keep": "not recorded: kept", "exclude": "not recorded: excluded"}
    for number, each in enumerate(study.criteria, start=1):
        kept = " or ".join(each.keep)
        told = f"excluded unless {each.column} is {kept}; {manner[each.when_missing]}"
        yield Row(f"{number}. {each.label}", (text(told),), "Eligibility criteria, applied in this order")


def _outcome(outcome: Outcome) -> str:
    return f"{outcome.label} (primary)" if outcome.primary else outcome.label


def _counted(outcome: Outcome, study: Study) -> str:
    told = _COUNTED[outcome.kind].format(column=outcome.column)
    unit = "per embryo transferred" if outcome.unit == "embryo" else "per patient"
    blank = ""
    if outcome.column == "gestational_sacs" and study.negative_hcg_counts_as_no_sac:
        blank = "; a negative hCG without a sac count is no sac"
    return f"{told}, {unit}{blank}"


def _families(r: Report) -> Iterator[Row]:
    for family in r.results.study.families:
        labels = [r.results.contrasts[key].label for key in family.contrasts]
        yield Row(
            family.label, (text("; ".join(labels)),), "Families of tests, each adjusted by Holm’s method"
        )
