"""Where each row of a forest plot stands: texts in columns beside intervals on one log scale."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from report_helpers.reporting.drawing import GREY, INK, WIDTH, Box, Path
from report_helpers.reporting.lettering import ASCENT, width, wrap
from report_helpers.reporting.sheet import LINE, SIZE, Sheet

INDENT = 8.0
LABEL, TREATED, UNTREATED, ESTIMATE = 1.0, 186.0, 236.0, 374.0
"""Left edge of the labels, right edges of the two columns of counts, left edge of the estimates."""
COUNTS = 44.0
PLOT = (248.0, 364.0)
TICKS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""The scale ends at one of these; an interval that goes on ends in an arrow."""
SQUARE = (2.6, 7.0)


@dataclass(frozen=True)
class Row:
    """One contrast: texts of its columns, and what is drawn. `weight` is the number of patients."""

    label: str
    treated: str
    untreated: str
    estimate: str
    value: float | None
    low: float | None
    high: float | None
    weight: int
    key: str
    remark: str = ""


@dataclass(frozen=True)
class Section:
    """Rows under one heading."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Scale:
    """A log scale between two ticks, laid over the plot's width."""

    low: float
    high: float

    @classmethod
    def fit(cls, numbers: Iterable[float]) -> Scale:
        """Return the shortest scale around 0.5 to 2 that holds all `numbers`, as far as the ticks reach."""
        found = [number for number in numbers if number > 0]
        low = max((tick for tick in TICKS if tick <= min([0.5, *found])), default=TICKS[0])
        high = min((tick for tick in TICKS if tick >= max([2.0, *found])), default=TICKS[-1])
        return cls(low, high)

    @property
    def ticks(self) -> list[float]:
        """The ticks within the scale."""
        return [tick for tick in TICKS if self.low <= tick <= self.high]

    def holds(self, number: float | None) -> bool:
        """Tell whether a number can be drawn; None, an unbounded limit, cannot."""
        return number is not None and self.low <= number <= self.high

    def x(self, number: float) -> float:
        """Return where a ratio stands, clipped to the ends of the scale."""
        clipped = min(max(number, self.low), self.high)
        share = math.log(clipped / self.low) / math.log(self.high / self.low)
        return PLOT[0] + share * (PLOT[1] - PLOT[0])


def lay_out(sections: Sequence[Section], heads: Sequence[str], axis: str, sides: Sequence[str]) -> Sheet:
    """Place all rows, then the axis below them.

    Parameters
    ----------
    sections : sequence of Section
    heads : sequence of str
        Column heads of the label, the two counts and the estimate.
    axis : str
        Name of the scale.
    sides : sequence of str
        What lies left and right of 1.

    Returns
    -------
    Sheet
        In points; `drawing.WIDTH` wide.
    """
    rows = [row for section in sections for row in section.rows]
    scale = Scale.fit(
        number for row in rows for number in (row.value, row.low, row.high) if number is not None
    )
    heaviest = max((row.weight for row in rows), default=1) or 1
    sheet = Sheet()
    _heads(sheet, heads)
    sheet.paths.append(Path(((0.5, sheet.y), (WIDTH - 0.5, sheet.y))))
    top = sheet.y = sheet.y + 4
    for section in sections:
        sheet.y = sheet.column(section.heading, LABEL, PLOT[0] - LABEL - INDENT, bold=True) + 1
        for row in section.rows:
            _interval(sheet, row, scale, heaviest)
            _columns(sheet, row)
        sheet.y += 4
    # The line of no effect goes beneath the markers, so it comes first.
    sheet.paths.insert(0, Path(((scale.x(1), top), (scale.x(1), sheet.y)), stroke=GREY, dashes="2 1.5"))
    _axis(sheet, scale, axis, sides)
    return sheet


def _cells(texts: Sequence[str], indent: float) -> list[tuple[str, float, float, str]]:
    """Return text, place, room and anchor for each of the four columns of text."""
    label, treated, untreated, estimate = texts
    start = LABEL + indent
    return [
        (label, start, TREATED - COUNTS - start, "start"),
        (treated, TREATED, COUNTS, "end"),
        (untreated, UNTREATED, UNTREATED - TREATED - 3, "end"),
        (estimate, ESTIMATE, WIDTH - ESTIMATE - 1, "start"),
    ]


def _broken(fraction: str, room: float) -> str:
    """Let a fraction too wide for its column break behind the stroke, not within a number."""
    return fraction if width(fraction, SIZE) <= room else fraction.replace("/", "/ ")


def _heads(sheet: Sheet, heads: Sequence[str]) -> None:
    """Write the heads, each standing on the rule below them."""
    cells = _cells(heads, 0.0)
    lines = [len(wrap(text, room, SIZE, bold=True)) for text, _, room, _ in cells]
    for (text, x, room, anchor), count in zip(cells, lines, strict=True):
        top = sheet.y + (max(lines) - count) * LINE
        sheet.column(text, x, room, bold=True, anchor=anchor, top=top)
    sheet.y += max(lines) * LINE + 2


def _columns(sheet: Sheet, row: Row) -> None:
    keys = ("", ".count", ".reference_count", ".risk_ratio")
    cells = _cells((row.label, row.treated, row.untreated, row.estimate), INDENT)
    ends = [
        sheet.column(
            _broken(text, room) if "count" in key else text, x, room, anchor=anchor, key=key and row.key + key
        )
        for (text, x, room, anchor), key in zip(cells, keys, strict=True)
    ]
    if row.remark:
        room = PLOT[0] - LABEL - 2 * INDENT
        ends.append(sheet.column(row.remark, LABEL + INDENT, room, fill=GREY, top=max(ends[:3])))
    sheet.y = max(ends) + 2.5


def _interval(sheet: Sheet, row: Row, scale: Scale, heaviest: int) -> None:
    """Draw the interval and, in it, a square whose area goes with the number of patients."""
    y = sheet.y + (ASCENT - 0.36) * SIZE
    if row.low is not None or row.high is not None:
        ends = (scale.x(row.low or scale.low), y), (scale.x(scale.high if row.high is None else row.high), y)
        sheet.paths.append(
            Path(ends, head=not scale.holds(row.high), tail=not scale.holds(row.low), weight=1.0)
        )
    if row.value is not None and scale.holds(row.value):
        side = SQUARE[0] + (SQUARE[1] - SQUARE[0]) * math.sqrt(row.weight / heaviest)
        sheet.boxes.append(Box(scale.x(row.value) - side / 2, y - side / 2, side, side, INK))


def _axis(sheet: Sheet, scale: Scale, name: str, sides: Sequence[str]) -> None:
    y = sheet.y
    sheet.paths.append(Path(((PLOT[0], y), (PLOT[1], y))))
    for tick in scale.ticks:
        sheet.paths.append(Path(((scale.x(tick), y), (scale.x(tick), y + 3))))
        sheet.column(f"{tick:g}", scale.x(tick), 30, anchor="middle", top=y + 4.5)
    lower = sheet.column(name, sum(PLOT) / 2, PLOT[1] - PLOT[0] + 20, anchor="middle", top=y + 4.5 + LINE)
    one, row = scale.x(1), lower + 4
    sheet.paths.append(Path(((one - 4, row), (one - 34, row)), head=True))
    sheet.paths.append(Path(((one + 4, row), (one + 34, row)), head=True))
    room = min(one - 4 - TREATED, WIDTH - one - 5)  # the same on both sides, so that both wrap alike
    ends = [
        sheet.column(sides[0], one - 4, room, anchor="end", top=row + 4),
        sheet.column(sides[1], one + 4, room, top=row + 4),
    ]
    sheet.y = max(ends) + 1
