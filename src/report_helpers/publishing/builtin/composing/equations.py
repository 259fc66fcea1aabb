"""Displayed equations with a label: `$$ … $$ {#eq-rate}`."""

from __future__ import annotations

import re
from typing import Any

from .. import nodes
from ..nodes import Node, Replacement

_WHOLE = re.compile(r"^\{#(?P<id>eq-[^}\s]+)\}$")
_OPENING = re.compile(r"^\{#(?P<id>eq-[^}\s]+)$")


def find_equations(blocks: Any) -> Any:
    """Replace each labelled equation by an `Equation` inline that holds `id`, `text` (TeX) and `alt`."""

    def change(node: Node) -> Replacement:
        if node["t"] not in ("Para", "Plain") or not any(_is_display(inline) for inline in node["c"]):
            return None
        return {"t": node["t"], "c": _labelled(node["c"])}

    return nodes.walk(blocks, nodes.PARAGRAPHS, change)


def _is_display(inline: Node) -> bool:
    return bool(inline["t"] == "Math" and inline["c"][0]["t"] == "DisplayMath")


def _labelled(inlines: list[Node]) -> list[Node]:
    result: list[Node] = []
    position = 0
    while position < len(inlines):
        inline = inlines[position]
        following = position + 1
        while following < len(inlines) and inlines[following]["t"] in ("Space", "SoftBreak"):
            following += 1
        label, alt, used = _label(inlines[following:]) if _is_display(inline) else ("", "", 0)
        if label:
            result.append({"t": "Equation", "c": {"id": label, "text": inline["c"][1], "alt": alt}})
            position = following + used
        else:
            result.append(inline)
            position += 1
    return result


def _label(inlines: list[Node]) -> tuple[str, str, int]:
    """Return label, alternative text and number of inlines used, for `{#eq-x}` and `{#eq-x alt="…"}`."""
    if not inlines or inlines[0]["t"] != "Str":
        return "", "", 0
    whole = _WHOLE.match(inlines[0]["c"])
    if whole:
        return whole["id"], "", 1
    opening = _OPENING.match(inlines[0]["c"])
    if opening:
        for end, inline in enumerate(inlines):
            if inline["t"] == "Str" and inline["c"].endswith("}"):
                written = "".join(nodes.text_of([part]) for part in inlines[1 : end + 1])
                quoted = re.search(r"alt=[“\"'‘](?P<alt>.*)[”\"'’]", written)
                return opening["id"], quoted["alt"] if quoted else "", end + 1
    return "", "", 0
