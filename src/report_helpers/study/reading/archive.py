"""Look into a workbook's zip archive before a reader does: whether it is whole, and how far it unfolds.

A workbook of a few kilobytes can unfold to more than memory holds, either in its bytes or by one cell in
the last corner of an empty sheet; and the reader of cells passes over some things that an author should know.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass
from xml.etree import ElementTree

from report_helpers.study.cohort_errors import CohortError
from report_helpers.study.reading.source import Source

AGAIN = "Open the file in Excel and save it again as .xlsx; or export 'CSV UTF-8'."

_MOST_BYTES = 4 << 30
_FOLDED = 200_000_000
_MOST_FOLDING = 150
_MOST_CELLS = 60_000_000
_DIRECTORY = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_AT = rb"\br\s*=\s*[\"']"
_REFERENCE = re.compile(_AT + rb"([A-Za-z]+)(\d+)[\"']")
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
_ROW_NUMBER = re.compile(_AT + rb"(\d+)")
_CELL_START = re.compile(rb"<(?:\w+:)?c[\s>]")
_WIDE = re.compile(_AT + rb"([A-Za-z]{2,})\d")
_HIDDEN = re.compile(rb"\bhidden\s*=\s*[\"'](?:1|true)")
_ERROR = re.compile(
    rb'<(?:\w+:)?c\b([^>]*\bt="e"[^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<', re.DOTALL
)
_UNCOMPUTED = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)><(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)

UNCOMPUTED = "#NO VALUE"
"""What stands in a cell whose formula was never computed."""


@dataclass(frozen=True)
class SheetFacts:
    """What the reader of cells does not tell.

    Parameters
    ----------
    hidden_rows : frozenset of int
        Counted from 1.
    errors : mapping of (row, column) to str
        Cells that hold an error, such as ``#DIV/0!``, or a formula without a value; both counted from 1.
    serials_from : int
        The year from which the workbook counts its days.
    """

    hidden_rows: frozenset[int]
    errors: dict[tuple[int, int], str]
    serials_from: int


class Archive:
    """A workbook's archive whose parts have been unfolded once, within limits."""

    def __init__(self, source: Source) -> None:
        self._source = source
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(source.content))
            parts = self._zip.infolist()
            unfolded = sum(part.file_size for part in parts)
            heavy = unfolded > _FOLDED and unfolded > _MOST_FOLDING * len(source.content)
            if heavy or unfolded > _MOST_BYTES:
                raise CohortError.unreadable(source.name, "the workbook unfolds to far too much", AGAIN)
            whole = self._zip.testzip() is None  # which also finds parts that lie about their size
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            RuntimeError,
            NotImplementedError,
            ValueError,
            EOFError,
        ):
            whole = False
        if not whole:
            raise CohortError.unreadable(source.name, "the workbook is damaged or was cut short", AGAIN)
        if _DIRECTORY not in self._zip.namelist():
            what = "the data file is a zip archive, or another kind of workbook than .xlsx"
            raise CohortError.unreadable(source.name, what, AGAIN)

    def facts(self, sheet: str) -> SheetFacts:
        """Return the facts of a sheet, or raise where its cells lie too far apart to be read."""
        directory = self._parse(_DIRECTORY)
        properties = next((each for each in directory.iter() if _local(each.tag) == "workbookPr"), None)
        from_1904 = properties is not None and properties.get("date1904", "0") in ("1", "true")
        content = self._sheet(directory, sheet)
        rows = list(_ROW.finditer(content))
        self._refuse_far_cells(content, sheet, rows)
        hidden = set()
        number = 0
        for row in rows:
            given = _ROW_NUMBER.search(row[0])
            number = int(given[1]) if given else number + 1
            if _HIDDEN.search(row[0]):
                hidden.add(number)
        errors = {}
        for pattern in (_ERROR, _UNCOMPUTED):
            for found in pattern.finditer(content):
                if reference := _REFERENCE.search(found[1]):
                    text = found[2].decode("ascii", "replace") if pattern is _ERROR else UNCOMPUTED
                    errors[int(reference[2]), _column(reference[1])] = text
        return SheetFacts(frozenset(hidden), errors, 1904 if from_1904 else 1900)

    def _parse(self, part: str) -> ElementTree.Element:
        try:
            content = self._zip.read(part)
            if b"<!DOCTYPE" in content:
                raise ValueError("workbooks have no document type")
            return ElementTree.fromstring(content)
        except (KeyError, ValueError, ElementTree.ParseError):
            raise CohortError.unreadable(self._source.name, "the workbook is damaged", AGAIN) from None

    def _sheet(self, directory: ElementTree.Element, name: str) -> bytes:
        sheets = [
            each for each in directory.iter() if _local(each.tag) == "sheet" and each.get("name") == name
        ]
        identity = (
            next((text for key, text in sheets[0].items() if _local(key) == "id"), "") if sheets else ""
        )
        targets = {each.get("Id"): each.get("Target", "") for each in self._parse(_RELATIONS)}
        part = posixpath.normpath(posixpath.join("/xl", targets.get(identity, ""))).lstrip("/")
        try:
            return self._zip.read(part)
        except KeyError:
            what = f"the sheet {name} of the workbook cannot be found"
            raise CohortError.unreadable(self._source.name, what, AGAIN) from None

    def _refuse_far_cells(self, content: bytes, sheet: str, rows: list[re.Match[bytes]]) -> None:
        """Refuse a sheet whose outermost cells span a rectangle that is all but empty."""
        height = _height(content, rows)
        wide = set(_WIDE.findall(content)) if height * 26 > _MOST_CELLS or _WIDE.search(content) else set()
        width = max(map(_column, wide), default=26)
        if height * width > max(_MOST_CELLS, 20 * len(_CELL_START.findall(content))):
            what = f"the sheet {sheet} has cells as far as row {height} or column {width}, almost all empty"
            remedy = "Delete the empty rows and columns after the table, and save the workbook again."
            raise CohortError.unreadable(self._source.name, what, remedy)


def _height(content: bytes, rows: list[re.Match[bytes]]) -> int:
    """Return a row that no cell lies below; at most ten times the true one."""
    last = _ROW_NUMBER.search(rows[-1][0]) if rows else None
    digits = len(str(max(len(rows), int(last[1]) if last else 0)))
    # A cell may claim another row than the one it stands in: look for numbers that are longer.
    longer = re.compile(_AT + rb"[A-Za-z]+(\d{%d,})" % (digits + 1))
    return max((int(number) for number in longer.findall(content)), default=10**digits - 1)


def _column(letters: bytes) -> int:
    """Return a column's number, from 1, of its letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
