"""Two versions of a manuscript held side by side: their numbers, conclusions, sentences and words."""

from __future__ import annotations

from report_helpers.publishing.compare.comparison import Comparison, compare

__all__ = ["Comparison", "compare"]
