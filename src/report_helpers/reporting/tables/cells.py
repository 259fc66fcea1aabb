"""Cells that several tables share: an estimate in its short form, a P value, the methods as they were run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from report_helpers.reporting import estimates, formats
from report_helpers.reporting.formats import listed
from report_helpers.reporting.leaf import p_of
from report_helpers.reporting.report import Report
from report_helpers.reporting.tables.build import Note, text
from report_helpers.results.model import Results
from report_helpers.results.withheld import is_withheld
from report_helpers.statistics import Estimate

NONE = "—"
"""In place of what is not calculated."""
UNADJUSTED = {
    "Unadjusted risk difference": ("risk_difference",),
    "Unadjusted risk ratio": ("risk_ratio",),
}
"""What `methods` says of unadjusted columns."""


def difference(r: Report, path: str, estimate: Estimate, where: str) -> str:
    """Return ``12.3 (−3.1 to 21.0)``, in percentage points."""
    return r.value(path).said(estimates.difference(estimate, short=True)).html(where)


def ratio(r: Report, path: str, estimate: Estimate, where: str) -> str:
    """Return ``1.34 (1.05–1.71)``."""
    return r.value(path).said(estimates.ratio(estimate, short=True)).html(where)


def p_value(r: Report, path: str, estimate: Estimate | None, where: str) -> str:
    """Return ``0.013``, or a dash where there is no test."""
    p = p_of(estimate)
    return NONE if p is None else r.value(path).said(formats.p_number(p)).html(where)


def unadjusted(r: Report, key: str, where: str) -> tuple[str, str]:
    """Return the risk difference and risk ratio of a contrast's primary outcome."""
    contrast = r.results.contrasts[key]
    found = contrast.outcomes[contrast.primary]
    return (
        difference(r, f"{key}.risk_difference", found.risk_difference, where),
        ratio(r, f"{key}.risk_ratio", found.risk_ratio, where),
    )


def level(found: Iterable[Estimate]) -> str:
    """Return the confidence level of a column, ``95%``."""
    return listed(f"{100 * each:g}%" for each in sorted({estimate.level for estimate in found}))


def column_level(results: Results) -> str:
    """Return the confidence level of the unadjusted and adjusted risk ratios, ``95%``."""
    found = [each.outcomes[each.primary].risk_ratio for each in results.contrasts.values()]
    return level([*found, *(each.risk_ratio for each in results.adjusted.values())])


def gaps(found: Iterable[tuple[str, str, Estimate]]) -> str:
    """Return the note on what is not estimable, each row of the table named once for its reasons.

    Parameters
    ----------
    found : iterable of (label, context, estimate)
        The context tells rows with the same label apart (``per embryo``); all estimates of the table, of
        which those with a value are passed over.

    Returns
    -------
    str
        One sentence for each reason, ``Not estimable (no events in …): Any immunotherapy, per patient and
        per embryo.``; empty where all could be estimated.
    """
    reasons: dict[tuple[str, str], dict[str, None]] = {}
    for label, context, estimate in found:
        if not estimate.estimable and estimate.reason and not is_withheld(estimate):
            # That nothing was tested either follows from there being no estimate.
            why = estimates.reason(estimate).split("; no test: ", 1)[0]
            reasons.setdefault((label, context), {})[why] = None
    rows: dict[str, dict[str, list[str]]] = {}
    for (label, context), told in reasons.items():
        rows.setdefault("; ".join(told), {}).setdefault(label, []).append(context)
    return " ".join(f"Not estimable ({why}): {_rows(there)}." for why, there in rows.items())


def _rows(contexts: Mapping[str, list[str]]) -> str:
    """Name rows of a table, each with what tells it from others of the same label."""
    named = {label: listed(each for each in where if each) for label, where in contexts.items()}
    return "; ".join(f"{label}, {where}" if where else label for label, where in named.items())


def methods(r: Report, named: Mapping[str, tuple[str, ...]], where: str) -> Note:
    """Return the methods as they were run, each with its key, after what it was run for."""
    known = dir(r["methods"])
    told = {
        label: [r.value(f"methods.{name}").html(where) for name in names if name in known]
        for label, names in named.items()
    }
    return Note(" ".join(f"{text(label)}: {'; '.join(ways)}." for label, ways in told.items() if ways))
