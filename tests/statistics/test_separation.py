"""Separation: where the likelihood has no maximum, and only there."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pytest

from report_helpers.statistics import modified_poisson, separated, standardised
from report_helpers.statistics.separation import separates


@pytest.mark.parametrize(
    ("y", "x", "expected"),
    [
        ([0, 0, 1, 1], [1, 2, 3, 4], True),  # completely
        ([0, 0, 1, 1], [1, 2, 2, 4], True),  # but for a tie
        ([0, 1, 0, 1], [1, 2, 3, 4], False),
        ([0, 0, 1, 1], [2, 2, 2, 2], False),  # a constant tells nothing
        ([1, 1, 1, 1], [1, 2, 3, 4], True),  # nobody without
        ([0, 1, 0, 1], ["a", "a", "b", "c"], True),  # a level with one kind only
        ([], [], False),
    ],
)
@pytest.mark.parametrize("unit", [1.0, 1e-6, 1e6])
def test_small_cases(y: list[int], x: list[object], expected: bool, unit: float) -> None:
    values = [value if isinstance(value, str) else unit * value + 5 * unit for value in x]
    assert separated({"y": y, "x": values}, "y", ["x"]) is expected


def test_separated_only_by_two_covariates_together() -> None:
    random = np.random.default_rng(1)
    a, b = random.normal(size=(2, 60))
    rows = {"y": (a + b > 0).astype(int), "a": a, "b": b}
    assert separated(rows, "y", ["a", "b"])
    assert not separated(rows, "y", ["a"])
    assert not separated(rows, "y", ["b"])


def small_tables() -> Iterator[dict[str, list[int]]]:
    """Tables of event by arm by age, the first 300 of a random order of those with 0 to 2 in a cell."""
    every = np.array(list(itertools.product(range(3), repeat=8)))
    for cells in np.random.default_rng(1).permutation(every)[:300]:
        rows: dict[str, list[int]] = {"y": [], "t": [], "old": []}
        for place, count in enumerate(cells):
            for name, digit in zip(rows, (place >> 2, place >> 1, place), strict=True):
                rows[name] += [digit & 1] * int(count)
        yield rows


def test_the_models_agree_with_it() -> None:
    """A fit is refused as separated exactly where it is; a near-infinite ratio is never given instead."""
    kinds = {"separated": 0, "fitted": 0}
    for rows in small_tables():
        found = standardised(rows, "y", "t", ["old"], least_events=0).risk_ratio
        if "separate" in found.reason or found.estimable:
            assert separated(rows, "y", ["t", "old"]) is not found.estimable
            kinds["fitted" if found.estimable else "separated"] += 1
        ratio = modified_poisson(rows, "y", "t", ["old"], least_events=0)
        assert ratio.estimable or ratio.reason
        if ratio.estimable:
            assert 0.01 < ratio.value < 100
        if "separate" in ratio.reason:
            assert separated(rows, "y", ["t", "old"])
    assert min(kinds.values()) > 30


def test_counts_are_separated_only_by_a_group_without_events() -> None:
    """All of a treated arm having sacs separates a risk, not a rate; none having any separates both."""
    arm = np.repeat([[1.0, 1.0], [1.0, 0.0]], 4, axis=0)
    everybody, nobody = np.array([1.0, 1, 2, 1, 0, 1, 0, 1]), np.array([0.0, 0, 0, 0, 0, 1, 0, 1])
    assert separates(np.minimum(everybody, 1), arm)
    assert not separates(everybody, arm, counts=True)
    assert separates(nobody, arm, counts=True)
