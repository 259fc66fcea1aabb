"""Write what a cell showed as Markdown, with the same choice among its forms as Quarto makes."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import UnsupportedError
from ..reading.cells import Cell
from ..scratch import write_whole
from .failures import strip_ansi
from .notebook import without_kernel_files

IMAGES = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg"}
_HTML_ORDER = (
    "text/html",
    "text/markdown",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "text/latex",
    "text/plain",
)
_OTHER_ORDER = ("text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/latex", "text/plain")
# What plotting calls leave behind as a cell's last value; nobody means to print it.
_PLOT_VALUE = re.compile(r"^([<(\[]).*?([>)\]])$|^Text\([-\d]")
_ADDRESS = re.compile(r"<[^<>]* at 0x[0-9a-f]+>")
_PLOT_ALONE = ("[<matplotlib", "<matplotlib", "<seaborn.")


def fence(text: str, info: str = "") -> list[str]:
    """Wrap text in a code fence longer than any run of backticks within."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    mark = "`" * max(3, longest + 1)
    return [f"{mark}{info}", *text.rstrip("\n").split("\n"), mark]


def attribute(value: str) -> str:
    """Quote a value for an attribute list."""
    return '"' + " ".join(value.split()).replace("\\", "\\\\").replace('"', '\\"') + '"'


def chosen_type(data: Mapping[str, Any], *, html: bool) -> str:
    """Return the MIME type that is shown; an empty string if none can be.

    HTML comes first for HTML; elsewhere only if it holds a table, which every format can show, and nothing
    better is there.
    """
    order = _HTML_ORDER if html else _OTHER_ORDER
    if not html and "<table" in _joined(data.get("text/html", "")):
        order = (*_OTHER_ORDER[:-2], "text/html", *_OTHER_ORDER[-2:])
    return next((kind for kind in order if kind in data), "")


def shown_outputs(
    cell: Cell, outputs: Sequence[Mapping[str, Any]], *, warnings: bool
) -> list[Mapping[str, Any]]:
    """Join adjacent streams, and leave out values of plotting calls and unwanted warnings."""
    joined: list[dict[str, Any]] = []
    for output in outputs:
        stream = output["output_type"] == "stream"
        if (
            stream
            and joined
            and joined[-1]["output_type"] == "stream"
            and joined[-1]["name"] == output["name"]
        ):
            joined[-1]["text"] = _joined(joined[-1]["text"]) + _joined(output["text"])
        else:
            joined.append(dict(output))
    has_image = any(chosen_type(output.get("data", {}), html=True) in IMAGES for output in joined)
    return [
        output
        for output in joined
        if not (output["output_type"] == "stream" and output["name"] == "stderr" and not warnings)
        and not _is_plot_value(output, has_image=has_image)
    ]


def _is_plot_value(output: Mapping[str, Any], *, has_image: bool) -> bool:
    if output["output_type"] != "execute_result" or list(output["data"]) != ["text/plain"]:
        return False
    lines = _joined(output["data"]["text/plain"]).split("\n")
    if not has_image:
        return lines[0].startswith(_PLOT_ALONE)
    if len(lines) == 1:
        return bool(_PLOT_VALUE.match(lines[0].strip()))
    return any("<matplotlib." in line for line in lines)


class OutputWriter:
    """Write outputs as Markdown; pictures go into a directory, without an extension in the text.

    Each picture is written in every form the code offered (SVG and PNG), and the format takes the one it
    wants.
    """

    def __init__(self, pictures: Path, *, html: bool, strict: bool = False) -> None:
        self.pictures = pictures
        self.html = html
        self.strict = strict

    def markdown(
        self,
        output: Mapping[str, Any],
        cell: Cell,
        name: str,
        *,
        caption: str = "",
        alt: str = "",
        asis: bool = False,
    ) -> list[str]:
        """Return the Markdown lines of one output, without the division around it.

        With `asis`, what was printed is Markdown too.

        Raises
        ------
        UnsupportedError
            If the output has no form that can be shown.
        """
        kind = output["output_type"]
        if kind == "stream":
            text = strip_ansi(_joined(output["text"])).replace("\r\n", "\n").replace("\r", "\n")
            if asis and output["name"] == "stdout":
                return _markdown(text, cell)
            return fence(without_kernel_files(text))
        if kind == "error":
            return fence(
                strip_ansi("\n".join(output["traceback"])) or f"{output['ename']}: {output['evalue']}"
            )
        data = output["data"]
        chosen = chosen_type(data, html=self.html)
        if chosen in IMAGES:
            return [self._image(data, cell, name, caption, alt)]
        text = _joined(data.get(chosen, ""))
        if chosen == "text/markdown" or (chosen == "text/latex" and text.lstrip().startswith("$")):
            return _markdown(text, cell)
        if chosen == "text/latex":
            return ["$$", *text.strip().split("\n"), "$$"]
        if chosen == "text/html":
            return fence(text, "{=html}")
        if chosen == "text/plain":
            if self.strict and "text/html" in data:
                raise UnsupportedError.at(
                    "An output offers HTML without a table, of which only HTML shows more than its repr.",
                    cell.opening.file,
                    cell.opening.number,
                    "Give it `_repr_markdown_`.",
                )
            if self.strict and (found := _ADDRESS.search(text)):
                raise UnsupportedError.at(
                    f"An output shows only where an object lies in memory: {found[0]}.",
                    cell.opening.file,
                    cell.opening.number,
                    "Show a value with a text of its own, or end the last line of the cell with `;`.",
                )
            return fence(strip_ansi(text))
        raise UnsupportedError.construct(
            f"an output that offers only {', '.join(sorted(data)) or 'nothing'}",
            cell.opening.file,
            cell.opening.number,
            "Show it as text, Markdown, HTML or a picture.",
        )

    def _image(self, data: Mapping[str, Any], cell: Cell, name: str, caption: str, alt: str) -> str:
        self.pictures.mkdir(parents=True, exist_ok=True)
        for kind, extension in IMAGES.items():
            if kind in data:
                target = self.pictures / f"{name}.{extension}"
                text = _joined(data[kind])
                if not target.exists():
                    write_whole(target, text.encode() if kind == "image/svg+xml" else base64.b64decode(text))
        attributes = [f"fig-alt={attribute(alt)}"] if alt else []
        attributes += [
            f"{to}={attribute(str(cell.options[option]))}"
            for option, to in (("out-width", "width"), ("out-height", "height"), ("fig-align", "fig-align"))
            if option in cell.options
        ]
        image = f"![{caption}]({self.pictures.name}/{name})"
        image += f"{{{' '.join(attributes)}}}" if attributes else ""
        link = cell.options.get("fig-link")
        return f"[{image}]({link})" if link else image


def _markdown(text: str, cell: Cell) -> list[str]:
    if "{{<" in text:
        raise UnsupportedError.construct(
            "shortcodes in what a cell shows",
            cell.opening.file,
            cell.opening.number,
            "Write the shortcode in the text.",
        )
    return text.removesuffix("\n").split("\n")


def _joined(text: Any) -> str:
    if isinstance(text, list):
        return "".join(str(part) for part in text)
    return text if isinstance(text, str) else json.dumps(text)
