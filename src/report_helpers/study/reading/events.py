"""Join the rows of a patient that REDCap writes for each event or repeat into one row per patient."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from report_helpers.study.cohort_errors import Breach
from report_helpers.study.reading.table import Cells, MissingWords, Table, find_column, text_of
from report_helpers.study.words import counted

EVENT_HEADINGS = (
    "redcap_event_name",
    "redcap_repeat_instrument",
    "redcap_repeat_instance",
    "Event Name",
    "Repeat Instrument",
    "Repeat Instance",
)
"""The headings by which a REDCap export, raw or with labels, tells a patient's rows apart."""


def join_events(
    table: Table, patient: int, names: dict[int, str], missing: MissingWords
) -> tuple[Table, list[Breach]]:
    """Return a table with one row per patient, if REDCap wrote several; else the table as it is.

    A patient's value is the one that stands in any of her rows; two different ones are a fault.

    Parameters
    ----------
    table : Table
    patient : int
        Place of the column that names the patient.
    names : mapping of int to str
        The dictionary's name of each column that is used, for messages.
    missing : MissingWords
    """
    marks = [place for name in EVENT_HEADINGS for place in find_column(name, table.headings)]
    if not any(missing.given(table.cells[place]).any() for place in marks if place in table.cells):
        return table, []
    who, identified = _whose(table.cells[patient], missing)
    if not identified.all() or who.max(initial=-1) + 1 == len(who):
        return table, []
    first = np.unique(who, return_index=True)[1]
    breaches, cells = [], {}
    for place, name in names.items():
        joined, differing = _one_value_each(table.cells[place], who, len(first), missing)
        cells[place] = joined
        if name == names[patient] or not differing.any():
            continue
        rule = (
            "has different values in several events or repeats of a patient; "
            "export without the repeating instrument, or each event's value as a column of its own"
        )
        breaches.append(table.breach(name, rule, differing))
    note = f"{counted(len(who), 'row')} of REDCap events were joined to {counted(len(first), 'patient')}"
    return table.with_cells(cells, table.lines[first], (note,)), breaches


def _whose(cells: Cells, missing: MissingWords) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return the patient of each row, numbered as they first appear, and whether she is named."""
    numbers: dict[str, int] = {}
    texts = [text_of(value) for value in cells.values]
    same = np.array([numbers.setdefault(text, len(numbers)) for text in texts], dtype=np.intp)[cells.codes]
    who = np.unique(same, return_inverse=True)[1]
    return who, missing.given(cells)


def _one_value_each(
    cells: Cells, who: NDArray[np.intp], patients: int, missing: MissingWords
) -> tuple[Cells, NDArray[np.bool_]]:
    """Return one value per patient, and the rows that hold another than her first."""
    texts = [text_of(value) for value in cells.values]
    numbers: dict[str, int] = {}
    same = np.array([numbers.setdefault(text, len(numbers)) for text in texts], dtype=np.intp)
    filled = np.flatnonzero(missing.given(cells))
    blank = len(cells.values)
    codes = np.full(patients, blank, dtype=np.intp)
    codes[who[filled][::-1]] = cells.codes[filled][::-1]  # of several, the first stays
    differing = np.zeros(len(who), dtype=bool)
    differing[filled] = same[cells.codes[filled]] != same[codes[who[filled]]]
    return Cells([*cells.values, ""], codes, cells.labels), differing
