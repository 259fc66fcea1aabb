"""Callouts: boxes of the kinds note, tip, warning, caution and important."""

from __future__ import annotations

from typing import Any

from .. import nodes
from ..nodes import Node, Replacement

TYPES = ("note", "warning", "important", "tip", "caution")


def find_callouts(blocks: Any) -> Any:
    """Replace callout divisions by `Callout` nodes: `type`, `attributes`, `title`, `titled`, `content`.

    The title is the `title` attribute, or else a heading at the start, or else the name of the type.
    """

    def change(node: Node) -> Replacement:
        if node["t"] != "Div":
            return None
        attributes, content = node["c"]
        kind = next((name for name in TYPES if f"callout-{name}" in attributes[1]), "")
        if not kind:
            return None
        title = nodes.words(nodes.take(attributes, "title"))
        if not title and content and content[0]["t"] == "Header":
            title, content = content[0]["c"][2], content[1:]
        for presentation in ("appearance", "collapse", "icon"):
            nodes.take(attributes, presentation)
        rest = [name for name in attributes[1] if name != f"callout-{kind}"]
        return {
            "t": "Callout",
            "c": {
                "type": kind,
                "attributes": [attributes[0], rest, attributes[2]],
                "title": title or [nodes.string(kind.capitalize())],
                "titled": bool(title),
                "content": content,
            },
        }

    return nodes.walk(blocks, frozenset(("Div",)), change)
