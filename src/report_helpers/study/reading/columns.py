"""Find the columns of the dictionary in a file's headings, as ``study.yml`` maps them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from report_helpers.study.cohort_errors import CohortError
from report_helpers.study.data_source import ColumnSource, DataSource
from report_helpers.study.dictionary import COLUMNS
from report_helpers.study.reading.events import EVENT_HEADINGS
from report_helpers.study.reading.source import Source
from report_helpers.study.reading.table import Table, Wanted, find_column, in_yaml, similar
from report_helpers.study.reading.text_form import EXPORT
from report_helpers.study.words import counted, first_of


@dataclass(frozen=True)
class Located:
    """Where a column of the dictionary is to be read.

    Parameters
    ----------
    entry : ColumnSource
    groups : mapping of str to tuple of int
        Places of the file's columns, under the code that a yes in them means; one group without a code,
        of one place, where a single column is read; no group where no column is.
    """

    entry: ColumnSource
    groups: Mapping[str, tuple[int, ...]]

    @property
    def places(self) -> tuple[int, ...]:
        """The places of all columns that are read."""
        return tuple(place for group in self.groups.values() for place in group)


def wanted_headings(options: DataSource) -> Wanted:
    """Return the headings that a file of this study may have."""
    named = [heading for name in COLUMNS for heading in options.source_of(name).headings]
    return Wanted.of([*named, *EVENT_HEADINGS])


def locate(table: Table, options: DataSource, source: Source) -> dict[str, Located]:
    """Return where each column of the dictionary stands; optional ones that are absent are left out.

    Raises
    ------
    CohortError
        If no heading is known, a needed or mapped one is absent, or one that is used stands several times.
    """
    where = f"line {table.heading_line}" if table.place == "line" else f"row {table.heading_line}"
    where = f"headings in {where}" if table.heading_line else "columns"
    if not table.cells:
        # The line may be a patient's, so it is not shown.
        what = f"none of the {where} is known: the data dictionary and study.yml name others"
        raise CohortError.unreadable(source.name, what, EXPORT)
    found: dict[str, Located] = {}
    faults: list[str] = []
    edits: dict[str, str] = {}
    used = {place for name in COLUMNS for place in _places(options.source_of(name), table)}
    free = [name for place, name in enumerate(table.headings) if place not in used]
    for name, column in COLUMNS.items():
        entry = options.source_of(name)
        absent = []
        for heading in entry.headings:
            times = len(find_column(heading, table.headings))
            if times > 1:
                faults.append(f"the column {heading} stands {times} times")
            elif not times:
                absent.append(heading)
        if not absent:
            groups = {code: _group(group, table) for code, group in _groups(entry).items()}
            found[name] = Located(entry, groups)
        elif name in options.columns or column.required:
            faults += [_absent(name, heading, free, edits) for heading in absent]
    if faults:
        what = "\n  ".join([f"the {where} do not fit the data dictionary:", *faults])
        raise CohortError.unreadable(source.name, what, _remedy(edits))
    return found


def passed_over(table: Table, located: Mapping[str, Located]) -> tuple[str, ...]:
    """Return a note that names the headings which nothing reads, if there are any."""
    used = {place for each in located.values() for place in each.places}
    used |= {place for name in EVENT_HEADINGS for place in find_column(name, table.headings)}
    names = tuple(
        dict.fromkeys(name for place, name in enumerate(table.headings) if name and place not in used)
    )
    return (f"columns not in the data dictionary were passed over: {first_of(names)}",) if names else ()


def shape_words(table: Table, located: Mapping[str, Located]) -> str:
    """Return how many rows and columns there are and how many of the dictionary's are fed by them."""
    mapped = sum(bool(each.places) for each in located.values())
    rows = counted(len(table.lines), "row")
    return f"{rows}, {counted(len(table.headings), 'column')}, {mapped} mapped"


def _groups(entry: ColumnSource) -> Mapping[str, tuple[str, ...]]:
    return {"": (entry.source,)} if entry.source else entry.any_of


def _group(headings: Iterable[str], table: Table) -> tuple[int, ...]:
    return tuple(place for heading in headings for place in find_column(heading, table.headings)[:1])


def _places(entry: ColumnSource, table: Table) -> tuple[int, ...]:
    return _group(entry.headings, table)


def _absent(name: str, heading: str, free: list[str], edits: dict[str, str]) -> str:
    """Return the fault of a column that is not there, and note the edit that would mend it."""
    near = similar(heading, free)
    edits[name] = near or "THEIR-HEADING"
    fault = f"the column {heading} is missing"
    if heading != name:
        fault += f", which study.yml names for {name}"
    return fault + (f"; is it the column {near}?" if near else "")


def _remedy(edits: Mapping[str, str]) -> str:
    if not edits:
        return "Give each column a heading of its own."
    lines = [f"    {name}: {in_yaml(heading)}" for name, heading in list(edits.items())[:10]]
    more = ["    and so on"] if len(edits) > len(lines) else []
    said = (
        "Give each column the dictionary's name, or say in study.yml which is which:",
        "data:",
        "  columns:",
        *lines,
        *more,
        "A column that was never recorded is written NAME: {always: missing}.",
    )
    return "\n  ".join(said)
