"""Exports that an edit of ``study.yml`` mends: how each is written, and what the study file says before."""

from __future__ import annotations

import re
from collections.abc import Callable

from report_helpers.study.dictionary import COLUMNS

from .reading.exports import Rows, dated, decimal_comma, text, workbook

GERMAN = {
    "patient_id": "Patienten-Nr.",
    "centre": "Klinik",
    "age_years": "Alter",
    "bmi_kg_m2": "BMI (kg/m²)",
    "nk_cells_percent": "NK%",
    "th1_th2_ratio": "Th1/Th2",
    "transfer_date": "Datum ET",
    "gestational_sacs": "Fruchthöhlen",
}
GERMAN_CODES = {
    "embryo_quality": {"good": "gut", "fair": "mittel", "poor": "schlecht"},
    "embryo_stage": {"blastocyst": "Blastozyste", "cleavage": "Teilungsstadium"},
    "immunotherapy_timing": {"none": "keine", "before": "vor", "after": "nach", "before_and_after": "beides"},
}


def renamed(rows: Rows, names: dict[str, str]) -> Rows:
    return [[names.get(heading, heading) for heading in rows[0]], *rows[1:]]


def recoded(rows: Rows, codes: dict[str, dict[str, str]]) -> Rows:
    """The rows with other words for some columns; blank cells can have one, too."""
    words = [codes.get(heading, {}) for heading in rows[0]]
    body = [[word.get(cell, cell) for word, cell in zip(words, row, strict=True)] for row in rows[1:]]
    return [rows[0], *body]


def without(rows: Rows, *names: str) -> Rows:
    kept = [place for place, heading in enumerate(rows[0]) if heading not in names]
    return [[row[place] for place in kept] for row in rows]


def german(rows: Rows) -> Rows:
    return renamed(recoded(dated(decimal_comma(rows), "%d.%m.%Y"), GERMAN_CODES), GERMAN)


NUMBERED = {
    "embryo_transfer": {"yes": "1", "no": "2"},
    "embryo_quality": {"good": "1", "fair": "2", "poor": "3", "": "9"},
    "immune_disease": {word: str(number) for number, word in enumerate(COLUMNS["immune_disease"].values)},
    "adverse_event": {
        "none": "0",
        "infection": "1",
        "hypertension": "2",
        "gestational_diabetes": "3",
        "other": "4",
    },
}
SYNTHETIC = "  synthetic: true\n"
LONG_AGO = "start: 2022-01-01\n  end: 2023-12-31"
ON_ONE_LINE = "data: {file: data/synthetic/cohort.csv, synthetic: true, columns: {bmi_kg_m2: BMI}}\n"
IN_LINES = "data:\n  file: data/synthetic/cohort.csv\n  synthetic: true\n"

MENDABLE: dict[str, tuple[Callable[[Rows], bytes], str, str]] = {
    "German headings and codes": (lambda rows: text(german(rows), ";", "cp1252"), "", ""),
    "numbers for codes": (lambda rows: text(recoded(rows, NUMBERED)), "", ""),
    "another separator": (lambda rows: text(rows, ";"), SYNTHETIC, f"{SYNTHETIC}  delimiter: comma\n"),
    "another decimal mark": (
        lambda rows: text(decimal_comma(rows), ";"),
        SYNTHETIC,
        f"{SYNTHETIC}  decimal: point   # so we thought\n",
    ),
    "another encoding": (
        lambda rows: text(recoded(rows, {"centre": {"Centre A": "Zürich"}}), encoding="cp1252"),
        SYNTHETIC,
        f"{SYNTHETIC}  encoding: utf-8\n",
    ),
    "two sheets": (
        lambda rows: workbook({"Legend": [["Alter", "years"]], "Patients": rows}),
        "",
        "",
    ),
    "another period": (text, LONG_AGO, "start: 2019-01-01\n  end: 2019-12-31"),
    "columns never recorded": (
        lambda rows: text(without(rows, "infertility_type", "centre", "cycle_type", "hcg_positive")),
        "",
        "",
    ),
    "codes for what is missing": (
        lambda rows: text(
            recoded(
                rows, {"age_years": {"": "-99"}, "oocyte_source": {"": "unbekannt"}, "hcg_date": {"": "."}}
            )
        ),
        "",
        "",
    ),
    "a data section on one line": (
        lambda rows: text(renamed(rows, {"bmi_kg_m2": "BMI", "age_years": "Edad"})),
        IN_LINES,
        ON_ONE_LINE,
    ),
    "an entry for a heading that is spelt otherwise": (
        lambda rows: text(
            renamed(recoded(rows, NUMBERED), {"embryo_transfer": "Embryotransfer", "centre": "Z"})
        ),
        SYNTHETIC,
        SYNTHETIC
        + "  columns:\n    # theirs\n    centre: Z\n    embryo_transfer:\n      from: Embryotransfr\n"
        "      codes: {1: yes}\n    age_years: age_years\n",
    ),
    "a map on one line": (
        lambda rows: text(renamed(rows, {"bmi_kg_m2": "BMI", "age_years": "Edad"})),
        SYNTHETIC,
        SYNTHETIC + "  columns: {bmi_kg_m2: BMI, age_years: Alter}\n",
    ),
    "one of several columns that is not there": (
        text,
        SYNTHETIC,
        SYNTHETIC + "  columns:\n    adverse_event: {any_of: {infection: [Sepsis], other: [pgt_a]}}\n",
    ),
    "headings in another order of the day": (
        lambda rows: text(
            [
                rows[0],
                *[
                    [re.sub(r"^(\d{4})-(\d\d)-(\d\d)$", r"01/\2/\1", cell) for cell in row]
                    for row in without_early(rows)
                ],
            ]
        ),
        "",
        "",
    ),
}


def without_early(rows: Rows) -> Rows:
    """The rows whose days keep their order when each is taken for the first of its month."""
    places = [rows[0].index(name) for name in ("screening_date", "biopsy_date", "transfer_date", "hcg_date")]
    start = rows[0].index("immunotherapy_start_date")

    def months(row: list[str]) -> list[str]:
        return [row[place][:7] for place in places if row[place]]

    kept = [row for row in rows[1:] if len(set(months(row))) == len(months(row))]
    return [[*row[:start], "", *row[start + 1 :]] for row in kept]
