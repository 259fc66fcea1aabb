"""The tag of a released version: its message says what was made of it, from which data and with what."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from report_helpers.errors import ManuscriptError
from report_helpers.publishing import repository
from report_helpers.publishing.version_number import VersionNumber, parse
from report_helpers.publishing.versions import day_of, in_words

_PATIENCE = 120
"""Seconds; whoever signs tags may have to type a passphrase."""

_CITED = re.compile(r"^Cite as: (.*)$", re.MULTILINE)
_DATA = re.compile(r"^Data: (.*), SHA-256 ([0-9a-f]{64})$", re.MULTILINE)
_MADE_WITH = re.compile(r"^Made with: (.*)$", re.MULTILINE)
_SUM = re.compile(r"^([0-9a-f]{64})  (\S.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Release:
    """A version as its tag has it.

    Attributes
    ----------
    number : VersionNumber
    tag, commit : str
        Name of the tag, and the full hash of the commit.
    date : str
        ISO 8601 day of the commit.
    citation : str
    data, fingerprint : str
        Name of the cohort file, and its SHA-256.
    made_with : mapping of str to str
        Name and version of the system, Python and the packages.
    sums : mapping of str to str
        Name and SHA-256 of each document; empty for a tag that was set by hand.
    """

    number: VersionNumber
    tag: str
    commit: str
    date: str
    citation: str = ""
    data: str = ""
    fingerprint: str = ""
    made_with: Mapping[str, str] = field(default_factory=dict)
    sums: Mapping[str, str] = field(default_factory=dict)


def releases(project: Path) -> tuple[Release, ...]:
    """List the versions that are tagged in the project's repository, oldest first."""
    fields = (
        "refname:strip=2",
        "objectname",
        "*objectname",
        "committerdate:unix",
        "*committerdate:unix",
        "contents",
    )
    what = "--format=" + "%1f".join(f"%({each})" for each in fields) + "%1e"
    listed = repository.ask(project, "for-each-ref", what, "refs/tags/v*") or b""
    rows = [row.strip("\n").split("\x1f", 5) for row in listed.decode(errors="replace").split("\x1e")]
    known = [_read(row, number) for row in rows if len(row) == len(fields) and (number := parse(row[0]))]
    return tuple(sorted(known, key=lambda each: (each.number, each.tag)))


def _read(row: list[str], number: VersionNumber) -> Release:
    tag, own, behind, own_time, time_behind, message = row
    # A tag without a message is the commit itself, and so is what it says.
    commit, seconds = behind or own, time_behind or own_time
    message = message if behind else ""
    data = _DATA.search(message)
    return Release(
        number,
        tag,
        commit,
        day_of(int(seconds or 0)),
        found[1] if (found := _CITED.search(message)) else "",
        data[1] if data else "",
        data[2] if data else "",
        dict(each.rsplit(" ", 1) for each in found[1].split(", "))
        if (found := _MADE_WITH.search(message))
        else {},
        {name: digest for digest, name in _SUM.findall(message)},
    )


def message(release: Release) -> str:
    """Return what the tag of a version says.

    The lines of the files are those of `sha256sum`, so that its ``--check`` reads them, too.
    """
    made_with = ", ".join(f"{name} {version}" for name, version in release.made_with.items())
    sums = "".join(f"{digest}  {name}\n" for name, digest in sorted(release.sums.items()))
    return (
        f"Version {release.number}, {in_words(release.date)}\n\n"
        f"Cite as: {release.citation}\n"
        f"Data: {release.data}, SHA-256 {release.fingerprint}\n"
        f"Made with: {made_with}\n\n"
        f"Files:\n{sums}"
    )


def set_tag(release: Release, project: Path) -> None:
    """Tag the commit of a version; git sees to it that no tag of that name is replaced.

    Raises
    ------
    ManuscriptError
        If git does not set the tag, with what it said.
    """
    _tag(
        project,
        "--annotate",
        "--cleanup=verbatim",
        "--file=-",
        release.tag,
        release.commit,
        said=message(release),
    )


def take_back(release: Release, project: Path) -> None:
    """Remove a tag that was set a moment ago, because what it stands for could not be filed."""
    _tag(project, "--delete", release.tag)


def _tag(project: Path, *arguments: str, said: str = "") -> None:
    command = ["git", "-C", str(project), "tag", *arguments]
    try:
        run = subprocess.run(
            command, input=said.encode(), capture_output=True, check=False, timeout=_PATIENCE
        )
        problem = run.stderr.decode(errors="replace").strip() if run.returncode else ""
    except (OSError, subprocess.TimeoutExpired) as error:
        problem = str(error)
    if problem:
        raise ManuscriptError(f"git could not set the tag: {problem}", remedy="mend that, and run it again")
