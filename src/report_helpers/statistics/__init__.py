"""Statistics of counts: numbers in, a frozen ``Estimate`` out.

Every function of two groups takes ``events1, n1, events0, n0`` and compares group 1 with the reference
group 0. Nothing here formats, reads files or knows the study.
"""

from report_helpers.statistics.contrasts import risk_difference, risk_ratio
from report_helpers.statistics.estimate import CountError, Estimate
from report_helpers.statistics.proportions import proportion

__all__ = [
    "CountError",
    "Estimate",
    "proportion",
    "risk_difference",
    "risk_ratio",
]
