"""From a file's columns to those of the dictionary: missing values, codes, and columns that feed one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from report_helpers.study.data_source import ALWAYS_MISSING, MISSING, ColumnSource, DataSource
from report_helpers.study.dictionary import Column
from report_helpers.study.reading.columns import Located
from report_helpers.study.reading.table import Cells, MissingWords, Table, folded, in_yaml, text_of
from report_helpers.study.reading.yes_no import says_yes
from report_helpers.study.words import first_of

Flags = NDArray[np.bool_]
_JOINTS = re.compile(r"[\s_\-/+]+")


@dataclass(frozen=True)
class Mapped:
    """A column of the dictionary: values in the dictionary's words where these are known, None if missing.

    Parameters
    ----------
    cells : Cells
    broken : mapping of str to numpy.ndarray of bool
        Rows that break a rule of the mapping itself.
    remedy : str
        The edit of ``study.yml`` that would give meaning to unknown codes.
    """

    cells: Cells
    broken: Mapping[str, Flags]
    remedy: str = ""


def missing_words(options: DataSource) -> MissingWords:
    """Return the texts that stand for a missing value."""
    return MissingWords(frozenset(map(folded, (*ALWAYS_MISSING, *options.missing))))


def map_column(column: Column, located: Located, table: Table, missing: MissingWords) -> Mapped:
    """Return one column of the dictionary.

    Parameters
    ----------
    column : Column
    located : Located
        Where it is read and what its codes mean.
    table : Table
    missing : MissingWords
    """
    entry, rows = located.entry, len(table.lines)
    if entry.always is not None:
        value = _target(column, entry.always)
        return Mapped(Cells([value], np.zeros(rows, dtype=np.intp)), {})
    if entry.any_of:
        return _any_of(column, located, table, missing)
    (place,) = located.places
    return _single(column, entry, table.cells[place], missing)


def _single(column: Column, entry: ColumnSource, cells: Cells, missing: MissingWords) -> Mapped:
    codes = {folded(code): _target(column, target) for code, target in entry.codes.items()}
    if codes or cells.labels:
        values = [_meaning(column, value, codes, cells.labels, missing) for value in cells.values]
    else:
        values = missing.blanked(cells.values)
    return Mapped(Cells(values, cells.codes), {}, _edit(column, entry, values))


def _meaning(
    column: Column, value: Any, codes: Mapping[str, Any], labels: Mapping[str, str], missing: MissingWords
) -> Any:
    """Return what a value means: by its code, by its label, or as it stands."""
    text = text_of(value)
    label = labels.get(text, "")
    for word in (text, label):
        key = folded(word)
        if key in codes and (word or not label):
            return codes[key]
    if text in missing or (label and label in missing):
        return None
    return label if label and column.kind == "category" else value


def _target(column: Column, target: str) -> Any:
    """Return what an author wrote for a code, as a value that needs no further reading."""
    if target == MISSING:
        return None
    if column.is_number:
        return float(target)
    return date.fromisoformat(target) if column.kind == "date" else target


def word_of(column: Column, value: Any) -> str | None:
    """Return the dictionary's word for a value of a category; None if there is none.

    Capitals do not count, and blanks, hyphens and underscores are alike; yes and no may be said in other
    words and languages.

    >>> word_of(COLUMNS["pgt_a"], "Ja"), word_of(COLUMNS["immune_disease"], "Autoimmune thyroiditis")
    ('yes', 'autoimmune_thyroiditis')
    """
    text = text_of(value)
    if not column.values or text in column.values:
        return text
    joined = _JOINTS.sub("_", text.casefold())
    if joined in column.values:
        return joined
    if column.values == ("yes", "no"):
        said = says_yes(text)
        return None if said is None else "yes" if said else "no"
    return None


def _any_of(column: Column, located: Located, table: Table, missing: MissingWords) -> Mapped:
    """Return the code of the first group of columns in which a row says yes, else that of no."""
    entry, rows = located.entry, len(table.lines)
    plain = "yes" if "yes" in column.values else "other"
    negative = "no" if "yes" in column.values else "none"
    outcome = np.full(rows, -1, dtype=np.intp)
    blank = np.zeros(rows, dtype=bool)
    unknown = np.zeros(rows, dtype=bool)
    words: list[str | None] = []
    for code, places in located.groups.items():
        said_yes = np.zeros(rows, dtype=bool)
        for place in places:
            cells = table.cells[place]
            answers = [_answer(value, cells.labels, entry, missing) for value in cells.values]
            said_yes |= np.array([each is True for each in answers], dtype=bool)[cells.codes]
            blank |= np.array([each is None for each in answers], dtype=bool)[cells.codes]
            unknown |= np.array([each == "unknown" for each in answers], dtype=bool)[cells.codes]
        outcome[said_yes & (outcome < 0)] = len(words)
        words.append(None if code == MISSING else code or plain)
    words += [negative, None]
    outcome[outcome < 0] = np.where(blank, len(words) - 1, len(words) - 2)[outcome < 0]
    rule = f"is fed by columns ({first_of(entry.headings)}) that hold other words than yes and no"
    remedy = (
        f"Say what they mean in study.yml:\n  data:\n    columns:\n      {column.name}: "
        f"{{any_of: [{', '.join(map(in_yaml, entry.headings[:3]))}, …], yes: [THEIR-WORD], no: [THEIR-WORD]}}"
    )
    return Mapped(Cells(words, outcome), {rule: unknown} if unknown.any() else {}, remedy)


def _answer(
    value: Any, labels: Mapping[str, str], entry: ColumnSource, missing: MissingWords
) -> bool | str | None:
    """Return whether a cell says yes; None if it is blank, ``"unknown"`` if it says something else."""
    text = text_of(value)
    yes, no = set(map(folded, entry.yes)), set(map(folded, entry.no))
    for word in (text, labels.get(text, text)):
        if folded(word) in yes | no:
            return folded(word) in yes
    if text in missing:
        return None
    said = says_yes(labels.get(text, text))
    return "unknown" if said is None else said


def _edit(column: Column, entry: ColumnSource, values: list[Any]) -> str:
    """Return the edit of ``study.yml`` that would map codes which the dictionary does not know."""
    if column.kind != "category" or not column.values:
        return ""
    unknown = {text_of(value) for value in values if value is not None and word_of(column, value) is None}
    if not unknown:
        return ""
    if one_and_two(column, unknown):
        codes = "1: yes, 2: no"
    else:
        codes = f"THEIR-CODE: {column.values[0]}, ANOTHER: missing"
    line = f"{column.name}: {{from: {in_yaml(entry.source)}, codes: {{{codes}}}}}"
    return f"If these are codes, say what they mean in study.yml:\n  data:\n    columns:\n      {line}"


def one_and_two(column: Column, unknown: set[str]) -> bool:
    """Tell whether a column of yes and no is coded 1 and 2, which no file explains by itself."""
    return column.values == ("yes", "no") and unknown == {"2"}
