"""Tabsets: a division whose headings name its tabs."""

from __future__ import annotations

import itertools
from typing import Any

from .. import nodes
from ..nodes import Node, Replacement


def find_tabsets(blocks: Any) -> Any:
    """Replace `.panel-tabset` divisions by `Tabset` nodes that hold `id`, `attributes` and `tabs`.

    Each tab has a `title` (inlines) and `content` (blocks). The titles are no headings any more, so that
    sections have the same numbers in every format. What stands before the first title stays before the tabs.
    """
    numbers = itertools.count(1)

    def change(node: Node) -> Replacement:
        attributes, content = node["c"]
        if "panel-tabset" not in attributes[1]:
            return None
        levels = [block["c"][0] for block in content if block["t"] == "Header"]
        if not levels:
            return None
        before: list[Node] = []
        tabs: list[dict[str, Any]] = []
        for block in content:
            if block["t"] == "Header" and block["c"][0] == levels[0]:
                tabs.append({"title": block["c"][2], "content": []})
            elif tabs:
                tabs[-1]["content"].append(block)
            else:
                before.append(block)
        identifier = attributes[0] or f"tabset-{next(numbers)}"
        return [*before, {"t": "Tabset", "c": {"id": identifier, "attributes": attributes, "tabs": tabs}}]

    return nodes.walk(blocks, frozenset(("Div",)), change)


def one_after_another(content: dict[str, Any]) -> list[Node]:
    """Return the tabs as they are printed: each title in bold above its content."""
    result: list[Node] = []
    for tab in content["tabs"]:
        result += [nodes.para([nodes.strong(tab["title"])]), *tab["content"]]
    return result
