"""A git revision, rendered to HTML in a clone of its own by its own program; nothing of it is kept."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from report_helpers.errors import ManuscriptError
from report_helpers.publishing import repository

_GIT_PATIENCE = 120
_RENDER_PATIENCE = 1800
"""Seconds."""

_SHOWN = 12
"""Lines of what a failed program said."""


def find(name: str, project: Path) -> str | None:
    """Return the commit that a revision of the project's repository names, or None."""
    if name.startswith("-"):
        return None
    answer = repository.ask(project, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    return answer.decode().strip() if answer else None


@contextmanager
def rendered(name: str, commit: str, project: Path, say: Callable[[str], object]) -> Iterator[Path]:
    """Give the output directory of a commit, rendered by the built-in engine.

    The revision's own ``src`` comes first, so that its numbers are computed by its own code, with the
    packages installed now. The environment variable ``MANUSCRIPT_DATA`` is obeyed as in any render: a cohort
    that git does not track is not in the revision.

    Raises
    ------
    ManuscriptError
        If the commit cannot be checked out or rendered, with what the program said.
    """
    top = repository.ask(project, "rev-parse", "--show-toplevel")
    inner = repository.ask(project, "rev-parse", "--show-prefix")
    if top is None or inner is None:
        raise ManuscriptError(f"git cannot tell where the project of revision '{name}' is")
    say(f"rendering revision {name} ({commit[:7]})")
    with tempfile.TemporaryDirectory(prefix="manuscript-revision-") as scratch:
        clone, output = Path(scratch) / "clone", Path(scratch) / "output"
        what = f"revision '{name}' cannot be checked out"
        source = top.decode().rstrip("\n")
        git = ("git", "-c", "core.hooksPath=", "-c", "advice.detachedHead=false")
        _run((*git, "clone", "--quiet", "--shared", "--no-checkout", source, str(clone)), what, _GIT_PATIENCE)
        _run((*git, "-C", str(clone), "checkout", "--quiet", "--detach", commit), what, _GIT_PATIENCE)
        copy = clone / inner.decode().rstrip("\n")
        if not (copy / "_quarto.yml").is_file():
            raise ManuscriptError(
                f"revision '{name}' holds no manuscript project: it has no _quarto.yml there",
                remedy="name a revision that has one",
            )
        _render(name, copy, output)
        yield output


def _render(name: str, copy: Path, output: Path) -> None:
    own = copy / "src"
    path = [str(own)] if (own / "report_helpers").is_dir() else []
    path += filter(None, [os.environ.get("PYTHONPATH", "")])
    command = (sys.executable, "-P", "-m", "report_helpers.cli", "render", str(copy))
    options = ("--to", "html", "--engine", "builtin", "--output-dir", str(output))
    what = f"revision '{name}' cannot be rendered"
    remedy = (
        "check that revision out to put it right, or name an output folder kept from it; where git does not "
        "track its data, set MANUSCRIPT_DATA to the cohort file"
    )
    _run((*command, *options), what, _RENDER_PATIENCE, {"PYTHONPATH": os.pathsep.join(path)}, remedy)


def _run(
    command: tuple[str, ...],
    what: str,
    patience: int,
    environment: Mapping[str, str] | None = None,
    remedy: str = "",
) -> None:
    kept = {name: value for name, value in os.environ.items() if name not in repository.OTHER_REPOSITORY}
    try:
        run = subprocess.run(
            command, capture_output=True, check=False, timeout=patience, env={**kept, **(environment or {})}
        )
    except subprocess.TimeoutExpired:
        raise ManuscriptError(f"{what}: it took more than {patience} seconds", remedy=remedy) from None
    except OSError as error:
        raise ManuscriptError(f"{what}: {error.strerror or error}", remedy=remedy) from None
    if run.returncode:
        said = run.stderr.decode(errors="replace").replace("error: ", "", 1).strip().splitlines()
        told = "\n  ".join(said[-_SHOWN:]) or f"it ended with {run.returncode}"
        raise ManuscriptError(f"{what}: {told}", remedy=remedy)
