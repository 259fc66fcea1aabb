"""Damaged and invented files and maps: a right result or an error in words, nothing else."""

from __future__ import annotations

import csv
import io
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report_helpers.study.cohort import Cohort, CohortError
from report_helpers.study.definition import StudyError
from report_helpers.study.dictionary import COLUMNS
from report_helpers.study.reading import delimited
from report_helpers.study.reading.delimited import read_delimited
from report_helpers.study.reading.source import Source
from report_helpers.study.reading.table import Cells, Table, Wanted

from .conftest import Load, StudyWith
from .exports import Rows, parquet_file, statistical_file, text, typed, workbook, zipped
from .test_mapping import GERMAN, german

QUICK = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
PATIENTS = 5

BYTES = st.sampled_from(
    [
        b'"',
        b'""',
        b"\n",
        b"\r",
        b";",
        b",",
        b"\t",
        b"\x00",
        b"\xff",
        b"\xe2\x80\xa8",
        b"=",
        b"-",
        b"9e9",
        b"<",
        b"/>",
        b"&x;",
    ]
)


@pytest.fixture(scope="module")
def exports(rows: Rows, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A few patients in every form."""
    few = rows[: PATIENTS + 1]
    folder = tmp_path_factory.mktemp("statistical")
    return {
        "text": text(few),
        "UTF-16": text(few, "\t", "utf-16"),
        "German": text(german(few), ";", "cp1252"),
        "workbook": workbook(typed(few)),
        "Parquet": parquet_file(few),
        "SPSS": statistical_file(few, folder / "few.sav"),
        "Stata": statistical_file(few, folder / "few.dta"),
    }


def damaged(content: bytes, place: float, removed: int, put: bytes) -> bytes:
    at = int(place * len(content))
    return content[:at] + put + content[at + removed :]


def outcome(load: Load, content: bytes, lines: str = "") -> Cohort | CohortError | StudyError:
    try:
        return load(content, lines)
    except (CohortError, StudyError) as error:
        return error


def prove(found: Cohort | CohortError | StudyError) -> None:
    """Prove that an error is in words and has its place, or that what was read is of the dictionary."""
    if isinstance(found, StudyError):
        assert all(problem.line > 0 for problem in found.problems)
    elif isinstance(found, CohortError):
        assert str(found).startswith("export.dat: ")
        assert found.remedy
    else:
        assert list(found.frame.columns) == list(COLUMNS)
        assert 1 <= found.rows <= PATIENTS + 3
        assert found.form


@pytest.mark.parametrize("form", ["text", "UTF-16", "German", "Parquet", "SPSS", "Stata"])
@QUICK
@given(place=st.floats(0, 1), removed=st.integers(0, 4), put=BYTES | st.binary(max_size=4))
def test_a_damaged_file(
    form: str, place: float, removed: int, put: bytes, exports: dict[str, bytes], load: Load
) -> None:
    lines = GERMAN if form == "German" else ""
    prove(outcome(load, damaged(exports[form], place, removed, put), lines))


@QUICK
@given(
    place=st.floats(0, 1),
    removed=st.integers(0, 8),
    put=BYTES
    | st.sampled_from([b'r="XFD1048576"', b'r="ZZZZ99999999"', b't="e"', b"<row>", b"</c>", b'r="A0"']),
    part=st.sampled_from(
        ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"]
    ),
)
def test_a_workbook_with_damaged_parts(
    place: float, removed: int, put: bytes, part: str, exports: dict[str, bytes], load: Load
) -> None:
    with zipfile.ZipFile(io.BytesIO(exports["workbook"])) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = damaged(bytes(parts[part]), place, removed, put)  # type: ignore[arg-type]
    prove(outcome(load, zipped(parts)))


@QUICK
@given(
    start=st.sampled_from(
        [b"", b"PK\x03\x04", b"PAR1", b"$FL2", b"<stata_dta>", b"\xff\xfe", b"sep=;\n", b"patient_id,"]
    ),
    rest=st.binary(max_size=300),
)
def test_bytes_of_no_kind(start: bytes, rest: bytes, load: Load) -> None:
    with pytest.raises(CohortError):
        load(start + rest)


CELLS = st.text(alphabet=st.sampled_from(list("aÄ1 ,;\t\n\"'=.")), max_size=5)


def careful_and_fast(source: Source, options: object, wanted: Wanted) -> list[Table | str]:
    """What the two ways of reading a text make of it: a table, or the error."""
    found: list[Table | str] = []
    for large in (10**9, 0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(delimited, "LARGE", large)
            try:
                found.append(read_delimited(source, options, wanted))  # type: ignore[arg-type]
            except CohortError as error:
                found.append(str(error))
    return found


def spread(cells: Cells) -> list[object]:
    return np.array(cells.values, dtype=object)[cells.codes].tolist()


@QUICK
@given(
    table=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=6),
    delimiter=st.sampled_from([",", ";", "\t"]),
    quoted=st.booleans(),
    end=st.sampled_from(["\n", "\r\n"]),
    tail=st.sampled_from(["", "\n", "\n\n", "\n,", '\n"', "\nx" * 3]),
)
def test_the_fast_reader_is_the_careful_one(
    table: list[tuple[str, str, str]],
    delimiter: str,
    quoted: bool,
    end: str,
    tail: str,
    study_with: StudyWith,
) -> None:
    made = io.StringIO()
    writer = csv.writer(
        made, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    )
    writer.writerows([("first", "second", "third"), *table])
    content = (made.getvalue() + tail).encode()
    source = Source("export.csv", content, "")
    careful, fast = careful_and_fast(source, study_with().data, Wanted.of(["first", "second", "third"]))
    if isinstance(careful, str) or isinstance(fast, str):
        assert careful == fast
        return
    assert careful.headings == fast.headings == ("first", "second", "third")
    assert careful.lines.tolist() == fast.lines.tolist()
    for place in range(3):
        assert spread(careful.cells[place]) == spread(fast.cells[place])
    if not tail.strip():
        whole = [tuple(cell.replace("\r\n", "\n") for cell in row) for row in table]
        kept = list(zip(*[spread(fast.cells[place]) for place in range(3)], strict=True))
        assert [row for row in kept if any(row)] == [row for row in whole if any(row)]


@QUICK
@given(
    place=st.floats(0, 1),
    removed=st.integers(0, 6),
    put=st.sampled_from(
        [
            "{",
            "}",
            "[",
            "]",
            ": ",
            ", ",
            "\n    ",
            "- ",
            '"',
            "yes",
            "1",
            "missing",
            "null",
            "&a ",
            "*a",
            "any_of",
            "é",
            "#",
            "!!x ",
        ]
    ),
)
def test_a_damaged_map(place: float, removed: int, put: str, exports: dict[str, bytes], load: Load) -> None:
    at = int(place * len(GERMAN))
    lines = GERMAN[:at] + put + GERMAN[at + removed :]
    prove(outcome(load, exports["German"], lines))


WORDS = st.sampled_from(
    ["age_years", "ET", "yes", "missing", "1", "", "x", "none", "2022-01-01", "fresh", "-99", "ß"]
)
ENTRIES = st.recursive(
    WORDS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["from", "any_of", "always", "codes", "yes", "no", "1", "fresh"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=5,
)


def flow(entry: object) -> str:
    """An entry as YAML on one line."""
    if isinstance(entry, dict):
        return "{" + ", ".join(f'"{key}": {flow(value)}' for key, value in entry.items()) + "}"
    if isinstance(entry, list):
        return "[" + ", ".join(map(flow, entry)) + "]"
    return f'"{entry}"'


@QUICK
@given(columns=st.dictionaries(st.sampled_from([*COLUMNS]), ENTRIES, max_size=2))
def test_an_invented_map(columns: dict[str, object], exports: dict[str, bytes], load: Load) -> None:
    lines = f"  columns: {flow(columns)}"
    prove(outcome(load, exports["text"], lines))
