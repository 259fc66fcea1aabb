"""Checks of a manuscript before anyone reads it: each reads the sources and what was rendered of them."""

from __future__ import annotations

from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.run import check, check_sources

__all__ = ["Finding", "check", "check_sources"]
