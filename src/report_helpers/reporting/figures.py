"""Figures as files beside the manuscript, and the Markdown that shows them in every format.

Vector for HTML and PDF, 300-dpi PNG for Word; the format's own default extension picks the file.
"""

from __future__ import annotations

import os
import re
import struct
import zlib
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from weakref import WeakKeyDictionary

import typst

from report_helpers.reporting import cutoff_plot, flow_diagram, forest_plot, love_plot
from report_helpers.reporting.drawing import Drawing
from report_helpers.reporting.report import Report
from report_helpers.reporting.typeface import font_directory
from report_helpers.results.model import Results

DIRECTORY = "MANUSCRIPT_FIGURES"
"""The environment variable that names the folder of the figures."""
REFERENCE = "_figures"
"""The folder as the manuscript names it, whichever folder the files are written to."""
DPI = 300
_MARKDOWN = re.compile(r'([\\"`<&])')


@dataclass(frozen=True)
class Figure:
    """A figure that has been written: its name, its alternative text and its two files."""

    name: str
    alt: str
    # Kept out of the notebook, which would show where on this machine the render took place.
    svg: Path = field(repr=False)
    png: Path = field(repr=False)

    def _repr_markdown_(self) -> str:
        # Quarto looks for shortcodes in attributes again, however escaped: a blank parts their signs.
        alt = _MARKDOWN.sub(r"\\\1", " ".join(self.alt.replace("{{<", "{{ <").split()))
        return f'![]({REFERENCE}/{self.name}){{fig-alt="{alt}"}}'


def flow(r: Report) -> Figure:
    """Draw the flow of patients from screening to analysis."""
    return _publish(r, "flow", flow_diagram.keys(r.results.flow))


def forest(r: Report) -> Figure:
    """Draw the risk ratios of the primary outcome for all contrasts."""
    return _publish(r, "forest", forest_plot.keys(r.results))


def love(r: Report) -> Figure:
    """Draw the standardised differences of the covariates before and after weighting."""
    return _publish(r, "love", love_plot.keys(r.results), kind="supfig")


def cutoffs(r: Report) -> Figure:
    """Draw the risk ratio over alternative cut-offs of each marker."""
    return _publish(r, "cutoffs", cutoff_plot.keys(r.results))


_DRAW: dict[str, Callable[[Results], Drawing]] = {
    "flow": lambda results: flow_diagram.draw(results.flow),
    "forest": forest_plot.draw,
    "cutoffs": cutoff_plot.draw,
    "love": love_plot.draw,
}
_Made = tuple[Drawing, bytes]
_MADE: WeakKeyDictionary[Report, dict[str, Future[_Made]]] = WeakKeyDictionary()
_PAINTER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="figures")


def _publish(r: Report, name: str, keys: Iterable[str], *, kind: str = "fig") -> Figure:
    for key in keys:
        r.value(key).note(f"{kind}-{name}")
    # Whoever shows one figure shows the others soon: they are made on another core while the manuscript goes
    # on, for a PNG takes as long as several tables.
    if r not in _MADE:
        _MADE[r] = {each: _PAINTER.submit(_make, r.results, each) for each in sorted(_DRAW, key=name.__ne__)}
    drawing, png = _MADE[r][name].result()
    return _store(drawing, png, Path(os.environ.get(DIRECTORY) or REFERENCE))


def _make(results: Results, name: str) -> _Made:
    drawing = _DRAW[name](results)
    return drawing, rasterise(drawing.svg())


def write(drawing: Drawing, directory: Path) -> Figure:
    """Write a drawing as SVG and as PNG of 300 dots per inch; the same drawing gives the same bytes."""
    return _store(drawing, rasterise(drawing.svg()), directory)


def _store(drawing: Drawing, png: bytes, directory: Path) -> Figure:
    directory.mkdir(parents=True, exist_ok=True)
    figure = Figure(
        drawing.name,
        drawing.description,
        directory / f"{drawing.name}.svg",
        directory / f"{drawing.name}.png",
    )
    figure.svg.write_text(drawing.svg(), encoding="utf-8", newline="\n")
    figure.png.write_bytes(png)
    return figure


def rasterise(svg: str) -> bytes:
    """Return an SVG as PNG at its own size, 300 dots per inch."""
    page = b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'
    made = typst.compile(page, format="png", ppi=DPI, sys_inputs={"svg": svg}, font_paths=_fonts())
    if not isinstance(made, bytes):
        raise TypeError("a figure is one page")
    return _with_density(made)


@cache
def _fonts() -> typst.Fonts:
    """Return the fonts that come with matplotlib and no others, so that machines draw alike."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_directory())]
    )


def _with_density(png: bytes) -> bytes:
    """Say in the PNG how large it prints: without this Word takes 72 dots per inch, four times too wide."""
    per_metre = round(DPI / 0.0254)
    body = b"pHYs" + struct.pack(">IIB", per_metre, per_metre, 1)
    chunk = struct.pack(">I", 9) + body + struct.pack(">I", zlib.crc32(body))
    header = 8 + 25  # the signature, then the IHDR chunk, which comes first in every PNG
    return png[:header] + chunk + png[header:]
