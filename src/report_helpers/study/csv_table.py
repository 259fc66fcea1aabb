"""Read a CSV file into a table of texts, or say why the file is not such a table and what to do.

Nothing is interpreted here beyond the form of the file; what the texts mean is decided by the dictionary.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from report_helpers.study.cohort_errors import CohortError
from report_helpers.study.dictionary import COLUMNS
from report_helpers.study.words import counted, first_of, nearest

BLANKS = ("", "NA")
"""Texts that stand for a missing value."""

_EXPORT = "Export the patients again as 'CSV UTF-8 (comma delimited)', with one heading per column in line 1."
_QUOTES = "quotation marks around the cells do not match, or a cell is far too long"
_MAGIC = {
    b"PK\x03\x04": "is an Excel workbook or another zip archive, not a CSV file",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook, not a CSV file",
    b"PAR1": "is a Parquet file, not a CSV file",
    b"%PDF": "is a PDF, not a CSV file",
    b"\xff\xfe": "is in UTF-16, not in UTF-8",
    b"\xfe\xff": "is in UTF-16, not in UTF-8",
}


@dataclass(frozen=True)
class TextTable:
    """The texts of a file: known columns only, NaN where blank, one row per patient.

    Parameters
    ----------
    frame : pandas.DataFrame
    fingerprint : str
        SHA-256 of the bytes that were read.
    lines : numpy.ndarray of int
        The line of the file on which each row ends.
    notes : tuple of str
        What was passed over, such as unknown columns.
    """

    frame: pd.DataFrame
    fingerprint: str
    lines: np.ndarray
    notes: tuple[str, ...]

    def lines_of(self, rows: np.ndarray) -> tuple[int, ...]:
        """Return the file's line numbers of rows given by position."""
        return tuple(int(line) for line in self.lines[rows])


def read_csv_table(path: Path) -> TextTable:
    """Return the texts of a comma-separated UTF-8 file.

    Raises
    ------
    CohortError
        If the file is absent, empty, binary, in another encoding or separator; has no known headings,
        a repeated or a missing one; has no patients; or has lines with too few or too many cells.
    """
    content = _read(path)
    text = _decode(path, content).replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
    header, notes = _header(path, text)
    cells, lines = _shape(path, text)
    _check_widths(path, cells, lines, len(header))
    frame = _parse(path, text, header)
    if len(frame) != len(lines) - 1:
        raise CohortError.unreadable(path.name, _QUOTES, _EXPORT)
    filled: np.ndarray = frame.notna().to_numpy().any(axis=1).astype(bool)
    if not filled.any():
        raise CohortError.unreadable(path.name, "the file has headings but no patients", _EXPORT)
    blank = int(np.count_nonzero(~filled[: int(np.flatnonzero(filled)[-1])]))
    if blank:
        notes = (*notes, f"{counted(blank, 'blank line')} among the patients passed over")
    frame = frame[filled].reset_index(drop=True)
    return TextTable(frame, hashlib.sha256(content).hexdigest(), lines[1:][filled], notes)


def _parse(path: Path, text: str, header: list[str]) -> pd.DataFrame:
    try:
        return pd.read_csv(
            io.StringIO(text),
            header=0,
            names=header,
            usecols=[name for name in header if name in COLUMNS],
            dtype=str,
            keep_default_na=False,
            na_values=list(BLANKS),
            skip_blank_lines=False,
            index_col=False,
            low_memory=False,
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError):
        raise CohortError.unreadable(path.name, _QUOTES, _EXPORT) from None


def _read(path: Path) -> bytes:
    """Return the bytes of the file, read once so that what is analysed is what is fingerprinted."""
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "it is unreadable").lower()
        remedy = "Name the data file under data: file: in study.yml, or on the command line with --data."
        raise CohortError.unreadable(path.name, f"the data file cannot be read ({reason})", remedy) from None
    if not content.strip():
        raise CohortError.unreadable(path.name, "the data file is empty", _EXPORT)
    return content


def _decode(path: Path, content: bytes) -> str:
    for magic, what in _MAGIC.items():
        if content.startswith(magic):
            raise CohortError.unreadable(path.name, f"the data file {what}", _EXPORT)
    if b"\x00" in content:
        raise CohortError.unreadable(path.name, "the data file is not text", _EXPORT)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        what = f"the data file is not in UTF-8; the first foreign character is on line {line}"
        raise CohortError.unreadable(path.name, what, _EXPORT) from None


def _header(path: Path, text: str) -> tuple[list[str], tuple[str, ...]]:
    """Return the headings and a note on those unknown; raise unless every needed one is there once."""
    first = text.partition("\n")[0]
    header = [name.strip() for name in next(csv.reader([first]), [])]
    known = [name for name in header if name in COLUMNS]
    for separator, word in ((";", "semicolons"), ("\t", "tabs")):
        split = [name.strip(' "') for name in first.split(separator)]
        if len(known) < 2 and sum(name in COLUMNS for name in split) > len(known):
            what = f"the data file is separated by {word} instead of commas"
            remedy = f"{_EXPORT} Numbers need a decimal point, not a comma."
            raise CohortError.unreadable(path.name, what, remedy)
    if not known:
        # The line may be a patient's, so it is not shown.
        what = "line 1 has none of the headings of the data dictionary"
        raise CohortError.unreadable(path.name, what, _EXPORT)
    repeated = [name for name, times in Counter(header).items() if times > 1 and name in COLUMNS]
    unknown = tuple(dict.fromkeys(name for name in header if name and name not in COLUMNS))
    faults = [f"the column {name} stands {header.count(name)} times" for name in repeated]
    for name, column in COLUMNS.items():
        if column.required and name not in header:
            near = nearest(name, unknown)
            faults.append(f"the column {name} is missing" + (f"; is it the column {near}?" if near else ""))
    if faults:
        what = "\n  ".join(["the headings in line 1 do not fit the data dictionary:", *faults])
        raise CohortError.unreadable(path.name, what, "Give each column the dictionary's name, once.")
    # Unknown headings may repeat or be blank; they are set apart only so that the parser accepts them.
    names = [name if name in COLUMNS else f"\x00{place}" for place, name in enumerate(header)]
    note = f"columns not in the data dictionary were passed over: {first_of(unknown)}"
    return names, (note,) if unknown else ()


def _shape(path: Path, text: str) -> tuple[np.ndarray, np.ndarray]:
    """Return for each record its number of cells and the line it ends on; a blank line has 0 cells."""
    if '"' in text:
        try:
            pairs = np.array(list(_records(text)), dtype=np.int64)
        except csv.Error:
            raise CohortError.unreadable(path.name, _QUOTES, _EXPORT) from None
        return pairs[:, 0], pairs[:, 1]
    # Without quotation marks, cells are commas plus one and records are lines: counted on the bytes.
    content = np.frombuffer(text.encode(), dtype=np.uint8)
    ends = np.flatnonzero(content == ord("\n"))
    commas = np.searchsorted(np.flatnonzero(content == ord(",")), ends)  # up to the end of each line
    lengths = np.diff(ends, prepend=-1) - 1
    return np.where(lengths == 0, 0, np.diff(commas, prepend=0) + 1), np.arange(1, len(ends) + 1)


def _records(text: str) -> Iterator[tuple[int, int]]:
    reader = csv.reader(io.StringIO(text), strict=True)
    for record in reader:
        yield len(record), reader.line_num


def _check_widths(path: Path, cells: np.ndarray, lines: np.ndarray, width: int) -> None:
    odd = np.flatnonzero((cells != width) & (cells != 0))
    if len(odd):
        have = "1 line has" if len(odd) == 1 else f"{len(odd)} lines have"
        places = first_of(lines[odd].tolist())
        what = f"{have} more or fewer cells than the {width} headings (line {places})"
        remedy = (
            "A comma inside a cell needs quotation marks around the cell; a decimal comma must become a "
            "point; a file cut short must be exported again."
        )
        raise CohortError.unreadable(path.name, what, remedy)
