"""The forest plot: the risk ratio of the primary outcome for every contrast, with its counts."""

from __future__ import annotations

from collections.abc import Iterator

from report_helpers.reporting import estimates, formats
from report_helpers.reporting.drawing import Drawing
from report_helpers.reporting.forest_layout import Row, Section, lay_out
from report_helpers.reporting.formats import lower_first
from report_helpers.reporting.grouping import groups
from report_helpers.results.model import Contrast, Results
from report_helpers.results.withheld import is_withheld

SIDES = ("Less frequent with immunotherapy", "More frequent with immunotherapy")
"""What lies left and right of 1: an association, since the groups were not randomised."""


def draw(results: Results, name: str = "forest") -> Drawing:
    """Return the forest plot of all contrasts.

    Parameters
    ----------
    results : Results
    name : str
        Start of the ids inside the SVG.
    """
    made = sections(results)
    level = _level(results)
    heads = ("Contrast", "Treated n/N", "Untreated n/N", f"Risk ratio ({level}\u00a0CI)")
    sheet = lay_out(made, heads, "Risk ratio (log scale)", SIDES)
    return sheet.drawing(name, "Risk ratios for implantation with immunotherapy", describe(made, level))


def sections(results: Results) -> list[Section]:
    """Group the contrasts as the plot shows them."""
    return [Section(heading, tuple(_row(each) for each in found)) for heading, found in groups(results)]


def keys(results: Results) -> Iterator[str]:
    """Go through the paths of all numbers in the plot."""
    for row in (row for section in sections(results) for row in section.rows):
        yield from (f"{row.key}.{name}" for name in ("count", "reference_count", "risk_ratio"))


def describe(made: list[Section], level: str) -> str:
    """Return the plot in words, every estimate of it included."""
    told = [f"{section.heading}: {'; '.join(_told(row) for row in section.rows)}." for section in made]
    start = f"Forest plot of risk ratios ({level} confidence interval) on a log scale"
    return f"{start}; below 1: {lower_first(SIDES[0])}, above 1: {lower_first(SIDES[1])}. {' '.join(told)}"


def _told(row: Row) -> str:
    remark = f" ({row.remark})" if row.remark else ""
    return f"{row.label} {row.estimate}{remark}"


def _row(contrast: Contrast) -> Row:
    found = contrast.outcomes[contrast.primary]
    ratio = found.risk_ratio
    return Row(
        label=contrast.label,
        treated=formats.fraction(found.events, found.n),
        untreated=formats.fraction(found.reference_events, found.reference_n),
        estimate=estimates.ratio(ratio, short=True),
        value=ratio.value,
        low=ratio.low,
        high=ratio.high,
        weight=0 if is_withheld(ratio) else found.n + found.reference_n,
        key=contrast.key,
        remark="" if ratio.estimable or is_withheld(ratio) else estimates.reason(ratio),
    )


def _level(results: Results) -> str:
    levels = {each.outcomes[each.primary].risk_ratio.level for each in results.contrasts.values()}
    return " and ".join(f"{100 * level:g}%" for level in sorted(levels))
