"""Write a cohort in the forms in which clinics export it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Collection, Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd
import pyarrow as pa
import pyreadstat
from pyarrow import parquet

from report_helpers.study.dictionary import COLUMNS

Rows = list[list[str]]
Cell = object

_NUMBERS = [name for name, column in COLUMNS.items() if column.is_number]
_DAYS = [name for name, column in COLUMNS.items() if column.kind == "date"]
_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
        'Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>'
        '<xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    ),
}
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def rows_of(path: Path) -> Rows:
    """The cells of a comma-separated file."""
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))


def few(rows: Rows, count: int = 4) -> Rows:
    return rows[: count + 1]


def with_cell(rows: Rows, line: int, column: str, cell: str) -> Rows:
    """The rows with one cell replaced; the headings are line 1."""
    result = [list(row) for row in rows]
    result[line - 1][rows[0].index(column)] = cell
    return result


def changed(rows: Rows, columns: Collection[str], change: Callable[[str], str]) -> Rows:
    """The rows with every filled cell of some columns changed."""
    places = [place for place, name in enumerate(rows[0]) if name in columns]
    result = [rows[0]]
    for row in rows[1:]:
        cells = list(row)
        for place in places:
            cells[place] = change(cells[place]) if cells[place] else ""
        result.append(cells)
    return result


def decimal_comma(rows: Rows) -> Rows:
    return changed(rows, _NUMBERS, lambda cell: cell.replace(".", ","))


def dated(rows: Rows, form: str) -> Rows:
    """The rows with days in a form of strftime, or ``serial`` as Excel numbers them."""

    def written(cell: str) -> str:
        day = date.fromisoformat(cell)
        return str(serial(day)) if form == "serial" else day.strftime(form)

    return changed(rows, _DAYS, written)


def serial(day: date, year: int = 1900) -> int:
    return (day - (date(1899, 12, 30) if year == 1900 else date(1904, 1, 1))).days


def text(
    rows: Rows, delimiter: str = ",", encoding: str = "utf-8", quoted: bool = False, end: str = "\n"
) -> bytes:
    made = io.StringIO()
    quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(made, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return made.getvalue().encode(encoding)


def typed(rows: Rows) -> list[list[Cell]]:
    """The rows with numbers and days as such, None where blank."""
    makers: list[Callable[[str], Cell]] = [
        float if name in _NUMBERS else date.fromisoformat if name in _DAYS else str for name in rows[0]
    ]
    body = [
        [make(cell) if cell else None for make, cell in zip(makers, row, strict=True)] for row in rows[1:]
    ]
    return [list(rows[0]), *body]


def frame_of(rows: Rows) -> pd.DataFrame:
    heading, *body = typed(rows)
    return pd.DataFrame(body, columns=heading, dtype=object)


def parquet_file(rows: Rows) -> bytes:
    made = io.BytesIO()
    heading, *body = typed(rows)
    columns = [pa.array(column) for column in zip(*body, strict=True)]
    parquet.write_table(pa.table(columns, names=[str(name) for name in heading]), made)
    return made.getvalue()


def statistical_file(rows: Rows, path: Path, labels: dict[str, dict[int, str]] | None = None) -> bytes:
    """An SPSS or Stata file, by the path's ending; labelled columns are written as their codes."""
    frame = frame_of(rows)
    for name, words in (labels or {}).items():
        codes = {word: float(code) for code, word in words.items()}
        frame[name] = frame[name].map(codes).astype(float)
    for name in _NUMBERS:
        frame[name] = frame[name].astype(float)
    for name in frame.columns.difference([*_NUMBERS, *_DAYS, *(labels or {})]):
        frame[name] = frame[name].fillna("")
    if path.suffix == ".dta":
        short = {name: f"v{place}" if len(name) > 32 else name for place, name in enumerate(frame.columns)}
        named = {short[name]: words for name, words in (labels or {}).items()}
        pyreadstat.write_dta(frame.rename(columns=short), path, variable_value_labels=named)
    else:
        pyreadstat.write_sav(frame, path, variable_value_labels=labels)
    return path.read_bytes()


class Xml(str):
    """A cell written as it is, for what Excel does and a test must imitate."""


def workbook(
    sheets: dict[str, Sequence[Sequence[Cell]]] | Sequence[Sequence[Cell]],
    *,
    hidden_rows: Collection[int] = (),
    hidden_sheets: Collection[str] = (),
    merged: Collection[str] = (),
    year: int = 1900,
) -> bytes:
    """A workbook of texts, numbers, days and truths; a bare list of rows is the sheet ``Patients``."""
    named = sheets if isinstance(sheets, dict) else {"Patients": sheets}
    entries, links, parts = [], [], dict(_PARTS)
    for number, (name, rows) in enumerate(named.items(), start=1):
        state = ' state="hidden"' if name in hidden_sheets else ""
        entries.append(f'<sheet name="{escape(name)}" sheetId="{number}" r:id="s{number}"{state}/>')
        links.append(
            f'<Relationship Id="s{number}" Type="{_LINKS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        )
        body = "".join(
            f'<row r="{at}"{" hidden=" + chr(34) + "1" + chr(34) if at in hidden_rows else ""}>'
            + "".join(_cell(value, f"{_letters(place)}{at}", year) for place, value in enumerate(row))
            + "</row>"
            for at, row in enumerate(rows, start=1)
        )
        together = "".join(f'<mergeCell ref="{each}"/>' for each in merged)
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData>'
            + (f"<mergeCells>{together}</mergeCells>" if together else "")
            + "</worksheet>"
        )
    flag = ' date1904="1"' if year == 1904 else ""
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><workbookPr{flag}/><sheets>{"".join(entries)}</sheets>'
        "</workbook>"
    )
    links.append(f'<Relationship Id="st" Type="{_LINKS}/styles" Target="styles.xml"/>')
    parts["xl/_rels/workbook.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{''.join(links)}</Relationships>"
    )
    return zipped(parts)


def zipped(parts: dict[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def _cell(value: Cell, at: str, year: int) -> str:
    if value is None:
        return ""
    if isinstance(value, Xml):
        return value.replace("AT", at)
    if isinstance(value, bool):
        return f'<c r="{at}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, date):
        return f'<c r="{at}" s="1"><v>{serial(value, year)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{at}"><v>{value!r}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'


def _letters(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
