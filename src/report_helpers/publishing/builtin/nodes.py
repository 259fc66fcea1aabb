"""Pandoc's document tree as plain dictionaries: makers, a walker, and text of inlines.

Besides pandoc's own elements the tree holds, between reading and writing, some of the engine's: `Float` (a
numbered figure or table), `Callout`, `Theorem` and `Equation`; and `Reference` for a resolved
cross-reference. Each writer turns them into pandoc's elements in its own way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

Node = dict[str, Any]
Attr = list[Any]
Replacement = Node | list[Node] | None
"""None keeps a node, a list takes its place."""

BLOCKS = frozenset(
    (
        "Plain", "Para", "LineBlock", "CodeBlock", "RawBlock", "BlockQuote", "OrderedList", "BulletList",
        "DefinitionList", "Header", "HorizontalRule", "Table", "Figure", "Div", "Float", "Callout",
        "Layout", "Tabset", "Theorem",
    )
)  # fmt: skip
PARAGRAPHS = frozenset(("Plain", "Para", "LineBlock", "Header"))
LEAVES = frozenset(
    (
        "Str", "Space", "SoftBreak", "LineBreak", "Code", "Math", "RawInline", "CodeBlock", "RawBlock",
        "HorizontalRule", "Equation", "MetaString", "MetaBool", "AlignDefault", "AlignLeft", "AlignRight",
        "AlignCenter", "ColWidth", "ColWidthDefault", "DisplayMath", "InlineMath", "SingleQuote",
        "DoubleQuote", "AuthorInText", "NormalCitation", "SuppressAuthor", "Decimal", "DefaultStyle",
        "DefaultDelim", "Period",
    )
)  # fmt: skip
WITH_ATTRIBUTES = frozenset(
    ("Header", "Div", "Span", "Table", "Figure", "CodeBlock", "Code", "Link", "Image")
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
    tree: Any,
    types: frozenset[str],
    change: Callable[[Node], Replacement],
    *,
    skip: frozenset[str] = frozenset(),
) -> Any:
    """Rebuild a tree from the leaves up; what does not change is shared with the old one.

    Parameters
    ----------
    tree : node, list or anything within a tree
        Left as it is.
    types : frozenset of str
        Kinds of nodes to change. Paragraphs are looked into only if an inline is among them.
    change : callable
        Gets each such node after its content was rebuilt; returns None to keep it, a node or a list to put in
        its place.
    skip : frozenset of str
        Kinds of nodes that are kept whole and not looked into.
    """
    leaves = _leaves(types) | skip
    return _rebuild(tree, types, change, leaves, leaves - types)


def _leaves(types: frozenset[str]) -> frozenset[str]:
    return LEAVES if types - BLOCKS else LEAVES | PARAGRAPHS


# A tree has a hundred thousand parts and is walked a dozen times, so these look at each part once and pass
# over what holds no node: leaves, and lists that begin with text (attributes, targets, raw text).


def _rebuild(
    tree: Any,
    types: frozenset[str],
    change: Callable[[Node], Replacement],
    leaves: frozenset[str],
    passed: frozenset[str],
) -> Any:
    if type(tree) is list:
        return _rebuild_list(tree, types, change, leaves, passed)
    if type(tree) is not dict:
        return tree
    kind = tree.get("t")
    if type(kind) is not str:
        changed = {key: _rebuild(value, types, change, leaves, passed) for key, value in tree.items()}
        return tree if all(changed[key] is value for key, value in tree.items()) else changed
    node = tree
    if "c" in tree and kind not in leaves:
        content = _rebuild(tree["c"], types, change, leaves, passed)
        node = tree if content is tree["c"] else {**tree, "c": content}
    if kind not in types:
        return node
    replaced = change(node)
    return node if replaced is None else replaced


def _rebuild_list(
    items: list[Any],
    types: frozenset[str],
    change: Callable[[Node], Replacement],
    leaves: frozenset[str],
    passed: frozenset[str],
) -> list[Any]:
    if not items or type(items[0]) is str:
        return items
    new: list[Any] | None = None
    for position, item in enumerate(items):
        result = item
        if type(item) is dict:
            kind = item.get("t")
            if type(kind) is not str or kind not in passed:
                result = _rebuild(item, types, change, leaves, passed)
        elif type(item) is list and item and type(item[0]) is not str:
            result = _rebuild_list(item, types, change, leaves, passed)
        if new is None:
            if result is item:
                continue
            new = items[:position]
        if type(result) is list and type(item) is dict:
            new.extend(result)
        else:
            new.append(result)
    return items if new is None else new


def visit(tree: Any, types: frozenset[str], look: Callable[[Node], bool | None]) -> None:
    """Show every node of some kinds to `look`, outermost first, in reading order.

    Where `look` returns False, what is within the node is passed over.
    """
    leaves = _leaves(types)
    _show(tree, types, look, leaves, leaves - types)


def _show(
    tree: Any,
    types: frozenset[str],
    look: Callable[[Node], bool | None],
    leaves: frozenset[str],
    passed: frozenset[str],
) -> None:
    if type(tree) is list:
        if not tree or type(tree[0]) is str:
            return
        for item in tree:
            if type(item) is dict:
                kind = item.get("t")
                if type(kind) is not str or kind not in passed:
                    _show(item, types, look, leaves, passed)
            elif type(item) is list and item and type(item[0]) is not str:
                _show(item, types, look, leaves, passed)
    elif type(tree) is dict:
        kind = tree.get("t")
        if type(kind) is not str:
            for value in tree.values():
                _show(value, types, look, leaves, passed)
        elif (kind not in types or look(tree) is not False) and kind not in leaves:
            _show(tree.get("c"), types, look, leaves, passed)


_TEXT = frozenset(("Str", "Space", "SoftBreak", "LineBreak", "Code", "Math", "Quoted", "Note", "Cite"))


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

    visit(tree, _TEXT, look)
    return "".join(parts)
