"""Read a text of separated cells: record by record, so that every fault has its line.

A large file is first tried with Arrow's reader, which is some twenty times faster; whatever it does not
find in perfect order is left to the careful way, which then says what is wrong and where.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from report_helpers.study.cohort_errors import CohortError
from report_helpers.study.data_source import DataSource
from report_helpers.study.reading.source import Source
from report_helpers.study.reading.table import MOST_COLUMNS, Cells, Table, Wanted, find_headings, heading
from report_helpers.study.reading.text_form import EXPORT, decode, delimiter_words, separator
from report_helpers.study.words import first_of

LARGE = 4_000_000
"""Characters above which Arrow's reader repays its loading."""

_LONGEST_LINE = 10_000_000
_FIRST = 40
_SEARCHED = 8_000_000
_QUOTES = "quotation marks around the cells do not match, or a cell is far too long"
_KINDS = {
    b"%PDF": "a PDF",
    b"{\\rtf": "a text document",
    b"<!doctype html": "a web page",
    b"<html": "a web page",
    b"<table": "a web page",
    b"<?xml": "an XML file",
}


def read_delimited(source: Source, options: DataSource, wanted: Wanted) -> Table:
    """Return the table of a text file.

    Raises
    ------
    CohortError
        If it is no text, its quotation marks do not match, a line is absurdly long or has more or fewer
        cells than there are headings.
    """
    _refuse_other_kinds(source)
    decoded = decode(source, options)
    text = decoded.text if _ends_once(decoded.text) else decoded.text.rstrip("\n") + "\n"
    _refuse_long_lines(source, text)
    delimiter, skipped = separator(source, text, options, wanted)
    form = (decoded.encoding, delimiter_words(delimiter))
    above = 1 if skipped else 0
    text = text[skipped:]
    if not text or text.isspace():
        raise CohortError.unreadable(source.name, "the data file is empty", EXPORT)
    first = list(_records(source, text[:_SEARCHED], delimiter, _FIRST))
    place = find_headings([record for record, _ in first], wanted)
    headings, heading_line = tuple(map(heading, first[place][0])), first[place][1]
    if len(headings) > MOST_COLUMNS:
        what = f"line {heading_line} has {len(headings)} cells, more than any table has columns"
        raise CohortError.unreadable(source.name, what, EXPORT)
    places = wanted.places(headings)
    read = None
    if len(text) >= LARGE and places:
        from report_helpers.study.reading.large_text import read_large

        start = skipped + _end_of_line(text, heading_line)
        body = decoded.utf8[len(decoded.text[:start].encode()) :]
        read = read_large(body, heading_line, len(headings), delimiter, places)
    columns, lines = read or _carefully(source, text, delimiter, heading_line, len(headings), places)
    notes: tuple[str, ...] = ()
    if place:
        notes = (f"the headings stand on line {heading_line + above}; the lines above them were passed over",)
    return Table(
        headings,
        dict(zip(places, columns, strict=True)),
        lines + above,
        "line",
        form,
        notes,
        heading_line + above,
    )


def _carefully(
    source: Source, text: str, delimiter: str, heading_line: int, width: int, places: Sequence[int]
) -> tuple[list[Cells], NDArray[np.int64]]:
    """Return the wanted columns and the line on which each record ends."""
    columns: list[list[str]] = [[] for _ in places]
    lines: list[int] = []
    odd: list[int] = []
    for record, line in _records(source, text, delimiter):
        if line <= heading_line:
            continue
        if len(record) != width:
            if record:
                odd.append(line)
                continue
            record = [""] * width
        lines.append(line)
        for column, place in zip(columns, places, strict=True):
            column.append(record[place])
    if odd:
        raise _uneven(source, odd, width, delimiter)
    return [Cells.of(column) for column in columns], np.array(lines, dtype=np.int64)


def _records(
    source: Source, text: str, delimiter: str, most: int | None = None
) -> Iterator[tuple[list[str], int]]:
    """Yield each record and the line on which it ends; a blank line is an empty record."""
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    try:
        for record in islice(reader, most):
            yield record, reader.line_num
    except csv.Error:
        # The reader stops at the end of the file where a mark was never closed: the place says nothing.
        raise CohortError.unreadable(source.name, _QUOTES, EXPORT) from None


def _end_of_line(text: str, line: int) -> int:
    """Return where the line after a line of the text begins."""
    start = 0
    for _ in range(line):
        start = text.index("\n", start) + 1
    return start


def _ends_once(text: str) -> bool:
    """Tell at once that a long text needs no copy to end in one line feed."""
    return text[-1:] == "\n" != text[-2:-1]


def _uneven(source: Source, odd: Sequence[int], width: int, delimiter: str) -> CohortError:
    have = "1 line has" if len(odd) == 1 else f"{len(odd)} lines have"
    what = f"{have} more or fewer cells than the {width} headings (line {first_of(odd)})"
    remedy = "A cell with a separator inside needs quotation marks around it; a file cut short, a new export."
    if delimiter == ",":
        remedy = f"{remedy} Decimal commas need semicolons between the cells, or quotation marks."
    return CohortError.unreadable(source.name, what, remedy)


def _refuse_other_kinds(source: Source) -> None:
    start = source.content[:200].lstrip().lower()
    for sign, what in _KINDS.items():
        if start.startswith(sign.lower()):
            raise CohortError.unreadable(source.name, f"the data file is {what}, not a table", EXPORT)


def _refuse_long_lines(source: Source, text: str) -> None:
    if len(text) <= _LONGEST_LINE:
        return
    start, line = 0, 1
    while (end := text.find("\n", start)) >= 0:
        if end - start > _LONGEST_LINE:
            what = f"line {line} has {end - start} characters, more than any line of a table"
            raise CohortError.unreadable(source.name, what, EXPORT)
        # Leap as far as no line can be too long: only the last line break of the stretch matters.
        last = text.rfind("\n", end, end + _LONGEST_LINE)
        line += text.count("\n", start, last + 1)
        start = last + 1
