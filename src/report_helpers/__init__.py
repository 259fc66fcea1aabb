"""Tested helpers for a clinical cohort manuscript in which every number is computed.

Chapters start from ``analyse()``, which returns one immutable ``Results``. Names are loaded when first
used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from report_helpers import statistics
    from report_helpers.results import Results, analyse

__version__ = "0.1.0"
__all__ = ["Results", "__version__", "analyse", "statistics"]


def __getattr__(name: str) -> object:
    """Load a public name on first use."""
    if name == "statistics":
        return import_module("report_helpers.statistics")
    if name in ("analyse", "Results"):
        return getattr(import_module("report_helpers.results"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
