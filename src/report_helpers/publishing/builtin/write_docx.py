"""Write a Word document with pandoc, then make its bytes depend on its content alone."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import typst

from . import nodes
from .blocks_docx import render_docx
from .errors import WriterError
from .nodes import Node, Replacement
from .options import WriteJob, existing
from .pandoc import run_pandoc
from .said import check_messages

_DPI = 300
_OLDEST = (1980, 1, 1, 0, 0, 0)
"""The first moment a zip archive can hold."""
_CREATED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def write_docx(job: WriteJob) -> None:
    """Write the document as Word into `job.output`."""
    blocks = _without_svg(render_docx(job.composed.blocks, job.kinds), job.workspace / "pictures")
    arguments = ["--from=json", "--to=docx", "--standalone", f"--output={job.output}", *job.arguments()]
    reference = job.metadata.get("reference-doc")
    if reference:
        arguments.append(f"--reference-doc={existing(job.files, str(reference), 'reference-doc')}")
    template = job.metadata.get("template")
    if template:
        arguments.append(f"--template={existing(job.files, str(template), 'template')}")
    said = run_pandoc(
        arguments, document=job.document(blocks), environment=job.environment, cwd=job.files.project
    )
    check_messages(said)
    epoch = job.environment.get("SOURCE_DATE_EPOCH")
    job.output.write_bytes(settled(job.output.read_bytes(), int(epoch) if epoch else None))


def _without_svg(tree: Any, directory: Path) -> Any:
    """Draw every SVG as PNG: older versions of Word show no SVG, and pandoc cannot convert it here."""
    drawn: dict[str, str] = {}

    def change(node: Node) -> Replacement:
        if node["t"] != "Image" or not node["c"][2][0].lower().endswith(".svg"):
            return None
        source = node["c"][2][0]
        if source not in drawn:
            target = directory / f"word-{len(drawn)}.png"
            target.write_bytes(_png(Path(source), target.with_suffix(".typ")))
            drawn[source] = str(target)
        return {"t": "Image", "c": [node["c"][0], node["c"][1], [drawn[source], node["c"][2][1]]]}

    return nodes.walk(tree, frozenset(("Image",)), change)


def _png(source: Path, page: Path) -> bytes:
    drawing = page.with_suffix(".svg")
    drawing.write_bytes(source.read_bytes())
    page.write_text(f'#set page(width: auto, height: auto, margin: 0pt)\n#image("{drawing.name}")\n')
    try:
        return typst.compile(str(page), format="png", ppi=_DPI)
    except typst.TypstError as error:
        raise WriterError.at(f"{source.name} cannot be drawn for Word: {error.message}.") from None


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
