"""Where the engine may read: the project, and a directory of generated files laid over it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import SourceError

_SCHEME = re.compile(r"^(?P<name>[a-z][a-z0-9+.-]*):", re.IGNORECASE)

_WRITTEN = ("*.qmd", "*.md", "*.html", "*.css")

Place = Callable[[str, str], tuple[str, int]]
"""Finds file and line of a value and the name of its setting."""


def nowhere(_value: str, _setting: str) -> tuple[str, int]:
    """Find nothing, where there is no file to look in."""
    return "", 0


@dataclass(frozen=True)
class Files:
    """Directories that are searched in order for a file of the project.

    Attributes
    ----------
    project : Path
        The project directory, absolute.
    layers : tuple of Path
        Directories searched before the project, first wins: pictures the code drew, then generated files.
    """

    project: Path
    layers: tuple[Path, ...] = ()

    @property
    def roots(self) -> tuple[Path, ...]:
        """All directories in the order they are searched."""
        return (*self.layers, self.project)

    def find(self, name: str) -> Path | None:
        """Return the file called `name`, or None if there is none.

        A leading `/` means the project directory. A name that leaves the directories (`../..`, a link
        pointing out, `file:`) is refused, whether or not there is such a file.

        Raises
        ------
        SourceError
            If the file lies outside.
        """
        outside = False
        for root in self.roots:
            path = root / name.lstrip("/")
            if _is_file(path):
                if path.resolve().is_relative_to(root.resolve()):
                    return path
                outside = True
        given = Path(name)
        if given.is_absolute() and _is_file(given):
            if any(given.resolve().is_relative_to(root.resolve()) for root in self.roots):
                return given
            outside = True
        if outside or self._escapes(name):
            raise SourceError.at(
                f"{name} lies outside the project.", remedy="Copy the file into the project."
            )
        return None

    def _escapes(self, name: str) -> bool:
        """Tell whether a name that is no file of the project's leads out of it, on this system or another."""
        scheme = _SCHEME.match(name)
        if scheme and (scheme["name"].lower() == "file" or len(scheme["name"]) == 1):
            return True
        depth = 0
        for part in name.replace("\\", "/").split("/"):
            depth += {"": 0, ".": 0, "..": -1}.get(part, 1)
            if depth < 0:
                return True
        return False

    def named(self, name: str, setting: str) -> Path:
        """Return the file that a setting names.

        Raises
        ------
        SourceError
            If there is none, or it lies outside; with the line where the setting stands.
        """
        try:
            path = self.find(name)
        except SourceError as error:
            problem = error.problems[0]
            what = f"`{setting}` names {name}, which lies outside the project."
            raise SourceError.at(what, *self.place(name, setting), problem.remedy) from None
        if path is None:
            what = f"`{setting}` names {name}, which does not exist."
            raise SourceError.at(what, *self.place(name, setting), "Correct the name, or add the file.")
        return path

    def place(self, value: str, setting: str) -> tuple[str, int]:
        """Return file and line where a setting has that value, or begins, for a message.

        Nothing is found where the setting is written in an unusual way: then ("", 0).
        """
        word = re.compile(rf"(?<![\w./-]){re.escape(value)}(?![\w./-])")
        for path in self._with_settings():
            begun = False
            for number, line in enumerate(_front(path), start=1):
                begun = begun or line.lstrip(" -{\"'").startswith((f"{setting}:", f'{setting}":'))
                if begun and (not value or word.search(line)):
                    return path.name, number
        return "", 0

    def _with_settings(self) -> Iterator[Path]:
        for root in self.roots:
            for pattern in ("_quarto*.y*ml", "*.qmd", "*.yml", "*.yaml"):
                yield from sorted(root.glob(pattern))

    def mention(self, text: str) -> tuple[str, int]:
        """Return file and line where the project has a text first, for a message; ("", 0) if nowhere."""
        for pattern in _WRITTEN:
            for path in sorted(self.project.rglob(pattern)):
                lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
                found = next((number for number, line in enumerate(lines, start=1) if text in line), 0)
                if found:
                    return path.relative_to(self.project).as_posix(), found
        return "", 0

    def read_text(self, name: str) -> str:
        """Return the text of the file called `name`."""
        path = self.find(name)
        if path is None:
            raise SourceError.at(f"There is no file {name} in the project.")
        return read_utf8(path, name.lstrip("/"))


def read_utf8(path: Path, name: str) -> str:
    """Return the text of a file; `name` is its name in messages.

    Raises
    ------
    SourceError
        If it cannot be read, or is not UTF-8; with the line.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SourceError.at(f"The file cannot be read ({error.strerror}).", name) from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SourceError.at("This line is not UTF-8.", name, line, "Save the file as UTF-8.") from None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long to be one
        return False


def _front(path: Path) -> list[str]:
    """Return the lines of a YAML file, or of a document's front matter."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    if path.suffix != ".qmd" or not lines or lines[0].rstrip() != "---":
        return lines if path.suffix != ".qmd" else []
    return lines[: next((i for i, line in enumerate(lines) if i and line.rstrip() in ("---", "...")), 0)]
