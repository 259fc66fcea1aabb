"""What a YAML reader's complaint means for an author: the line of the mistake, the reason, what to do.

A reader complains where it can go on no longer, which may be far below the mistake: behind a quotation mark
that is never closed it reads to the end. Its mark for where it began is then the one to show.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

_QUOTES = "Put the value in quotes."
_FITTING = "Indent it like the lines it belongs to, or mend quotation marks."
_OTHERWISE = "Check indentation, colons and quotes."

# What the reader says (its context, a colon, its problem), what that means, and what to do.
_MEANINGS = tuple(
    (re.compile(pattern, re.DOTALL), reason, remedy)
    for pattern, reason, remedy in (
        ("quoted scalar:.*end of stream", "a quotation mark is opened here and not closed", "Close it."),
        ("flow sequence:", "a bracket `[` is not closed, or a comma is missing", "Write `[one, two]`."),
        ("flow mapping:", "a brace `{` is not closed, or a comma is missing", "Write `{name: value}`."),
        ("could not find expected ':'", "a colon and a space behind it are missing", "Write `name: value`."),
        (r"'\\t'", "a tab stands where only spaces may", "Indent with spaces."),
        ("cannot start any token", "a value cannot begin with this sign", _QUOTES),
        ("unhashable key", "braces have a meaning of their own in YAML", _QUOTES),
        ("alias|anchor", "`*` and `&` at the beginning of a value have a meaning in YAML", _QUOTES),
        ("tag", "`!` at the beginning of a value has a meaning in YAML", _QUOTES),
        ("double-quoted scalar", "a backslash in double quotes has a meaning in YAML", "Take single quotes."),
        ("block end>, but found '<(?:scalar|block)", "this does not fit what stands above", _FITTING),
        ("block end>", "this sign closes nothing", "Remove it, or put the value in quotes."),
        ("another document", "`---` would begin a second document", "Remove the line."),
        ("special characters", "an invisible control character stands here", "Remove it."),
    )
)
_REPEATED = re.compile(r'duplicate key "(?P<name>[^"]*)"')
_STRAY_COLON = "mapping values are not allowed"


@dataclass(frozen=True)
class Complaint:
    """Reason and remedy in words; line and column counted from 0, the line -1 where it is not known."""

    reason: str
    remedy: str
    line: int = -1
    column: int = 0


def understand(error: YAMLError, text: str) -> Complaint:
    """Return what an error of the reader means for the author of `text`."""
    if isinstance(error, ReaderError):
        before = text[: error.position]
        place = before.count("\n"), len(before) - before.rfind("\n") - 1
        return Complaint(*_meaning(str(error.reason), ""), *place)
    if not isinstance(error, MarkedYAMLError):
        return Complaint(" ".join(str(error).split()), _OTHERWISE)
    said, lines = f"{error.context}:{error.problem}", text.split("\n")
    mark = error.problem_mark or error.context_mark
    if error.context_mark and mark and _began_above(said, error.context_mark.line, mark.line, lines):
        mark = error.context_mark
    if mark is None:
        return Complaint(*_meaning(said, ""))
    if _STRAY_COLON in said and _has_no_colon(lines, mark.line):
        return Complaint(*_meaning("could not find expected ':'", ""), mark.line - 1)
    head = lines[mark.line][: mark.column] if mark.line < len(lines) else ""
    return Complaint(*_meaning(said, head), mark.line, mark.column)


def _began_above(said: str, start: int, end: int, lines: Sequence[str]) -> bool:
    """Tell whether the mistake is where the reader began, not where it stopped."""
    if "quoted scalar" in said or "could not find expected ':'" in said:
        return True
    # A bracket that is open still where the next setting begins, or the file ends.
    return (
        "flow " in said
        and end > start
        and (end >= len(lines) or _indent(lines[end]) <= _indent(lines[start]))
    )


def _has_no_colon(lines: Sequence[str], place: int) -> bool:
    """Tell whether the line above belongs to the same settings as this one, and lacks its colon."""
    if not 0 < place < len(lines) or ": " in lines[place - 1]:
        return False
    above, here = lines[place - 1].rstrip(), lines[place]
    return not above.endswith(":") and _indent(above) == _indent(here) > 0


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" -"))


def _meaning(said: str, head: str) -> tuple[str, str]:
    repeated = _REPEATED.search(said)
    if repeated:
        return f"`{repeated['name']}` is given a second time", "Keep one of them."
    if _STRAY_COLON in said:
        if re.search(r":\s", head):
            return "a value holds a colon with a space behind it", _QUOTES
        return "the line is indented like a part of the value above it", _FITTING
    found = next(((reason, remedy) for pattern, reason, remedy in _MEANINGS if pattern.search(said)), None)
    return found or (" ".join(said.partition(":")[2].split()), _OTHERWISE)
