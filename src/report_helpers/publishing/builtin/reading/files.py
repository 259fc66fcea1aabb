"""Where the engine may read: the project, and a directory of generated files laid over it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..errors import SourceError


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
        pointing out) is refused.

        Raises
        ------
        SourceError
            If the file lies outside.
        """
        outside = False
        for root in self.roots:
            path = root / name.lstrip("/")
            if path.is_file():
                if path.resolve().is_relative_to(root.resolve()):
                    return path
                outside = True
        given = Path(name)
        if given.is_absolute() and given.is_file():
            if any(given.resolve().is_relative_to(root.resolve()) for root in self.roots):
                return given
            outside = True
        if outside or (".." in Path(name.lstrip("/")).parts and self._escapes(name)):
            raise SourceError.at(
                f"{name} lies outside the project.", remedy="Copy the file into the project."
            )
        return None

    def _escapes(self, name: str) -> bool:
        path = (self.project / name.lstrip("/")).resolve()
        return not path.is_relative_to(self.project.resolve())

    def read_text(self, name: str) -> str:
        """Return the text of the file called `name`."""
        path = self.find(name)
        if path is None:
            raise SourceError.at(f"There is no file {name} in the project.")
        return path.read_text(encoding="utf-8-sig")
