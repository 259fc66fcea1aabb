"""Render a project: the one function callers need."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .clock import Clock, Progress
from .errors import ProjectError, did_you_mean
from .pipeline import TARGETS, Request, run
from .running.execute import Plan, Run, execute
from .running.kernel import make_workspace


@dataclass(frozen=True)
class Rendered:
    """What a render wrote.

    Attributes
    ----------
    paths : mapping
        File of each format, and of `ipynb`, the executed notebook, if it was written.
    timings : mapping
        Seconds each stage took; formats are written side by side, so they add up to more than `total`.
    """

    paths: Mapping[str, Path]
    timings: Mapping[str, float]


def render(
    project_dir: str | Path,
    formats: Sequence[str],
    output_dir: str | Path,
    *,
    overlay: str | Path | None = None,
    environment: Mapping[str, str] | None = None,
    metadata: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    strict: bool = False,
    profile: str | None = None,
    run_code: Callable[[Plan], Run] = execute,
    notebook: bool = True,
) -> Rendered:
    """Render the document of a project.

    Parameters
    ----------
    project_dir : path
        Directory with `_quarto.yml` and the document. It is only read.
    formats : sequence of str
        Any of `html`, `pdf`, `docx`, `jats`.
    output_dir : path
        Directory to write `index.html`, `index.pdf`, `index.docx`, `index.xml` (and its pictures,
        `index_files`) and `manuscript.ipynb` into. Swapping it with an older output is the caller's business.
    overlay : path, optional
        Directory of generated files, searched before the project.
    environment : mapping, optional
        Environment variables for the code, filters and writers, in addition to this process's. With
        `SOURCE_DATE_EPOCH` the same input gives the same bytes.
    metadata : mapping, optional
        Metadata that override the document's.
    progress : callable, optional
        Told a stage, a detail, and the seconds it took (None while it is under way).
    strict : bool
        Refuse what Quarto prints by accident: source code and the `repr` of a value.
    profile : str, optional
        Names of profiles, with commas between; the first wins.
    run_code : callable, optional
        What runs the code, in place of a new kernel: `KeptRuns.run` of a preview.
    notebook : bool
        Write the executed notebook, too.

    Returns
    -------
    Rendered
        Paths and timings.

    Raises
    ------
    EngineError
        If the document cannot be rendered; the message says what is wrong, in which file and line.
    """
    for name in formats:
        if name not in TARGETS:
            raise ProjectError.at(
                f"The built-in engine does not write {name}.",
                remedy=did_you_mean(name, TARGETS) or f"Known are {', '.join(TARGETS)}.",
            )
    root = Path(project_dir).resolve()
    if not root.is_dir():
        raise ProjectError.at(f"There is no directory {project_dir}.")
    output = Path(output_dir).resolve()
    output.mkdir(parents=True, exist_ok=True)
    clock = Clock(progress)
    with make_workspace() as scratch, clock.stage("total"):
        workspace = scratch.resolve()
        (workspace / "pictures").mkdir(exist_ok=True)
        layers = [workspace / "pictures", *([Path(overlay).resolve()] if overlay else [])]
        request = Request(
            root,
            tuple(dict.fromkeys(formats)),
            output,
            workspace,
            tuple(layers),
            dict(environment or {}),
            dict(metadata or {}),
            strict,
            tuple(part.strip() for part in (profile or "").split(",") if part.strip()),
            run_code,
            notebook,
        )
        paths = run(request, clock)
    return Rendered(paths, clock.timings)
