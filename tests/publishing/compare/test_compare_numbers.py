"""Two invented ledgers: what changed, what appeared, what went, and which conclusions crossed a line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from report_helpers.publishing.compare.conclusions import crossings
from report_helpers.publishing.compare.numbers import Change, Entry, compare_numbers
from report_helpers.publishing.compare.scales import in_words, is_p_value, null_value

RATIO = Entry("a.risk_ratio", "1.50 (95% CI 1.10–2.00)", 1.5, 1.1, 2.0, 0.02, 90, "Koopman")
SHORT = replace(RATIO, text="1.50 (1.10–2.00)")


def changed(old: Entry, new: Entry) -> tuple[Change, ...]:
    return compare_numbers([old], [new]).changed


def kinds(old: Entry, new: Entry) -> list[str]:
    return [each.kind for each in crossings(changed(old, new))]


def test_a_ledger_does_not_differ_from_itself() -> None:
    changes = compare_numbers([RATIO, SHORT], [RATIO, SHORT])
    assert (changes.changed, changes.appeared, changes.gone, changes.same) == ((), (), (), 1)


def test_numbers_change_appear_and_go() -> None:
    old = [Entry("n", "734", 734), Entry("gone", "1", 1), Entry("kept", "2", 2)]
    new = [Entry("kept", "2", 2), Entry("n", "735", 735), Entry("come", "3", 3)]
    changes = compare_numbers(old, new)
    assert [(each.key, each.old.text, each.new.text) for each in changes.printed] == [("n", "734", "735")]
    assert [each.key for each in changes.appeared] == ["come"]
    assert [each.key for each in changes.gone] == ["gone"]
    assert changes.same == 1


def test_a_number_now_printed_in_a_table_only_has_not_changed() -> None:
    assert compare_numbers([RATIO, SHORT], [SHORT]).changed == ()


def test_of_several_printed_forms_the_same_are_held_against_each_other() -> None:
    other = replace(RATIO, value=1.6, text="1.60 (95% CI 1.20–2.10)")
    (change,) = compare_numbers([SHORT, RATIO], [other]).changed
    assert (change.old.text, change.new.text) == (RATIO.text, other.text)


@pytest.mark.parametrize(
    "new", [replace(RATIO, value=1.5004), replace(RATIO, method="Katz"), replace(RATIO, n=91)]
)
def test_what_no_reader_sees_is_told_apart(new: Entry) -> None:
    changes = compare_numbers([RATIO], [new])
    assert changes.printed == ()
    assert [each.key for each in changes.unseen] == ["a.risk_ratio"]


def test_the_last_bits_of_a_sum_are_no_change() -> None:
    assert changed(RATIO, replace(RATIO, value=1.5 + 1e-15)) == ()


def test_words_of_a_number_can_change_alone() -> None:
    (change,) = changed(RATIO, replace(RATIO, text="1.5 (1.1 to 2.0)"))
    assert change.printed


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (RATIO, replace(RATIO, low=1.2), []),
        (RATIO, replace(RATIO, low=0.99), ["interval"]),
        (RATIO, replace(RATIO, low=1.0), ["interval"]),
        (RATIO, replace(RATIO, value=0.9, low=0.7, high=1.2), ["direction", "interval"]),
        (RATIO, replace(RATIO, value=0.7, low=0.5, high=0.9), ["direction"]),
        (RATIO, replace(RATIO, p=0.05), ["p"]),
        (RATIO, replace(RATIO, p=0.049), []),
        (RATIO, replace(RATIO, value=None, low=None, high=None, p=None, reason="too few"), ["estimable"]),
        (replace(RATIO, value=None, low=None, high=None), RATIO, ["estimable"]),
    ],
)
def test_a_ratio_crosses_lines_at_one(old: Entry, new: Entry, expected: list[str]) -> None:
    assert sorted(kinds(old, new)) == expected


def test_a_difference_crosses_lines_at_nought() -> None:
    old = Entry("a.risk_difference", "5.0 (1.0 to 9.0)", 0.05, 0.01, 0.09)
    assert kinds(old, replace(old, low=-0.01)) == ["interval"]
    assert kinds(old, replace(old, value=-0.05, low=-0.09, high=-0.01)) == ["direction"]
    assert kinds(old, replace(old, value=0.99, high=1.01)) == []


def test_a_p_value_and_its_estimate_tell_of_the_crossing_once() -> None:
    old = [Entry("a.risk_ratio", "1.5", 1.5, p=0.04), Entry("a.p", "P=0.040", 0.04, p=0.04)]
    new = [Entry("a.risk_ratio", "1.4", 1.4, p=0.06), Entry("a.p", "P=0.060", 0.06, p=0.06)]
    (crossing,) = crossings(compare_numbers(old, new).changed)
    assert (crossing.key, crossing.kind) == ("a.p", "p")
    assert "0.040 → 0.060" in crossing.said


def test_a_p_value_near_the_border_is_shown_on_its_side() -> None:
    (crossing,) = crossings(changed(Entry("a.p", "0.050", 0.04999), Entry("a.p", "0.05", 0.0501)))
    assert "0.049990 → 0.050100" in crossing.said


def test_the_words_of_a_finding_or_of_a_claim_are_a_conclusion() -> None:
    assert kinds(Entry("a.finding", "higher", "higher"), Entry("a.finding", "unclear", "unclear")) == [
        "finding"
    ]
    assert kinds(Entry("claims.x", "several", True), Entry("claims.x", "[claim fails]", False)) == ["finding"]
    assert kinds(Entry("a.n", "7", 7), Entry("a.n", "8", 8)) == []


def test_scales_are_told_by_the_last_part_of_a_key() -> None:
    ones = [
        "x.odds_ratio",
        "x.imputed_risk_ratio",
        "i.ratio_of_odds_ratios",
        "x.risk_ratio_bootstrap",
        "x.poisson",
    ]
    noughts = [
        "x.risk_difference",
        "i.difference_of_risk_differences",
        "i.reri",
        "x.risk_difference_bootstrap",
    ]
    none = [
        "x.p",
        "x.risk_ratio_p",
        "x.holm",
        "operating.risk_ratio.bias",
        "x.proportion_ratios_n",
        "x.ration",
    ]
    assert [null_value(key) for key in ones] == [1.0] * len(ones)
    assert [null_value(key) for key in noughts] == [0.0] * len(noughts)
    assert [null_value(key) for key in none] == [None] * len(none)
    assert is_p_value("x.risk_ratio_p")
    assert not is_p_value("x.step")
    assert in_words("a_b.risk_ratio_p") == "a b: risk ratio, P"
