"""A renderer for Quarto projects that needs nothing but Python packages.

It reads the dialect of Quarto that manuscripts use, runs the code once, and writes HTML, PDF and Word from
the same document. It imports nothing of the package around it.

Examples
--------
>>> from report_helpers.publishing.builtin import render
>>> rendered = render("my-manuscript", ["html", "pdf"], "output")  # doctest: +SKIP
>>> rendered.paths["pdf"].name  # doctest: +SKIP
'index.pdf'
"""

from .errors import EngineError
from .render import Rendered, render

__all__ = ["EngineError", "Rendered", "render"]
