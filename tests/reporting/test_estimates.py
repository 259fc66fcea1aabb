"""Estimates in words: long for prose, short for a table's cell, and honest where something is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from report_helpers.reporting import estimates
from report_helpers.statistics import Estimate

FULL = Estimate(0.5, 0.25, 0.75, 0.9, None, "some method", 40)


def test_the_level_is_the_estimates_own() -> None:
    assert estimates.rate(FULL, 20, 40) == "50.0% (90% CI 25.0–75.0)"
    assert estimates.rate(FULL, 20, 40, short=True) == "50.0 (25.0–75.0)"
    assert estimates.ratio(replace(FULL, level=0.975)) == "0.50 (97.5% CI 0.25–0.75)"


def test_a_small_denominator_leaves_no_percentage_and_no_interval() -> None:
    assert estimates.rate(FULL, 9, 19) == "9/19"


def test_an_empty_group_has_no_rate() -> None:
    empty = replace(FULL, value=None, low=None, high=None)
    assert estimates.rate(empty, 0, 0) == "not estimable"
    assert estimates.rate(empty, 0, 0, short=True) == "not estimable"


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (0.25, None, "0.50 (90% CI from 0.25, no upper limit)"),
        (None, 0.75, "0.50 (90% CI up to 0.75, no lower limit)"),
        (None, None, "0.50 (90% CI not estimable)"),
    ],
)
def test_an_unbounded_limit_is_said_in_words(low: float | None, high: float | None, text: str) -> None:
    assert estimates.ratio(replace(FULL, low=low, high=high)) == text


def test_a_difference_is_in_percentage_points_with_a_true_minus_sign() -> None:
    assert estimates.difference(replace(FULL, value=-0.123, low=-0.2, high=-0.01)) == (
        "−12.3 percentage points (90% CI −20.0 to −1.0)"
    )
    assert estimates.score(replace(FULL, value=-0.5, low=-1.0), short=True) == "−0.50 (−1.00 to 0.75)"


def test_a_reason_names_the_groups_as_the_reader_knows_them() -> None:
    why = "no events in group 0: the ratio is undefined and has no upper limit"
    missing = replace(FULL, value=None, high=None, reason=why)
    assert estimates.ratio(missing) == (
        "not estimable (no events in the untreated group; 90% CI from 0.25, no upper limit)"
    )
    assert estimates.ratio(missing, short=True) == "not estimable (from 0.25, no upper limit)"
    assert estimates.reason(missing) == "no events in the untreated group"
    assert estimates.refused(why) == f"not adjusted ({estimates.reason(missing)}{why[20:]})"
    assert (
        estimates.reason(replace(FULL, reason="no variance in stratum b"))
        == "no variance in the regulated profile"
    )
