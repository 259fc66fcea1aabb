"""The tables of the manuscript, each a function of the report ``r``."""

from report_helpers.reporting.tables.adjusted import adjusted
from report_helpers.reporting.tables.balance import balance
from report_helpers.reporting.tables.baseline import baseline
from report_helpers.reporting.tables.choices import selection, sensitivity
from report_helpers.reporting.tables.comparisons import (
    bounds,
    dysregulation,
    outcomes,
    regimens,
    regulated,
)
from report_helpers.reporting.tables.joint import joint
from report_helpers.reporting.tables.models import models
from report_helpers.reporting.tables.operating import operating_characteristics
from report_helpers.reporting.tables.reported import record, strobe
from report_helpers.reporting.tables.supplement import definitions, dictionary, missing

__all__ = [
    "adjusted",
    "balance",
    "baseline",
    "bounds",
    "definitions",
    "dictionary",
    "dysregulation",
    "joint",
    "missing",
    "models",
    "operating_characteristics",
    "outcomes",
    "record",
    "regimens",
    "regulated",
    "selection",
    "sensitivity",
    "strobe",
]
