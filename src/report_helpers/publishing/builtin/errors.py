"""Errors an author can act on: what is wrong, in which file and line, and what to do about it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Attributes
    ----------
    what : str
        The problem, in a sentence.
    file : str
        Path of the file as the author wrote it; empty where no single file is to blame.
    line : int
        Line in that file, counted from 1; 0 where unknown.
    remedy : str
        What to do about it.
    excerpt : str
        Source lines or an exception, shown indented below the message.
    """

    what: str
    file: str = ""
    line: int = 0
    remedy: str = ""
    excerpt: str = ""

    def __str__(self) -> str:
        place = (
            f"{self.file}:{self.line}: " if self.file and self.line else f"{self.file}: " if self.file else ""
        )
        text = f"{place}{self.what}"
        if self.remedy:
            text += f" {self.remedy}"
        if self.excerpt:
            text += "\n" + "\n".join(f"    {line}".rstrip() for line in self.excerpt.splitlines())
        return text


class EngineError(Exception):
    """The document cannot be rendered as it stands; `problems` lists every reason of that kind."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @classmethod
    def at(cls, what: str, file: str = "", line: int = 0, remedy: str = "", excerpt: str = "") -> Self:
        """Make the error from a single problem."""
        return cls(Problem(what, file, line, remedy, excerpt))


class ProjectError(EngineError):
    """The project's settings cannot be used."""


class YamlError(EngineError):
    """A piece of YAML cannot be read."""


class SourceError(EngineError):
    """A source file is missing, includes itself, or lies outside the project."""


class UnsupportedError(EngineError):
    """The document uses a construct that this engine does not know."""

    @classmethod
    def construct(cls, name: str, file: str = "", line: int = 0, remedy: str = "") -> Self:
        """Name the construct that is not known."""
        return cls.at(f"The built-in engine does not know {name}.", file, line, remedy)


class ExecutionError(EngineError):
    """Code of the document failed."""


class CrossReferenceError(EngineError):
    """A cross-reference leads nowhere, or a label is given twice."""


class CitationError(EngineError):
    """A citation is not in the bibliography."""


class ImageError(EngineError):
    """A picture is missing or lies outside the project."""


class FilterError(EngineError):
    """A filter of the project failed."""


class WriterError(EngineError):
    """An output could not be written."""


def did_you_mean(name: str, choices: Iterable[str]) -> str:
    """Return "Did you mean …?" for the closest of `choices`, or an empty string.

    Examples
    --------
    >>> did_you_mean("fig-flwo", ["fig-flow", "tbl-one"])
    'Did you mean fig-flow?'
    """
    close: Sequence[str] = difflib.get_close_matches(name, sorted(set(choices)), n=3, cutoff=0.6)
    return f"Did you mean {' or '.join(close)}?" if close else ""
