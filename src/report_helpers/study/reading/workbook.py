"""Read one sheet of an Excel workbook (.xlsx) with calamine: values as Excel last computed them."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from report_helpers.study.cohort_errors import CohortError
from report_helpers.study.data_source import DataSource
from report_helpers.study.reading.archive import AGAIN, Archive
from report_helpers.study.reading.source import Source
from report_helpers.study.reading.table import Cells, Table, Wanted, find_headings, heading, similar
from report_helpers.study.words import counted, first_of

_SEARCHED = 40


def read_workbook(source: Source, options: DataSource, wanted: Wanted) -> Table:
    """Return the table of the sheet that ``study.yml`` names, or of the only visible one.

    Raises
    ------
    CohortError
        If the workbook is damaged, unfolds to too much, has several sheets of which none is named, or has
        merged cells among the patients.
    """
    archive = Archive(source)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(source.content))
        name = _sheet_name(source, workbook, options.sheet)
        facts = archive.facts(name)
        sheet = workbook.get_sheet_by_name(name)
        rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
        merged = sheet.merged_cell_ranges or []
    except (CalamineError, ValueError, OSError, OverflowError):
        raise CohortError.unreadable(source.name, "the workbook is damaged", AGAIN) from None
    if not rows:
        raise CohortError.unreadable(source.name, f"the sheet {name} is empty", AGAIN)
    for (row, column), text in facts.errors.items():
        if row <= len(rows) and column <= len(rows[0]):
            rows[row - 1][column - 1] = text
    place = find_headings(rows[:_SEARCHED], wanted)
    headings = tuple(map(heading, rows[place]))
    places = wanted.places(headings)
    _refuse_merged(source, name, merged, place, places)
    patients = rows[place + 1 :]
    columns = zip(*patients, strict=True) if patients else iter([()] * len(headings))
    cells = {at: Cells.of(column) for at, column in enumerate(columns) if at in set(places)}
    notes = []
    if place:
        notes.append(f"the headings stand in row {place + 1}; the rows above them were passed over")
    if hidden := sum(row > place + 1 for row in facts.hidden_rows):
        notes.append(f"{counted(hidden, 'hidden row')} of the sheet {name} were read like the others")
    return Table(
        headings,
        cells,
        np.arange(place + 2, len(rows) + 1),
        "row",
        (f"Excel sheet {name}",),
        tuple(notes),
        place + 1,
        facts.serials_from,
    )


def sheet_names(source: Source) -> tuple[str, ...]:
    """Return the names of a workbook's visible sheets; none if it cannot be read."""
    try:
        sheets = CalamineWorkbook.from_filelike(io.BytesIO(source.content)).sheets_metadata
    except (CalamineError, ValueError, OSError, OverflowError):
        return ()
    return tuple(
        each.name
        for each in sheets
        if each.typ == SheetTypeEnum.WorkSheet and each.visible == SheetVisibleEnum.Visible
    )


def _sheet_name(source: Source, workbook: CalamineWorkbook, asked: str) -> str:
    sheets = [each for each in workbook.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
    names = [each.name for each in sheets]
    if asked:
        if asked in names:
            return asked
        near = similar(asked, names)
        what = f"the workbook has no sheet {asked}" + (f"; did you mean {near}?" if near else "")
        remedy = f"Its sheets are: {first_of(names)}. Name one in study.yml under data: sheet:"
        raise CohortError.unreadable(source.name, what, remedy)
    visible = [each.name for each in sheets if each.visible == SheetVisibleEnum.Visible]
    if len(visible) == 1:
        return visible[0]
    what = f"the workbook has {counted(len(visible), 'visible sheet')}: {first_of(visible)}"
    remedy = f"Say which holds the patients in study.yml, under data:\n    sheet: {(visible or ['…'])[0]}"
    raise CohortError.unreadable(source.name, what, remedy)


def _refuse_merged(
    source: Source,
    name: str,
    merged: list[tuple[tuple[int, int], tuple[int, int]]],
    headings: int,
    places: tuple[int, ...],
) -> None:
    """Refuse merged cells among the patients: all but the first would be taken for missing."""
    rows = [
        top + 1
        for (top, left), (bottom, right) in merged
        if bottom > headings and any(left <= place <= right for place in places)
    ]
    if rows:
        what = f"the sheet {name} has merged cells among the patients (row {first_of(sorted(rows))})"
        remedy = "Unmerge them in Excel and write the value into each cell."
        raise CohortError.unreadable(source.name, what, remedy)
