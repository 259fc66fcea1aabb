"""The executed notebook gives the same outputs when it is run again (nbval)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("render")


def test_every_output_of_the_notebook_comes_out_again(rendered: Path, project_copy: Path) -> None:
    notebook = rendered / "manuscript.ipynb"
    figures = project_copy / "_figures"
    options = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout", "60", "-q", "-p", "no:cacheprovider"]
    settings = {"MANUSCRIPT_FIGURES": str(figures), "PYTEST_ADDOPTS": "", "PYTEST_XDIST_WORKER": ""}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(notebook)],
        cwd=project_copy,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-4000:]
    assert " passed" in run.stdout
