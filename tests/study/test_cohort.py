"""A cohort file is proved on loading: every broken rule at once, by column and line, without a value."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report_helpers.study.cohort import Cohort, CohortError, load_cohort
from report_helpers.study.definition import Study
from report_helpers.study.dictionary import COLUMNS

Write = Callable[..., Path]
Cohorts = Callable[..., Cohort]


def breaches(study: Study, path: Path) -> list[tuple[str, str, tuple[int, ...], int]]:
    with pytest.raises(CohortError) as caught:
        load_cohort(study, path)
    return [(each.column, each.rule, each.lines, each.count) for each in caught.value.breaches]


def refusal(study: Study, path: Path) -> str:
    with pytest.raises(CohortError) as caught:
        load_cohort(study, path)
    assert caught.value.breaches == ()
    return str(caught.value)


def test_a_good_file_becomes_a_typed_frame(study: Study, write: Write) -> None:
    path = write({}, {"like": "no transfer", "age_years": ""})
    cohort = load_cohort(study, path)
    assert (cohort.rows, cohort.name, cohort.notes) == (2, "cohort.csv", ())
    assert cohort.fingerprint == hashlib.sha256(path.read_bytes()).hexdigest()
    frame = cohort.frame
    assert list(frame.columns) == list(COLUMNS)
    assert frame["age_years"].tolist()[0] == 35.0
    assert np.isnan(frame["age_years"].tolist()[1])
    assert frame["embryo_transfer"].tolist() == ["yes", "no"]
    assert list(frame["cycle_type"].cat.categories) == ["fresh", "frozen"]
    assert frame["transfer_date"].dt.day.tolist()[0] == 2
    assert frame["transfer_date"].isna().tolist() == [False, True]


def test_the_shipped_cohort_is_sound(study: Study) -> None:
    assert load_cohort(study).rows == 734


@pytest.mark.parametrize(
    ("patient", "column", "rule"),
    [
        ({"age_years": "old"}, "age_years", "is not a number"),
        ({"age_years": "nan"}, "age_years", "is not a number"),
        ({"age_years": "34,5"}, "age_years", "has a decimal comma, but the file is in decimal points"),
        ({"age_years": "17.9"}, "age_years", "outside the range 18-55 years"),
        ({"age_years": "1e999"}, "age_years", "outside the range"),
        ({"th1_th2_ratio": "0"}, "th1_th2_ratio", "outside the range > 0"),
        ({"nk_cells_percent": "100.1"}, "nk_cells_percent", "outside the range 0-100"),
        ({"previous_failed_transfers": "1.5"}, "previous_failed_transfers", "not a whole number"),
        ({"cycle_type": "thawed"}, "cycle_type", "allowed are fresh, frozen"),
        ({"screening_date": "1 March 2022"}, "screening_date", "year-month-day"),
        ({"screening_date": "01/03/2022"}, "screening_date", "could have the day or the month first"),
        ({"screening_date": "2022-02-30"}, "screening_date", "year-month-day"),
        (
            {"screening_date": "2021-12-31"},
            "screening_date",
            "outside the study period, 2022-01-01 to 2023-12-31",
        ),
        ({"centre": ""}, "centre", "missing"),
        ({"patient_id": " "}, "patient_id", "missing"),
        ({"th1_th2_ratio": ""}, "th1_th2_ratio", "missing"),
        ({"transfer_date": "NA"}, "transfer_date", "missing"),
        ({"biopsy_date": "2022-05-02"}, "biopsy_date", "not before transfer_date"),
        ({"hcg_date": "2022-05-02"}, "hcg_date", "not after transfer_date"),
        (
            {"immunotherapy_timing": "after"},
            "immunotherapy_timing",
            "not none although immunotherapy_regimen is none",
        ),
        (
            {"immunotherapy_regimen": "other"},
            "immunotherapy_timing",
            "is none although immunotherapy_regimen is not",
        ),
        (
            {"immunotherapy_start_date": "2022-05-01"},
            "immunotherapy_start_date",
            "although immunotherapy_regimen is none",
        ),
        (
            {"like": "treated", "immunotherapy_start_date": "2022-05-03"},
            "immunotherapy_start_date",
            "is after transfer",
        ),
        (
            {"like": "treated", "immunotherapy_timing": "after", "immunotherapy_start_date": "2022-05-01"},
            "immunotherapy_start_date",
            "is before transfer_date although immunotherapy_timing is after",
        ),
        (
            {"like": "no transfer", "transfer_date": "2022-05-02"},
            "transfer_date",
            "although embryo_transfer is no",
        ),
        (
            {"like": "no transfer", "gestational_sacs": "1"},
            "gestational_sacs",
            "although embryo_transfer is no",
        ),
        (
            {"like": "no transfer", "clinical_pregnancy": "yes"},
            "clinical_pregnancy",
            "although embryo_transfer is no",
        ),
        ({"like": "no transfer", "live_birth": "yes"}, "live_birth", "although embryo_transfer is no"),
        (
            {"like": "pregnant", "hcg_positive": "no", "clinical_pregnancy": ""},
            "gestational_sacs",
            "hcg_positive is no",
        ),
        ({"clinical_pregnancy": "yes"}, "clinical_pregnancy", "although hcg_positive is no"),
        (
            {"like": "pregnant", "clinical_pregnancy": "no"},
            "clinical_pregnancy",
            "although gestational_sacs is 1 or more",
        ),
        ({"live_birth": "yes"}, "live_birth", "although clinical_pregnancy is no"),
    ],
)
def test_a_broken_rule_is_named_with_column_and_line(
    study: Study, write: Write, patient: dict[str, str], column: str, rule: str
) -> None:
    ((found, said, lines, count),) = breaches(study, write({}, patient, {}))
    assert (found, lines, count) == (column, (3,), 1)
    assert rule in said


@pytest.mark.parametrize(
    "patient",
    [
        {"like": "pregnant", "live_birth": "yes"},
        {"like": "pregnant", "gestational_sacs": "0"},  # definitive clinical signs without a sac
        {"like": "treated", "immunotherapy_start_date": "2022-05-02"},
        {"like": "not quantified"},
        {"like": "no transfer"},
        {"gestational_sacs": "", "hcg_positive": "", "clinical_pregnancy": ""},
        {"cycle_type": " frozen "},
        {"age_years": "18", "nk_cells_percent": "0", "th1_th2_ratio": "0.01"},
    ],
)
def test_what_is_allowed_passes(cohort_of: Cohorts, patient: dict[str, str]) -> None:
    assert cohort_of(patient).rows == 1


def test_ids_are_unique_and_each_repeated_row_is_named(study: Study, write: Write) -> None:
    path = write({}, {"patient_id": "P1 "}, {}, {"patient_id": "P1"})
    ((column, rule, lines, count),) = breaches(study, path)
    assert (column, lines, count) == ("patient_id", (2, 3, 5), 3)
    assert "repeated" in rule


def test_all_problems_are_told_at_once_in_the_order_of_the_columns(study: Study, write: Write) -> None:
    found = breaches(
        study, write({"age_years": "99", "bmi_kg_m2": "x"}, {"hcg_date": "2022-01-01", "centre": ""})
    )
    assert [column for column, *_ in found] == ["centre", "age_years", "bmi_kg_m2", "hcg_date"]


def test_many_rows_are_counted_and_only_the_first_lines_listed(study: Study, write: Write) -> None:
    path = write(*[{"bmi_kg_m2": "5"}] * 25)
    ((_, _, lines, count),) = breaches(study, path)
    assert (lines, count) == (tuple(range(2, 12)), 25)
    with pytest.raises(CohortError, match=r"25 rows \(lines 2, 3, .*, 11 and 15 more\)"):
        load_cohort(study, path)


def test_no_value_of_a_patient_is_shown(study: Study, write: Write) -> None:
    secret = {name: f"SECRET{place}" for place, name in enumerate(COLUMNS)}
    with pytest.raises(CohortError) as caught:
        load_cohort(study, write(secret, secret))
    assert len(caught.value.breaches) > 25
    assert "SECRET" not in f"{caught.value} {caught.value!r} {caught.value.breaches}"


def test_more_sacs_than_embryos_is_noted_not_refused(cohort_of: Cohorts) -> None:
    cohort = cohort_of({}, {"like": "pregnant", "gestational_sacs": "2"})
    (note,) = cohort.notes
    assert note.startswith("gestational_sacs exceeds embryos_transferred")
    assert "1 row (line 3)" in note


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the data file is empty"),
        (b" \r\n\n", "the data file is empty"),
        (b"PK\x03\x04rest", "the workbook is damaged"),
        (b"\xd0\xcf\x11\xe0rest", "an old Excel workbook"),
        (b"PAR1rest", "the Parquet file is damaged"),
        (b"$FL2rest", "the SPSS file is damaged"),
        (b"<stata_dta>rest", "the Stata file is damaged"),
        (b"%PDF-1.7", "a PDF, not a table"),
        (b" <html><table>", "a web page, not a table"),
        (b"a\x00b", "line 1 holds a NUL character"),
        (b"patient_id,centre\nP1,Z\x81\n", "first foreign character is on line 2"),
        (b"P1,Centre A,2022-03-01\n", "none of the headings"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_advice(
    study: Study, write: Write, content: bytes, said: str
) -> None:
    message = refusal(study, write(content=content))
    assert said in message
    assert any(advice in message for advice in ("CSV UTF-8", "as .xlsx", "again"))


def test_a_file_that_is_not_there(study: Study, tmp_path: Path) -> None:
    assert "cannot be read (no such file" in refusal(study, tmp_path / "cohort.csv")


def rewritten(write: Write, change: Callable[[str], str], patients: int = 2) -> Path:
    return write(content=change(write(*[{}] * patients).read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.partition("\n")[0], "headings but no patients"),
        (lambda text: text.partition("\n")[0] + "\n" + "," * (len(COLUMNS) - 1), "headings but no patients"),
        (lambda text: text.replace("centre,", "center,", 1), "centre is missing; is it the column center?"),
        (lambda text: text.replace("bmi_kg_m2", "age_years", 1), "age_years stands 2 times"),
        (lambda text: text[:-20], "1 line has more or fewer cells"),
        (
            lambda text: text.replace("22.5", "22,5"),
            "2 lines have more or fewer cells than the 33 headings (line 2, 3)",
        ),
        (lambda text: text.replace("Centre A", '"Centre A', 1), "quotation marks"),
    ],
)
def test_a_damaged_table_is_refused(
    study: Study, write: Write, change: Callable[[str], str], said: str
) -> None:
    assert said in refusal(study, rewritten(write, change))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.rstrip("\n"),
        lambda text: text + "\n\n",
        lambda text: text.replace("Centre A", '"Centre A"'),
    ],
)
def test_harmless_differences_of_form_change_nothing(
    study: Study, write: Write, change: Callable[[str], str]
) -> None:
    plain = load_cohort(study, write({}, {})).frame
    assert load_cohort(study, rewritten(write, change)).frame.equals(plain)


def test_line_numbers_hold_after_a_line_break_inside_a_cell(study: Study, write: Write) -> None:
    path = write({"centre": "Centre\nA"}, {"age_years": "99"})
    ((_, _, lines, _),) = breaches(study, path)
    assert path.read_text(encoding="utf-8").splitlines()[lines[0] - 1].startswith("P2")


def test_line_numbers_hold_after_a_blank_line(study: Study, write: Write) -> None:
    text = write({}, {"age_years": "99"}).read_text(encoding="utf-8")
    ((_, _, lines, _),) = breaches(study, write(content=text.replace("\nP2", "\n\nP2")))
    assert lines == (4,)


def test_columns_that_may_be_absent_are_missing_and_others_passed_over(study: Study, write: Write) -> None:
    text = write({}, {}).read_text(encoding="utf-8").replace(",pgt_a,", ",remarks,", 1)
    cohort = load_cohort(study, write(content=text))
    assert cohort.frame["pgt_a"].isna().all()
    assert cohort.notes == ("columns not in the data dictionary were passed over: remarks",)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.floats(0, 1),
    removed=st.integers(0, 4),
    put=st.sampled_from(
        [b'"', b'""', b"\n", b",", b"\r", b"\x00", b"\xff", b"-", b"9", b"\xe2\x80\xa8", b'"\n"']
    ),
)
def test_a_damaged_file_is_read_or_refused_in_words(
    study: Study, write: Write, place: float, removed: int, put: bytes
) -> None:
    content = write({}, {"like": "treated"}, {"like": "no transfer"}).read_bytes()
    at = int(place * len(content))
    path = write(content=content[:at] + put + content[at + removed :])
    with suppress(CohortError):
        assert 1 <= load_cohort(study, path).rows <= 4
