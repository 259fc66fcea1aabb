"""The manuscript's text in the forms in which the tests of this folder read it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

_INCLUDE = re.compile(r"^\{\{< include (\S+) >\}\}$", re.MULTILINE)
_CELL = re.compile(r"^```\{python\}.*?^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`\{python\} ([^`\n]*[^`\s])`")


@pytest.fixture(scope="session")
def manuscript(root: Path) -> str:
    """index.qmd with its chapters in place, without the YAML at its head."""
    text = (root / "index.qmd").read_text(encoding="utf-8").split("\n---\n", 1)[1]
    return _INCLUDE.sub(lambda found: (root / found[1]).read_text(encoding="utf-8"), text)


@pytest.fixture(scope="session")
def prose(manuscript: str) -> str:
    """The manuscript without code cells; each inline value is an empty box."""
    return _INLINE.sub("▢", _CELL.sub("", manuscript))


@pytest.fixture(scope="session")
def prose_with_values(manuscript: str) -> str:
    """The manuscript without code cells, its inline expressions as they are written."""
    return _CELL.sub("", manuscript)


@pytest.fixture(scope="session")
def expressions(manuscript: str) -> list[str]:
    """The inline expressions in the order of the text."""
    return _INLINE.findall(manuscript)
