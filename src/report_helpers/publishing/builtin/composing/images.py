"""Find the file of every picture, in the form that suits the target."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from .. import nodes
from ..errors import ImageError, Problem, SourceError, did_you_mean
from ..nodes import Node, Replacement
from ..reading.files import Files
from .conditional import Locate
from .data_pictures import unpack_picture

_DRAWN, _SHARP = ("svg", "png", "jpg"), ("png", "jpg", "svg")
PREFERRED = {"html": _DRAWN, "typst": _DRAWN, "docx": _SHARP, "jats": _SHARP}
_ELSEWHERE = ("http://", "https://", "data:")


def find_images(tree: Any, target: str, metadata: Mapping[str, Any], files: Files, locate: Locate) -> Any:
    """Replace the name of each picture by its path, and settle its alternative text.

    A name without extension gets the target's `default-image-extension`, or another that exists. A figure
    that was drawn both ways is taken as PNG for Word and as SVG elsewhere. The alternative text is `fig-alt`,
    or else the caption.

    Raises
    ------
    ImageError
        For every picture that is missing, lies outside the project, or would have to come from the network.
    """
    problems: list[Problem] = []
    extension = str(metadata.get("default-image-extension", "")).lstrip(".")

    def change(node: Node) -> Replacement:
        if node["t"] == "Float":
            return _alternative_text(node, nodes.text_of(node["c"]["caption"]))
        if node["t"] == "Figure":
            return _alternative_text(node, nodes.text_of(node["c"][1][1]))
        if node["t"] != "Image":
            return None
        attributes, inlines, (source, title) = node["c"]
        alt = nodes.take(attributes, "fig-alt") or nodes.take(attributes, "alt")
        if alt:
            inlines = nodes.words(alt)
        if not source.startswith(_ELSEWHERE):
            source = _resolved(source, target, extension, files, locate, problems)
        elif source.startswith("data:"):
            source = _unpacked(source, target, files, locate, problems)
        else:
            problems.append(
                _problem(
                    source, locate, f"The picture {source} is on the network.", "Save it in the project."
                )
            )
        return {"t": "Image", "c": [attributes, inlines, [source, title]]}

    found = nodes.walk(tree, frozenset(("Float", "Figure", "Image")), change)
    if problems:
        raise ImageError(problems)
    return found


def _alternative_text(figure: Node, caption: str) -> Node:
    def change(node: Node) -> Replacement:
        if node["t"] == "Image" and not node["c"][1]:
            return {"t": "Image", "c": [node["c"][0], nodes.words(caption), node["c"][2]]}
        return None

    changed: Node = {**figure, "c": nodes.walk(figure["c"], frozenset(("Image",)), change)}
    return changed


def _unpacked(source: str, target: str, files: Files, locate: Locate, problems: list[Problem]) -> str:
    if target == "html":
        return source
    path = unpack_picture(source, files.layers[0])
    if path is None:
        what = f"The picture {source[:40]}… cannot be read."
        problems.append(_problem(source[:40], locate, what, "Save it in the project."))
    return str(path)


def _resolved(
    source: str, target: str, extension: str, files: Files, locate: Locate, problems: list[Problem]
) -> str:
    name = unquote(source)
    try:
        path = _best(source, target, extension, files) or _best(name, target, extension, files)
    except SourceError as error:
        problems.append(_problem(source, locate, error.problems[0].what, error.problems[0].remedy))
        return source
    if path is None:
        near = [p.name for p in (files.project / name.lstrip("/")).parent.glob("*")]
        problems.append(
            _problem(source, locate, f"There is no picture {source}.", did_you_mean(Path(name).name, near))
        )
        return source
    return str(path)


def _best(name: str, target: str, extension: str, files: Files) -> Path | None:
    suffix = Path(name).suffix.lower().lstrip(".")
    if suffix == "svg" and PREFERRED[target] is _SHARP:
        drawn = files.find(name[: -len("svg")] + "png")
        if drawn:
            return drawn
    found = files.find(name)
    if found:
        return found
    drawn_here = any((layer / f"{name}.svg").is_file() for layer in files.layers)
    order = PREFERRED[target] if drawn_here or not extension else (extension, *PREFERRED[target])
    return next((path for each in order if (path := files.find(f"{name}.{each}"))), None)


def _problem(source: str, locate: Locate, what: str, remedy: str) -> Problem:
    line = locate(re.escape(source))
    return Problem(what, line.file if line else "", line.number if line else 0, remedy)
