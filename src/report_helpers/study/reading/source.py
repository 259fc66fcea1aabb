"""The bytes of a data file: read once, so that what is fingerprinted is what is analysed."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from report_helpers.study.cohort_errors import CohortError

_NAME_IT = "Name the data file under data: file: in study.yml, or on the command line with --data."
_AGAIN = "Wait until nothing writes to the file any more (an export, a synchronised folder), and try again."


@dataclass(frozen=True)
class Source:
    """A file's name without its folder, its bytes, and their SHA-256 in hexadecimal."""

    name: str
    content: bytes = field(repr=False)
    fingerprint: str


def read_source(path: Path) -> Source:
    """Return the bytes of a file.

    Raises
    ------
    CohortError
        If there is no such file, it is a folder or a device, it is empty, it cannot be read, or it changes
        while it is read.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            what = "is a folder" if path.is_dir() else "is not an ordinary file"
            raise CohortError.unreadable(path.name, f"the data file {what}", _NAME_IT)
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            content = file.read()
        after = path.stat()
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "its name cannot be used").lower()
        what = f"the data file cannot be read ({reason})"
        raise CohortError.unreadable(path.name, what, _NAME_IT) from None
    same = (before.st_ino, before.st_size, before.st_mtime_ns) == (
        after.st_ino,
        after.st_size,
        after.st_mtime_ns,
    )
    if not same or len(content) != after.st_size:
        raise CohortError.unreadable(path.name, "the data file changed while it was read", _AGAIN)
    if not content or content.isspace():
        remedy = "Export the patients again, with one heading per column in the first line."
        raise CohortError.unreadable(path.name, "the data file is empty", remedy)
    return Source(path.name, content, hashlib.sha256(content).hexdigest())
