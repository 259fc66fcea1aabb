"""Code blocks that say the name of their file."""

from __future__ import annotations

from typing import Any

from .. import nodes
from ..nodes import Node, Replacement


def name_files(blocks: Any) -> Any:
    """Put the name given by `filename` above each such code block."""

    def change(node: Node) -> Replacement:
        attributes, text = node["c"]
        name = nodes.take(attributes, "filename")
        if not name:
            return None
        label = attributes[0] if attributes[0].startswith("lst-") else ""
        head = {"t": "CodeBlock", "c": [nodes.attr(classes=["code-with-filename-file"]), name]}
        code = {"t": "CodeBlock", "c": [["" if label else attributes[0], *attributes[1:]], text]}
        return nodes.div([head, code], label, ["code-with-filename"])

    return nodes.walk(blocks, frozenset(("CodeBlock",)), change)
