"""The flow diagram: who was screened, excluded and why, eligible, analysed, and in which group."""

from __future__ import annotations

from collections.abc import Iterator

from report_helpers.reporting import formats
from report_helpers.reporting.drawing import Drawing
from report_helpers.reporting.flow_layout import lay_out
from report_helpers.results.withheld import is_withheld
from report_helpers.study.flow import Flow, FlowGroup

TITLE = "Flow of patients through the study"


def draw(flow: Flow, name: str = "flow") -> Drawing:
    """Return the diagram of a flow.

    Parameters
    ----------
    flow : Flow
        Its arithmetic is proved before anything is drawn.
    name : str
        Start of the ids inside the SVG.

    Raises
    ------
    FlowError
        When a box does not follow from the one before it.
    """
    layout = lay_out(flow if _veiled(flow) else flow.check())
    return Drawing(
        name=name,
        title=TITLE,
        description=describe(flow),
        height=layout.height,
        boxes=tuple(node.box for node in layout.nodes),
        paths=layout.paths,
        texts=tuple(text for node in layout.nodes for text in node.texts) + layout.notes,
    )


def describe(flow: Flow) -> str:
    """Return the diagram in words, every number of it included."""
    reasons = "; ".join(f"{_lower(step.label)} {formats.count(step.excluded)}" for step in flow.steps)
    return " ".join(
        [
            f"Flow diagram. {formats.count(flow.screened)} screened;",
            f"{formats.count(flow.excluded)} excluded{f' ({reasons})' if reasons else ''};",
            f"{formats.count(flow.eligible)} eligible;",
            f"primary outcome unknown in {formats.count(flow.outcome_unknown)};",
            f"{formats.count(flow.analysed)} analysed.",
            *(f"{_words(group)}." for group in flow.groups),
        ]
    )


def keys(flow: Flow) -> Iterator[str]:
    """Go through the paths of all numbers in the diagram."""
    for entry in (entry for node in lay_out(flow).nodes for entry in node.entries):
        yield entry.key
    yield "flow.excluded"
    yield from (f"flow.steps.{step.key}.missing_kept" for step in flow.steps if step.missing_kept)


def _veiled(flow: Flow) -> bool:
    """Tell whether a number is not shown; the flow was then checked while all were there."""
    parts = [*flow.steps, *flow.groups, *(arm for group in flow.groups for arm in group.arms)]
    numbers = [value for part in (flow, *parts) for value in vars(part).values()]
    return any(map(is_withheld, numbers)) or any(
        is_withheld(part.n) for group in flow.groups for arm in group.arms for part in arm.arms
    )


def _words(group: FlowGroup) -> str:
    parts = [f"{_lower(arm.label)} {formats.count(arm.n)}{_inside(arm)}" for arm in group.arms]
    listed = f": {'; '.join(parts)}" if parts else ""
    return f"{group.label} {formats.count(group.n)}{listed}"


def _inside(arm: FlowGroup) -> str:
    parts = ", ".join(f"{_lower(part.label)} {formats.count(part.n)}" for part in arm.arms)
    return f" ({parts})" if parts else ""


def _lower(label: str) -> str:
    """Begin a label in lower case, unless its first word is an abbreviation or a name such as Th1/Th2."""
    rest = label.split(" ")[0][1:]
    if any(letter.isupper() or letter.isdigit() for letter in rest):
        return label
    return label[:1].lower() + label[1:]
