"""Days are read in the order that the file proves or study.yml says, never in a guessed one."""

from __future__ import annotations

from report_helpers.study.dictionary import COLUMNS

from .conftest import Load, refusal
from .exports import Rows, dated, few, text, with_cell


def test_days_that_could_be_read_in_two_ways(load: Load, rows: Rows) -> None:
    early = [rows[0], *[row for row in rows[1:] if unclear(row)][:3]]
    slashed = dated(early, "%d/%m/%Y")
    message = refusal(load, text(slashed))
    assert "screening_date could have the day or the month first" in message
    assert "write dates: day-first, or dates: month-first, in study.yml under data:" in message
    day = load(text(slashed), "  dates: day-first").frame["screening_date"]
    assert day.dt.strftime("%Y-%m-%d").tolist() == [row[2] for row in early[1:]]
    with_points = load(text(dated(early, "%d.%m.%Y"))).frame["screening_date"]
    assert with_points.equals(day)


def unclear(row: list[str]) -> bool:
    """Whether every day of a patient is one of the first twelve of its month."""
    days = [cell for name, cell in zip(COLUMNS, row, strict=True) if COLUMNS[name].kind == "date" and cell]
    return all(int(day[-2:]) <= 12 for day in days) and any(day[-2:] != day[5:7] for day in days[:1])


def test_days_in_both_orders(load: Load, rows: Rows) -> None:
    mixed = with_cell(dated(few(rows, 60), "%d/%m/%Y"), 3, "screening_date", "01/31/2022")
    assert "screening_date has some dates with the day first and some with the month first" in refusal(
        load, text(mixed)
    )
    assert (
        "screening_date is not a day written as year-month-day, such as 2022-01-31, or as day.month.year"
        in refusal(load, text(mixed), "  dates: day-first")
    )


def test_serial_numbers_of_the_other_system(load: Load, rows: Rows) -> None:
    early = [
        [str(int(cell) - 1462) if cell.isdigit() and len(cell) == 5 else cell for cell in row]
        for row in dated(rows, "serial")
    ]
    assert "screening_date is outside the study period" in refusal(load, text(early))
    assert load(text(early), "  dates: excel-1904").rows == 734
