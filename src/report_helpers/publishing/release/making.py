"""``manuscript release``: check, render, tag and file, in this order, so that a failure leaves nothing.

Everything that can fail is done before the tag is set: the version is rendered in a clone that has the tag
already, so that the document knows its name. A run that is killed leaves scratch, which the next one sweeps
away, or a tag without its files, which the next one makes again from the tag.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from report_helpers.errors import ManuscriptError
from report_helpers.publishing.builtin.scratch import scratch_directory
from report_helpers.publishing.release import conditions, shelf, tags
from report_helpers.publishing.release.catalogue import write_catalogue
from report_helpers.publishing.release.changes import write_changes
from report_helpers.publishing.release.made_with import differences, made_with
from report_helpers.publishing.release.rendering import Say, documents, provenance_of
from report_helpers.publishing.release.tags import Release
from report_helpers.publishing.versions import in_words

_STAGE = ".manuscript-release-"
_MEND = "nothing was tagged or filed: mend it, commit, and run the command again"


def release(text: str, project: Path, say: Say) -> str:
    """Make a version of the project's last commit.

    Parameters
    ----------
    text : str
        The version's number, such as ``1.0``.
    project : Path
        The project's directory.
    say : callable
        Told in a line what takes time.

    Returns
    -------
    str
        What was done.

    Raises
    ------
    ManuscriptError
        With what speaks against it, and what to do.
    """
    number = conditions.read_number(text)
    project = project.resolve()
    commit = conditions.committed(project)
    known = tags.releases(project)
    wanted = Release(number, number.tag, commit, "")
    same = [each for each in known if each.number == number]
    if same:
        return _complete(same[0], known, project, say)
    conditions.refuse_unfit(number, commit, known, project)
    shelf.refuse_changed(known, project)
    if shelf.folder_of(wanted, project).exists():
        raise ManuscriptError(
            f"there is no tag {number.tag}, and yet files of that version",
            f"{shelf.SHELF}/{number.tag}",
            "bring the tag here (git fetch --tags), or move the folder elsewhere",
        )
    for line in conditions.left_out(project):
        say(line)
    with documents(wanted, project, _MEND, say, strict=True) as made:
        new = _described(wanted, made)
        with _staged(new, known, made, project, say) as folder:
            _tag_and_file(new, folder, project)
    write_catalogue(tags.releases(project), project)
    for line in conditions.not_ignored(project):
        say(line)
    return (
        f"version {number} of {in_words(new.date)} (commit {commit[:7]}) is tagged {new.tag} and filed in "
        f"{shelf.SHELF}/{new.tag}\n"
        f"cite as: {new.citation}\n"
        f"all versions: {shelf.SHELF}/index.html; to pass the tag on: git push origin {new.tag}"
    )


def _described(wanted: Release, made: Path) -> Release:
    """Add to a version what its documents say of it, and their checksums."""
    about = provenance_of(made)
    if about.get("version") != str(wanted.number) or not about.get("citation"):
        raise ManuscriptError(
            "the document does not say its version: this commit's own program is older than releases",
            remedy="bring src/ up to date, commit, and run the command again",
        )
    return replace(
        wanted,
        date=about["date-iso"],
        citation=about["citation"],
        data=about["data"]["file"],
        fingerprint=about["data"]["sha256"],
        made_with=made_with(),
        sums=shelf.sums_of(made),
    )


def _tag_and_file(new: Release, folder: Path, project: Path) -> None:
    """Set the tag and put the folder in its place: both, or neither."""
    target = shelf.folder_of(new, project)
    tags.set_tag(new, project)
    try:
        shelf.put(folder, target)
    except BaseException:
        if not target.exists():
            tags.take_back(new, project)
        raise


def _complete(old: Release, known: Sequence[Release], project: Path, say: Say) -> str:
    """File a version that is tagged and not filed: after a run that was killed, or in a clone."""
    if not old.sums:
        raise ManuscriptError(
            f"there is a tag {old.tag} already, which was set by hand", remedy="name a later version"
        )
    shelf.refuse_changed(known, project)
    if shelf.folder_of(old, project).is_dir():
        if write_catalogue(known, project):
            return f"version {old.number} was filed already; {shelf.SHELF}/index.html lists it now"
        raise ManuscriptError(
            f"version {old.number} exists, of {in_words(old.date)} (commit {old.commit[:7]})",
            remedy=f"name a later one, or hold it against its tag: manuscript release {old.number} --verify",
        )
    say(f"version {old.number} is tagged, but not filed here: making its files again")
    with documents(old, project, "check that version out to see why", say, strict=False) as made:
        _refuse_other_bytes(old, made)
        with _staged(old, known, made, project, say) as folder:
            shelf.put(folder, shelf.folder_of(old, project))
    write_catalogue(known, project)
    return f"version {old.number} is filed in {shelf.SHELF}/{old.tag}, byte for byte as its tag says"


def _refuse_other_bytes(old: Release, made: Path) -> None:
    sums = shelf.sums_of(made)
    other = [name for name, digest in old.sums.items() if sums.get(name) != digest]
    if not other:
        return
    changed = differences(old.made_with, made_with())
    raise ManuscriptError(
        f"version {old.number} was not filed: rendered here, {', '.join(other)} differ from what its tag says"
        + "".join(f"\n  {each}" for each in changed),
        remedy=f"ask whoever released it for the folder {shelf.SHELF}/{old.tag}"
        + (", or install the packages of that time" if changed else ""),
    )


@contextmanager
def _staged(new: Release, known: Sequence[Release], made: Path, project: Path, say: Say) -> Iterator[Path]:
    """Give the closed folder of a version, on the file system of its place but not yet there."""
    home = project / shelf.SHELF
    try:
        home.mkdir(exist_ok=True)
        with scratch_directory(home, _STAGE) as scratch:
            folder = scratch / new.tag
            shutil.copytree(made, folder)
            _add_citation_file(new, folder, project)
            before = [each for each in known if each.number < new.number]
            if before:
                write_changes(before[-1], new, folder, project, say)
            shelf.close(folder)
            yield folder
    except OSError as error:
        reason = (error.strerror or "unwritable").lower()
        raise ManuscriptError(f"the version cannot be filed ({reason})", f"{shelf.SHELF}/{new.tag}") from None
    finally:
        with suppress(OSError):  # there are versions in it
            home.rmdir()


def _add_citation_file(new: Release, folder: Path, project: Path) -> None:
    """File the project's ``CITATION.cff`` with version, day and commit, where it has one."""
    lines = conditions.citation_file(new.commit, project).splitlines()
    if lines:
        kept = [line for line in lines if not line.startswith(("version:", "date-released:", "commit:"))]
        kept += [f'version: "{new.number}"', f"date-released: {new.date}", f"commit: {new.commit}"]
        (folder / conditions.CITATION).write_text("\n".join(kept) + "\n", encoding="utf-8", newline="\n")
