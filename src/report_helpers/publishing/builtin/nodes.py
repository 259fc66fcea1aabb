"""Pandoc's document tree as plain dictionaries: makers, a walker, and text of inlines.

Besides pandoc's own elements the tree holds, between reading and writing, three of the engine's: `Float` (a numbered
figure or table), `Callout` and `Equation`; and `Reference` for a resolved cross-reference. Each writer turns them into
pandoc's elements in its own way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

Node = dict[str, Any]
Attr = list[Any]
Replacement = Node | list[Node] | None
"""None keeps a node, a list takes its place."""

BLOCKS = frozenset(
    [
        "Plain",
        "Para",
        "LineBlock",
        "CodeBlock",
        "RawBlock",
        "BlockQuote",
        "OrderedList",
        "BulletList",
        "DefinitionList",
        "Header",
        "HorizontalRule",
        "Table",
        "Figure",
        "Div",
        "Float",
        "Callout",
    ]
)


def attr(
    identifier: str = "", classes: Iterable[str] = (), attributes: Iterable[tuple[str, str]] = ()
) -> Attr:
    """Make attributes."""
    return [identifier, list(classes), [list(pair) for pair in attributes]]


def string(text: str) -> Node:
    """Make text without spaces to break at."""
    return {"t": "Str", "c": text}


def space() -> Node:
    """Make a space."""
    return {"t": "Space"}


def words(text: str) -> list[Node]:
    """Make inlines of plain text."""
    result: list[Node] = []
    for position, part in enumerate(text.split(" ")):
        if position:
            result.append(space())
        if part:
            result.append(string(part))
    return result


def para(inlines: Sequence[Node]) -> Node:
    """Make a paragraph."""
    return {"t": "Para", "c": list(inlines)}


def plain(inlines: Sequence[Node]) -> Node:
    """Make inlines without a paragraph around them."""
    return {"t": "Plain", "c": list(inlines)}


def div(blocks: Sequence[Node], identifier: str = "", classes: Iterable[str] = (), **attributes: str) -> Node:
    """Make a division."""
    pairs = [(key.replace("_", "-"), value) for key, value in attributes.items()]
    return {"t": "Div", "c": [attr(identifier, classes, pairs), list(blocks)]}


def span(inlines: Sequence[Node], identifier: str = "", classes: Iterable[str] = ()) -> Node:
    """Make a span."""
    return {"t": "Span", "c": [attr(identifier, classes), list(inlines)]}


def strong(inlines: Sequence[Node]) -> Node:
    """Make strong text."""
    return {"t": "Strong", "c": list(inlines)}


def link(inlines: Sequence[Node], target: str, classes: Iterable[str] = ()) -> Node:
    """Make a link."""
    return {"t": "Link", "c": [attr("", classes), list(inlines), [target, ""]]}


def raw_block(kind: str, text: str) -> Node:
    """Make a block in a format's own language."""
    return {"t": "RawBlock", "c": [kind, text]}


def raw_inline(kind: str, text: str) -> Node:
    """Make an inline in a format's own language."""
    return {"t": "RawInline", "c": [kind, text]}


def identifier_of(node: Node) -> str:
    """Return the identifier of a node, or an empty string."""
    attributes = attributes_of(node)
    return str(attributes[0]) if attributes else ""


def attributes_of(node: Node) -> Attr | None:
    """Return the attributes of a node that can have them."""
    found: Attr | None = None
    if node["t"] == "Header":
        found = node["c"][1]
    elif node["t"] in ("Div", "Span", "Table", "Figure", "CodeBlock", "Code", "Link", "Image"):
        found = node["c"][0]
    return found


def take(attributes: Attr, key: str, default: str = "") -> str:
    """Remove an attribute and return its value."""
    for pair in attributes[2]:
        if pair[0] == key:
            attributes[2].remove(pair)
            return str(pair[1])
    return default


def get(attributes: Attr, key: str, default: str = "") -> str:
    """Return the value of an attribute."""
    return next((str(pair[1]) for pair in attributes[2] if pair[0] == key), default)


def walk(
    tree: Any, change: Callable[[Node], Replacement], *, skip: Callable[[Node], bool] | None = None
) -> Any:
    """Rebuild a tree from the leaves up.

    Parameters
    ----------
    tree : node, list or anything within a tree
        Left as it is.
    change : callable
        Gets each node after its content was rebuilt; returns None to keep it, a node or a list to put in its place.
    skip : callable, optional
        Nodes for which it is true are kept whole and not looked into.
    """
    if isinstance(tree, list):
        result: list[Any] = []
        for item in tree:
            if isinstance(item, dict) and "t" in item:
                new = _walk_node(item, change, skip)
                if isinstance(new, list):
                    result.extend(new)
                else:
                    result.append(new)
            else:
                result.append(walk(item, change, skip=skip))
        return result
    if isinstance(tree, dict):
        if "t" in tree:
            new = _walk_node(tree, change, skip)
            return new[0] if isinstance(new, list) and len(new) == 1 else new
        return {key: walk(value, change, skip=skip) for key, value in tree.items()}
    return tree


def _walk_node(
    node: Node, change: Callable[[Node], Replacement], skip: Callable[[Node], bool] | None
) -> Node | list[Node]:
    if skip and skip(node):
        return node
    rebuilt = {**node, "c": walk(node["c"], change, skip=skip)} if "c" in node else dict(node)
    new = change(rebuilt)
    return rebuilt if new is None else new


def visit(tree: Any, look: Callable[[Node], bool | None]) -> None:
    """Show every node to `look`, outermost first, in reading order; False keeps it from what is within."""
    if isinstance(tree, list):
        for item in tree:
            visit(item, look)
    elif isinstance(tree, dict):
        if "t" in tree:
            if look(tree) is not False and "c" in tree:
                visit(tree["c"], look)
        else:
            for value in tree.values():
                visit(value, look)


def text_of(tree: Any) -> str:
    """Return the plain text of inlines or blocks."""
    parts: list[str] = []

    def look(node: Node) -> bool | None:
        kind = node["t"]
        if kind == "Str":
            parts.append(node["c"])
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            parts.append(" ")
        elif kind in ("Code", "Math"):
            parts.append(node["c"][1])
            return False
        elif kind == "Quoted":
            open_, close = ("“", "”") if node["c"][0]["t"] == "DoubleQuote" else ("‘", "’")
            parts.append(open_ + text_of(node["c"][1]) + close)
            return False
        elif kind == "Note":
            return False
        elif kind == "Cite":
            parts.append(text_of(node["c"][1]))
            return False
        return None

    visit(tree, look)
    return "".join(parts)
