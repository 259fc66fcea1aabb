"""From a data file to the columns of the dictionary, still untyped: the one entry to this package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from report_helpers.study.cohort_errors import Breach, CohortError
from report_helpers.study.data_source import MISSING, DataSource
from report_helpers.study.dictionary import COLUMNS
from report_helpers.study.reading.columns import locate, passed_over, shape_words, wanted_headings
from report_helpers.study.reading.conventions import Conventions, find_conventions
from report_helpers.study.reading.events import join_events
from report_helpers.study.reading.kinds import read_table
from report_helpers.study.reading.mapping import map_column, missing_words
from report_helpers.study.reading.source import Source
from report_helpers.study.reading.table import Cells, MissingWords, Table
from report_helpers.study.words import counted

_EMPTY = "Export the patients again; this file holds none."


@dataclass(frozen=True)
class FedColumn:
    """A column of the dictionary as the file feeds it.

    Parameters
    ----------
    cells : Cells
        Values in the dictionary's words where they are codes, None where missing.
    remedy : str
        The edit of ``study.yml`` that would give meaning to unknown codes; empty where there are none.
    declared_missing : bool
        Whether the author says that it was never recorded.
    """

    cells: Cells
    remedy: str
    declared_missing: bool


@dataclass(frozen=True)
class MappedTable:
    """What a file says about the dictionary's columns.

    Parameters
    ----------
    table : Table
        Its rows, for messages.
    columns : mapping of str to FedColumn
        By the dictionary's name; optional ones that the file lacks are left out.
    conventions : Conventions
        How numbers and days are written.
    breaches : tuple of Breach
        Rows that contradict the conventions or the map.
    notes : tuple of str
        What was passed over.
    form : str
        The file's form in one line.
    """

    table: Table
    columns: Mapping[str, FedColumn]
    conventions: Conventions
    breaches: tuple[Breach, ...]
    notes: tuple[str, ...]
    form: str


def read_columns(source: Source, options: DataSource) -> MappedTable:
    """Return what a file says about the columns of the dictionary.

    Raises
    ------
    CohortError
        If the file is no table, its columns cannot be found, or it has no patients.
    """
    missing = missing_words(options)
    table = read_table(source, options, wanted_headings(options))
    located = locate(table, options, source)
    size = shape_words(table, located)
    unused = passed_over(table, located)
    table = _without_blank_rows(table, source, missing)
    names = {place: name for name, each in located.items() for place in each.places}
    table, breaches = join_events(table, located["patient_id"].places[0], names, missing)
    columns = {}
    for name, each in located.items():
        mapped = map_column(COLUMNS[name], each, table, missing)
        columns[name] = FedColumn(mapped.cells, mapped.remedy, each.entry.always == MISSING)
        breaches += [table.breach(name, rule, rows, mapped.remedy) for rule, rows in mapped.broken.items()]
    fed = {name: column.cells for name, column in columns.items()}
    found = find_conventions(fed, options, table.serials_from)
    for name, broken in found.broken.items():
        breaches += [table.breach(name, rule, rows) for rule, rows in broken.items() if rows.any()]
    form = f"{', '.join((*table.form, *found.words))}; {size}"
    return MappedTable(table, columns, found.conventions, tuple(breaches), (*table.notes, *unused), form)


def _without_blank_rows(table: Table, source: Source, missing: MissingWords) -> Table:
    """Return the table without rows that hold nothing; a note tells of those among the patients."""
    filled = np.zeros(len(table.lines), dtype=bool)
    for cells in sorted(table.cells.values(), key=lambda each: len(each.values)):
        filled |= missing.given(cells)
        if filled.all():
            break
    if not filled.any():
        raise CohortError.unreadable(source.name, "the file has headings but no patients", _EMPTY)
    if filled.all():
        return table
    blank = int(np.count_nonzero(~filled[: int(np.flatnonzero(filled)[-1])]))
    noun = f"blank {table.place}"
    note = f"{counted(blank, noun)} among the patients passed over"
    return table.take(np.flatnonzero(filled), (note,) if blank else ())
