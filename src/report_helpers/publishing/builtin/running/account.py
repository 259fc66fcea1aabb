"""What a run rested on, and whether all of it is still the same."""

from __future__ import annotations

import json
import os
import site
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..reading.cells import Cell, Text
from .execute import Plan
from .inline import expressions
from .witness import Stamp, installed_folders, names, stamp

Stamps = Mapping[str, Stamp]


@dataclass(frozen=True)
class Account:
    """What the code of a run read, as its kernel heard it.

    Attributes
    ----------
    files : mapping
        Each file that was read, also of modules, with its stamp when it was first opened.
    written : frozenset of str
        Each file that was opened for writing.
    listed, scanned : mapping
        Each folder whose content the code listed, or Python searched for modules, and the names in it.
    beyond : str
        How the outputs rest on more than files (another program, the network); else empty.
    settings_changed : bool
        Whether the code changed environment variables or the module path.
    modules : tuple of str
        The installed modules that were loaded, in order.
    """

    files: Stamps
    written: frozenset[str]
    listed: Mapping[str, Sequence[str]]
    scanned: Mapping[str, Sequence[str]]
    beyond: str
    settings_changed: bool
    modules: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> Account:
        """Read the account that a kernel wrote."""
        given = json.loads(path.read_text(encoding="utf-8"))
        given["modules"], given["written"] = tuple(given["modules"]), frozenset(given["written"])
        return cls(**given)

    def own(self) -> frozenset[str]:
        """Return the files read and the folders listed outside the interpreter and the installed packages."""
        return frozenset((self.files.keys() - self.installed().keys()) | self.listed.keys())

    def installed(self) -> Stamps:
        """Return the files of the interpreter and of installed packages."""
        folders = installed_folders()
        return {path: before for path, before in self.files.items() if path.startswith(folders)}

    def difference(self) -> str:
        """Say why the outputs cannot be kept; an empty string if nothing they rest on changed."""
        if self.beyond:
            return self.beyond
        changed = (path for path, before in self.files.items() if stamp(path) != before)
        listed = (path for path, before in self.listed.items() if names(path, importable=False) != before)
        scanned = (path for path, before in self.scanned.items() if names(path, importable=True) != before)
        found = next((path for paths in (changed, listed, scanned) for path in paths), "")
        return f"{Path(found).name} changed" if found else ""


def code_of(plan: Plan) -> str:
    """Return everything of a plan that decides what its code gives: code, options and settings, in order.

    Prose and line numbers are left out.

    Examples
    --------
    >>> from pathlib import Path
    >>> from ..reading.cells import Text
    >>> from ..reading.lines import Line
    >>> def plan(text, line):
    ...     parts = [Text((Line(text, "index.qmd", line),))]
    ...     return Plan(parts, {}, Path("."), Path("."), {}, (7.0, 5.0), print)
    >>> code_of(plan("Now `{python} n`", 1)) == code_of(plan("Then `{python} n`.", 9))
    True
    >>> code_of(plan("Now `{python} n`", 1)) == code_of(plan("Now `{python} m`", 1))
    False
    """
    return repr((code_parts(plan.parts), plan.defaults))


def code_parts(parts: Iterable[Text | Cell]) -> list[Any]:
    """Return the code of a document without its prose: cells with their options, and inline expressions."""
    found: list[Any] = []
    for part in parts:
        if isinstance(part, Cell):
            found.append([part.code, part.options])
        elif codes := [item.code for item in expressions(part)]:
            found.append(codes)
    return found


def setting_of(plan: Plan) -> str:
    """Return what a kernel for the plan is started with: directory, environment, figure size, interpreter."""
    environment = {**os.environ, **plan.environment}
    interpreter = [sys.executable, stamp(sys.executable)]
    return repr((plan.project, environment, plan.figure_size, interpreter, packages()))


def packages() -> list[list[Any]]:
    """Return the installed packages: name and version as their folders say, and when they were installed."""
    return [
        [name, stamp(f"{folder}/{name}")]
        for folder in dict.fromkeys([*site.getsitepackages(), site.getusersitepackages()])
        for name in names(folder, importable=False)
        if name.endswith((".dist-info", ".egg-info", ".pth"))
    ]


def stamps(paths: Iterable[str | Path]) -> dict[str, Stamp]:
    """Return the stamps of files."""
    return {str(path): stamp(str(path)) for path in paths}
