"""Find the smallest edit of ``study.yml`` with which a file can be analysed, by trying it."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeGuard

import numpy as np

from report_helpers.study.check_edit import Change, Wish, applied, changes
from report_helpers.study.check_entries import columns_to_name, entry_text, missing_columns
from report_helpers.study.check_guesses import codes_of, known_headings, stands_for_missing
from report_helpers.study.cohort import CohortError, Examined, examine
from report_helpers.study.cohort_errors import Breach
from report_helpers.study.cohort_values import convert
from report_helpers.study.data_source import MISSING, ColumnSource
from report_helpers.study.definition import Study, load_study
from report_helpers.study.dictionary import COLUMNS
from report_helpers.study.reading.columns import wanted_headings
from report_helpers.study.reading.kinds import read_table
from report_helpers.study.reading.mapping import word_of
from report_helpers.study.reading.source import Source
from report_helpers.study.reading.table import Cells, Table, Wanted, in_yaml, text_of

Outcome = Examined | CohortError

_TRIES = 8
_LEAST_KNOWN = 2
_FEW = 5
_YEARS = (1990, 2100)
CONFIRM = "  # a guess: is it so?"


@dataclass(frozen=True)
class Trial:
    """What became of a file: as the study stands, as soon as its columns could be told, and at the end.

    Parameters
    ----------
    first, told, last : Examined or CohortError
        ``told`` is the first outcome that has columns, or else the last.
    study : Study
        With the edit made.
    edit : tuple of Change
    lacking : tuple of str
        Columns that no edit can stand in for; ``told`` and ``last`` take them as missing.
    """

    first: Outcome
    told: Outcome
    last: Outcome
    study: Study
    edit: tuple[Change, ...]
    lacking: tuple[str, ...]


def attempt(study: Study, source: Source, lacking: Collection[str] = ()) -> Outcome:
    """Return what a file holds, or the error that says why that cannot be told.

    Of columns that the file is known to lack nothing is said again, so that all else can be.
    """
    blank = {name: ColumnSource(always=MISSING) for name in lacking}
    pretended = replace(study, data=replace(study.data, columns={**study.data.columns, **blank}))
    try:
        found = examine(pretended, source)
    except CohortError as error:
        return error
    return replace(found, breaches=tuple(each for each in found.breaches if each.column not in blank))


def passes(outcome: Outcome) -> bool:
    """Tell whether the file can be analysed."""
    return isinstance(outcome, Examined) and not outcome.breaches


def headings_of(study: Study, source: Source) -> Table | CohortError:
    """Return the table of a file whose headings may be those of the study or any that are known."""
    wanted = Wanted.of([*wanted_headings(study.data).names, *known_headings()])
    try:
        return read_table(source, study.data, wanted)
    except CohortError as error:
        return error


def mend(study: Study, source: Source) -> Trial:
    """Try edits of the study file until the file can be analysed or nothing more is known to try.

    Every edit is made in the text of ``study.yml`` and read again, as it will be when an author makes it.
    """
    text = study.path.read_text(encoding="utf-8-sig")
    first = told = last = attempt(study, source)
    wish, now, edit, lacking = Wish(), study, tuple[Change, ...](), tuple[str, ...]()
    for _ in range(_TRIES):
        if passes(last):
            break
        further = _next_wish(now, source, last)
        tried = wish.and_also(further)
        if tried != wish:
            wish = tried
            edit = changes(text, wish)
            now = _read(applied(text, edit), study)
        elif lacking or not (lacking := _lacking(now, source)):
            break
        last = attempt(now, source, lacking)
        told = last if isinstance(told, CohortError) else told
    return Trial(first, told, last, now, edit, lacking)


def _lacking(study: Study, source: Source) -> tuple[str, ...]:
    """Return the columns that are not there, unless that is the patients' name, without which nothing is."""
    table = headings_of(study, source)
    names = missing_columns(study.data, table) if is_known(table) else ()
    return () if "patient_id" in names else names


def is_known(table: Table | CohortError) -> TypeGuard[Table]:
    """Tell whether a table has headings for certain: a line without known ones may be a patient's."""
    return isinstance(table, Table) and len(table.cells) >= _LEAST_KNOWN and len(table.lines) > 0


def _read(text: str, study: Study) -> Study:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / study.path.name
        path.write_text(text, encoding="utf-8")
        made = load_study(path)
    return replace(made, path=study.path, data=replace(made.data, file=study.data.file))


def _next_wish(study: Study, source: Source, outcome: Outcome) -> Wish:
    if isinstance(outcome, Examined):
        return _for_values(study, source, outcome)
    table = headings_of(study, source)
    if isinstance(table, CohortError):
        return _for_form(study, source)
    return Wish(columns=columns_to_name(study.data, table)) if is_known(table) else Wish()


def _for_form(study: Study, source: Source) -> Wish:
    """Return what to change where the file is no table as the study says it is written."""
    for key in ("delimiter", "encoding", "sheet"):
        if getattr(study.data, key):
            without = _with(study, key, "")
            if isinstance(headings_of(without, source), Table):
                return Wish(data={key: ""})
    found = {name: _known(study, source, name) for name in _sheets(source)}
    best = max(found, key=lambda name: found[name], default="")
    return Wish(data={"sheet": in_yaml(best)}) if best and found[best] else Wish()


def _with(study: Study, key: str, value: str) -> Study:
    changed: dict[str, Any] = {key: value}
    return replace(study, data=replace(study.data, **changed))


def _sheets(source: Source) -> tuple[str, ...]:
    if not source.content.startswith(b"PK\x03\x04"):
        return ()
    from report_helpers.study.reading.workbook import sheet_names

    return sheet_names(source)


def _known(study: Study, source: Source, sheet: str) -> int:
    """Return how many headings of a sheet are known."""
    table = headings_of(_with(study, "sheet", sheet), source)
    return len(table.cells) if isinstance(table, Table) else 0


def _for_values(study: Study, source: Source, examined: Examined) -> Wish:
    """Return what would give meaning to the values that break rules."""
    wish = Wish()
    for key in ("decimal", "dates"):
        if getattr(study.data, key):
            without = attempt(_with(study, key, ""), source)
            if isinstance(without, Examined) and len(without.breaches) < len(examined.breaches):
                return Wish(data={key: ""})
    for breach in examined.breaches:
        wish = wish.and_also(_for_breach(study, examined, breach))
    return wish


def _for_breach(study: Study, examined: Examined, breach: Breach) -> Wish:
    name, column = breach.column, COLUMNS[breach.column]
    if breach.rule.startswith("could have the day or the month first"):
        return Wish(data={"dates": f"day-first{CONFIRM}"})
    if breach.rule.startswith("is outside the study period"):
        return _longer_period(study, examined, breach)
    entry = study.data.source_of(name)
    fed = examined.mapped.columns.get(name)
    if fed is None or not entry.source:
        return Wish()
    if column.kind == "category":
        texts = {text_of(value) for value in _used(fed.cells)}
        unknown = {text for text in texts if word_of(column, text) is None}
        guessed = codes_of(column, unknown, {*(entry.codes or texts), *unknown}) if unknown else {}
        if any(guessed.get(code, target) != target for code, target in entry.codes.items()):
            return Wish()  # the author's own codes count otherwise
    else:
        odd = {text_of(value) for value in _unread(examined, name)}
        guessed = dict.fromkeys(sorted(filter(stands_for_missing, odd)), MISSING)
    if not guessed:
        return Wish()
    coded = ColumnSource(source=entry.source, codes={**entry.codes, **guessed})
    return Wish(columns={name: entry_text(coded) + CONFIRM})


def _used(cells: Cells) -> Iterator[object]:
    for place in np.flatnonzero(cells.used).tolist():
        if cells.values[place] not in (None, ""):
            yield cells.values[place]


def _unread(examined: Examined, name: str) -> Iterator[object]:
    """Yield the different values of a column that break its own rule."""
    mapped = examined.mapped
    values = list(_used(mapped.columns[name].cells))
    each_once = Cells(values, np.arange(len(values)))
    broken = convert(COLUMNS[name], each_once, mapped.conventions).broken.values()
    for place in np.flatnonzero(np.logical_or.reduce([np.zeros(len(values), dtype=bool), *broken])).tolist():
        yield values[place]


def _longer_period(study: Study, examined: Examined, breach: Breach) -> Wish:
    """Return the whole years in which patients were screened, unless only a few are outside the period."""
    years = examined.frame["screening_date"].dt.year.dropna()
    if breach.count < max(_FEW, len(examined.frame) / 20) or not years.between(*_YEARS).all():
        return Wish()
    start, end = study.period.start, study.period.end
    wanted = {}
    if int(years.min()) < start.year or (examined.frame["screening_date"].min().date() < start):
        wanted["start"] = f"{int(years.min())}-01-01{CONFIRM}"
    if examined.frame["screening_date"].max().date() > end:
        wanted["end"] = f"{int(years.max())}-12-31{CONFIRM}"
    return Wish(period=wanted)
