"""Write a Word document with pandoc, then make its bytes depend on its content alone."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import Any

from .. import nodes
from ..nodes import Node, Replacement
from .blocks_docx import render_docx
from .options import WriteJob, stage_template
from .pandoc import run_pandoc
from .pictures import draw_png, stage_picture
from .said import check_messages

_PROPERTIES = Path(__file__).parent / "docx-properties.lua"
_OLDEST = (1980, 1, 1, 0, 0, 0)
"""The first moment a zip archive can hold."""
_CREATED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def write_docx(job: WriteJob) -> None:
    """Write the document as Word into `job.output`."""
    pictures = job.workspace / "word"
    blocks = _staged(render_docx(job.composed.blocks, job.kinds), pictures)
    meta = render_docx(job.composed.meta, job.kinds)
    arguments = [
        "--from=json",
        "--to=docx",
        "--standalone",
        f"--resource-path={pictures}",
        *job.arguments(),
        f"--lua-filter={_PROPERTIES}",
    ]
    reference = job.metadata.get("reference-doc")
    if reference:
        arguments.append(f"--reference-doc={job.files.named(str(reference), 'reference-doc')}")
    if job.metadata.get("template"):
        arguments.append(f"--template={stage_template(job, 'docx', '')}")
    said = run_pandoc(arguments, job.output, document=job.document(blocks, meta), environment=job.environment)
    check_messages(said)
    epoch = job.environment.get("SOURCE_DATE_EPOCH")
    job.output.write_bytes(settled(job.output.read_bytes(), int(epoch) if epoch else None))


def _staged(tree: Any, directory: Path) -> Any:
    """Bring every picture to `directory`; SVG as PNG, for older versions of Word show no SVG."""

    def change(node: Node) -> Replacement:
        attributes, inlines, (source, title) = node["c"]
        if source.startswith("data:"):
            return None
        path = Path(source)
        staged = (
            draw_png(path, directory) if path.suffix.lower() == ".svg" else stage_picture(path, directory)
        )
        return {"t": "Image", "c": [attributes, inlines, [staged.name, title]]}

    return nodes.walk(tree, frozenset(("Image",)), change)


def settled(archive: bytes, epoch: int | None) -> bytes:
    """Return a Word file whose bytes do not tell when it was made.

    Parameters
    ----------
    archive : bytes
        The file.
    epoch : int or None
        Seconds since 1970 to put in as the time of making; the oldest possible time if None.
    """
    moment = (
        dt.datetime.fromtimestamp(epoch, dt.UTC)
        if epoch is not None
        else dt.datetime(*_OLDEST, tzinfo=dt.UTC)
    )
    stamp = max(moment.timetuple()[:6], _OLDEST)
    written = moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(result, "w") as new:
        # Word wants the list of content types first; the rest is sorted.
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            data = old.read(name)
            if name == "docProps/core.xml":
                data = _CREATED.sub(rb"\g<1>" + written + rb"\g<2>", data)
            entry = zipfile.ZipInfo(name, stamp)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            new.writestr(entry, data, zipfile.ZIP_DEFLATED, 6)
    return result.getvalue()
