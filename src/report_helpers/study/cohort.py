"""Load a cohort file: read it, prove it against the dictionary and the study, and freeze what was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from report_helpers.study.cohort_errors import Breach, CohortError
from report_helpers.study.cohort_rules import NOTES, RULES, Rule, missing_where_needed
from report_helpers.study.cohort_values import convert
from report_helpers.study.csv_table import TextTable, read_csv_table
from report_helpers.study.definition import Study
from report_helpers.study.dictionary import COLUMNS
from report_helpers.study.words import SHOWN

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
    """

    frame: pd.DataFrame
    name: str
    fingerprint: str
    rows: int
    notes: tuple[str, ...] = ()


def load_cohort(study: Study, data: Path | str | None = None) -> Cohort:
    """Read and validate a cohort.

    Parameters
    ----------
    study : Study
        Gives the study period, and the file unless ``data`` does.
    data : path-like, optional
        A CSV file with the columns of the dictionary, separated by commas, in UTF-8.

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
    >>> cohort.rows  # doctest: +SKIP
    734
    """
    path = Path(data) if data is not None else study.data.file
    table = read_csv_table(path)
    frame, breaches, unread = _convert_columns(table)
    rules = (*RULES, *_period_rule(study))
    breaches += [
        _breach(table, column, rule, rows)
        for column, rule, rows in (
            *((name, "is missing where a value is needed", rows) for name, rows in _missing(frame, unread)),
            *((rule.column, rule.text, rule.broken(frame)) for rule in rules),
        )
        if rows.any()
    ]
    if breaches:
        raise CohortError.broken_rules(path.name, tuple(sorted(breaches, key=_by_column)))
    noted = ((rule, rule.broken(frame)) for rule in NOTES)
    notes = tuple(str(_breach(table, rule.column, rule.text, rows)) for rule, rows in noted if rows.any())
    return Cohort(frame, path.name, table.fingerprint, len(frame), (*table.notes, *notes))


def _convert_columns(table: TextTable) -> tuple[pd.DataFrame, list[Breach], Mapping[str, np.ndarray]]:
    """Return the typed frame, the cells that break their column's rule, and where they are."""
    columns: dict[str, pd.Series] = {}
    unread: dict[str, np.ndarray] = {}
    breaches = []
    for name, column in COLUMNS.items():
        if name not in table.frame.columns:
            empty = pd.Series(np.nan, index=table.frame.index, dtype=object)
            columns[name] = convert(column, empty).values
            continue
        converted = convert(column, table.frame[name])
        columns[name] = converted.values
        for rule, rows in converted.broken.items():
            breaches.append(_breach(table, name, rule, rows))
            unread[name] = unread.get(name, np.zeros(len(rows), dtype=bool)) | rows
    return pd.DataFrame(columns), breaches, unread


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


def _breach(table: TextTable, column: str, rule: str, rows: np.ndarray) -> Breach:
    places = np.flatnonzero(rows)
    return Breach(column, rule, table.lines_of(places[:SHOWN]), len(places))


def _by_column(breach: Breach) -> int:
    return tuple(COLUMNS).index(breach.column)
