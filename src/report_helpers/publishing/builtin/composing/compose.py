"""Find the parts of a parsed document, number them, and let them refer to each other."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import nodes
from ..nodes import Node
from .callouts import find_callouts
from .codeblocks import name_files
from .conditional import Locate, break_lines, keep_visible, refuse_unknown
from .equations import find_equations
from .floats import find_floats
from .kinds import Kinds
from .layout import find_layouts
from .listtables import find_list_tables
from .numbering import number_all, renumber_headings, section_offsets
from .references import check_citations, resolve_references
from .tabsets import find_tabsets
from .theorems import find_theorems, write_theorems


@dataclass(frozen=True)
class Composed:
    """A composed document: its tree, and whether it cites anything."""

    blocks: list[Node]
    meta: dict[str, Any]
    cites: bool


def compose(
    document: Mapping[str, Any],
    target: str,
    metadata: Mapping[str, Any],
    kinds: Kinds,
    bibliography: Collection[str] | None,
    locate: Locate,
    profiles: Sequence[str] = (),
) -> Composed:
    """Find floats, callouts and equations, number them, and resolve the references to them.

    Parameters
    ----------
    document : dict
        Pandoc's tree.
    target : str
        `html`, `typst`, `docx` or `jats`; matters only for content meant for some formats.
    metadata : dict
        The target's metadata.
    kinds : Kinds
        What is numbered.
    bibliography : collection of str or None
        Known citation keys.
    locate : callable
        Finds the line of a pattern in the sources.
    profiles : sequence of str
        Active profiles.

    Raises
    ------
    EngineError
        For constructs, references and citations that cannot be resolved; all of a kind at once.
    """
    body = {"blocks": document["blocks"], "meta": document["meta"]}
    body = keep_visible(body, target, metadata, profiles)
    refuse_unknown(body["blocks"], locate)
    if target != "html":
        body["blocks"] = break_lines(body["blocks"])
    body["blocks"] = find_tabsets(body["blocks"])
    body["blocks"] = find_callouts(body["blocks"])
    body["blocks"] = find_theorems(body["blocks"], kinds)
    body["blocks"] = find_equations(body["blocks"])
    body["blocks"] = find_list_tables(body["blocks"], locate)
    body["blocks"] = name_files(body["blocks"])
    body["blocks"] = find_floats(body["blocks"], kinds)
    body["blocks"] = find_layouts(body["blocks"], locate)
    index = number_all(body["blocks"], kinds, metadata, locate)
    body["blocks"] = write_theorems(body["blocks"])
    body = resolve_references(body, kinds, index, locate)
    cites = check_citations(body, bibliography, locate)
    if target not in ("typst", "jats"):  # Typst numbers headings itself, JATS has labels for the numbers
        renumber_headings(body["blocks"])
    elif target == "typst" and (offsets := section_offsets(metadata, locate)):
        numbers = ", ".join(str(offset) for offset in offsets)
        body["blocks"].insert(0, nodes.raw_block("typst", f"#counter(heading).update(({numbers},))"))
    return Composed(body["blocks"], body["meta"], cites or "nocite" in metadata)


def caption_prefix(content: Mapping[str, Any], kinds: Kinds) -> list[Node]:
    """Return what stands before a float's caption: `Figure 1: `, `(a) ` or nothing."""
    if content.get("sub"):
        return (
            nodes.words(f"({content['sub']}) ") if content["caption"] else nodes.words(f"({content['sub']})")
        )
    if not content["numbered"]:
        return []
    kind = kinds.floats[content["kind"]]
    number = f"{kind.title}\u00a0{content['number']}" if kind.spaced else f"{kind.title}{content['number']}"
    return (
        [nodes.string(number + kinds.delimiter), nodes.space()]
        if content["caption"]
        else [nodes.string(number)]
    )
