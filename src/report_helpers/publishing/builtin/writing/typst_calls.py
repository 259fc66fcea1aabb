"""End Typst calls where the text behind them would be taken for their continuation.

Pandoc writes `**a**.b` as `#strong[a].b`, which asks Typst for the field `b` of something strong.
"""

from __future__ import annotations

import re
from typing import Any

from .. import nodes
from ..nodes import Node, Replacement

_CALLS = frozenset(
    ("Strong", "Emph", "Strikeout", "Superscript", "Subscript", "SmallCaps", "Underline", "Link", "Note")
)
_RUNS = (_CALLS - {"Note"}) | (nodes.PARAGRAPHS - {"LineBlock"}) | {"Span"}
_PLACES = {"Header": 2, "Link": 1, "Span": 1}
_GOES_ON = re.compile(r"^\.\w")


def end_calls(tree: Any) -> Any:
    """Put a `;` behind each call that is followed by `.word`, and behind our own before a bracket."""
    return nodes.walk(tree, _RUNS, _ended)


def _ended(node: Node) -> Replacement:
    content, place = node["c"], _PLACES.get(node["t"])
    inlines = content if place is None else content[place]
    result: list[Node] = []
    for inline, following in zip(inlines, [*inlines[1:], None], strict=True):
        result.append(inline)
        text = following["c"] if following and following["t"] == "Str" else ""
        if text and _is_call(inline) and (_GOES_ON.match(text) or (text[0] in "([" and _is_raw(inline))):
            result.append(nodes.raw_inline("typst", ";"))
    if len(result) == len(inlines):
        return None
    return {**node, "c": result if place is None else [*content[:place], result, *content[place + 1 :]]}


def _is_raw(inline: Node) -> bool:
    return bool(inline["t"] == "RawInline" and inline["c"][0] == "typst")


def _is_call(inline: Node) -> bool:
    if inline["t"] == "Span" and inline["c"][1]:
        return _is_call(inline["c"][1][-1])
    return inline["t"] in _CALLS or _is_raw(inline)
