"""Split a document into text and cells, and read the `#|` options of a cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import Problem, SourceError, UnsupportedError, YamlError, did_you_mean
from .lines import Line
from .yamlfile import parse_yaml

_CELL = re.compile(
    r"^(?P<indent>\s*)(?P<mark>`{3,}|~{3,})\s*\{(?P<language>[a-zA-Z][\w-]*)(?P<rest>[\s,][^}]*)?\}\s*$"
)
_SHOWN = re.compile(r"^(?P<indent>\s*)(?P<mark>`{3,}|~{3,})\s*\{\{(?P<inner>[^{}]*)\}\}\s*$")
_FENCE = re.compile(r"^\s*(?P<mark>`{3,}|~{3,})(?P<info>.*)$")
_OPTION = re.compile(r"^#\s*\| ?(?P<yaml>.*)$")

OPTIONS = frozenset(
    [
        "cap-location",
        "classes",
        "code-fold",
        "code-line-numbers",
        "code-overflow",
        "code-summary",
        "column",
        "echo",
        "error",
        "eval",
        "fig-align",
        "fig-alt",
        "fig-cap",
        "fig-column",
        "fig-dpi",
        "fig-format",
        "fig-height",
        "fig-width",
        "lightbox",
        "lst-cap-location",
        "tbl-column",
        "fig-cap-location",
        "fig-env",
        "fig-link",
        "fig-pos",
        "fig-scap",
        "fig-subcap",
        "html-table-processing",
        "id",
        "include",
        "label",
        "layout",
        "layout-align",
        "layout-ncol",
        "layout-nrow",
        "layout-valign",
        "lst-cap",
        "lst-label",
        "message",
        "out-height",
        "out-width",
        "output",
        "tags",
        "tbl-alt",
        "tbl-cap",
        "tbl-cap-location",
        "tbl-colwidths",
        "tbl-subcap",
        "warning",
    ]
)
"""Cell options the engine obeys or may safely pass over."""


@dataclass(frozen=True)
class Text:
    """Lines of Markdown between two cells."""

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Cell:
    """A cell to run: its options, its code without them, and where it stands.

    Attributes
    ----------
    options : dict
        Options of the `#|` lines.
    code : str
        The code.
    lines : tuple of Line
        Every line between the fences, options included.
    first : int
        Index in `lines` of the first line of code.
    opening : Line
        The line of the opening fence.
    indent : str
        White space before the fence, for a cell within a list.
    """

    options: Mapping[str, Any]
    code: str
    lines: tuple[Line, ...]
    first: int
    opening: Line
    indent: str = ""

    @property
    def label(self) -> str:
        """The label given to the cell, or an empty string."""
        return str(self.options.get("label") or self.options.get("id") or "").lstrip("#")


@dataclass
class _Splitter:
    parts: list[Text | Cell] = field(default_factory=list)
    pending: list[Line] = field(default_factory=list)

    def flush(self) -> None:
        if self.pending:
            self.parts.append(Text(tuple(self.pending)))
            self.pending = []


def split_cells(lines: Iterable[Line]) -> tuple[Text | Cell, ...]:
    """Split a document into text and cells.

    Raises
    ------
    UnsupportedError
        For a cell in a language other than Python, or an option that is not known.
    YamlError
        For options that are not valid YAML.
    SourceError
        For a cell that is not closed, or a label given twice.
    """
    splitter = _Splitter()
    unknown: list[Problem] = []
    rest = list(lines)
    position = 0
    while position < len(rest):
        line = rest[position]
        opening = _CELL.match(line.text)
        if opening and opening["language"] == "python":
            end = _closing(rest, position, opening["mark"])
            splitter.flush()
            splitter.parts.append(_cell(rest[position], tuple(rest[position + 1 : end]), opening["indent"]))
            position = end + 1
            continue
        fence = _FENCE.match(line.text)
        if opening:
            unknown.append(_foreign(opening["language"], line))
            position = _closing(rest, position, opening["mark"]) + 1
            continue
        if fence and not (fence["mark"].startswith("`") and "`" in fence["info"]):
            end = _closing(rest, position, fence["mark"])
            splitter.pending.extend(_shown_cell(rest[position : end + 1]))
            position = end + 1
            continue
        splitter.pending.append(line)
        position += 1
    splitter.flush()
    if unknown:
        raise UnsupportedError(unknown)
    _check_labels(part for part in splitter.parts if isinstance(part, Cell))
    return tuple(splitter.parts)


def _shown_cell(block: list[Line]) -> list[Line]:
    """Return a code block; one that begins with `{{python}}` shows a cell, fences and all."""
    shown = _SHOWN.match(block[0].text)
    if not shown:
        return block
    opening = f"{shown['indent']}{shown['mark']}{{{shown['inner']}}}"
    fence = shown["indent"] + shown["mark"] + shown["mark"][0]
    inner = [replace(block[0], text=opening), *block[1:]]
    return [replace(block[0], text=fence), *inner, replace(block[-1], text=fence)]


def _foreign(language: str, line: Line) -> Problem:
    what = f"The built-in engine does not know cells in the language {language}."
    return Problem(what, line.file, line.number, "Only {python} cells run here.")


def _closing(lines: list[Line], start: int, mark: str) -> int:
    for position in range(start + 1, len(lines)):
        found = _FENCE.match(lines[position].text)
        if (
            found
            and found["mark"][0] == mark[0]
            and len(found["mark"]) >= len(mark)
            and not found["info"].strip()
        ):
            return position
    raise SourceError.at(
        "A code block is not closed.", lines[start].file, lines[start].number, f"End it with a line {mark}."
    )


def _cell(opening: Line, lines: tuple[Line, ...], indent: str) -> Cell:
    bare = [line.text.removeprefix(indent) for line in lines]
    start = next((i for i, text in enumerate(bare) if text.strip()), 0)
    first = next((i for i, text in enumerate(bare) if i >= start and not _OPTION.match(text)), len(bare))
    yaml = [match["yaml"] for text in bare[:first] if (match := _OPTION.match(text))]
    first = first if yaml else 0
    options: Any = parse_yaml("\n".join(yaml), opening.file, opening.number + 1 + start) if yaml else {}
    if not isinstance(options, dict):
        raise YamlError.at("Cell options have the form `#| name: value`.", opening.file, opening.number + 1)
    unknown = [
        Problem(
            f"The built-in engine does not know the cell option {name}.",
            opening.file,
            _option_line(lines, str(name), opening),
            did_you_mean(str(name), OPTIONS),
        )
        for name in options
        if name not in OPTIONS
    ]
    if unknown:
        raise UnsupportedError(unknown)
    return Cell(options, "\n".join(bare[first:]), lines, first, opening, indent)


def _option_line(lines: tuple[Line, ...], name: str, opening: Line) -> int:
    return next(
        (line.number for line in lines if re.match(rf"\s*#\s*\|\s*{re.escape(name)}\s*:", line.text)),
        opening.number,
    )


def _check_labels(cells: Iterable[Cell]) -> None:
    seen: dict[str, Line] = {}
    problems = []
    for cell in cells:
        if not cell.label:
            continue
        if cell.label in seen:
            first = seen[cell.label]
            problems.append(
                Problem(
                    f"The label {cell.label} is given twice.",
                    cell.opening.file,
                    cell.opening.number,
                    f"It already stands in {first.file}, line {first.number}.",
                )
            )
        seen.setdefault(cell.label, cell.opening)
    if problems:
        raise SourceError(problems)
