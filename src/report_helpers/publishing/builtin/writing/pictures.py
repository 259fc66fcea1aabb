"""Copy pictures to where a writer may read them, under names that say nothing about this machine."""

from __future__ import annotations

import hashlib
import struct
import zlib
from pathlib import Path

import typst

from ..errors import WriterError
from ..scratch import write_whole

DPI = 300
"""Sharpness of pictures drawn for Word."""
_PNG_HEADER = 33
"""Bytes of a PNG's signature and first chunk, behind which further chunks may stand."""


def stage_picture(source: Path, directory: Path) -> Path:
    """Copy a picture into `directory`, named after its content, and return the copy."""
    target = directory / (hashlib.sha256(source.read_bytes()).hexdigest()[:16] + source.suffix.lower())
    if not target.exists():
        directory.mkdir(exist_ok=True)  # but no parents: of a render that was stopped they are gone for good
        write_whole(target, source.read_bytes())
    return target


def draw_png(source: Path, directory: Path) -> Path:
    """Draw an SVG as PNG into `directory`, 300 dots to the inch, and return the drawing.

    Raises
    ------
    WriterError
        If the SVG cannot be drawn.
    """
    staged = stage_picture(source, directory)
    target, page = staged.with_suffix(".png"), staged.with_suffix(".typ")
    if not target.exists():
        page.write_text(
            f'#set page(width: auto, height: auto, margin: 0pt)\n#image("{staged.name}")\n', encoding="utf-8"
        )
        try:
            write_whole(target, with_resolution(typst.compile(str(page), format="png", ppi=DPI), DPI))
        except typst.TypstError as error:
            raise WriterError.at(f"{source.name} cannot be drawn for Word: {error.message}.") from None
    return target


def with_resolution(png: bytes, dpi: int) -> bytes:
    """Return a PNG that says how many dots of it make an inch (its `pHYs` chunk)."""
    per_metre = round(dpi / 0.0254)
    body = b"pHYs" + struct.pack(">IIB", per_metre, per_metre, 1)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return png[:_PNG_HEADER] + chunk + png[_PNG_HEADER:]
