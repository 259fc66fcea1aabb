"""The supplementary table of every adjusted estimate by every method."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from report_helpers.reporting.grouping import full_label
from report_helpers.reporting.report import Report
from report_helpers.reporting.tables import cells
from report_helpers.reporting.tables.build import Column, Note, Row, Table, abbreviations, build
from report_helpers.reporting.tables.refusals import Refusals
from report_helpers.results.adjusted import Adjusted
from report_helpers.statistics import Estimate

WHERE = "suptbl-models"


@dataclass(frozen=True)
class Way:
    """One method: its name, the paths of its estimates below the contrast, and what a refusal says."""

    label: str
    ratio: str
    difference: str = ""
    verb: str = "adjusted"


WAYS = (
    Way(
        "Unadjusted, same patients as adjusted",
        "same_patients_risk_ratio",
        "same_patients_risk_difference",
        "estimable",
    ),
    Way("Standardised, delta-method limits", "risk_ratio", "risk_difference"),
    Way("Standardised, bootstrap limits", "risk_ratio_bootstrap", "risk_difference_bootstrap"),
    Way("Standardised, multiple imputation", "imputed_risk_ratio", "imputed_risk_difference"),
    Way("Modified Poisson", "poisson"),
    Way("Inverse probability weighted", "weighted.risk_ratio", "weighted.risk_difference", "weighted"),
    Way("Firth logistic (odds ratio)", "odds_ratio"),
    Way("Sacs per embryo, Poisson (rate ratio)", "per_embryo"),
)


def models(r: Report) -> Table:
    """Every method's estimates of each contrast that any method could adjust; the others with the reason."""
    refusals = Refusals(WHERE)
    rows: list[Row] = []
    refused: list[Row] = []
    for key, found in r.results.adjusted.items():
        label = full_label(r.results, key)
        if any(_at(found, way.ratio).estimable for way in WAYS[1:]):
            rows += [Row(name, shown, label) for name, shown in _ways(r, found, refusals)]
        else:
            n = r.value(f"adjusted.{key}.n").html(WHERE)
            shown = refusals.cell(r, f"adjusted.{key}.risk_ratio", found.reason)
            refused.append(Row(label, (n, cells.NONE, shown, cells.NONE), "Not adjusted by any method"))
    level = f"({cells.column_level(r.results)} CI)"
    columns = [
        Column("patients", "Patients"),
        Column("difference", f"Risk difference,\npercentage points\n{level}"),
        Column("ratio", f"Ratio\n{level}"),
        Column("p", "P"),
    ]
    named = {
        **cells.UNADJUSTED,
        "Standardised": ("standardised",),
        "Bootstrap": ("bootstrap",),
        "Multiple imputation": ("imputed",),
        "Modified Poisson": ("poisson",),
        "Weighted": ("weighted",),
        "Sacs per embryo": ("per_embryo",),
    }
    notes: list[str | Note] = [
        "Ratio: risk ratio unless the row says otherwise; P: of the ratio. Patients: with all covariates "
        "recorded, but all patients of the contrast where unadjusted or imputed.",
        *refusals.notes(),
        cells.methods(r, named, WHERE),
        abbreviations("CI", "HC0", "NK", "Th"),
    ]
    return build(WHERE, "Method", columns, [*rows, *refused], notes)


def _ways(r: Report, found: Adjusted, refusals: Refusals) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the rows of one contrast: unadjusted, each method, the E-value."""
    contrast = r.results.contrasts[found.key]
    base = f"adjusted.{found.key}"
    crude = cells.unadjusted(r, found.key, WHERE)
    test = cells.p_value(r, f"{found.key}.p", contrast.outcomes[contrast.primary].test, WHERE)
    yield "Unadjusted", (r.value(f"{base}.patients").html(WHERE), *crude, test)
    for way in WAYS:
        if way.ratio == "odds_ratio" and found.odds_ratio is None:
            continue  # only wanted where covariates separate the outcome
        estimate, path = _at(found, way.ratio), f"{base}.{way.ratio}"
        n = r.value(f"{path}_n").html(WHERE)
        if not estimate.estimable:
            shown = refusals.cell(r, path, estimate.reason or found.reason, way.verb)
            yield way.label, (n, cells.NONE, shown, cells.NONE)
            continue
        difference = cells.NONE
        if way.difference:
            path_there = f"{base}.{way.difference}"
            difference = cells.difference(r, path_there, _at(found, way.difference), WHERE)
        p = cells.p_value(r, f"{path}_p", estimate, WHERE)
        yield way.label, (n, difference, cells.ratio(r, path, estimate, WHERE), p)
    if found.e_value.estimable:
        value, limit = (r.value(f"{base}.e_value_{part}").text for part in ("estimate", "limit"))
        shown = r.value(f"{base}.e_value").said(f"{value} ({limit})").html(WHERE)
        label = "E-value of the standardised risk ratio (of its limit nearer 1)"
        yield label, (cells.NONE, cells.NONE, shown, cells.NONE)


def _at(found: Adjusted, path: str) -> Estimate:
    """Return the estimate at a path below an adjusted contrast; one of nothing where there is none."""
    here: object = found
    for part in path.split("."):
        here = getattr(here, part)
    if isinstance(here, Estimate):
        return here
    return Estimate(None, None, None, found.risk_ratio.level, None, "", found.n, found.reason)
