"""Expressions that print themselves instead of their value.

Quarto puts values in line by line and knows one way of writing them, so that an expression broken over lines
or with a space before its closing backtick prints its source, and so does any in front matter or in the
options of a cell. A strict render refuses some of these; here all are told, those without `{python}` too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from report_helpers.publishing.builtin.errors import Problem
from report_helpers.publishing.builtin.reading.cells import Cell, Text
from report_helpers.publishing.builtin.reading.lines import Fences, Line
from report_helpers.publishing.builtin.running.inline import accidents, never_run
from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.reading.manuscript import Manuscript

CHECK = "self-printing"
_INLINE = re.compile(r"(?<!`)`\{python\}[ \t]([^`\n]+)`(?!`)")
_OVER_LINES = re.compile(r"`\{python\}\s[^`]+`")
_BROKEN = re.compile(r"`\{python\}.*")
_SHOWN = {"text/markdown": "a value"}
_REPORT = re.compile(r"^\s*(\w+)\s*=\s*Report\(", re.MULTILINE)
_MISWRITTEN = re.compile(
    r"`(?:\{\s*(?:r|R|py|Python|PYTHON|ipython|julia|ojs|python3)\s*\}|\{\s+python\s*\}|\{python\s+\}|python\s|r\s)[^`\n]*`"
    r"|``+\s+\{python\}[^`\n]*``+|(?<!`)\{python\}\s*`[^`\n]+`"
)
_CAPTIONED = re.compile(r"\s*#\|.*\b(?:cap|alt)\b")
_ATTRIBUTE = re.compile(r"\{[^{}`]*[\w-]+=[\"']?[^{}\"'`]*(?P<code>`\{python\}[ \t][^`]+`)")
_ADDRESS = re.compile(r"\]\([^)\s`]*(?P<code>`\{python\}[ \t][^`]+`)")
_WRITE = "Write it as `{python} x`: one backtick, {python}, one space, the expression, one backtick."


def self_printing(manuscript: Manuscript) -> Iterator[Finding]:
    """Find expressions whose source readers would see."""
    name = _name_of_report(manuscript)
    yield from _told(never_run(manuscript.source.head, "no code is run in the front matter", _OUT))
    yield from _bare(manuscript.source.head, name)
    for part in manuscript.parts:
        if isinstance(part, Cell):
            options = part.lines[: part.first]
            yield from _told(never_run(options, "no code is run in the options of a cell", _CAPTION))
            yield from _bare((line for line in options if _CAPTIONED.match(line.text)), name)
            continue
        lines = list(_prose(part))
        for line in lines:
            yield from _in_line(line)
        rest = [replace(line, text=_blanked(_MISWRITTEN, line.text)) for line in lines]
        good = {code: _SHOWN for line in rest for code in _INLINE.findall(line.text) if code == code.strip()}
        found = accidents(Text(tuple(rest)), good, html=True)
        yield from _told(found)
        told = {(each.file, each.line) for each in found}
        yield from (each for each in _bare(rest, name) if (each.file, each.line) not in told)


_OUT = "Write the text itself, or move the sentence below the front matter."
_CAPTION = (
    "Write the caption as the last paragraph of a ::: {#tbl-…} or {#fig-…} division: there they are run."
)


def _in_line(line: Line) -> Iterator[Finding]:
    for found in _MISWRITTEN.finditer(line.text):
        yield _finding(line, found[0], f"{_shown(found[0])} is not run, and prints its source.", _WRITE)
    for pattern, where in ((_ATTRIBUTE, "an attribute"), (_ADDRESS, "a link's address")):
        for found in pattern.finditer(line.text):
            what = (
                f"{_shown(found['code'])} stands in {where}, where the marks of a value are printed with it."
            )
            yield _finding(line, found["code"], what, "Say it in the text or the caption.")


def _bare(lines: Iterable[Line], name: str) -> Iterator[Finding]:
    """Find parts of the results named in text without `{python}`, with or without backticks."""
    part = re.compile(rf"(?P<tick>`?)(?<![\w.@/#:-]){name}(?:\.[A-Za-z_]\w+)+(?:\([^()`]*\))?(?P=tick)")
    lines = tuple(lines)
    texts = _blanked(_OVER_LINES, _blanked(_INLINE, "\n".join(line.text for line in lines))).split("\n")
    for line, text in zip(lines, texts, strict=False):  # of no line, one text: the empty one
        for found in part.finditer(_BROKEN.sub("", text)):
            bare = found[0].strip("`")
            remedy = f"Write `{{python}} {bare}`."
            yield _finding(
                line, found[0], f"{_shown(found[0])} stands in the text, and prints as typed.", remedy
            )


def _prose(part: Text) -> Iterator[Line]:
    fences = Fences()
    return (line for line in part.lines if not fences.inside(line.text))


def _name_of_report(manuscript: Manuscript) -> str:
    """Return the variable that holds the results, as the setup cell names it."""
    code = "\n".join(part.code for part in manuscript.parts if isinstance(part, Cell))
    found = _REPORT.search(code)
    return found[1] if found else "r"


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def _shown(code: str) -> str:
    return f"“{' '.join(code.split())}”"


def _told(problems: Iterable[Problem]) -> Iterator[Finding]:
    for each in problems:
        yield Finding(CHECK, each.what, each.file, each.line, each.remedy)


def _finding(line: Line, quote: str, what: str, remedy: str) -> Finding:
    return Finding(CHECK, what, line.file, line.number, remedy, quote, line.text)
