"""The words for a curve of risk ratios over the cut-offs of a marker, and for each of its points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from report_helpers.reporting import formats
from report_helpers.reporting.leaf import Leaf, Offer, number, span
from report_helpers.results.sensitivity import CutoffCurve
from report_helpers.results.withheld import NOT_SHOWN, WITHHELD, is_withheld, withheld
from report_helpers.statistics import Estimate


@dataclass(frozen=True)
class CurvePoint:
    """One cut-off of a curve: the patients at or above it, and their risk ratio."""

    cutoff: float
    unit: str
    treated: int
    untreated: int
    risk_ratio: Estimate


def points(curve: CutoffCurve) -> dict[str, CurvePoint]:
    """Return the points of a curve by their number, from 1."""
    columns = zip(
        curve.cutoffs,
        curve.treated,
        curve.untreated,
        curve.risk_ratio,
        curve.low,
        curve.high,
        strict=True,
    )
    return {
        str(place): CurvePoint(
            cutoff,
            curve.unit,
            treated,
            untreated,
            _ratio(ratio, low, high, curve, treated + untreated),
        )
        for place, (cutoff, treated, untreated, ratio, low, high) in enumerate(columns, start=1)
    }


def _ratio(
    value: float | None, low: float | None, high: float | None, curve: CutoffCurve, n: int
) -> Estimate:
    found = Estimate(value, low, high, curve.level, None, curve.method, n)
    return withheld(found) if is_withheld(n) else found


def offer_curve(curve: CutoffCurve) -> Offer:
    """Offer the ends of a curve: of its cut-offs, with their unit, and of its risk ratios."""
    found = [ratio for ratio in curve.risk_ratio if ratio is not None]
    lowest, highest = (min(found), max(found)) if found else (None, None)
    ends = curve.cutoffs[0], curve.cutoffs[-1]
    if any(map(is_withheld, curve.treated)):
        lowest = highest = WITHHELD
        ends = WITHHELD, WITHHELD
    return {
        "lowest": lambda: number(lowest, formats.ratio, curve.method),
        "highest": lambda: number(highest, formats.ratio, curve.method),
        "range": lambda: Leaf(span(lowest, highest), lowest, method=curve.method),
        "first": lambda: _cutoff(ends[0], curve.unit),
        "last": lambda: _cutoff(ends[1], curve.unit),
        "chosen": lambda: Leaf(formats.with_unit(formats.plain(curve.chosen), curve.unit), curve.chosen),
        "level": lambda: Leaf(f"{100 * curve.level:g}%", curve.level),
    }


OFFERS: tuple[tuple[type, Callable[[Any], Offer]], ...] = (
    (CutoffCurve, offer_curve),
    (CurvePoint, lambda point: {"cutoff": lambda: _cutoff(point.cutoff, point.unit)}),
)


def _cutoff(value: float, unit: str) -> Leaf:
    if is_withheld(value):
        return Leaf(NOT_SHOWN, value)
    # What the percentage is of stands beside it once, not at every end of a range.
    sign = formats.with_unit("", unit).startswith("%")
    return Leaf(f"{formats.decimal(value, 1)}{'%' if sign else ''}", value)
