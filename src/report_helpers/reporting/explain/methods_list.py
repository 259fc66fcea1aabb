"""The one list of what computes the printed numbers: function, test, and where the method was published.

`tests/reporting/test_methods_list.py` runs every test named here and sees whether it calls the function.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_STATISTICS = "report_helpers.statistics"
_RESULTS = "report_helpers.results"
_ANALYSIS = "tests/results/test_analysis.py::test_"
_FLOW = "tests/study/test_eligibility.py::test_"
_OF_STATISTICS = "tests/statistics/test_"


@dataclass(frozen=True)
class Method:
    """How numbers are found.

    Parameters
    ----------
    words : str
        The method in words, where the number itself does not name one.
    function : str
        Dotted name of the public function that computes them.
    test : str
        A test that runs the function, as pytest names it, in the repository of this package.
    citations : tuple of str
        Keys of ``references.bib`` where the method was published.
    """

    words: str
    function: str
    test: str
    citations: tuple[str, ...] = ()


METHODS: Mapping[str, Method] = {
    # Estimates and tests, by the method that they name.
    "wilson": Method(
        "Wilson score interval",
        f"{_STATISTICS}.proportion",
        f"{_OF_STATISTICS}proportions.py::test_exact_coverage",
        ("wilson1927", "newcombe1998a"),
    ),
    "newcombe": Method(
        "Newcombe hybrid score interval",
        f"{_STATISTICS}.risk_difference",
        f"{_OF_STATISTICS}textbook_values.py::test_newcombe_1998_example_d",
        ("newcombe1998b", "fagerland2015"),
    ),
    "koopman": Method(
        "Koopman score interval",
        f"{_STATISTICS}.risk_ratio",
        f"{_OF_STATISTICS}textbook_values.py::test_gart_and_nam_1988",
        ("koopman1984", "fagerland2015"),
    ),
    "fisher_midp": Method(
        "Fisher mid-P test, two-sided",
        f"{_STATISTICS}.independence",
        f"{_OF_STATISTICS}independence.py::test_fisher_by_counting_arrangements",
        ("lydersen2009",),
    ),
    "holm": Method(
        "Holm’s correction within the declared family of tests",
        f"{_STATISTICS}.holm",
        f"{_OF_STATISTICS}small_parts.py::test_holm_leaves_tests_not_done_in_place",
    ),
    "clustered_proportion": Method(
        "ratio estimator with the patient as the cluster",
        f"{_STATISTICS}.clustered_proportion",
        f"{_OF_STATISTICS}clustered.py::test_proportion_in_r",
        ("liang1986",),
    ),
    "clustered_difference": Method(
        "difference of ratio estimators with the patient as the cluster",
        f"{_STATISTICS}.clustered_risk_difference",
        f"{_OF_STATISTICS}clustered.py::test_comparison_in_r",
        ("liang1986",),
    ),
    "clustered_ratio": Method(
        "ratio of ratio estimators with the patient as the cluster",
        f"{_STATISTICS}.clustered_risk_ratio",
        f"{_OF_STATISTICS}clustered.py::test_comparison_in_r",
        ("liang1986",),
    ),
    "interaction_ratio": Method(
        "ratio of risk ratios or of odds ratios",
        f"{_STATISTICS}.interaction",
        f"{_OF_STATISTICS}interaction.py::test_ratios_are_product_terms_in_r",
        ("knol2012",),
    ),
    "interaction_difference": Method(
        "difference of risk differences",
        f"{_STATISTICS}.interaction",
        f"{_OF_STATISTICS}interaction.py::test_difference_of_differences_in_r",
        ("knol2012", "newcombe1998b"),
    ),
    "reri": Method(
        "relative excess risk due to interaction",
        f"{_STATISTICS}.interaction",
        f"{_OF_STATISTICS}interaction.py::test_reri_in_r",
        ("vanderweele2014",),
    ),
    "standardised": Method(
        "standardisation (g-computation)",
        f"{_STATISTICS}.standardised",
        f"{_OF_STATISTICS}adjusted.py::test_standardised_limits_in_r",
        ("snowden2011",),
    ),
    "bootstrap": Method(
        "standardisation with percentile bootstrap limits",
        f"{_STATISTICS}.standardised",
        f"{_OF_STATISTICS}bootstrap.py::test_same_seed_same_limits_and_none_unless_asked",
        ("snowden2011",),
    ),
    "imputed": Method(
        "standardisation, pooled over completed data sets",
        f"{_STATISTICS}.pool_estimates",
        f"{_OF_STATISTICS}pooling.py::test_identical_copies_give_the_single_result",
        ("snowden2011", "sterne2009"),
    ),
    "modified_poisson": Method(
        "modified Poisson regression",
        f"{_STATISTICS}.modified_poisson",
        f"{_OF_STATISTICS}modified_poisson.py::test_ugdp_of_the_reference_values",
        ("zou2004", "spiegelman2005"),
    ),
    "poisson_per_embryo": Method(
        "Poisson regression of sacs per embryo with the patient as the cluster",
        f"{_STATISTICS}.modified_poisson",
        f"{_OF_STATISTICS}modified_poisson.py::test_a_rate_per_embryo_in_r",
        ("liang1986",),
    ),
    "weighted": Method(
        "stabilised inverse probability of treatment weighting",
        f"{_STATISTICS}.weighted",
        f"{_OF_STATISTICS}weighting.py::test_stacked_equations_in_r",
    ),
    "balance": Method(
        "standardised difference before and after weighting",
        f"{_STATISTICS}.weighted",
        f"{_OF_STATISTICS}weighting.py::test_balance_by_hand",
        ("austin2009",),
    ),
    "e_value": Method(
        "E-value",
        f"{_STATISTICS}.e_value",
        f"{_OF_STATISTICS}textbook_values.py::test_e_values_of_three_studies",
        ("vanderweele2017",),
    ),
    "firth": Method(
        "logistic regression by Firth’s penalised likelihood",
        f"{_STATISTICS}.firth_logistic",
        f"{_OF_STATISTICS}adjusted.py::test_firth_regression_in_r",
        ("firth1993", "heinze2002"),
    ),
    "smd_means": Method(
        "standardised difference of means",
        f"{_STATISTICS}.standardised_difference_means",
        f"{_OF_STATISTICS}small_parts.py::test_standardised_difference_of_means",
        ("austin2009",),
    ),
    "smd_categories": Method(
        "standardised difference over all categories",
        f"{_STATISTICS}.standardised_difference_proportions",
        f"{_OF_STATISTICS}small_parts.py::test_two_categories_are_austins_proportions",
        ("austin2009",),
    ),
    # Counts and descriptions, by the part of the results that holds them.
    "flow": Method(
        "count of patients, criterion by criterion",
        "report_helpers.study.eligibility.apply_criteria",
        f"{_FLOW}a_patient_is_counted_at_the_first_criterion_failed",
    ),
    "counted": Method(
        "count of patients or embryos in the groups compared",
        f"{_RESULTS}.unadjusted.unadjusted",
        "tests/results/test_cells.py::test_contrasts_compare_whom_they_name",
    ),
    "bounds": Method(
        "count with unknown outcomes set to one side",
        f"{_RESULTS}.unadjusted.unadjusted",
        f"{_ANALYSIS}unknown_outcomes_leave_the_contrast_and_enter_the_bounds",
    ),
    "joint": Method(
        "count of patients in the four cells of profile and treatment",
        f"{_RESULTS}.sensitivity.joint",
        "tests/results/test_adjusted.py::test_the_four_cells_share_one_reference",
    ),
    "sensitivity": Method(
        "count with some treated patients set aside",
        f"{_RESULTS}.sensitivity.sensitivity",
        "tests/results/test_adjusted.py::test_what_is_set_aside_leaves_the_treated",
    ),
    "cutoff_curve": Method(
        "risk ratio over alternative cut-offs",
        f"{_RESULTS}.sensitivity.cutoff_curves",
        "tests/results/test_adjusted.py::test_the_cutoff_curve_passes_through_the_study",
    ),
    "selection": Method(
        "description of eligible and excluded patients",
        f"{_RESULTS}.sensitivity.selection",
        "tests/results/test_adjusted.py::test_included_and_excluded_are_everybody",
    ),
    "baseline": Method(
        "description of the analysed patients",
        f"{_RESULTS}.description.baseline",
        "tests/results/test_cells.py::test_the_baseline_table_is_that_of_the_groups_frames",
    ),
    "missing": Method(
        "count of values that are not recorded",
        f"{_RESULTS}.description.missing",
        f"{_ANALYSIS}missing_values_are_counted_among_the_eligible",
    ),
    "treatment_start": Method(
        "days from embryo transfer",
        f"{_RESULTS}.description.treatment_start",
        f"{_ANALYSIS}treatment_start_is_counted_from_transfer",
    ),
    "adjusted": Method(
        "count of patients and events of the adjusted models",
        f"{_RESULTS}.adjusted.adjusted",
        "tests/results/test_adjusted.py::test_complete_cases_and_those_left_out_are_everybody",
    ),
    "operating": Method(
        "simulation of cohorts whose truth is known",
        "benchmarks.simulation_summary.summarise",
        "tests/test_benchmarks.py::test_the_simulation_depends_on_its_seed_alone",
    ),
    # What is read or worded, not computed.
    "data": Method(
        "read from the data file",
        "report_helpers.study.cohort.load_cohort",
        "tests/study/test_cohort.py::test_the_shipped_cohort_is_sound",
    ),
    "notice": Method(
        "found from the record beside the data file",
        "report_helpers.study.synthetic_record.as_recorded",
        "tests/publishing/test_privacy.py::test_the_shipped_cohort_is_recorded",
    ),
    "study": Method(
        "stated in study.yml",
        "report_helpers.study.definition.load_study",
        "tests/study/test_definition.py::test_the_shipped_study_says_what_is_known",
    ),
    "software": Method(
        "read from the installed packages",
        f"{_RESULTS}.analyse",
        f"{_ANALYSIS}treatment_start_is_counted_from_transfer",
    ),
    "named": Method(
        "names of methods, as the estimates carry them",
        "report_helpers.reporting.methods.methods",
        "tests/results/test_adjusted.py::test_the_methods_name_the_families_of_the_study",
    ),
    "finding": Method(
        "worded by the confidence interval",
        "report_helpers.reporting.criterion.finding",
        "tests/reporting/test_criterion.py::test_each_part_of_the_results_is_judged_by_its_primary_estimate",
    ),
    "claim": Method(
        "the author’s words, printed while the data bear them out",
        "report_helpers.reporting.claim",
        "tests/reporting/test_claims.py::test_a_phrase_is_printed_where_it_holds_and_marked_where_it_does_not",
    ),
    "according_to": Method(
        "the author’s words for what was found",
        "report_helpers.reporting.according_to",
        "tests/reporting/test_claims.py::test_a_passage_follows_what_was_found",
    ),
    "condition": Method(
        "a condition of the whole cohort, held against the data",
        "report_helpers.reporting.conditions.conditions",
        "tests/reporting/test_claims.py::test_a_condition_of_the_cohort_guards_free_text",
    ),
}
