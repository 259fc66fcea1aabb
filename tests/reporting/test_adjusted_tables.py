"""The tables of adjusted, weighted and sensitivity analyses: exact cells, refusals with their reasons."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import html

from report_helpers.reporting import Report, tables
from report_helpers.reporting.tables.refusals import Refusals
from report_helpers.results.adjusted import Adjusted
from report_helpers.results.model import Results
from report_helpers.statistics import Estimate

NAMES = ("adjusted", "models", "balance", "joint", "sensitivity", "selection")


def rows(made: tables.build.Table) -> list[list[str]]:
    tree = html.fromstring(made.html)
    return [[cell.text_content().strip() for cell in row.xpath("./th|./td")] for row in tree.xpath("//tr")]


def refused_everywhere(results: Results, reason: str) -> Results:
    """Return the results as they were if no contrast could be adjusted or weighted."""

    def refuse(found: Adjusted) -> Adjusted:
        def nothing(estimate: Estimate) -> Estimate:
            return Estimate(None, None, None, 0.95, None, estimate.method, estimate.n, reason)

        names = [name for name in Adjusted.__dataclass_fields__ if isinstance(getattr(found, name), Estimate)]
        weighted = replace(
            found.weighted,
            **{name: nothing(getattr(found.weighted, name)) for name in ("risk1", "risk0")},
            **{name: nothing(getattr(found.weighted, name)) for name in ("risk_difference", "risk_ratio")},
            balance=tuple(replace(each, after=None) for each in found.weighted.balance),
            reason=reason,
        )
        return replace(
            found, reason=reason, weighted=weighted, **{name: nothing(getattr(found, name)) for name in names}
        )

    return replace(results, adjusted={key: refuse(found) for key, found in results.adjusted.items()})


@pytest.mark.parametrize("name", NAMES)
def test_numbers_are_those_of_prose(r: Report, name: str) -> None:
    tree = html.fromstring(getattr(tables, name)(r).html)
    spans = tree.xpath("//span[@class='num']")
    assert spans
    for span in spans:
        prose = r.value(span.get("data-key")).text
        for word in span.text_content().replace("(", "").replace(")", "").split():
            assert word.strip("%") in prose.replace("P=", "")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "reason", ["", "no complete rows", "9.9 events per model term, fewer than 10: not adjusted"]
)
def test_the_shipped_study_prints_as_it_is_and_with_everything_refused(
    shipped: Results, name: str, reason: str
) -> None:
    r = Report(refused_everywhere(shipped, reason) if reason else shipped)
    made = getattr(tables, name)(r)
    assert max(len(row) for row in rows(made)) <= 7
    text = html.fromstring(made.html).text_content()
    assert "None" not in text
    assert "nan" not in text
    assert "not available" not in text


def test_adjusted_stands_beside_unadjusted(r: Report) -> None:
    found = rows(tables.adjusted(r))
    assert found[0] == ["Contrast", "Treatedn/N", "Untreatedn/N", "Unadjusted", "Adjusted"]
    assert ["Any immunotherapy", "56/116", "5/12", "12.3 (−3.1 to 21.0)", "1.34 (1.05–1.71)",
            "30.0 (18.0 to 42.0)", "2.65 (1.50–4.70)"] in found  # fmt: skip
    assert ["Both", "56/116", "5/12", "12.3 (−3.1 to 21.0)", "1.34 (1.05–1.71)",
            "not adjusted (5.0)a", "—"] in found  # fmt: skip
    notes = [row[0] for row in found if len(row) == 1]
    assert "a In brackets: events per model term, fewer than 10." in notes
    assert (
        "Adjusted for age, in the patients with all of these recorded: "
        "Any immunotherapy (dysregulated profile) 90/102 (88.2%)."
    ) in notes
    assert (
        "Unadjusted risk difference: Newcombe. Unadjusted risk ratio: Koopman. Adjusted: standardised."
    ) in notes


def test_models_lists_every_method_and_the_refused_contrasts(r: Report) -> None:
    found = rows(tables.models(r))
    assert found[1:13] == [
        ["Any immunotherapy (dysregulated profile)"],
        ["Unadjusted", "102", "12.3 (−3.1 to 21.0)", "1.34 (1.05–1.71)", "0.013"],
        ["Unadjusted, same patients as adjusted", "90", "20.0 (5.0 to 32.0)", "2.09 (1.20–3.60)", "—"],
        ["Standardised, delta-method limits", "90", "30.0 (18.0 to 42.0)", "2.65 (1.50–4.70)", "—"],
        ["Standardised, bootstrap limits", "90", "30.0 (18.0 to 42.0)", "2.65 (1.50–4.70)", "—"],
        ["Standardised, multiple imputation", "90", "26.0 (13.0 to 38.0)", "2.13 (1.33–3.43)", "—"],
        ["Modified Poisson", "90", "—", "2.49 (1.45–4.28)", "—"],
        ["Inverse probability weighted", "90", "30.0 (18.0 to 42.0)", "2.80 (1.56–5.04)", "—"],
        ["Sacs per embryo, Poisson (rate ratio)", "90", "—", "2.50 (1.40–4.40)", "—"],
        ["E-value of the standardised risk ratio (of its limit nearer 1)", "—", "—", "4.8 (2.4)", "—"],
        ["Not adjusted by any method"],
        ["Both (dysregulated profile)", "90", "—", "not adjusted (5.0)a", "—"],
    ]


def test_a_separated_contrast_has_its_firth_odds_ratio(results: Results) -> None:
    found = results.adjusted["dysregulated.both"]
    reason = "the covariates separate the outcome: no finite estimate; firth_logistic has one"
    firth = Estimate(3.2, 1.1, 19.5, 0.95, 0.031, "Firth", 90)
    changed = replace(
        found, reason=reason, odds_ratio=firth, risk_ratio=replace(found.risk_ratio, reason=reason)
    )
    made = rows(tables.models(Report(replace(results, adjusted={"dysregulated.both": changed}))))
    assert ["Firth logistic (odds ratio)", "90", "—", "3.20 (1.10–19.5)", "0.031"] in made
    assert ["Standardised, delta-method limits", "90", "—", "not adjusteda", "—"] in made
    assert ["a The covariates separate the outcome."] in made


def test_balance_shows_weighting_where_there_was_one(r: Report, results: Results) -> None:
    found = rows(tables.balance(r))
    assert found[:2] == [["Covariate", "Any immunotherapy(dysregulated profile)"], ["Before", "After"]]
    assert ["Age", "0.39", "0.03"] in found
    assert ["oocyte_source: donor", "−0.20", "0.05"] in found
    assert ["Effective sample size, treated", "", "56"] in found
    assert ["Lowest weight", "", "0.44"] in found
    assert ["Propensity within the range of both arms", "", "89.0%"] in found
    refused = rows(tables.balance(Report(refused_everywhere(results, "too few: not weighted"))))
    assert ["Age", "0.39"] in refused
    assert ["Any immunotherapy (dysregulated profile): not weighted (too few)."] in refused
    assert not any(row[0].startswith("Effective") for row in refused)


def test_the_joint_table_has_one_reference_and_both_scales(r: Report) -> None:
    found = rows(tables.joint(r))
    assert found[1:3] == [
        ["Against one reference: Regulated profile, no immunotherapy"],
        ["Regulated profile, no immunotherapy", "5/12", "0 (reference)", "1 (reference)", ""],
    ]
    assert [
        "Dysregulated profile, any immunotherapy", "56/116 (48.3%)", "12.3 (−3.1 to 21.0)",
        "1.34 (1.05–1.71)", "",
    ] in found  # fmt: skip
    assert ["Difference of risk differences", "", "29.7 (4.3 to 55.2)", "", "—"] in found
    assert ["RERI", "", "", "0.73 (−0.10 to 1.17)", ""] in found
    assert sum("RERI, relative excess risk due to interaction" in row[0] for row in found) == 1


def test_an_interaction_that_cannot_be_estimated_says_why(results: Results) -> None:
    nothing = Estimate(None, None, None, 0.95, None, "Wald", 356, "an arm has no events")
    changed = replace(results.interaction, ratio_of_odds_ratios=nothing)
    found = rows(tables.joint(Report(replace(results, interaction=changed))))
    assert ["Ratio of odds ratios", "", "", "not estimable", "—"] in found
    assert ["Not estimable (an arm has no events): ratio of odds ratios."] in found


def test_sensitivity_counts_who_is_set_aside(r: Report) -> None:
    found = rows(tables.sensitivity(r))
    assert found[1:4] == [
        ["Dysregulated profile"],
        ["Any immunotherapy (main analysis)", "0", "56/116 (48.3%)", "5/12", "12.3 (−3.1 to 21.0)",
         "1.34 (1.05–1.71)"],
        ["Plan documented before transfer", "30", "56/116 (48.3%)", "5/12", "12.3 (−3.1 to 21.0)",
         "1.34 (1.05–1.71)"],
    ]  # fmt: skip


def test_selection_compares_eligible_with_excluded(r: Report) -> None:
    found = rows(tables.selection(r))
    assert found[0] == ["Characteristic", "Eligible(N=234)", "Excluded(N=1,500)", "SMD", "Missing, n"]
    assert found[2] == ["Age, years: mean (SD)", "35.1 (4.2)", "36.0 (4.5)", "−0.21", "3", "20"]


def test_reasons_that_differ_in_their_number_share_a_letter(r: Report) -> None:
    refusals = Refusals("tbl-x")
    path = "adjusted.dysregulated.both.risk_ratio"
    cells = [
        refusals.cell(r, path, reason, verb)
        for reason, verb in (
            ("3.4 events per model term, fewer than 10: not adjusted", "adjusted"),
            ("no complete rows", "adjusted"),
            ("2.6 events per model term, fewer than 10: not weighted", "weighted"),
        )
    ]
    assert [html.fromstring(cell).getparent().text_content() for cell in cells] == [
        "not adjusted (3.4)a", "not adjustedb", "not weighted (2.6)a",
    ]  # fmt: skip
    assert [note.html for note in refusals.notes()] == [
        "<sup>a</sup> In brackets: events per model term, fewer than 10.",
        "<sup>b</sup> No patient with all covariates recorded.",
    ]
