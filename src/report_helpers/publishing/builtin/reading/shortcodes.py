"""Shortcodes that print something known before the code runs: meta, var, env, pagebreak."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from ..errors import Problem, SourceError, UnsupportedError, did_you_mean
from .lines import Fences, Line

_SHORTCODE = re.compile(r"(?P<open>\{+)\{<\s*(?P<body>.*?)\s*>\}(?P<close>\}+)")
_WORD = re.compile(r'"(?P<double>[^"]*)"|\'(?P<single>[^\']*)\'|(?P<bare>[^\s"\']+)')
_CELL = re.compile(r"\s*(`{3,}|~{3,})\s*\{[a-zA-Z]")
_EXPRESSION = re.compile(r"(`\{python\}[^`]*`)")
KNOWN = ("include", "meta", "var", "env", "pagebreak")
PAGEBREAK = "::: {.engine-pagebreak}\n:::"


def expand_shortcodes(
    lines: Iterable[Line],
    metadata: Mapping[str, Any],
    variables: Mapping[str, Any],
    environment: Mapping[str, str],
) -> tuple[Line, ...]:
    """Replace every shortcode by what it stands for; `{{{< … >}}}` is printed as `{{< … >}}`.

    Raises
    ------
    UnsupportedError
        For shortcodes the engine does not know.
    SourceError
        For names that are not defined. All of a kind at once.
    """
    unknown: list[Problem] = []
    missing: list[Problem] = []
    result: list[Line] = []
    fences, in_cell = Fences(), False
    for line in lines:
        in_cell = bool(_CELL.match(line.text)) if not fences.open else in_cell
        if fences.inside(line.text) and in_cell:  # code is run as it is written
            result.append(line)
            continue

        def substitute(found: re.Match[str], line: Line = line) -> str:
            if len(found["open"]) > 1:
                return found[0][1:-1]
            words = [m["double"] or m["single"] or m["bare"] or "" for m in _WORD.finditer(found["body"])]
            name, arguments = (words[0], words[1:]) if words else ("", [])
            if name not in KNOWN or name == "include":
                unknown.append(_unknown(name, line))
                return ""
            if name == "pagebreak":
                return PAGEBREAK if line.text.strip() == found[0] else _inline_break(line, unknown)
            if not arguments:
                missing.append(Problem(f"The shortcode {name} needs a name.", line.file, line.number))
                return ""
            value, problem = _value(name, arguments, metadata, variables, environment)
            if problem:
                missing.append(replace(problem, file=line.file, line=line.number))
            return value

        text = _outside_code(line.text, substitute) if "{{<" in line.text else line.text
        result.extend(Line(part, line.file, line.number) for part in text.split("\n"))
    if unknown:
        raise UnsupportedError(unknown)
    if missing:
        raise SourceError(missing)
    return tuple(result)


def expand_settings(
    metadata: Mapping[str, Any], variables: Mapping[str, Any], environment: Mapping[str, str], file: str
) -> dict[str, Any]:
    """Replace the shortcodes in titles, abstracts and all other text of the metadata.

    Raises
    ------
    UnsupportedError, SourceError
        As for the document's lines; `file` is blamed.
    """

    def expanded(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: expanded(item) for key, item in value.items()}
        if isinstance(value, list):
            return [expanded(item) for item in value]
        if not isinstance(value, str) or "{{<" not in value:
            return value
        lines = [Line(part, file, 0) for part in value.split("\n")]
        return "\n".join(line.text for line in expand_shortcodes(lines, metadata, variables, environment))

    return {key: expanded(value) for key, value in metadata.items()}


def _outside_code(text: str, substitute: Callable[[re.Match[str]], str]) -> str:
    """Replace shortcodes, but leave the code of inline expressions alone: it is Python."""
    parts = _EXPRESSION.split(text)
    return "".join(
        part if number % 2 else _SHORTCODE.sub(substitute, part) for number, part in enumerate(parts)
    )


def _unknown(name: str, line: Line) -> Problem:
    if name == "include":
        return Problem(
            "An include has to stand on a line of its own.",
            line.file,
            line.number,
            "Put it between two empty lines.",
        )
    return Problem(
        f"The built-in engine does not know the shortcode {name or '(empty)'}.",
        line.file,
        line.number,
        did_you_mean(name, KNOWN) or f"Known are {', '.join(KNOWN)}.",
    )


def _inline_break(line: Line, unknown: list[Problem]) -> str:
    unknown.append(
        Problem(
            "A page break has to stand on a line of its own.", line.file, line.number, "Give it its own line."
        )
    )
    return ""


def _value(
    name: str,
    arguments: list[str],
    metadata: Mapping[str, Any],
    variables: Mapping[str, Any],
    environment: Mapping[str, str],
) -> tuple[str, Problem | None]:
    key = arguments[0]
    if name == "env":
        if key in environment:
            return environment[key], None
        if len(arguments) > 1:
            return arguments[1], None
        return "", Problem(
            f"The environment variable {key} is not set.",
            remedy='Set it, or give a fallback: {{< env NAME "text" >}}.',
        )
    table = metadata if name == "meta" else variables
    place = "the metadata" if name == "meta" else "_variables.yml"
    found = _lookup(table, key)
    if found is None:
        return "", Problem(f"{key} is not defined in {place}.", remedy=did_you_mean(key, _paths(table)))
    if isinstance(found, (dict, list)):
        return "", Problem(
            f"{key} in {place} is not a single value.", remedy=did_you_mean(key, _paths(table))
        )
    return _printed(found), None


def _printed(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip()


def _lookup(table: Any, key: str) -> Any:
    for part in re.split(r"(?<!\\)\.", key):
        if isinstance(table, Mapping):
            table = table.get(part.replace("\\.", "."))
        elif isinstance(table, list) and part.isdigit() and 1 <= int(part) <= len(table):
            table = table[int(part) - 1]  # lists count from 1 here
        else:
            return None
    return table


def _paths(table: Mapping[str, Any], prefix: str = "") -> list[str]:
    paths: list[str] = []
    for key, value in table.items():
        path = f"{prefix}{key}"
        paths += _paths(value, f"{path}.") if isinstance(value, Mapping) else [path]
    return paths
