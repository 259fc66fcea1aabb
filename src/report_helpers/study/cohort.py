"""Load a cohort file: read it, prove it against the dictionary and the study, and freeze what was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from report_helpers.study.cohort_errors import Breach, CohortError
from report_helpers.study.cohort_rules import NOTES, RULES, Rule, missing_where_needed
from report_helpers.study.cohort_values import convert
from report_helpers.study.definition import Study
from report_helpers.study.dictionary import COLUMNS
from report_helpers.study.reading.file import MappedTable, read_columns
from report_helpers.study.reading.source import Source, read_source
from report_helpers.study.reading.table import Cells

__all__ = ["Cohort", "CohortError", "load_cohort"]


@dataclass(frozen=True)
class Cohort:
    """A validated cohort.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per patient, every column of the dictionary in its order: codes as categories, dates as
        datetime64, numbers (whole ones too) as float64 with NaN where missing. A column that the file
        may leave out, and does, is missing throughout.
    name : str
        The file's name, without its folder.
    fingerprint : str
        SHA-256 of the file's bytes, in hexadecimal.
    rows : int
    notes : tuple of str
        What an author should know though nothing is wrong, such as more sacs than embryos.
    form : str
        What was found out about the file, in one line: encoding, separator, ways of writing, size.
    """

    frame: pd.DataFrame = field(repr=False)  # no row is to be printed by accident
    name: str
    fingerprint: str
    rows: int
    notes: tuple[str, ...] = ()
    form: str = ""


def load_cohort(study: Study, data: Path | str | None = None) -> Cohort:
    """Read and validate a cohort.

    Parameters
    ----------
    study : Study
        Gives the study period, which column of the file is which, and the file unless ``data`` does.
    data : path-like, optional
        A text of cells separated by commas, semicolons, tabs or vertical bars, a workbook (.xlsx), or a
        file of Parquet, SPSS (.sav) or Stata (.dta). Its kind and form are found out.

    Returns
    -------
    Cohort

    Raises
    ------
    CohortError
        If the file cannot be read as such a table, or breaks any rule. All broken rules are listed at
        once by column, with the number of rows and the first line numbers; no value is ever shown.

    Examples
    --------
    >>> cohort = load_cohort(load_study("study.yml"))  # doctest: +SKIP
    >>> cohort.form  # doctest: +SKIP
    'UTF-8, commas, decimal point, ISO dates; 734 rows, 33 columns, 33 mapped'
    """
    source = read_source(Path(data) if data is not None else study.data.file)
    examined = examine(study, source)
    mapped, frame = examined.mapped, examined.frame
    if examined.breaches:
        raise CohortError.broken_rules(source.name, examined.breaches, mapped.table.heading_line)
    notes = (*mapped.notes, *examined.notes)
    return Cohort(frame, source.name, source.fingerprint, len(frame), notes, mapped.form)


@dataclass(frozen=True)
class Examined:
    """What a file holds, whether or not it may be analysed.

    Parameters
    ----------
    mapped : MappedTable
        The columns as they were read.
    frame : pandas.DataFrame
        As in `Cohort`; what could not be read is missing.
    breaches : tuple of Breach
        Every broken rule, in the order of the dictionary.
    notes : tuple of str
    """

    mapped: MappedTable
    frame: pd.DataFrame = field(repr=False)  # no row is to be printed by accident
    breaches: tuple[Breach, ...]
    notes: tuple[str, ...]


def examine(study: Study, source: Source) -> Examined:
    """Return what a file holds and every rule that it breaks.

    Raises
    ------
    CohortError
        If the file cannot be read as a table of patients, or lacks a column.
    """
    mapped = read_columns(source, study.data)
    table = mapped.table
    frame, breaches, unread = _convert(mapped)
    rules = (*RULES, *_period_rule(study))
    breaches += [
        table.breach(column, rule, rows)
        for column, rule, rows in (
            *((name, "is missing where a value is needed", rows) for name, rows in _missing(frame, unread)),
            *((rule.column, rule.text, rule.broken(frame)) for rule in rules),
        )
        if rows.any()
    ]
    noted = ((rule, rule.broken(frame)) for rule in NOTES)
    notes = [str(table.breach(rule.column, rule.text, rows)) for rule, rows in noted if rows.any()]
    empty = [
        name
        for name, column in mapped.columns.items()
        if COLUMNS[name].required and not column.declared_missing and frame[name].isna().all()
    ]
    notes += [f"missing in every row: {', '.join(empty)}"] if empty else []
    return Examined(mapped, frame, tuple(sorted(breaches, key=_by_column)), tuple(notes))


def _convert(mapped: MappedTable) -> tuple[pd.DataFrame, list[Breach], Mapping[str, np.ndarray]]:
    """Return the typed frame, the cells that break their column's rule, and where they are."""
    made: dict[str, pd.Series] = {}
    unread: dict[str, np.ndarray] = {}
    breaches = list(mapped.breaches)
    absent = Cells([None], np.zeros(len(mapped.table.lines), dtype=np.int32))
    for name, column in COLUMNS.items():
        found = mapped.columns.get(name)
        converted = convert(column, found.cells if found else absent, mapped.conventions)
        made[name] = converted.values
        for rule, rows in converted.broken.items():
            edit = found.remedy if found and column.kind == "category" else ""
            breaches.append(mapped.table.breach(name, rule, rows, edit))
            unread[name] = unread.get(name, np.zeros(len(rows), dtype=bool)) | rows
    return pd.DataFrame(made, copy=False), breaches, unread


def _missing(frame: pd.DataFrame, unread: Mapping[str, np.ndarray]) -> list[tuple[str, np.ndarray]]:
    """Return, by column, the rows that lack a needed value unless it was unreadable."""
    found = []
    for name, column in COLUMNS.items():
        rows = missing_where_needed(frame, column)
        found.append((name, rows & ~unread[name] if name in unread else rows))
    return found


def _period_rule(study: Study) -> tuple[Rule, ...]:
    start, end = pd.Timestamp(study.period.start), pd.Timestamp(study.period.end)
    text = f"is outside the study period, {study.period.start} to {study.period.end}"
    return (
        Rule(
            "screening_date",
            text,
            lambda frame: (
                frame["screening_date"].notna() & ~frame["screening_date"].between(start, end)
            ).to_numpy(),
        ),
    )


def _by_column(breach: Breach) -> int:
    return tuple(COLUMNS).index(breach.column)
