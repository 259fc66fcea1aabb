"""Adjusted analyses and sensitivity analyses of the shipped study hang together."""

from __future__ import annotations

import numpy as np
import pytest

from report_helpers.results import Results


def test_every_contrast_is_adjusted_or_refused_with_a_reason(results: Results) -> None:
    assert list(results.adjusted) == list(results.contrasts)
    for each in results.adjusted.values():
        assert (each.risk_ratio.value is None) == bool(each.reason)
        if each.reason:
            assert each.e_value.value is None


def test_few_events_per_term_are_refused(results: Results) -> None:
    least = results.study.adjustment.least_events_per_term
    for each in results.adjusted.values():
        if not each.reason:
            assert each.events_per_term >= least
    assert "events per model term" in results.adjusted["regulated.any"].reason


def test_the_methods_agree_where_the_main_contrast_can_be_adjusted(results: Results) -> None:
    main = results.adjusted["dysregulated.any"]
    assert main.reason == ""
    assert main.poisson.value == pytest.approx(main.risk_ratio.value, rel=0.15)
    assert main.risk_ratio_bootstrap.value == pytest.approx(main.risk_ratio.value)
    low, high = main.risk_ratio.low, main.risk_ratio.high
    assert low < main.imputed_risk_ratio.value < high
    assert main.risk_difference.value == pytest.approx(main.risk_treated.value - main.risk_untreated.value)


def test_complete_cases_and_those_left_out_are_everybody(results: Results) -> None:
    for key, each in results.adjusted.items():
        seen = results.contrasts[key].outcomes["implantation"]
        assert each.n + each.left_out == seen.n + seen.reference_n
        if each.imputed_risk_ratio.value is not None:
            assert each.imputed_risk_ratio.n == seen.n + seen.reference_n


def test_weighting_improves_the_balance(results: Results) -> None:
    weighted = [each.weighted for each in results.adjusted.values() if not each.weighted.reason]
    assert weighted
    for each in weighted:
        before, after = ([getattr(row, side) for row in each.balance] for side in ("before", "after"))
        assert np.abs(after).mean() < np.abs(before).mean()
        assert each.mean_weight == pytest.approx(1, abs=0.1)


def test_the_same_seed_gives_the_same_limits(results: Results) -> None:
    from report_helpers import analyse

    again = analyse(results.study).adjusted["dysregulated.any"]
    first = results.adjusted["dysregulated.any"]
    assert again.risk_ratio_bootstrap == first.risk_ratio_bootstrap
    assert again.imputed_risk_ratio == first.imputed_risk_ratio


def test_what_is_set_aside_leaves_the_treated(results: Results) -> None:
    for profile, choices in results.sensitivity.items():
        main = choices["main"].comparison
        seen = results.contrasts[f"{profile}.any"].outcomes["implantation"]
        assert (main.events, main.n, main.reference_events, main.reference_n) == (
            seen.events, seen.n, seen.reference_events, seen.reference_n,
        )  # fmt: skip
        for each in choices.values():
            assert each.comparison.n + each.set_aside == main.n
            assert each.comparison.reference_n == main.reference_n


def test_the_cutoff_curve_passes_through_the_study(results: Results) -> None:
    for marker, contrast in (("th1_th2", "elevated_th1_th2"), ("nk", "increased_nk")):
        curve = results.cutoff_curves[marker]
        here = curve.cutoffs.index(curve.chosen)
        seen = results.contrasts[f"dysregulated.{contrast}"].outcomes["implantation"]
        assert (curve.treated[here], curve.untreated[here]) == (seen.n, seen.reference_n)
        assert curve.risk_ratio[here] == pytest.approx(seen.risk_ratio.value)
        assert curve.low[here] == pytest.approx(seen.risk_ratio.low)
        assert list(curve.treated) == sorted(curve.treated, reverse=True)


def test_included_and_excluded_are_everybody(results: Results) -> None:
    for row in results.selection:
        assert row.eligible.n + row.excluded.n == results.flow.screened


def test_the_four_cells_share_one_reference(results: Results) -> None:
    reference = results.regulated.arms["none"]
    for cell in results.joint.values():
        assert (cell.reference_events, cell.reference_n) == (reference.events, reference.patients)
    product = (
        results.joint["dysregulated_treated"].risk_ratio.value
        / results.joint["dysregulated_untreated"].risk_ratio.value
        / results.joint["regulated_treated"].risk_ratio.value
    )
    assert results.interaction.ratio_of_risk_ratios.value == pytest.approx(product)


def test_the_methods_name_the_families_of_the_study(results: Results) -> None:
    from dataclasses import replace

    from report_helpers.reporting.methods import methods

    told = methods(results)["families"]
    assert told.startswith("the other tests form families: ")
    assert "(three comparisons)" in told
    fewer = replace(results, study=replace(results.study, families=results.study.families[:2]))
    assert methods(fewer)["families"].startswith("the other tests form a family: ")
    alone = replace(results, study=replace(results.study, families=results.study.families[:1]))
    assert methods(alone)["families"] == "no other tests form a family"
