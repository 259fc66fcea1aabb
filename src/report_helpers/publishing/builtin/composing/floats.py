"""Find figures, tables and listings that have a label, in every form an author may write them."""

from __future__ import annotations

import re
from typing import Any

from .. import nodes
from ..nodes import Attr, Node, Replacement
from .kinds import Kind, Kinds

_LABEL = re.compile(r"^\{#(?P<id>[^}\s]+)\}$")


def find_floats(blocks: Any, kinds: Kinds) -> Any:
    """Replace labelled divisions, figures, tables and listings by `Float` nodes.

    A `Float` holds `id`, `kind` (its key), `caption` (inlines), `content` (blocks), `attributes`, `top`
    (whether the caption stands above), `numbered`, and after numbering `number` and `sub` (the letter within
    its parent).
    """

    def change(node: Node) -> Replacement:
        kind = node["t"]
        if kind == "Div":
            return _from_div(node, kinds)
        if kind == "Figure":
            return _from_figure(node, kinds)
        if kind == "Table":
            return _from_table(node, kinds)
        if kind == "CodeBlock":
            return _from_code(node, kinds)
        return _from_picture(node, kinds)

    return nodes.walk(blocks, frozenset(("Div", "Figure", "Table", "CodeBlock", "Para")), change)


def make_float(
    attributes: Attr, kind: Kind, caption: list[Node], content: list[Node], *, numbered: bool = True
) -> Node:
    """Make a `Float`, its caption where the kind or its own attributes want it."""
    place = nodes.take(attributes, f"{kind.key}-cap-location") or nodes.take(attributes, "cap-location")
    return {
        "t": "Float",
        "c": {
            "id": attributes[0],
            "kind": kind.key,
            "attributes": attributes,
            "top": place == "top" if place else kind.caption_on_top,
            "numbered": numbered,
            "caption": caption,
            "content": content,
        },
    }


def is_picture(node: Node) -> bool:
    """Whether a block is a paragraph with nothing but pictures (and links around them)."""
    if node["t"] not in ("Para", "Plain") or not node["c"]:
        return False
    found = False
    for inline in node["c"]:
        if inline["t"] == "Image" or (
            inline["t"] == "Link" and any(i["t"] == "Image" for i in inline["c"][1])
        ):
            found = True
        elif inline["t"] not in ("Space", "SoftBreak", "LineBreak"):
            return False
    return found


def _from_div(node: Node, kinds: Kinds) -> Replacement:
    attributes, content = node["c"][0], list(node["c"][1])
    numbered = True
    kind = kinds.float_of(attributes[0])
    if kind is None and "engine-unnumbered" in attributes[1]:
        kind, numbered = kinds.floats[nodes.take(attributes, "kind")], False
    if kind is None:
        return None
    caption: list[Node] = []
    written = nodes.take(attributes, f"{kind.key}-cap")
    if content and content[-1]["t"] in ("Para", "Plain") and not is_picture(content[-1]):
        caption = content.pop()["c"]
    elif written:
        caption = nodes.words(written)
    else:
        content, caption = _inner_caption(content)
    return make_float(attributes, kind, caption, content, numbered=numbered)


def _inner_caption(content: list[Node]) -> tuple[list[Node], list[Node]]:
    """Take the caption from the only table or figure within."""
    captions: list[list[Node]] = []

    def change(node: Node) -> Replacement:
        if node["t"] in ("Table", "Figure") and node["c"][1][1]:
            captions.append(_inlines(node["c"][1][1]))
            if node["t"] == "Figure":
                picture: list[Node] = node["c"][2]
                return picture
            return {"t": "Table", "c": [node["c"][0], [None, []], *node["c"][2:]]}
        return None

    changed = nodes.walk(content, frozenset(("Table", "Figure")), change, skip=frozenset(("Float",)))
    return (changed, captions[0]) if len(captions) == 1 else (content, [])


def _inlines(blocks: list[Node]) -> list[Node]:
    result: list[Node] = []
    for block in blocks:
        if result:
            result.append(nodes.space())
        result += block["c"] if block["t"] in ("Plain", "Para") else [nodes.string(nodes.text_of(block))]
    return result


def _from_figure(node: Node, kinds: Kinds) -> Replacement:
    attributes, caption, content = node["c"]
    kind = kinds.float_of(attributes[0])
    if kind is None:
        return None
    return make_float(attributes, kind, _inlines(caption[1]), content)


def _from_picture(node: Node, kinds: Kinds) -> Replacement:
    """Take a picture that is a paragraph of its own: one within a link, or labelled but without a caption."""
    if len(node["c"]) != 1:
        return None
    only: Node = node["c"][0]
    linked = only["t"] == "Link" and len(only["c"][1]) == 1
    image: Node = only["c"][1][0] if linked else only
    if image["t"] != "Image":
        return None
    attributes, caption, target = image["c"]
    bare = {"t": "Image", "c": [["", attributes[1], attributes[2]], [], target]}
    content = [nodes.plain([{"t": "Link", "c": [only["c"][0], [bare], only["c"][2]]} if linked else bare])]
    kind = kinds.float_of(attributes[0])
    if kind is not None:
        return make_float([attributes[0], [], []], kind, caption, content)
    if not linked or not caption:
        return None
    return {"t": "Figure", "c": [nodes.attr(attributes[0]), [None, [nodes.plain(caption)]], content]}


def _from_table(node: Node, kinds: Kinds) -> Replacement:
    attributes, caption = node["c"][0], node["c"][1]
    inlines = _inlines(caption[1])
    label = _LABEL.match(inlines[-1]["c"]) if inlines and inlines[-1]["t"] == "Str" else None
    if label and not attributes[0]:
        attributes = [label["id"], *attributes[1:]]
        inlines = inlines[:-1]
        while inlines and inlines[-1]["t"] == "Space":
            inlines.pop()
    kind = kinds.float_of(attributes[0])
    if kind is None:
        return None
    table = {"t": "Table", "c": [nodes.attr("", attributes[1], attributes[2]), [None, []], *node["c"][2:]]}
    return make_float([attributes[0], [], []], kind, inlines, [table])


def _from_code(node: Node, kinds: Kinds) -> Replacement:
    attributes = node["c"][0]
    kind = kinds.float_of(attributes[0])
    if kind is None:
        return None
    caption = nodes.words(nodes.take(attributes, f"{kind.key}-cap"))
    code = {"t": "CodeBlock", "c": [["", attributes[1], attributes[2]], node["c"][1]]}
    return make_float([attributes[0], [], []], kind, caption, [code])
