"""What is left over by accident in the text of a format."""

from __future__ import annotations

import re
from collections.abc import Iterator

from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.manuscript import Manuscript

_CHECK = "leftover"
_KINDS = {
    "a number that is none": re.compile(r"(?<![\w-])(?:nan|NaN|NaT|[+-]?inf|None|<NA>)(?![\w-])"),
}


def leftovers(manuscript: Manuscript) -> Iterator[Finding]:
    """Find leftovers in the text of every format that was rendered."""
    for name, text in manuscript.texts.items():
        for line in text.splitlines():
            for kind, pattern in _KINDS.items():
                for found in pattern.finditer(line):
                    what = f"“{found[0]}” ({kind}) stands in the text of {name}."
                    yield Finding(_CHECK, what, quote=found[0], context=line)
