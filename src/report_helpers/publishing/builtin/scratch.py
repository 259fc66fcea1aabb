"""Scratch directories that go away even if the process was killed: the next one sweeps them up.

Each holds a file that its process keeps locked. The system frees the lock when the process ends, however it
ends, so that what is left behind can be told from what is in use, in other containers too.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: nothing can be told there, so nothing is swept
    fcntl = None  # type: ignore[assignment]

IN_USE = "in-use"
"""Name of the locked file."""


@contextmanager
def scratch_directory(parent: Path, prefix: str) -> Iterator[Path]:
    """Make a directory of this process's own in `parent`, and remove it at the end.

    Directories of the same prefix that killed processes left are removed first.

    Raises
    ------
    OSError
        If `parent` cannot be written.
    """
    for left in parent.glob(f"{prefix}*"):
        _sweep(left)
    path, lock = _claim(parent, prefix)
    try:
        yield path
    finally:
        _remove(path)
        os.close(lock)
        shutil.rmtree(path, ignore_errors=True)  # Windows removes no open file


def _claim(parent: Path, prefix: str) -> tuple[Path, int]:
    """Make a directory and lock it; again, if another process took it for a left one in between."""
    while True:
        path = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        with suppress(FileNotFoundError):
            lock = os.open(path / IN_USE, os.O_RDWR | os.O_CREAT, 0o600)
            if fcntl is not None:
                with suppress(OSError):  # a file system without locks: nobody else can take it either
                    fcntl.flock(lock, fcntl.LOCK_EX)
            if (path / IN_USE).exists():
                return path, lock
            os.close(lock)


def _sweep(left: Path) -> None:
    """Remove a directory that no process holds; one without our file only if it is empty."""
    if fcntl is None or left.is_symlink() or not left.is_dir():
        return
    try:
        lock = os.open(left / IN_USE, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        with suppress(OSError):
            left.rmdir()
        return
    except OSError:  # another user's
        return
    with suppress(OSError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _remove(left)
    os.close(lock)


def _remove(path: Path) -> None:
    """Remove a directory, the locked file last: what resists is then swept up another time."""
    with suppress(OSError):
        for entry in path.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            elif entry.name != IN_USE:
                entry.unlink()
        if [entry.name for entry in path.iterdir()] == [IN_USE]:
            shutil.rmtree(path)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that other threads may write and read at the same moment: none sees a part of it."""
    handle, part = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(part).replace(path)
