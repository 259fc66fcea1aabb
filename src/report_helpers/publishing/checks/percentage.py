"""Every n/N (p%) divided again: in computed values and typed text, tables, captions, pictures, every format.

Read are ``56/116 (48.3%)``, ``56 of 116 patients (48.3%)``, ``48.3% (56/116)`` and, in tables, ``56 (48.3%)``
in a column whose head gives N, or ``56/116 (48.3)`` in one whose head has the sign. A printed percentage may
be half a unit of its last digit away from the exact one; where it lies halfway between two, both are right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.reading.digits import DIGITS, Number, evened, number
from report_helpers.publishing.checks.reading.manuscript import Manuscript
from report_helpers.publishing.checks.reading.page_parts import Cell, Row
from report_helpers.publishing.checks.reading.passages import Stretch, parts_of, stretches

NAME = "percentage"

_N = rf"(?<![\w.,/]){DIGITS}"
_PERCENT = r"(?P<p>\d+(?:\.\d+)?)"
_WORDS = r"(?:\s(?!of\b)[^\W\d]+){0,4}"
_PATTERNS = (
    re.compile(rf"(?P<n>{_N})\s?/\s?(?P<N>{DIGITS})\s?[(\[]\s?{_PERCENT}\s?%"),
    re.compile(
        rf"(?P<n>{_N}){_WORDS}\s(?:out\s)?of\s(?:(?:the|these|those|all)\s)*(?P<N>{DIGITS}){_WORDS}"
        rf"\s?[(\[]\s?{_PERCENT}\s?%"
    ),
    re.compile(
        rf"(?<![\w.,]){_PERCENT}\s?%\s?[(\[]\s?(?P<n>{DIGITS})\s?(?:/|\sof\s)\s?(?P<N>{DIGITS})\s?[)\];,]"
    ),
)
_COUNT = re.compile(rf"(?P<n>{DIGITS})\s?\(\s?{_PERCENT}\s?%\s?\)\D*")
_BARE = re.compile(rf"(?P<n>{DIGITS})\s?/\s?(?P<N>{DIGITS})\s?\(\s?{_PERCENT}\s?\)\D*")
_FRACTION = re.compile(rf"(?P<n>{DIGITS})/(?P<N>{DIGITS})")
_SIZE = re.compile(rf"\b[Nn]\s?=\s?(?P<N>{DIGITS})")
_SHARE = re.compile(rf"(?<![\w.,]){_PERCENT}\s?%(?=\s?[(\[]\s?\d+(?:\.\d+)?\s?%\s?CI|\sof\s)")

_REMEDY = "Let the results print the counts and the percentage, or correct what is typed."


def percentages(manuscript: Manuscript) -> Iterator[Finding]:
    """Find percentages that are not n/N, parts larger than their whole, and shares above 100%."""
    seen = set[str]()
    for stretch in stretches(manuscript):
        for start, end, what in _wrong(stretch.text):
            yield _finding(manuscript, stretch, start, end, what)
            seen.add(stretch.text[start:end])
        yield from _larger(manuscript, stretch)
    yield from _in_columns(manuscript)
    for name, text in manuscript.texts.items():
        if name != "html":
            for start, end, what in _wrong(evened(text)):
                quote = evened(text)[start:end]
                if quote not in seen:  # else it is told of the page, with its line
                    yield Finding(NAME, f"In {name}: {what}", remedy=_REMEDY, quote=quote, context=quote)


def wrong(n: Number, total: Number, percent: Number) -> str:
    """Return in words what is wrong with n of a total and its percentage; nothing where it is right.

    Examples
    --------
    >>> wrong(number("56"), number("116"), number("43.8"))
    '56/116 is 48.3%, not 43.8%.'
    """
    if not total.value:
        return f"{percent.text}% is given of nobody ({n.text}/{total.text})."
    if n.value > total.value:
        return f"{n.text} is more than the {total.text} that it is a part of."
    exact = 100 * n.value / total.value
    if abs(exact - percent.value) <= percent.half:
        return ""
    shown = exact.quantize(Decimal(1).scaleb(-percent.places))
    return f"{n.text}/{total.text} is {shown}%, not {percent.text}%."


def _wrong(text: str) -> Iterator[tuple[int, int, str]]:
    for pattern in _PATTERNS:
        for found in pattern.finditer(text):
            if what := _judged(found):
                yield found.start(), found.end(), what
    for found in _SHARE.finditer(text):
        if number(found["p"]).value > 100:
            yield found.start(), found.end(), f"{found['p']}% is more than all."


def _judged(found: re.Match[str], total: str = "") -> str:
    return wrong(number(found["n"]), number(total or found["N"]), number(found["p"]))


def _larger(manuscript: Manuscript, stretch: Stretch) -> Iterator[Finding]:
    """Find computed n/N without a percentage whose n is larger, though the ledger has a share below 1."""
    for at, token in enumerate(stretch.paragraph.tokens if stretch.paragraph else ()):
        found = _FRACTION.fullmatch(token.text) if token.key else None
        if found is None or number(found["n"]).value <= number(found["N"]).value:
            continue
        if any(_exceeds(each) for each in manuscript.entries if each["key"] == token.key):
            continue  # sacs of embryos transferred, which may be more than the embryos
        what = f"{found['n']} is more than the {found['N']} that it is a part of."
        start = stretch.starts[at]
        yield _finding(manuscript, stretch, start, start + len(token.text), what)


def _exceeds(entry: object) -> bool:
    value, n = (entry.get("value"), entry.get("n")) if isinstance(entry, dict) else (None, None)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return value > 1 if isinstance(value, float) else isinstance(n, int) and value > n


def _in_columns(manuscript: Manuscript) -> Iterator[Finding]:
    """Divide what stands below a head that gives N, or the sign."""
    printed = [each for each in stretches(manuscript) if each.paragraph and each.paragraph.kind == "row"]
    rows = parts_of(manuscript.html).rows
    for row, stretch in zip(rows, printed, strict=len(rows) == len(printed)):
        for cell in row.cells:
            if not cell.head and (what := _in_cell(row, cell)):
                start = max(0, stretch.text.find(cell.text))
                yield _finding(manuscript, stretch, start, start + len(cell.text), what)


def _in_cell(row: Row, cell: Cell) -> str:
    text = evened(cell.text)
    if found := _COUNT.fullmatch(text):
        sizes = (size for head in row.above(cell) for size in _SIZE.finditer(evened(head)))
        size = next(sizes, None)
        return _judged(found, size["N"]) if size else ""
    found = _BARE.fullmatch(text)
    return _judged(found) if found and any("%" in head for head in row.above(cell)) else ""


def _finding(manuscript: Manuscript, stretch: Stretch, start: int, end: int, what: str) -> Finding:
    line = stretch.place(manuscript, start)
    told = f"In {stretch.where}: {what}" if stretch.where else what
    context = stretch.around(start, end)
    return Finding(NAME, told, line.file, line.number, _REMEDY, stretch.text[start:end], context)
