"""Write the executed notebook so that the same run gives the same bytes on any machine."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def write_notebook(notebook: nbformat.NotebookNode, path: Path, directories: Iterable[Path]) -> None:
    """Write a notebook without addresses of memory and without the names of this machine's directories.

    Parameters
    ----------
    notebook : NotebookNode
        The executed notebook; changed in place.
    path : Path
        File to write.
    directories : iterable of Path
        Directories whose paths are written as `.`.
    """
    names = sorted((str(directory) for directory in directories), key=len, reverse=True)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            for kind in ("text/plain", "text/markdown"):
                if kind in data:
                    data[kind] = _settled(data[kind], names)
            if "text" in output:
                output["text"] = _settled(output["text"], names)
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")  # type: ignore[no-untyped-call]


def _settled(text: Any, names: list[str]) -> str:
    settled = "".join(text) if isinstance(text, list) else str(text)
    for name in names:
        settled = settled.replace(name, ".")
    return _ADDRESS.sub("", settled)
