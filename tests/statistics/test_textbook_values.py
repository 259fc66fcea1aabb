"""More published values than the list of reference values has, each with the place where it is printed."""

from __future__ import annotations

import pytest

from report_helpers.statistics import (
    Estimate,
    e_value,
    independence,
    mantel_haenszel,
    odds_ratio,
    proportion,
    risk_difference,
    risk_ratio,
    trend,
)


def limits(estimate: Estimate) -> tuple[float | None, float | None]:
    return estimate.low, estimate.high


@pytest.mark.parametrize(
    ("method", "printed"),
    [
        ("wilson", (0.5699, 0.9341)),
        ("clopper_pearson", (0.5435, 0.9595)),
        ("jeffreys", (0.5792, 0.9442)),
    ],
)
def test_ligarden_2010(method: str, printed: tuple[float, float]) -> None:
    """13 of 16: Fagerland, Lydersen, Laake 2017, chapter 2."""
    assert limits(proportion(13, 16, method)) == pytest.approx(printed, abs=5.1e-5)


def test_the_smallest_groups() -> None:
    """0 and 1 of 1, Clopper-Pearson: the tail's chance itself."""
    assert limits(proportion(0, 1, "clopper_pearson")) == pytest.approx((0, 0.975))
    assert limits(proportion(1, 1, "clopper_pearson")) == pytest.approx((0.025, 1))


def test_newcombe_1998_example_d() -> None:
    """5/56 and 0/29: Newcombe 1998 Table II, (d), methods 10 and 6."""
    assert limits(risk_difference(5, 56, 0, 29)) == pytest.approx((-0.0381, 0.1926), abs=5.1e-5)
    score = risk_difference(5, 56, 0, 29, method="miettinen_nurminen")
    assert limits(score) == pytest.approx((-0.0326, 0.1933), abs=5.1e-5)


@pytest.mark.parametrize(
    ("table", "mover", "score"),
    [
        ((24, 73, 53, 65), (0.282, 0.563), (0.280, 0.560)),
        ((29, 55, 11, 11), (0.398, 0.761), (0.397, 0.742)),
        ((7, 18, 1, 18), (1.277, 40.751), (1.296, 42.544)),
    ],
)
def test_fagerland_and_newcombe_2013(
    table: tuple[int, int, int, int], mover: tuple[float, float], score: tuple[float, float]
) -> None:
    """Fagerland MW, Newcombe RG. Stat Med 2013;32:2823-2836: MOVER-R and Miettinen-Nurminen, three trials.

    The digits are those of the tests of R's ratesci; the paper prints the last pair as 1.27 to 40.8.
    """
    assert limits(risk_ratio(*table, method="mover_r")) == pytest.approx(mover, abs=5.1e-4)
    assert limits(risk_ratio(*table, method="miettinen_nurminen")) == pytest.approx(score, abs=5.1e-4)


@pytest.mark.parametrize(
    ("table", "printed"), [((8, 15, 4, 15), (0.815, 5.336)), ((6, 10, 6, 20), (0.844, 4.594))]
)
def test_gart_and_nam_1988(table: tuple[int, int, int, int], printed: tuple[float, float]) -> None:
    """Gart JJ, Nam J. Biometrics 1988;44:323-338: the score limits without correction for skewness."""
    assert limits(risk_ratio(*table)) == pytest.approx(printed, abs=5.1e-4)


def test_score_limits_without_events_in_the_reference_group() -> None:
    """3/4 and 0/2: Koopman 0.8257, Miettinen-Nurminen 0.7113 (tests of R's contingencytables, chapter 4)."""
    assert risk_ratio(3, 4, 0, 2).low == pytest.approx(0.8257, abs=5.1e-5)
    assert risk_ratio(3, 4, 0, 2, method="miettinen_nurminen").low == pytest.approx(0.7113, abs=5.1e-5)


def test_millions_on_both_sides() -> None:
    """2,000,000 of 2,000,002 and 2: all but 1 (tests of R's contingencytables, chapter 4)."""
    found = risk_difference(2_000_000, 2_000_002, 2, 2_000_002, method="miettinen_nurminen")
    assert limits(found) == pytest.approx((1, 1), abs=5.1e-5)
    assert found.low < found.value < found.high < 1


def test_a_lady_tasting_tea() -> None:
    """3 of 4 and 1 of 4: Fisher 1935, P = 17/35 two-sided; Pearson's chi-square is 2, P=0.1573."""
    assert independence(3, 4, 1, 4, method="fisher").p_value == pytest.approx(17 / 35)
    assert independence(3, 4, 1, 4, method="fisher", alternative="greater").p_value == pytest.approx(17 / 70)
    pearson = independence(3, 4, 1, 4, method="pearson")
    assert (pearson.value, pearson.p_value) == pytest.approx((2, 0.15730), abs=5.1e-6)
    exact = odds_ratio(3, 4, 1, 4, method="conditional_exact")  # R: fisher.test(rbind(c(3, 1), c(1, 3)))
    assert (exact.value, exact.low, exact.high) == pytest.approx(
        (6.408308867, 0.2117329232, 621.9337505), rel=1e-2
    )


def test_doll_and_hill_1950() -> None:
    """Smoking and lung cancer, men and women: Fagerland, Lydersen, Laake 2017, chapter 10.

    The limits of the odds ratio are R's (mantelhaen.test); those of contingencytables (2.3556 to 8.6880)
    mistake one sum of the Robins-Breslow-Greenland variance.
    """
    tables = [(647, 1269, 2, 29), (41, 69, 19, 51)]
    ratio = mantel_haenszel(tables)
    assert ratio.value == pytest.approx(4.5239, abs=5.1e-5)
    assert limits(ratio) == pytest.approx((2.417100549, 8.467088712), rel=1e-9)
    assert ratio.p_value == pytest.approx(5.975848e-07, rel=1e-6)
    risks = mantel_haenszel(tables, measure="risk_ratio")
    assert (risks.value, *limits(risks)) == pytest.approx((2.4751, 1.5831, 3.8698), abs=5.1e-5)
    difference = mantel_haenszel(tables, measure="risk_difference")
    assert (difference.value, *limits(difference)) == pytest.approx((0.3294, 0.2281, 0.4307), abs=5.1e-5)


def test_malformations_by_alcohol() -> None:
    """After Mills and Graubard 1987, scores 1 to 4: Z 0.817, P=0.41391 (contingencytables, chapter 5)."""
    test = trend([48, 38, 5, 1], [1754, 1484, 83, 13])
    assert test.value == pytest.approx(0.817, abs=5.1e-4)
    assert test.p_value == pytest.approx(0.41391, abs=5.1e-6)


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        ((10.73, 8.02, 14.36), (20.95, 15.52)),
        ((0.80, 0.71, 0.91), (1.81, 1.43)),
        ((3.9, 1.8, 8.7), (7.26, 3.0)),
    ],
)
def test_e_values_of_three_studies(ratio: tuple[float, float, float], expected: tuple[float, float]) -> None:
    """VanderWeele and Ding 2017 and the vignette of R's EValue."""
    found = e_value(*ratio)
    assert (round(found.value, 2), round(found.low, 2)) == expected
