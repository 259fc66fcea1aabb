"""The document's text with its includes put in, every line knowing the chapter and line it came from."""

from __future__ import annotations

import itertools
import posixpath
import re
from dataclasses import dataclass
from typing import Any

from ..errors import Problem, SourceError, UnsupportedError, did_you_mean
from .files import Files
from .lines import Fences, Line, check_divisions
from .yamlfile import parse_mapping

_INCLUDE = re.compile(r"^\s*\{\{<\s*include\s+(?P<name>\"[^\"]+\"|'[^']+'|\S+)\s*>\}\}\s*$")


@dataclass(frozen=True)
class Source:
    """The document as written: the front matter and its lines, and the body with includes put in."""

    front_matter: dict[str, Any]
    lines: tuple[Line, ...]
    main: str
    head: tuple[Line, ...] = ()

    def find(self, pattern: str, occurrence: int = 1) -> Line | None:
        """Return the line in which the regular expression `pattern` is found for the first, second … time."""
        search = re.compile(pattern)
        found = (line for line in (*self.head, *self.lines) for _ in search.finditer(line.text))
        return next(itertools.islice(found, occurrence - 1, None), None)


def read_source(files: Files, main: str) -> Source:
    """Read the main document and everything it includes.

    A name in an include is relative to the main document, or to the project with a leading `/`, in a nested
    include as well.

    Raises
    ------
    SourceError
        If a file is missing, lies outside the project, or includes itself, or a division is not closed.
    YamlError
        If the front matter is not valid YAML.
    """
    text = _lines(files, main, main)
    front_matter, body = _front_matter(text, main)
    head = tuple(text[: len(text) - len(body)])
    includes = _Includes(files, main)
    lines = tuple(includes.expand(body, (main,)))
    if includes.problems:
        raise SourceError(includes.problems)
    check_divisions(lines)
    return Source(front_matter, lines, main, head)


def _lines(files: Files, name: str, shown: str) -> list[Line]:
    text = files.read_text(name).replace("\r\n", "\n").replace("\r", "\n")
    return [Line(line, shown, number) for number, line in enumerate(text.split("\n"), start=1)]


def _front_matter(lines: list[Line], file: str) -> tuple[dict[str, Any], list[Line]]:
    start = next((i for i, line in enumerate(lines) if line.text.strip()), 0)
    if not lines or lines[start].text.rstrip() != "---":
        return {}, lines
    for end in range(start + 1, len(lines)):
        if lines[end].text.rstrip() in ("---", "..."):
            text = "\n".join(line.text for line in lines[start + 1 : end])
            return parse_mapping(text, file, lines[start].number + 1), lines[end + 1 :]
    raise SourceError.at("The front matter is not closed.", file, 1, "End it with a line `---`.")


class _Includes:
    """Put in what the document includes; what cannot be included is gathered in `problems`."""

    def __init__(self, files: Files, main: str) -> None:
        self.files, self.main = files, main
        self.problems: list[Problem] = []

    def expand(self, lines: list[Line], chain: tuple[str, ...]) -> list[Line]:
        """Return the lines with every include put in; `chain` names the files that led here."""
        result: list[Line] = []
        fences = Fences()
        for line in lines:
            found = None if fences.inside(line.text) else _INCLUDE.match(line.text)
            if found is None:
                result.append(line)
                continue
            name = found["name"].strip("\"'")
            path = name if name.startswith("/") else posixpath.join(posixpath.dirname(self.main), name)
            shown = posixpath.normpath(path.lstrip("/"))
            problem = self._problem(path, shown, line, chain)
            if problem:
                self.problems.append(problem)
            else:
                result.extend(self.expand(_included(self.files, path, shown), (*chain, shown)))
            result.append(Line("", line.file, line.number))  # an include is a block of its own
        return result

    def _problem(self, path: str, shown: str, line: Line, chain: tuple[str, ...]) -> Problem | None:
        if shown in chain:
            what, remedy = f"{shown} includes itself ({' → '.join((*chain, shown))}).", "Remove one include."
            return Problem(what, line.file, line.number, remedy)
        try:
            found = self.files.find(path)
        except SourceError:
            what, remedy = f"The include {shown} lies outside the project.", "Copy the file into the project."
            return Problem(what, line.file, line.number, remedy)
        if found is not None:
            return None
        root = self.files.project
        have = [path.relative_to(root).as_posix() for path in root.rglob("*.[qm]*md") if path.is_file()]
        what = f"The included file {shown} does not exist."
        remedy = did_you_mean(shown, have) or "Correct the name, or add the file."
        return Problem(what, line.file, line.number, remedy)


def _included(files: Files, path: str, shown: str) -> list[Line]:
    lines = _lines(files, path, shown)
    if lines and lines[0].text.rstrip() == "---" and any(x.text.rstrip() == "---" for x in lines[1:]):
        raise UnsupportedError.construct(
            "front matter in an included file", shown, 1, "Move it to the main document."
        )
    return lines
