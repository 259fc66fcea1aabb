"""What people do in Excel: several sheets, titles, hidden rows, merged cells, formulas and their errors."""

from __future__ import annotations

import pandas as pd
import pytest

from .conftest import Load, refusal
from .exports import Rows, Xml, typed, workbook


@pytest.fixture(scope="module")
def sheet(rows: Rows) -> list[list[object]]:
    return typed(rows[:9])


def put(sheet: list[list[object]], row: int, column: str, cell: object) -> list[list[object]]:
    result = [list(each) for each in sheet]
    result[row - 1][sheet[0].index(column)] = cell
    return result


def test_of_several_sheets_study_yml_names_one(sheet: list[list[object]], load: Load) -> None:
    book = workbook({"Codebook": [["a", "b"]], "Patients 2022": sheet})
    message = refusal(load, book)
    assert "the workbook has 2 visible sheets: Codebook, Patients 2022" in message
    assert "under data:\n    sheet: Codebook" in message
    assert load(book, "  sheet: Patients 2022").rows == 8
    assert "has no sheet Patients 2021; did you mean Patients 2022?" in refusal(
        load, book, "  sheet: Patients 2021"
    )


def test_a_hidden_sheet_is_not_taken_for_the_patients(sheet: list[list[object]], load: Load) -> None:
    book = workbook({"Lists": [["a"]], "Patients": sheet}, hidden_sheets=["Lists"])
    assert load(book).form.startswith("Excel sheet Patients;")


def test_hidden_rows_are_patients_too_and_that_is_said(sheet: list[list[object]], load: Load) -> None:
    cohort = load(workbook(sheet, hidden_rows=(3, 4)))
    assert cohort.rows == 8
    assert "2 hidden rows of the sheet Patients were read like the others" in cohort.notes


def test_titles_and_merged_headings_above_are_passed_over(sheet: list[list[object]], load: Load) -> None:
    groups = ["Patient", *[None] * 10, "Disease", *[None] * 21]
    cohort = load(workbook([["Our cohort"], groups, [], *sheet], merged=["A1:Z1", "A2:K2"]))
    pd.testing.assert_frame_equal(cohort.frame, load(workbook(sheet)).frame)
    assert "the headings stand in row 4; the rows above them were passed over" in cohort.notes


def test_merged_cells_among_the_patients_are_refused(sheet: list[list[object]], load: Load) -> None:
    message = refusal(load, workbook(sheet, merged=["B3:B5"]))
    assert "the sheet Patients has merged cells among the patients (row 3)" in message


def test_formulas_are_read_as_excel_computed_them(sheet: list[list[object]], load: Load) -> None:
    computed = put(sheet, 3, "age_years", Xml('<c r="AT"><f>30+1</f><v>31</v></c>'))
    computed = put(computed, 4, "centre", Xml('<c r="AT" t="str"><f>A1</f><v>Bern</v></c>'))
    frame = load(workbook(computed)).frame
    assert frame["age_years"].tolist()[1] == 31
    assert frame["centre"].tolist()[2] == "Bern"


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="AT" t="e"><v>#DIV/0!</v></c>',
        '<c t="e" r="AT"><f>1/0</f><v>#DIV/0!</v></c>',
        '<c r="AT"><f>30+1</f></c>',
        '<c r="AT"><f>30+1</f><v></v></c>',
    ],
)
def test_a_formula_that_failed_or_was_never_computed(
    cell: str, sheet: list[list[object]], load: Load
) -> None:
    for column in ("age_years", "pgt_a"):
        message = refusal(load, workbook(put(sheet, 3, column, Xml(cell))))
        assert f"{column} holds an error of Excel, or a formula without a result" in message
        assert "1 row (row 3)" in message


def test_not_available_is_missing(sheet: list[list[object]], load: Load) -> None:
    absent = put(sheet, 3, "age_years", Xml('<c r="AT" t="e"><v>#N/A</v></c>'))
    assert pd.isna(load(workbook(absent)).frame["age_years"].tolist()[1])


def test_blank_rows_are_passed_over_and_numbers_of_rows_hold(sheet: list[list[object]], load: Load) -> None:
    gap = [*sheet[:3], [None] * 33, *sheet[3:]]
    assert "1 blank row among the patients passed over" in load(workbook(gap)).notes
    assert "1 row (row 5)" in refusal(load, workbook(put(gap, 5, "age_years", 99.0)))


def test_truths_and_numbers_of_patients(sheet: list[list[object]], load: Load) -> None:
    made = put(put(sheet, 2, "pgt_a", True), 2, "patient_id", 1001)
    frame = load(workbook(made)).frame
    assert frame["pgt_a"].tolist()[0] == "yes"
    assert frame["patient_id"].tolist()[0] == "1001"
