"""Look a data file over before it is analysed: what was found, what is wrong, what would mend it.

No patient's value is in a report, but headings, row numbers, counts, and words that `check_vocabulary` has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from report_helpers.errors import ManuscriptError
from report_helpers.study.check_edit import Change, Wish, changes
from report_helpers.study.check_entries import likely_columns, missing_columns
from report_helpers.study.check_mend import CONFIRM, Outcome, Trial, headings_of, is_known, mend, passes
from report_helpers.study.cohort import Cohort, CohortError, Examined
from report_helpers.study.cohort_errors import Breach
from report_helpers.study.cohort_rules import RULES
from report_helpers.study.data_source import MISSING, DataSource
from report_helpers.study.definition import Study
from report_helpers.study.dictionary import COLUMNS
from report_helpers.study.eligibility import apply_criteria
from report_helpers.study.flow import Flow, FlowError
from report_helpers.study.reading.source import Source, read_source
from report_helpers.study.reading.table import Cells, Table, find_column, in_yaml
from report_helpers.study.synthetic_record import as_recorded, doubt

FOUND, MAPPED, ALIKE, NEVER, ABSENT, LACKING = (
    "found",
    "mapped",
    "the same for all",
    "never recorded",
    "not in the file",
    "MISSING",
)
"""What can be said of a column; of these only the last stops an analysis."""


@dataclass(frozen=True)
class ColumnReport:
    """One column of the dictionary.

    Parameters
    ----------
    name : str
    state : str
        ``FOUND`` under its own name, ``MAPPED`` by the study, and so on.
    headings : tuple of str
        The file's columns that it is read from.
    likely : str
        For a column that is not there, the heading that may be it; or else empty.
    blank : int or None
        Patients without a value; None where nothing was read.
    """

    name: str
    state: str
    headings: tuple[str, ...] = ()
    likely: str = ""
    blank: int | None = None


@dataclass(frozen=True)
class DataCheck:
    """The report on a data file.

    Parameters
    ----------
    file, study : str
        Names without their folders.
    analysable : bool
    form : str
        What was detected, in one line; empty where the file could not be read.
    patients : int or None
    error : str
        Why the columns cannot be told, if they cannot; with what to do.
    columns : tuple of ColumnReport
        In the order of the dictionary.
    breaches : tuple of Breach
        The broken rules, read with the headings that the edit names.
    rules : int
        How many rules the values were held to.
    unused : tuple of str
        Headings that nothing reads.
    notes : tuple of str
    edit : tuple of Change
        The smallest edit of the study file that is known to help.
    offer : tuple of Change
        The edit that would add optional columns which the file may have under other names.
    left : tuple of Breach
        What the edit does not mend: it must be corrected in the source of the data.
    still_lacking : tuple of str
        Columns that no edit can stand in for.
    mended : bool
        Whether the file can be analysed with the edit; it was tried.
    flow : Flow or None
        As it would result, with the edit if there is one; values that cannot be read taken as missing.
        Its counts are whole.
    least_shown : int or None
        Counts below this are hidden in the manuscript; 0 if none are, None if it would not be printed.
    """

    file: str
    study: str
    analysable: bool
    form: str = ""
    patients: int | None = None
    error: str = ""
    columns: tuple[ColumnReport, ...] = ()
    breaches: tuple[Breach, ...] = ()
    rules: int = 0
    unused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    edit: tuple[Change, ...] = ()
    offer: tuple[Change, ...] = ()
    left: tuple[Breach, ...] = ()
    still_lacking: tuple[str, ...] = ()
    mended: bool = False
    flow: Flow | None = None
    least_shown: int | None = None


def check_data(study: Study, data: Path | None = None) -> DataCheck:
    """Look over a data file as a study would read it.

    Parameters
    ----------
    study : Study
    data : Path, optional
        The file; by default the study's own.

    Examples
    --------
    >>> check_data(load_study("study.yml"), Path("export.csv")).analysable  # doctest: +SKIP
    False
    """
    path = data or study.data.file
    try:
        source = read_source(path)
    except CohortError as unreadable:
        return DataCheck(path.name, study.path.name, False, error=_said(unreadable))
    trial = mend(study, source)
    table = headings_of(study, source)
    readable = table if is_known(table) else None
    told, last = trial.told, trial.last
    error = _said(last) if isinstance(last, CohortError) else ""
    columns = _columns(study, told, readable)
    least_shown, doubtful = _least_shown(study, path, source)
    return DataCheck(
        file=path.name,
        study=study.path.name,
        analysable=passes(trial.first),
        form=_form(told, readable),
        patients=len(last.frame) if isinstance(last, Examined) else None,
        error=error,
        columns=columns,
        breaches=told.breaches if isinstance(told, Examined) else (),
        rules=_rules() if isinstance(told, Examined) else 0,
        unused=_unused(study.data, readable),
        notes=(*_notes(last), *doubtful),
        edit=() if passes(trial.first) else trial.edit,
        offer=_offer(study, columns) if passes(trial.first) else (),
        left=last.breaches if isinstance(last, Examined) else (),
        still_lacking=trial.lacking,
        mended=passes(last) and not trial.lacking,
        flow=_flow(trial, path, source),
        least_shown=least_shown,
    )


def _flow(trial: Trial, path: Path, source: Source) -> Flow | None:
    """Return the flow, unless columns are lacking or what cannot be read leaves patients without a group."""
    if not isinstance(trial.last, Examined) or trial.lacking:
        return None
    frame = trial.last.frame
    try:
        return apply_criteria(trial.study, Cohort(frame, path.name, source.fingerprint, len(frame))).flow
    except FlowError:
        if passes(trial.last):
            raise
        return None


def _said(error: CohortError) -> str:
    return f"{error.what}\n{error.remedy}"


def _rules() -> int:
    """Return how many rules there are: each column has its own, and some tie columns together."""
    return len(COLUMNS) + len(RULES) + 1


def _form(told: Outcome, table: Table | None) -> str:
    if isinstance(told, Examined):
        return told.mapped.form
    if table is None:
        return ""
    return f"{', '.join(table.form)}; {len(table.lines)} rows, {len(table.headings)} columns"


def _columns(study: Study, told: Outcome, table: Table | None) -> tuple[ColumnReport, ...]:
    if table is None:
        return ()
    options = study.data
    lacking = missing_columns(options, table)
    absent = [name for name in COLUMNS if not _is_there(options, table, name)]
    likely = likely_columns(options, table, [*lacking, *(name for name in absent if name not in lacking)])
    blank: Mapping[str, int] = {}
    if isinstance(told, Examined):
        blank = {name: _blank(column.cells) for name, column in told.mapped.columns.items()}
    return tuple(
        ColumnReport(
            name,
            _state(options, name, name in lacking, name in absent),
            tuple(each for each in options.source_of(name).headings if find_column(each, table.headings)),
            likely.get(name, ""),
            blank.get(name),
        )
        for name in COLUMNS
    )


def _offer(study: Study, columns: tuple[ColumnReport, ...]) -> tuple[Change, ...]:
    likely = {
        each.name: f"{in_yaml(each.likely)}{CONFIRM}"
        for each in columns
        if each.state == ABSENT and each.likely
    }
    text = study.path.read_text(encoding="utf-8-sig")
    return changes(text, Wish(columns=likely)) if likely else ()


def _is_there(options: DataSource, table: Table, name: str) -> bool:
    return all(find_column(heading, table.headings) for heading in options.source_of(name).headings)


def _state(options: DataSource, name: str, lacking: bool, absent: bool) -> str:
    entry = options.source_of(name)
    if entry.always is not None:
        return NEVER if entry.always == MISSING else ALIKE
    if lacking:
        return LACKING
    if absent:
        return ABSENT
    return MAPPED if name in options.columns else FOUND


def _blank(cells: Cells) -> int:
    empty = np.array([value is None or value == "" for value in cells.values], dtype=bool)
    return int(np.count_nonzero(empty[cells.codes]))


def _unused(options: DataSource, table: Table | None) -> tuple[str, ...]:
    if table is None:
        return ()
    used = {
        place
        for name in COLUMNS
        for heading in options.source_of(name).headings
        for place in find_column(heading, table.headings)
    }
    return tuple(heading for place, heading in enumerate(table.headings) if heading and place not in used)


def _notes(last: Outcome) -> tuple[str, ...]:
    if not isinstance(last, Examined):
        return ()
    passed_over = "columns not in the data dictionary"  # these are listed by themselves
    return tuple(note for note in (*last.mapped.notes, *last.notes) if not note.startswith(passed_over))


def _least_shown(study: Study, path: Path, source: Source) -> tuple[int | None, tuple[str, ...]]:
    """Return below which count the manuscript shows none, and what is to be said of the patients."""
    try:
        known = as_recorded(study, path, source.fingerprint)
    except ManuscriptError as refused:
        return None, (f"{refused.what}: {refused.remedy} under {refused.where}",)
    least = known.disclosure_threshold if known.protects else 0
    if known.data.synthetic == study.data.synthetic:
        return least, ()
    return least, (f"{doubt(path)}; write synthetic: false under data: in {study.path.name}",)
