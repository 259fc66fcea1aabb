"""Turn an exception of the document's code into a message that shows the author's own lines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from nbclient.exceptions import CellExecutionError

from ..errors import Problem
from ..reading.cells import Cell
from .inline import Expression

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_IN_CELL = re.compile(r"Cell In\[(?P<number>\d+)\], line (?P<line>\d+)")
_IN_FILE = re.compile(r"File (?P<file>[^\n]+?):(?P<line>\d+),? in (?P<function>[^\n(]+)")
_TEMPORARY_FILE = re.compile(r" \(\d+\.py, line \d+\)")
_CONTEXT = 2
"""Lines shown before and after the one that failed."""


def strip_ansi(text: str) -> str:
    """Remove terminal colours."""
    return _ANSI.sub("", text)


def failed_cell(cell: Cell, error: CellExecutionError, run: Sequence[tuple[int, Cell]]) -> Problem:
    """Describe the failure of a cell.

    Parameters
    ----------
    cell : Cell
        The cell that failed.
    error : CellExecutionError
        What the kernel said.
    run : sequence
        Execution count and cell of everything run so far: the line to show is the innermost one in the
        document.
    """
    traceback = strip_ansi(str(error.traceback))
    by_number = dict(run)
    blamed, line = cell, 1
    for match in _IN_CELL.finditer(traceback):
        if int(match["number"]) in by_number:
            blamed, line = by_number[int(match["number"])], int(match["line"])
    index = min(blamed.first + line - 1, max(len(blamed.lines) - 1, 0))
    at = blamed.lines[index] if blamed.lines else blamed.opening
    excerpt = _marked(blamed, index)
    frames = list(_IN_FILE.finditer(traceback))
    message = _TEMPORARY_FILE.sub("", strip_ansi(str(error.evalue)))
    exception = f"{error.ename}: {message}".rstrip(": ")
    if frames:
        last = frames[-1]
        exception += (
            f"\n(raised in {last['file'].strip()}, line {last['line']}, in {last['function'].strip()})"
        )
    if blamed is not cell:
        exception += f"\n(called by the cell in {cell.opening.file}, line {cell.opening.number})"
    return Problem("This cell failed.", at.file, at.number, excerpt=f"{excerpt}\n{exception}")


def _marked(cell: Cell, index: int) -> str:
    first = max(index - _CONTEXT, 0)
    shown = cell.lines[first : index + _CONTEXT + 1]
    width = len(str(shown[-1].number)) if shown else 1
    return "\n".join(
        f"{'→' if first + offset == index else ' '} {line.number:>{width}} │ {line.text}"
        for offset, line in enumerate(shown)
    )


def failed_expressions(wanted: Sequence[Expression], answers: Mapping[str, Any]) -> list[Problem]:
    """Describe every inline expression of a stretch of text that failed."""
    problems = []
    for position, item in enumerate(wanted):
        answer = answers.get(str(position), {"status": "error", "ename": "Error", "evalue": "no answer"})
        if answer.get("status") == "ok":
            continue
        exception = f"{answer.get('ename', 'Error')}: {strip_ansi(str(answer.get('evalue', '')))}".rstrip(
            ": "
        )
        problems.append(
            Problem(
                f"The inline expression `{' '.join(item.code.split())}` failed.",
                item.line.file,
                item.line.number,
                excerpt=f"→ {item.line.number} │ {item.line.text}\n{exception}",
            )
        )
    return problems
