"""One immutable tree of everything that the manuscript prints."""

from report_helpers.results.analysis import analyse
from report_helpers.results.model import (
    Arm,
    Baseline,
    BaselineColumn,
    BaselineRow,
    Bounds,
    Comparison,
    Contrast,
    MissingRow,
    Profile,
    Provenance,
    Results,
    Summary,
    TreatmentStart,
)

__all__ = [
    "Arm",
    "Baseline",
    "BaselineColumn",
    "BaselineRow",
    "Bounds",
    "Comparison",
    "Contrast",
    "MissingRow",
    "Profile",
    "Provenance",
    "Results",
    "Summary",
    "TreatmentStart",
    "analyse",
]
