"""Which data files hold invented patients only: those whose fingerprint was recorded when they were made.

``synthetic: true`` is easily left standing in ``study.yml`` when patients' data take the place of the cohort
that came with it. So it counts only for a file that is, byte for byte, one that was synthesised.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from report_helpers.errors import ManuscriptError
from report_helpers.study.definition import Study

RECORD = ".synthetic"
"""What the name of a record ends with; it lies beside the file and has its name."""

_LEAST_THRESHOLD = 2
_HEAD = """\
# SHA-256 of a file whose patients are all invented, recorded when "manuscript data synthesise" wrote it.
# A file that is edited, or replaced by patients' data, has another one and is treated as real.
"""


def record(path: Path, content: bytes) -> None:
    """Record beside a synthetic file what it holds, as ``sha256sum --check`` reads it."""
    text = f"{_HEAD}{hashlib.sha256(content).hexdigest()}  {path.name}\n"
    path.with_name(path.name + RECORD).write_bytes(text.encode())


def is_recorded(fingerprint: str, folders: Iterable[Path]) -> bool:
    """Tell whether a record in one of the folders has this SHA-256, whatever its file was called."""
    records = (path for folder in folders for path in sorted(folder.glob(f"*{RECORD}")))
    return any(fingerprint in _fingerprints(path) for path in records)


def _fingerprints(path: Path) -> set[str]:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # a record that cannot be read vouches for nothing
        return set()
    return {line.split()[0] for line in lines if line.strip() and not line.startswith("#")}


def record_folders(study: Study, data: Path) -> tuple[Path, ...]:
    """Return where a record of the file may be: beside it, or beside the one that the study names."""
    return tuple(dict.fromkeys((data.parent, study.data.file.parent)))


def as_recorded(study: Study, data: Path, fingerprint: str) -> Study:
    """Return the study with its patients taken as real unless the file is known to be synthetic.

    Parameters
    ----------
    study : Study
        As ``study.yml`` has it.
    data : Path
        The cohort file that is used.
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
    if not study.data.synthetic or is_recorded(fingerprint, record_folders(study, data)):
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
