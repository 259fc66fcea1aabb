"""What is no table of patients is refused in words: what, where, what to do, and no patient's value."""

from __future__ import annotations

import os
import zipfile
from io import BytesIO
from pathlib import Path
from textwrap import dedent, indent

import pytest

from report_helpers.cli import main
from report_helpers.study.cohort import CohortError, load_cohort
from report_helpers.study.definition import Study
from report_helpers.study.reading import archive, source

from .conftest import SECRET, Load, refusal
from .exports import Rows, Xml, changed, decimal_comma, few, text, typed, with_cell, workbook, zipped


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the data file is empty"),
        (b" \r\n\n\t", "the data file is empty"),
        (b"\xff\xfe", "the data file is empty"),
        (b"sep=;\n\n", "the data file is empty"),
        (bytes(range(256)) * 40, "holds a NUL character"),
        (b"\x80\x81" * 400, "is not in UTF-8; the first foreign character is on line 1"),
        (b"just words\n", "none of the headings in line 1 is known"),
    ],
)
def test_what_holds_no_table(load: Load, content: bytes, said: str) -> None:
    assert said in refusal(load, content)


def test_headings_without_patients(load: Load, rows: Rows) -> None:
    heading = rows[:1]
    for content in (text(heading), workbook(heading), text([*heading, [""] * len(heading[0])])):
        assert "the file has headings but no patients" in refusal(load, content)


def test_a_delimiter_that_study_yml_names_wrongly(load: Load, rows: Rows) -> None:
    message = refusal(load, text(few(rows), ";"), "  delimiter: tab")
    assert "is separated by semicolons, not by tabs" in message
    assert "under data:\n    delimiter: semicolon" in message


def test_an_encoding_that_study_yml_names_wrongly(load: Load, rows: Rows) -> None:
    message = refusal(load, text(rows, encoding="cp1252"), "  encoding: utf-8")
    assert "not in UTF-8; the first foreign character is on line" in message
    assert "under data: encoding:" in message


def test_a_column_that_stands_twice(load: Load, rows: Rows) -> None:
    doubled = [[*row, row[3]] for row in few(rows)]
    for content in (text(doubled), workbook(doubled)):
        assert "the column age_years stands 2 times" in refusal(load, content)


def test_patients_that_stand_twice(load: Load, rows: Rows) -> None:
    message = refusal(load, text([*few(rows), rows[1]]))
    assert "patient_id is repeated, but must be different in every row: 2 rows (lines 2, 6)" in message


def test_decimal_commas_among_decimal_points_are_told_by_row(load: Load, rows: Rows) -> None:
    mixed = with_cell(few(rows, 9), 5, "bmi_kg_m2", "27,5")
    message = refusal(load, text(mixed, ";"))
    assert "bmi_kg_m2 has a decimal comma, but the file is in decimal points" in message
    assert "1 row (line 5)" in message
    mixed = with_cell(decimal_comma(few(rows, 9)), 5, "bmi_kg_m2", "27.5")
    assert "bmi_kg_m2 has a decimal point, but the file is in decimal commas" in refusal(
        load, text(mixed, ";")
    )


def test_thousands_are_no_numbers(load: Load, rows: Rows) -> None:
    message = refusal(load, text(with_cell(few(rows), 3, "bmi_kg_m2", "1.027,5"), ";"))
    assert "bmi_kg_m2 is not a number: 1 row (line 3)" in message


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("age_years", "-31", "age_years is outside the range 18-55 years"),
        ("age_years", "1985", "age_years is outside the range 18-55 years"),
        ("age_years", "=1+30", "age_years is not a number"),
        ("age_years", "٣٢", "age_years is not a number"),
        ("screening_date", "2022-13-01", "screening_date is not a day"),
        ("screening_date", "31.02.2022", "screening_date is not a day"),
        ("screening_date", "2022-02-29", "screening_date is not a day"),
        ("screening_date", "44562.7.1", "screening_date is not a day"),
        ("screening_date", "12", "screening_date is not a day"),
        (
            "cycle_type",
            f"{SECRET} Muster",
            "cycle_type holds a word that is not allowed; allowed are fresh, frozen",
        ),
        ("pgt_a", f'=HYPERLINK("http://example.org","{SECRET}")', "pgt_a holds a word that is not allowed"),
        ("immune_disease", f"<b>{SECRET}</b>", "immune_disease holds a word that is not allowed"),
        ("hcg_positive", "2", "hcg_positive is coded 1 and 2"),
    ],
)
def test_an_impossible_value_is_told_by_column_and_row(
    load: Load, rows: Rows, column: str, cell: str, said: str
) -> None:
    spoilt = with_cell(few(rows), 4, column, cell)
    for content, place in ((text(spoilt), "line 4"), (workbook(spoilt), "row 4")):
        message = refusal(load, content)
        assert said in message
        assert f"1 row ({place})" in message
        assert cell not in message or cell in ("2", "12")


def test_sacs_without_a_transfer(load: Load, rows: Rows) -> None:
    place = next(n for n, row in enumerate(rows) if row[rows[0].index("embryo_transfer")] == "no")
    message = refusal(load, text(with_cell(rows, place + 1, "gestational_sacs", "1")))
    assert (
        f"gestational_sacs is 1 or more although embryo_transfer is no: 1 row (line {place + 1})" in message
    )


def test_unknown_codes_are_counted_not_shown_and_the_edit_is_printed(load: Load, rows: Rows) -> None:
    coded = changed(few(rows), ("oocyte_source",), lambda cell: SECRET)
    message = refusal(load, text(coded))
    assert "oocyte_source holds a word that is not allowed" in message
    assert "oocyte_source: {from: oocyte_source, codes: {THEIR-CODE: own, ANOTHER: missing}}" in message


def test_one_and_two_for_yes_and_no_ask_which_is_which(load: Load, rows: Rows) -> None:
    coded = changed(rows, ("embryo_transfer",), lambda cell: {"yes": "1", "no": "2"}[cell])
    message = refusal(load, text(coded))
    assert "embryo_transfer is coded 1 and 2, and the file does not say which of them is yes" in message
    edit = "data:\n    columns:\n      embryo_transfer: {from: embryo_transfer, codes: {1: yes, 2: no}}"
    assert edit in message
    lines = dedent(edit.removeprefix("data:\n"))
    lines = indent(lines, "  ")
    assert load(text(coded), lines).rows == 734  # the edit that is printed is the edit that mends


def test_a_column_that_is_missing_throughout_is_noted(load: Load, rows: Rows) -> None:
    blank = changed(rows, ("oocyte_source", "bmi_kg_m2"), lambda cell: "")
    assert "missing in every row: bmi_kg_m2, oocyte_source" in load(text(blank)).notes
    blank = changed(rows, ("centre",), lambda cell: "NA")
    assert "centre is missing where a value is needed: 734 rows" in refusal(load, text(blank))


def test_ten_thousand_columns_are_no_obstacle(load: Load, rows: Rows) -> None:
    wide = [
        [*row, *[f"{'extra' if at == 0 else at}{n}" for n in range(10_000)]]
        for at, row in enumerate(few(rows))
    ]
    cohort = load(text(wide, ";"))
    assert cohort.rows == 4
    assert "10033 columns, 33 mapped" in cohort.form
    assert len(cohort.notes[-1]) < 200


def test_more_columns_than_a_table_has(load: Load) -> None:
    assert "more than any table has columns" in refusal(load, b"patient_id," * 30_000)


def test_an_absurdly_long_line(load: Load, rows: Rows) -> None:
    long = text(few(rows)) + SECRET.encode() * 2_000_000 + b"\n"
    assert "line 6 has 12000000 characters, more than any line of a table" in refusal(load, long)
    assert "a cell is far too long" in refusal(load, text(few(rows)) + SECRET.encode() * 100_000)


@pytest.mark.parametrize("cut", [50, 500, 0.5, -30])
def test_a_workbook_that_was_cut_short(load: Load, rows: Rows, cut: float) -> None:
    whole = workbook(few(rows))
    end = int(cut * len(whole)) if isinstance(cut, float) else cut
    assert "the workbook is damaged or was cut short" in refusal(load, whole[:end])


def test_workbooks_that_unfold_hugely(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_FOLDED", 3_000_000)
    made = BytesIO()
    bomb = zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED)
    with bomb, bomb.open("xl/workbook.xml", "w") as part:
        part.write(bytes(4_000_000))
    assert "unfolds to far too much" in refusal(load, made.getvalue())
    lone = workbook([["patient_id"], [Xml('<c r="XFD1048576"><v>1</v></c>')]])
    assert "cells as far as row 1048576 or column 16384, almost all empty" in refusal(load, lone)


def test_a_workbook_that_lies_about_its_size(load: Load, rows: Rows) -> None:
    content = bytearray(workbook(few(rows)))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    size = part.file_size.to_bytes(4, "little")
    assert content.count(size) >= 2  # in the part's own head, and in the directory
    assert "damaged" in refusal(load, bytes(content).replace(size, (100).to_bytes(4, "little")))


def test_a_zip_archive_that_is_no_workbook(load: Load) -> None:
    assert "is a zip archive, or another kind of workbook" in refusal(load, zipped({"cohort.csv": "a,b"}))


def test_a_nul_in_a_cell(load: Load, rows: Rows) -> None:
    message = refusal(load, text(with_cell(few(rows), 3, "centre", f"{SECRET}\x00")))
    assert "line 3 holds a NUL character" in message


def test_markup_and_formulas_in_a_free_text_stay_text(load: Load, rows: Rows) -> None:
    written = '=HYPERLINK("http://example.org","<b>A</b>")'
    for content in (
        text(with_cell(few(rows), 3, "centre", written)),
        workbook(with_cell(few(rows), 3, "centre", written)),
    ):
        assert load(content).frame["centre"].tolist()[1] == written


def test_a_line_number_holds_after_line_breaks_in_cells(
    load: Load, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = with_cell(with_cell(few(rows), 2, "centre", "Zürich\nSüd\n"), 5, "age_years", "99")
    for large in (4_000_000, 0):
        monkeypatch.setattr("report_helpers.study.reading.delimited.LARGE", large)
        assert "1 row (line 7)" in refusal(load, text(broken))


def test_a_file_that_changes_while_it_is_read(
    study: Study, tmp_path: Path, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(text(few(rows)))
    status = os.fstat

    def then_written(number: int) -> os.stat_result:
        before = status(number)
        path.write_bytes(text(few(rows, 3)))
        return before

    monkeypatch.setattr(source.os, "fstat", then_written)
    with pytest.raises(CohortError, match="the data file changed while it was read"):
        load_cohort(study, path)


def test_what_is_no_file(study: Study, tmp_path: Path) -> None:
    for path, said in (
        (tmp_path, "is a folder"),
        (tmp_path / "none.csv", "cannot be read (no such file or directory)"),
        (Path("/dev/zero"), "is not an ordinary file"),
        (tmp_path / "a\x00b", "cannot be read"),
    ):
        with pytest.raises(CohortError) as caught:
            load_cohort(study, path)
        assert said in str(caught.value)


def test_the_command_ends_with_1_and_the_message(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    arguments = ["render", str(root), "--data", str(tmp_path), "--output-dir", str(tmp_path / "out")]
    assert main(arguments) == 1
    assert "error: there is no data file" in capsys.readouterr().err


def test_typed_days_and_numbers_of_a_workbook_are_proved_too(load: Load, rows: Rows) -> None:
    sheet = typed(few(rows))
    sheet[2][rows[0].index("age_years")] = 99
    assert "age_years is outside the range 18-55 years: 1 row (row 3)" in refusal(load, workbook(sheet))
