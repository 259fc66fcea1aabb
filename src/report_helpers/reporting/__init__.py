"""Results in, things to print out: values, tables and figures. Nothing here computes a statistic."""

from report_helpers.reporting import figures, tables
from report_helpers.reporting.appendix import numbers_appendix
from report_helpers.reporting.claims import according_to, claim
from report_helpers.reporting.report import Report
from report_helpers.reporting.reported import Reported

__all__ = ["Report", "Reported", "according_to", "claim", "figures", "numbers_appendix", "tables"]
