"""Which version of the manuscript this is: from git where there is git, and said where there is none."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from report_helpers.publishing import repository

UNVERSIONED = "unversioned"

_DIRTY = " with uncommitted changes"


@dataclass(frozen=True)
class Version:
    """The state of the project that a document was made from.

    Attributes
    ----------
    name : str
        ``git describe`` of the last commit, or ``"unversioned"`` without git.
    date : str
        ISO 8601 day of the last commit; without git, of ``SOURCE_DATE_EPOCH`` or else of the newest source.
    timestamp : int
        The same moment in seconds since 1970, for file stamps.
    dirty : bool
        Whether tracked files differ from that commit.
    commit : str
        The full commit hash, or ``""``.
    """

    name: str
    date: str
    timestamp: int
    dirty: bool = False
    commit: str = ""

    def __str__(self) -> str:
        """Return the version as the title block prints it."""
        return self.name + (_DIRTY if self.dirty else "")


def describe(project_dir: Path) -> Version:
    """Describe the version of the project in `project_dir`.

    A git repository that merely contains the project (a home folder under version control, say) and does
    not track its ``_quarto.yml`` is not taken for the project's own.
    """
    if _git(project_dir, "ls-files", "--error-unmatch", "_quarto.yml") is None:
        return _without_git(project_dir)
    commit = _git(project_dir, "rev-parse", "HEAD")
    if not commit:
        return _without_git(project_dir)
    seconds = int(_git(project_dir, "show", "-s", "--format=%ct", "HEAD") or 0)
    name = _git(project_dir, "describe", "--tags", "--always", "--abbrev=7") or commit[:7]
    changed = _git(project_dir, "status", "--porcelain", "--untracked-files=no", "--", ".")
    return Version(name, _day(seconds), seconds, bool(changed), commit)


def _without_git(project_dir: Path) -> Version:
    stamp = os.environ.get("SOURCE_DATE_EPOCH", "")
    if stamp.isdigit():
        return Version(UNVERSIONED, _day(int(stamp)), int(stamp))
    sources = [path for pattern in ("*.qmd", "*.yml", "chapters/*.qmd") for path in project_dir.glob(pattern)]
    newest = int(max((path.stat().st_mtime for path in sources), default=0))
    return Version(UNVERSIONED, _day(newest), newest)


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _git(directory: Path, *arguments: str) -> str | None:
    answer = repository.ask(directory, *arguments)
    return None if answer is None else answer.decode(errors="replace").strip()
