"""Where versions are filed: a folder each, with the checksums of its files, which are read-only.

Nothing here writes over anything: a version's folder is put in place whole, and only where there is none.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from report_helpers.errors import ManuscriptError
from report_helpers.publishing.release.tags import Release

SHELF, SUMS = "versions", "SHA256SUMS"
DOCUMENTS = ("index.html", "index.pdf", "index.docx", "numbers.json")

_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")
_READ_ONLY = 0o444


def folder_of(release: Release, project: Path) -> Path:
    """Return the folder that a version is filed in, or would be."""
    return project / SHELF / release.tag


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sums_of(folder: Path) -> dict[str, str]:
    """Return name and SHA-256 of every file in a folder, hidden ones and the checksums left out."""
    return {
        path.name: digest_of(path)
        for path in sorted(folder.iterdir())
        if path.name != SUMS and not path.name.startswith(".")
    }


def close(folder: Path) -> None:
    """Write the checksums of a folder into it, and make all its files read-only."""
    lines = "".join(f"{digest}  {name}\n" for name, digest in sums_of(folder).items())
    (folder / SUMS).write_text(lines, encoding="utf-8", newline="\n")
    for path in folder.iterdir():
        path.chmod(_READ_ONLY)


def put(folder: Path, target: Path) -> None:
    """Move a closed folder to its place.

    Raises
    ------
    ManuscriptError
        If there is something already, or the folder cannot be moved.
    """
    if target.exists() or target.is_symlink():
        raise ManuscriptError("there is something already, and nothing is written over", str(target))
    try:
        folder.rename(target)
    except OSError as error:
        reason = (error.strerror or "unwritable").lower()
        raise ManuscriptError(f"the version cannot be filed ({reason})", str(target)) from None


def listed_sums(folder: Path) -> Mapping[str, str]:
    """Return what a folder's checksums list; nothing where they cannot be read."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    return {found[2]: found[1] for line in lines if (found := _LINE.fullmatch(line))}


def faults(release: Release, project: Path) -> list[str]:
    """Say what of a filed version is not as it was filed; nothing if all is."""
    folder = folder_of(release, project)
    where = f"{SHELF}/{release.tag}"
    listed = listed_sums(folder)
    if not listed:
        return [f"{where}/{SUMS} is not there or not readable"]
    present = sums_of(folder)
    found = [
        f"{where}/{name} was changed" for name in listed if name in present and present[name] != listed[name]
    ]
    found += [f"{where}/{name} is not there" for name in listed if name not in present]
    found += [f"{where}/{name} was added" for name in present if name not in listed]
    # The checksums themselves may have been changed along with a file; the tag's cannot.
    told = {name for name in listed if any(f"/{name} " in each for each in found)}
    for name, digest in sorted(release.sums.items()):
        if name not in told and present.get(name) != digest:
            found.append(f"{where}/{name} is not the file that was released: its tag has another checksum")
    return found


def filed(release: Release, project: Path) -> Path | None:
    """Return the folder of a version that is filed and as it was filed, else None."""
    folder = folder_of(release, project)
    return folder if release.sums and folder.is_dir() and not faults(release, project) else None


def refuse_changed(known: Iterable[Release], project: Path) -> None:
    """Refuse to go on where a filed version is not as it was filed.

    Raises
    ------
    ManuscriptError
        Naming every such file.
    """
    present = [each for each in known if each.sums and folder_of(each, project).is_dir()]
    found = [fault for each in present for fault in faults(each, project)]
    if found:
        tags = ", ".join(dict.fromkeys(each.split("/")[1] for each in found))
        number = tags.split(", ")[0].removeprefix("v")
        raise ManuscriptError(
            "a filed version is not as it was filed\n" + "\n".join(f"  {each}" for each in found),
            remedy=f"put the files back as they were, or move the folder of {tags} elsewhere: "
            f"'manuscript release {number}' files it again from its tag",
        )
