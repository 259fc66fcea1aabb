"""Turn an exception of the document's code into a message that shows the author's own lines."""

from __future__ import annotations

import os
import re
import sysconfig
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellExecutionError

from ..errors import Problem
from ..reading.cells import Cell
from .inline import Expression

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_FRAME = re.compile(
    r"^ *(?:Cell In\[(?P<number>\d+)\], line (?P<line>\d+)"
    r"|File (?P<file>[^\n]+?):(?P<at>\d+)(?:,? in |\n|$))",
    re.MULTILINE,
)
_TEMPORARY_FILE = re.compile(r" \(\d+\.py, line \d+\)")
_CURLY = re.compile("invalid character '([“”„‘’‚«»])'")
_RULE = "------------------\n"
"""What nbclient puts between the cell and what the kernel said."""
_UNSPOKEN = "its message may quote the data and is not shown; run the line on your own to read it"
_CONTEXT = 2
"""Lines shown before and after the one that failed."""


def strip_ansi(text: str) -> str:
    """Remove terminal colours."""
    return _ANSI.sub("", text)


def failed_cell(
    cell: Cell,
    error: CellExecutionError,
    run: Sequence[tuple[int, Cell]],
    project: Path,
    may_show: Callable[[str], bool],
) -> Problem:
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
    project : Path
        The project: where one of its modules was deeper in, its line is shown too. Frames of libraries are
        left out.
    may_show : callable
        Tells of an exception's name whether its message may be shown.
    """
    if error.ename == "SystemExit":  # Jupyter shows no frames of it
        what, remedy = "This cell ends Python.", "Remove the call of `exit`: what follows has to run too."
        return Problem(what, cell.opening.file, cell.opening.number, remedy)
    traceback = strip_ansi(str(error.traceback))
    frames = list(_FRAME.finditer(traceback))
    if not frames and may_show(error.ename):
        return _own_words(cell, error)
    by_number = dict(run)
    blamed, line, module = cell, 1, ""
    for frame in frames:
        if frame["number"] and int(frame["number"]) in by_number:
            blamed, line, module = by_number[int(frame["number"])], int(frame["line"]), ""
        elif frame["file"]:
            module = _shown_module(frame, project) or module
    index = min(blamed.first + line - 1, max(len(blamed.lines) - 1, 0))
    at = blamed.lines[index] if blamed.lines else blamed.opening
    parts = [_marked([(line.number, line.text) for line in blamed.lines], index), module]
    parts.append(_exception(error.ename, _TEMPORARY_FILE.sub("", str(error.evalue)), may_show))
    if blamed is not cell:
        parts.append(f"(called by the cell in {cell.opening.file}, line {cell.opening.number})")
    return Problem("This cell failed.", at.file, at.number, excerpt="\n".join(part for part in parts if part))


def _exception(name: str, message: str, may_show: Callable[[str], bool]) -> str:
    """Return an exception as Python writes it, or without a message that may quote the data."""
    if not may_show(name):
        return f"{name} ({_UNSPOKEN})"
    if curly := _CURLY.search(message):
        return f"{name}: {curly[1]} is a curly quotation mark; in code, write straight quotes: \" or '"
    return f"{name}: {strip_ansi(message)}".rstrip(": ")


def shown_error(output: Mapping[str, Any], project: Path, may_show: Callable[[str], bool]) -> dict[str, Any]:
    """Return what an error that a cell is meant to show prints: no folder of this machine, no quoted data."""
    name, message = str(output["ename"]), str(output["evalue"])
    if not may_show(name):
        return {"evalue": _UNSPOKEN, "traceback": [_exception(name, message, may_show)]}
    folders = (*sorted(_library_folders(), key=len, reverse=True), f"{project}{os.sep}")
    traceback = "\n".join(output["traceback"])
    for folder in folders:
        traceback = traceback.replace(folder, "")
    return {"traceback": traceback.split("\n")}


def _library_folders() -> set[str]:
    """Return where Python's modules are, also as IPython shortens it."""
    paths = sysconfig.get_paths()
    folders = {f"{paths[kind]}{os.sep}" for kind in ("stdlib", "purelib", "platlib")}
    home = str(Path.home())
    return folders | {f"~{folder.removeprefix(home)}" for folder in folders if folder.startswith(home)}


def _own_words(cell: Cell, error: CellExecutionError) -> Problem:
    """Describe an error that shows itself without frames: it was written for the author, and says it all.

    Such an exception has the method `_render_traceback_`, which Jupyter asks for what to show.
    """
    said = strip_ansi(str(error.traceback)).rpartition(_RULE)[2].strip() or str(error.evalue)
    first, _, rest = said.partition("\n")
    asked = f"(asked for by the cell in {cell.opening.file}, line {cell.opening.number})"
    return Problem(first, excerpt="\n".join([*(line.strip() for line in rest.splitlines()), asked]))


def _shown_module(frame: re.Match[str], project: Path) -> str:
    """Return the lines around a frame in a module of the project; nothing for other modules."""
    path = Path(frame["file"].strip()).expanduser()
    path = path if path.is_absolute() else project / path
    number = int(frame["at"])
    if not path.is_file() or not path.resolve().is_relative_to(project.resolve()):
        return ""
    inner = path.resolve().relative_to(project.resolve())
    if any(part.startswith(".") or part == "site-packages" for part in inner.parts):
        return ""
    lines = list(enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1))
    return f"{inner.as_posix()}, line {number}:\n{_marked(lines, number - 1)}"


def _marked(lines: Sequence[tuple[int, str]], index: int) -> str:
    first = max(index - _CONTEXT, 0)
    shown = lines[first : index + _CONTEXT + 1]
    width = len(str(shown[-1][0])) if shown else 1
    return "\n".join(
        f"{'→' if first + offset == index else ' '} {number:>{width}} │ {text}"
        for offset, (number, text) in enumerate(shown)
    )


def failed_expressions(
    wanted: Sequence[Expression], answers: Mapping[str, Any], may_show: Callable[[str], bool]
) -> list[Problem]:
    """Describe every inline expression of a stretch of text that failed."""
    problems = []
    for position, item in enumerate(wanted):
        answer = answers.get(str(position), {"status": "error", "ename": "Error", "evalue": "no answer"})
        if answer.get("status") == "ok":
            continue
        exception = _exception(str(answer.get("ename", "Error")), str(answer.get("evalue", "")), may_show)
        problems.append(
            Problem(
                f"The inline expression `{' '.join(item.code.split())}` failed.",
                item.line.file,
                item.line.number,
                excerpt=f"→ {item.line.number} │ {item.line.text}\n{exception}",
            )
        )
    return problems
