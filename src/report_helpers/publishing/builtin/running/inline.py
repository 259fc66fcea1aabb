"""Inline expressions `{python} x` with Quarto's own rules, oddities included.

Quarto collects the expressions of a stretch of text with one pattern and puts their values back with another,
line by line. An expression broken over two lines, or with a space before its closing backtick, is therefore
run but never found again: its source is printed. `accidents` finds these, for those who want them refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import Problem
from ..reading.cells import Text
from ..reading.lines import Line

_COLLECT = re.compile(r"(?:^|[^`])`\{python\}[ \t]([^`]+)`", re.MULTILINE)
_PUT_BACK = re.compile(r"(?P<before>^|[^`])`\{python\}[ \t](?P<code>[^`]+)`")
# Quarto's own set: from + to . is a range, so the comma is in it.
_QUARTO_SPECIAL = re.compile(r"([\\`*_{}\[\]()>#+-.!])")
# What Quarto lets through and Markdown would take for markup: a value is data, never markup.
_ALSO_SPECIAL = re.compile(r"([<&$~^@|])")
_REPR_SPECIAL = re.compile(r"([<&$~^@|*`\[\]])")
# Markup only where a line begins: a division, a definition, a heading, a title, a quotation, a list.
_OPENING = re.compile(r"^(\s*(?:\w+(?=[.)]\s))?)([:=%#>.)]|[+-](?=\s))")
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?")

Bundle = Mapping[str, Any]
"""A value as the kernel shows it: MIME type to content."""


@dataclass(frozen=True)
class Expression:
    """One inline expression and the line on which it begins."""

    code: str
    line: Line


def expressions(text: Text) -> tuple[Expression, ...]:
    """Return the expressions of a stretch of text, in order, each code once."""
    joined = "\n".join(line.text for line in text.lines)
    if "{python}" not in joined:
        return ()
    found: dict[str, Expression] = {}
    for match in _COLLECT.finditer(joined):
        at = joined.count("\n", 0, match.start(1))
        found.setdefault(match[1], Expression(match[1], text.lines[at]))
    return tuple(found.values())


def substitute(text: Text, values: Mapping[str, Bundle], *, html: bool) -> tuple[Line, ...]:
    """Put the values of the expressions into the text.

    Parameters
    ----------
    text : Text
        The text with its expressions.
    values : mapping
        Code of each expression to its value.
    html : bool
        Whether the target is HTML, which prefers `text/html`.
    """

    def put(match: re.Match[str]) -> str:
        printed, _ = _printed(values.get(match["code"].strip()), html=html)
        return match["before"] + printed if printed else match[0]

    result = []
    for line in text.lines:
        new = _PUT_BACK.sub(put, line.text) if "{python}" in line.text else line.text
        result += [Line(part, line.file, line.number) for part in new.split("\n")]
    return tuple(result)


def accidents(text: Text, values: Mapping[str, Bundle], *, html: bool) -> list[Problem]:
    """Return every expression of the text that would print its source, or a `repr` nobody means to print."""
    problems = []
    for number, line in enumerate(text.lines):
        if "{python}" not in line.text:
            continue
        for match in _PUT_BACK.finditer(line.text):
            code = match["code"].strip()
            bundle = values.get(code)
            _, accident = _printed(bundle, html=html)
            said = _SAID.fullmatch(str((bundle or {}).get("text/plain", "")))
            if accident and bundle is None and line.text.startswith("{python}", match.end()):
                what, remedy = _NOT_CLOSED  # its end is the beginning of the next
            elif accident and said:
                what, remedy = f"`{code}` {said['why']}", _one_of(code, said["names"].split(", "))
            else:
                what = f"`{code}` prints {accident}."
                remedy = "Remove the space before the closing backtick." if bundle is None else _REMEDY
            if accident:
                problems.append(Problem(what, line.file, line.number, remedy))
        rest = _PUT_BACK.sub("", line.text)
        if "`{python}" in rest:
            what, remedy = _why_not_found(rest, text.lines[number + 1 :])
            problems.append(Problem(what, line.file, line.number, remedy))
    return problems


def _why_not_found(line: str, following: Sequence[Line]) -> tuple[str, str]:
    """Return why an expression on a line is none for Quarto, and what to do."""
    if miswritten := _MISWRITTEN.search(line):
        why = (
            "it has two backticks on each side"
            if miswritten["ticks"]
            else "what stands behind {python} is no plain space, but one that does not break"
            if miswritten["sign"].isspace()
            else "no space stands behind {python}"
        )
        shown = " ".join(miswritten[0].split())
        return f"“{shown}” is not run, and prints its source: {why}.", _AS_IT_SHOULD
    paragraph = "\n".join(each.text for each in following).split("\n\n")[0]
    if re.match(r"[^`]*`(?!\{python\})", paragraph):
        return "An expression is broken over lines, and prints its source.", "Write it on one line."
    return _NOT_CLOSED


def _one_of(code: str, names: Sequence[str]) -> str:
    more = " …" if len(names) > _NAMES else ""
    return f"Add one of {', '.join(names[:_NAMES])}{more}, as in `{{python}} {code}.{names[0]}`."


def never_run(lines: Iterable[Line], why: str, remedy: str) -> list[Problem]:
    """Return every expression in lines where Quarto runs none."""
    return [
        Problem(f"`{match['code'].strip()}` prints its source: {why}.", line.file, line.number, remedy)
        for line in lines
        for match in _PUT_BACK.finditer(line.text)
    ]


_NAMES = 8
"""Names below an object that a remedy tells at the most."""
# What an object says that stands for several values, when it is printed itself.
_SAID = re.compile(r"\[\S+ (?P<why>is not one value): add one of (?P<names>[^\]\n]+)\]")
_MISWRITTEN = re.compile(r"(?P<ticks>`)?`\{python\}(?:(?<=``\{python\})|(?=(?P<sign>[^ \t`])))[^`]*`*")
_AS_IT_SHOULD = "Write it as `{python} x`: one backtick, {python}, one space, the expression, one backtick."
_NOT_CLOSED = "An expression is not closed, and prints its source.", "Add the backtick behind it."
_REMEDY = 'Let it give text: a string, a number or a value with `_repr_markdown_`, such as `f"{x}"`.'


def _printed(bundle: Bundle | None, *, html: bool) -> tuple[str, str]:
    """Return the Markdown of a value, and what kind of accident it is if it is one."""
    if bundle is None:
        return "", "its source"
    if html and "text/html" in bundle:
        return f"`{bundle['text/html']}`{{=html}}", ""
    if "text/markdown" in bundle:
        printed = str(bundle["text/markdown"])
        return printed, "" if printed else "its source, for its value is empty"
    plain = str(bundle.get("text/plain", ""))
    if len(plain) >= 2 and plain[0] == plain[-1] and plain[0] in "'\"":
        inner = plain[1:-1]
        accident = (
            "a repr with escapes" if "\\" in inner else "" if inner else "its source, for its value is empty"
        )
        return escape_markdown(inner), accident
    accident = "" if _NUMBER.fullmatch(plain) else f"a repr ({plain[:40]})"
    return _OPENING.sub(r"\1\\\2", _REPR_SPECIAL.sub(r"\\\1", plain)), accident


def escape_markdown(text: str) -> str:
    r"""Escape text as Quarto does, and what Quarto forgets.

    Examples
    --------
    >>> escape_markdown("a *b* $x$")
    'a \\*b\\* \\$x\\$'
    """
    doubled = text.replace("\\", "\\\\")
    escaped = _ALSO_SPECIAL.sub(r"\\\1", _QUARTO_SPECIAL.sub(r"\\\1", doubled))
    return _OPENING.sub(r"\1\\\2", escaped)
