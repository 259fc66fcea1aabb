"""An `Estimate` in words: rate, difference, ratio, each in a long form (prose) and a short one (table)."""

from __future__ import annotations

import re
from collections.abc import Callable

from report_helpers.reporting import formats
from report_helpers.results.withheld import NOT_SHOWN, is_withheld
from report_helpers.results.withheld import REASON as WITHHELD_REASON
from report_helpers.statistics import Estimate

NOT_ESTIMABLE = "not estimable"
_VERDICT = re.compile(r"[:;] not (adjusted|weighted)$")
_GROUPS = {
    "all rows have the same treatment": "all patients had the same treatment",
    "no complete rows": "no patient with all covariates recorded",
    "group 0": "the untreated group",
    "group 1": "the treated group",
    "stratum a": "the dysregulated profile",
    "stratum b": "the regulated profile",
}


def rate(estimate: Estimate, events: int, n: int, *, short: bool = False) -> str:
    """Return ``48.2% (95% CI 41.0–55.4)``; n/N alone below 20, without percentage and interval.

    Parameters
    ----------
    estimate : Estimate
        A proportion, 0 to 1.
    events, n : int
        Its numerator and denominator.
    short : bool
        The table's form, ``48.2 (41.0–55.4)``, whose head names unit and level.
    """
    if n == 0:
        return NOT_ESTIMABLE
    if n < formats.SMALL:
        return formats.fraction(events, n)
    return _with_interval(estimate, formats.percentage, "" if short else "%", short=short)


def difference(estimate: Estimate, *, short: bool = False) -> str:
    """Return ``12.3 percentage points (95% CI 3.1 to 21.0)`` from a difference between shares (−1 to 1)."""
    unit = "" if short else " percentage points"
    return _with_interval(estimate, formats.percentage, unit, short=short, spelled=True)


def ratio(estimate: Estimate, *, short: bool = False) -> str:
    """Return ``1.34 (95% CI 1.05–1.71)``."""
    return _with_interval(estimate, formats.ratio, "", short=short)


def score(estimate: Estimate, *, short: bool = False) -> str:
    """Return a signed number on its own scale, as an excess risk: ``0.42 (95% CI −0.10 to 0.94)``."""
    return _with_interval(estimate, lambda v: formats.decimal(v, 2), "", short=short, spelled=True)


def percent(estimate: Estimate, *, short: bool = False) -> str:
    """Return a share with its limits: ``48.3% (95% CI 41.4–55.3)``; no denominator is too small for it."""
    return _with_interval(estimate, formats.percentage, "" if short else "%", short=short)


def reason(estimate: Estimate) -> str:
    """Return why something cannot be estimated, in the reader's words: statistics number their groups."""
    # That there is no limit is said by the interval itself.
    return _grouped(estimate.reason.replace(": the ratio is undefined and has no upper limit", ""))


def _grouped(reason: str) -> str:
    for name, words in _GROUPS.items():
        reason = reason.replace(name, words)
    return reason


def because(reason: str) -> str:
    """Return the reason of a refusal without its verdict, and without the names of functions and groups."""
    told = _VERDICT.sub("", reason.replace(": no finite estimate; firth_logistic has one", ""))
    # A column that the study gives no label keeps its name, but reads.
    return re.sub(r"(?<=\w)_(?=\w)", " ", _grouped(told))


def refused(reason: str, verb: str = "adjusted") -> str:
    """Return a refusal with its reason: ``not adjusted (5.0 events per model term, fewer than 10)``."""
    if reason == WITHHELD_REASON:
        return NOT_SHOWN
    told = because(reason)
    return f"not {verb} ({told})" if told else f"not {verb}"


def _with_interval(
    estimate: Estimate, show: Callable[[float], str], unit: str, *, short: bool, spelled: bool = False
) -> str:
    if is_withheld(estimate):
        return NOT_SHOWN
    level = "" if short else f"{100 * estimate.level:g}% CI "
    bounded = estimate.low is not None or estimate.high is not None
    interval = f"{level}{formats.limits(estimate.low, estimate.high, show, spelled=spelled)}"
    if estimate.value is None:
        # A table gives its reasons once, below it.
        why = [] if short else [reason(estimate)]
        told = "; ".join(each for each in (*why, interval if bounded else "") if each)
        return f"{NOT_ESTIMABLE} ({told})" if told else NOT_ESTIMABLE
    return f"{show(estimate.value)}{unit} ({interval})"
