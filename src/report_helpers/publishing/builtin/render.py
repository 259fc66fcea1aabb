"""Render a project: read, execute, compose once; write each format."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from .assemble import Assembly, assemble
from .authors import normalise_authors
from .bibliography import bibliography_files, bibliography_keys
from .cells import split_cells
from .compose import compose
from .dates import write_date
from .errors import ProjectError, did_you_mean
from .execute import Executed, Plan, Session
from .files import Files
from .images import find_images
from .kernel import make_workspace
from .kinds import read_kinds
from .options import WriteJob, read_filters
from .pandoc import ReadJob, read_documents
from .project import Metadata, Project, load_project, with_metadata_files
from .shortcodes import expand_shortcodes
from .source import Source, read_source
from .write_docx import write_docx
from .write_html import write_html
from .write_pdf import write_pdf

TARGETS = {"html": "html", "pdf": "typst", "docx": "docx"}
"""Formats and what pandoc writes for them."""

_WRITERS: Mapping[str, Callable[[WriteJob], None]] = {
    "html": write_html,
    "pdf": write_pdf,
    "docx": write_docx,
}

Progress = Callable[[str, str, float], None]
"""Called with a stage, a detail and the seconds since the render began."""


@dataclass(frozen=True)
class Rendered:
    """What a render wrote.

    Attributes
    ----------
    paths : mapping
        File of each format, and of `ipynb`, the executed notebook.
    timings : mapping
        Seconds each stage took.
    """

    paths: Mapping[str, Path]
    timings: Mapping[str, float]


@dataclass
class _Clock:
    progress: Progress | None
    began: float = field(default_factory=time.monotonic)
    timings: dict[str, float] = field(default_factory=dict)

    def say(self, stage: str, detail: str = "") -> None:
        if self.progress:
            self.progress(stage, detail, time.monotonic() - self.began)

    @contextmanager
    def stage(self, name: str, detail: str = "") -> Iterator[None]:
        start = time.monotonic()
        self.say(name, detail)
        try:
            yield
        finally:
            self.timings[name] = time.monotonic() - start


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
) -> Rendered:
    """Render the document of a project.

    Parameters
    ----------
    project_dir : path
        Directory with `_quarto.yml` and the document. It is only read.
    formats : sequence of str
        Any of `html`, `pdf`, `docx`.
    output_dir : path
        Directory to write `index.html`, `index.pdf`, `index.docx` and `manuscript.ipynb` into. Swapping it with an
        older output is the caller's business.
    overlay : path, optional
        Directory of generated files, searched before the project.
    environment : mapping, optional
        Environment variables for the code, filters and writers, in addition to this process's.
    metadata : mapping, optional
        Metadata that override the document's.
    progress : callable, optional
        Told each stage, a detail and the seconds since the start.
    strict : bool
        Refuse what Quarto prints by accident: source code and the `repr` of a value.
    profile : str, optional
        Names of profiles, with commas between.

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
                remedy=did_you_mean(name, TARGETS) or "Use html, pdf or docx.",
            )
    root = Path(project_dir).resolve()
    if not root.is_dir():
        raise ProjectError.at(f"There is no directory {project_dir}.")
    clock = _Clock(progress)
    output = Path(output_dir).resolve()
    output.mkdir(parents=True, exist_ok=True)
    with make_workspace() as name:
        workspace = Path(name).resolve()
        layers = [workspace / "pictures", *([Path(overlay).resolve()] if overlay else [])]
        job = _Render(root, tuple(dict.fromkeys(formats)), output, workspace, tuple(layers), clock)
        paths = job.run(dict(environment or {}), dict(metadata or {}), strict=strict, profile=profile)
    clock.timings["total"] = time.monotonic() - clock.began
    return Rendered(paths, clock.timings)


@dataclass
class _Render:
    root: Path
    formats: tuple[str, ...]
    output: Path
    workspace: Path
    layers: tuple[Path, ...]
    clock: _Clock

    def run(
        self, environment: dict[str, str], extra: dict[str, Any], *, strict: bool, profile: str | None
    ) -> dict[str, Path]:
        for layer in self.layers:
            layer.mkdir(parents=True, exist_ok=True)
        files = Files(self.root, self.layers)
        project = load_project(files, profile)
        session = Session(self.root, self.workspace, environment, _figure_size(project.settings))
        try:
            with self.clock.stage("read", project.main):
                source = read_source(files, project.main)
                front = with_metadata_files(files, source.front_matter, source.main)
                per_target = {
                    TARGETS[name]: project.metadata(front, TARGETS[name], extra)
                    for name in self.formats or ("html",)
                }
                first = next(iter(per_target.values()))
                lines = expand_shortcodes(
                    source.lines, first, project.variables, {**os.environ, **environment}
                )
                parts = split_cells(lines)
            with self.clock.stage("execute"):
                plan = Plan(
                    parts, first.get("execute") or {}, lambda detail: self.clock.say("execute", detail)
                )
                done, notebook = session.run(plan)
        finally:
            session.close()
        notebook_path = self.output / "manuscript.ipynb"
        notebook_path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
        jobs = self._compose(
            project, source, done, per_target, {**os.environ, **environment}, strict, profile
        )
        return {**self._write(jobs), "ipynb": notebook_path}

    def _compose(
        self,
        project: Project,
        source: Source,
        done: tuple[Executed, ...],
        per_target: Mapping[str, Metadata],
        environment: Mapping[str, str],
        strict: bool,
        profile: str | None,
    ) -> dict[str, WriteJob]:
        jobs: dict[str, WriteJob] = {}
        with self.clock.stage("compose"):
            reads = []
            for target, metadata in per_target.items():
                early, _ = read_filters(metadata, project.files)
                settings = Assembly(
                    metadata.get("execute") or {},
                    target == "html",
                    strict,
                    frozenset(read_kinds(metadata).floats),
                    metadata.get("code-fold"),
                )
                prepared = write_date(normalise_authors(metadata), environment)
                markdown = assemble(done, settings, self.workspace / "pictures" / "cells")
                reads.append(ReadJob(target, markdown, prepared, early))
            documents = read_documents(reads, self.workspace, environment)
            for name in self.formats:
                target = TARGETS[name]
                metadata = per_target[target]
                kinds, paths = read_kinds(metadata), bibliography_files(metadata, project.files)
                keys, profiles = (
                    bibliography_keys(paths, metadata),
                    [p.strip() for p in (profile or "").split(",")],
                )
                composed = compose(documents[target], target, metadata, kinds, keys, source.find, profiles)
                blocks = find_images(composed.blocks, target, metadata, project.files, source.find)
                jobs[name] = WriteJob(
                    type(composed)(blocks, composed.meta, composed.cites),
                    metadata,
                    kinds,
                    project.files,
                    paths,
                    read_filters(metadata, project.files)[1],
                    self.workspace,
                    self.output / f"{Path(project.main).stem}.{name}",
                    environment,
                )
        return jobs

    def _write(self, jobs: Mapping[str, WriteJob]) -> dict[str, Path]:
        def work(name: str) -> None:
            with self.clock.stage(f"write {name}"):
                _WRITERS[name](jobs[name])

        with self.clock.stage("write"), ThreadPoolExecutor(max_workers=max(len(jobs), 1)) as pool:
            for future in [pool.submit(work, name) for name in jobs]:
                future.result()
        return {name: job.output for name, job in jobs.items()}


def _figure_size(settings: Metadata) -> tuple[float, float]:
    return float(settings.get("fig-width", 7)), float(settings.get("fig-height", 5))
