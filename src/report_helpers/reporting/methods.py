"""The methods as the estimates themselves name them, so that the text cannot differ from what was run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from report_helpers.reporting.formats import listed, lower_first
from report_helpers.results.model import Comparison, Results
from report_helpers.statistics import Estimate

_RECOVERED = re.compile(r"(?P<head>(?P<what>[^;]+); (?:(?P<how>MOVER\S*) from )?)(?P<ways>.+)")
"""A clustered estimate's method: what was estimated, how limits were recovered, and from which."""


DECIDES = "the interval is then the one to read"
"""What holds where an interval and a P value of another method disagree: see `criterion`."""


def methods(results: Results) -> dict[str, str]:
    """Return the name of every method used, by what it estimates.

    Where several were used for one quantity, all are named; where every estimate was refused, the method
    that would have been used is.
    """
    told = {name: _named(found) for name, found in _estimates(results)}
    told["families"] = _families(results)
    told["decides"] = DECIDES
    return {name: words for name, words in told.items() if words}


def _families(results: Results) -> str:
    """Say which tests are corrected together; a family of one needs no correction."""
    words = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
    told = [
        f"{lower_first(family.label)} ({words.get(len(family.contrasts), len(family.contrasts))} comparisons)"
        for family in results.study.families
        if len(family.contrasts) > 1
    ]
    if not told:
        return "no other tests form a family"
    return f"the other tests form {'a family' if len(told) == 1 else 'families'}: {listed(told)}"


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
    return listed(merged(used or [each.method for each in given]))


def merged(used: Iterable[str]) -> list[str]:
    """Return each method once; clustered ones that differ in some groups' limits alone are one method.

    >>> merged(["ratio estimator; t limits", "ratio estimator; no variance: Wilson limits for n"])
    ['ratio estimator; t limits (no variance: Wilson limits)']
    """
    found: dict[str, Counter[str]] = {}
    for method in used:
        parts = _RECOVERED.fullmatch(method)
        clustered = parts is not None and "ratio estimator" in parts["what"]
        head, ways = (parts["head"], parts["ways"]) if parts and clustered else (method, "")
        found.setdefault(head, Counter()).update(ways.split("; ") if ways else ())
    return [head + _limits(ways) for head, ways in found.items()]


def brief(named: Mapping[str, Iterable[str]]) -> str:
    """Return the methods of several quantities in one sentence that names limits they share once.

    Parameters
    ----------
    named : mapping of str to iterable of str
        From what was estimated to the methods that did.
    """
    parts, shared = [], Counter[str]()
    for name, used in named.items():
        told = []
        for method in used:
            found = _RECOVERED.fullmatch(method)
            if found and found["how"]:
                shared.update(found["ways"].split("; "))
            told.append(found["how"] if found and found["how"] else method)
        if told:
            parts.append(f"{name}, {listed(merged(told))}")
    return "; ".join(parts) + (f", from {_limits(shared)}" if shared else "")


def _limits(ways: Counter[str]) -> str:
    """Name the limits of most groups, and in brackets those of the others."""
    if not ways:
        return ""
    (usual, _), *others = ways.most_common()
    told = "; ".join(way.split(" for ", 1)[0] for way, _ in others)
    return f"{usual} ({told})" if told else usual
