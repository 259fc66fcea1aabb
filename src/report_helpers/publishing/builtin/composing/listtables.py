"""Tables written as lists of lists, in divisions of the class `list-table`."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from .. import nodes
from ..errors import ProjectError
from ..nodes import Attr, Node, Replacement
from .conditional import Locate

_ALIGNMENTS = {"d": "AlignDefault", "l": "AlignLeft", "r": "AlignRight", "c": "AlignCenter"}


def find_list_tables(blocks: Any, locate: Locate) -> Any:
    """Replace each such division by a table.

    Its bullets are the rows and their bullets the cells; an empty span at the start of a cell gives it
    `colspan`, `rowspan` and `align`. `header-rows`, `header-cols`, `aligns` and `widths` say the rest. A
    paragraph before or after the list is the caption.

    Raises
    ------
    ProjectError
        For a list that is no table.
    """
    count = itertools.count(1)

    def change(node: Node) -> Replacement:
        attributes, content = node["c"]
        if "list-table" not in attributes[1]:
            return None
        try:
            return _table(attributes, content, next(count))
        except _NoTableError as error:
            line = locate(r"\.list-table", error.number)
            place = (line.file, line.number) if line else ("", 0)
            raise ProjectError.at(f"A `.list-table` {error}.", *place, "Write rows as `* - cell`.") from None

    return nodes.walk(blocks, frozenset(("Div",)), change)


class _NoTableError(Exception):
    def __init__(self, what: str, number: int) -> None:
        self.number = number
        super().__init__(what)


def _table(attributes: Attr, content: Sequence[Node], number: int) -> Node:
    captions = [block for block in content if block["t"] == "Para"]
    lists = [block for block in content if block["t"] == "BulletList"]
    rows = [[_cell(c) for c in _cells(row, number)] for row in lists[0]["c"]] if len(lists) == 1 else []
    if len(captions) > 1 or not rows or len(captions) + 1 != len(content):
        raise _NoTableError("has to be one list of lists, with or without a caption", number)
    columns = max(sum(cell[3] for cell in row) for row in rows)
    heads = int(nodes.take(attributes, "header-rows", "1"))
    stubs = int(nodes.take(attributes, "header-cols", "0"))
    caption = [nodes.plain(captions[0]["c"])] if captions else []
    classes = [name for name in attributes[1] if name != "list-table"]
    specs = _columns(attributes, columns)
    written = [[nodes.attr(), row] for row in rows]
    return {
        "t": "Table",
        "c": [
            [attributes[0], classes, attributes[2]],
            [None, caption],
            specs,
            [nodes.attr(), written[:heads]],
            [[nodes.attr(), stubs, [], written[heads:]]],
            [nodes.attr(), []],
        ],
    }


def _cells(item: Sequence[Node], number: int) -> list[list[Node]]:
    if len(item) != 1 or item[0]["t"] != "BulletList":
        raise _NoTableError("has to have a list of cells in each row", number)
    cells: list[list[Node]] = item[0]["c"]
    return cells


def _cell(blocks: list[Node]) -> list[Any]:
    attributes = nodes.attr()
    if blocks and blocks[0]["t"] in ("Plain", "Para") and blocks[0]["c"]:
        first, *rest = blocks[0]["c"]
        if first["t"] == "Span" and not first["c"][1]:
            attributes, blocks = first["c"][0], [{**blocks[0], "c": rest}, *blocks[1:]]
    across, down = nodes.take(attributes, "colspan", "1"), nodes.take(attributes, "rowspan", "1")
    align = {"t": _ALIGNMENTS.get(nodes.take(attributes, "align", "d"), "AlignDefault")}
    return [attributes, align, int(down), int(across), blocks]


def _columns(attributes: Attr, count: int) -> list[list[Node]]:
    given = nodes.take(attributes, "aligns").split(",")
    aligns = [{"t": _ALIGNMENTS.get(letter.strip(), "AlignDefault")} for letter in given]
    aligns += [{"t": "AlignDefault"}] * (count - len(aligns))
    written = nodes.take(attributes, "widths")
    widths = [float(width) for width in written.split(",")] if written else []
    parts: list[Node] = [{"t": "ColWidth", "c": width / sum(widths)} for width in widths]
    parts += [{"t": "ColWidthDefault"}] * (count - len(parts))
    return [[align, width] for align, width in zip(aligns[:count], parts[:count], strict=True)]
