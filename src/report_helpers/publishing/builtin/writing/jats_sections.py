"""Sections and back matter of an article in JATS: body, references, and what follows as appendices."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .. import nodes
from ..nodes import Node, Replacement
from .blocks_jats import BOX, FLOAT
from .jats_elements import Elements
from .jats_markup import bare, element, line, opening, raw, text_element, wrapped

_MARGIN, _ENTRY = "csl-left-margin", "csl-entry"
_NUMBER = re.compile(r"[\[(]?\d{1,3}[.\])]{1,2}")


def parted(blocks: Sequence[Node]) -> tuple[list[Node], list[Node], list[Node]]:
    """Part a document at its references: body, references with their heading, appendices.

    What follows the references can only be back matter, since nothing of the body may stand behind them.
    """
    divisions = (n for n, block in enumerate(blocks) if block["t"] == "Div")  # a heading may be `Refs`
    place = next((n for n in divisions if nodes.identifier_of(blocks[n]) == "refs"), None)
    if place is None:
        return list(blocks), [], []
    start = place - 1 if place and blocks[place - 1]["t"] == "Header" else place
    return list(blocks[:start]), list(blocks[start : place + 1]), list(blocks[place + 1 :])


def sections(elements: Elements, blocks: Sequence[Node], outermost: str) -> list[Node]:
    """Nest blocks by their headings.

    Parameters
    ----------
    elements : Elements
        Turns the blocks into JATS.
    blocks : sequence of Node
        Blocks with headings among them.
    outermost : str
        Element of the outermost sections, `sec` or `app`; those within are always `sec`.
    """
    result: list[Node] = []
    opened: list[tuple[int, str]] = []
    for block in _unwrapped(elements, blocks):
        if block["t"] != "Header":
            result += elements.blocks([block])
            continue
        level, attributes, title = block["c"]
        while opened and opened[-1][0] >= level:
            result.append(line(f"</{opened.pop()[1]}>"))
        tag = "sec" if opened else outermost
        opened.append((level, tag))
        number = nodes.get(attributes, "number")
        result.append(line(opening(tag, id=elements.claim(attributes[0], tag))))
        label = [raw(text_element("label", number))] if number else []
        result.append(bare([*label, *element("title", title)]))
    return [*result, *(line(f"</{tag}>") for _, tag in reversed(opened))]


def back_matter(elements: Elements, references: Sequence[Node], appendices: Sequence[Node]) -> list[Node]:
    """Return what stands behind the body: references, appendices, footnotes."""
    result: list[Node] = []
    if references:
        result += _reference_list(elements, references)
    if appendices:
        result += wrapped("app-group", sections(elements, appendices, "app"))
    if elements.notes:
        result += wrapped("fn-group", elements.notes)
    return result


def _unwrapped(elements: Elements, blocks: Sequence[Node]) -> list[Node]:
    """Take headings out of the divisions around them; JATS has sections for that."""
    result: list[Node] = []
    for block in blocks:
        if block["t"] == "Div" and not {FLOAT, BOX} & set(block["c"][0][1]):
            inner = _unwrapped(elements, block["c"][1])
            if any(each["t"] == "Header" for each in inner):
                result += _named(elements, block["c"][0][0], inner)
                continue
        result.append(block)
    return result


def _named(elements: Elements, identifier: str, blocks: list[Node]) -> list[Node]:
    """Leave the name of a division to the heading or paragraph it begins with."""
    first = blocks[0]
    if not identifier or first["t"] not in ("Header", "Para"):
        return blocks
    mark = elements.mark(identifier)
    content = [*first["c"][:2], [*mark, *first["c"][2]]] if first["t"] == "Header" else [*mark, *first["c"]]
    return [{"t": first["t"], "c": content}, *blocks[1:]]


def _reference_list(elements: Elements, blocks: Sequence[Node]) -> list[Node]:
    *heading, division = blocks
    title = [bare(element("title", header["c"][2])) for header in heading]
    inner: list[Node] = []
    for block in division["c"][1]:
        inner += _reference(elements, block) if _is_entry(block) else elements.blocks([block])
    identifier = nodes.identifier_of(heading[0]) if heading else "refs"
    return wrapped("ref-list", [*title, *inner], id=elements.claim(identifier, ""))


def _is_entry(block: Node) -> bool:
    return block["t"] == "Div" and _ENTRY in block["c"][0][1]


def _reference(elements: Elements, block: Node) -> list[Node]:
    name = elements.claim(block["c"][0][0], "bibr")
    inlines = [inline for each in block["c"][1] for inline in each["c"]]
    label = ""
    if inlines and (_is_margin(inlines[0]) or _is_number(inlines[0])):
        label = nodes.text_of(inlines[:1]).strip()
        spaced = inlines[1:2] == [nodes.space()]
        inlines = inlines[2 if spaced else 1 :]
    marks = [raw(text_element("label", label))] if label else []
    citation = nodes.walk(inlines, frozenset(("Link",)), _doi)
    entry = [*marks, *element("mixed-citation", citation)]
    return [bare(element("ref", entry, id=name))]


def _is_margin(inline: Node) -> bool:
    """Whether this is the number of a reference, by a style that sets it into the margin."""
    return inline["t"] == "Span" and _MARGIN in inline["c"][0][1]


def _is_number(inline: Node) -> bool:
    """Whether this is the number of a reference, by a style that sets it before the text."""
    return inline["t"] == "Str" and _NUMBER.fullmatch(inline["c"]) is not None


def _doi(node: Node) -> Replacement:
    """Name a DOI for what it is, where nothing else is linked with it."""
    _, content, (target, _) = node["c"]
    text = nodes.text_of(content)
    same = text.startswith("10.") and target.lower().endswith(f"doi.org/{text.lower()}")
    return [raw(text_element("pub-id", text, pub_id_type="doi"))] if same else None
