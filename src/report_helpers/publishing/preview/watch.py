"""Which sources were saved since one last looked."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from report_helpers.publishing.builtin import EngineError
from report_helpers.publishing.builtin.reading.cells import split_cells
from report_helpers.publishing.builtin.reading.lines import Line
from report_helpers.publishing.builtin.running.account import Account, Stamps, code_parts
from report_helpers.publishing.builtin.running.witness import stamp

_TEXTS = frozenset(
    (".qmd", ".md", ".yml", ".yaml", ".bib", ".csl", ".css", ".scss", ".lua", ".html", ".typ", ".xml", ".py")
)
_PICTURES = frozenset((".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf", ".ttf", ".otf", ".woff2"))
_LEFT_OUT = frozenset(("__pycache__", "node_modules", "_manuscript", "_generated", "_figures", "versions"))


class Watch:
    """Looks at the stamps of a project's sources.

    Folders are listed again only when one of them changed, so that looking is cheap enough to be done twenty
    times a second.

    Parameters
    ----------
    project : Path
        The project directory.
    """

    def __init__(self, project: Path) -> None:
        self._project = str(project)
        self._folders: Stamps = {}
        self._files: tuple[str, ...] = ()

    def look(self, further: Iterable[str]) -> dict[str, list[int]]:
        """Return the stamps of the sources and of `further` files and folders."""
        if not self._folders or any(stamp(path) != before for path, before in self._folders.items()):
            folders: dict[str, list[int]] = {}
            self._files = tuple(_sources(self._project, folders))
            self._folders = folders
        return {path: stamp(path) for path in (*self._files, *further)}


def _sources(folder: str, folders: dict[str, list[int]]) -> Iterable[str]:
    """Yield the sources below a folder, and note the folders that were looked into."""
    folders[folder] = stamp(folder)
    try:
        with os.scandir(folder) as found:
            entries = list(found)
    except OSError:  # it went in this moment
        return
    if any(entry.name == "pyvenv.cfg" for entry in entries):
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name in _LEFT_OUT:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _sources(entry.path, folders)
        elif Path(entry.name).suffix.lower() in _TEXTS | _PICTURES:
            yield entry.path


def differences(before: Stamps, now: Stamps) -> set[str]:
    """Return the paths whose stamps differ."""
    return {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}


def code_in(path: str) -> str:
    """Return the code of a document as text; for a module, its stamp; empty where nothing can be told."""
    name = Path(path)
    if name.suffix == ".py":
        return str(stamp(path))
    if name.suffix not in (".qmd", ".md"):
        return ""
    try:
        texts = name.read_text(encoding="utf-8").splitlines()
        return repr(code_parts(split_cells(Line(text, path, 0) for text in texts)))
    except (EngineError, OSError, UnicodeError):
        return ""


def half_saved(before: Stamps, now: Stamps) -> bool:
    """Tell whether an editor may be in the middle of a save: a file is gone, or empty, that was not."""
    sizes = ((old, now.get(path)) for path, old in before.items() if old and old[2])
    return any(not new or not new[2] for _, new in sizes)


def by_the_code(path: str, account: Account | None, given: Iterable[Path]) -> bool:
    """Tell whether a file that changed while code ran was changed by that code and not by the author.

    What the code wrote through Python was heard. Another program that it starts may write anything but the
    texts that authors write.
    """
    if account is None:
        return False
    if path in account.written:
        return True
    unheard = Path(path).suffix.lower() not in _TEXTS
    read = path in account.files or Path(path) in given
    return unheard and (bool(account.beyond) or not read)
