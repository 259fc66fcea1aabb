"""Which data files hold invented patients: those recorded when they were made, and edited copies of them.

``synthetic: true`` is easily left standing in ``study.yml`` when patients' data take the place of the cohort
that came with it. So it counts only for a file that was recorded when it was synthesised, or whose lines are
for the most part lines of such a file: no two registries share the rows of a cohort drawn by chance.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from report_helpers.errors import ManuscriptError
from report_helpers.study.definition import Study

RECORD = ".synthetic"
"""What the name of a record ends with; it lies beside the file and has its name."""

_LEAST_THRESHOLD = 2
_MOST_LINES = 2000
"""How many lines are recorded, so that the record of a large cohort is small."""

_ON_A_LINE = 12
_HEAD = """\
# The SHA-256 of a file in which every patient is invented, recorded when it was synthesised, and below it the
# CRC-32 of its lines, which an edited copy is known by. Patients' data in its place are taken as real.
"""


def record(path: Path, content: bytes) -> None:
    """Record beside a synthetic file what it holds; ``sha256sum --check`` can read it, too."""
    marks = [f"{mark:08x}" for mark in _marks(content)][:_MOST_LINES]
    rows = ["# " + " ".join(marks[first : first + _ON_A_LINE]) for first in range(0, len(marks), _ON_A_LINE)]
    lines = [f"{hashlib.sha256(content).hexdigest()}  {path.name}", *rows]
    text = _HEAD + "".join(f"{line}\n" for line in lines)
    path.with_name(path.name + RECORD).write_bytes(text.encode())


def _marks(content: bytes) -> list[int]:
    """Return the CRC-32 of each line below the headings."""
    return [zlib.crc32(line) for line in content.splitlines()[1:]]


def is_recorded(data: Path, fingerprint: str, folders: Iterable[Path]) -> bool:
    """Tell whether a record in one of the folders is of this file, whatever it is called, or of one like it.

    Parameters
    ----------
    data : Path
    fingerprint : str
        SHA-256 of its bytes, in hexadecimal.
    folders : iterable of Path
    """
    records = [set(words) for words in _records(folders)]
    if any(fingerprint in words for words in records):
        return True
    lines = [f"{mark:08x}" for mark in _marks(data.read_bytes())] if records else []
    return any(2 * sum(line in words for line in lines) > len(lines) for words in records)


def _records(folders: Iterable[Path]) -> Iterator[list[str]]:
    """Go through the records: the words of each, among which are the fingerprints."""
    for path in (path for folder in folders for path in folder.glob(f"*{RECORD}") if path.is_file()):
        try:
            yield path.read_text(encoding="utf-8", errors="replace").split()
        except OSError:  # a record that cannot be read vouches for nothing
            continue


def as_recorded(study: Study, data: Path, fingerprint: str) -> Study:
    """Return the study with its patients taken as real unless the file is known to be synthetic.

    Parameters
    ----------
    study : Study
        As ``study.yml`` has it.
    data : Path
        The cohort file that is used; its record may be beside it, or beside the one that the study names.
    fingerprint : str
        SHA-256 of its bytes, in hexadecimal.

    Raises
    ------
    ManuscriptError
        If the patients have to be taken as real and the study has no threshold below which to hide counts.

    Examples
    --------
    >>> as_recorded(study, Path("export.csv"), "0" * 64).data.synthetic  # doctest: +SKIP
    False
    """
    folders = dict.fromkeys((data.parent, study.data.file.parent))
    if not study.data.synthetic or is_recorded(data, fingerprint, folders):
        return study
    if study.disclosure_threshold < _LEAST_THRESHOLD:
        raise ManuscriptError(
            f"{doubt(data)}, and no small counts would be hidden",
            where=f"{study.path.name}, disclosure_threshold",
            remedy=f"write {_LEAST_THRESHOLD} or more; 5 is usual",
        )
    return replace(study, data=replace(study.data, synthetic=False))


def doubt(data: Path) -> str:
    """Say why a file is taken to hold real patients although ``study.yml`` says otherwise."""
    return f"{data.name} is no file of 'manuscript data synthesise': its patients are taken as real"
