"""What the chapters print through ``r``: exact strings, exact keys, and a ledger that forgets nothing."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from report_helpers.errors import ManuscriptError
from report_helpers.reporting import Report, Reported
from report_helpers.reporting.report import UnknownResultError
from report_helpers.results.model import Results
from report_helpers.statistics import Estimate


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("flow.screened", "1,734"),
        ("flow.steps.no_transfer.excluded", "1,500"),
        ("flow.excluded_of_screened", "1,500/1,734 (86.5%)"),
        ("flow.groups.dysregulated.arms.both.arms.treated.n", "116"),
        ("dysregulated.prednisone.count", "56/116"),
        ("dysregulated.prednisone.events_of_n", "56/116 (48.3%)"),
        ("dysregulated.prednisone.rate", "48.3% (95% CI 41.0–55.4)"),
        ("dysregulated.prednisone.reference_count", "5/12"),
        ("dysregulated.prednisone.reference_events_of_n", "5/12"),
        ("dysregulated.prednisone.reference_rate", "5/12"),
        ("dysregulated.prednisone.risk_difference", "12.3 percentage points (95% CI −3.1 to 21.0)"),
        ("dysregulated.prednisone.risk_ratio", "1.34 (95% CI 1.05–1.71)"),
        ("dysregulated.prednisone.p", "P=0.013"),
        ("dysregulated.prednisone.holm", "P<0.001"),
        ("dysregulated.prednisone.direction", "higher"),
        ("dysregulated.prednisone.n", "116"),
        ("dysregulated.prednisone.label", "Prednisone alone"),
        ("dysregulated.prednisone.sacs_per_embryo.p", "P not calculated"),
        ("dysregulated.prednisone.sacs_per_embryo.count", "60/160"),
        ("dysregulated.none.events_of_n", "10/25 (40.0%)"),
        ("dysregulated.none.patients", "25"),
        ("regulated.eligible", "130"),
        (
            "regulated.after.risk_ratio",
            "not estimable (no events in the untreated group; 95% CI from 1.20, no upper limit)",
        ),
        ("interaction.ratio_of_risk_ratios", "1.34 (95% CI 1.05–1.71)"),
        ("interaction.difference_of_risk_differences", "29.7 percentage points (95% CI 4.3 to 55.2)"),
        ("interaction.reri_p", "P=0.001"),
        ("interaction.reri", "0.73 (95% CI −0.10 to 1.17)"),
        ("bounds.dysregulated.any.best.risk_ratio", "1.34 (95% CI 1.05–1.71)"),
        ("bounds.dysregulated.any.unknown_treated", "4"),
        ("baseline.columns.regulated_treated.n", "61"),
        ("baseline.age_years.smd_regulated", "0.24"),
        ("baseline.age_years.smd_dysregulated", "0.00"),
        ("baseline.age_years.regulated_untreated.mean_sd", "35.2 (4.2)"),
        ("baseline.oocyte_source.regulated_treated.own", "60 (98.4%)"),
        ("baseline.oocyte_source.smd_regulated", "not estimable"),
        ("treatment_start.after.median", "−3"),
        ("treatment_start.after.median_iqr", "−3.0 (−5.5 to 2.0)"),
        ("treatment_start.after.after_hcg_of_known", "0/35 (0.0%)"),
        ("missing.age_years.missing_of_n", "3/234 (1.3%)"),
        ("study.period", "January 2022 to December 2023"),
        ("study.period.start", "1 January 2022"),
        ("cutoffs.th1_th2", "10.3 (placeholder)"),
        ("cutoffs.nk", "50% of leucocytes"),
        ("cutoffs.nk.label", "Increased NK cells"),
        ("facts.funding", "[to be supplied]"),
        ("software.python", "3.11.7"),
        ("data.fingerprint", "0123456789ab"),
    ],
)
def test_every_path_prints_as_a_journal_would(r: Report, path: str, text: str) -> None:
    found = r.value(path)
    assert (found.text, found.key) == (text, path)


def test_markdown_is_exactly_the_contract(r: Report) -> None:
    assert r.dysregulated.prednisone.rate._repr_markdown_() == (
        '[48.3% (95% CI 41.0–55.4)]{.num key="dysregulated.prednisone.rate"}'
    )
    assert r.study.period._repr_markdown_() == '[January 2022 to December 2023]{.num key="study.period"}'


def test_markdown_and_html_escape_what_would_be_markup(r: Report) -> None:
    assert r.facts.assay._repr_markdown_() == '[Stain \\*A\\*, 5 µm \\[see note\\]]{.num key="facts.assay"}'
    value = Reported("P<0.001 & more", "a.b")
    assert value.html() == '<span class="num" data-key="a.b">P&lt;0.001 &amp; more</span>'
    assert value._repr_markdown_() == '[P\\<0.001 \\& more]{.num key="a.b"}'
    assert str(value) == "P<0.001 & more"


def test_an_unknown_name_is_answered_with_the_nearest_ones(r: Report) -> None:
    with pytest.raises(
        UnknownResultError, match=r"there is no result r\.dysregulated\.prednison\b"
    ) as caught:
        r.dysregulated.prednison  # noqa: B018
    assert "did you mean 'prednisone'" in str(caught.value)
    with pytest.raises(UnknownResultError, match="nothing further"):
        r.value("flow.screened.more")
    with pytest.raises(UnknownResultError, match="known here: age_years"):
        r.missing.xyz  # noqa: B018
    assert not hasattr(r.flow, "_repr_html_")


def test_a_part_that_holds_several_values_says_so_where_it_is_printed(r: Report) -> None:
    assert "is not one value: add one of" in repr(r.dysregulated.prednisone)
    with pytest.raises(ManuscriptError, match=r"r\.dysregulated\.prednisone is not one value"):
        r.value("dysregulated.prednisone")


def test_the_direction_is_read_from_the_printed_difference(results: Results) -> None:
    def word(value: float | None) -> str:
        main = results.dysregulated.contrasts["any"]
        found = main.outcomes["implantation"]
        changed = replace(found, risk_difference=replace(found.risk_difference, value=value))
        contrast = replace(main, outcomes={"implantation": changed})
        profile = replace(results.dysregulated, contrasts={"any": contrast})
        return str(Report(replace(results, dysregulated=profile)).value("dysregulated.any.direction"))

    assert [word(v) for v in (0.1, -0.1, 0.0004, None)] == ["higher", "lower", "the same", "not comparable"]


def test_the_notice_follows_the_data(r: Report, results: Results) -> None:
    assert "synthetic" in str(r.data.notice)
    real = Report(replace(results, data=replace(results.data, synthetic=False)))
    assert "synthetic" not in str(real.data.notice)


def test_the_ledger_holds_what_was_printed_once_per_place(r: Report) -> None:
    value = r.dysregulated.prednisone.risk_ratio
    assert len(r.ledger) == 0
    value._repr_markdown_()
    value._repr_markdown_()
    value.said("1.34 (1.05–1.71)").html("tbl-regimens")
    r.facts.funding._repr_markdown_()
    text = r.ledger._repr_markdown_()
    content = json.loads(text[text.index(">") + 1 : text.index("</script>")])
    first, second, third = content["numbers"]
    assert sorted(content["methods"]) == ["koopman", "study"]
    assert first == {
        "key": "dysregulated.prednisone.risk_ratio", "text": "1.34 (95% CI 1.05–1.71)", "value": 1.337,
        "low": 1.049, "high": 1.714, "level": 0.95, "p": None, "n": 150, "method": "Koopman",
        "reason": "", "where": "inline", "missing": None, "by": "koopman", "withheld": False,
        "label": "Risk ratio of implantation, prednisone alone against none, dysregulated profile",
    }  # fmt: skip
    assert (second["where"], second["text"]) == ("tbl-regimens", "1.34 (1.05–1.71)")
    assert (third["value"], third["text"]) == (None, "[to be supplied]")


def test_text_and_ledger_give_the_reason_why_there_is_no_estimate(results: Results) -> None:
    none = Estimate(None, None, None, 0.95, None, "Koopman", 20, "no events in group 0")
    regulated = results.regulated
    gone = replace(regulated.contrasts["after"].outcomes["implantation"], risk_ratio=none)
    contrast = replace(regulated.contrasts["after"], outcomes={"implantation": gone})
    r = Report(replace(results, regulated=replace(regulated, contrasts={"after": contrast})))
    assert str(r.regulated.after.risk_ratio) == "not estimable (no events in the untreated group)"
    r.regulated.after.risk_ratio._repr_markdown_()
    assert [entry.reason for entry in r.ledger] == ["no events in the untreated group"]


def test_a_curves_numbers_name_their_method(r: Report) -> None:
    for name in ("lowest", "highest", "range", "points.2.risk_ratio", "points.3.risk_ratio"):
        r.value(f"cutoff_curves.nk.{name}").note("inline")
    assert [entry.method for entry in r.ledger] == ["Koopman"] * 5


def test_the_ledger_is_one_raw_block_that_no_text_can_end(r: Report) -> None:
    r.value("dysregulated.prednisone.holm").note("inline")
    Reported("</script>", "x", ledger=r.ledger).note("inline")
    text = r.ledger._repr_markdown_()
    assert text.startswith('```{=html}\n<script type="application/json" id="numbers">{')
    assert text.endswith("}</script>\n```\n")
    assert text.count("</script>") == 1
    assert "P\\u003c0.001" in text
