"""The appendix that lists every printed number on paper, where no card can be opened."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from report_helpers.reporting.explain.words import sentence
from report_helpers.reporting.formats import MINUS, count
from report_helpers.reporting.ledger import Printed
from report_helpers.reporting.report import Report
from report_helpers.reporting.tables.build import Column, Row, build, text
from report_helpers.results.withheld import NOT_SHOWN

WANTED = "MANUSCRIPT_NUMBERS_APPENDIX"
"""The environment variable that asks for the appendix."""
WHERE = "suptbl-numbers"
_DIGITS = 7
_EXPLAINED = f"""\
They stand under the method that gave them and the function that computed them, in the order of first
printing; of several forms of one number, the shorter ones of tables are left out. Exact values have
{_DIGITS} significant digits and the unit of the analysis: a share, or a difference of shares, is a fraction
of 1. Limits are those of the level printed, P is that of the same method, and n counts patients, or what
else the number is out of. The section is that of the first printing. The file numbers.json, which comes
with the HTML version, has all digits, and for each number the line that prints it and the test of the
function that computes it."""
_PART = re.compile(r"[\d.,]*\d|[^\W\d]+")
"""A number or a word of a printed text."""


@dataclass(frozen=True)
class Appendix:
    """A section with the table of all printed numbers, as Markdown with the table as raw HTML."""

    markdown: str

    def _repr_markdown_(self) -> str:
        return self.markdown


def numbers_appendix(r: Report) -> Appendix | None:
    """Return the appendix of the numbers printed so far, or None where nobody asked for it.

    ``manuscript render --numbers-appendix`` asks for it, and so does the environment variable
    ``MANUSCRIPT_NUMBERS_APPENDIX=1``, which ``quarto render`` obeys.
    """
    if os.environ.get(WANTED, "0") in ("", "0"):
        return None
    columns = [
        Column("what", "What it is, and its key", align="left"),
        Column("value", "Exact value\n(limits)", align="left"),
        Column("n", "n"),
        Column("where", "Section", align="left"),
    ]
    rows = list(_rows(r))
    table = build(WHERE, "As printed", columns, rows)
    return Appendix(
        f"## Printed numbers {{#sec-numbers}}\n\n"
        f"@{WHERE} lists the {count(len(rows))} numbers that this document prints. {_EXPLAINED}\n\n"
        f"::: {{#{WHERE}}}\n\n{table._repr_markdown_()}\n"
        f"Every printed number with its exact value, method and place.\n\n:::\n"
    )


def _rows(r: Report) -> Iterator[Row]:
    printed: dict[str, list[Printed]] = {}
    for entry in r.ledger:
        if _is_number(entry):
            printed.setdefault(entry.key, []).append(entry)
    methods = r.ledger.methods
    for key, entries in printed.items():
        first = entries[0]
        method = methods[first.by]
        cells = (
            f"{text(first.label)}<br>{text(key)}",
            NOT_SHOWN if first.withheld else "<br>".join(map(text, _exact(first))),
            "" if first.n is None or first.withheld else count(first.n),
            f'<span class="printed-in" data-key="{escape(key)}" data-where="{escape(first.where)}"></span>',
        )
        yield Row(
            "; ".join(_forms(entries)), cells, f"{sentence(str(method['words']))}: {method['function']}"
        )


def _forms(entries: Sequence[Printed]) -> list[str]:
    """Return the texts of one number, without those that say nothing which a longer one does not say."""
    told: dict[str, set[str]] = {}
    for form in sorted({entry.text for entry in entries}, key=lambda form: (-len(form), form)):
        parts = set(_PART.findall(form))
        if not any(parts <= known for known in told.values()):
            told[form] = parts
    return list(told)


def _is_number(entry: Printed) -> bool:
    """Tell whether a number was printed, or that there is none: claims and names are no numbers."""
    if entry.withheld or (entry.value is None and entry.reason):
        return True
    return isinstance(entry.value, int | float) and not isinstance(entry.value, bool)


def _exact(entry: Printed) -> Sequence[str]:
    """Return value, limits and P value, each a line."""
    if entry.value is None:
        return [f"none: {entry.reason}"]
    lines = [_digits(entry.value)]
    if entry.p == entry.value:  # a P value: the limits are those of its estimate
        return lines
    if entry.low is not None or entry.high is not None:
        low = "no lower limit" if entry.low is None else _digits(entry.low)
        high = "no upper limit" if entry.high is None else _digits(entry.high)
        lines.append(f"({low} to {high})")
    if entry.p is not None:
        lines.append(f"P={_digits(entry.p)}")
    return lines


def _digits(value: object) -> str:
    shown = f"{value:.{_DIGITS}g}" if isinstance(value, float) else str(value)
    return shown.replace("-", MINUS)
