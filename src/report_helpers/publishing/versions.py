"""Which version of the manuscript this is: from git where there is git, and said where there is none.

A commit with a tag such as ``v1.0`` is version 1.0, dated like the commit: the day is then known before the
tag is made, and is the same whoever renders the version again. Every other commit is a draft.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from report_helpers.publishing import repository
from report_helpers.publishing.version_number import VersionNumber, parse

UNVERSIONED = "unversioned"

_DIRTY = " with uncommitted changes"


@dataclass(frozen=True)
class Version:
    """The state of the project that a document was made from.

    Attributes
    ----------
    name : str
        The number of a released version, ``"draft after 1.0, commit 0a1b2c3"``, or ``"unversioned"`` without
        git.
    date : str
        ISO 8601 day of the last commit; without git, of ``SOURCE_DATE_EPOCH`` or else of the newest source.
    timestamp : int
        The same moment in seconds since 1970, for file stamps.
    dirty : bool
        Whether tracked files differ from that commit.
    commit : str
        The full commit hash, or ``""``.
    released : bool
        Whether this is a released version and not a draft.
    """

    name: str
    date: str
    timestamp: int
    dirty: bool = False
    commit: str = ""
    released: bool = False

    def __str__(self) -> str:
        """Return the version as the title block prints it."""
        return self.name + (_DIRTY if self.dirty else "")

    @property
    def heading(self) -> str:
        """The version as it stands by itself, at the head of a page.

        Examples
        --------
        >>> Version("1.0", "2026-01-15", 0, released=True).heading
        'Version 1.0'
        >>> Version("draft after 1.0, commit 0a1b2c3", "2026-01-16", 0).heading
        'Draft after 1.0, commit 0a1b2c3'
        """
        text = str(self)
        return f"Version {text}" if self.released else text[:1].upper() + text[1:]


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
    dirty = bool(_git(project_dir, "status", "--porcelain", "--untracked-files=no", "--", "."))
    tagged = _tagged(project_dir)
    here = [number for number, place in tagged if place == commit]
    if here and not dirty:
        return Version(str(max(here)), day_of(seconds), seconds, False, commit, released=True)
    before = here or [number for number, _ in tagged]
    after = f" after {max(before)}" if before else ""
    return Version(f"draft{after}, commit {commit[:7]}", day_of(seconds), seconds, dirty, commit)


def _tagged(project_dir: Path) -> list[tuple[VersionNumber, str]]:
    """Return the released versions that led to the last commit, and the commit of each."""
    # A tag with a message is an object of its own, which the second name looks behind.
    what = "--format=%(refname:strip=2) %(objectname) %(*objectname)"
    listed = _git(project_dir, "for-each-ref", "--merged=HEAD", what, "refs/tags/v*") or ""
    rows = [line.split() for line in listed.splitlines()]
    return [(number, row[-1]) for row in rows if (number := parse(row[0]))]


def _without_git(project_dir: Path) -> Version:
    stamp = os.environ.get("SOURCE_DATE_EPOCH", "")
    if stamp.isdigit():
        return Version(UNVERSIONED, day_of(int(stamp)), int(stamp))
    sources = [path for pattern in ("*.qmd", "*.yml", "chapters/*.qmd") for path in project_dir.glob(pattern)]
    newest = int(max((path.stat().st_mtime for path in sources), default=0))
    return Version(UNVERSIONED, day_of(newest), newest)


def day_of(seconds: int) -> str:
    """Return the ISO 8601 day, in UTC, of a moment given in seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def in_words(day: str) -> str:
    """Return an ISO 8601 day as it is printed.

    Examples
    --------
    >>> in_words("2026-01-15")
    '15 January 2026'
    """
    date = datetime.fromisoformat(day)
    return f"{date.day} {date:%B %Y}"


def _git(directory: Path, *arguments: str) -> str | None:
    answer = repository.ask(directory, *arguments)
    return None if answer is None else answer.decode(errors="replace").strip()
