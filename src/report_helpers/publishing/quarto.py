"""Quarto as the render engine, where a machine has it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from report_helpers.errors import ManuscriptError

OLDEST = (1, 4)

# Quarto writes PDF through the format of the program that makes it.
_FORMATS = {"pdf": "typst"}


def available() -> str | None:
    """Return the version of a Quarto on PATH that can render this project, or None."""
    program = shutil.which("quarto")
    if program is None:
        return None
    try:
        run = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    number = re.match(r"(\d+)\.(\d+)", run.stdout.strip())
    if run.returncode or number is None or (int(number[1]), int(number[2])) < OLDEST:
        return None
    return run.stdout.strip()


def render(
    project: Path, formats: Sequence[str], output: Path, environment: Mapping[str, str], profile: str | None
) -> None:
    """Render `project` with Quarto into `output`.

    Parameters
    ----------
    project : Path
        Directory of ``_quarto.yml``.
    formats : sequence of str
        Any of ``html``, ``pdf``, ``docx``, ``jats``.
    output : Path
        An existing directory.
    environment : mapping of str to str
        Variables for the kernel, added to the present ones.
    profile : str or None
        Name of a ``_quarto-NAME.yml`` to merge.

    Raises
    ------
    ManuscriptError
        When Quarto fails; its own account has been printed by then.
    """
    command = ["quarto", "render", str(project), "--output-dir", str(output.resolve()), "--no-clean"]
    # A kernel kept alive from an earlier render would not see the new environment.
    command += ["--execute-daemon-restart", *(["--profile", profile] if profile else []), "--to"]
    settings = {**os.environ, **environment, "QUARTO_PYTHON": sys.executable}
    # One format at a time: of a project Quarto takes no list of formats, and starts a kernel for each anyway.
    for name in formats:
        if subprocess.run([*command, _FORMATS.get(name, name)], env=settings, check=False).returncode:
            raise ManuscriptError(
                "Quarto could not render the manuscript (its message is above)",
                remedy="mend what it names, or try --engine builtin for an error with chapter and line",
            )
