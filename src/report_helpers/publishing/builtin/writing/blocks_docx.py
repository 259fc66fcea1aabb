"""Write the engine's own nodes for Word: captions with real number fields, references as links."""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape

from .. import nodes
from ..composing.floats import is_picture
from ..composing.kinds import Kinds
from ..composing.tabsets import one_after_another
from ..nodes import Node, Replacement
from .blocks_html import linked_reference, numbered_equation

_BREAK = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
_SCAFFOLD = frozenset(
    ["cell", "cell-output", "cell-output-display", "cell-output-markdown", "cell-float", "cell-output-stdout"]
)

_FIELDS = {"alpha a": "alphabetic", "alpha A": "ALPHABETIC", "roman i": "roman", "roman I": "ROMAN"}
_OURS = frozenset(("Float", "Callout", "Layout", "Reference", "Equation", "Figure", "Div", "Tabset"))


def render_docx(tree: Any, kinds: Kinds) -> Any:
    """Replace floats, callouts, layouts, references and equations by what pandoc writes for Word."""

    def change(node: Node) -> Replacement:
        match node["t"]:
            case "Float":
                return _float(node["c"], kinds)
            case "Callout":
                return _callout(node["c"])
            case "Tabset":
                return one_after_another(node["c"])
            case "Layout":
                return _layout(node["c"]["rows"])
            case "Reference":
                return linked_reference(node["c"])
            case "Equation":
                return numbered_equation(node["c"])
            case "Figure":
                return _unnumbered(node)
            case "Div":
                return _division(node)
        return None

    return nodes.walk(tree, _OURS, change)


def styled(blocks: list[Node], style: str) -> Node:
    """Give paragraphs a style of the reference document."""
    return {"t": "Div", "c": [["", [], [["custom-style", style]]], blocks]}


def _float(content: dict[str, Any], kinds: Kinds) -> list[Node]:
    table = any(_is_data_table(block) for block in _flat(content["content"]))
    style = "Table Caption" if table or content["kind"] in ("tbl", "lst") else "Image Caption"
    caption = [*_prefix(content, kinds), *content["caption"]]
    captions = [styled([nodes.para(caption)], style)] if caption else []
    body = [_picture(block) if is_picture(block) else block for block in _flat(content["content"])]
    blocks = [*captions, *body] if content["top"] else [*body, *captions]
    return [nodes.div(blocks, content["id"])]


def _is_data_table(block: Node) -> bool:
    return block["t"] == "Table" and "layout" not in block["c"][0][1]


def _flat(blocks: list[Node]) -> list[Node]:
    result: list[Node] = []
    for block in blocks:
        if block["t"] == "Div" and not block["c"][0][0] and not block["c"][0][2]:
            result += _flat(block["c"][1])
        else:
            result.append(block)
    return result


def _picture(block: Node) -> Node:
    """Keep a picture with the caption below it: that is what Word's style of this name is for."""
    return styled([nodes.para(block["c"])], "Captioned Figure")


def _prefix(content: dict[str, Any], kinds: Kinds) -> list[Node]:
    """Return what stands before the caption; the number is a field, so that Word can renumber and list it."""
    if content.get("sub"):
        return (
            nodes.words(f"({content['sub']}) ") if content["caption"] else nodes.words(f"({content['sub']})")
        )
    if not content["numbered"]:
        return []
    kind = kinds.floats[content["kind"]]
    between = "\u00a0" if kind.spaced else ""
    name = re.sub(r"\W+", "_", kind.title)
    inlines = [nodes.string(kind.title + between), _sequence_field(name, content["number"], kind.style.name)]
    return [*inlines, nodes.string(kinds.delimiter), nodes.space()] if content["caption"] else inlines


def _sequence_field(name: str, number: str, style: str) -> Node:
    run = "<w:r>{}</w:r>"
    switch = _FIELDS.get(style, "ARABIC")
    parts = (
        '<w:fldChar w:fldCharType="begin"/>',
        f'<w:instrText xml:space="preserve"> SEQ {escape(name)} \\* {switch} </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        f"<w:t>{escape(number)}</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    )
    return nodes.raw_inline("openxml", "".join(run.format(part) for part in parts))


def _callout(content: dict[str, Any]) -> Node:
    quote = {"t": "BlockQuote", "c": [nodes.para([nodes.strong(content["title"])]), *content["content"]]}
    return nodes.div([quote], content["attributes"][0])


def _layout(rows: list[list[dict[str, Any]]]) -> list[Node]:
    return [_row(row) for row in rows]


def _row(row: list[dict[str, Any]]) -> Node:
    """One row of a layout as a table without lines."""
    columns = [[{"t": "AlignDefault"}, {"t": "ColWidth", "c": cell["width"] / 100}] for cell in row]
    cells = [[nodes.attr(), {"t": "AlignDefault"}, 1, 1, _narrowed(cell)] for cell in row]
    body = [nodes.attr(), 0, [], [[nodes.attr(), cells]]]
    classes = nodes.attr("", ["layout"])
    return {
        "t": "Table",
        "c": [classes, [None, []], columns, [nodes.attr(), []], [body], [nodes.attr(), []]],
    }


def _narrowed(cell: dict[str, Any]) -> list[Node]:
    def change(node: Node) -> Replacement:
        if node["t"] == "Image" and not nodes.get(node["c"][0], "width"):
            attributes = [
                node["c"][0][0],
                node["c"][0][1],
                [*node["c"][0][2], ["width", f"{6.0 * cell['width'] / 100:.2f}in"]],
            ]
            return {"t": "Image", "c": [attributes, *node["c"][1:]]}
        return None

    blocks: list[Node] = nodes.walk(cell["content"], frozenset(("Image",)), change)
    return blocks


def _unnumbered(node: Node) -> list[Node]:
    caption = [inline for block in node["c"][1][1] for inline in block["c"]]
    pictures = [_picture(block) for block in node["c"][2]]
    below = [styled([nodes.para(caption)], "Image Caption")] if caption else []
    return [nodes.div([*pictures, *below], node["c"][0][0])] if node["c"][0][0] else [*pictures, *below]


def _division(node: Node) -> Replacement:
    attributes, content = node["c"]
    if "engine-pagebreak" in attributes[1]:
        return nodes.raw_block("openxml", _BREAK)
    if not attributes[0] and not attributes[2] and set(attributes[1]) <= _SCAFFOLD:
        blocks: list[Node] = content
        return blocks
    return None
