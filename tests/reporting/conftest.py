"""A small study with made-up numbers: reporting is tested on what it prints, not on what was computed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from report_helpers import analyse
from report_helpers.reporting import Report
from report_helpers.results.model import (
    Baseline,
    BaselineColumn,
    Bounds,
    MissingRow,
    Provenance,
    Results,
    Summary,
    TreatmentStart,
)
from report_helpers.results.sensitivity import CutoffCurve, SelectionRow, Sensitivity
from report_helpers.statistics import Interaction
from report_helpers.study.flow import Flow

from .stand_ins import (
    NO_RATIO,
    RATIO,
    adjusted_contrast,
    category_row,
    comparison,
    contrast,
    estimate,
    number_row,
    profile,
    small_flow,
    study,
)


@pytest.fixture
def flow() -> Flow:
    return small_flow()


@pytest.fixture
def results() -> Results:
    regulated = profile(
        "regulated",
        "Regulated profile",
        {
            "any": contrast("regulated.any", "Any"),
            "after": contrast("regulated.after", "After transfer", NO_RATIO),
        },
        {"none": "No immunotherapy", "before": "Before transfer"},
    )
    dysregulated = profile(
        "dysregulated",
        "Dysregulated profile",
        {
            "any": contrast("dysregulated.any", "Any immunotherapy"),
            "both": contrast("dysregulated.both", "Both"),
            "increased_nk": contrast("dysregulated.increased_nk", "Increased NK cells", overlapping=True),
            "prednisone": contrast("dysregulated.prednisone", "Prednisone alone"),
        },
        {"none": "No immunotherapy", "prednisone": "Prednisone alone"},
    )
    main = comparison((56, 116, 5, 12), RATIO)
    columns = [("regulated_untreated", 22), ("regulated_treated", 61), ("dysregulated_untreated", 12),
               ("dysregulated_treated", 116)]  # fmt: skip
    return Results(
        study=study(),
        data=Provenance("cohort.csv", True, 1734, "0123456789abcdef" * 4),
        flow=small_flow(),
        baseline=Baseline(
            tuple(BaselineColumn(key, key, n) for key, n in columns), (number_row(), category_row())
        ),
        regulated=regulated,
        dysregulated=dysregulated,
        interaction=Interaction(
            RATIO,
            RATIO,
            estimate(0.297, 0.043, 0.552, 356, "Wald"),
            replace(estimate(0.73, -0.1, 1.17, 356, "delta"), p_value=0.0012),
        ),
        adjusted={
            "dysregulated.any": adjusted_contrast("dysregulated.any", "Any immunotherapy"),
            "dysregulated.both": adjusted_contrast(
                "dysregulated.both", "Both", "5.0 events per model term, fewer than 10: not adjusted"
            ),
        },
        joint={"regulated_treated": main, "dysregulated_untreated": main, "dysregulated_treated": main},
        sensitivity={
            "dysregulated": {
                "main": Sensitivity("main", "Any immunotherapy (main analysis)", 0, main),
                "planned": Sensitivity("planned", "Plan documented before transfer", 30, main),
            }
        },
        cutoff_curves={
            "nk": CutoffCurve(
                "nk",
                "Increased NK cells",
                "percent of endometrial leucocytes",
                50.0,
                0.95,
                "Koopman",
                (40.0, 50.0, 60.0),
                (100, 80, 40),
                (30, 20, 4),
                (1.2, 1.5, None),
                (0.9, 1.05, None),
                (1.8, 2.4, None),
            )
        },
        selection=(
            SelectionRow(
                "age_years",
                "Age",
                "years",
                "number",
                False,
                (),
                Summary(234, 3, 35.1, 4.2, 35.0, 32.0, 38.0),
                Summary(1500, 20, 36.0, 4.5, 36.0, 33.0, 39.0),
                -0.21,
            ),
        ),
        treatment_start={
            "after": TreatmentStart("after", "After transfer", 38, 37, -3.0, -5.5, 2.0, 35, 0, 38, 19)
        },
        missing=(
            MissingRow("age_years", "Age", 3, 234),
            MissingRow("gestational_sacs", "Implantation", 40, 234),
        ),
        bounds={"dysregulated.any": Bounds("dysregulated.any", "Any", 4, 3, main, main)},
        software={"python": "3.11.7"},
    )


@pytest.fixture(scope="session")
def shipped(root: Path) -> Results:
    """The whole results of the shipped study, for what must hold of them too."""
    return analyse(root / "study.yml")


@pytest.fixture
def r(results: Results) -> Report:
    return Report(results)
