"""The stages of a render: read and execute once, then compose and write each format as soon as it can be."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import nbformat

from .clock import Clock
from .composing.bibliography import bibliography_files, bibliography_keys
from .composing.compose import compose
from .composing.conditional import refuse_lost
from .composing.images import find_images
from .composing.kinds import read_kinds
from .reading.authors import normalise_authors
from .reading.cells import Cell, split_cells
from .reading.dates import write_date
from .reading.files import Files
from .reading.project import Metadata, Project, load_project, with_metadata_files
from .reading.settings import suspects
from .reading.shortcodes import expand_settings, expand_shortcodes
from .reading.source import Source, read_source
from .running.assemble import Assembly, assemble
from .running.execute import Executed, Plan, Run
from .running.notebook import write_notebook
from .writing.options import WriteJob, read_filters
from .writing.pandoc import ReadJob, read_documents
from .writing.write_docx import write_docx
from .writing.write_html import write_html
from .writing.write_jats import write_jats
from .writing.write_pdf import write_pdf

TARGETS = {"html": "html", "pdf": "typst", "docx": "docx", "jats": "jats"}
"""Formats and what pandoc writes for them."""

_SUFFIXES = {"jats": "xml"}
"""How the file of a format ends, where not with its name."""

_WRITERS: Mapping[str, Callable[[WriteJob], None]] = {
    "html": write_html,
    "pdf": write_pdf,
    "docx": write_docx,
    "jats": write_jats,
}
_SLOWEST_FIRST = ("pdf", "docx", "jats", "html")


@dataclass(frozen=True)
class Request:
    """What to render, where from and where to; see `render`."""

    root: Path
    formats: tuple[str, ...]
    output: Path
    workspace: Path
    layers: tuple[Path, ...]
    environment: Mapping[str, str]
    metadata: Mapping[str, Any]
    strict: bool
    profiles: tuple[str, ...]
    run: Callable[[Plan], Run]
    notebook: bool
    may_show: Callable[[str], bool]

    @property
    def full_environment(self) -> dict[str, str]:
        """The process's own environment with what was given."""
        return {**os.environ, **self.environment}


@dataclass(frozen=True)
class _Manuscript:
    """The document after the run."""

    project: Project
    source: Source
    done: tuple[Executed, ...]
    metadata: Mapping[str, Metadata]


def run(request: Request, clock: Clock) -> dict[str, Path]:
    """Render, and return the file of each format and of the notebook."""
    manuscript, notebook = _execute(request, clock)
    paths = _write_all(request, manuscript, clock)
    if not request.notebook:
        return paths
    path = request.output / "manuscript.ipynb"
    write_notebook(notebook, path, (request.root, request.workspace, *request.layers))
    return {**paths, "ipynb": path}


def _execute(request: Request, clock: Clock) -> tuple[_Manuscript, nbformat.NotebookNode]:
    files = Files(request.root, request.layers)
    project = load_project(files, request.profiles)
    with clock.stage("read", project.main):
        source = read_source(files, project.main)
        front = with_metadata_files(files, source.front_matter)
        for hint in suspects({**project.settings, **front}, files):
            clock.say("warning", str(hint), 0.0)
        metadata = {
            TARGETS[name]: expand_settings(
                project.metadata(front, TARGETS[name], request.metadata),
                project.variables,
                request.full_environment,
                project.main,
            )
            for name in request.formats or ("html",)
        }
        first = next(iter(metadata.values()))
        known = write_date(first, request.full_environment)
        lines = expand_shortcodes(source.lines, known, project.variables, request.full_environment)
        source = replace(source, lines=lines)
        parts = split_cells(lines)
    with clock.stage("execute", f"{sum(isinstance(part, Cell) for part in parts)} cells"):
        plan = Plan(
            parts,
            first.get("execute") or {},
            request.root,
            request.workspace,
            request.environment,
            (float(first.get("fig-width", 7)), float(first.get("fig-height", 5))),
            lambda detail: clock.say("execute", detail),
            may_show=request.may_show,
        )
        done, notebook = request.run(plan)
    return _Manuscript(project, source, done, metadata), notebook


def _write_all(request: Request, manuscript: _Manuscript, clock: Clock) -> dict[str, Path]:
    """Write every format, the slowest first; while pandoc reads for one, another is written."""
    order = [name for name in _SLOWEST_FIRST if name in request.formats]
    targets = {TARGETS[name]: name for name in order}
    writing: dict[str, Future[Path]] = {}
    with clock.stage("write", ", ".join(request.formats)):
        jobs = [_read_job(request, manuscript, target) for target in targets]
        try:
            for target, document in read_documents(jobs, request.workspace, request.full_environment):
                name = targets[target]
                writing[name] = _beside(partial(_write_one, request, manuscript, name, document, clock))
            return {name: writing[name].result() for name in request.formats}
        except Exception:
            wait(writing.values())  # they use the workspace, which goes away now
            raise


def _beside(work: Callable[[], Path]) -> Future[Path]:
    """Work in a thread that does not keep this process alive: who says stop waits for no page."""
    future: Future[Path] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # handed on to whoever asks for the result
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future


def _read_job(request: Request, manuscript: _Manuscript, target: str) -> ReadJob:
    metadata = manuscript.metadata[target]
    kinds = read_kinds(metadata, manuscript.project.files.place)
    settings = Assembly(
        metadata.get("execute") or {},
        target == "html",
        request.strict,
        frozenset(kinds.floats),
        metadata.get("code-fold"),
        str(metadata.get("code-summary") or kinds.words["code"]),
        manuscript.source.head,
    )
    markdown = assemble(manuscript.done, settings, request.workspace / "pictures" / "cells")
    prepared = write_date(normalise_authors(metadata), request.full_environment)
    early, _ = read_filters(metadata, manuscript.project.files)
    return ReadJob(target, markdown, prepared, early)


def _write_one(
    request: Request, manuscript: _Manuscript, name: str, document: Mapping[str, Any], clock: Clock
) -> Path:
    target, files, locate = TARGETS[name], manuscript.project.files, manuscript.source.find
    metadata = manuscript.metadata[target]
    output = request.output / f"{Path(manuscript.project.main).stem}.{_SUFFIXES.get(name, name)}"
    with clock.stage(name, output.name):
        kinds, paths = read_kinds(metadata), bibliography_files(metadata, files)
        keys = bibliography_keys(paths, metadata)
        composed = compose(document, target, metadata, kinds, keys, locate, manuscript.project.profiles)
        if request.strict:
            refuse_lost(composed.blocks, locate)
        blocks = find_images(composed.blocks, target, metadata, files, locate)
        job = WriteJob(
            replace(composed, blocks=blocks),
            metadata,
            kinds,
            files,
            paths,
            read_filters(metadata, files)[1],
            request.workspace,
            output,
            request.full_environment,
        )
        _WRITERS[name](job)
    return job.output
