"""The report on a data file as it stands in a terminal."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator

from report_helpers.study.check import ABSENT, ALIKE, FOUND, LACKING, MAPPED, NEVER, ColumnReport, DataCheck
from report_helpers.study.check_edit import Change
from report_helpers.study.flow import Flow, FlowGroup
from report_helpers.study.words import first_of

OFFER = "optional columns that the file may have under other names"

_WIDTH = 100
_SHOWN_UNUSED = 30


def as_text(check: DataCheck) -> str:
    """Return the report, each part under its heading; parts that have nothing to say are left out."""
    parts = [
        (f"DATA CHECK OF {check.file}", [verdict(check), *([check.form] if check.form else [])]),
        ("NOT READABLE", check.error.splitlines()),
        (f"COLUMNS ({summary(check)})", map(_column, check.columns)),
        ("HEADINGS THAT NOTHING READS", [unused(check)] if check.unused else []),
        (f"RULES ({rules(check)})", list(map(str, check.breaches)) if check.columns else []),
        (f"EDIT OF {check.study} ({edit_words(check)})", _edit(check.edit, check.study)),
        ("TO CORRECT IN THE SOURCE OF THE DATA", corrections(check)),
        (f"WORTH ADDING ({OFFER})", _edit(check.offer, check.study)),
        (f"FLOW ({flow_words(check)})", _flow(check.flow) if check.flow or check.columns else []),
        ("NOTES", check.notes),
    ]
    shown = [(heading, lines) for heading, given in parts if (lines := list(given))]
    return (
        "\n\n".join("\n".join([heading, *map(_indented, lines)]).rstrip() for heading, lines in shown) + "\n"
    )


def verdict(check: DataCheck) -> str:
    """Return in a sentence whether the file can be analysed, and what is to be done if not."""
    if check.analysable:
        return "The file can be analysed."
    if check.mended:
        return f"The file cannot be analysed yet: {check.study} needs the edit below, and nothing else."
    if check.edit:
        return f"The file cannot be analysed yet: {check.study} needs the edit below, and the data mending."
    return "The file cannot be analysed: no edit of the study file mends what is wrong."


def summary(check: DataCheck) -> str:
    """Return how many columns there are of each state, in words."""
    states = Counter(column.state for column in check.columns)
    listed = (FOUND, MAPPED, ALIKE, NEVER, ABSENT, LACKING)
    return ", ".join(f"{states[state]} {state}" for state in listed if states[state])


def about(column: ColumnReport) -> str:
    """Return what there is to say of a column besides its state."""
    said = []
    if column.state == MAPPED:
        said.append(f"from {first_of(column.headings)}")
    if column.likely:
        said.append(f"is it the column {column.likely}?")
    if column.blank is not None and column.state in (FOUND, MAPPED):
        said.append(f"{column.blank} blank" if column.blank else "complete")
    return "; ".join(said)


def unused(check: DataCheck) -> str:
    """Return the headings that nothing reads, as many as fit on a page."""
    shown = ", ".join(check.unused[:_SHOWN_UNUSED])
    rest = len(check.unused) - _SHOWN_UNUSED
    return shown + (f" and {rest} more" if rest > 0 else "")


def rules(check: DataCheck) -> str:
    """Return how many rules were broken, and under which reading of the columns."""
    if not check.rules:
        return "none can be applied while columns are missing"
    broken = len(check.breaches)
    said = f"{check.rules} applied, {broken or 'none'} broken"
    lacking = any(column.state == LACKING for column in check.columns)
    return said + ("; columns read as the edit says" if lacking else "")


def edit_words(check: DataCheck) -> str:
    """Return what is known of the edit."""
    if check.mended:
        return "tried: with it the file can be analysed"
    return "tried: it mends what an edit can mend"


def place(change: Change, study: str) -> str:
    """Return where a change belongs."""
    if not change.replaced:
        return f'below line {change.after} of {study}, "{change.below}", paste:'
    first, last = change.after + 1, change.after + change.replaced
    which = f"line {first}" if first == last else f"lines {first} to {last}"
    return f"in place of {which} of {study} write:" if change.lines else f"take {which} of {study} away."


def corrections(check: DataCheck) -> list[str]:
    """Return what no edit of the study file mends."""
    lacking = [f"{name} is missing; add it to the export" for name in check.still_lacking]
    found = [*lacking, *map(str, check.left)] if not check.analysable else []
    remedies = dict.fromkeys(breach.remedy for breach in check.left if breach.remedy)
    return [*found, *remedies]


def flow_words(check: DataCheck) -> str:
    """Return under which conditions the flow was counted."""
    if check.flow is None:
        return "cannot be counted before the rest is mended"
    conditions = []
    if check.edit:
        conditions.append("with the edit above")
    if check.left:
        conditions.append("values that cannot be read taken as missing")
    if check.least_shown:
        hidden = f"the manuscript hides those below {check.least_shown} and what would reveal them"
        conditions.append(f"all counts are shown here; {hidden}")
    elif check.least_shown is None:
        conditions.append("all counts are shown here")
    return ", ".join(conditions) or "as it will be printed"


def steps(flow: Flow) -> Iterator[tuple[str, str, str]]:
    """Go through the flow: what is counted, how many (with a minus those who leave), and a remark."""
    yield "Screened", str(flow.screened), ""
    for step in flow.steps:
        kept = f", {step.missing_kept} of them not recorded" if step.missing_kept else ""
        yield step.label, f"\N{MINUS SIGN}{step.excluded}", f"{step.remaining} left{kept}"
    yield "Eligible", str(flow.eligible), ""
    yield "Primary outcome not known", f"\N{MINUS SIGN}{flow.outcome_unknown}", ""
    yield "Primary outcome known", str(flow.analysed), ""


def groups(group: FlowGroup, depth: int = 0) -> Iterator[tuple[str, int, int]]:
    """Go through a group and its arms: label, patients, depth."""
    yield group.label, group.n, depth
    for arm in group.arms:
        yield from groups(arm, depth + 1)


def _column(column: ColumnReport) -> str:
    return f"{column.name:<38}{column.state:<17}{about(column)}".rstrip()


def _edit(changes: Iterable[Change], study: str) -> Iterable[str]:
    for change in changes:
        yield place(change, study)
        if change.lines:
            yield "\n" + "\n".join(change.lines) + "\n"


def _flow(flow: Flow | None) -> Iterable[str]:
    if flow is None:
        yield "not counted"
        return
    for label, count, left in steps(flow):
        yield f"{label:<52}{count:>8}   {left}".rstrip()
    for group in flow.groups:
        for name, patients, depth in groups(group, 1):
            yield f"{'  ' * depth + name:<52}{patients:>8}"


def _indented(line: str) -> str:
    """Return a line two blanks in, folded; what is to be pasted stays as it is."""
    if line.startswith("\n"):
        return line
    parts = line.splitlines() or [""]
    folded = (
        textwrap.fill(
            part, _WIDTH, initial_indent="  ", subsequent_indent="      ", break_long_words=False,
            break_on_hyphens=False, drop_whitespace=True, replace_whitespace=False,
        )
        for part in parts
    )  # fmt: skip
    return "\n".join(folded)
