"""Lines that know where they stand, and what opens and closes on them: code blocks and divisions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..errors import Problem, SourceError

_DIVISION = re.compile(r"^\s*:{3,}\s*(?P<about>[^\s:].*?)?\s*:*\s*$")
_FENCE = re.compile(r"^\s*(?P<mark>`{3,}|~{3,})(?P<info>.*)$")


@dataclass(frozen=True)
class Line:
    """A line of the assembled document: its text, the file it stands in, and its number there from 1."""

    text: str
    file: str
    number: int


class Fences:
    """Follow code fences line by line, so that nothing inside a code block is taken for an instruction."""

    def __init__(self) -> None:
        self.open = ""

    def inside(self, text: str) -> bool:
        """Take the next line; True if it belongs to a code block or is one of its fences."""
        found = _FENCE.match(text)
        if self.open:
            if found and _closes(self.open, found["mark"], found["info"]):
                self.open = ""
            return True
        if found and not (found["mark"].startswith("`") and "`" in found["info"]):
            self.open = found["mark"]
            return True
        return False


def _closes(opened: str, mark: str, info: str) -> bool:
    return mark[0] == opened[0] and len(mark) >= len(opened) and not info.strip()


def check_divisions(lines: Iterable[Line]) -> None:
    """Refuse a division that is never closed, which would swallow what follows, and an end without a start.

    Raises
    ------
    SourceError
        For each of them.
    """
    fences, opened, stray, comment = Fences(), list[Line](), list[Line](), False
    for line in lines:
        if comment:
            comment = "-->" not in line.text
            continue
        if fences.inside(line.text):
            continue
        comment = "<!--" in line.text and "-->" not in line.text.rpartition("<!--")[2]
        found = _DIVISION.match(line.text)
        if found and found["about"]:
            opened.append(line)
        elif found and opened:
            opened.pop()
        elif found:
            stray.append(line)
    problems = [_problem(line, "is not closed", "End it with a line `:::`.") for line in opened]
    problems += [_problem(line, "ends nothing", "Remove it, or open a division before it.") for line in stray]
    if problems:
        raise SourceError(problems)


def _problem(line: Line, what: str, remedy: str) -> Problem:
    return Problem(f"The division `{line.text.strip()}` {what}.", line.file, line.number, remedy)
