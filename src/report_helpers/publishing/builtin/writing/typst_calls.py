"""Say to Typst what pandoc leaves out: where a call ends, and that some signs are meant as they are.

Pandoc writes `**a**.b` as `#strong[a].b`, which asks Typst for the field `b` of something strong; and it
writes two hyphens as they are, of which Typst makes a dash.
"""

from __future__ import annotations

import itertools
import operator
import re
from typing import Any

from .. import nodes
from ..nodes import Node, Replacement

_CALLS = frozenset(
    ("Strong", "Emph", "Strikeout", "Superscript", "Subscript", "SmallCaps", "Underline", "Link", "Note")
)
_RUNS = (_CALLS - {"Note"}) | (nodes.PARAGRAPHS - {"LineBlock"}) | {"Span", "Quoted", "Cite"}
_PLACES = {"Header": 2, "Link": 1, "Span": 1, "Quoted": 1, "Cite": 1}
# Typst's short ways of writing dashes, an ellipsis, a soft hyphen.
_SHORT = re.compile(r"(--+|\.\.\.+|-\?)")
_GOES_ON = re.compile(r"^\.\w")


def end_calls(tree: Any) -> Any:
    """Put a `;` behind each call that is followed by `.word`, and behind our own before a bracket.

    Signs that Typst would take for others are marked as meant.
    """
    return nodes.walk(tree, _RUNS, _ended)


def _ended(node: Node) -> Replacement:
    content, place = node["c"], _PLACES.get(node["t"])
    inlines = content if place is None else content[place]
    result: list[Node] = []
    for inline, following in itertools.zip_longest(inlines, inlines[1:]):
        result += _meant(inline)
        text = following["c"] if following and following["t"] == "Str" else ""
        if text and _is_call(inline) and (_GOES_ON.match(text) or (text[0] in "([" and _is_raw(inline))):
            result.append(nodes.raw_inline("typst", ";"))
    if len(result) == len(inlines) and all(map(operator.is_, result, inlines)):
        return None
    return {**node, "c": result if place is None else [*content[:place], result, *content[place + 1 :]]}


def _meant(inline: Node) -> list[Node]:
    if inline["t"] != "Str" or not _SHORT.search(inline["c"]):
        return [inline]
    parts = enumerate(_SHORT.split(inline["c"]))
    return [
        nodes.raw_inline("typst", "".join(f"\\{sign}" for sign in part)) if place % 2 else nodes.string(part)
        for place, part in parts
        if part
    ]


def _is_raw(inline: Node) -> bool:
    return bool(inline["t"] == "RawInline" and inline["c"][0] == "typst")


def _is_call(inline: Node) -> bool:
    if inline["t"] == "Span" and inline["c"][1]:
        return _is_call(inline["c"][1][-1])
    return inline["t"] in _CALLS or _is_raw(inline)
