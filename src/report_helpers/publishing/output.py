"""The output directory changes in one step: a reader finds the last good manuscript or the new one."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from report_helpers.errors import ManuscriptError

# What a render writes; anything else in the directory is the author's and is kept.
OUTPUTS = frozenset(
    {"index.html", "index.pdf", "index.docx", "index.xml", "numbers.json", "manuscript.ipynb"}
)

_STAGE = ".manuscript-"
_RENAME_EXCHANGE = 2
_AT_FDCWD = -100


@contextmanager
def staged(output: Path) -> Iterator[Path]:
    """Give a scratch directory beside `output`; on leaving without error, its ``out`` replaces `output`.

    Raises
    ------
    ManuscriptError
        When `output` is a file, cannot be written beside, or is a directory of something else.
    """
    _refuse_foreign(output)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        _sweep(output.parent)
        stage = Path(tempfile.mkdtemp(prefix=f"{_STAGE}{os.getpid()}-", dir=output.parent))
    except OSError as error:
        raise ManuscriptError(
            f"the output directory {output} cannot be written ({error.strerror})",
            remedy="give another one with --output-dir DIR",
        ) from error
    try:
        (stage / "out").mkdir()
        yield stage
        _keep_the_authors_files(output, stage / "out")
        _replace(stage / "out", output)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _sweep(directory: Path) -> None:
    """Remove what renders left that were killed: scratch directories whose process has ended."""
    for left in directory.glob(f"{_STAGE}*-*"):
        process = left.name.removeprefix(_STAGE).partition("-")[0]
        if process.isdigit() and not _runs(int(process)):
            shutil.rmtree(left, ignore_errors=True)


def _runs(process: int) -> bool:
    if sys.platform == "win32":  # there, signal 0 would end the process: leave its directory alone
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _refuse_foreign(output: Path) -> None:
    if not output.exists():
        return
    if not output.is_dir():
        raise ManuscriptError(f"{output} is a file, not a directory", remedy="give another --output-dir")
    present = {entry.name for entry in output.iterdir()}
    if present and not present & OUTPUTS:
        raise ManuscriptError(
            f"{output} holds other files and no manuscript, so nothing was written there",
            remedy="give an empty or new directory with --output-dir DIR",
        )


def _keep_the_authors_files(output: Path, new: Path) -> None:
    if not output.is_dir():
        return
    for entry in output.iterdir():
        if entry.name in OUTPUTS or (new / entry.name).exists():
            continue
        if entry.is_dir():
            shutil.copytree(entry, new / entry.name, symlinks=True)
        else:
            shutil.copy2(entry, new / entry.name, follow_symlinks=False)


def _replace(new: Path, output: Path) -> None:
    """Put `new` where `output` is; the two change places in one step where the system can do that."""
    # mkdtemp makes private directories; the manuscript is for whoever may read the project.
    new.chmod(0o777 & ~_umask())
    if not output.exists():
        new.rename(output)
        return
    if _exchange(new, output):
        return
    aside = new.with_name("previous")
    output.rename(aside)
    try:
        new.rename(output)
    except OSError:
        aside.rename(output)
        raise


def _exchange(first: Path, second: Path) -> bool:
    """Swap two paths atomically (Linux ``renameat2``); False where that does not exist."""
    if not sys.platform.startswith("linux"):
        return False
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None, use_errno=True)
        paths = os.fsencode(first), os.fsencode(second)
        return bool(library.renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE) == 0)
    return False


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
