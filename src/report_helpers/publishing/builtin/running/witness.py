"""What the code of a document rests on: the files it read, the folders it listed, and what else it did.

This file is run inside the kernel, as a module of its own and before anything else, so it needs nothing but
the standard library. It listens to Python's audit events. A library that opens files by itself, without
Python, is not heard.
"""

# Called thousands of times while modules are loaded, where pathlib would be felt.
# ruff: noqa: PTH100, PTH112, PTH116, PTH118, PTH119, PTH120, PTH123, PTH208
from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import site
import sys
import sysconfig
import threading
import warnings
from collections.abc import Sequence
from types import FrameType
from typing import Any

Stamp = list[int]
"""Times of the last change in nanoseconds, size, and number of a file; empty if there is none."""

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_SETTERS = ("<frozen os>", os.__file__, "<frozen _collections_abc>")
_STARTS_PROCESSES = ".popen_"
_SPECIAL = ("/proc/", "/dev/", "/sys/")
_BEYOND = {
    "subprocess.Popen": "it starts another program",
    "os.system": "it starts another program",
    "os.posix_spawn": "it starts another program",
    "os.fork": "it starts another process",
    "socket.connect": "it connects to another program or machine",
}
_HEARD = {
    "open",
    "os.listdir",
    "os.scandir",
    "os.mkdir",
    "os.rename",
    "os.putenv",
    "os.unsetenv",
    "sqlite3.connect",
    *_BEYOND,
}


def stamp(path: str) -> Stamp:
    """Return the stamp of a file or folder."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return []
    return [found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino]


def names(folder: str, *, importable: bool) -> list[str]:
    """Return the names in a folder; only those that Python's import would look at, if so wished."""
    try:
        found = sorted(os.listdir(folder))
    except OSError:
        return ["(none)"]
    return [name for name in found if _is_importable(name)] if importable else found


def _is_importable(name: str) -> bool:
    first, _, rest = name.partition(".")
    return (
        first.isidentifier() and first != "__pycache__" and (not rest or rest.endswith(("py", "so", "pyd")))
    )


def installed_folders() -> tuple[str, ...]:
    """Return the folders of the interpreter and of installed packages, each with a separator at its end."""
    paths = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    found = [*paths, *site.getsitepackages(), site.getusersitepackages()]
    real = [os.path.realpath(path) for path in found if path]
    return tuple(dict.fromkeys(path + os.sep for path in [*found, *real] if path))


heard: Witness | None = None
"""Who listens in this process."""


class Witness:
    """Hears what happens in this process and remembers what the outputs may rest on."""

    def __init__(self, ignored: Sequence[str]) -> None:
        self._ignored = (*ignored, *_SPECIAL)
        self._installed = installed_folders()
        self._first: dict[str, Stamp] = {}
        self._read: set[str] = set()
        self._written: set[str] = set()
        self._made: set[str] = set()
        self._made_folders: set[str] = set()
        self._listed: dict[str, list[str]] = {}
        self._scanned: dict[str, list[str]] = {}
        self._beyond = ""
        self._settings_changed = False
        self._path: list[str] | None = None
        self._busy: set[int] = set()
        self._at_start = frozenset(sys.modules)
        for folder in sys.path:  # Python may have looked for modules there already
            self._looked_into(_absolute(folder or "."), importing=True)

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Hear one event; whatever goes wrong here must not reach the author's code."""
        if event not in _HEARD:
            return
        thread = threading.get_ident()
        if thread in self._busy:
            return
        self._busy.add(thread)
        try:
            self._hear(event, arguments, sys._getframe(1))
        except Exception as error:
            self._beyond = f"it could not be followed ({type(error).__name__})"
        finally:
            self._busy.discard(thread)

    def _hear(self, event: str, arguments: tuple[Any, ...], caller: FrameType) -> None:
        if event in _BEYOND:
            if self._path is not None:
                self._beyond = _BEYOND[event]
        elif event in ("os.putenv", "os.unsetenv"):
            self._settings_changed |= self._path is not None and not self._by_a_package(caller)
        elif event == "open":
            self._opened(arguments[0], int(arguments[2] or 0))
        elif event == "sqlite3.connect":
            self._opened(arguments[0], os.O_RDWR)
        elif event == "os.mkdir":
            folder = _absolute(arguments[0])
            if not stamp(folder):  # asking for a folder that is there makes none
                self._made_folders.add(folder)
        elif event == "os.rename":
            self._written.add(_absolute(arguments[1]))
            self._made |= {_absolute(arguments[1])} - set(self._first)
        elif not isinstance(arguments[0], int):
            self._looked_into(
                _absolute(arguments[0] or "."), importing="importlib" in caller.f_code.co_filename
            )

    def _by_a_package(self, caller: FrameType | None) -> bool:
        """Tell whether it is an installed module that sets a variable, for itself and while it is loaded."""
        while caller and caller.f_code.co_filename in _SETTERS:
            caller = caller.f_back
        code = caller.f_code if caller else None
        return bool(code and code.co_name == "<module>" and code.co_filename.startswith(self._installed))

    def _opened(self, given: Any, flags: int) -> None:
        if isinstance(given, int):
            return
        path = _absolute(given)
        folder, name = os.path.split(path)
        if os.path.basename(folder) == "__pycache__":  # stands for the source it was made from
            path = os.path.join(os.path.dirname(folder), name.partition(".")[0] + ".py")
        if path.startswith(self._ignored):
            return
        if flags & _WRITES:
            self._written.add(path)
        if self._is_made(path):
            return
        if path not in self._first:
            now = stamp(path)
            if flags & os.O_TRUNC or (flags & os.O_CREAT and not now):
                self._made.add(path)
                return
            self._first[path] = now
        if not flags & os.O_WRONLY and not os.path.isdir(path):
            self._read.add(path)

    def _looked_into(self, folder: str, *, importing: bool) -> None:
        if folder.startswith((*self._ignored, *self._installed)) or self._is_made(folder):
            return
        noted = self._scanned if importing else self._listed
        if folder not in noted:
            noted[folder] = names(folder, importable=importing)

    def _is_made(self, path: str) -> bool:
        return path in self._made or any(
            (path + os.sep).startswith(made + os.sep) for made in self._made_folders
        )

    def import_ahead(self, wanted: Sequence[str]) -> bool:
        """Import modules; False if that can be noticed: one said something, or one is the project's own."""
        said, show = io.StringIO(), warnings.showwarning
        warnings.showwarning = lambda *about, **more: said.write("warning")  # type: ignore[assignment]
        try:
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                for name in wanted:
                    with contextlib.suppress(Exception):
                        importlib.import_module(name)
        finally:
            warnings.showwarning = show
        loaded = [file for name, file in _modules() if name not in self._at_start]
        return all(file.startswith(self._installed) for file in loaded) and not said.getvalue()

    def hand_over(self) -> None:
        """From here on, what happens is the document's doing."""
        self._path = list(sys.path)

    def write_account(self, target: str) -> None:
        """Write what was heard into a file."""
        self._busy.add(threading.get_ident())
        modules = _modules()
        for _, file in modules:
            if file not in self._first:
                self._first[file] = stamp(file)
            self._read.add(file)
        if any(_STARTS_PROCESSES in name for name, _ in modules):  # some ways of starting one are not heard
            self._beyond = self._beyond or _BEYOND["os.fork"]
        account = {
            "files": {path: self._first[path] for path in sorted(self._read)},
            "written": sorted(self._written),
            "listed": self._listed,
            "scanned": self._scanned,
            "beyond": self._beyond,
            "settings_changed": self._settings_changed or sys.path != self._path,
            "modules": [
                name
                for name, file in modules
                if file.startswith(self._installed) and _STARTS_PROCESSES not in name
            ],
        }
        with open(target, "w", encoding="utf-8") as opened:
            json.dump(account, opened)
        self._busy.discard(threading.get_ident())


def listen(ignored: Sequence[str]) -> None:
    """Start to listen, in this process, to everything but what happens below the `ignored` folders."""
    global heard
    heard = Witness(ignored)
    sys.addaudithook(heard)


def _absolute(path: Any) -> str:
    return os.path.abspath(os.fsdecode(path))


def _modules() -> list[tuple[str, str]]:
    """Return name and file of every module loaded from a file, in the order they were loaded."""
    found = [(name, getattr(module, "__file__", None)) for name, module in list(sys.modules.items())]
    return [(name, file) for name, file in found if isinstance(file, str)]
