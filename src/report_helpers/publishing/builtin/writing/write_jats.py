"""Write an article as JATS XML (Archiving and Interchange, version 1.2), with its pictures beside it."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any

from .. import nodes
from ..nodes import Node, Replacement
from .blocks_jats import render_jats
from .jats_elements import Elements
from .jats_markup import without_marks
from .jats_sections import back_matter, parted, sections
from .options import WriteJob, stage_template
from .pandoc import run_pandoc
from .pictures import draw_png
from .said import check_messages

_HAND_BACK = Path(__file__).parent / "jats-tree.lua"
_FORMULA = re.compile(r"<\?formula (\d+)\?>\s*<disp-formula>")


def write_jats(job: WriteJob) -> None:
    """Write the document as JATS into `job.output`, and its pictures into a directory named after it."""
    directory = job.output.with_name(f"{job.output.stem}_files") / "figure-jats"
    document = _settled(
        job, _with_pictures(render_jats(job.composed.blocks, job.kinds), directory, job.workspace)
    )
    elements = Elements()
    meta = _metadata(elements, document["meta"])
    body, references, supplement = parted(elements.inlines(document["blocks"]))
    written = sections(elements, body, "sec")
    back = back_matter(elements, references, supplement)
    meta["back"] = {"t": "MetaBlocks", "c": back}
    final = elements.references({"meta": meta, "blocks": written})
    said = run_pandoc(
        [
            "--from=json",
            "--to=jats",
            "--standalone",
            "--wrap=none",
            f"--template={stage_template(job, 'jats', 'template.xml')}",
        ],
        job.output,
        document={**document, **final},
        environment=job.environment,
    )
    check_messages(said)
    text = without_marks(job.output.read_text(encoding="utf-8"))
    text = _FORMULA.sub(lambda found: elements.formulas[int(found[1])], text)
    job.output.write_text(text, encoding="utf-8", newline="\n")


def _settled(job: WriteJob, blocks: Any) -> dict[str, Any]:
    """Return the document after the project's late filters and the citation processor.

    Pandoc runs both on the way to JATS, so that filters see the format they work for; its last filter hands
    the tree back.
    """
    tree = job.workspace / "jats-tree.json"
    arguments = [
        "--from=json",
        "--to=jats",
        *job.arguments(),
        f"--lua-filter={_HAND_BACK}",
    ]
    meta = render_jats(job.composed.meta, job.kinds)
    document = job.document(blocks, meta, link_citations={"t": "MetaBool", "c": True})
    environment = {**job.environment, "ENGINE_TREE": str(tree)}
    unused = job.workspace / "jats-tree.xml"
    check_messages(run_pandoc(arguments, unused, document=document, environment=environment))
    settled: dict[str, Any] = json.loads(tree.read_text(encoding="utf-8"))
    return settled


def _with_pictures(tree: Any, directory: Path, workspace: Path) -> Any:
    """Copy every picture beside the article, SVG as PNG: journals take no SVG."""
    names: dict[Path, str] = {}

    def change(node: Node) -> Replacement:
        attributes, inlines, (source, title) = node["c"]
        path = Path(source)
        if path not in names:
            directory.parent.mkdir(exist_ok=True)
            directory.mkdir(exist_ok=True)
            drawn = draw_png(path, workspace / "jats") if path.suffix.lower() == ".svg" else path
            names[path] = _free_name(path.stem, drawn.suffix.lower(), names.values())
            shutil.copyfile(drawn, directory / names[path])
        href = f"{directory.parent.name}/{directory.name}/{names[path]}"
        return {"t": "Image", "c": [attributes, inlines, [href, title]]}

    return nodes.walk(tree, frozenset(("Image",)), change)


def _free_name(stem: str, suffix: str, taken: Collection[str]) -> str:
    """Return the name of a picture, with a number where another has it."""
    plain = re.sub(r"[^\w.-]", "-", stem, flags=re.ASCII)
    candidates = (f"{plain}{f'-{number}' if number else ''}{suffix}" for number in itertools.count())
    return next(name for name in candidates if name not in taken)


def _metadata(elements: Elements, meta: dict[str, Any]) -> dict[str, Any]:
    """Return the metadata with abstract, notes and date as the template prints them."""
    result = elements.inlines(meta)
    for key in ("abstract", "notes"):
        if key in result:
            value = result[key]
            blocks = value["c"] if value["t"] == "MetaBlocks" else [nodes.para(value["c"])]
            result[key] = {"t": "MetaBlocks", "c": elements.blocks(blocks)}
    day = nodes.text_of(meta["date-meta"]["c"]) if "date-meta" in meta else ""
    parts = dict(zip(("year", "month", "day"), day.split("-"), strict=False)) if day else {}
    strings = {key: {"t": "MetaString", "c": value} for key, value in parts.items()}
    if strings:
        result["published"] = {"t": "MetaMap", "c": strings}
    corresponding = any(
        "corresponding" in author["c"].get("attributes", {"c": {}})["c"]
        for author in meta.get("by-author", {"c": []})["c"]
    )
    return {**result, "correspondence": {"t": "MetaBool", "c": corresponding}}
