"""Questions to git: it only looks, runs no program that a repository names, and may be absent."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

# Git is to write nothing, not even its index; to answer whoever owns the project; to add nothing; and to
# start no monitor of files that the repository's settings may name.
_ONLY_LOOK = (
    "--no-optional-locks",
    "--literal-pathspecs",
    "-c", "safe.directory=*",
    "-c", "log.showSignature=false",
    "-c", "core.fsmonitor=false",
)  # fmt: skip
OTHER_REPOSITORY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")
_PATIENCE = 20
"""Seconds to wait for an answer."""


def ask(directory: Path, *arguments: str) -> bytes | None:
    """Return git's answer, or None where there is no git, no repository or no answer."""
    # A git hook that renders would otherwise have us look at its own repository.
    environment = {name: value for name, value in os.environ.items() if name not in OTHER_REPOSITORY}
    try:
        run = subprocess.run(
            ["git", *_ONLY_LOOK, "-C", str(directory), *arguments],
            capture_output=True, check=False, timeout=_PATIENCE, env=environment,
        )  # fmt: skip
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return run.stdout if run.returncode == 0 else None
