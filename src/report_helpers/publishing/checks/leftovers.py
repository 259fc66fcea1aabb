"""What is left over by accident in the text of any format: missing numbers, raw marks, notes to the authors.

A leftover is told once, with all formats that show it. “[to be supplied]” is no accident where it stands for
a fact that ``study.yml`` declares as unknown: that is told for information, with the line of the fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from report_helpers.publishing.builtin.reading.lines import Line
from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.left_in_sources import left_in_sources
from report_helpers.publishing.checks.reading.manuscript import Manuscript, token_at
from report_helpers.publishing.checks.reading.prose import sentences
from report_helpers.publishing.checks.self_printing import self_printing
from report_helpers.publishing.pages import Paragraph, Token

CHECK = "leftover"
_STUDY = "study.yml"
_COMPUTED = "Find what is printed there: it has no value for these data, and should say so in words."
_MARKUP = "Look for a mark that is not closed, has a blank too many or a name that does not exist."
_OBJECT = "Print a part of it that gives words or a number, as `{python} r.flow.eligible` does."
_KINDS = (
    ("a number that is none", r"(?<![\w./-])(?:nan|NaN|NaT|[+−-]?inf)(?![\w/-])|<NA>", _COMPUTED),
    # “None” begins sentences; a program's None stands after a word, an equals sign or alone in a cell.
    (
        "a value that is missing",
        r"(?:(?<=[a-z0-9,;=(]\s)|(?<=[=(]))None\b(?!\s+of\b)|(?:(?<=\|\s)|^)None(?=\s\||$)",
        _COMPUTED,
    ),
    (
        "an object of the program",
        r"<(?:class|function|module|bound\s|built-in|\w+(?:\.\w+)+)[^>\n]*>|\bat\s0x[0-9a-f]{4,}"
        r"|\b(?:Reported|Estimate|DataFrame|Timestamp|Decimal|PosixPath|OrderedDict|defaultdict|array)\("
        r"|\b[A-Z]\w*\(\w+='|\b(?:np|pd)\.\w+\(?|\bdtype\b|(?<![\w\]])\[\s*\]|\{\s*\}|\{['\"“‘’”][^{}]*\}"
        r"|\bTraceback\s\(most\b",
        _OBJECT,
    ),
    (
        "a reference that leads nowhere",
        r"\?@[\w-]+|(?<![\w.])@(?:sup)?(?:sec|tbl|fig|eq|lst)-[\w-]+|\?\?\?+|[\[(]\?+[\])]"
        r"|(?<![^\s(\[])\?\?(?=[\s.,;:)\]%]|$)|\bError!\s[A-Z]\w+(?:\s\w+){0,4}?\s(?:found|defined|valid|specified)\b",
        "Give the table, figure or section this label, or correct the name.",
    ),
    (
        "markup that was not read",
        r"\{\{<|>\}\}|`?\{python\}|`r[\s.]|\[[^\]\n]*(?<!\w)-?@[A-Za-z][\w:-]+[^\]\n]*\]"
        r"|\\(?:cite|ref|label|textbf|emph)\w*\{?|\*\*(?=\w)|(?<=\w)\*\*|:::+|\{[#.][A-Za-z][\w-]*[^{}\n]*\}"
        r"|&(?:lt|gt|amp|nbsp|quot|#\d+);",
        _MARKUP,
    ),
    (
        "a claim that the data do not bear out",
        r"\[claim\s+does\s+not\s+hold[^\]]*\]?",
        "Change the claim to what the data say, or give `otherwise=`.",
    ),
    (
        "a note to the authors",
        r"\b(?:TODO|FIXME|XXX+|TBD|TBC)\b|(?i:\blorem\s+ipsum\b)"
        r"|(?i:\[(?:insert|add|ref|references?|cite|citation\s+needed|comment|query)\b[^\]\n]*\])"
        r"|\[(?:CHECK|VERIFY|CONFIRM|UPDATE|ASK)\b[^\]\n]*\]|\[(?i:authors?)\b[^\]\n]*\b(?i:year)\]"
        r"|(?i:[\[(]?\b(?:citation|reference)\s+needed\b[\])]?)|(?<![\w/.,-])xx+(?![\w/-])"
        r"|(?<=[=<>]\s)XX\b|\bXX(?=\s?%)|(?<![^\W_])_{3,}(?![^\W_])",
        "Do what it says, or take it out.",
    ),
)
_ANY = re.compile("|".join(f"(?P<k{i}>{pattern})" for i, (_, pattern, _) in enumerate(_KINDS)), re.MULTILINE)
_EXPRESSION = re.compile(r"\{python\}|`r[\s.]")
_SUPPLIED = re.compile(r"\[[^\]\[]*\bto\s+be\s+\w+[^\]\[]*\]|\bto\s+be\s+supplied\b", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"[\"'](?P<words>\[[^\]]+\])[\"']")
_HYPHEN = re.compile(r"(?<=\w)[-\u00ad\u2010]\n(?=[a-z])")
_AROUND = 40
"""Words on each side by which a leftover is looked for in the sources."""


@dataclass(frozen=True)
class _Seen:
    """A leftover where it was seen; without a file where the sources have no words around it."""

    kind: int
    quote: str
    context: str
    place: Line | None


def leftovers(manuscript: Manuscript) -> Iterator[Finding]:
    """Find leftovers in the text of every format that was rendered, and what is yet to be supplied."""
    told: dict[tuple[int, str, str, int], tuple[_Seen, list[str]]] = {}
    told_as_code = {(each.file, each.line) for each in self_printing(manuscript)}
    for name in manuscript.texts:
        for seen in _in_page(manuscript) if name == "html" else _in_text(manuscript, name):
            same = (key for key in told if key[:2] == (seen.kind, seen.quote))
            if seen.place:
                key = (seen.kind, seen.quote, seen.place.file, seen.place.number)
            else:  # no words of the sources are near: taken for one that another format has
                key = next(same, (seen.kind, seen.quote, "", 0))
            formats = told.setdefault(key, (seen, []))[1]
            if name not in formats:
                formats.append(name)
    for (kind, quote, file, line), (seen, formats) in told.items():
        if _EXPRESSION.search(quote) and (file, line) in told_as_code:
            continue
        sort, _, remedy = _KINDS[kind]
        what = f"“{quote}” ({sort}) stands in the text of {', '.join(formats)}."
        yield Finding(CHECK, what, file, line, remedy, quote, seen.context)
    yield from _unsupplied(manuscript)
    yield from _typed(manuscript)
    yield from left_in_sources(manuscript, told_as_code)


def _in_page(manuscript: Manuscript) -> Iterator[_Seen]:
    for paragraph in manuscript.paragraphs:
        for kind, found in _found(paragraph.text):
            exact = manuscript.only_line(found[0]) if paragraph.kind != "row" else None
            place = exact or manuscript.place(paragraph, token_at(paragraph, found.start()))
            yield _Seen(kind, _even(found[0]), paragraph.text, place)


def _in_text(manuscript: Manuscript, name: str) -> Iterator[_Seen]:
    """Find leftovers in a format whose text does not tell where it came from: the words around do."""
    text = manuscript.texts[name]
    text = _HYPHEN.sub("", text) if name == "pdf" else text
    for kind, found in _found(text):
        before, after = text[: found.start()].split()[-_AROUND:], text[found.end() :].split()[:_AROUND]
        words = tuple(Token(word) for word in (*before, *found[0].split(), *after))
        place = manuscript.only_line(found[0]) or manuscript.place(Paragraph(words), len(before))
        start = text.rfind("\n", 0, found.start()) + 1
        end = text.find("\n", found.end())
        context = text[start : end if end >= 0 else len(text)]
        yield _Seen(kind, _even(found[0]), context, place)


def _found(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    for found in _ANY.finditer(text):
        yield int((found.lastgroup or "k0")[1:]), found


def _unsupplied(manuscript: Manuscript) -> Iterator[Finding]:
    """Tell what the study has yet to supply: a fact for information, anything else as a leftover."""
    study = manuscript.root / _STUDY
    lines = study.read_text(encoding="utf-8").splitlines() if study.is_file() else []
    seen: set[str] = set()
    facts: dict[str, int] = {}
    for entry in manuscript.entries:
        key, text = str(entry["key"]), str(entry["text"])
        if not _SUPPLIED.search(text) or key in seen:
            continue
        seen.add(key)
        name = key.removeprefix("facts.")
        if name == key:
            what = f"“{text}” is printed for {key}."
            yield Finding(CHECK, what, entry["file"] or "", entry["line"] or 0, _COMPUTED, text, text)
            continue
        pattern = re.compile(rf"\s+{re.escape(name)}\s*:")
        facts[name] = next((at for at, each in enumerate(lines, start=1) if pattern.match(each)), 0)
    if facts:
        count = "One fact is" if len(facts) == 1 else f"{len(facts)} facts are"
        what = f"{count} yet to be supplied{_listed(facts)}."
        yield Finding(CHECK, what, _STUDY, min(facts.values()), "Write them in place of null.", note=True)


def _listed(found: Mapping[str, int]) -> str:
    """Return names in the order of their lines, and from where to where they stand."""
    first, last = min(found.values()), max(found.values())
    lines = f" (lines {first} to {last})" if first < last else ""
    return f"{lines}: {', '.join(sorted(found, key=lambda name: found[name]))}"


def _typed(manuscript: Manuscript) -> Iterator[Finding]:
    """Find gaps that were typed by hand, and tell of the placeholders of the front matter."""
    for sentence in sentences(manuscript):
        for found in _SUPPLIED.finditer(sentence.text):
            line = sentence.line_at(found.start())
            what = f"“{_even(found[0])}” is typed by hand."
            remedy = "Write the text, or declare the gap in study.yml, under facts: as null, and print it."
            yield Finding(CHECK, what, line.file, line.number, remedy, _even(found[0]), sentence.typed)
    names: dict[str, dict[str, int]] = {}
    for line in manuscript.source.head:
        for found in _PLACEHOLDER.finditer(line.text):
            names.setdefault(line.file, {}).setdefault(found["words"], line.number)
    for file, here in names.items():
        what = f"{'Placeholders stand' if len(here) > 1 else 'A placeholder stands'} there{_listed(here)}."
        remedy = "Write the names in their place."
        yield Finding(CHECK, what, file, min(here.values()), remedy, note=True)


def _even(text: str) -> str:
    return " ".join(text.split())
