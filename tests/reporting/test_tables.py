"""The tables' HTML: what stands in the cells, escaped once, each number with its key, none too wide."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from lxml import html

from report_helpers.reporting import Report, tables
from report_helpers.reporting.leaves import share
from report_helpers.reporting.tables.build import Column, Row, abbreviations, build
from report_helpers.results.model import Results, Summary

COMPARISONS = ("regulated", "dysregulation", "regimens", "outcomes", "bounds")


def rows(made: tables.build.Table) -> list[list[str]]:
    tree = html.fromstring(made.html)
    return [[cell.text_content().strip() for cell in row.xpath("./th|./td")] for row in tree.xpath("//tr")]


def test_text_is_escaped_once_and_numbers_keep_their_keys() -> None:
    cell = '<span class="num" data-key="a.p">&lt;0.001</span>'
    columns = [Column("a", "P & Q\n(n<5)", spanner="A & B")]
    made = build("tbl-x", "R&D", columns, [Row("x < y & z", (cell,))], ["Note: <5 & more."])
    assert rows(made) == [["R&D", "A & B"], ["P & Q(n<5)"], ["x < y & z", "<0.001"], ["Note: <5 & more."]]
    assert made.html.count(cell) == 1
    assert "&amp;lt;" not in made.html
    assert "&amp;amp;" not in made.html


def test_each_cell_stands_in_its_row_and_rows_of_a_group_stand_together() -> None:
    columns = [Column("a", "A"), Column("b", "B")]
    made = build(
        "tbl-x",
        "Row",
        columns,
        [Row("1", ("a1", "None"), "G"), Row("2", ("", "b2"), "H"), Row("3", ("<i>a3</i>", "b3"), "G")],
    )
    assert rows(made)[1:] == [["G"], ["1", "a1", "None"], ["3", "a3", "b3"], ["H"], ["2", "", "b2"]]
    with pytest.raises(ValueError, match="row of 'tbl-x' has 1 cells, but room for 2"):
        build("tbl-x", "Row", columns, [Row("1", ("a1",))])


def test_numbers_with_unlike_decimals_stand_on_their_points() -> None:
    keyed = '<span class="num" data-key="a.p">0.15</span>'
    right = ["&lt;0.001", keyed, "\u2212", "0.5", "12", ""]
    made = build(
        "tbl-x",
        "Row",
        [Column("p", "P"), Column("text", "Text", align="left"), Column("ci", "CI")],
        [Row(str(n), (cell, "0.1" if n else "0.001", "0.1 (0.2)")) for n, cell in enumerate(right)],
    )
    body = [[cell.text_content() for cell in row] for row in html.fromstring(made.html).xpath("//tbody/tr")]
    assert [row[1] for row in body] == ["<0.001", "0.15\u2007", "\u2212", "0.5\u2007\u2007", "12", ""]
    assert {row[2] for row in body} == {"0.001", "0.1"}
    assert {row[3] for row in body} == {"0.1 (0.2)"}
    assert f"{keyed}\u2007" in made.html


def test_a_table_is_a_raw_block_without_a_style_of_its_own(r: Report) -> None:
    made = tables.regimens(r)
    text = made._repr_markdown_()
    assert text.startswith('```{=html}\n<div id="tbl-regimens">\n<table class="gt_table"')
    assert text.endswith("</table>\n</div>\n```\n")
    assert "<style" not in text
    assert not hasattr(made, "_repr_html_")


@pytest.mark.parametrize("name", tables.__all__)
def test_every_table_is_the_same_at_every_render_and_fits_a_page(
    r: Report, results: Results, name: str
) -> None:
    made = getattr(tables, name)(r)
    assert made == getattr(tables, name)(Report(results))
    widest = max(len(row) for row in rows(made))
    assert 2 <= widest <= 8
    tree = html.fromstring(made.html)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", COMPARISONS)
def test_tables_of_contrasts_have_at_most_seven_columns_and_print_what_prose_prints(
    r: Report, name: str
) -> None:
    made = getattr(tables, name)(r)
    tree = html.fromstring(made.html)
    assert max(len(row) for row in rows(made)) <= 7
    for span in tree.xpath("//span[@class='num']"):
        prose = r.value(span.get("data-key")).text
        for word in span.text_content().replace("(", "").replace(")", "").split():
            assert word.strip("%") in prose.replace("P=", "")


def test_a_contrast_row(r: Report) -> None:
    found = rows(tables.regimens(r))
    assert found[0] == [
        "Regimen", "Treatedn/N (%)", "Untreatedn/N (%)", "Risk difference,percentage points(95% CI)",
        "Risk ratio(95% CI)", "P", "P, Holm",
    ]  # fmt: skip
    assert found[1:5] == [
        ["Implantation"],
        [
            "Prednisone alone",
            "56/116 (48.3%)",
            "5/12",
            "12.3 (−3.1 to 21.0)",
            "1.34 (1.05–1.71)",
            "0.013",
            "<0.001",
        ],
        ["Sacs per embryo"],
        [
            "Prednisone alone",
            "60/160 (37.5%)",
            "9/30 (30.0%)",
            "12.3 (−3.1 to 21.0)",
            "1.34 (1.05–1.71)",
            "—",
            "—",
        ],
    ]
    notes = " ".join(row[0] for row in found[5:])
    assert "Per patient: risk difference, Newcombe; risk ratio, Koopman; P value, Fisher mid-P." in notes
    assert "CI, confidence interval." in notes
    assert "No percentage is given where N is below 20." in notes


def test_overlapping_groups_are_named_as_such(r: Report) -> None:
    found = rows(tables.dysregulation(r))
    groups = [row[0] for row in found if len(row) == 1]
    assert groups[:6] == [
        f"{outcome}: {manner}"
        for outcome in ("Implantation", "Sacs per embryo")
        for manner in ("all dysregulated profiles", "disjoint strata", "overlapping groups")
    ]
    labels = [row[0] for row in found]
    for place, label in enumerate(labels):
        if label == "Any dysregulation":
            # Everyone is not a stratum: the row stands alone under its heading.
            assert labels[place - 1].endswith(": all dysregulated profiles")
            assert labels[place + 1].endswith(": disjoint strata")
    assert labels.count("Any dysregulation") == 2
    assert "Prednisone alone" not in {row[0] for row in found}


def test_what_cannot_be_estimated_says_why(r: Report) -> None:
    found = rows(tables.regulated(r))
    assert ["After transfer", "56/116 (48.3%)", "5/12", "12.3 (−3.1 to 21.0)",
            "not estimable (from 1.20, no upper limit)", "0.013", "<0.001"] in found  # fmt: skip
    assert [
        "Not estimable (no events in the untreated group): After transfer, per patient and per embryo."
    ] in found
    assert ["Before transfer", "10/25 (40.0%)", "—", "—", "—", "—", "—"] in found


def test_baseline(r: Report) -> None:
    found = rows(tables.baseline(r))
    assert found[0] == ["Characteristic", "Regulated profile", "Dysregulated profile", "Missing,n"]
    assert found[1] == ["Untreated(N=22)", "Treated(N=61)", "SMD", "Untreated(N=12)", "Treated(N=116)", "SMD"]
    assert found[2] == [
        "Age, years: mean (SD)", "35.2 (4.2)", "36.2 (4.2)", "0.24", "35.5 (3.9)", "35.9 (4.0)", "0.00", "3",
    ]  # fmt: skip
    assert found[3] == ["Oocyte source: n (%)", "", "", "—", "", "", "0.21", "3"]
    assert found[4] == ["Own", "20/21 (95.2%)", "60 (98.4%)", "", "12/12", "110/114 (96.5%)", "", ""]
    assert found[5][0] == "Donor & <other>"
    assert "SD, standard deviation" in found[-1][0]
    assert "IQR" not in found[-1][0]
    assert "gt_indent_1" in tables.baseline(r).html


def test_a_share_names_its_denominator_where_the_columns_n_is_not_it() -> None:
    def shown(n: int, missing: int) -> str:
        return share(Summary(n, missing, counts={"donor": 3}), "donor")

    assert [shown(43, 0), shown(43, 2), shown(21, 2), shown(19, 0)] == [
        "3 (7.0%)",
        "3/41 (7.3%)",
        "3/19",
        "3/19",
    ]


@pytest.mark.parametrize("name", ["baseline", "selection"])
def test_no_share_in_print_has_another_denominator_than_its_column(shipped: Results, name: str) -> None:
    report = Report(shipped)
    tree = html.fromstring(getattr(tables, name)(report).html)
    heads = {each.text_content(): each.get("data-key") for each in tree.xpath("//th//span[@class='num']")}
    assert heads
    plain = 0
    for span in tree.xpath("//td//span[@class='num']"):
        value, found = (
            report.value(span.get("data-key")),
            re.fullmatch(r"(\d+) \((.+)%\)", span.text_content()),
        )
        if found and value.n:
            plain += 1
            assert str(value.n) in heads
            assert found.group(2) == f"{100 * int(found.group(1)) / value.n:.1f}"
    assert plain or name == "selection"
    assert "N is the patients of the column with a recorded value" in tree.text_content()


def test_a_row_of_medians_has_the_same_decimals_throughout(results: Results) -> None:
    row = replace(results.baseline.rows[0], skewed=True)
    made = tables.baseline(Report(replace(results, baseline=replace(results.baseline, rows=(row,)))))
    assert rows(made)[2][:3] == ["Age, years: median (IQR)", "35.0 (32.0–38.0)", "36.0 (33.0–39.0)"]


def test_the_ledger_knows_each_number_of_a_table(r: Report) -> None:
    for name in tables.__all__:
        report = Report(r.results)
        made = getattr(tables, name)(report)
        tree = html.fromstring(made.html)
        keys = tree.xpath("//span[@class='num']/@data-key")
        assert sorted(entry.key for entry in report.ledger) == sorted(set(keys))
        assert {entry.where for entry in report.ledger} <= {tree.get("id")}


def test_definitions_say_what_the_study_file_says(r: Report) -> None:
    found = rows(tables.definitions(r))
    assert ["1. No transfer", "excluded unless embryo_transfer is yes; not recorded: excluded"] in found
    assert ["Elevated Th1/Th2 ratio", "th1_th2_ratio ≥ 10.3 (placeholder)"] in found
    assert ["Regimens", "Prednisone alone"] in found


def test_the_dictionary_lists_every_column(r: Report) -> None:
    found = rows(tables.dictionary(r))
    assert [
        "age_years",
        "number",
        "years, 18–55",
        "yes",
        "yes",
        "age at transfer (oocyte age in own cycles)",
    ] in found
    assert [
        "th1_th2_ratio",
        "number",
        "ratio, > 0",
        "yes",
        "where not quantified",
        "endometrial Th1/Th2 ratio",
    ] in found


def test_missing_values_are_listed_with_the_rule_for_negative_tests(r: Report) -> None:
    found = rows(tables.missing(r))
    assert found[:2] == [["Variable", "Missingn/N (%)"], ["Age", "3/234 (1.3%)"]]
    assert [
        "Implantation: a patient without a count of sacs but with a negative hCG is known to have none."
    ] in found


def test_abbreviations_are_in_alphabetical_order() -> None:
    assert abbreviations("Th", "CI") == "CI, confidence interval; Th, T helper."
