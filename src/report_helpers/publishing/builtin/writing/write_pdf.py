"""Write a PDF by way of Typst: pandoc writes the Typst, the `typst` wheel sets it."""

from __future__ import annotations

import shutil
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from .. import nodes
from ..errors import SourceError, UnsupportedError
from .blocks_typst import TypstBlocks
from .options import WriteJob, stage_template
from .pandoc import run_pandoc
from .said import check_messages
from .typst_errors import explain

_STANDARDS = typing.get_args(getattr(typst, "PDFStandard", ())) or (
    "1.4", "1.5", "1.6", "1.7", "2.0", "a-1a", "a-1b", "a-2a", "a-2b", "a-2u",
    "a-3a", "a-3b", "a-3u", "a-4", "a-4e", "a-4f", "ua-1",
)  # fmt: skip


def write_pdf(job: WriteJob) -> None:
    """Write the document as PDF into `job.output`."""
    stage = stage_project(job.files.project, job.workspace / "typst")
    main = stage / f"{job.output.stem}.typ"
    numbered = bool(job.metadata.get("number-sections"))
    typst = TypstBlocks(job.kinds, stage, sections_numbered=numbered)
    blocks, meta = typst.render(job.composed.blocks), typst.render(job.composed.meta)
    # Quotes are already the right ones; Typst would choose anew and differ from the other formats.
    blocks = [nodes.raw_block("typst", "#set smartquote(enabled: false)"), *blocks]
    arguments = [
        "--from=json",
        "--to=typst-smart",
        "--standalone",
        "--wrap=none",
        "--syntax-highlighting=idiomatic",
        f"--template={stage_template(job, 'typst', 'template.typ')}",
        *job.arguments(),
    ]
    if not _has_first_level(job.composed.blocks) and "shift-heading-level-by" not in job.metadata:
        arguments.append("--shift-heading-level-by=-1")  # else sections would be numbered from 0.1
    for name, value in _variables(job.metadata, numbered=numbered).items():
        arguments.append(f"--variable={name}:{value}")
    check_messages(
        run_pandoc(arguments, main, document=job.document(blocks, meta), environment=job.environment)
    )
    job.output.write_bytes(_compile(main, stage, job, typst.pictures))


def _has_first_level(blocks: Any) -> bool:
    levels: list[int] = []
    nodes.visit(blocks, frozenset(("Header",)), lambda node: levels.append(node["c"][0]))
    return not levels or min(levels) == 1


def _variables(metadata: Mapping[str, Any], *, numbered: bool) -> dict[str, str]:
    variables = {}
    if numbered and "section-numbering" not in metadata:
        variables["section-numbering"] = "1.1.1"
    if "toc-depth" not in metadata:
        variables["toc-depth"] = "3"
    return variables


def _compile(main: Path, stage: Path, job: WriteJob, pictures: Mapping[str, Path]) -> bytes:
    epoch = job.environment.get("SOURCE_DATE_EPOCH")
    try:
        return typst.compile(
            str(main),
            root=str(stage),
            format="pdf",
            font_paths=_font_paths(job),
            pdf_standards=_standards(job.metadata),
            timestamp=int(epoch) if epoch else None,
        )
    except typst.TypstError as error:
        raise explain(error, pictures.items(), job.files) from None


def _standards(metadata: Mapping[str, Any]) -> list[Any]:
    given = metadata.get("pdf-standard") or []
    names = [str(name).lower() for name in (given if isinstance(given, list) else [given])]
    for name in names:
        if name not in _STANDARDS:
            raise UnsupportedError.construct(
                f"`pdf-standard: {name}`", remedy=f"Known are {', '.join(_STANDARDS)}."
            )
    return names


def _font_paths(job: WriteJob) -> list[str]:
    given = job.metadata.get("font-paths") or []
    found = []
    for name in given if isinstance(given, list) else [given]:
        directory = next((root / str(name) for root in job.files.roots if (root / str(name)).is_dir()), None)
        if directory is None:
            directory = job.files.named(str(name), "font-paths").parent
        if not directory.resolve().is_relative_to(job.files.project.resolve()):
            what = f"`font-paths` names {name}, which lies outside the project."
            raise SourceError.at(what, *job.files.place(str(name), "font-paths"))
        found.append(str(directory))
    return found


def stage_project(project: Path, stage: Path) -> Path:
    """Make a directory that looks like the project to Typst, to which the engine can add files.

    Typst reads nothing outside its root. The project may be read-only and the pictures lie elsewhere, so the
    root is a directory of links to the project's entries (copies, where links are not allowed).
    """
    stage.mkdir(exist_ok=True)
    for entry in project.iterdir():
        if entry.name.startswith((".", "_")) or not entry.resolve().is_relative_to(project.resolve()):
            continue
        target = stage / entry.name
        try:
            target.symlink_to(entry, target_is_directory=entry.is_dir())
        except OSError:
            if entry.is_dir():
                shutil.copytree(entry, target, dirs_exist_ok=True)
            else:
                shutil.copyfile(entry, target)
    return stage
