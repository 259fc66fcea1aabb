"""Side by side: divisions and figures with `layout-ncol`, `layout-nrow` or `layout`."""

from __future__ import annotations

import json
import re
from typing import Any

from .. import nodes
from ..errors import ProjectError
from ..nodes import Attr, Node, Replacement
from .conditional import Locate

_KEYS = ("layout", "layout-ncol", "layout-nrow")
_PASSIVE = ("layout-align", "layout-valign")


def find_layouts(blocks: Any, locate: Locate) -> Any:
    """Put a `Layout` node into every division or float that asks for one.

    A `Layout` holds `rows`, each a list of `{"width": percent, "content": blocks}`; code and headings stay
    before it.
    """

    def change(node: Node) -> Replacement:
        if node["t"] == "Div" and any(nodes.get(node["c"][0], key) for key in _KEYS):
            attributes, content = node["c"]
            return {"t": "Div", "c": [attributes, _laid_out(attributes, content, locate)]}
        if node["t"] == "Float" and any(nodes.get(node["c"]["attributes"], key) for key in _KEYS):
            content = _laid_out(node["c"]["attributes"], node["c"]["content"], locate)
            return {"t": "Float", "c": {**node["c"], "content": content}}
        return None

    return nodes.walk(blocks, frozenset(("Div", "Float")), change)


def _laid_out(attributes: Attr, content: list[Node], locate: Locate) -> list[Node]:
    before, cells = _cells(content)
    grid = _grid(attributes, len(cells), locate)
    for key in _PASSIVE:
        nodes.take(attributes, key)
    rows, rest = [], list(cells)
    for widths in grid:
        row = []
        for width in widths:
            if width < 0:  # an empty space of that width
                row.append({"width": -width, "content": []})
            elif rest:
                row.append({"width": width, "content": rest.pop(0)})
        if row:
            rows.append(row)
    rows += [[{"width": 100.0, "content": cell}] for cell in rest]
    return [*before, {"t": "Layout", "c": {"rows": rows}}] if rows else before


def _cells(content: list[Node]) -> tuple[list[Node], list[list[Node]]]:
    """Return what stands before the grid (code, headings), and the blocks that fill it."""
    before: list[Node] = []
    cells: list[list[Node]] = []
    for block in content:
        if block["t"] in ("CodeBlock", "Header"):
            before.append(block)
        elif block["t"] in ("Para", "Plain") and _only_images(block):
            cells += [[nodes.plain([image])] for image in block["c"] if image["t"] in ("Image", "Link")]
        elif block["t"] == "Div" and "cell" in block["c"][0][1]:
            inner_before, inner = _cells(block["c"][1])
            before += inner_before
            cells += inner
        else:
            cells.append([block])
    return before, cells


def _only_images(block: Node) -> bool:
    return all(inline["t"] in ("Image", "Link", "SoftBreak", "Space", "LineBreak") for inline in block["c"])


def _grid(attributes: Attr, count: int, locate: Locate) -> list[list[float]]:
    """Return the widths of each row in percent."""
    given = nodes.take(attributes, "layout")
    columns, rows = nodes.take(attributes, "layout-ncol"), nodes.take(attributes, "layout-nrow")
    if given:
        try:
            numbers = json.loads(given)
            table = numbers if numbers and isinstance(numbers[0], list) else [numbers]
            return [[100.0 * float(n) / sum(abs(float(m)) for m in row) for n in row] for row in table]
        except (ValueError, TypeError, ZeroDivisionError, IndexError):
            what = f"`layout` has to be rows of widths such as [[1, 1], [1]], not {given}."
            raise ProjectError.at(what, *_place(locate, given)) from None
    try:
        across = int(columns) if columns else max(1, -(-count // int(rows)))
    except ValueError:
        what = f"`layout-ncol` and `layout-nrow` have to be whole numbers, not {columns or rows}."
        raise ProjectError.at(what, *_place(locate, columns or rows)) from None
    return [[100.0 / across] * min(across, count - start) for start in range(0, count, across)]


def _place(locate: Locate, value: str) -> tuple[str, int]:
    line = locate(rf"layout[\w-]*\s*[=:]\s*[\"']?{re.escape(value)}")
    return (line.file, line.number) if line else ("", 0)
