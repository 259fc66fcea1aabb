"""One criterion chooses every word: the interval of the primary estimator, and never a P value."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_helpers.reporting.criterion import SIMILAR_FROM, SIMILAR_TO, Finding, finding, found_in
from report_helpers.results import Results
from report_helpers.statistics import Estimate

from .stand_ins import adjusted_contrast, comparison, contrast


def ratio(value: float | None, low: float | None, high: float | None, p: float | None = None) -> Estimate:
    return Estimate(value, low, high, 0.95, p, "Koopman score interval", 200)


def found(estimate: Estimate, observed: str = "higher", smallest: int = 50) -> Finding:
    return Finding(estimate, 1.0, observed, smallest)


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (1.01, 2.0, "higher"),
        (1.01, None, "higher"),
        (0.4, 0.99, "lower"),
        (0.0, 0.99, "lower"),
        (1.0, 2.0, "unclear"),
        (0.5, 1.0, "unclear"),
        (0.79, 1.2, "unclear"),
        (0.9, 1.26, "unclear"),
        (0.8, 1.25, "similar"),
        (None, None, "unknown"),
    ],
)
def test_the_limits_decide(low: float | None, high: float | None, verdict: str) -> None:
    assert found(ratio(1.0, low, high)).verdict == verdict


@given(st.floats(0.01, 20), st.floats(0.01, 20), st.floats(0, 1))
def test_no_p_value_changes_a_word(one: float, other: float, p: float) -> None:
    low, high = sorted((one, other))
    tested = found(ratio((low * high) ** 0.5, low, high, p))
    untested = found(ratio((low * high) ** 0.5, low, high))
    assert (tested.verdict, tested.words, tested.marked) == (
        untested.verdict,
        untested.words,
        untested.marked,
    )
    assert tested.excludes == (low > 1 or high < 1)
    assert tested.similar == (low >= SIMILAR_FROM and high <= SIMILAR_TO)
    assert not (tested.marked and not tested.excludes)


def test_what_was_seen_is_said_with_the_interval_that_leaves_it_open() -> None:
    open_ = ratio(0.7, 0.4, 1.2)
    assert found(open_, "lower").words == "lower, but with an interval that includes no difference"
    assert found(open_, "the same").words == "the same, with an interval that includes no difference"
    assert found(ratio(1.7, 1.2, 2.9)).words == "higher"
    difference = Finding(ratio(0.1, -0.1, 0.3), 0.0, "higher")
    assert difference.words == "higher, but with an interval that includes 0"


def test_a_small_group_is_said_with_the_word() -> None:
    clear = ratio(3.0, 1.6, 9.0)
    assert found(clear, smallest=19).words == "higher, though with a group of fewer than 20 patients"
    assert not found(clear, smallest=19).marked
    assert found(clear, smallest=20).marked
    assert not found(ratio(1.6, 1.49, 2.0)).marked
    assert found(ratio(0.3, 0.1, 0.6)).marked


def test_limits_that_say_nothing_say_nothing() -> None:
    nobody = replace(
        comparison((0, 30, 0, 40), ratio(None, 0.0, None)), risk_difference=ratio(0.0, -0.1, 0.1)
    )
    told = finding(nobody)
    assert told is not None
    assert (told.verdict, told.words) == ("unknown", "not comparable (no events in either group)")


def test_no_events_among_the_untreated_can_still_be_a_finding() -> None:
    told = finding(comparison((20, 60, 0, 50), ratio(None, 3.2, None)))
    assert told is not None
    assert told.verdict == "higher"


@pytest.mark.parametrize(
    ("counts", "why"),
    [
        ((0, 0, 3, 9), "no treated patients"),
        ((3, 9, 0, 0), "no untreated patients"),
        ((0, 0, 0, 0), "no patients with a known outcome"),
    ],
)
def test_an_empty_group_is_named(counts: tuple[int, int, int, int], why: str) -> None:
    told = finding(comparison(counts, ratio(None, None, None)))
    assert told is not None
    assert told.words == f"not comparable ({why})"


def test_each_part_of_the_results_is_judged_by_its_primary_estimate(results: Results) -> None:
    for part in (
        contrast("dysregulated.any", "Any"),
        results.sensitivity["dysregulated"]["planned"],
        results.interaction,
        adjusted_contrast("dysregulated.any", "Any"),
    ):
        told = finding(part)
        assert told is not None
        assert told.verdict == "higher"
    refused = finding(adjusted_contrast("x", "X", "5.0 events per model term, fewer than 10: not adjusted"))
    assert refused is not None
    assert refused.words == "not adjusted (5.0 events per model term, fewer than 10)"
    assert finding(results.flow) is None


def test_an_estimate_is_held_against_the_value_of_no_difference_of_its_kind() -> None:
    wide = ratio(0.2, 0.1, 0.4)
    kinds = {name: found_in(wide, name) for name in ("risk_ratio", "risk_difference", "rate")}
    assert {name: each and each.verdict for name, each in kinds.items()} == {
        "risk_ratio": "lower",
        "risk_difference": "higher",
        "rate": None,
    }


def test_the_methods_state_the_rule_that_is_applied(root: Path) -> None:
    told = (root / "chapters" / "methods.qmd").read_text(encoding="utf-8")
    assert f"within {SIMILAR_FROM:.2f} to {SIMILAR_TO:.2f}; no word is chosen by a P value" in told
