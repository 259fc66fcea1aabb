"""The document's text with its includes put in, every line knowing the chapter and line it came from."""

from __future__ import annotations

import itertools
import posixpath
import re
from dataclasses import dataclass
from typing import Any

from ..errors import Problem, SourceError, UnsupportedError, did_you_mean
from .files import Files
from .yamlfile import parse_mapping

_INCLUDE = re.compile(r"^\s*\{\{<\s*include\s+(?P<name>\"[^\"]+\"|'[^']+'|\S+)\s*>\}\}\s*$")
_DIVISION = re.compile(r"^\s*:{3,}\s*(?P<about>[^\s:].*?)?\s*:*\s*$")
_FENCE = re.compile(r"^\s*(?P<mark>`{3,}|~{3,})(?P<info>.*)$")


@dataclass(frozen=True)
class Line:
    """A line of the assembled document: its text, the file it stands in, and its number there from 1."""

    text: str
    file: str
    number: int


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
    lines = tuple(_expand(files, body, main, (main,)))
    _check_divisions(lines)
    return Source(front_matter, lines, main, head)


def _check_divisions(lines: tuple[Line, ...]) -> None:
    """Refuse a division that is never closed: it would swallow what follows without a word."""
    fences, opened = Fences(), list[Line]()
    for line in lines:
        found = None if fences.inside(line.text) else _DIVISION.match(line.text)
        if found and found["about"]:
            opened.append(line)
        elif found and opened:
            opened.pop()
    if opened:
        raise SourceError(
            Problem(
                f"The division `{line.text.strip()}` is not closed.",
                line.file,
                line.number,
                "End it with a line `:::`.",
            )
            for line in opened
        )


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


def _expand(files: Files, lines: list[Line], main: str, chain: tuple[str, ...]) -> list[Line]:
    result: list[Line] = []
    fences = Fences()
    for line in lines:
        found = None if fences.inside(line.text) else _INCLUDE.match(line.text)
        if found is None:
            result.append(line)
            continue
        name = found["name"].strip("\"'")
        path = name if name.startswith("/") else posixpath.join(posixpath.dirname(main), name)
        shown = posixpath.normpath(path.lstrip("/"))
        result.extend(_expand(files, _included(files, path, shown, line, chain), main, (*chain, shown)))
        result.append(Line("", line.file, line.number))  # an include is a block of its own
    return result


def _included(files: Files, path: str, shown: str, line: Line, chain: tuple[str, ...]) -> list[Line]:
    if shown in chain:
        raise SourceError.at(
            f"{shown} includes itself ({' → '.join((*chain, shown))}).",
            line.file,
            line.number,
            "Remove one include.",
        )
    try:
        found = files.find(path)
    except SourceError:
        raise SourceError.at(
            f"The include {shown} lies outside the project.",
            line.file,
            line.number,
            "Copy the file into the project.",
        ) from None
    if found is None:
        have = [
            p.relative_to(files.project).as_posix() for p in files.project.rglob("*.[qm]*md") if p.is_file()
        ]
        raise SourceError.at(
            f"The included file {shown} does not exist.", line.file, line.number, did_you_mean(shown, have)
        )
    lines = _lines(files, path, shown)
    if lines and lines[0].text.rstrip() == "---" and any(x.text.rstrip() == "---" for x in lines[1:]):
        raise UnsupportedError.construct(
            "front matter in an included file", shown, 1, "Move it to the main document."
        )
    return lines
