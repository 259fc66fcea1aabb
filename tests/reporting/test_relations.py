"""Which value of an estimate means no difference, and which words say what decides."""

from __future__ import annotations

import pytest

from report_helpers.reporting import Report
from report_helpers.reporting.criterion import null_of
from report_helpers.reporting.relations import DECIDES
from report_helpers.results.model import Results


@pytest.mark.parametrize(
    ("name", "null"),
    [
        ("risk_ratio", 1.0),
        ("ratio_of_odds_ratios", 1.0),
        ("imputed_risk_difference", 0.0),
        ("difference_of_risk_differences", 0.0),
        ("reri", 0.0),
        ("poisson", 1.0),
        ("risk_ratio_p", None),
        ("risk_ratio_n", None),
        ("infertility_duration_years", None),
        ("rate", None),
    ],
)
def test_a_name_tells_the_value_of_no_difference(name: str, null: float | None) -> None:
    assert null_of(name) == null


def test_what_decides_between_two_methods_is_printed_by_the_methods(results: Results) -> None:
    assert "interval" in Report(results).value(DECIDES).text
