"""Judge what pandoc said while writing: a warning that something was lost is an error here."""

from __future__ import annotations

import re

from ..errors import CitationError, Problem, WriterError

_WARNING = re.compile(r"^\[WARNING\] (?P<text>.*(?:\n(?!\[).*)*)", re.MULTILINE)
_CITATION = re.compile(r"Citeproc: citation (?P<key>\S+) not found")
# Said of documents in which nothing is wrong: MathML and plain text of a formula, a document without a title.
_HARMLESS = (
    "Could not convert TeX math",
    "This document format requires a nonempty <title>",
    "Duplicate link reference",
)


def check_messages(said: str) -> None:
    """Raise an error for every warning that means something is missing from the output.

    Raises
    ------
    CitationError
        For citations that were not found.
    WriterError
        For all else, such as a picture that could not be read.
    """
    warnings = [match["text"].strip() for match in _WARNING.finditer(said)]
    citations = [match["key"] for text in warnings if (match := _CITATION.search(text))]
    if citations:
        raise CitationError(Problem(f"The citation @{key} is not in the bibliography.") for key in citations)
    serious = [text for text in warnings if not text.startswith(_HARMLESS)]
    if serious:
        raise WriterError(Problem(text) for text in serious)
