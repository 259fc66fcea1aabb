"""What may stand under ``data:`` in ``study.yml``: the file, its form, and the map of its columns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from report_helpers.study.data_source import MISSING, ColumnSource, DataSource
from report_helpers.study.dictionary import COLUMNS, Column
from report_helpers.study.words import did_you_mean, one_of
from report_helpers.study.yaml_shapes import WRONG, Findings, Flag, ListOf, MapOf, Section, Text

ENCODINGS = {
    "utf-8": "utf-8-sig",
    "utf-16": "utf-16",
    "windows-1252": "cp1252",
    "latin-1": "latin-1",
    "windows-1250": "cp1250",
    "windows-1251": "cp1251",
    "mac-roman": "mac_roman",
    "cp850": "cp850",
}
"""Names of encodings in ``study.yml``, with Python's."""

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
DECIMALS = {"point": ".", "comma": ","}
DATES = ("day-first", "month-first", "excel-1900", "excel-1904")


@dataclass(frozen=True)
class Word:
    """Any single value, read as the author wrote it: a heading, a code or a number."""

    blank: bool = False

    def read(self, node: Node, key: str, found: Findings) -> Any:
        """Return the text; blank where nothing stands and that is allowed."""
        value = node.value.strip() if isinstance(node, ScalarNode) else None
        if value is None or (not value and not self.blank):
            kind = "nothing" if value == "" else "a list or a section"
            found.add(key, f"must be one word or number, but is {kind}")
            return WRONG
        return "" if value in ("null", "~") else value


@dataclass(frozen=True)
class _Headings:
    """One heading or a list of headings."""

    def read(self, node: Node, key: str, found: Findings) -> Any:
        if isinstance(node, SequenceNode):
            return ListOf(Word()).read(node, key, found)
        word = Word().read(node, key, found)
        return WRONG if word is WRONG else (word,)


@dataclass(frozen=True)
class _AnyOf:
    """Headings of columns that say yes or no: a plain list, or lists under the codes they mean."""

    def read(self, node: Node, key: str, found: Findings) -> Any:
        if isinstance(node, MappingNode):
            return MapOf(_Headings()).read(node, key, found)
        headings = ListOf(Word()).read(node, key, found)
        return WRONG if headings is WRONG else MappingProxyType({"": headings})


_ENTRY = Section(
    {
        "from": Word(),
        "any_of": _AnyOf(),
        "always": Word(),
        "codes": MapOf(Word(blank=True)),
        "yes": ListOf(Word(blank=True)),
        "no": ListOf(Word(blank=True)),
    },
    defaults={"from": "", "any_of": {}, "always": None, "codes": {}, "yes": (), "no": ()},
)


@dataclass(frozen=True)
class _Entry:
    """How one column is made: a heading, or a section that says more."""

    def read(self, node: Node, key: str, found: Findings) -> Any:
        if isinstance(node, ScalarNode):
            word = Word().read(node, key, found)
            return WRONG if word is WRONG else ColumnSource(source=word)
        before = len(found.problems)
        values = _ENTRY.read(node, key, found)
        if values is WRONG or len(found.problems) > before:
            return WRONG
        ways = [way for way in ("from", "any_of", "always") if values[way]]
        if len(ways) != 1:
            found.add(key, "needs exactly one of from, any_of and always")
            return WRONG
        codes = MappingProxyType({code: target or MISSING for code, target in values["codes"].items()})
        return ColumnSource(
            values["from"], values["any_of"], values["always"], codes, values["yes"], values["no"]
        )


DATA = Section(
    {
        "file": Text(),
        "synthetic": Flag(),
        "sheet": Word(),
        "encoding": Text(tuple(ENCODINGS)),
        "delimiter": Text(tuple(DELIMITERS)),
        "decimal": Text(tuple(DECIMALS)),
        "dates": Text(DATES),
        "missing": ListOf(Word(blank=True)),
        "columns": MapOf(_Entry(), known=tuple(COLUMNS)),
    },
    defaults={
        "sheet": "",
        "encoding": "",
        "delimiter": "",
        "decimal": "",
        "dates": "",
        "missing": (),
        "columns": {},
    },
)


def data_source(folder: Path, values: Mapping[str, Any]) -> DataSource:
    """Return the data source of values that have been checked; its file is found from ``folder``."""
    return DataSource(**{**values, "file": folder / values["file"]})


def mapping_faults(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the key and the fault of each mapped column whose codes do not fit the dictionary."""
    columns = values["data"]["columns"]
    for name, entry in {} if columns is WRONG else columns.items():
        for key, text in _entry_faults(COLUMNS[name], entry):
            yield f"data.columns.{name}.{key}", text


def _entry_faults(column: Column, entry: ColumnSource) -> Iterator[tuple[str, str]]:
    """Yield what does not fit in the map of one column."""
    targets = [("codes", target) for target in entry.codes.values()]
    targets += [("always", entry.always)] if entry.always is not None else []
    targets += [("any_of", code) for code in entry.any_of if code]
    for key, target in dict.fromkeys(targets):
        if not _may_be(column, target) or (target == MISSING and column.name == "patient_id"):
            allowed = (*column.values, MISSING) if column.values else (f"a {column.kind}", MISSING)
            near = did_you_mean(target, column.values)
            yield key, f"'{target}' is not a value of {column.name} ({one_of(allowed)}){near}"
    if entry.any_of and not {"yes", "none"} & set(column.values):
        yield "any_of", "is for columns of yes and no, and for diseases"
    if entry.any_of and entry.codes:
        yield "codes", "is not read beside any_of; use yes and no"
    if (entry.yes or entry.no) and not entry.any_of:
        yield "yes" if entry.yes else "no", "belongs beside any_of; for one column write codes"
    if entry.always is not None and column.name == "patient_id":
        yield "always", "cannot name all patients alike"


def _may_be(column: Column, target: str) -> bool:
    """Tell whether a target is a value of the column; ranges are proved with the data."""
    if target == MISSING or column.kind == "text":
        return True
    if column.is_number:
        return _is_number(target)
    if column.kind == "date":
        return _is_day(target)
    return not column.values or target in column.values


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2022-01-31")
