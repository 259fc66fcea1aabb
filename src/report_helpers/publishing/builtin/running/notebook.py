"""The executed notebook: its cells as they come, and the file, the same bytes at every run on any machine.

The nodes are made as `nbformat` makes them, but for its checks: to build those takes as long as many cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from .kernel import language_info

_KERNEL_FILE = re.compile(r"[^\s:]*[/\\]ipykernel_\d+[/\\]\d+\.py(?=:\d)")
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def new_notebook() -> NotebookNode:
    """Return a notebook without cells."""
    return _node(
        cells=[],
        metadata=language_info(),
        nbformat=nbformat.v4.nbformat,
        nbformat_minor=nbformat.v4.nbformat_minor,
    )


def markdown_cell(identifier: str, text: str) -> NotebookNode:
    """Return a cell of text."""
    return _node(cell_type="markdown", id=identifier, metadata={}, source=text)


def code_cell(identifier: str, code: str) -> NotebookNode:
    """Return a cell of code that has not been run."""
    return _node(cell_type="code", execution_count=None, id=identifier, metadata={}, outputs=[], source=code)


def _node(**parts: Any) -> NotebookNode:
    node: NotebookNode = nbformat.from_dict(parts)  # type: ignore[no-untyped-call]
    return node


def write_notebook(notebook: NotebookNode, path: Path, directories: Iterable[Path]) -> None:
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
    path.write_text(nbformat.v4.writes(notebook) + "\n", encoding="utf-8")  # type: ignore[no-untyped-call]


def without_kernel_files(text: str) -> str:
    """Return text in which no warning names the kernel's file of a cell, which is called otherwise each time.

    Examples
    --------
    >>> without_kernel_files("/tmp/ipykernel_12/345.py:2: UserWarning: few")
    'this cell:2: UserWarning: few'
    """
    return _KERNEL_FILE.sub("this cell", text)


def _settled(text: Any, names: list[str]) -> str:
    settled = "".join(text) if isinstance(text, list) else str(text)
    for name in names:
        settled = settled.replace(name, ".")
    return without_kernel_files(_ADDRESS.sub("", settled))
