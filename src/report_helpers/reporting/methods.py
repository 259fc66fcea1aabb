"""The methods as the estimates themselves name them, so that the text cannot differ from what was run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from report_helpers.reporting.formats import listed
from report_helpers.results.model import Comparison, Results
from report_helpers.statistics import Estimate


def methods(results: Results) -> dict[str, str]:
    """Return the name of every method used, by what it estimates.

    Where several were used for one quantity, all are named; where every estimate was refused, the method
    that would have been used is.
    """
    told = {name: _named(found) for name, found in _estimates(results)}
    return {name: words for name, words in told.items() if words}


def _estimates(results: Results) -> Iterator[tuple[str, list[Estimate | None]]]:
    found = [each for contrast in results.contrasts.values() for each in contrast.outcomes.values()]
    yield from _compared([each for each in found if each.unit == "patient"], "")
    yield from _compared([each for each in found if each.unit == "embryo"], "embryo_")
    adjusted = list(results.adjusted.values())
    names = {
        "standardised": "risk_ratio",
        "bootstrap": "risk_ratio_bootstrap",
        "poisson": "poisson",
        "per_embryo": "per_embryo",
        "imputed": "imputed_risk_ratio",
        "e_value": "e_value",
        "odds_ratio": "odds_ratio",
    }
    for name, field in names.items():
        yield name, [getattr(each, field) for each in adjusted]
    yield "weighted", [each.weighted.risk_ratio for each in adjusted]
    yield "interaction_rr", [results.interaction.ratio_of_risk_ratios]
    yield "interaction_or", [results.interaction.ratio_of_odds_ratios]
    yield "interaction_rd", [results.interaction.difference_of_risk_differences]
    yield "interaction_reri", [results.interaction.reri]


def _compared(found: list[Comparison], prefix: str) -> Iterator[tuple[str, list[Estimate | None]]]:
    yield f"{prefix}rate", [rate for each in found for rate in (each.rate, each.reference_rate)]
    for name in ("risk_difference", "risk_ratio", "test"):
        yield f"{prefix}{name}", [getattr(each, name) for each in found]


def _named(found: Iterable[Estimate | None]) -> str:
    given = [each for each in found if each is not None]
    used = [each.method for each in given if each.value is not None or each.p_value is not None]
    return listed(dict.fromkeys(used or [each.method for each in given]))
