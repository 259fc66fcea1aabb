"""What has to hold before a version is made; every refusal says what to type."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from report_helpers.errors import ManuscriptError
from report_helpers.publishing import repository
from report_helpers.publishing.release.shelf import SHELF
from report_helpers.publishing.release.tags import Release
from report_helpers.publishing.version_number import VersionNumber, parse
from report_helpers.publishing.versions import day_of

CITATION = "CITATION.cff"

_SHOWN = 12
_WHO = 'git config user.name "Your Name"\n  git config user.email you@example.org'
_START = 'git init\n  git add .\n  git commit -m "First draft"'


def read_number(text: str) -> VersionNumber:
    """Read the number that an author asked for.

    Raises
    ------
    ManuscriptError
        If it is none.
    """
    number = parse(text)
    if number is None:
        raise ManuscriptError(
            f"'{text}' is no version",
            remedy="write two or three numbers with points between them, such as 1.0 or 1.0.1",
        )
    return number


def committed(project: Path) -> str:
    """Return the commit that the project stands at.

    Raises
    ------
    ManuscriptError
        If it is no manuscript project, or git does not keep it.
    """
    if not (project / "_quarto.yml").is_file() or not (project / "study.yml").is_file():
        raise ManuscriptError(
            "this is no manuscript project: it has no _quarto.yml and study.yml",
            str(project),
            "run the command in the project's directory",
        )
    if repository.ask(project, "--version") is None:
        raise ManuscriptError("a version is a tag in git, and git is not installed", remedy="install git")
    tracked = repository.ask(project, "ls-files", "--error-unmatch", "_quarto.yml")
    commit = repository.ask(project, "rev-parse", "--verify", "--quiet", "HEAD")
    if tracked is None or not commit:
        raise ManuscriptError(
            "a version is a tag in git, and git does not keep this project yet",
            str(project),
            f"in the project's directory, type\n  {_START}\n  and run the command again",
        )
    return commit.decode().strip()


def refuse_unfit(number: VersionNumber, commit: str, known: Sequence[Release], project: Path) -> None:
    """Refuse to make a version of a commit where anything speaks against it.

    Raises
    ------
    ManuscriptError
        With the first thing that does.
    """
    _refuse_earlier(number, known)
    _refuse_uncommitted(project)
    _refuse_same_commit(commit, known)
    if repository.ask(project, "var", "GIT_COMMITTER_IDENT") is None:
        raise ManuscriptError(
            "git does not know who you are, and a tag has a name on it", remedy=f"type\n  {_WHO}"
        )
    seconds = repository.ask(project, "show", "-s", "--format=%ct", commit)
    _refuse_other_citation(number, day_of(int(seconds or 0)), project)


def _refuse_earlier(number: VersionNumber, known: Sequence[Release]) -> None:
    if known and number <= known[-1].number:
        newest = known[-1].number
        after = VersionNumber(newest.major, newest.minor + 1)
        raise ManuscriptError(
            f"version {number} would not come after {newest}, the newest",
            remedy=f"name a later one, such as {after}",
        )


def _refuse_same_commit(commit: str, known: Sequence[Release]) -> None:
    here = [each for each in known if each.commit == commit]
    if here:
        raise ManuscriptError(
            f"nothing was committed since version {here[-1].number}",
            remedy="commit what is new, or read that version under versions/",
        )


def _refuse_uncommitted(project: Path) -> None:
    answer = repository.ask(
        project, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=no", "--", "."
    )
    names = [entry[3:] for entry in (answer or b"").decode(errors="replace").split("\0") if entry]
    if names:
        more = [f"… and {len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
        raise ManuscriptError(
            "there are uncommitted changes, which the version would not have\n"
            + "\n".join(f"  {each}" for each in names[:_SHOWN] + more),
            remedy='type, with words that say what you changed:\n  git commit --all -m "What changed"',
        )


def left_out(project: Path) -> list[str]:
    """Say which files beside the sources git neither keeps nor ignores: no version has them."""
    names = [name for name in _untracked(project) if not name.startswith(f"{SHELF}/")]
    said = [f"not part of the version, since git does not keep it: {name}" for name in names[:_SHOWN]]
    more = len(names) - _SHOWN
    return [*said, f"nor are {more} more files"] if more > 0 else said


def not_ignored(project: Path) -> list[str]:
    """Say so where git would take what is filed into the next commit."""
    if any(name.startswith(f"{SHELF}/") for name in _untracked(project)):
        return [f"git does not ignore what is filed: write the line /{SHELF}/ into .gitignore"]
    return []


def _untracked(project: Path) -> list[str]:
    answer = repository.ask(project, "ls-files", "--others", "--exclude-standard", "-z")
    return [name for name in (answer or b"").decode(errors="replace").split("\0") if name]


def citation_file(commit: str, project: Path) -> str:
    """Return ``CITATION.cff`` as it is in a commit, or an empty text where there is none."""
    return (repository.ask(project, "show", f"{commit}:./{CITATION}") or b"").decode(errors="replace")


def _refuse_other_citation(number: VersionNumber, day: str, project: Path) -> None:
    """Refuse a ``CITATION.cff`` that names another version or day; one that names none cannot drift."""
    for place, line in enumerate(citation_file("HEAD", project).splitlines(), start=1):
        found = re.match(r"""(version|date-released):\s*["']?([^"'#]*?)["']?\s*(?:#.*)?$""", line)
        if found is None or not found[2]:
            continue
        same = parse(found[2]) == number if found[1] == "version" else found[2] == day
        if not same:
            today = datetime.now(UTC).date().isoformat()
            raise ManuscriptError(
                f"it says '{line.strip()}', and this would be version {number} of {day}",
                f"{CITATION}:{place}",
                "take the lines 'version' and 'date-released' out (the filed copy gets them), or write\n"
                f"  version: {number}\n  date-released: {today}\n  and commit that today",
            )
