"""Resolve cross-references and check citations, and name every one that leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import Any

from .. import nodes
from ..errors import CitationError, CrossReferenceError, Problem, did_you_mean
from ..nodes import Node, Replacement
from .conditional import Locate
from .kinds import Kinds
from .numbering import Index

_CITE = frozenset(("Cite",))
_UNDERSCORE = re.compile(r"(?:sup)?(?:eq|fig|lst|sec|tbl)_")
_TARGETS = nodes.WITH_ATTRIBUTES | {"Float", "Equation", "Callout", "RawBlock", "RawInline"}


def resolve_references(tree: Any, kinds: Kinds, index: Index, locate: Locate) -> Any:
    """Replace each citation of a label (`@fig-flow`) by a `Reference` node.

    A `Reference` holds `id`, `prefix` (inlines, maybe empty), `spaced`, `number` and `sub`. Writers turn it
    into a link.

    Raises
    ------
    CrossReferenceError
        For all labels that do not exist, and all links within the document that lead nowhere.
    """
    problems: list[Problem] = []

    def change(node: Node) -> Replacement:
        if node["t"] != "Cite":
            return None
        citations = node["c"][0]
        ours = [kinds.of(_lower_first(item["citationId"])) is not None for item in citations]
        if not any(ours):
            return None
        if not all(ours):
            return _mixed(node, ours, change, locate, problems)
        result: list[Node] = []
        for position, item in enumerate(citations):
            if position:
                result += [nodes.string(kinds.between), nodes.space()]
            result += _reference(item, kinds, index, locate, problems)
        return result

    resolved = nodes.walk(tree, _CITE, change)
    problems += _broken_links(resolved, index, locate)
    if problems:
        raise CrossReferenceError(problems)
    return resolved


def _mixed(
    node: Node,
    ours: Sequence[bool],
    change: Callable[[Node], Replacement],
    locate: Locate,
    problems: list[Problem],
) -> Replacement:
    """Take apart `@fig-a [@smith2020]`, which pandoc reads as one citation; one bracket cannot hold both."""
    citations = node["c"][0]
    if citations[0]["citationMode"]["t"] != "AuthorInText":
        label = citations[ours.index(True)]["citationId"]
        what = f"One bracket mixes the cross-reference {label} with citations."
        problems.append(_at(locate, label, what, "Use two brackets."))
        return None
    result: list[Node] = []
    for position, item in enumerate(citations):
        single: Node = {"t": "Cite", "c": [[item], [nodes.string(f"@{item['citationId']}")]]}
        if position:
            result.append(nodes.space())
        changed = change(single)
        result += changed if isinstance(changed, list) else [single]
    return result


def _lower_first(label: str) -> str:
    return label[:1].lower() + label[1:]


def _reference(
    item: dict[str, Any], kinds: Kinds, index: Index, locate: Locate, problems: list[Problem]
) -> list[Node]:
    written = item["citationId"]
    label = _lower_first(written)
    kind = kinds.of(label)
    entry = index.entries.get(label)
    if entry is None or kind is None:
        if label in index.unnumbered:
            what, remedy = f"The section {label} has no number to refer to.", "Link to it: [text](#id)."
        else:
            same = [known for known in index.entries if known.split("-")[0] == label.split("-")[0]]
            what = f"The cross-reference @{written} leads nowhere."
            remedy = (
                did_you_mean(label, same) or did_you_mean(label, index.entries) or "Nothing has that label."
            )
        problems.append(_at(locate, written, what, remedy))
        return []
    prefix: list[Node] = item["citationPrefix"]
    if not prefix and item["citationMode"]["t"] != "SuppressAuthor":
        text = kind.prefix
        prefix = nodes.words(text[:1].upper() + text[1:] if written[0].isupper() else text)
    node = {
        "t": "Reference",
        "c": {
            "id": label,
            "prefix": prefix,
            "spaced": kind.spaced,
            "number": entry.number,
            "sub": entry.sub,
            "linked": kinds.linked,
            "literal": kind.key in kinds.theorems or kind.key in kinds.callouts,
        },
    }
    return [node, *item["citationSuffix"]]


def _broken_links(tree: Any, index: Index, locate: Locate) -> list[Problem]:
    known = set(index.entries)
    wanted: list[str] = []

    def look(node: Node) -> None:
        if node["t"] in ("Float", "Equation"):
            known.add(node["c"]["id"])
        elif node["t"] == "Callout":
            known.add(node["c"]["attributes"][0])
        elif node["t"] in ("RawBlock", "RawInline"):
            known.update(re.findall(r"id=[\"']([^\"']+)", node["c"][1]))
        elif identifier := nodes.identifier_of(node):
            known.add(identifier)
        if node["t"] == "Link" and node["c"][2][0].startswith("#"):
            wanted.append(node["c"][2][0][1:])

    nodes.visit(tree, _TARGETS, look)
    return [
        _at(locate, label, f"The link #{label} leads nowhere.", did_you_mean(label, known), mark="#")
        for label in dict.fromkeys(wanted)
        if label and label not in known
    ]


def check_citations(tree: Any, keys: Collection[str] | None, locate: Locate) -> bool:
    """Check that every citation is in the bibliography; return whether there are any.

    Parameters
    ----------
    tree : document tree
        After `resolve_references`.
    keys : collection of str or None
        Keys of the bibliography; None if the document has none.
    locate : callable
        Finds lines.

    Raises
    ------
    CitationError
        For all citations that are not in it.
    """
    cited: list[str] = []

    def look(node: Node) -> None:
        if node["t"] == "Cite":
            cited.extend(item["citationId"] for item in node["c"][0])

    nodes.visit(tree, _CITE, look)
    missing = [key for key in dict.fromkeys(cited) if key != "*" and (keys is None or key not in keys)]
    if missing:
        reason = "The document has no bibliography." if keys is None else ""
        raise CitationError(
            _at(
                locate,
                key,
                f"The citation @{key} is not in the bibliography.",
                reason or _hyphened(key) or did_you_mean(key, keys or ()) or "Add it, or correct the key.",
            )
            for key in missing
        )
    return bool(cited)


def _hyphened(key: str) -> str:
    """Return what to do about a key that is a label but for its underscore."""
    return f"A label has a hyphen: write @{key.replace('_', '-', 1)}." if _UNDERSCORE.match(key) else ""


def _at(locate: Locate, label: str, what: str, remedy: str, mark: str = "@") -> Problem:
    line = locate(rf"{mark}\{{?{re.escape(label)}(?![\w-])")
    return Problem(what, line.file if line else "", line.number if line else 0, remedy)
