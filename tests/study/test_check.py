"""A data file looked over: all that is wrong at once, no patient's value, and an edit that can be pasted."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from report_helpers.publishing.data_check import as_text
from report_helpers.publishing.data_check_page import page
from report_helpers.study.check import LACKING, DataCheck, check_data
from report_helpers.study.cohort import CohortError, load_cohort
from report_helpers.study.definition import load_study
from report_helpers.study.dictionary import COLUMNS

from .check_cases import MENDABLE, german, recoded, renamed, without
from .reading.exports import Rows, changed, rows_of, text

Check = Callable[..., DataCheck]

SECRET = "Miriam"
_AGE = "{label: Age, unit: years, kind: number}"


@pytest.fixture(scope="module")
def rows(root: Path) -> Rows:
    return rows_of(root / "data" / "synthetic" / "cohort.csv")[:120]


@pytest.fixture(scope="module")
def plain_study(root: Path) -> str:
    """The shipped study file without what has no bearing here and takes long to parse."""
    text = re.sub(r"(?m)^ *#.*\n", "", (root / "study.yml").read_text(encoding="utf-8"))
    text = re.sub(r"(?ms)^facts:\n.*", "facts: {funding: null}\n", text)
    text = re.sub(r"(?ms)^covariates:\n.*?(?=^test_families)", f"covariates: {{age_years: {_AGE}}}\n", text)
    return re.sub(r"(?ms)^  covariates:\n.*?(?=^  least_events)", "  covariates: [age_years]\n", text)


@pytest.fixture
def check(tmp_path: Path, plain_study: str) -> Check:
    """Look a file over through the shipped study, in which one text may be replaced."""

    def checked(content: bytes, old: str = "", new: str = "", name: str = "export.csv") -> DataCheck:
        assert old in plain_study
        (tmp_path / "study.yml").write_text(plain_study.replace(old, new, 1), encoding="utf-8")
        (tmp_path / name).write_bytes(content)
        return check_data(load_study(tmp_path / "study.yml"), tmp_path / name)

    return checked


def pasted(study: Path, printed: str, heading: str = "EDIT OF ") -> None:
    """Edit a study file as the printed report says, line by line, as its reader would."""
    lines = study.read_text(encoding="utf-8").splitlines()
    part = printed.partition(f"\n{heading}")[2].partition("\n\nTO CORRECT")[0].partition("\n\nFLOW")[0]
    steps = re.split(r"(?m)^  (?=below line|in place of|take line)", part)[1:]
    assert steps, printed
    for step in reversed(steps):  # from below, so that line numbers stay what they were
        head, _, new = step.partition("\n\n")
        numbers = [int(number) for number in re.findall(r"lines? (\d+)(?: to (\d+))?", head)[0] if number]
        inserted = new.rstrip().splitlines() if not head.startswith("take") else []
        if head.startswith("below"):
            lines[numbers[0] : numbers[0]] = inserted
        else:
            lines[numbers[0] - 1 : numbers[-1]] = inserted
    study.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize("case", MENDABLE)
def test_the_printed_edit_mends_the_study_file(check: Check, rows: Rows, tmp_path: Path, case: str) -> None:
    write, old, new = MENDABLE[case]
    name = "export.xlsx" if case == "two sheets" else "export.csv"
    report = check(write(rows), old, new, name)
    assert (report.analysable, report.mended) == (False, True)
    pasted(tmp_path / "study.yml", as_text(report))
    study = load_study(tmp_path / "study.yml")
    cohort = load_cohort(study, tmp_path / name)
    again = check_data(study, tmp_path / name)
    assert again.analysable
    assert not again.edit
    assert report.flow == again.flow
    assert report.patients == cohort.rows
    assert study.data.file.name == "cohort.csv"


@pytest.mark.parametrize("case", ["German headings and codes", "numbers for codes"])
def test_guesses_mean_what_was_meant(check: Check, rows: Rows, tmp_path: Path, case: str) -> None:
    """With the edit, the very patients are read that were written in other words."""
    check(text(rows))
    meant = load_cohort(load_study(tmp_path / "study.yml"), tmp_path / "export.csv").frame
    report = check(MENDABLE[case][0](rows))
    pasted(tmp_path / "study.yml", as_text(report))
    assert load_cohort(load_study(tmp_path / "study.yml"), tmp_path / "export.csv").frame.equals(meant)


def test_a_sound_file_needs_nothing(check: Check, rows: Rows) -> None:
    report = check(text(rows))
    assert report.analysable
    assert not report.edit
    assert not report.breaches
    assert {column.state for column in report.columns} == {"found"}
    assert report.flow
    assert (report.flow.screened, report.patients) == (119, 119)
    assert "The file can be analysed." in as_text(report)


def test_all_that_is_wrong_is_told_at_once(check: Check, rows: Rows) -> None:
    """Form, missing columns, unknown codes and broken rules in one report, with what is for whom to mend."""
    spoilt = [list(row) for row in german(rows)]
    spoilt[6][spoilt[0].index("Alter")] = "987"
    spoilt[9][spoilt[0].index("hcg_positive")] = SECRET
    spoilt[9][spoilt[0].index("embryo_quality")] = "mittel"
    report = check(text(without(spoilt, "Fruchthöhlen", "infertility_type"), ";", "cp1252"))
    assert not report.analysable
    assert not report.mended
    assert report.form.startswith("Windows-1252, semicolons")
    lacking = {column.name: column.likely for column in report.columns if column.state == LACKING}
    assert lacking["age_years"] == "Alter"
    assert lacking["gestational_sacs"] == lacking["infertility_type"] == ""
    assert report.still_lacking == ("gestational_sacs",)
    printed = as_text(report)
    assert "gestational_sacs is missing; add it to the export" in printed
    assert "age_years: Alter" in printed


def test_rules_are_told_with_their_rows(check: Check, rows: Rows) -> None:
    spoilt = [list(row) for row in rows]
    spoilt[6][spoilt[0].index("age_years")] = "987"
    spoilt[9][spoilt[0].index("oocyte_source")] = SECRET
    report = check(text(renamed(spoilt, {"bmi_kg_m2": "BMI"})))
    assert {(each.column, each.lines, each.count) for each in report.breaches} == {
        ("age_years", (7,), 1),
        ("oocyte_source", (10,), 1),
    }
    assert report.left == report.breaches
    assert [change.lines for change in report.edit] == [("  columns:", "    bmi_kg_m2: BMI")]
    assert report.flow


def test_a_flow_that_cannot_be_counted_is_not(check: Check, rows: Rows) -> None:
    """Of a treated patient whose timing cannot be read, nobody knows the group."""
    words = dict.fromkeys(COLUMNS["immunotherapy_timing"].values, SECRET)
    report = check(text(recoded(rows, {"immunotherapy_timing": words})))
    assert report.flow is None
    assert "FLOW (cannot be counted before the rest is mended)" in as_text(report)


def test_what_optional_columns_may_be_is_offered(check: Check, rows: Rows, tmp_path: Path) -> None:
    report = check(text(renamed(rows, {"live_birth": "Lebendgeburt"})))
    assert report.analysable
    assert not report.edit
    pasted(tmp_path / "study.yml", as_text(report), "WORTH ADDING")
    again = check_data(load_study(tmp_path / "study.yml"), tmp_path / "export.csv")
    assert {column.name for column in again.columns if column.state == "mapped"} == {"live_birth"}
    assert not again.offer


@pytest.mark.parametrize("case", ["numbers for codes", "two sheets", "columns never recorded"])
def test_no_patients_value_is_told(check: Check, rows: Rows, case: str) -> None:
    """Marks in every free cell, in every unknown code and in headings' places without a heading."""
    write, old, new = MENDABLE[case]
    marked = [[*rows[0], "Notes"], *[[*row, f"{SECRET}{at}"] for at, row in enumerate(rows[1:])]]
    for name in ("age_years", "oocyte_source", "hcg_date", "embryo_transfer", "patient_id"):
        place = marked[0].index(name)
        for row in marked[3:6]:
            row[place] = f"{SECRET} {row[place]}"
    report = check(write(marked), old, new, "export.xlsx" if case == "two sheets" else "export.csv")
    assert not report.analysable
    for form in (as_text(report), page(report)):
        assert SECRET not in form
        assert "Centre B" not in form


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\x00\xff\x10" * 300, "not text"),
        (b"PK\x03\x04" + b"\x07" * 400, "damaged"),
        (f"{SECRET},34,1\nRut,35,2\n".encode(), "is known"),
        (",".join(COLUMNS).encode(), "no patients"),
        (b'patient_id,age_years\n"1,3\n', "quotation marks"),
    ],
)
def test_a_file_that_cannot_be_read(check: Check, content: bytes, said: str) -> None:
    report = check(content)
    assert not report.analysable
    assert not report.edit
    assert said in as_text(report)
    assert SECRET not in as_text(report) + page(report)
    assert "CANNOT" in as_text(report).upper()


def test_a_file_that_is_not_there(check: Check, tmp_path: Path, plain_study: str) -> None:
    (tmp_path / "study.yml").write_text(plain_study, encoding="utf-8")
    report = check_data(load_study(tmp_path / "study.yml"), tmp_path / "nowhere.csv")
    assert not report.analysable
    assert "cannot be read" in as_text(report)


@pytest.mark.parametrize("seed", range(8))
def test_spoilt_files_are_told_rightly_and_never_quoted(
    check: Check, rows: Rows, tmp_path: Path, seed: int
) -> None:
    """Whatever was done to a file, the report agrees with the reader, and its edit with itself."""
    chance = random.Random(seed)
    spoilt = [list(row) for row in rows[:30]]
    for _ in range(4):
        place = chance.randrange(len(spoilt[0]))
        word = chance.choice([SECRET, "ja", "2", "-99", "99", "1,5", "03/04/2022", "=A1", "#REF!", "<b>", ""])
        match chance.randrange(4):
            case 0:
                spoilt[0][place] = chance.choice(
                    ["Alter", "Foo: bar", "a#b", "'x", "[y", "", "{", "yes", '"q']
                )
            case 1:
                spoilt = [[*row[:place], *row[place + 1 :]] for row in spoilt]
            case 2:
                spoilt = [spoilt[0], *[[*row[:place], word, *row[place + 1 :]] for row in spoilt[1:]]]
            case _:
                spoilt[chance.randrange(1, 30)][place] = word
    report = check(text(spoilt, chance.choice(",;\t"), chance.choice(["utf-8", "cp1252", "utf-16"])))
    printed = as_text(report)
    assert SECRET not in printed + page(report)
    study = tmp_path / "study.yml"
    if report.mended and not report.analysable:
        pasted(study, printed)
    if report.mended:
        assert load_cohort(load_study(study), tmp_path / "export.csv").rows == 29
    else:
        with pytest.raises(CohortError):
            load_cohort(load_study(study), tmp_path / "export.csv")


def test_a_heading_that_stands_twice(check: Check, rows: Rows) -> None:
    twice = [[*row, row[rows[0].index("age_years")]] for row in rows]
    report = check(text(twice))
    assert not report.analysable
    assert "age_years stands 2 times" in as_text(report)


def test_a_wide_file_is_looked_over_soon(check: Check, rows: Rows) -> None:
    wide = [[*rows[0][1:], *[f"item {number}" for number in range(10_000)]]]
    wide += [[*row[1:], *[""] * 10_000] for row in rows[1:5]]
    report = check(text(wide))
    assert len(report.unused) == 10_000
    assert "and 9970 more" in as_text(report)


def test_real_patients_in_a_synthetic_study_are_told(check: Check, rows: Rows) -> None:
    spoilt = changed(rows, ["patient_id"], lambda cell: f"Q{cell}")
    said = as_text(check(text(spoilt)))
    assert "taken as real" in said
    assert "the manuscript hides those below 5" in said


def test_real_patients_of_whom_nothing_would_be_hidden_are_told(check: Check, rows: Rows) -> None:
    """Such a study is refused when it is rendered, so nothing is said of how its counts will be printed."""
    spoilt = changed(rows, ["patient_id"], lambda cell: f"Q{cell}")
    said = " ".join(as_text(check(text(spoilt), "threshold: 5", "threshold: 1")).split())
    assert "no small counts would be hidden: write 2 or more" in said
    assert "FLOW (all counts are shown here)" in said
