"""The executed notebook gives the same outputs when it is run again (nbval)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("render")


def test_every_output_of_the_notebook_comes_out_again(
    rendered: Path, project_copy: Path, tmp_path: Path
) -> None:
    content = json.loads((rendered / "manuscript.ipynb").read_text(encoding="utf-8"))
    # The ledger lists what the prose printed, and nbval runs the code cells alone.
    last = next(cell for cell in content["cells"] if "".join(cell["source"]).strip() == "r.ledger")
    last["metadata"]["tags"] = ["nbval-ignore-output"]
    notebook = rendered / "again.ipynb"
    notebook.write_text(json.dumps(content), encoding="utf-8")
    options = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout", "60", "-q", "-p", "no:cacheprovider"]
    settings = {"MANUSCRIPT_FIGURES": str(tmp_path), "PYTEST_ADDOPTS": "", "PYTEST_XDIST_WORKER": ""}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(notebook)],
        cwd=project_copy,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    notebook.unlink()
    assert run.returncode == 0, run.stdout[-4000:]
    assert " passed" in run.stdout
