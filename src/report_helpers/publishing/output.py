"""The output directory changes in one step: a reader finds the last good manuscript or the new one."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from report_helpers.errors import ManuscriptError
from report_helpers.publishing.builtin.scratch import scratch_directory

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

# What a render writes besides the document itself; anything else there is the author's and is kept.
_ALWAYS = frozenset({"numbers.json", "manuscript.ipynb"})
_SUFFIXES = frozenset({".html", ".pdf", ".docx", ".xml"})

_STAGE = ".manuscript-render-"
_PREVIOUS = "previous"
_RENAME_EXCHANGE = 2
_AT_FDCWD = -100


def is_output(name: str, document: str = "index") -> bool:
    """Tell whether a render of `document` writes a file of this name."""
    path = Path(name)
    pictures = f"{document}_files"  # beside the XML, which cannot hold them
    return name in (*_ALWAYS, pictures) or (path.stem == document and path.suffix in _SUFFIXES)


@contextmanager
def staged(output: Path) -> Iterator[Path]:
    """Give a scratch directory beside `output`; on leaving without error, its ``out`` replaces `output`.

    Raises
    ------
    ManuscriptError
        When `output` is a file, cannot be written beside, or is a directory of something else.
    """
    output = output.resolve()  # a link stays a link: what it leads to is replaced
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with _alone(output.parent):
            _put_back(output.parent)
        _refuse_foreign(output)
        # Entered by hand: what the caller raises is not this function's to explain.
        scratch = scratch_directory(output.parent, _STAGE)
        stage = scratch.__enter__()
    except OSError as error:
        raise _unwritable(output, error) from error
    try:
        (stage / "out").mkdir()
        yield stage
        try:
            with _alone(output.parent):
                _keep_the_authors_files(output, stage / "out")
                _replace(stage / "out", output, stage / _PREVIOUS / output.name)
        except OSError as error:
            raise _unwritable(output, error) from error
    finally:
        scratch.__exit__(None, None, None)


def _unwritable(output: Path, error: OSError) -> ManuscriptError:
    return ManuscriptError(
        f"the output directory {output} cannot be written ({error.strerror})",
        remedy="close programs that show its files, or give another one with --output-dir DIR: its parent "
        "directory has to be writable",
    )


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Let one render at a time put its output into `directory`, where the file system can tell."""
    if fcntl is None:
        yield
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _put_back(directory: Path) -> None:
    """Bring back outputs whose render was killed between taking them away and putting its own there."""
    for kept in directory.glob(f"{_STAGE}*/{_PREVIOUS}/*"):
        if not (directory / kept.name).exists():
            kept.rename(directory / kept.name)


def _refuse_foreign(output: Path) -> None:
    if not output.exists():
        return
    if not output.is_dir():
        raise ManuscriptError(f"{output} is a file, not a directory", remedy="give another --output-dir")
    present = {entry.name for entry in output.iterdir()}
    if present and not any(is_output(name) for name in present):
        raise ManuscriptError(
            f"{output} holds other files and no manuscript, so nothing was written there",
            remedy="give an empty or new directory with --output-dir DIR",
        )


def _keep_the_authors_files(output: Path, new: Path) -> None:
    if not output.is_dir():
        return
    documents = {entry.stem for entry in new.iterdir() if entry.suffix in _SUFFIXES}
    for entry in output.iterdir():
        if any(is_output(entry.name, name) for name in documents) or (new / entry.name).exists():
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.copytree(entry, new / entry.name, symlinks=True)
        else:
            shutil.copy2(entry, new / entry.name, follow_symlinks=False)


def _replace(new: Path, output: Path, aside: Path) -> None:
    """Put `new` where `output` is; the two change places in one step where the system can do that."""
    # Scratch directories are private; the manuscript is for whoever may read the project.
    new.chmod(0o777 & ~_umask())
    if not output.exists():
        new.rename(output)
        return
    if _exchange(new, output):
        return
    aside.parent.mkdir()
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
