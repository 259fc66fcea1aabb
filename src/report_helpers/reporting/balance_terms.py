"""Which contrasts the balance of covariates is shown for, and what each of its terms is called."""

from __future__ import annotations

from collections.abc import Sequence

from report_helpers.reporting import formats
from report_helpers.reporting.adjusted_leaves import balance
from report_helpers.results.model import Results

MAIN = "dysregulated.any"


def shown(results: Results) -> list[str]:
    """Return the main contrast and the regimens that were weighted.

    Where none of these was weighted, the first other contrast that was stands beside the main one.
    """
    regimens = [f"dysregulated.{regimen}" for regimen in results.study.regimens]
    weighted = [key for key, found in results.adjusted.items() if not found.weighted.reason]
    chosen = [key for key in weighted if key == MAIN or key in regimens] or weighted[:1]
    return [key for key in results.adjusted if key == MAIN or key in chosen]


def term_labels(results: Results, keys: Sequence[str]) -> dict[str, str]:
    """Return the covariates, or the levels of one, that the balance of these contrasts is about.

    Returns
    -------
    dict of str to str
        From the path below a contrast's balance to its words, ``Best embryo quality: good``, in the order
        of the study's adjustment set and of each covariate's levels.
    """
    covariates = {covariate.key: covariate for covariate in results.study.covariates}
    found: dict[str, str] = {}
    places: dict[str, tuple[int, int]] = {}
    order = list(results.study.adjustment.covariates)
    for key in keys:
        for path, each in balance(results.adjusted[key].weighted).items():
            covariate = covariates.get(each.covariate)
            label = covariate.label if covariate else each.covariate
            level = covariate.levels.get(each.level, each.level) if covariate else each.level
            found[path] = f"{label}: {formats.lower_first(level)}" if level else label
            levels = list(covariate.levels) if covariate else []
            places[path] = (_place(order, each.covariate), _place(levels, each.level))
    return dict(sorted(found.items(), key=lambda item: places[item[0]]))


def _place(order: list[str], name: str) -> int:
    return order.index(name) if name in order else len(order)
