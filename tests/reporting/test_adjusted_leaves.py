"""What prose prints of adjusted, weighted and sensitivity analyses, done or refused: exact strings."""

from __future__ import annotations

import re
from dataclasses import fields, replace

import pytest

from report_helpers.reporting import Report
from report_helpers.reporting.formats import listed, lower_first, with_unit
from report_helpers.reporting.methods import methods
from report_helpers.reporting.wording import study_words, worded
from report_helpers.results.adjusted import Adjusted
from report_helpers.results.model import Results
from report_helpers.statistics import Estimate
from report_helpers.study.definition import Covariate

REFUSED = "not adjusted (5.0 events per model term, fewer than 10)"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("adjusted.dysregulated.any.risk_ratio", "2.65 (95% CI 1.50–4.70)"),
        ("adjusted.dysregulated.any.risk_difference", "30.0 percentage points (95% CI 18.0 to 42.0)"),
        ("adjusted.dysregulated.any.risk_ratio_bootstrap", "2.65 (95% CI 1.50–4.70)"),
        ("adjusted.dysregulated.any.risk_ratio_bootstrap_p", "P not calculated"),
        ("adjusted.dysregulated.any.imputed_risk_ratio", "2.13 (95% CI 1.33–3.43)"),
        (
            "adjusted.dysregulated.any.imputed_risk_difference",
            "26.0 percentage points (95% CI 13.0 to 38.0)",
        ),
        ("adjusted.dysregulated.any.risk_treated", "52.0% (95% CI 44.0–60.0)"),
        ("adjusted.dysregulated.any.poisson", "2.49 (95% CI 1.45–4.28)"),
        ("adjusted.dysregulated.any.per_embryo", "2.50 (95% CI 1.40–4.40)"),
        ("adjusted.dysregulated.any.odds_ratio", "not given"),
        ("adjusted.dysregulated.any.e_value", "4.8, and 2.4 for the confidence limit nearer 1"),
        ("adjusted.dysregulated.any.e_value_limit", "2.4"),
        ("adjusted.dysregulated.any.events_per_term", "12.6"),
        ("adjusted.dysregulated.any.n", "90"),
        ("adjusted.dysregulated.any.left_out", "12"),
        ("adjusted.dysregulated.any.used_of_n", "90/102 (88.2%)"),
        ("adjusted.dysregulated.any.reason", "adjusted"),
        ("adjusted.dysregulated.any.weighted.risk_ratio", "2.80 (95% CI 1.56–5.04)"),
        ("adjusted.dysregulated.any.weighted.weight_range", "0.44 to 4.07"),
        ("adjusted.dysregulated.any.weighted.effective", "56 treated and 34 untreated"),
        ("adjusted.dysregulated.any.weighted.overlap", "89.0%"),
        ("adjusted.dysregulated.any.weighted.propensity_treated", "0.16 to 0.95"),
        ("adjusted.dysregulated.any.weighted.largest_before", "0.39"),
        ("adjusted.dysregulated.any.weighted.largest_after", "0.05"),
        ("adjusted.dysregulated.any.weighted.balance.age_years.before", "0.39"),
        ("adjusted.dysregulated.any.weighted.balance.oocyte_source.donor.before", "−0.20"),
        ("adjusted.dysregulated.any.weighted.reason", "weighted"),
        ("adjusted.dysregulated.both.risk_ratio", REFUSED),
        ("adjusted.dysregulated.both.risk_difference_bootstrap", REFUSED),
        ("adjusted.dysregulated.both.imputed_risk_ratio", REFUSED),
        ("adjusted.dysregulated.both.odds_ratio", REFUSED),
        ("adjusted.dysregulated.both.e_value", REFUSED),
        ("adjusted.dysregulated.both.e_value_limit", "not estimable"),
        ("adjusted.dysregulated.both.reason", "5.0 events per model term, fewer than 10"),
        ("adjusted.dysregulated.both.weighted.balance.age_years.after", "not estimable"),
        ("adjusted.dysregulated.both.weighted.overlap", "not estimable"),
        ("sensitivity.dysregulated.planned.risk_ratio", "1.34 (95% CI 1.05–1.71)"),
        ("sensitivity.dysregulated.planned.events_of_n", "56/116 (48.3%)"),
        ("sensitivity.dysregulated.planned.set_aside", "30"),
        ("sensitivity.dysregulated.planned.label", "Plan documented before transfer"),
        ("joint.regulated_treated.risk_ratio", "1.34 (95% CI 1.05–1.71)"),
        ("selection.age_years.smd", "−0.21"),
        ("selection.age_years.eligible.mean_sd", "35.1 (4.2)"),
        ("cutoff_curves.nk.lowest", "1.20"),
        ("cutoff_curves.nk.highest", "1.50"),
        ("cutoff_curves.nk.range", "1.20 to 1.50"),
        ("cutoff_curves.nk.first", "40.0%"),
        ("cutoff_curves.nk.last", "60.0%"),
        ("cutoff_curves.nk.chosen", "50% of endometrial leucocytes"),
        ("cutoff_curves.nk.points.2.risk_ratio", "1.50 (95% CI 1.05–2.40)"),
        ("cutoff_curves.nk.points.3.risk_ratio", "not estimable"),
        ("study.adjustment.covariates", "age"),
        ("study.adjustment.protocol_regimens", "prednisone alone"),
        ("study.adjustment.least_events_per_term", "10"),
        ("study.adjustment.least_patients_per_propensity_term", "5"),
        ("study.adjustment.bootstrap_resamples", "1,000"),
        ("study.adjustment.imputations", "20"),
        ("study.adjustment.seed", "1"),
        ("methods.rate", "Wilson"),
        ("methods.risk_ratio", "Koopman"),
        ("methods.test", "Fisher mid-P"),
        ("methods.standardised", "standardised"),
        ("methods.bootstrap", "bootstrap"),
        ("methods.weighted", "weighted"),
        ("methods.imputed", "pooled"),
        ("methods.interaction_reri", "delta"),
    ],
)
def test_every_path_prints_as_a_journal_would(r: Report, path: str, text: str) -> None:
    found = r.value(path)
    assert (found.text, found.key) == (text, path)


def test_attributes_lead_where_paths_lead(r: Report) -> None:
    assert r.adjusted.dysregulated.any.weighted.risk_ratio._repr_markdown_() == (
        '[2.80 (95% CI 1.56–5.04)]{.num key="adjusted.dysregulated.any.weighted.risk_ratio"}'
    )
    assert str(r.sensitivity.dysregulated.planned.risk_difference).startswith("12.3 percentage points")


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("no complete rows", "not adjusted (no patient with all covariates recorded)"),
        (
            "the covariates separate the outcome: no finite estimate; firth_logistic has one",
            "not adjusted (the covariates separate the outcome)",
        ),
        (
            "found in one arm only: embryo_quality poor; not weighted",
            "not adjusted (found in one arm only: embryo quality poor)",
        ),
    ],
)
def test_a_refusal_is_told_without_the_names_of_columns_or_functions(
    results: Results, reason: str, text: str
) -> None:
    found = results.adjusted["dysregulated.any"]
    refused = replace(found.risk_ratio, value=None, low=None, high=None, reason=reason)
    changed = replace(results, adjusted={"dysregulated.any": replace(found, risk_ratio=refused)})
    assert str(Report(changed).value("adjusted.dysregulated.any.risk_ratio")) == text


def test_a_refusal_names_covariates_and_levels_as_the_study_does(shipped: Results) -> None:
    key, why = "dysregulated.any", "found in one arm only: embryo_quality poor, pgt_a yes; not weighted"
    found = shipped.adjusted[key]
    weighted = replace(found.weighted, reason=why, risk_ratio=replace(found.risk_ratio, value=None, low=None,
                       high=None, reason=why))  # fmt: skip
    label = "preimplantation genetic testing for aneuploidy"
    told = f"found in one arm only: best embryo quality: poor, {label}: yes"
    r = Report(replace(shipped, adjusted={key: replace(found, weighted=weighted)}))
    assert str(r.adjusted.dysregulated.any.weighted.risk_ratio) == f"not weighted ({told})"
    assert str(r.adjusted.dysregulated.any.weighted.reason) == told
    assert worded(worded(shipped)) == worded(shipped)


def test_no_reason_of_the_shipped_study_holds_the_name_of_a_column(shipped: Results) -> None:
    assert any("embryo_quality" in each.weighted.reason for each in shipped.adjusted.values())
    for each in Report(shipped).results.adjusted.values():
        for reason in (each.reason, each.weighted.reason, each.weighted.risk_ratio.reason):
            assert not re.search(r"\w_\w|embryo quality poor", reason)


def test_a_word_of_the_study_is_replaced_where_it_stands_alone(results: Results) -> None:
    covariates = (Covariate("age", "Age", "", "number", {}), Covariate("age_years", "Age", "", "number", {}),
                  Covariate("stage", "Stage", "", "category", {"1": "First"}))  # fmt: skip
    assert study_words(replace(results.study, covariates=covariates)) == {
        "age_years": "age",
        "stage 1": "stage: first",
    }


def test_a_method_is_what_the_estimates_say_and_all_of_them(results: Results) -> None:
    found = results.adjusted["dysregulated.any"]
    other = replace(found, poisson=replace(found.poisson, method="another"))
    changed = replace(results, adjusted={**results.adjusted, "regulated.any": other})
    assert methods(changed)["poisson"] == "modified Poisson and another"
    refused = {"dysregulated.both": results.adjusted["dysregulated.both"]}
    assert methods(replace(results, adjusted=refused))["poisson"] == "modified Poisson"


def test_every_estimate_of_an_adjusted_contrast_prints_in_the_shipped_study(shipped: Results) -> None:
    r = Report(shipped)
    for key in shipped.adjusted:
        for field in fields(Adjusted):
            if field.name != "weighted":
                assert str(r.value(f"adjusted.{key}.{field.name}"))
    text = str(r.value("study.adjustment.covariates"))
    assert text.startswith("age, body mass index, ")
    assert " and embryos transferred" in text
    assert all(words and ";  " not in words for words in methods(shipped).values())


def test_an_e_value_without_a_limit_says_so(results: Results) -> None:
    found = results.adjusted["dysregulated.any"]
    unlimited = replace(found, e_value=Estimate(4.75, None, None, 0.95, None, "E-value", 0))
    r = Report(replace(results, adjusted={"dysregulated.any": unlimited}))
    assert str(r.value("adjusted.dysregulated.any.e_value")) == "4.8, and no limit"


def test_words_within_a_sentence() -> None:
    assert listed(["a"]) == "a"
    assert listed([]) == ""
    assert listed(["a", "b", "c"], "or") == "a, b or c"
    assert lower_first("Best embryo quality") == "best embryo quality"
    assert lower_first("NK cells") == "NK cells"
    assert lower_first("Th1/Th2 ratio") == "Th1/Th2 ratio"
    assert with_unit("34", "years") == "34 years"
