"""Where the patients come from: the file, how it is written, and which of its columns is which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

MISSING = "missing"
"""What an author writes for a code that stands for "not recorded"."""

ALWAYS_MISSING = ("", "NA", "#N/A")
"""Texts that stand for a missing value in every file."""

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class ColumnSource:
    """How one column of the dictionary is made from the columns of a file; exactly one way is given.

    Parameters
    ----------
    source : str
        The heading of the file's column ("from" in ``study.yml``).
    any_of : mapping of str to tuple of str
        For each code of the dictionary, headings of columns that say yes or no; the first code with a yes
        in the row counts. The code is empty where the author gave a plain list.
    always : str or None
        One value for every patient, or ``missing`` where the clinic never recorded it.
    codes : mapping of str to str
        From the file's codes to the dictionary's, or to ``missing``.
    yes, no : tuple of str
        What counts as yes and no in the columns of ``any_of``, besides the usual words.
    """

    source: str = ""
    any_of: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    always: str | None = None
    codes: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()

    @property
    def headings(self) -> tuple[str, ...]:
        """The file's columns that are used."""
        if self.source:
            return (self.source,)
        return tuple(heading for group in self.any_of.values() for heading in group)


@dataclass(frozen=True)
class DataSource:
    """The cohort's file, whether its patients are invented, and how to read it.

    Parameters
    ----------
    file : Path
    synthetic : bool
    sheet : str
        The sheet of a workbook; empty where there is only one.
    encoding, delimiter, decimal, dates : str
        What the author says about the file's form; empty where it is to be found out.
    missing : tuple of str
        Texts that stand for a missing value, besides blank and NA.
    columns : mapping of str to ColumnSource
        By the dictionary's column; a column that is not named has the dictionary's own heading.
    """

    file: Path
    synthetic: bool
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    decimal: str = ""
    dates: str = ""
    missing: tuple[str, ...] = ()
    columns: Mapping[str, ColumnSource] = field(default_factory=lambda: MappingProxyType({}))

    def source_of(self, column: str) -> ColumnSource:
        """Return how a column of the dictionary is made."""
        return self.columns.get(column) or ColumnSource(source=column)
