"""The tables of the manuscript, each a function of the report ``r``."""

from report_helpers.reporting.tables.baseline import baseline
from report_helpers.reporting.tables.comparisons import (
    bounds,
    dysregulation,
    outcomes,
    regimens,
    regulated,
)
from report_helpers.reporting.tables.operating import operating_characteristics
from report_helpers.reporting.tables.supplement import definitions, dictionary, missing

__all__ = [
    "baseline",
    "bounds",
    "definitions",
    "dictionary",
    "dysregulation",
    "missing",
    "operating_characteristics",
    "outcomes",
    "regimens",
    "regulated",
]
