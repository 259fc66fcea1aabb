"""How many patients of its group are without the value that a number describes, where that is known.

Only counts that the manuscript prints anyway are taken from one another, and none that is withheld: what
comes out of them here, a reader of its tables could have worked out.
"""

from __future__ import annotations

from report_helpers.results.model import Contrast, Results, Summary
from report_helpers.results.withheld import is_withheld

_SUMMARISED = ("missing", "n", "known")
_OF_OUTCOME = ("risk_ratio", "risk_difference", "p", "finding", "direction", "rate", "events_of_n", "count")


def missing_for(results: Results, key: str) -> int | None:
    """Return the patients of the group without the value of `key`, or None where that is not known.

    Of an outcome they are the eligible patients whose outcome is unknown, of a characteristic those in whom
    it is not recorded, of an adjusted estimate those without all covariates.
    """
    first, *rest = key.split(".")
    found: tuple[int | None, int | None] = (None, None)
    if first == "baseline" and len(rest) == 3:
        row = next((each for each in results.baseline.rows if each.key == rest[0]), None)
        found = _summary(row.cells.get(rest[1]) if row else None, rest[2])
    elif first == "selection" and len(rest) == 3:
        chosen = next((each for each in results.selection if each.key == rest[0]), None)
        found = _summary(getattr(chosen, rest[1], None), rest[2])
    elif first == "treatment_start" and rest[-1] == "median_iqr":
        start = results.treatment_start.get(rest[0])
        found = (start.patients, start.known) if start else found
    elif first in ("regulated", "dysregulated"):
        found = _outcome(results, first, rest)
    elif first == "adjusted":
        found = _adjusted(results, rest)
    of, known = found
    if of is None or known is None or is_withheld(of) or is_withheld(known):
        return None
    return of - known


def _summary(summary: object, name: str) -> tuple[int | None, int | None]:
    if not isinstance(summary, Summary) or name in _SUMMARISED:
        return None, None
    return summary.n, summary.known


def _outcome(results: Results, profile: str, rest: list[str]) -> tuple[int | None, int | None]:
    """Return the eligible patients of a contrast of all treated with all untreated, and those counted."""
    found = getattr(results, profile).contrasts.get(rest[0])
    bounds = results.bounds.get(f"{profile}.{rest[0]}")
    if not isinstance(found, Contrast) or bounds is None:
        return None, None
    comparison = found.outcomes[rest[1] if rest[1] in found.outcomes else found.primary]
    if comparison.unit != "patient":
        return None, None
    name = rest[-1].removeprefix("reference_")
    if name not in _OF_OUTCOME:
        return None, None
    treated = (bounds.best.n, comparison.n)
    untreated = (bounds.best.reference_n, comparison.reference_n)
    if name in ("rate", "events_of_n", "count"):
        return untreated if rest[-1].startswith("reference_") else treated
    both = (*treated, *untreated)
    return (None, None) if any(map(is_withheld, both)) else (both[0] + both[2], both[1] + both[3])


def _adjusted(results: Results, rest: list[str]) -> tuple[int | None, int | None]:
    found = results.adjusted.get(".".join(rest[:2]))
    name = rest[2] if len(rest) > 2 else ""
    complete = ("risk_", "poisson", "per_embryo", "same_patients_", "e_value", "odds_ratio")
    if found is None or not name.startswith(complete) or name.endswith("_n"):
        return None, None
    return found.n + found.left_out, found.n
