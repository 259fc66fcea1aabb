"""The text of one result with what is behind it, and the pieces of wording that several results share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from report_helpers.reporting import estimates, formats
from report_helpers.results.withheld import NOT_SHOWN, WITHHELD, is_withheld
from report_helpers.statistics import Estimate

UNKNOWN = "not estimable"
"""In place of a number that the data do not give."""
NOT_GIVEN = "not given"
"""In place of an estimate that the analysis does not make where it has a better one."""


@dataclass(frozen=True)
class Leaf:
    """Text of a result, the exact value, and the estimate, or denominator and method, behind it."""

    text: str
    value: object = None
    estimate: Estimate | None = None
    n: int | None = None
    method: str = ""


Offer = Mapping[str, Callable[[], Leaf]]
"""What a piece of the results can be asked for beyond its plain fields, by name."""


def estimated(value: Estimate, name: str) -> Leaf:
    """Return an estimate in the words of its kind, which its name tells."""
    show = estimates.ratio
    if "difference" in name:
        show = estimates.difference
    elif name == "reri":
        show = estimates.score
    return Leaf(show(value), value.value, value)


def counted(events: int, n: int) -> Callable[[], Leaf]:
    """Return a count with its denominator, to be worded when it is asked for."""
    return lambda: Leaf(formats.events_of_n(events, n) if n else "none", events, n=n)


def tested(estimate: Estimate) -> Callable[[], Leaf]:
    """Return the P value of an estimate, to be worded when it is asked for."""
    p = p_of(estimate)
    return lambda: Leaf(formats.p_value(p), p, estimate)


def p_of(test: Estimate | None) -> float | None:
    """Return the P value of a test, which is one that is not shown where the test is not."""
    if test is None:
        return None
    return WITHHELD if is_withheld(test) else test.p_value


def number(value: float | None, show: Callable[[float], str], method: str = "") -> Leaf:
    """Return a number in the given format, or say that there is none."""
    if is_withheld(value):
        return Leaf(NOT_SHOWN, value, method=method)
    return Leaf(UNKNOWN if value is None else show(value), value, method=method)


def span(low: float | None, high: float | None) -> str:
    """Return a range of ratios or weights: ``0.35 to 5.00``."""
    if low is None or high is None:
        return estimates.NOT_ESTIMABLE
    if is_withheld(low) or is_withheld(high):
        return NOT_SHOWN
    return f"{formats.ratio(low)} to {formats.ratio(high)}"
