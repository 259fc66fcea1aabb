"""A git revision, rendered in a clone of its own by its own program; nothing of the clone is kept."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from report_helpers.errors import ManuscriptError
from report_helpers.publishing import repository
from report_helpers.publishing.builtin.scratch import scratch_directory

_GIT_PATIENCE = 120
_RENDER_PATIENCE = 1800
"""Seconds."""

_ERROR = "error: "
_SHOWN, _LAST = 60, 12
"""Lines of what a failed program said: from its error on, or the last ones where it names none."""

_GIT = ("git", "-c", "core.hooksPath=", "-c", "advice.detachedHead=false")


def find(name: str, project: Path) -> str | None:
    """Return the commit that a revision of the project's repository names, or None."""
    if name.startswith("-"):
        return None
    answer = repository.ask(project, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    return answer.decode().strip() if answer else None


@contextmanager
def rendered(name: str, commit: str, project: Path, say: Callable[[str], object]) -> Iterator[Path]:
    """Give the output directory of a commit, rendered to HTML by the built-in engine.

    The revision's own ``src`` comes first, so that its numbers are computed by its own code, with the
    packages installed now. The environment variable ``MANUSCRIPT_DATA`` is obeyed as in any render: a cohort
    that git does not track is not in the revision.

    Raises
    ------
    ManuscriptError
        If the commit cannot be checked out or rendered, with what the program said.
    """
    say(f"rendering revision {name} ({commit[:7]})")
    with checked_out(f"revision '{name}'", commit, project) as copy:
        output = copy.parent / f"{copy.name}-output"
        remedy = (
            "check that revision out to put it right, or name an output folder kept from it; where git does "
            "not track its data, set MANUSCRIPT_DATA to the cohort file"
        )
        render(copy, output, f"revision '{name}' cannot be rendered", remedy)
        yield output


@contextmanager
def checked_out(name: str, commit: str, project: Path, tag: str = "") -> Iterator[Path]:
    """Give the project's directory in a clone of its repository, as it is in a commit.

    Parameters
    ----------
    name : str
        What messages call the commit.
    commit : str
    project : Path
        A directory of the repository.
    tag : str, optional
        The only tag that the clone has, on that commit; without it, the clone has the repository's tags.

    Raises
    ------
    ManuscriptError
        If the commit cannot be checked out, or holds no project there.
    """
    top = repository.ask(project, "rev-parse", "--show-toplevel")
    inner = repository.ask(project, "rev-parse", "--show-prefix")
    if top is None or inner is None:
        raise ManuscriptError(f"git cannot tell where the project of {name} is")
    with scratch_directory(Path(tempfile.gettempdir()), "manuscript-revision-") as scratch:
        clone = scratch / "clone"
        what = f"{name} cannot be checked out"
        source = top.decode().rstrip("\n")
        how = ("--quiet", "--shared", "--no-checkout", *(("--no-tags",) if tag else ()))
        _run((*_GIT, "clone", *how, source, str(clone)), what, _GIT_PATIENCE)
        _run((*_GIT, "-C", str(clone), "checkout", "--quiet", "--detach", commit), what, _GIT_PATIENCE)
        if tag:
            _run((*_GIT, "-C", str(clone), "tag", "--no-sign", tag, commit), what, _GIT_PATIENCE)
        copy = clone / inner.decode().rstrip("\n")
        if not (copy / "_quarto.yml").is_file():
            raise ManuscriptError(
                f"{name} holds no manuscript project: it has no _quarto.yml there",
                remedy="name a revision that has one",
            )
        yield copy


def render(
    copy: Path,
    output: Path,
    what: str,
    remedy: str,
    *,
    options: Sequence[str] = ("--to", "html"),
    environment: Mapping[str, str] | None = None,
) -> None:
    """Render a copy of the project with its own program and the built-in engine.

    Parameters
    ----------
    copy, output : Path
        The project, and the directory for what is made of it.
    what, remedy : str
        The first words of the error if it fails, and what can be done.
    options : sequence of str, optional
        Further options of ``manuscript render``.
    environment : mapping, optional
        Further variables for the program.

    Raises
    ------
    ManuscriptError
        With what the program said.
    """
    own = copy / "src"
    path = [str(own)] if (own / "report_helpers").is_dir() else []
    path += filter(None, [os.environ.get("PYTHONPATH", "")])
    command = (sys.executable, "-P", "-m", "report_helpers.cli", "render", str(copy), *options)
    target = ("--engine", "builtin", "--output-dir", str(output))
    variables = {**(environment or {}), "PYTHONPATH": os.pathsep.join(path)}
    _run((*command, *target), what, _RENDER_PATIENCE, variables, remedy)


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
        raise ManuscriptError(
            f"{what}: {_told(run.stderr) or f'it ended with {run.returncode}'}", remedy=remedy
        )


def _told(stderr: bytes) -> str:
    lines = stderr.decode(errors="replace").strip().splitlines()
    named = next((number for number, line in enumerate(lines) if line.startswith(_ERROR)), None)
    if named is None:
        return "\n  ".join(lines[-_LAST:]).strip()
    shown = [lines[named].removeprefix(_ERROR), *lines[named + 1 :]]
    more = [f"… and {len(shown) - _SHOWN} more lines"] if len(shown) > _SHOWN else []
    return "\n  ".join(shown[:_SHOWN] + more)
