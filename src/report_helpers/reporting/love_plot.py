"""The love plot: how far the treated differ from the untreated, before and after weighting."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from report_helpers.reporting import estimates, formats
from report_helpers.reporting.adjusted_leaves import balance
from report_helpers.reporting.balance_terms import shown, term_labels
from report_helpers.reporting.drawing import BAND, GREY, INK, WIDTH, Dot, Drawing, Path
from report_helpers.reporting.grouping import full_label
from report_helpers.reporting.lettering import ASCENT, width, wrap
from report_helpers.reporting.sheet import LINE, SIZE, Sheet
from report_helpers.results.model import Results
from report_helpers.results.withheld import is_withheld

LIMIT = 0.1
"""A standardised difference within this is commonly called negligible (Austin PC. Stat Med 2009;28:3083)."""

LABELS = 150.0
"""The most that the labels may take."""
GAP = 16.0
WIDEST = 220.0
STEPS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
# An open marker is the larger, so that it shows around a filled one in the same place.
OPEN, FILLED = (3.2, "#ffffff"), (2.1, INK)


@dataclass(frozen=True)
class Panel:
    """One contrast: its heading, its patients, whether it was weighted, and its differences by term."""

    key: str
    heading: str
    profile: str
    told: str
    patients: int
    reason: str
    before: dict[str, float | None]
    after: dict[str, float | None]


def draw(results: Results, name: str = "love") -> Drawing:
    """Return the love plot of the main contrast and of the regimens that were weighted.

    A contrast that was not weighted shows the differences before weighting alone and says so.

    Parameters
    ----------
    results : Results
    name : str
        Start of the ids inside the SVG.
    """
    made, labels = panels(results), term_labels(results, shown(results))
    sheet = lay_out(made, labels)
    return sheet.drawing(name, "Balance of covariates before and after weighting", describe(made, labels))


def panels(results: Results) -> list[Panel]:
    """Return the contrasts that the plot shows."""
    made = []
    for key in shown(results):
        found = results.adjusted[key]
        terms = balance(found.weighted)
        made.append(
            Panel(
                key,
                found.label,
                getattr(results, key.split(".", 1)[0]).label,
                full_label(results, key),
                found.n,
                found.weighted.reason,
                {path: each.before for path, each in terms.items()},
                {path: each.after for path, each in terms.items()} if not found.weighted.reason else {},
            )
        )
    return made


def keys(results: Results) -> Iterator[str]:
    """Go through the paths of all numbers in the plot."""
    for panel in panels(results):
        base = f"adjusted.{panel.key}"
        yield f"{base}.n"
        for name, found in (("before", panel.before), ("after", panel.after)):
            yield from (f"{base}.weighted.balance.{path}.{name}" for path in found)


def describe(made: list[Panel], labels: dict[str, str]) -> str:
    """Return the plot in words, every difference of it included."""
    told = []
    for panel in made:
        terms = [
            f"{formats.lower_first(labels[path])} {_said(before)}"
            + (f" before, {_said(panel.after[path])} after" if path in panel.after else "")
            for path, before in panel.before.items()
        ]
        manner = (
            f", before weighting only, since {estimates.refused(panel.reason, 'weighted')}"
            if panel.reason
            else ""
        )
        patients = "1 patient" if panel.patients == 1 else f"{formats.count(panel.patients)} patients"
        said = "; ".join(terms) or "no covariate could be compared"
        told.append(f"{panel.told}, {patients}{manner}: {said}.")
    return f"Love plot of standardised mean differences, treated minus untreated. {' '.join(told)}"


def _said(value: float | None) -> str:
    return estimates.NOT_ESTIMABLE if value is None else formats.decimal(value, 2)


def lay_out(made: list[Panel], labels: dict[str, str]) -> Sheet:
    """Place the labels and the panels beside one another, then axis and legend below them."""
    sheet = Sheet()
    count = max(len(made), 1)
    stub = min(max((width(label, SIZE) for label in labels.values()), default=0) + 4, LABELS)
    # Half a tick's number stands out at the right.
    across = min((WIDTH - 8 - stub) / count - GAP, WIDEST)
    lefts = [stub + GAP + place * (across + GAP) for place in range(count)]
    reach = _reach(made)
    top = _headings(sheet, made, lefts, across)
    ys = []
    for label in labels.values():
        lower = sheet.column(label, 1, stub)
        ys.append(sheet.y + (ASCENT - 0.36) * SIZE)
        sheet.y = lower + 3.5
    bottom = sheet.y
    for panel, left in zip(made, lefts, strict=False):
        _panel(sheet, panel, dict(zip(labels, ys, strict=True)), left, across, reach, top, bottom)
    if not made:
        sheet.y = sheet.column("No contrast has covariates to balance.", 1, WIDTH - 2, fill=GREY)
        return sheet
    centre = (lefts[0] + lefts[len(made) - 1] + across) / 2
    title = "Standardised mean difference (treated minus untreated)"
    room = 2 * min(centre, WIDTH - centre) - 2
    sheet.y = sheet.column(title, centre, room, anchor="middle", top=bottom + 5 + LINE) + 5
    _legend(sheet, any(panel.after for panel in made))
    return sheet


def _reach(made: list[Panel]) -> float:
    """Return how far the axis goes from 0 on either side: a little past the greatest difference."""
    found = [
        abs(value)
        for panel in made
        for values in (panel.before, panel.after)
        for value in values.values()
        if value is not None and not is_withheld(value)
    ]
    return max(1.1 * max(found, default=0), 0.25)


def _headings(sheet: Sheet, made: list[Panel], lefts: list[float], across: float) -> float:
    """Write the panels' headings, each standing on the top of its panel; return that top."""
    lines = []
    for panel in made:
        remark = "before weighting only" if panel.reason else ""
        counted = f"n={formats.count(panel.patients)}"
        lines.append(
            [
                *((line, False, INK, "") for line in wrap(panel.profile, across, SIZE)),
                *((line, True, INK, "") for line in wrap(panel.heading, across, SIZE, bold=True)),
                (counted, False, INK, f"adjusted.{panel.key}.n"),
                *((line, False, GREY, "") for line in (wrap(remark, across, SIZE) if remark else [])),
            ]
        )
    most = max((len(each) for each in lines), default=0)
    for each, left in zip(lines, lefts, strict=False):
        y = sheet.y + (most - len(each)) * LINE
        for text, bold, fill, key in each:
            y = sheet.column(
                text, left + across / 2, across + GAP, bold=bold, anchor="middle", fill=fill, key=key, top=y
            )
    sheet.y += most * LINE + 4
    top = sheet.y
    sheet.y += 4
    return top


def _panel(
    sheet: Sheet,
    panel: Panel,
    ys: dict[str, float],
    left: float,
    across: float,
    reach: float,
    top: float,
    bottom: float,
) -> None:
    def x(value: float) -> float:
        return left + across * (value + reach) / (2 * reach)

    for y in ys.values():
        sheet.paths.append(Path(((left, y), (left + across, y)), stroke=BAND, weight=0.4))
    sheet.paths.append(Path(((x(0), top), (x(0), bottom)), stroke=GREY, weight=0.6))
    for limit in (-LIMIT, LIMIT):
        sheet.paths.append(
            Path(((x(limit), top), (x(limit), bottom)), stroke=GREY, dashes="2 1.5", weight=0.6)
        )
    sheet.paths.append(Path(((left, bottom), (left + across, bottom))))
    step = max(each for each in STEPS if each <= reach or each == STEPS[0])
    for tick in (-step, 0.0, step):
        sheet.paths.append(Path(((x(tick), bottom), (x(tick), bottom + 3))))
        text = formats.decimal(tick, 0 if tick == 0 or math.fabs(tick) >= 1 else 1)
        sheet.column(text, x(tick), 40, anchor="middle", top=bottom + 4.5)
    for found, (radius, fill) in ((panel.before, OPEN), (panel.after, FILLED)):
        for path, value in found.items():
            if value is not None and not is_withheld(value):
                sheet.dots.append(Dot(x(value), ys[path], radius, fill))


def _legend(sheet: Sheet, weighted: bool) -> None:
    """Explain the markers in one line, centred."""
    entries = [("Before weighting", OPEN)] + ([("After weighting", FILLED)] if weighted else [])
    note = f"Dashed lines: {formats.MINUS}{LIMIT:g} and {LIMIT:g}"
    spaces = [9 + width(text, SIZE) + 16 for text, _ in entries]
    x = (WIDTH - sum(spaces) - width(note, SIZE)) / 2
    for (text, (radius, fill)), space in zip(entries, spaces, strict=True):
        sheet.dots.append(Dot(x + 3.2, sheet.y + (ASCENT - 0.36) * SIZE, radius, fill))
        sheet.column(text, x + 9, space)
        x += space
    sheet.y = sheet.column(note, x, WIDTH - x) + 1
