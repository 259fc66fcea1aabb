"""Write the engine's own nodes as divisions, which become JATS once filters and citations are done."""

from __future__ import annotations

from typing import Any

from .. import nodes
from ..composing.kinds import Kinds
from ..composing.tabsets import one_after_another
from ..nodes import Node, Replacement
from .blocks_html import linked_reference

FLOAT, BOX, CAPTION = "jats-float", "jats-box", "jats-caption"
EQUATION = "jats-equation"

_OURS = frozenset(("Float", "Callout", "Layout", "Reference", "Equation", "Div", "Tabset"))


def render_jats(tree: Any, kinds: Kinds) -> Any:
    """Replace floats, callouts, layouts, references and equations by what pandoc's filters can read."""

    def change(node: Node) -> Replacement:
        match node["t"]:
            case "Float":
                return _float(node["c"], kinds)
            case "Callout":
                return _callout(node["c"])
            case "Tabset":
                return one_after_another(node["c"])
            case "Layout":
                cells = (cell for row in node["c"]["rows"] for cell in row)
                return [block for cell in cells for block in cell["content"]]
            case "Reference":
                return linked_reference(node["c"])
            case "Equation":
                return _equation(node["c"])
            case "Div" if "engine-pagebreak" in node["c"][0][1]:
                return []
        return None

    return nodes.walk(tree, _OURS, change)


def label_of(content: dict[str, Any], kinds: Kinds) -> str:
    """Return the label of a float: `Figure 1`, `(a)`, or nothing."""
    if content.get("sub"):
        return f"({content['sub']})"
    if not content["numbered"]:
        return ""
    kind = kinds.floats[content["kind"]]
    between = "\u00a0" if kind.spaced else ""
    return f"{kind.title}{between}{content['number']}"


def _float(content: dict[str, Any], kinds: Kinds) -> Node:
    caption = nodes.div([nodes.plain(content["caption"])], classes=[CAPTION])
    inner = [caption, *content["content"]] if content["caption"] else content["content"]
    return nodes.div(inner, content["id"], [FLOAT], label=label_of(content, kinds))


def _callout(content: dict[str, Any]) -> Node:
    title = nodes.div([nodes.plain(content["title"])], classes=[CAPTION])
    return nodes.div([title, *content["content"]], content["attributes"][0], [BOX], kind=content["type"])


def _equation(content: dict[str, Any]) -> Node:
    """Return a displayed formula in a span that keeps its number."""
    span = nodes.span(
        [{"t": "Math", "c": [{"t": "DisplayMath"}, content["text"]]}], content["id"], [EQUATION]
    )
    span["c"][0][2] = [["number", content["number"]], ["alt", content["alt"]]]
    return span
