"""Passages: the words agree with the numbers among them, and every number keeps its key."""

from __future__ import annotations

from dataclasses import replace

import pytest

from report_helpers.errors import ManuscriptError
from report_helpers.reporting import Report, Reported
from report_helpers.reporting.passages import Passage
from report_helpers.results import Results
from report_helpers.results.model import TreatmentStart

from .stand_ins import NO_RATIO, RATIO, comparison


def with_counts(results: Results, counts: tuple[int, int, int, int]) -> Report:
    main = results.dysregulated.contrasts["any"]
    found = comparison(counts, NO_RATIO if 0 in counts[1::2] else RATIO)
    contrast = replace(main, outcomes={"implantation": found})
    profile = replace(results.dysregulated, contrasts={"any": contrast})
    return Report(replace(results, dysregulated=profile))


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        (
            (56, 116, 5, 12),
            "implantation followed in 56/116 (48.3%) of the treated and 5/12 of the untreated, risk "
            "ratio 1.34 (95% CI 1.05–1.71), P=0.013, Holm-corrected P<0.001",
        ),
        ((0, 0, 5, 12), "there were no treated patients; implantation followed in 5/12 of the untreated"),
        ((5, 12, 0, 0), "implantation followed in 5/12 of the treated; there were no untreated patients"),
        ((0, 0, 0, 0), "there were no patients to compare"),
    ],
)
def test_an_account_says_who_is_missing(
    results: Results, counts: tuple[int, int, int, int], told: str
) -> None:
    assert str(with_counts(results, counts).dysregulated.any.short_account) == told


def test_an_account_can_leave_out_what_stands_elsewhere(r: Report) -> None:
    full, short, plain = (
        str(r[f"dysregulated.any.{name}"]) for name in ("account", "short_account", "uncorrected_account")
    )
    assert full.replace("risk difference 12.3 percentage points (95% CI −3.1 to 21.0), ", "") == short
    assert full.removesuffix(", Holm-corrected P<0.001") == plain


def test_a_finding_is_said_with_the_ratio_that_decides_it(results: Results) -> None:
    found = with_counts(results, (56, 116, 5, 40)).dysregulated.any.finding_and_ratio
    assert str(found) == "higher, risk ratio 1.34 (95% CI 1.05–1.71)"


def test_each_number_of_a_passage_keeps_its_key_and_enters_the_ledger(r: Report) -> None:
    shown = r.regulated.any.sacs_per_embryo.ratio_and_counts._repr_markdown_()
    assert shown.startswith('[[1.34 (95% CI 1.05–1.71)]{.num key="regulated.any.sacs_per_embryo.risk_ratio"}')
    assert shown.endswith(')]{.told key="regulated.any.sacs_per_embryo.ratio_and_counts"}')
    assert [entry.key.rsplit(".", 1)[1] for entry in r.ledger] == [
        "risk_ratio", "events_of_n", "reference_events_of_n"
    ]  # fmt: skip


def test_a_passage_is_no_value(r: Report) -> None:
    assert isinstance(r.dysregulated.any.account, Passage)
    with pytest.raises(ManuscriptError, match="passage of several values"):
        r.value("dysregulated.any.account")
    assert "account" in dir(r.dysregulated.any)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {},
            "For the 38 patients treated after transfer, the day of the first dose was known in 37; "
            "its median, counted from the transfer, was day −3.0 (−5.5 to 2.0), with quartiles in "
            "parentheses and a minus sign for days before it. The first dose came later than the "
            "pregnancy test in 0/35 (0.0%) of those with both dates. Treatment was documented as "
            "planned before the transfer in 19/38 (50.0%) of those in whom this was recorded.",
        ),
        (
            {"patients": 1, "known": 0, "hcg_known": 0, "plan_known": 0},
            "For the 1 patient treated after transfer, the day of the first dose was not recorded. "
            "Whether it had been planned before the transfer was not recorded.",
        ),
        ({"patients": 0}, "No patient was treated after transfer."),
    ],
)
def test_the_start_of_treatment_is_said_as_far_as_it_is_known(
    results: Results, changes: dict[str, int], told: str
) -> None:
    start: TreatmentStart = replace(results.treatment_start["after"], **changes)
    r = Report(replace(results, treatment_start={"after": start}))
    assert str(r.treatment_start.after.account) == told


def test_a_curve_without_an_estimate_says_so(results: Results) -> None:
    curve = results.cutoff_curves["nk"]
    ratios = {
        (1.2, 1.5, None): "lay between 1.20 and 1.50",
        (1.2, 1.201, None): "was 1.20",
        (None,) * 3: "could not be estimated at any cut-off",
    }
    for values, told in ratios.items():
        r = Report(replace(results, cutoff_curves={"nk": replace(curve, risk_ratio=values)}))
        assert str(r.cutoff_curves.nk.account) == told


def test_what_excluded_patients_lack_is_left_out_of_the_comparison(results: Results, r: Report) -> None:
    told = "Between eligible and excluded patients the standardised difference was −0.21 for age."
    assert str(r.selection_account) == told
    nothing = Report(replace(results, selection=()))
    assert str(nothing.selection_account).startswith("Of what is adjusted for, nothing is recorded")


def test_words_agree_with_their_number() -> None:
    told = [
        str(Reported(str(n), "flow.eligible", n).counted("patient was", "patients were")) for n in (0, 1, 2)
    ]
    assert told == ["0 patients were", "1 patient was", "2 patients were"]
    shown = Reported("1", "flow.eligible", 1).counted("patient*", "patients")._repr_markdown_()
    assert shown == '[1]{.num key="flow.eligible"} patient\\*'


def test_all_results_at_once_are_no_text(r: Report) -> None:
    told = "[all results of cohort.csv: 1734 screened, 211 analysed; name one of them to print it]"
    assert repr(r.results) == str(r.results) == told
