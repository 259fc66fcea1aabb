"""Numbers as journals print them: exact strings at the edges, and properties over the whole range."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_helpers.reporting import formats

shares = st.floats(0, 1, allow_nan=False)


def number(text: str) -> float:
    return float(text.replace(",", "").replace(formats.MINUS, "-"))


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0, "P<0.001"), (0.000999, "P<0.001"), (0.001, "P=0.001"), (0.0051, "P=0.005"), (0.013, "P=0.013"),
        (0.0496, "P=0.0496"), (0.04996, "P=0.04996"), (0.05, "P=0.050"), (0.0995, "P=0.10"), (0.78, "P=0.78"),
        (0.9949, "P=0.99"), (0.995, "P>0.99"), (1, "P>0.99"),
        (0.049999999999, "P<0.05"), (None, "P not calculated"),
    ],
)  # fmt: skip
def test_p_value(p: float | None, text: str) -> None:
    assert formats.p_value(p) == text


@given(shares)
def test_p_value_never_claims_what_is_not_so(p: float) -> None:
    text = formats.p_number(p)
    assert number(text.strip("<>")) > 0
    if text[0] in "<>":
        assert p < number(text[1:]) if text[0] == "<" else p > number(text[1:])
    else:
        assert number(text) == pytest.approx(p, abs=0.005)
        assert (number(text) < 0.05) == (p < 0.05)


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan")])
def test_p_value_outside_its_range_is_refused(p: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        formats.p_number(p)


@given(st.integers(-(10**9), 10**9))
def test_count_keeps_its_digits(value: int) -> None:
    assert number(formats.count(value)) == value
    assert re.fullmatch(r"−?\d{1,3}(,\d{3})*", formats.count(value))


@given(st.floats(-1e6, 1e6, allow_nan=False), st.integers(0, 3))
def test_decimal_round_trip(value: float, places: int) -> None:
    text = formats.decimal(value, places)
    assert number(text) == pytest.approx(value, abs=0.5000001 * 10**-places)
    assert "-" not in text
    assert number(text) != 0 or not text.startswith(formats.MINUS)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (0.0009, "<0.001"), (0.00994, "0.0099"), (0.034, "0.034"), (0.0996, "0.10"), (1, "1.00"),
        (1.337, "1.34"), (9.994, "9.99"), (9.996, "10.0"), (99.96, "100"), (1234.5, "1,234"),
    ],
)  # fmt: skip
def test_ratio(value: float, text: str) -> None:
    assert formats.ratio(value) == text


@given(st.floats(0.001, 1e5))
def test_ratio_round_trip(value: float) -> None:
    assert number(formats.ratio(value)) == pytest.approx(value, rel=0.051)


@given(st.integers(0, 400), st.integers(1, 400))
def test_a_percentage_always_has_its_denominator(events: int, n: int) -> None:
    events = min(events, n)
    text = formats.events_of_n(events, n)
    assert text.startswith(f"{events}/{n}")
    assert ("%" in text) == (n >= 20)


@pytest.mark.parametrize(
    ("low", "high", "spelled", "text"),
    [
        (0.41, 0.554, False, "41.0–55.4"), (-0.031, 0.21, False, "−3.1 to 21.0"),
        (0.031, 0.21, True, "3.1 to 21.0"),
        (0.011, None, False, "from 1.1, no upper limit"), (None, 0.5, True, "up to 50.0, no lower limit"),
        (None, None, False, "not estimable"),
    ],
)  # fmt: skip
def test_limits(low: float | None, high: float | None, spelled: bool, text: str) -> None:
    assert formats.limits(low, high, formats.percentage, spelled=spelled) == text


def test_limits_below_the_smallest_ratio_are_joined_in_words() -> None:
    assert formats.limits(0.0002, 0.4, formats.ratio) == "<0.001 to 0.40"


def test_period_names_whole_months() -> None:
    assert formats.period(date(2022, 1, 1), date(2023, 12, 31)) == "January 2022 to December 2023"
    assert formats.period(date(2022, 1, 2), date(2023, 12, 31)) == "2 January 2022 to 31 December 2023"


def test_summaries() -> None:
    assert formats.mean_sd(34.24, 4.06) == "34.2 (4.1)"
    assert formats.mean_sd(34.24, None) == "34.2"
    assert formats.mean_sd(None, None) == "no data"
    assert formats.median_iqr(3.0, 2.0, 4.0) == "3 (2–4)"
    assert formats.median_iqr(3.0, 2.5, 4.0) == "3.0 (2.5–4.0)"
    assert formats.median_iqr(-5.0, -9.0, 2.0) == "−5 (−9 to 2)"
    assert [formats.plain(v) for v in (10.0, 10.3, 2.456)] == ["10", "10.3", "2.46"]
