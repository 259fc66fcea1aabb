"""Risk difference and risk ratio: properties, edges, the definition of the limits, and exact coverage."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import minimize_scalar

from report_helpers.statistics import CountError, Estimate, risk_difference, risk_ratio

FEW = settings(max_examples=40, deadline=None)
Table = tuple[int, int, int, int]
DIFFERENCES = ("newcombe", "miettinen_nurminen")
RATIOS = ("koopman", "katz", "mover_r", "miettinen_nurminen")
Z = stats.norm.ppf(0.975)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    sizes = st.one_of(st.integers(1, 30), st.integers(1, 10**6))
    n1, n0 = draw(sizes), draw(sizes)
    return draw(st.integers(0, n1)), n1, draw(st.integers(0, n0)), n0


def ordered(estimate: Estimate) -> bool:
    numbers = [x for x in (estimate.low, estimate.value, estimate.high) if x is not None]
    assert all(map(math.isfinite, numbers))
    return all(a <= b or math.isclose(a, b, abs_tol=1e-14) for a, b in pairwise(numbers))


@FEW
@given(tables(), st.sampled_from(DIFFERENCES))
def test_difference_contains_the_estimate_and_mirrors(table: Table, method: str) -> None:
    x1, n1, x0, n0 = table
    rd, back = risk_difference(*table, method=method), risk_difference(x0, n0, x1, n1, method=method)
    assert ordered(rd)
    assert rd.low >= -1
    assert rd.high <= 1
    assert rd.low == pytest.approx(-back.high, abs=1e-12)
    assert rd.value == pytest.approx(-back.value, abs=1e-15)
    assert (rd.p_value is None) == (back.p_value is None)


@FEW
@given(tables(), st.sampled_from(RATIOS))
def test_ratio_contains_the_estimate_and_inverts(table: Table, method: str) -> None:
    x1, n1, x0, n0 = table
    rr, back = risk_ratio(*table, method=method), risk_ratio(x0, n0, x1, n1, method=method)
    assert ordered(rr)
    if rr.low and back.high:
        assert rr.low * back.high == pytest.approx(1, rel=1e-9)
    if x0 == 0:
        assert rr.value is None
        assert rr.high is None
        assert "no events in group 0" in rr.reason
    if method != "katz":
        assert rr.low is not None
        assert (rr.high is None) == (x0 == 0)


@FEW
@given(tables())
def test_more_events_in_group_1_move_everything_up(table: Table) -> None:
    x1, n1, x0, n0 = table
    if x1 < n1:
        for method in DIFFERENCES:
            less, more = (risk_difference(x, n1, x0, n0, method=method) for x in (x1, x1 + 1))
            assert less.low <= more.low + 1e-12
            assert less.high <= more.high + 1e-12
        less, more = (risk_ratio(x, n1, x0, n0) for x in (x1, x1 + 1))
        assert less.low <= more.low * (1 + 1e-9)


def constrained(table: Table, second: tuple[float, float], other: object) -> float:
    """The risk in group 0 that maximises the likelihood where the risk in group 1 is ``other`` of it."""
    x1, n1, x0, n0 = table

    def loss(p0: float) -> float:
        p1 = min(max(other(p0), 1e-300), 1 - 1e-16)  # type: ignore[operator]
        terms = [(x1, p1), (n1 - x1, 1 - p1), (x0, p0), (n0 - x0, 1 - p0)]
        return -sum(count * math.log(max(p, 1e-300)) for count, p in terms if count)

    return float(minimize_scalar(loss, bounds=second, method="bounded", options={"xatol": 1e-13}).x)


TABLES = [(9, 10, 3, 10), (5, 56, 1, 29), (1, 12, 11, 12), (56, 70, 48, 80), (2, 9, 0, 7), (3, 3, 2, 11)]


@pytest.mark.parametrize("table", TABLES)
def test_miettinen_nurminen_limits_solve_their_definition(table: Table) -> None:
    """(p1 - p0 - d)^2 = z^2 N/(N - 1) V(d), V at the maximum likelihood found by brute force."""
    x1, n1, x0, n0 = table
    rd = risk_difference(*table, method="miettinen_nurminen")
    for limit in (rd.low, rd.high):
        if abs(limit) == 1:
            continue
        p0 = constrained(table, (max(0, -limit), min(1, 1 - limit)), lambda p, d=limit: p + d)
        p1 = p0 + limit
        variance = (p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0) * (n1 + n0) / (n1 + n0 - 1)
        assert (x1 / n1 - x0 / n0 - limit) ** 2 == pytest.approx(Z**2 * variance, rel=1e-5)


@pytest.mark.parametrize("table", TABLES)
def test_koopman_limits_solve_their_definition(table: Table) -> None:
    """(p1 - r p0)^2 = z^2 V(r), V at the maximum likelihood found by brute force."""
    x1, n1, x0, n0 = table
    rr = risk_ratio(*table)
    for limit in (rr.low, rr.high):
        if not limit:
            continue
        p0 = constrained(table, (0, min(1, 1 / limit)), lambda p, r=limit: p * r)
        p1 = p0 * limit
        variance = p1 * (1 - p1) / n1 + limit**2 * p0 * (1 - p0) / n0
        assert (x1 / n1 - limit * x0 / n0) ** 2 == pytest.approx(Z**2 * variance, rel=1e-5)


def test_no_events_in_the_reference_group() -> None:
    """Koopman's lower limit exists there: 3/10 against 0/10, from his equation in R's uniroot.

    f <- function(m) m^2*((10-3)/(10*(3-m)) + 1/m) - qchisq(.95, 1)   # group 0: x = 0, n = 10
    m <- uniroot(f, c(1e-9, 3-1e-9), tol = 1e-14)$root; ((3-m)/(10-m)) / (m/(10+m))
    """
    rr = risk_ratio(3, 10, 0, 10)
    assert rr.low == pytest.approx(0.9239925616, rel=1e-9)
    assert risk_ratio(0, 10, 0, 10).low == 0.0


def test_everybody_has_the_event() -> None:
    """1 + z^2/n0 and its mirror: the closed form of the score limits where all proportions are 1."""
    rr = risk_ratio(10, 10, 20, 20)
    assert rr.value == 1.0
    assert (rr.low, rr.high) == pytest.approx((1 / (1 + Z**2 / 10), 1 + Z**2 / 20), rel=1e-12)
    assert rr.p_value is None
    assert "no test" in rr.reason


def test_p_values_are_those_of_the_same_method() -> None:
    """R 4.2.2: prop.test(c(56, 48), c(70, 80), correct = FALSE)$p.value is Koopman's test of ratio 1.

    Where a limit touches no effect, P is 1 minus the level.
    """
    rr = risk_ratio(56, 70, 48, 80)
    assert rr.p_value == pytest.approx(0.0080450813682, rel=1e-9)
    for estimate, null in ((rr, 1.0), (risk_ratio(56, 70, 48, 80, method="katz"), 1.0)):
        touching = risk_ratio(
            56, 70, 48, 80, method="koopman" if estimate is rr else "katz", level=1 - estimate.p_value
        )
        assert touching.low == pytest.approx(null, abs=1e-9)
    rd = risk_difference(56, 70, 48, 80, method="miettinen_nurminen")
    touching = risk_difference(56, 70, 48, 80, method="miettinen_nurminen", level=1 - rd.p_value)
    assert touching.low == pytest.approx(0, abs=1e-9)


def test_published_trial() -> None:
    """Sun 2023 JAMA, live birth 135/357 against 139/358: RD -1.0% (-8.1 to 6.1), RR 0.97 (0.81-1.17)."""
    rd, rr = risk_difference(135, 357, 139, 358), risk_ratio(135, 357, 139, 358)
    assert [round(100 * x, 1) for x in (rd.value, rd.low, rd.high)] == [-1.0, -8.1, 6.1]
    assert [round(x, 2) for x in (rr.value, rr.low, rr.high)] == [0.97, 0.81, 1.17]
    assert round(rr.p_value, 2) == 0.78


def test_empty_groups_and_katz_without_events() -> None:
    for method in DIFFERENCES:
        assert risk_difference(0, 0, 3, 5, method=method).reason == "no patients in a group"
    for method in RATIOS:
        empty = risk_ratio(3, 5, 0, 0, method=method)
        assert (empty.value, empty.low, empty.high, empty.p_value) == (None, None, None, None)
    katz = risk_ratio(0, 5, 3, 5, method="katz")
    assert (katz.value, katz.low, katz.high) == (0.0, None, None)
    assert "use koopman" in katz.reason


def test_arrays_equal_the_scalar_calls() -> None:
    events1, events0 = np.meshgrid(np.arange(5), np.arange(4), indexing="ij")
    for call, methods in ((risk_difference, DIFFERENCES), (risk_ratio, RATIOS)):
        for method in methods:
            table = call(events1, 4, events0, 3, method=method)
            for place in np.ndindex(events1.shape):
                one = call(int(events1[place]), 4, int(events0[place]), 3, method=method)
                for name in ("value", "low", "high", "p_value"):
                    cell, number = getattr(table, name)[place], getattr(one, name)
                    assert (cell is np.ma.masked) if number is None else cell == pytest.approx(number)
                assert table.reason[place] == one.reason


def test_wrong_order_is_said() -> None:
    with pytest.raises(CountError, match="group 1 has more events than patients"):
        risk_ratio(70, 56, 48, 80)


def enumerate_coverage(call: object, n1: int, n0: int, method: str, ratio: bool) -> np.ndarray:
    risks = np.linspace(0.05, 0.95, 19)
    x1, x0 = np.meshgrid(np.arange(n1 + 1), np.arange(n0 + 1), indexing="ij")
    estimate = call(x1, n1, x0, n0, method=method)  # type: ignore[operator]
    low, high = estimate.low.filled(-np.inf), estimate.high.filled(np.inf)
    first = stats.binom.pmf(np.arange(n1 + 1)[:, None], n1, risks)
    second = stats.binom.pmf(np.arange(n0 + 1)[:, None], n0, risks)
    found = []
    for i, p1 in enumerate(risks):
        for j, p0 in enumerate(risks):
            truth = p1 / p0 if ratio else p1 - p0
            covered = (low <= truth + 1e-12) & (truth - 1e-12 <= high)
            found.append(first[:, i] @ covered @ second[:, j])
    return np.array(found)


@pytest.mark.parametrize(("n1", "n0"), [(15, 30), (40, 40)])
@pytest.mark.parametrize(
    ("call", "method"),
    [
        (risk_difference, "newcombe"),
        (risk_difference, "miettinen_nurminen"),
        (risk_ratio, "koopman"),
        (risk_ratio, "mover_r"),
        (risk_ratio, "miettinen_nurminen"),
    ],
)
def test_mean_coverage_is_nominal(
    call: object, method: str, n1: int, n0: int, record_property: pytest.RecordProperty
) -> None:
    """Over 361 pairs of risks, all outcomes enumerated; the minimum is reported with the test."""
    found = enumerate_coverage(call, n1, n0, method, ratio=call is risk_ratio)
    record_property("minimum coverage", float(found.min()))
    assert found.mean() == pytest.approx(0.95, abs=0.01)
    assert found.min() > 0.92
