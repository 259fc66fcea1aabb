"""The words for quantities, by the last name of their path: what labels are put together from."""

from __future__ import annotations

import re
from collections.abc import Mapping

COMPARED: Mapping[str, str] = {
    "risk_ratio": "Risk ratio of {outcome}",
    "risk_difference": "Risk difference of {outcome}",
    "p": "P value of the test for a difference in {outcome}",
    "test": "P value of the test for a difference in {outcome}",
    "holm": "P value, corrected by Holm’s method, for a difference in {outcome}",
    "finding": "What the interval of the risk ratio allows to be said of {outcome}",
    "direction": "Direction of the observed difference in {outcome}",
}
"""Quantities of two groups together."""

GROUPED: Mapping[str, str] = {
    "rate": "Rate of {outcome} in the {group} group",
    "count": "Number with {outcome} out of all in the {group} group",
    "events_of_n": "Number and share with {outcome} in the {group} group",
    "events": "Number with {outcome} in the {group} group",
    "n": "Number in the {group} group whose {outcome} is known",
}
"""Quantities of one of two groups; those of the untreated begin with ``reference_``."""

PER_EMBRYO: Mapping[str, str] = {
    "risk_ratio": "Ratio of {outcome}",
    "risk_difference": "Difference in {outcome}",
    "rate": "{outcome} in the {group} group",
    "count": "Gestational sacs out of embryos transferred in the {group} group",
    "events_of_n": "Gestational sacs out of embryos transferred, with their ratio, in the {group} group",
    "events": "Gestational sacs in the {group} group",
    "n": "Embryos transferred in the {group} group",
}
"""In place of those above for an outcome per embryo, which has no patients “with” it."""

ADJUSTED: Mapping[str, str] = {
    "risk_treated": "Standardised risk of {outcome} if all were treated",
    "risk_untreated": "Standardised risk of {outcome} if none were treated",
    "risk_difference": "Standardised risk difference of {outcome}",
    "risk_ratio": "Standardised risk ratio of {outcome}",
    "risk_difference_bootstrap": "Standardised risk difference of {outcome} with bootstrap limits",
    "risk_ratio_bootstrap": "Standardised risk ratio of {outcome} with bootstrap limits",
    "same_patients_risk_difference": "Unadjusted risk difference of {outcome} in the patients of the model",
    "same_patients_risk_ratio": "Unadjusted risk ratio of {outcome} in the patients of the model",
    "poisson": "Risk ratio of {outcome} by modified Poisson regression",
    "per_embryo": "Adjusted ratio of gestational sacs per embryo transferred",
    "imputed_risk_difference": "Standardised risk difference of {outcome} after multiple imputation",
    "imputed_risk_ratio": "Standardised risk ratio of {outcome} after multiple imputation",
    "odds_ratio": "Odds ratio of {outcome} by Firth’s penalised regression",
    "e_value": "E-value of the standardised risk ratio of {outcome}",
    "e_value_estimate": "E-value of the estimate of the standardised risk ratio of {outcome}",
    "e_value_limit": "E-value of the limit nearer 1 of the standardised risk ratio of {outcome}",
    "events_per_term": "Events for each term of the adjusted model",
    "reason": "Whether the contrast was adjusted, or why not",
    "patients": "Patients of the contrast, with or without all covariates recorded",
    "used_of_n": "Patients with all covariates recorded, out of those of the contrast",
    "n": "Patients with all covariates recorded",
    "left_out": "Patients without all covariates recorded",
}
"""Quantities of an adjusted contrast; ``…_p`` and ``…_n`` are the P value and the patients of an estimate."""

WEIGHTED: Mapping[str, str] = {
    "risk_treated": "Weighted risk of {outcome} if all were treated",
    "risk_untreated": "Weighted risk of {outcome} if none were treated",
    "risk_difference": "Risk difference of {outcome} after inverse probability weighting",
    "risk_ratio": "Risk ratio of {outcome} after inverse probability weighting",
    "weight_range": "Range of the stabilised weights",
    "lowest_weight": "Lowest stabilised weight",
    "highest_weight": "Highest stabilised weight",
    "mean_weight": "Mean of the stabilised weights",
    "effective": "Effective sample sizes after weighting",
    "effective_treated": "Effective number of treated patients after weighting",
    "effective_untreated": "Effective number of untreated patients after weighting",
    "overlap": "Share of patients whose propensity lies within the range of both groups",
    "propensity_treated": "Range of the propensities of treated patients",
    "propensity_untreated": "Range of the propensities of untreated patients",
    "largest_before": "Largest standardised difference of a covariate before weighting",
    "largest_after": "Largest standardised difference of a covariate after weighting",
    "reason": "Whether the contrast was weighted, or why not",
}

INTERACTION: Mapping[str, str] = {
    "ratio_of_odds_ratios": "Ratio of the odds ratios",
    "ratio_of_risk_ratios": "Ratio of the risk ratios",
    "difference_of_risk_differences": "Difference of the risk differences",
    "reri": "Relative excess risk due to interaction",
    "finding": "What the interval of the ratio of risk ratios allows to be said",
}

SUMMARISED: Mapping[str, str] = {
    "mean_sd": "{covariate}: mean (SD)",
    "mean": "{covariate}: mean",
    "sd": "{covariate}: standard deviation",
    "median_iqr": "{covariate}: median (quartiles)",
    "median": "{covariate}: median",
    "missing": "{covariate}: patients without a recorded value",
    "known": "{covariate}: patients with a recorded value",
    "n": "{covariate}: patients of the group",
}
"""Quantities that describe one characteristic in one group; any other name is a level of it."""

FLOW: Mapping[str, str] = {
    "screened": "Patients screened",
    "eligible": "Eligible patients",
    "excluded": "Patients excluded",
    "analysed": "Patients analysed: eligible, with known primary outcome",
    "outcome_unknown": "Eligible patients whose primary outcome is unknown",
    "eligible_of_screened": "Eligible patients out of those screened",
    "excluded_of_screened": "Patients excluded out of those screened",
    "analysed_of_eligible": "Patients analysed out of those eligible",
}

STEPS: Mapping[str, str] = {
    "excluded": "Patients excluded at the criterion “{step}”",
    "remaining": "Patients left after the criterion “{step}”",
    "missing_kept": "Patients kept at the criterion “{step}” although nothing was recorded",
}

START: Mapping[str, str] = {
    "patients": "Patients treated",
    "known": "Treated patients whose first day of treatment is recorded",
    "median_iqr": "First day of treatment, counted from the transfer: median (quartiles)",
    "hcg_known": "Treated patients with the dates of first dose and pregnancy test",
    "after_hcg": "Patients treated only after the pregnancy test",
    "after_hcg_of_known": "Patients treated only after the pregnancy test, out of those with both dates",
    "plan_known": "Treated patients of whom it was recorded whether treatment had been planned",
    "planned_before": "Patients whose treatment was documented as planned before the transfer",
    "planned_of_known": "Patients whose treatment was documented as planned, out of those recorded",
}

CURVE: Mapping[str, str] = {
    "lowest": "Lowest risk ratio over all cut-offs",
    "highest": "Highest risk ratio over all cut-offs",
    "range": "Range of the risk ratio over all cut-offs",
    "first": "Lowest cut-off looked at",
    "last": "Highest cut-off looked at",
    "chosen": "Cut-off of the study",
    "level": "Confidence level of the curve",
    "unit": "Unit of the cut-off",
    "label": "Name of the marker",
    "method": "Method of the curve",
    "cutoff": "Cut-off number {place} of the curve",
    "treated": "Treated patients at or above cut-off number {place} of the curve",
    "untreated": "Untreated patients at or above cut-off number {place} of the curve",
    "risk_ratio": "Risk ratio at or above cut-off number {place} of the curve",
}

DATA: Mapping[str, str] = {
    "rows": "Rows of the data file",
    "name": "Name of the data file",
    "fingerprint": "Fingerprint (SHA-256) of the data file, its first digits",
    "notice": "Notice on whom the data describe",
    "synthetic": "Whether the patients are synthetic",
    "least_shown": "Least number of patients that is shown",
    "too_few": "Least number of eligible patients to report on",
    "notes": "Notes on the data file",
}

SETTINGS: Mapping[str, str] = {
    "period": "Period of screening",
    "adjustment.covariates": "Covariates adjusted for",
    "adjustment.least_events_per_term": "Events per model term below which adjustment is refused",
    "adjustment.least_patients_per_propensity_term": (
        "Patients of the smaller group per term below which weighting is refused"
    ),
    "adjustment.bootstrap_resamples": "Resamples of the bootstrap",
    "adjustment.imputations": "Completed data sets of the multiple imputation",
    "adjustment.seed": "Seed of the draws of chance",
    "adjustment.protocol_regimens": "Regimens that count as treatment by protocol",
}

METHODS: Mapping[str, str] = {
    "rate": "rates",
    "risk_difference": "risk differences",
    "risk_ratio": "risk ratios",
    "test": "P values",
    "embryo_rate": "sacs per embryo",
    "embryo_risk_difference": "differences in sacs per embryo",
    "embryo_risk_ratio": "ratios of sacs per embryo",
    "embryo_test": "P values for sacs per embryo",
    "standardised": "standardised estimates",
    "bootstrap": "bootstrap limits",
    "poisson": "the second model of the risk ratio",
    "per_embryo": "the adjusted ratio of sacs per embryo",
    "imputed": "estimates after multiple imputation",
    "e_value": "E-values",
    "odds_ratio": "odds ratios where covariates separate the outcome",
    "weighted": "weighted estimates",
    "interaction_rr": "the ratio of risk ratios",
    "interaction_or": "the ratio of odds ratios",
    "interaction_rd": "the difference of risk differences",
    "interaction_reri": "the relative excess risk due to interaction",
}

OPERATING: Mapping[str, str] = {
    "estimated": "Share of simulated cohorts with an estimate",
    "truth": "True value in the simulated cohorts",
    "bias": "Bias (Monte Carlo standard error) in the simulated cohorts",
    "coverage": "Coverage of intervals in simulated cohorts treated by indication",
    "coverage_by_chance": "Coverage of intervals in simulated cohorts treated by chance",
    "type_i_error": "Type I error in simulated cohorts where treatment does nothing",
    "power": "Power in the simulated cohorts",
}


_ABBREVIATIONS = {"nk": "NK", "hcg": "hCG", "bmi": "BMI", "pgt a": "PGT-A", "reri": "RERI"}


def plain(name: str) -> str:
    """Return a name of the results as words: ``th1_th2`` stays, ``risk_ratio`` becomes ``risk ratio``.

    >>> plain("least_events_per_term"), plain("th1_th2_ratio"), plain("nk_cells_percent")
    ('least events per term', 'Th1/Th2 ratio', 'NK cells percent')
    """
    words = name.replace("th1_th2", "Th1/Th2").replace("_", " ").replace(".", ", ")
    for written, meant in _ABBREVIATIONS.items():
        words = re.sub(rf"\b{written}\b", meant, words)
    return words


def sentence(words: str) -> str:
    """Return words with a capital at the start, unless they begin with a name that has its own."""
    return words if words[:2] == "hC" else words[:1].upper() + words[1:]
