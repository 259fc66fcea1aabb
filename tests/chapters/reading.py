"""The chapters read as a reader of the page reads them, without a kernel: every inline value in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from report_helpers.reporting import Report, according_to, claim

INLINE = re.compile(r"`\{python\} ([^`\n]*[^`\s])`")
_SPAN = re.compile(r"(?<!\\)\[((?:[^\[\]\\]|\\.)*)\]\{\.(?:num|told)[^{}]*\}")


def evaluate(expression: str, r: Report) -> str:
    """Return the Markdown that an inline expression prints."""
    names = {"r": r, "claim": claim, "according_to": according_to}
    shown = eval(expression, {"__builtins__": {}}, names)._repr_markdown_()
    assert isinstance(shown, str)
    return shown


def text_of(markdown: str) -> str:
    """Return what a reader sees of Markdown printed by an inline expression."""
    before = ""
    while before != markdown:
        before, markdown = markdown, _SPAN.sub(r"\1", markdown)
    return re.sub(r"\\(.)", r"\1", markdown)


def sentences(prose: str, r: Report) -> Iterator[str]:
    """Go through the lines of the prose that print a value, with their values in place."""
    for line in prose.splitlines():
        if INLINE.search(line):
            yield INLINE.sub(lambda found: text_of(evaluate(found[1], r)), line)
