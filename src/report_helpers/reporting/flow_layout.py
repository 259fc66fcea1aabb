"""Where each box of the flow diagram stands: a pure function from the numbers to boxes that hold their text.

Every height follows from measured text, so nothing is cut, and each row starts below the one before, so no
two boxes touch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from report_helpers.reporting import formats
from report_helpers.reporting.drawing import PALE, WIDTH, Box, Path, Text
from report_helpers.reporting.lettering import ASCENT, DESCENT, LEADING, wrap
from report_helpers.study.flow import Flow, FlowGroup

SIZE, NOTE_SIZE = 8.0, 7.0
MARGIN = 1.0
PAD = 5.0
GAP = 8.0
DROP = 16.0
"""Between two rows that an arrow joins: the arrow must show."""
INDENT = 12.0
COLUMN = (WIDTH - 2 * MARGIN - 2 * GAP) / 2
"""Two columns: the stages, and the exclusions beside them."""
SPINE = MARGIN + COLUMN / 2
"""Where the line from stage to stage runs."""


@dataclass(frozen=True)
class Entry:
    """A line of a box: label, count, and the path of the count in the results."""

    label: str
    n: int
    key: str
    bold: bool = False

    @property
    def text(self) -> str:
        """The label with its count, which no line break parts: ``Eligible (n=366)``."""
        return f"{self.label} (n={formats.count(self.n)})"


@dataclass(frozen=True)
class Node:
    """A box with the lines of text inside it."""

    box: Box
    texts: tuple[Text, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Layout:
    """The whole diagram: its boxes with text, the arrows, notes outside boxes, and its height."""

    nodes: tuple[Node, ...]
    paths: tuple[Path, ...]
    notes: tuple[Text, ...]
    height: float


def node(entries: Sequence[Entry], left: float, top: float, width: float, fill: str = "#ffffff") -> Node:
    """Return a box of the given width, as high as its entries need."""
    texts: list[Text] = []
    y = top + PAD + ASCENT * SIZE
    for entry in entries:
        for line in wrap(entry.text, width - 2 * PAD, SIZE, entry.bold):
            texts.append(Text(left + PAD, y, line, SIZE, entry.bold, key=entry.key))
            y += LEADING * SIZE
    bottom = y - LEADING * SIZE + DESCENT * SIZE + PAD
    return Node(Box(left, top, width, bottom - top, fill), tuple(texts), tuple(entries))


@dataclass
class _Sheet:
    """The diagram as it grows downwards."""

    nodes: list[Node] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)
    stages: list[Box] = field(default_factory=list)

    def stage(self, label: str, n: int, key: str, top: float) -> float:
        """Add a box on the spine, with an arrow from the stage before; return its lower edge."""
        made = node([Entry(label, n, key, bold=True)], MARGIN, top, COLUMN, PALE)
        if self.stages:
            self.paths.append(Path(((SPINE, self.stages[-1].bottom), (SPINE, top)), head=True))
        self.stages.append(made.box)
        self.nodes.append(made)
        return made.box.bottom

    def aside(self, label: str, n: int, key: str, top: float) -> Box:
        """Add a box of patients who leave here."""
        made = node([Entry(label, n, key)], MARGIN + COLUMN + 2 * GAP, top, COLUMN)
        self.nodes.append(made)
        self.paths.append(Path(((SPINE, made.box.middle), (made.box.left, made.box.middle)), head=True))
        return made.box

    def note(self, text: str, key: str, top: float) -> None:
        """Write beside the spine, outside any box."""
        for number, line in enumerate(wrap(text, SPINE - PAD - MARGIN, NOTE_SIZE)):
            y = top + (ASCENT + number * LEADING) * NOTE_SIZE
            self.notes.append(Text(SPINE - PAD, y, line, NOTE_SIZE, anchor="end", key=key))


def lay_out(flow: Flow) -> Layout:
    """Place a flow that adds up.

    Parameters
    ----------
    flow : Flow
        Any number of criteria, groups and arms.

    Returns
    -------
    Layout
        In points; `drawing.WIDTH` wide.
    """
    sheet = _Sheet()
    total = Entry("Excluded, at the first reason met", flow.excluded, "flow.excluded", bold=True)
    heading = node([total], MARGIN + COLUMN + 2 * GAP, MARGIN, COLUMN)
    sheet.notes.extend(heading.texts)
    y = max(sheet.stage("Screened", flow.screened, "flow.screened", MARGIN), heading.box.bottom - PAD) + GAP
    for step in flow.steps:
        path = f"flow.steps.{step.key}"
        box = sheet.aside(step.label, step.excluded, f"{path}.excluded", y)
        if step.missing_kept:
            kept = f"{formats.count(step.missing_kept)} not recorded, kept"
            sheet.note(kept, f"{path}.missing_kept", box.middle + 3)
        y = box.bottom + GAP
    y = sheet.stage("Eligible", flow.eligible, "flow.eligible", y + DROP - GAP)
    y = sheet.aside("Primary outcome unknown", flow.outcome_unknown, "flow.outcome_unknown", y + GAP).bottom
    y = sheet.stage("Analysed: primary outcome known", flow.analysed, "flow.analysed", y + DROP - GAP)
    for group, head in zip(flow.groups, _heads(flow.groups, sheet), strict=True):
        y = max(y, _arms(group, head, sheet))
    return Layout(tuple(sheet.nodes), tuple(sheet.paths), tuple(sheet.notes), y + MARGIN)


def _heads(groups: Sequence[FlowGroup], sheet: _Sheet) -> list[Box]:
    """Hang the groups side by side under the last stage, all equally high, so that their arms start level."""
    above = sheet.stages[-1].bottom
    fork, top = above + DROP / 2, above + DROP + 2
    across = max(2, len(groups))
    width = (WIDTH - 2 * MARGIN - (across - 1) * 2 * GAP) / across
    made = [
        node([Entry(group.label, group.n, f"flow.groups.{group.key}.n", bold=True)],
             MARGIN + place * (width + 2 * GAP), top, width, PALE)
        for place, group in enumerate(groups)
    ]  # fmt: skip
    height = max((each.box.height for each in made), default=0.0)
    for each in made:
        head = replace(each.box, height=height)
        sheet.nodes.append(replace(each, box=head))
        turns = ((SPINE, fork), (head.centre, fork)) if abs(head.centre - SPINE) > 1 else ()
        sheet.paths.append(Path(((SPINE, above), *turns, (head.centre, top)), head=True))
    return [each.box for each in sheet.nodes[len(sheet.nodes) - len(made) :]]


def _arms(group: FlowGroup, head: Box, sheet: _Sheet) -> float:
    """Hang the arms of a group below it, one under the other on a rail; return the lowest edge."""
    rail, left, y = head.left + INDENT / 2, head.left + 1.5 * INDENT, head.bottom
    for arm in group.arms:
        path = f"flow.groups.{group.key}.arms.{arm.key}"
        parts = [Entry(part.label, part.n, f"{path}.arms.{part.key}.n") for part in arm.arms]
        entries = [Entry(arm.label, arm.n, f"{path}.n", bold=bool(parts)), *parts]
        made = node(entries, left, y + GAP, head.right - left)
        sheet.nodes.append(made)
        turns = ((rail, head.bottom), (rail, made.box.middle), (left, made.box.middle))
        sheet.paths.append(Path(turns, head=True))
        y = made.box.bottom
    return y
