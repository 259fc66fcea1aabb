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
_SHEETS = "xl/worksheets/"  # of which only one is read
_DAMAGED = "the workbook is damaged or was cut short"
# What a bad archive raises; RuntimeError also where it has a password, or is packed in a way not known.
_DAMAGE = (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, ValueError, EOFError)
# Blanks and quotation marks of one kind only, so that what follows can be short and fast.
_ALIKE = bytes.maketrans(b"\t\r\n'", b'   "')
_SPACED = re.compile(rb' r *= *"')
_ROW = re.compile(rb'<row(?: [^>]*?)?(?: r="(\d+)"[^>]*)?>')
_PREFIXED_ROW = re.compile(rb':row(?: [^>]*?)?(?: r="(\d+)"[^>]*)?>')
_HIDDEN = re.compile(rb' hidden *= *"(?:1|true)"')
_REFERENCE = re.compile(rb' r="([A-Za-z]+)(\d+)"')
_ERROR = re.compile(rb'<(?:\w+:)?c\b([^>]* t *= *"e"[^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<')
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
            for part in parts:
                if not part.filename.startswith(_SHEETS):
                    self._prove(part)
        except _DAMAGE:
            raise CohortError.unreadable(source.name, _DAMAGED, AGAIN) from None
        if _DIRECTORY not in self._zip.namelist():
            what = "the data file is a zip archive, or another kind of workbook than .xlsx"
            raise CohortError.unreadable(source.name, what, AGAIN)

    def _prove(self, part: zipfile.ZipInfo) -> None:
        """Unfold a part piece by piece, which also finds one that lies about its size."""
        with self._zip.open(part) as pieces:
            while pieces.read(1 << 20):
                pass

    def facts(self, sheet: str) -> SheetFacts:
        """Return the facts of a sheet, or raise where its cells lie too far apart to be read."""
        directory = self._parse(_DIRECTORY)
        properties = next((each for each in directory.iter() if _local(each.tag) == "workbookPr"), None)
        from_1904 = properties is not None and properties.get("date1904", "0") in ("1", "true")
        content = self._sheet(directory, sheet)
        rows, hidden = _rows(content)
        self._refuse_far_cells(content, sheet, rows)
        patterns = [_ERROR] if b'"e"' in content else []
        patterns += [_UNCOMPUTED] if b"<f" in content or b":f" in content else []
        errors = {}
        for pattern in patterns:
            for found in pattern.finditer(content):
                if reference := _REFERENCE.search(found[1]):
                    text = found[2].decode("ascii", "replace") if pattern is _ERROR else UNCOMPUTED
                    errors[int(reference[2]), _column(reference[1])] = text
        return SheetFacts(hidden, errors, 1904 if from_1904 else 1900)

    def _parse(self, part: str) -> ElementTree.Element:
        try:
            content = self._zip.read(part)
            if b"<!DOCTYPE" in content:
                raise ValueError("workbooks have no document type")
            return ElementTree.fromstring(content)
        except (KeyError, ValueError, ElementTree.ParseError):
            raise CohortError.unreadable(self._source.name, "the workbook is damaged", AGAIN) from None

    def _sheet(self, directory: ElementTree.Element, name: str) -> bytes:
        """Return a sheet's XML, with one kind of blank and of quotation mark."""
        sheets = [
            each for each in directory.iter() if _local(each.tag) == "sheet" and each.get("name") == name
        ]
        identity = (
            next((text for key, text in sheets[0].items() if _local(key) == "id"), "") if sheets else ""
        )
        targets = {each.get("Id"): each.get("Target", "") for each in self._parse(_RELATIONS)}
        part = posixpath.normpath(posixpath.join("/xl", targets.get(identity, ""))).lstrip("/")
        try:
            content = self._zip.read(part).translate(_ALIKE)
        except _DAMAGE:
            raise CohortError.unreadable(self._source.name, _DAMAGED, AGAIN) from None
        except KeyError:
            what = f"the sheet {name} of the workbook cannot be found"
            raise CohortError.unreadable(self._source.name, what, AGAIN) from None
        return _SPACED.sub(b' r="', content) if b" r =" in content or b" r= " in content else content

    def _refuse_far_cells(self, content: bytes, sheet: str, rows: int) -> None:
        """Refuse a sheet whose outermost cells span a rectangle that is all but empty."""
        # A cell may claim another row than the one it stands in: numbers with more digits are looked at too.
        beyond = rb' r="([A-Za-z]+\d{%d,}|[A-Za-z]{2,}(?=\d))' % (len(str(rows)) + 1)
        far = [re.fullmatch(rb"([A-Za-z]+)(\d*)", each) for each in set(re.findall(beyond, content))]
        width = max((_column(each[1]) for each in far if each), default=26)
        height = max((int(each[2] or 0) for each in far if each), default=0) or 10 ** len(str(rows)) - 1
        cells = content.count(b"<c ") + content.count(b":c ") + content.count(b"<c>")
        if height * width > max(_MOST_CELLS, 20 * cells):
            what = f"the sheet {sheet} has cells as far as row {height} or column {width}, almost all empty"
            remedy = "Delete the empty rows and columns after the table, and save the workbook again."
            raise CohortError.unreadable(self._source.name, what, remedy)


def _rows(content: bytes) -> tuple[int, frozenset[int]]:
    """Return the number of the last row, and those of hidden rows."""
    last, hidden = 0, set()
    for row in (_ROW if b"<row" in content else _PREFIXED_ROW).finditer(content):
        last = int(row[1]) if row[1] else last + 1
        if _HIDDEN.search(row[0]):
            hidden.add(last)
    return last, frozenset(hidden)


def _column(letters: bytes) -> int:
    """Return a column's number, from 1, of its letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
