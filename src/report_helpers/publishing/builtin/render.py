"""Render a project: the one function callers need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .clock import Clock, Progress
from .errors import ProjectError, did_you_mean
from .running.kernel import Kernel, launch, make_workspace

if TYPE_CHECKING:
    from .running.execute import Plan, Run


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
    prepare: Callable[[], None] | None = None,
    environment: Mapping[str, str] | None = None,
    metadata: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    strict: bool = False,
    profile: str | None = None,
    run_code: Callable[[Plan], Run] | None = None,
    notebook: bool = True,
    may_show: Callable[[str], bool] | None = None,
) -> Rendered:
    """Render the document of a project.

    Parameters
    ----------
    project_dir : path
        Directory with `_quarto.yml` and the document. It is only read.
    formats : sequence of str
        Any of `html`, `pdf`, `docx`, `jats`; where there is none the code is run, and no more.
    output_dir : path
        Directory to write `index.html`, `index.pdf`, `index.docx`, `index.xml` (and its pictures,
        `index_files`) and `manuscript.ipynb` into. Swapping it with an older output is the caller's business.
    overlay : path, optional
        Directory of generated files, searched before the project.
    prepare : callable, optional
        Makes what `overlay` holds; called while the kernel gets ready.
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
    may_show : callable, optional
        Asked, once `prepare` is done, whether the message of an exception of this class may be shown, and
        whether a `DataFrame` may; by default all may. They can quote the data that the code reads.

    Returns
    -------
    Rendered
        Paths and timings.

    Raises
    ------
    EngineError
        If the document cannot be rendered; the message says what is wrong, in which file and line.
    """
    root = Path(project_dir).resolve()
    if not root.is_dir():
        raise ProjectError.at(f"There is no directory {project_dir}.")
    output = Path(output_dir).resolve()
    clock = Clock(progress)
    given = dict(environment or {})
    with make_workspace() as scratch, clock.stage("total"):
        workspace = scratch.resolve()
        (workspace / "pictures").mkdir(exist_ok=True)
        layers = [workspace / "pictures", *([Path(overlay).resolve()] if overlay else [])]
        with _kernel_ahead(root, workspace, given, wanted=run_code is None) as kernel:
            if prepare is not None:
                prepare()
            # Only now, with the kernel on its way, are the engine's parts loaded, which takes as long.
            from .pipeline import TARGETS, Request, run
            from .running.execute import execute

            for name in formats:
                if name not in TARGETS:
                    raise ProjectError.at(
                        f"The built-in engine does not write {name}.",
                        remedy=did_you_mean(name, TARGETS) or f"Known are {', '.join(TARGETS)}.",
                    )
            output.mkdir(parents=True, exist_ok=True)
            request = Request(
                root,
                tuple(dict.fromkeys(formats)),
                output,
                workspace,
                tuple(layers),
                given,
                dict(metadata or {}),
                strict,
                tuple(part.strip() for part in (profile or "").split(",") if part.strip()),
                run_code or (lambda plan: execute(replace(plan, kernel=kernel))),
                notebook,
                may_show or (lambda name: True),
            )
            paths = run(request, clock)
    return Rendered(paths, clock.timings)


@contextmanager
def _kernel_ahead(
    root: Path, workspace: Path, environment: Mapping[str, str], *, wanted: bool
) -> Iterator[Kernel | None]:
    """Launch a kernel, if one is wanted and a document seems to have code; end it in the end."""
    if not wanted or not any(map(_mentions_code, root.glob("*.qmd"))):
        yield None
        return
    kernel = launch(workspace, root, environment)
    try:
        yield kernel
    finally:
        kernel.end()


def _mentions_code(document: Path) -> bool:
    try:
        return b"{python" in document.read_bytes()
    except OSError:  # whoever needs the file will say so
        return False
