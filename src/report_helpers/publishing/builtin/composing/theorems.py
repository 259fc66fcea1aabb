"""Theorems and their kin, which are numbered, and proofs, remarks and solutions, which need not be."""

from __future__ import annotations

from typing import Any

from .. import nodes
from ..nodes import Node, Replacement
from .kinds import Kinds

PROOFS = {"proof": "prf", "remark": "rem", "solution": "sol"}
"""Classes of divisions that are titled in italics, and how their labels begin."""

_DIV, _THEOREM, _HEADER = frozenset(("Div",)), frozenset(("Theorem",)), frozenset(("Header",))


def find_theorems(blocks: Any, kinds: Kinds) -> Any:
    """Replace theorems and proofs by `Theorem` nodes: `id`, `kind`, `title`, `name`, `content`, `classes`.

    `kind` is empty for a proof. The name is a heading at the start or the attribute `name`; headings within
    count for no section.
    """

    def change(node: Node) -> Replacement:
        attributes, content = node["c"]
        key = attributes[0].partition("-")[0]
        proof = next((name for name in PROOFS if name in attributes[1]), "")
        if not proof and (key not in kinds.theorems or "-" not in attributes[0]):
            return None
        nodes.visit(content, _HEADER, lambda header: header["c"][1][1].append("unnumbered"))
        name = nodes.words(nodes.take(attributes, "name"))
        if content and content[0]["t"] == "Header":
            name, content = content[0]["c"][2], content[1:]
        return {
            "t": "Theorem",
            "c": {
                "id": attributes[0],
                "kind": "" if proof else key,
                "title": kinds.words[proof] if proof else kinds.theorems[key].title,
                "name": name,
                "content": content,
                "classes": [*attributes[1], *([] if proof else ["theorem"])],
                "attributes": attributes[2],
                "number": "",
            },
        }

    return nodes.walk(blocks, _DIV, change)


def write_theorems(blocks: Any) -> Any:
    """Write numbered theorems and proofs as divisions whose first paragraph begins with their title."""

    def change(node: Node) -> Replacement:
        content = node["c"]
        head = content["title"] + (f"\u00a0{content['number']}" if content["number"] else "")
        name = [nodes.string("("), *content["name"], nodes.string(")")] if content["name"] else []
        inlines = [nodes.string(head), *([nodes.space(), *name] if name else [])]
        if content["kind"]:
            title = [nodes.strong(inlines), nodes.space()]
        else:
            title = [{"t": "Emph", "c": inlines}, nodes.string("."), nodes.space()]
        body = content["content"]
        if body and body[0]["t"] in ("Para", "Plain"):
            body = [nodes.para([*title, *body[0]["c"]]), *body[1:]]
        else:
            body = [nodes.para(title[:-1]), *body]
        return {"t": "Div", "c": [[content["id"], content["classes"], content["attributes"]], body]}

    return nodes.walk(blocks, _THEOREM, change)
