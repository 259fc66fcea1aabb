"""All versions at a glance: ``versions/index.html`` to read, ``versions/versions.json`` for programs.

Both are made anew from the tags and the filed folders whenever a version is filed, so that nothing in them
can drift. ``versions.json`` is an object of this shape::

    schema    integer, 1
    title     the short title of the manuscript; notice: what has to be said of synthetic data, or ""
    versions  newest first: [{version, tag, commit, date, citation, data: {file, sha256},
              made_with: {name: version}, filed: boolean, files: [{name, bytes, sha256}],
              changes: null or {from, page, verdict, crossings: [{words, said, old, new}]}}]
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from report_helpers.errors import ManuscriptError
from report_helpers.publishing.builtin.scratch import write_whole
from report_helpers.publishing.release import shelf
from report_helpers.publishing.release.changes import name_of
from report_helpers.publishing.release.page import page
from report_helpers.publishing.release.rendering import provenance_of
from report_helpers.publishing.release.tags import Release

SCHEMA = 1
PAGE, DATA = "index.html", "versions.json"

_MODE = 0o644


def write_catalogue(known: Sequence[Release], project: Path) -> bool:
    """Write page and data of all released versions; tell whether anything was new.

    Raises
    ------
    ManuscriptError
        If they cannot be written.
    """
    content = catalogue(known, project)
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    home = project / shelf.SHELF
    try:
        written = [_write(home / DATA, text), _write(home / PAGE, page(content))]
    except OSError as error:
        reason = (error.strerror or "unwritable").lower()
        raise ManuscriptError(
            f"the page of versions cannot be written ({reason}), though the version is filed",
            f"{shelf.SHELF}/{PAGE}",
            "mend that, and run the command again",
        ) from None
    return any(written)


def catalogue(known: Sequence[Release], project: Path) -> dict[str, Any]:
    """Return what there is to say of all released versions, newest first."""
    released = [each for each in known if each.sums]
    folders = [shelf.folder_of(each, project) for each in released]
    newest = next((folder for folder in reversed(folders) if folder.is_dir()), None)
    about = provenance_of(newest) if newest else {}
    befores = [None, *released]
    versions = [_version(each, before, project) for each, before in zip(released, befores, strict=False)]
    return {
        "schema": SCHEMA,
        "title": about.get("short-title", ""),
        "notice": about.get("notice", ""),
        "versions": versions[::-1],
    }


def _version(release: Release, before: Release | None, project: Path) -> dict[str, Any]:
    folder = shelf.folder_of(release, project)
    sums = shelf.listed_sums(folder)
    return {
        "version": str(release.number),
        "tag": release.tag,
        "commit": release.commit,
        "date": release.date,
        "citation": release.citation,
        "data": {"file": release.data, "sha256": release.fingerprint},
        "made_with": dict(release.made_with),
        "filed": bool(sums),
        "files": [
            {"name": name, "bytes": (folder / name).stat().st_size, "sha256": digest}
            for name, digest in sums.items()
        ],
        "changes": _changes(before, folder) if before else None,
    }


def _changes(before: Release, folder: Path) -> dict[str, Any] | None:
    data = folder / f"{name_of(before)}.json"
    if not data.is_file():
        return None
    found = json.loads(data.read_text(encoding="utf-8"))
    kept = ("words", "said", "old", "new")
    return {
        "from": str(before.number),
        "page": f"{name_of(before)}.html",
        "verdict": found["verdict"],
        "crossings": [{name: each[name] for name in kept} for each in found["crossings"]],
    }


def _write(path: Path, text: str) -> bool:
    content = text.encode()
    if path.is_file() and path.read_bytes() == content:
        return False
    write_whole(path, content)
    path.chmod(_MODE)
    return True
