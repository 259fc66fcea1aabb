"""Write the engine's own nodes as Typst in the shape Quarto gives them: one template styles both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .. import nodes
from ..composing.kinds import Kinds
from ..composing.numerals import ARABIC
from ..composing.tabsets import one_after_another
from ..nodes import Node, Replacement
from .pictures import stage_picture
from .typst_calls import end_calls

_COLOURS = {
    "note": "#0758e5",
    "tip": "#00a047",
    "important": "#cc1914",
    "warning": "#eb9113",
    "caution": "#fc5300",
}
_BACKGROUNDS = {
    "note": "#dae6fb",
    "tip": "#ccf1e3",
    "important": "#f7dddc",
    "warning": "#fcefdc",
    "caution": "#ffe5d0",
}
_PATTERNS = {"alpha A": "A", "roman i": "i", "roman I": "I", "roman": "I", "arabic": "1"}
_LENGTH = re.compile(r"^(?P<number>\d*\.?\d+)(?P<unit>px|in|cm|mm|pt|em|%)?$")
PICTURES = "_engine"
"""Directory of the pictures below Typst's root."""

_OURS = frozenset(
    ("Float", "Callout", "Layout", "Reference", "Equation", "Image", "Figure", "Table", "Div", "Tabset")
)


class TypstBlocks:
    """Turn nodes into Typst; pictures are copied below `stage`, the only place Typst may read.

    `pictures` gives the file of each by the name that Typst knows it by.
    """

    def __init__(self, kinds: Kinds, stage: Path, *, sections_numbered: bool) -> None:
        self.kinds = kinds
        self.stage = stage
        self.pictures: dict[str, Path] = {}
        self.sections_numbered = sections_numbered

    def render(self, tree: Any) -> Any:
        """Return the tree with nothing in it but what pandoc's Typst writer knows."""
        return end_calls(nodes.walk(tree, _OURS, self._change))

    def _change(self, node: Node) -> Replacement:
        match node["t"]:
            case "Float":
                return self._worded(node["c"], self._float(node["c"]))
            case "Callout":
                return _callout(node["c"])
            case "Tabset":
                return one_after_another(node["c"])
            case "Layout":
                return _grid(node["c"]["rows"])
            case "Reference":
                return self._reference(node["c"])
            case "Equation":
                return _equation(node["c"])
            case "Image":
                return self._image(node)
            case "Figure":
                return _unnumbered(node["c"][2], _inlines(node["c"][1][1]), top=False)
            case "Table":
                return _table(node)
            case "Div":
                return _division(node)
        return None

    def _worded(self, content: dict[str, Any], written: list[Node]) -> list[Node]:
        """Make Typst write number and separator as the document wants them, where that is not its own way."""
        rules = []
        if content["numbered"] and self.kinds.floats[content["kind"]].style != ARABIC:
            rules.append(f"#set figure(numbering: (..) => {quoted(content.get('number', ''))})")
        if self.kinds.delimiter != ":":
            rules.append(f"#set figure.caption(separator: [{self.kinds.delimiter} ])")
        return [_raw("#[" + "; ".join(rules) + ";"), *written, _raw("]")] if rules else written

    def _float(self, content: dict[str, Any]) -> list[Node]:
        kind = self.kinds.floats[content["kind"]]
        position = "top" if content["top"] else "bottom"
        if not content["numbered"]:
            return _unnumbered(content["content"], content["caption"], top=content["top"])
        label = f"<{content['id']}>"
        name, supplement = f"quarto-float-{kind.key}", quoted(kind.title)
        if content.get("parts"):
            return [
                _raw(f'#quarto_super(kind: "{name}", caption: ['),
                nodes.plain(content["caption"]),
                _raw(
                    f"], label: {label}, position: {position}, supplement: {supplement}, "
                    f'subcapnumbering: "({_PATTERNS.get(self.kinds.parts.name, "a")})", ['
                ),
                *content["content"],
                _raw("])"),
            ]
        separator = "" if content["caption"] else 'separator: "", '
        return [
            _raw("#figure(["),
            *content["content"],
            nodes.plain(
                [
                    nodes.raw_inline(
                        "typst", f"], caption: figure.caption({separator}position: {position}, ["
                    ),
                    *content["caption"],
                    nodes.raw_inline("typst", f']), kind: "{name}", supplement: {supplement}){label}'),
                ]
            ),
        ]

    def _reference(self, content: dict[str, Any]) -> list[Node]:
        prefix, label = content["prefix"], content["id"]
        printed = content["literal"] or content["sub"] or not content["number"].replace(".", "").isdigit()
        printed = printed or (label.startswith("sec-") and not self.sections_numbered)
        if printed or not content["spaced"]:
            between = [nodes.string("\u00a0")] if prefix and content["spaced"] else []
            number = content["number"] + (f" ({content['sub']})" if content["sub"] else "")
            return [
                nodes.raw_inline("typst", f"#link(<{label}>)["),
                *prefix,
                *between,
                *nodes.words(number),
                nodes.raw_inline("typst", "]"),
            ]
        return [
            nodes.raw_inline("typst", f"#ref(<{label}>, supplement: ["),
            *prefix,
            nodes.raw_inline("typst", "])"),
        ]

    def _image(self, node: Node) -> Node:
        attributes, inlines, (source, _) = node["c"]
        if source.startswith("data:"):
            return node
        staged = stage_picture(Path(source), self.stage / PICTURES)
        self.pictures[staged.name] = Path(source)
        arguments = [quoted(f"/{PICTURES}/{staged.name}")]
        alt = nodes.text_of(inlines)
        if alt:
            arguments.append(f"alt: {quoted(alt)}")
        for side in ("width", "height"):
            length = typst_length(nodes.get(attributes, side))
            if length:
                arguments.append(f"{side}: {length}")
        image = f"box(image({', '.join(arguments)}))"
        align = nodes.get(attributes, "fig-align")
        return nodes.raw_inline(
            "typst", f"#align({align}, {image})" if align in ("left", "center", "right") else f"#{image}"
        )


def quoted(text: str) -> str:
    """Return a Typst string."""
    return '"' + " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"') + '"'


def typst_length(text: str) -> str:
    """Return a length as Typst writes it; pixels count 96 to the inch. Empty for what is no length."""
    found = _LENGTH.match(text)
    if not found:
        return ""
    if found["unit"] in (None, "px"):
        return f"{float(found['number']) / 96:g}in"
    return f"{found['number']}{found['unit']}"


def _raw(text: str) -> Node:
    return nodes.plain([nodes.raw_inline("typst", text)])


def _inlines(blocks: Sequence[Node]) -> list[Node]:
    return [inline for block in blocks if block["t"] in ("Plain", "Para") for inline in block["c"]]


def _unnumbered(content: Sequence[Node], caption: Sequence[Node], *, top: bool) -> list[Node]:
    """Set a figure or table that has no number: Typst would count it."""
    body = [nodes.para(block["c"]) if block["t"] == "Plain" else block for block in content]
    line = [nodes.para(caption)] if caption else []
    return [_raw("#align(center)["), *(line if top else []), *body, *([] if top else line), _raw("]")]


def _callout(content: dict[str, Any]) -> list[Node]:
    kind = content["type"]
    label = f"<{content['attributes'][0]}>" if content["attributes"][0] else ""
    return [
        _raw("#[#callout(body: ["),
        *content["content"],
        nodes.plain(
            [
                nodes.raw_inline("typst", "], title: ["),
                *content["title"],
                nodes.raw_inline(
                    "typst",
                    f'], background_color: rgb("{_BACKGROUNDS[kind]}"), icon_color: rgb("{_COLOURS[kind]}"), '
                    f"icon: none, body_background_color: white)]{label}",
                ),
            ]
        ),
    ]


def _grid(rows: Sequence[Sequence[dict[str, Any]]]) -> list[Node]:
    result: list[Node] = []
    for row in rows:
        widths = ", ".join(f"{cell['width']:g}fr" for cell in row)
        result.append(_raw(f"#grid(columns: ({widths},), gutter: 1em,"))
        for cell in row:
            result += [_raw("["), *cell["content"], _raw("],")]
        result.append(_raw(")"))
    return result


def _equation(content: dict[str, Any]) -> list[Node]:
    alt = f", alt: {quoted(content['alt'])}" if content["alt"] else ""
    math = {"t": "Math", "c": [{"t": "DisplayMath"}, content["text"]]}
    number = content["number"]
    numbering = "equation-numbering" if number.isdigit() else f'(..) => "({number})"'
    return [
        nodes.raw_inline("typst", f"#math.equation(block: true, numbering: {numbering}{alt}, [ "),
        math,
        nodes.raw_inline("typst", f" ])<{content['id']}>"),
    ]


def _table(node: Node) -> Replacement:
    attributes, caption = node["c"][0], _inlines(node["c"][1][1])
    marked = [attributes[0], [*attributes[1], "typst:no-figure"], attributes[2]]
    table: Node = {"t": "Table", "c": [marked, [None, []], *node["c"][2:]]}
    return [nodes.para(caption), table] if caption else table


def _division(node: Node) -> Replacement:
    attributes, content = node["c"]
    if "engine-pagebreak" in attributes[1]:
        return nodes.raw_block("typst", "#pagebreak(weak: true)")
    keep = [pair for pair in attributes[2] if pair[0].startswith("typst:")]
    if not keep and not attributes[0]:
        blocks: list[Node] = content
        return blocks  # a bare division would become a block of its own and stop paragraphs from flowing
    return None
