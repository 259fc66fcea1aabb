"""study.yml says which of a file's columns is which, and what its codes mean."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pandas as pd
import pytest

from report_helpers.study.cohort import CohortError
from report_helpers.study.definition import Study, StudyError, load_study
from report_helpers.study.dictionary import COLUMNS
from report_helpers.study.reading.mapping import word_of
from report_helpers.study.reading.yes_no import says_yes

from .conftest import Load, StudyWith
from .exports import Rows, changed, text, workbook

GERMAN = """  delimiter: semicolon
  missing: [-99, k.A.]
  columns:
    patient_id: Fall-Nr.
    age_years: "Alter (Jahre)"
    embryo_transfer: {from: ET, codes: {1: yes, 2: no}}
    cycle_type: {from: Zyklus, codes: {F: fresh, K: frozen, "?": missing}}
    centre: {always: Bern}
    pgt_a: {always: missing}
    female_reproductive_disease:
      any_of: {endometriosis: Endo, adenomyosis: Adeno, other: [Hydro, Sonst]}
      yes: [x]
      no: [""]
"""
DISEASES = {"endometriosis": 0, "adenomyosis": 1, "hydrosalpinx": 2, "uterine_anomaly": 3, "other": 3}


def german(rows: Rows) -> Rows:
    """The cohort as a German clinic might keep it."""
    names = {
        "patient_id": "FALL-NR.",
        "age_years": "Alter\n(Jahre)",
        "embryo_transfer": "ET",
        "cycle_type": "Zyklus",
    }
    coded = changed(rows, ("embryo_transfer",), lambda cell: {"yes": "1", "no": "2"}[cell])
    coded = changed(coded, ("cycle_type",), lambda cell: {"fresh": "f", "frozen": "K"}[cell])
    left_out = [rows[0].index(name) for name in ("centre", "pgt_a", "female_reproductive_disease")]
    disease = left_out[-1]
    result = []
    for row in coded:
        flags = ["", "", "", ""]
        if row[disease] in DISEASES:
            flags[DISEASES[row[disease]]] = "X"
        kept = [cell or "-99" for place, cell in enumerate(row) if place not in left_out]
        result.append([*kept, *flags, "remark"])
    heading = [names.get(name, name) for place, name in enumerate(rows[0]) if place not in left_out]
    return [[*heading, "Endo", "Adeno", "Hydro", "Sonst", "Notiz"], *result[1:]]


def test_a_mapped_file_is_the_same_cohort(rows: Rows, frame: pd.DataFrame, load: Load) -> None:
    for content in (text(german(rows), ";"), workbook(german(rows))):
        cohort = load(content, GERMAN)
        same = frame.columns.difference(["centre", "pgt_a", "female_reproductive_disease"])
        pd.testing.assert_frame_equal(cohort.frame[same], frame[same])
        assert cohort.frame["centre"].tolist() == ["Bern"] * 734
        assert cohort.frame["pgt_a"].isna().all()
        assert "35 columns, 31 mapped" in cohort.form
        assert cohort.notes[0] == "columns not in the data dictionary were passed over: Notiz"


def test_several_columns_feed_one(rows: Rows, frame: pd.DataFrame, load: Load) -> None:
    fed = load(text(german(rows), ";"), GERMAN).frame["female_reproductive_disease"].astype(str)
    expected = frame["female_reproductive_disease"].astype(object)
    expected = expected.replace({"hydrosalpinx": "other", "uterine_anomaly": "other"}).fillna("none")
    assert fed.tolist() == expected.tolist()


def any_of(rows: Rows, load: Load, cells: list[tuple[str, str]], more: str = "") -> list[str | float]:
    """What two columns make of immune_disease, for the first patients."""
    place = rows[0].index("immune_disease")
    kept = [row[:place] + row[place + 1 :] for row in rows[: len(cells) + 1]]
    made = [[*row, *pair] for row, pair in zip(kept, [("RA", "SLE"), *cells], strict=True)]
    lines = f"  columns:\n    immune_disease: {{any_of: [RA, SLE]{more}}}"
    values: list[str | float] = load(text(made), lines).frame["immune_disease"].astype(object).tolist()
    return values


def test_a_blank_among_several_columns_is_missing_unless_one_says_yes(rows: Rows, load: Load) -> None:
    found = any_of(rows, load, [("no", "No"), ("0", "1"), ("", "ja"), ("nein", "")])
    assert found[:3] == ["none", "other", "other"]
    assert pd.isna(found[3])
    assert any_of(rows, load, [("", ""), ("x", "")], ', no: [""]') == ["none", "other"]


def test_a_word_that_is_neither_yes_nor_no_is_counted(rows: Rows, load: Load) -> None:
    with pytest.raises(CohortError) as caught:
        any_of(rows, load, [("no", "Secret"), ("no", "no")])
    message = str(caught.value)
    assert (
        "immune_disease is fed by columns (RA, SLE) that hold other words than yes and no: 1 row (line 2)"
        in message
    )
    assert "immune_disease: {any_of: [RA, SLE, …], yes: [THEIR-WORD], no: [THEIR-WORD]}" in message
    assert "Secret" not in message
    assert any_of(rows, load, [("no", "active")], ", yes: [Active]") == ["other"]


def test_columns_of_yes_and_no_can_be_fed_by_several_too(rows: Rows, load: Load) -> None:
    place = rows[0].index("pgt_a")
    made = [
        [*row[:place], *row[place + 1 :], *pair]
        for row, pair in zip(rows[:4], [("A", "B"), ("0", "1"), ("0", "0"), ("", "0")], strict=True)
    ]
    found = load(text(made), "  columns:\n    pgt_a: {any_of: [A, B]}").frame["pgt_a"].astype(object).tolist()
    assert found[:2] == ["yes", "no"]
    assert pd.isna(found[2])


@pytest.mark.parametrize(
    "pair",
    ["ja/nein", "Sí/NO", " oui /non", "true/false", "1/0", "1.0/0.0", "Y/N", "Checked/Unchecked", "sim/não"],
)
def test_yes_and_no_in_other_words(pair: str, rows: Rows, frame: pd.DataFrame, load: Load) -> None:
    yes, no = pair.split("/")
    said = changed(rows, ("hcg_positive", "embryo_transfer"), lambda cell: yes if cell == "yes" else no)
    if "." in pair:  # a table that made truths numbers
        said = [said[0], *[[float(cell) if cell in (yes, no) else cell for cell in row] for row in said[1:]]]  # type: ignore[misc]
        found = load(workbook(said)).frame
    else:
        found = load(text(said, ";")).frame
    pd.testing.assert_frame_equal(found, frame)


def test_words_of_a_category_may_be_spelt_with_blanks_and_capitals() -> None:
    assert word_of(COLUMNS["immune_disease"], " Autoimmune Thyroiditis ") == "autoimmune_thyroiditis"
    assert word_of(COLUMNS["immunotherapy_timing"], "before-and-after") == "before_and_after"
    assert word_of(COLUMNS["cycle_type"], "thawed") is None
    assert says_yes("2") is None


def test_codes_of_numbers_and_days(rows: Rows, load: Load) -> None:
    coded = [list(row) for row in rows[:4]]
    coded[2][rows[0].index("th1_th2_ratio")] = "<0.1"
    coded[3][rows[0].index("hcg_date")] = "unknown"
    lines = (
        "  columns:\n    th1_th2_ratio: {from: th1_th2_ratio, codes: {<0.1: 0.05}}\n"
        "    hcg_date: {from: hcg_date, codes: {unknown: missing}}"
    )
    frame = load(text(coded), lines).frame
    assert frame["th1_th2_ratio"].tolist()[1] == 0.05
    assert pd.isna(frame["hcg_date"].tolist()[2])


def test_a_mapped_column_that_is_absent_suggests_the_nearest(rows: Rows, load: Load) -> None:
    with pytest.raises(CohortError) as caught:
        load(text(german(rows), ";"), GERMAN.replace("from: Zyklus", "from: Zykluss"))
    message = str(caught.value)
    assert (
        "the column Zykluss is missing, which study.yml names for cycle_type; is it the column Zyklus?"
        in message
    )
    assert "data:\n    columns:\n      cycle_type: Zyklus\n" in message


def test_a_printed_edit_is_valid_yaml_whatever_the_heading(rows: Rows, load: Load) -> None:
    heading = 'ET: (1=ja, 2=nein) "Transfer"'
    coded = changed(rows, ("embryo_transfer",), lambda cell: {"yes": "1", "no": "2"}[cell])
    coded[0] = [heading if name == "embryo_transfer" else name for name in coded[0]]
    lines = "  columns:\n    embryo_transfer: 'ET: (1=ja, 2=nein) \"Transfer\"'"
    with pytest.raises(CohortError) as caught:
        load(text(coded), lines)
    edit = str(caught.value).partition("    columns:\n")[2]
    assert load(text(coded), "  columns:\n" + dedent(edit).replace("embryo", "    embryo")).rows == 734


def test_the_examples_in_study_yml_can_be_used_as_they_stand(root: Path, tmp_path: Path) -> None:
    """Each key that the file explains is taken out of its comment."""
    text = (root / "study.yml").read_text(encoding="utf-8")
    used = re.sub(r"(?m)^  # ( *\w+:)", r"  \1", text)
    assert used.count("\n") == text.count("\n")
    path = tmp_path / "study.yml"
    path.write_text(used, encoding="utf-8")
    data = load_study(path).data
    assert (data.sheet, data.delimiter, data.decimal, data.dates) == (
        "Patients",
        "semicolon",
        "comma",
        "day-first",
    )
    assert (data.encoding, data.missing) == ("windows-1252", ("-99", "."))
    assert data.columns["embryo_transfer"].codes == {"1": "yes", "2": "no", "9": "missing"}
    assert data.columns["immune_disease"].any_of == {"lupus": ("SLE",), "other": ("RA", "Coeliac")}
    assert data.columns["centre"].always == "Centre A"
    assert len(data.columns) == 6


@pytest.mark.parametrize(
    ("line", "key", "said"),
    [
        ("  dates: european", "data.dates", "must be day-first, month-first, excel-1900 or excel-1904"),
        ("  encoding: ascii", "data.encoding", "must be utf-8"),
        ("  delimiter: ;", "data.delimiter", "must be comma, semicolon, tab or pipe"),
        ("  missing: NA", "data.missing", "must be a list"),
        ("  columns: [a]", "data.columns", "must be a section"),
        ("  columns: {age_year: Alter}", "data.columns.age_year", "did you mean age_years?"),
        ("  columns: {age_years: }", "data.columns.age_years", "must be one word or number, but is nothing"),
        (
            "  columns: {age_years: [a, b]}",
            "data.columns.age_years",
            "must be a section with keys (from, any_of, always",
        ),
        (
            "  columns: {age_years: {}}",
            "data.columns.age_years",
            "needs exactly one of from, any_of and always",
        ),
        ("  columns: {age_years: {from: a, always: 3}}", "data.columns.age_years", "needs exactly one"),
        ("  columns: {age_years: {form: a}}", "data.columns.age_years.form", "did you mean from?"),
        (
            "  columns: {age_years: {from: a, codes: {x: old}}}",
            "data.columns.age_years.codes",
            "'old' is not a value of age_years (a number or missing)",
        ),
        (
            "  columns: {age_years: {any_of: [a]}}",
            "data.columns.age_years.any_of",
            "is for columns of yes and no, and for diseases",
        ),
        (
            "  columns: {pgt_a: {from: a, codes: {1: yess}}}",
            "data.columns.pgt_a.codes",
            "(yes, no or missing); did you mean yes?",
        ),
        ("  columns: {pgt_a: {from: a, yes: [1]}}", "data.columns.pgt_a.yes", "belongs beside any_of"),
        (
            "  columns: {pgt_a: {any_of: [a], codes: {1: yes}}}",
            "data.columns.pgt_a.codes",
            "is not read beside any_of",
        ),
        (
            "  columns: {immune_disease: {any_of: {gout: a}}}",
            "data.columns.immune_disease.any_of",
            "'gout' is not a value",
        ),
        ("  columns: {hcg_date: {always: soon}}", "data.columns.hcg_date.always", "(a date or missing)"),
        (
            "  columns: {patient_id: {always: A}}",
            "data.columns.patient_id.always",
            "cannot name all patients alike",
        ),
    ],
)
def test_a_wrong_entry_is_told_with_key_and_line(
    study_with: StudyWith, line: str, key: str, said: str
) -> None:
    with pytest.raises(StudyError) as caught:
        study_with(line)
    (problem,) = caught.value.problems
    written = Path(caught.value.where).read_text(encoding="utf-8").splitlines()
    assert (problem.key, problem.line) == (key, written.index(line) + 1)
    assert said in problem.text


def test_the_shipped_study_maps_nothing(study: Study) -> None:
    assert not study.data.columns
    assert study.data.source_of("age_years").headings == ("age_years",)
