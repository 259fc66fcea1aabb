"""Inline expressions `{python} x` with Quarto's own rules, oddities included.

Quarto collects the expressions of a stretch of text with one pattern and puts their values back with another,
line by line. An expression broken over two lines, or with a space before its closing backtick, is therefore
run but never found again: its source is printed. `strict` turns each of these accidents into an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import ExecutionError, Problem
from ..reading.cells import Text
from ..reading.source import Line

_COLLECT = re.compile(r"(?:^|[^`])`\{python\}[ \t]([^`]+)`", re.MULTILINE)
_PUT_BACK = re.compile(r"(?P<before>^|[^`])`\{python\}[ \t](?P<code>[^`]+)`")
# Quarto's own set: from + to . is a range, so the comma is in it.
_QUARTO_SPECIAL = re.compile(r"([\\`*_{}\[\]()>#+-.!])")
# What Quarto lets through and Markdown would take for markup: a value is data, never markup.
_ALSO_SPECIAL = re.compile(r"([<&$~^@|])")
_REPR_SPECIAL = re.compile(r"([<&$~^@|*`\[\]])")
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


def substitute(
    text: Text, values: Mapping[str, Bundle], *, html: bool, strict: bool = False
) -> tuple[Line, ...]:
    """Put the values of the expressions into the text.

    Parameters
    ----------
    text : Text
        The text with its expressions.
    values : mapping
        Code of each expression to its value.
    html : bool
        Whether the target is HTML, which prefers `text/html`.
    strict : bool
        Refuse what Quarto prints by accident.

    Raises
    ------
    ExecutionError
        With `strict`, for source code or a `repr` that would be printed.
    """
    problems: list[Problem] = []
    result = []
    for line in text.lines:
        if "{python}" not in line.text:
            result.append(line)
            continue

        def put(match: re.Match[str], line: Line = line) -> str:
            code = match["code"].strip()
            printed, accident = _printed(values.get(code), html=html)
            if accident and strict:
                problems.append(Problem(f"`{code}` prints {accident}.", line.file, line.number, _REMEDY))
            return match["before"] + printed if printed else match[0]

        new = _PUT_BACK.sub(put, line.text)
        if (
            strict
            and "`{python}" in new
            and not any(p.line == line.number and p.file == line.file for p in problems)
        ):
            problems.append(Problem("An expression is broken over lines.", line.file, line.number, _REMEDY))
        result.append(Line(new, line.file, line.number))
    if problems:
        raise ExecutionError(problems)
    return tuple(part for line in result for part in _split(line))


_REMEDY = "Write it on one line, with no space before the closing backtick, and let it give text."


def _split(line: Line) -> list[Line]:
    return [Line(part, line.file, line.number) for part in line.text.split("\n")]


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
    return _REPR_SPECIAL.sub(r"\\\1", plain), accident


def escape_markdown(text: str) -> str:
    r"""Escape text as Quarto does, and what Quarto forgets.

    Examples
    --------
    >>> escape_markdown("a *b* $x$")
    'a \\*b\\* \\$x\\$'
    """
    doubled = text.replace("\\", "\\\\")
    return _ALSO_SPECIAL.sub(r"\\\1", _QUARTO_SPECIAL.sub(r"\\\1", doubled))
