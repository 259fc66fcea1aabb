"""Tests of independence: definitions by brute force, edges, agreement in the limit, exact size."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from report_helpers.statistics import independence
from report_helpers.statistics.hypergeometric import Conditional

FEW = settings(max_examples=40, deadline=None)
METHODS = ("fisher_midp", "fisher", "boschloo", "pearson")


@st.composite
def small_tables(draw: st.DrawFn) -> tuple[int, int, int, int]:
    n1, n0 = draw(st.integers(1, 15)), draw(st.integers(1, 15))
    return draw(st.integers(0, n1)), n1, draw(st.integers(0, n0)), n0


def weights(x1: int, n1: int, x0: int, n0: int) -> dict[int, int]:
    """Each possible number of events in group 1 with its number of arrangements, in whole numbers."""
    m = x1 + x0
    return {k: comb(n1, k) * comb(n0, m - k) for k in range(max(0, m - n0), min(n1, m) + 1)}


@FEW
@given(small_tables())
def test_fisher_by_counting_arrangements(table: tuple[int, int, int, int]) -> None:
    ways = weights(*table)
    here, total = ways[table[0]], sum(ways.values())
    extreme = sum(way for way in ways.values() if way <= here) / total
    tied = sum(way for way in ways.values() if way == here) / total
    assert independence(*table, method="fisher").p_value == pytest.approx(extreme, rel=1e-12)
    mid = independence(*table).p_value
    if len(ways) > 1:
        assert mid == pytest.approx(extreme - tied / 2, rel=1e-12)
    else:
        assert mid is None
    greater = sum(way for k, way in ways.items() if k >= table[0]) / total
    one_sided = independence(*table, method="fisher", alternative="greater").p_value
    assert one_sided == pytest.approx(greater, rel=1e-12)


@FEW
@given(small_tables(), st.sampled_from(METHODS))
def test_groups_may_be_swapped(table: tuple[int, int, int, int], method: str) -> None:
    x1, n1, x0, n0 = table
    p, swapped = independence(*table, method=method), independence(x0, n0, x1, n1, method=method)
    assert p.p_value == (None if swapped.p_value is None else pytest.approx(swapped.p_value, rel=1e-9))
    greater = independence(*table, method=method, alternative="greater").p_value
    less = independence(x0, n0, x1, n1, method=method, alternative="less").p_value
    assert greater == (None if less is None else pytest.approx(less, rel=1e-9))


def boschloo_by_definition(table: tuple[int, int, int, int]) -> float:
    """All tables with a two-sided Fisher P no larger than the observed, at the worst common risk."""
    x1, n1, x0, n0 = table
    fisher = np.array(
        [[independence(a, n1, b, n0, method="fisher").p_value for b in range(n0 + 1)] for a in range(n1 + 1)]
    )
    rejected = fisher <= fisher[x1, x0] * (1 + 1e-7)
    risks = np.linspace(0, 1, 4001)
    first = stats.binom.pmf(np.arange(n1 + 1)[:, None], n1, risks)
    second = stats.binom.pmf(np.arange(n0 + 1)[:, None], n0, risks)
    return float(np.einsum("ir,ij,jr->r", first, rejected, second).max())


@pytest.mark.parametrize("table", [(1, 5, 6, 7), (4, 6, 0, 5), (3, 9, 7, 8), (2, 4, 2, 9)])
def test_boschloo_by_definition(table: tuple[int, int, int, int]) -> None:
    ours = independence(*table, method="boschloo")
    brute = boschloo_by_definition(table)
    assert brute <= ours.p_value + 1e-12
    assert ours.p_value == pytest.approx(brute, abs=1e-6)
    assert ours.p_value <= independence(*table, method="fisher").p_value + 1e-12


def test_exact_tests_keep_their_size() -> None:
    """Over all tables of 7 and 9 patients and 99 common risks P <= alpha has a chance of at most alpha."""
    x1, x0 = np.meshgrid(np.arange(8), np.arange(10), indexing="ij")
    risks = np.linspace(0.01, 0.99, 99)
    first = stats.binom.pmf(np.arange(8)[:, None], 7, risks)
    second = stats.binom.pmf(np.arange(10)[:, None], 9, risks)
    sizes = {}
    for method in ("fisher", "boschloo"):
        p = independence(x1, 7, x0, 9, method=method).p_value
        for alpha in (0.01, 0.05, 0.1):
            sizes[method, alpha] = np.einsum("ir,ij,jr->r", first, p <= alpha, second).max()
            assert sizes[method, alpha] <= alpha
    assert sizes["boschloo", 0.05] > sizes["fisher", 0.05]


def test_in_the_limit_all_agree() -> None:
    table = (50_300, 100_000, 50_000, 100_000)
    chi_square = independence(*table, method="pearson").p_value
    assert independence(*table).p_value == pytest.approx(chi_square, rel=1e-4)
    assert independence(*table, method="fisher").p_value == pytest.approx(chi_square, rel=0.02)


def test_pearson_in_r() -> None:
    """R 4.2.2: chisq.test(rbind(c(56, 14), c(48, 32)), correct = FALSE) has P 0.0080450813682."""
    test = independence(56, 70, 48, 80, method="pearson")
    assert test.p_value == pytest.approx(0.0080450813682, rel=1e-9)
    assert test.method == "Pearson chi-square test without correction, two-sided"
    greater = independence(56, 70, 48, 80, method="pearson", alternative="greater").p_value
    assert greater == pytest.approx(test.p_value / 2, rel=1e-12)


def test_edges() -> None:
    for method in METHODS:
        assert independence(0, 0, 1, 4, method=method).reason == "no patients in a group"
        constant = independence(0, 6, 0, 4, method=method)
        if method in ("fisher", "boschloo"):
            assert constant.p_value == 1.0
        else:
            assert constant.p_value is None
            assert "nobody, or everybody" in constant.reason
    large = independence(10, 10_000, 30, 10_000, method="boschloo")
    assert large.p_value is None
    assert "fisher_midp" in large.reason
    assert independence(1, 2, 10, 10**6, method="boschloo").p_value is None
    million = independence(1, 10**6, 3, 10**6, method="fisher").p_value
    assert million == pytest.approx(0.625, rel=1e-5)  # nearly 4 tosses of a coin: 1 - 6/16


def test_arrays_and_unknown_names() -> None:
    tests = independence([1, 0], [5, 0], 6, 7)
    assert tests.p_value[0] == independence(1, 5, 6, 7).p_value
    assert tests.p_value[1] is np.ma.masked
    with pytest.raises(ValueError, match="fisher_midp, fisher, boschloo, pearson"):
        independence(1, 2, 1, 2, method="barnard")
    with pytest.raises(ValueError, match="two-sided, greater, less"):
        independence(1, 2, 1, 2, alternative="both")


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
@pytest.mark.parametrize(
    ("n1", "n0", "events"), [(40_000, 90_000, 31_000), (250_000, 3_000, 900), (2_000, 2_000, 3_990)]
)
def test_numbers_without_a_chance_may_be_left_out(n1: int, n0: int, events: int, alternative: str) -> None:
    """The whole support against its middle, where the odds ratio is 1."""
    whole, middle = Conditional(n1, n0, events), Conditional(n1, n0, events, central=True)
    assert len(middle.support) < len(whole.support) or len(whole.support) < 1_000
    mean = round(events * n1 / (n1 + n0))
    for observed in {whole.first, whole.last, mean, mean - 30, mean + 200} & set(whole.support.astype(int)):
        expected = whole.fisher(observed, alternative, mid=True)
        assert middle.fisher(observed, alternative, mid=True) == pytest.approx(
            expected, rel=1e-10, abs=1e-300
        )
    assert middle.probabilities().sum() == pytest.approx(1)
