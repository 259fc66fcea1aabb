"""The shipped cohort through every form in which a clinic may export it: the same frame each time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from report_helpers.study.reading import delimited

from .conftest import Load
from .exports import (
    Rows,
    changed,
    dated,
    decimal_comma,
    parquet_file,
    statistical_file,
    text,
    typed,
    workbook,
)

TEXTS: dict[str, tuple[Callable[[Rows], bytes], str]] = {
    "plain": (text, "UTF-8, commas, decimal point, ISO dates"),
    "byte order mark": (lambda rows: text(rows, encoding="utf-8-sig"), "UTF-8, commas"),
    "all quoted, Windows lines": (lambda rows: text(rows, quoted=True, end="\r\n"), "UTF-8, commas"),
    "old Macintosh lines": (lambda rows: text(rows, end="\r"), "UTF-8, commas"),
    "vertical bars": (lambda rows: text(rows, "|"), "UTF-8, vertical bars"),
    "German Excel": (
        lambda rows: text(dated(decimal_comma(rows), "%d.%m.%Y"), ";", "cp1252", end="\r\n"),
        "Windows-1252, semicolons, decimal comma, day-first dates",
    ),
    "quoted decimal commas": (lambda rows: text(decimal_comma(rows)), "UTF-8, commas, decimal comma"),
    "tabs in UTF-16": (
        lambda rows: text(dated(rows, "%d/%m/%Y"), "\t", "utf-16"),
        "UTF-16, tabs, decimal point, day-first dates",
    ),
    "UTF-16, big-endian, no mark": (lambda rows: text(rows, ";", "utf-16-be"), "UTF-16, semicolons"),
    "UTF-16, little-endian, no mark": (lambda rows: text(rows, ";", "utf-16-le"), "UTF-16, semicolons"),
    "American dates": (lambda rows: text(dated(rows, "%m/%d/%Y")), "month-first dates"),
    "years of two digits": (
        lambda rows: text(dated(rows, "%d-%m-%y"), ";"),
        "years of two digits taken for 20.., day-first dates",
    ),
    "days with a time": (lambda rows: text(dated(rows, "%Y-%m-%d 00:00:00"), ";"), "ISO dates"),
    "days without hyphens": (lambda rows: text(dated(rows, "%Y%m%d")), "UTF-8, commas"),
    "serial numbers": (lambda rows: text(dated(rows, "serial")), "days as serial numbers (1900 system)"),
    "words in capitals, blanks around": (
        lambda rows: text(changed(rows, rows[0][5:], lambda cell: f" {cell.upper()} ")),
        "UTF-8, commas",
    ),
    "a line for Excel": (lambda rows: b"sep=;\n" + text(rows, ";"), "UTF-8, semicolons"),
    "a title above": (lambda rows: b"Export of 1 May\n\n" + text(rows, ";"), "UTF-8, semicolons"),
}


@pytest.mark.parametrize("form", TEXTS)
def test_a_text_of_any_form_is_the_same_cohort(
    form: str, rows: Rows, frame: pd.DataFrame, load: Load
) -> None:
    write, said = TEXTS[form]
    cohort = load(write(rows))
    pd.testing.assert_frame_equal(cohort.frame, frame)
    assert said in cohort.form
    assert cohort.form.endswith("; 734 rows, 33 columns, 33 mapped")


@pytest.mark.parametrize(
    "form",
    [
        "plain",
        "byte order mark",
        "all quoted, Windows lines",
        "German Excel",
        "tabs in UTF-16",
        "a line for Excel",
        "a title above",
    ],
)
def test_the_fast_reader_gives_what_the_careful_one_gives(
    form: str, rows: Rows, frame: pd.DataFrame, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "LARGE", 0)
    monkeypatch.setattr(delimited, "_carefully", None)  # so that nothing can fall back on it
    write, said = TEXTS[form]
    cohort = load(write(rows))
    pd.testing.assert_frame_equal(cohort.frame, frame)
    assert said in cohort.form


def test_a_workbook_is_the_same_cohort(rows: Rows, frame: pd.DataFrame, load: Load) -> None:
    cohort = load(workbook(typed(rows)))
    pd.testing.assert_frame_equal(cohort.frame, frame)
    assert cohort.form == "Excel sheet Patients; 734 rows, 33 columns, 33 mapped"


@pytest.mark.parametrize("year", [1900, 1904])
def test_a_workbook_of_bare_numbers_counts_its_days_from_its_own_year(
    year: int, rows: Rows, frame: pd.DataFrame, load: Load
) -> None:
    offset = 0 if year == 1900 else 1462
    bare = changed(dated(rows, "serial"), [name for name in rows[0] if "date" in name], str)
    sheet = [bare[0]] + [
        [
            int(cell) - offset if "date" in name and cell else cell
            for name, cell in zip(bare[0], row, strict=True)
        ]
        for row in bare[1:]
    ]
    cohort = load(workbook(sheet, year=year))
    pd.testing.assert_frame_equal(cohort.frame, frame)
    assert f"days as serial numbers ({year} system)" in cohort.form


def test_a_workbook_of_days_counts_them_from_its_own_year(
    rows: Rows, frame: pd.DataFrame, load: Load
) -> None:
    pd.testing.assert_frame_equal(load(workbook(typed(rows), year=1904)).frame, frame)


def test_a_parquet_file_is_the_same_cohort(rows: Rows, frame: pd.DataFrame, load: Load) -> None:
    cohort = load(parquet_file(rows))
    pd.testing.assert_frame_equal(cohort.frame, frame)
    assert cohort.form == "Parquet; 734 rows, 33 columns, 33 mapped"


LABELS = {
    "embryo_transfer": {1: "Ja", 2: "Nein"},
    "cycle_type": {0: "Fresh", 1: "Frozen"},
    "centre": {1: "Zürich – Süd", 2: "Centre B", 3: "Centre C"},
}
IN_ENGLISH = {"Ja": "yes", "Nein": "no", "Fresh": "fresh", "Frozen": "frozen"}


@pytest.mark.parametrize("name", ["export.sav", "export.dta"])
def test_a_statistical_file_with_labels_is_the_same_cohort(
    name: str, rows: Rows, frame: pd.DataFrame, load: Load, tmp_path: Path
) -> None:
    words = {english: word for word, english in IN_ENGLISH.items()}
    foreign = changed(rows, ("embryo_transfer", "cycle_type"), lambda cell: words[cell])
    content = statistical_file(foreign, tmp_path / f"made-{name}", LABELS)
    # Stata's names have at most 32 characters.
    place = rows[0].index("immunotherapy_planned_before_transfer")
    lines = f"  columns:\n    {rows[0][place]}: v{place}" if name.endswith(".dta") else ""
    cohort = load(content, lines)
    pd.testing.assert_frame_equal(cohort.frame, frame)
    assert cohort.form.startswith("SPSS;" if name.endswith(".sav") else "Stata;")
