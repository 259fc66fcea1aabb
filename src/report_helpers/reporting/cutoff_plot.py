"""The cut-off figure: how the risk ratio changes with the cut-off that makes a marker elevated."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from report_helpers.reporting import estimates, formats
from report_helpers.reporting.curve_leaves import CurvePoint, points
from report_helpers.reporting.drawing import GREY, WIDTH, Area, Dot, Drawing, Path
from report_helpers.reporting.lettering import width
from report_helpers.reporting.sheet import LINE, SIZE, Sheet
from report_helpers.results.model import Results
from report_helpers.results.sensitivity import CutoffCurve
from report_helpers.results.withheld import NOT_SHOWN, is_withheld

TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
LEFT, GAP, HEIGHT = 66.0, 30.0, 132.0
PANEL = (WIDTH - LEFT - 14 - GAP) / 2
"""The width of one of two panels."""


@dataclass(frozen=True)
class Frame:
    """A panel's place on the sheet and its two scales: cut-offs across, ratios (log) upwards."""

    left: float
    right: float
    top: float
    bottom: float
    first: float
    last: float
    low: float
    high: float

    def x(self, cutoff: float) -> float:
        """Return where a cut-off stands."""
        if self.last == self.first:
            return (self.left + self.right) / 2
        return self.left + (self.right - self.left) * (cutoff - self.first) / (self.last - self.first)

    def y(self, ratio: float | None, edge: float) -> float:
        """Return where a ratio stands, clipped to the panel; an unbounded one stands at `edge`."""
        clipped = min(max(edge if ratio is None else ratio, self.low), self.high)
        share = math.log(clipped / self.low) / math.log(self.high / self.low)
        return self.bottom - share * (self.bottom - self.top)


def draw(results: Results, name: str = "cutoffs") -> Drawing:
    """Return the curves of all markers side by side, on one scale of ratios.

    Parameters
    ----------
    results : Results
    name : str
        Start of the ids inside the SVG.
    """
    curves = list(results.cutoff_curves.values())
    sheet = lay_out(curves)
    return sheet.drawing(name, "Risk ratio for implantation over alternative cut-offs", describe(curves))


def keys(results: Results) -> Iterator[str]:
    """Go through the paths of all numbers in the figure."""
    for key, curve in results.cutoff_curves.items():
        base = f"cutoff_curves.{key}"
        yield f"{base}.chosen"
        yield from (f"{base}.points.{place}.risk_ratio" for place in points(curve))
        for place in chosen(curve):
            yield from (f"{base}.points.{place}.{name}" for name in ("cutoff", "treated", "untreated"))


def chosen(curve: CutoffCurve) -> list[str]:
    """Return the numbers of the points whose patients are printed, far enough apart to be read.

    These are the study's own, the two ends, and those half-way between.
    """
    values = curve.cutoffs
    longest = max((_number(values[-1]), *map(formats.count, (*curve.treated, *curve.untreated))), key=len)
    apart = (width(longest, SIZE, bold=True) + 12) / PANEL * (values[-1] - values[0])
    last = len(values) - 1
    own = min(range(len(values)), key=lambda place: abs(values[place] - curve.chosen))
    found: list[int] = []
    for place in (own, 0, last, own // 2, (own + last) // 2):
        if all(abs(values[place] - values[other]) >= apart and place != other for other in found):
            found.append(place)
    return [str(place + 1) for place in sorted(found)]


def describe(curves: Sequence[CutoffCurve]) -> str:
    """Return the figure in words: the ends of each curve, its range and its value at the study's cut-off."""
    told = []
    for curve in curves:
        made = points(curve)
        ends = [f"cut-off {_number(made[place].cutoff)}: {_told(made[place])}" for place in chosen(curve)]
        found = [ratio for ratio in curve.risk_ratio if ratio is not None]
        if any(map(is_withheld, curve.treated)):
            told.append(f"{curve.label}: {NOT_SHOWN}.")
            continue
        span = "no risk ratio is estimable"
        if found:
            ends_of = formats.ratio(min(found)), formats.ratio(max(found))
            span = f"estimable risk ratios lie between {ends_of[0]} and {ends_of[1]}"
        number = "1 cut-off" if len(curve.cutoffs) == 1 else f"{len(curve.cutoffs)} cut-offs"
        own = f"the study's at or above {formats.plain(curve.chosen)}"
        told.append(f"{curve.label}, {number}, {own}: {span}; {'; '.join(ends)}.")
    level = formats.listed(f"{100 * each:g}%" for each in sorted({curve.level for curve in curves}))
    start = f"Curves of the risk ratio ({level} confidence interval as a band) on a log scale over cut-offs"
    return f"{start}, among patients with the marker at or above the cut-off. {' '.join(told)}"


def _told(point: CurvePoint) -> str:
    counts = f"{formats.count(point.treated)} treated, {formats.count(point.untreated)} untreated"
    return f"{estimates.ratio(point.risk_ratio, short=True)}, {counts}"


def lay_out(curves: Sequence[CutoffCurve]) -> Sheet:
    """Place the panels side by side, each with its cut-offs and numbers of patients below."""
    sheet = Sheet()
    low, high = scale(curves)
    across = (WIDTH - LEFT - 14 - GAP * (len(curves) - 1)) / max(len(curves), 1)
    lefts = [LEFT + place * (across + GAP) for place in range(len(curves))]
    level = formats.listed(f"{100 * each:g}%" for each in sorted({curve.level for curve in curves}))
    ends = [
        sheet.column(curve.label, left, across, bold=True) for curve, left in zip(curves, lefts, strict=True)
    ]
    sheet.y = max(ends, default=sheet.y) + 1
    cut = any(each and each > high for curve in curves for each in curve.high)
    scales = f"Risk ratio ({level} CI), log scale" + (f"; the band is cut at {high:g}" if cut else "")
    sheet.y = sheet.column(scales, 1, WIDTH - 2) + 5
    top = sheet.y
    bottom = top + HEIGHT
    rows = [bottom + 4.5 + place * LINE for place in range(4)]
    for curve, left in zip(curves, lefts, strict=True):
        frame = Frame(left, left + across, top, bottom, curve.cutoffs[0], curve.cutoffs[-1], low, high)
        _scales(sheet, frame)
        _curve(sheet, curve, frame)
        _numbers(sheet, curve, frame, rows)
    for text, y in zip(("Cut-off", "Treated, n", "Untreated, n"), (rows[0], *rows[2:]), strict=True):
        sheet.column(text, 1, LEFT - 10, top=y)
    sheet.y = rows[-1] + LINE + 3
    told = "Dashed upright line and bold: cut-off of the study. n: patients at or above each cut-off."
    sheet.y = sheet.column(told, 1, WIDTH - 2, fill=GREY) + 1
    return sheet


def scale(curves: Sequence[CutoffCurve]) -> tuple[float, float]:
    """Return the ends of the ratios' scale: it holds all ratios, and the bands as far as most reach."""
    ratios = [each for curve in curves for each in curve.risk_ratio if each]
    lows = sorted(each for curve in curves for each in curve.low if each)
    highs = sorted(each for curve in curves for each in curve.high if each)
    least = min([0.5, *ratios, *lows[(len(lows) - 1) // 10 :][:1]])
    most = max([2.0, *ratios, *highs[6 * (len(highs) - 1) // 10 :][:1]])
    low = max((tick for tick in TICKS if tick <= least), default=TICKS[0])
    high = min((tick for tick in TICKS if tick >= most), default=TICKS[-1])
    return low, high


def _scales(sheet: Sheet, frame: Frame) -> None:
    """Draw the axes, the ratios' ticks and the line of no effect."""
    corner = (frame.left, frame.bottom)
    sheet.paths.append(Path(((frame.left, frame.top), corner, (frame.right, frame.bottom))))
    one = frame.y(1.0, 1.0)
    sheet.paths.append(Path(((frame.left, one), (frame.right, one)), stroke=GREY, dashes="2 1.5"))
    for tick in TICKS:
        if frame.low <= tick <= frame.high:
            y = frame.y(tick, tick)
            sheet.paths.append(Path(((frame.left - 3, y), (frame.left, y))))
            sheet.column(f"{tick:g}", frame.left - 5, 24, anchor="end", top=y - 0.6 * SIZE)


def _curve(sheet: Sheet, curve: CutoffCurve, frame: Frame) -> None:
    """Draw the curve in pieces, broken where a ratio cannot be estimated, and the study's cut-off."""
    for piece in _pieces(curve):
        line = [(frame.x(each.cutoff), frame.y(each.risk_ratio.value, 1.0)) for each in piece]
        upper = [(frame.x(each.cutoff), frame.y(each.risk_ratio.high, frame.high)) for each in piece]
        lower = [(frame.x(each.cutoff), frame.y(each.risk_ratio.low, frame.low)) for each in piece]
        if len(piece) == 1:
            sheet.dots.append(Dot(*line[0], radius=1.4))
            sheet.paths.append(Path((upper[0], lower[0]), stroke=GREY))
            continue
        sheet.areas.append(Area((*upper, *reversed(lower))))
        sheet.paths.append(Path(tuple(line), weight=1.3))
    x = frame.x(curve.chosen)
    if frame.left <= x <= frame.right:
        sheet.paths.append(Path(((x, frame.top), (x, frame.bottom)), weight=0.7, dashes="5 2"))


def _pieces(curve: CutoffCurve) -> Iterator[list[CurvePoint]]:
    piece: list[CurvePoint] = []
    for point in points(curve).values():
        # A ratio of 0 has no place on a log scale.
        if point.risk_ratio.value:
            piece.append(point)
        elif piece:
            yield piece
            piece = []
    if piece:
        yield piece


def _numbers(sheet: Sheet, curve: CutoffCurve, frame: Frame, rows: Sequence[float]) -> None:
    """Write the cut-offs that bear a tick, what they are, and the patients at or above each."""
    made = points(curve)
    for place in chosen(curve):
        point, x = made[place], frame.x(made[place].cutoff)
        own = point.cutoff == curve.chosen
        sheet.paths.append(Path(((x, frame.bottom), (x, frame.bottom + 3))))
        base = f"cutoff_curves.{curve.key}.points.{place}"
        cells = (
            (_number(point.cutoff), "cutoff", rows[0]),
            (formats.count(point.treated), "treated", rows[2]),
            (formats.count(point.untreated), "untreated", rows[3]),
        )
        for text, name, y in cells:
            # A long number at an end keeps clear of the row's label, the next panel and the edge.
            half = width(text, SIZE, own) / 2
            middle = min(max(x, frame.left - 14 + half), frame.right + 13 - half)
            sheet.column(text, middle, 60, bold=own, anchor="middle", key=f"{base}.{name}", top=y)
    unit = formats.with_unit("", curve.unit).strip()
    middle = (frame.left + frame.right) / 2
    if unit:
        sheet.column(f"({unit})", middle, frame.right - frame.left, anchor="middle", fill=GREY, top=rows[1])


def _number(value: float) -> str:
    return formats.decimal(value, 1)
