"""The manuscript as checks see it, read once, and copies of it with a fault."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from report_helpers.publishing.checks.reading.manuscript import Manuscript, read_manuscript
from report_helpers.publishing.checks.reading.texts import rendered_texts

from .planting import Planter


@pytest.fixture(scope="session")
def manuscript(project_copy: Path, rendered: Path, tmp_path_factory: pytest.TempPathFactory) -> Manuscript:
    """The shipped manuscript with its page and its ledger; the other formats are slow to read."""
    output = tmp_path_factory.mktemp("page")
    for name in ("index.html", "numbers.json"):
        shutil.copy(rendered / name, output)
    return read_manuscript(project_copy, output)


@pytest.fixture(scope="session")
def plant(manuscript: Manuscript, tmp_path_factory: pytest.TempPathFactory) -> Planter:
    """Copies of the shipped manuscript with a fault planted."""
    return Planter(manuscript, lambda: tmp_path_factory.mktemp("planted"))


@pytest.fixture(scope="session")
def in_all_formats(manuscript: Manuscript, rendered: Path) -> Manuscript:
    """The shipped manuscript with the text of every format."""
    return replace(manuscript, texts=rendered_texts(rendered))
