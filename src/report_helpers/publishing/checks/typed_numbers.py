"""Numbers typed by hand where the results should print them: they stay when the data change.

Digits count wherever they stand in prose: percentages, P values, intervals, n/N. Number words count where
they count something, as in “thirty-four patients” or “two thirds”. These are no numbers:

- digits that belong to a name, since letters come before them: Th1/Th2, CD56+, HbA1c, IL-6, E1;
- 0 and 1 where they are the value of no difference: “excludes 1”, “above 1”, “nearer 1”;
- ordinals: 1st, 2nd;
- dates, years, and other names with digits (see `plain_digits`), but for the years of the study's period.

Formulas and code are no prose, save where they say a number only: ``$p < 0.05$``, ``$n = 281$``, a `734` in
backticks. A long decimal of the page, such as 0.4986376021798365, was printed by code without a result.

A published number stands where its sentence cites a work whose entry in the bibliography quotes it
(``annote = {quoted: 39.8%, 394}``): there a co-author can look it up. Whatever else is right as it is, such
as the level of the intervals, is said in ``study.yml``, under ``checks: exceptions: typed-number:``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from report_helpers.publishing.builtin.reading.cells import Cell
from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.reading.manuscript import Manuscript, context_of
from report_helpers.publishing.checks.reading.passages import NOWHERE
from report_helpers.publishing.checks.reading.plain_digits import without_plain_digits
from report_helpers.publishing.checks.reading.prose import Sentence, sentences
from report_helpers.study.definition import load_study

CHECK = "typed-number"
_ONE_TO_NINE = "one|two|three|four|five|six|seven|eight|nine"
_SMALL = (
    "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty"
    f"|sixty|seventy|eighty|ninety|{_ONE_TO_NINE}"
)
_WORD = rf"(?:{_SMALL}|(?:a\s+)?(?:hundred|thousand|million|dozen))"
_WORDS = rf"\b{_WORD}(?:[\s-](?:and\s)?{_WORD})*\b"
_PEOPLE = "patients?|wom[ae]n|participants?|couples?|subjects?|cases?|controls"
_COUNTED = (
    rf"(?:{_PEOPLE}|embryos?|sacs?|cycles?|transfers?|births?|pregnanc(?:y|ies)|implantations?|events?|deaths?|losses"
    "|miscarriages|records?|centres?|percent(?:age\\spoints)?|per\\scent|years?|months|weeks|days)"
)
_FRACTION = r"(?:halves|thirds?|quarters?|fifths?|sixths?|tenths?)"
_VULGAR = "[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒]"
_DIGITS = rf"(?:(?:\d+(?:[.,·]\d+)*{_VULGAR}?|{_VULGAR})(?:\s?%)?)"
_LEVEL = r"(?:\d+%\sCI\b[:,]?\s*)"
_JOINT = rf"(?:\)?[,;]?\s*(?:\(?{_LEVEL}|/|–|—|-|−|±|\(|\bto\b|\bof\b|\b[Pp]\s*[=<>≤≥])\s*\(?\s*)"
_NUMBERS = re.compile(
    rf"(?:\b[PpNn]\s*[=<>≤≥]\s*)?(?<![\w.])(?<![A-Za-z]-)(?<![A-Za-z]/){_LEVEL}?[<>≤≥−+-]?{_DIGITS}"
    rf"(?:{_JOINT}[<>≤≥−+-]?{_DIGITS})*(?!(?:st|nd|rd|th)\b)"
)
_NUMBER_WORDS = re.compile(
    rf"(?!one\b){_WORDS}(?:\s+(?!and\b|or\b|of\b)[\w/-]+){{0,2}}?\s+{_COUNTED}\b"
    rf"|(?<!least )(?<!than )(?<!per )(?<!each )\bone\s+(?:{_PEOPLE})\b"
    rf"|{_WORDS}\s+(?:in|of|out\sof)\s+(?:every\s+)?{_WORDS}"
    rf"|\b(?:{_ONE_TO_NINE})[\s-]{_FRACTION}\b|\ba\s{_FRACTION}\s+of\b"
    rf"|\bhalf\s+(?:of\s+)?(?:(?:the|all|our)\s+)?(?:[\w-]+\s+){{0,2}}?{_COUNTED}\b|\bhalf\s+of\s+(?:them|these|those)\b"
    rf"|\b(?:{_ONE_TO_NINE}|ten)-?fold\b",
    re.IGNORECASE,
)
_NO_DIFFERENCE = re.compile(
    r"\b(?:exclud\w+|includ\w+|contain\w*|cross\w*|above|below|nearer|near|about)\s+$", re.IGNORECASE
)
_COUNT_FOLLOWS = re.compile(rf"\s+(?:[\w-]+\s+)?{_COUNTED}\b", re.IGNORECASE)
_REFERENCE = re.compile(
    r"\b(?:Fig(?:ure|\.)|Table|Section|Equation|Chapter|Supplement\w*)s?\s+$", re.IGNORECASE
)
_ENTRY = re.compile(r"^@\w+\s*\{\s*(?P<key>[^,\s]+)\s*,(?P<fields>.*?)(?=^@|\Z)", re.MULTILINE | re.DOTALL)
_ANNOTE = re.compile(r"\bannote\s*=\s*[{\"]\s*quoted:(?P<text>[^}\"]*)[}\"]", re.IGNORECASE)
_ONE = re.compile(r"−?\d+(?:[.,·]\d+)*")
_FORMULA = re.compile(r"(?<![\\$\w])\$(?=\S)(?P<number>[^$]*?)(?<=\S)\$(?!\d)")
_RELATION = r"\{?(?:[=<>≤≥]|\\(?:leq?|geq?|lt|gt|approx|sim)\b)\}?"
_VALUE = r"[−-]?\d[\d.,]*(?:\s?\\?%)?"
_IN_FORMULA = re.compile(
    rf"(?:(?<![\w\\])(?:\\(?:math|text)\w+\{{)?(?:[PpNn]|[RO]R|HR|RD)\}}?\s*{_RELATION}\s*)(?P<value>{_VALUE})"
    rf"|^(?P<alone>{_VALUE}(?:\s*(?:/|\\pm|[(),–−-])\s*{_VALUE})*\)?)$"
)
_CODE = re.compile(r"(?<!`)`[<>≤≥−+-]?(?P<number>\d[\d.,/ ]*[\d%])`(?!`)")
_ATTRIBUTE = re.compile(
    r"\b(?:(?:fig|tbl|lst)-(?:alt|cap|scap)|alt|title|aria-label)=(?P<quote>[\"'])(?P<text>(?:(?!(?P=quote)).)*)(?P=quote)",
    re.DOTALL,
)
_LONG = re.compile(r"(?<![\w./-])−?-?(?:\d+\.\d{5,}(?:e[+-]?\d+)?|\d(?:\.\d+)?e[+-]\d{2,})(?![\w/]|\.\d)")


def typed_numbers(manuscript: Manuscript) -> Iterator[Finding]:
    """Find numbers typed by hand, in text, headings, captions, front matter and the words of claims."""
    published = quoted_numbers(manuscript.root)
    own = _years(manuscript.root)
    for sentence in (*sentences(manuscript), *_attributes(manuscript)):
        text = without_plain_digits(sentence.text, own)
        for pattern in (_NUMBERS, _NUMBER_WORDS):
            for found in pattern.finditer(text):
                if pattern is _NUMBERS and _is_no_difference(text, found):
                    continue
                quoted = {each for key in sentence.citations for each in published.get(key, ())}
                if not _is_quoted(found[0], quoted):
                    yield _finding(sentence, found[0], found.start())
        if sentence.kind != "claim":
            yield from _in_signs(sentence)
    yield from _unrounded(manuscript)


def _years(root: Path) -> frozenset[str]:
    """Return the years of the study's period, which the results print."""
    path = root / "study.yml"
    if not path.is_file():
        return frozenset()
    period = load_study(path).period
    return frozenset(map(str, range(period.start.year, period.end.year + 1)))


def _attributes(manuscript: Manuscript) -> Iterator[Sentence]:
    """Go through the words that pictures and blocks have in their attributes."""
    for part in manuscript.parts:
        if isinstance(part, Cell):
            continue
        typed = "\n".join(line.text for line in part.lines)
        for found in _ATTRIBUTE.finditer(typed):
            first = typed.count("\n", 0, found.start("text"))
            words = found["text"].split("\n")
            breaks = [0]
            for each in words[:-1]:
                breaks.append(breaks[-1] + len(each) + 1)
            lines = tuple(part.lines[first : first + len(words)])
            yield Sentence(found["text"], found["text"], lines, tuple(breaks), kind="option")


def _in_signs(sentence: Sentence) -> Iterator[Finding]:
    """Find a number that is all that a formula or a word in backticks says."""
    for found in _FORMULA.finditer(sentence.typed):
        for value in _IN_FORMULA.finditer(found["number"]):
            if value["value"] or len(value["alone"]) > 1:  # a single digit, such as $0$, is maths
                yield _finding(sentence, found[0], found.start())
                break
    for found in _CODE.finditer(sentence.typed):
        yield _finding(sentence, found[0], found.start())


def _unrounded(manuscript: Manuscript) -> Iterator[Finding]:
    """Find long decimals on the page, which no result has: an expression printed a bare number."""
    for paragraph in manuscript.paragraphs:
        for at, token in enumerate(paragraph.tokens):
            found = None if token.key else _LONG.search(token.text)
            if found:
                line = manuscript.place(paragraph, at) or NOWHERE
                what = f"“{found[0]}” is printed as the computer holds it, not as a result."
                context = context_of(paragraph, at)
                yield Finding(CHECK, what, line.file, line.number, _ROUND, found[0], context)


def quoted_numbers(root: Path) -> Mapping[str, frozenset[str]]:
    """Return the published numbers that the bibliography quotes, by the key of the work."""
    found = {}
    for path in sorted(root.glob("*.bib")):
        for entry in _ENTRY.finditer(path.read_text(encoding="utf-8")):
            quoted = _ANNOTE.search(entry["fields"])
            found[entry["key"]] = frozenset(_ONE.findall(quoted["text"])) if quoted else frozenset()
    return found


def _finding(sentence: Sentence, words: str, start: int) -> Finding:
    rest = sentence.typed[start + len(words) :]
    closed = words.count("(") > words.count(")") and rest.startswith(")")
    quote = " ".join(words.split()) + (")" if closed else "")
    line = sentence.line_at(start)
    if _REFERENCE.search(sentence.text[:start]):
        what, remedy = f"The number {quote} of a figure, table or section is typed.", _REFER
    elif sentence.citations:
        what = f"“{quote}” stands beside a citation, but no cited work is said to report it."
        remedy = (
            f"If {' or '.join(sentence.citations)} reports it, say so in that entry of the bibliography: "
            f"annote = {{quoted: {quote}}}. If it is a result of this study, print it: `{{python}} r.…`."
        )
    else:
        what, remedy = f"“{quote}” is typed by hand.", _PRINT
    return Finding(CHECK, what, line.file, line.number, remedy, quote, sentence.typed)


_PRINT = (
    "Is it a result? Then print it, as in `{python} r.flow.eligible`, so that it follows the data. A date, "
    "a dose, the number of a grant or another constant may stay: copy its phrase to study.yml, "
    "checks: exceptions: typed-number."
)
_ROUND = (
    "Print the result that the study computes, as in `{python} r.flow.eligible`: it is rounded and marked."
)
_REFER = (
    "Refer by the label, as in @tbl-baseline or @fig-flow: the number then follows when the order changes."
)


def _is_no_difference(text: str, found: re.Match[str]) -> bool:
    return (
        found[0] in ("0", "1")
        and bool(_NO_DIFFERENCE.search(text[: found.start()]))
        and not _COUNT_FOLLOWS.match(text[found.end() :])
    )


def _is_quoted(text: str, published: set[str]) -> bool:
    numbers = _ONE.findall(re.sub(_LEVEL, "", text))
    return bool(numbers) and published.issuperset(numbers)
