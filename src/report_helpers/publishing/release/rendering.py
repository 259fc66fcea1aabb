"""The documents of a version, rendered from a clean checkout of its commit and from the data it names."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from report_helpers.errors import ManuscriptError
from report_helpers.publishing import revisions
from report_helpers.publishing.checks import Finding, check
from report_helpers.publishing.checks.mutation.rerun import Author
from report_helpers.publishing.release.shelf import DOCUMENTS, digest_of
from report_helpers.publishing.release.tags import Release
from report_helpers.study.definition import load_study

Say = Callable[[str], object]

_DATA = "MANUSCRIPT_DATA"
_FORMATS = ("--to", "html,pdf,docx")


@contextmanager
def documents(release: Release, project: Path, remedy: str, say: Say, *, strict: bool) -> Iterator[Path]:
    """Give a directory that holds the documents of a version and nothing else.

    Parameters
    ----------
    release : Release
        The version; where it names its data by fingerprint, no other data are taken.
    project : Path
        The project, in whose repository the commit is, and which has the data that git does not track.
    remedy : str
        What an author can do if it cannot be rendered.
    say : callable
        Told in a line what takes time.
    strict : bool
        Whether all that ``manuscript check`` does is held against it.

    Raises
    ------
    ManuscriptError
        If the data are not those of the version, it cannot be rendered, or it does not pass the checks.
    """
    name = f"version {release.number}"
    with revisions.checked_out(name, release.commit, project, release.tag) as copy:
        data = _data(copy, project)
        if release.fingerprint:
            _refuse_other_data(release, data or load_study(copy / "study.yml").data.file, project)
        say(f"rendering {name} from a clean checkout of {release.commit[:7]}: HTML, PDF, Word")
        output = copy.parent / f"{copy.name}-output"
        revisions.render(
            copy,
            output,
            f"{name} cannot be rendered",
            remedy,
            options=(*_FORMATS, *(("--strict",) if strict else ())),
            environment={_DATA: str(data)} if data else {},
        )
        if strict:
            say("trying its code with other patients, to see that its numbers follow them")
            _refuse_findings(check(copy, output, Author(copy, data)), name, remedy)
        _keep_documents(output, name)
        yield output


def provenance_of(output: Path) -> dict[str, Any]:
    """Return what the number ledger says of version, data and software."""
    about: dict[str, Any] = json.loads((output / "numbers.json").read_text(encoding="utf-8"))["provenance"]
    return about


def _data(copy: Path, project: Path) -> Path | None:
    """Return the cohort file that is not part of the commit; None where the commit holds it."""
    named = os.environ.get(_DATA)
    if named:
        return Path(named).resolve()
    file = load_study(copy / "study.yml").data.file
    return None if file.is_file() else (project / os.path.relpath(file, copy)).resolve()


def _refuse_other_data(release: Release, file: Path, project: Path) -> None:
    name = file.relative_to(project).as_posix() if file.is_relative_to(project) else file.name
    made = f"version {release.number} was made from {release.data}, SHA-256 {release.fingerprint[:16]}"
    remedy = f"put that file back, or name a copy of it: {_DATA}=path/to/{release.data}"
    if not file.is_file():
        raise ManuscriptError(f"the data are not here: {made}", name, remedy)
    found = digest_of(file)
    if found != release.fingerprint:
        raise ManuscriptError(f"these are other data, SHA-256 {found[:16]}: {made}", name, remedy)


def _refuse_findings(findings: Iterable[Finding], name: str, remedy: str) -> None:
    found = [each for each in findings if not each.note]
    if found:
        listed = "".join(f"\n  {each}" for each in found)
        raise ManuscriptError(f"{name} does not pass the checks:{listed}", remedy=remedy)


def _keep_documents(output: Path, name: str) -> None:
    for path in output.iterdir():
        if path.name in DOCUMENTS:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    missing = [each for each in DOCUMENTS if not (output / each).is_file()]
    if missing:
        raise ManuscriptError(
            f"{name} has no {', '.join(missing)}",
            remedy="the document has to be index.qmd, and to end with the cell `r.ledger`, its numbers",
        )
