"""What is behind each printed number, in words and by name."""

from report_helpers.reporting.explain.explainer import Explainer

__all__ = ["Explainer"]
