"""Small projects for the engine's tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

Project = Callable[..., Path]

CONFIG = """\
project:
  render: [index.qmd]
number-sections: true
format:
  html:
    minimal: true
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Make a project of files given by name; the directory has a space and letters beyond ASCII."""

    def make(index: str = "", /, **files: str) -> Path:
        root = tmp_path / "Größe 1"
        root.mkdir()
        texts = {"_quarto.yml": CONFIG, "index.qmd": index}
        texts |= {name.replace("__", "/").replace("_dot_", "."): text for name, text in files.items()}
        for name, text in texts.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return root

    return make
