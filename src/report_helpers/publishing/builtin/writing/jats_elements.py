"""Blocks and inlines as JATS, after filters and citations: figures, tables, boxes, notes, references."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from typing import Any

from .. import nodes
from ..composing.floats import is_picture
from ..nodes import Node, Replacement
from .blocks_jats import BOX, CAPTION, EQUATION, FLOAT
from .jats_markup import bare, element, is_bare, name_of, opening, raw, text_element, wrapped
from .jats_tables import table_parts

_INLINES = frozenset(("Note", "Span", "Math"))
_LISTS = frozenset(("BulletList", "OrderedList", "DefinitionList"))
_IN_FIGURES = _LISTS | {"Para", "CodeBlock", "BlockQuote"}
_IN_TABLES = _LISTS | {"CodeBlock", "BlockQuote"}


class Elements:
    """Turns a document into JATS part by part, and keeps what the parts have in common.

    Attributes
    ----------
    targets : dict
        What can be referred to: identifier and its `ref-type`.
    notes : list
        Footnotes in the order of their marks.
    formulas : list of str
        Start of each numbered formula, to be put in place of its marker in the written text.
    """

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}
        self.notes: list[Node] = []
        self.formulas: list[str] = []
        self._marks = self._tables = 0

    def blocks(self, blocks: Sequence[Node], *, in_list: bool = False) -> list[Node]:
        """Return blocks as JATS.

        Parameters
        ----------
        blocks : sequence of Node
            Pandoc's blocks.
        in_list : bool
            Whether only paragraphs and lists may stand here: all else is put into a paragraph.
        """
        result: list[Node] = []
        for block in blocks:
            written = self._block(block)
            if in_list and written and is_bare(written[0]):
                written = wrapped("p", written, specific_use="wrapper")
            result += written
        return result

    def inlines(self, tree: Any) -> Any:
        """Return a tree whose footnotes, numbers and formulas are JATS."""
        return nodes.walk(tree, _INLINES, self._inline)

    def claim(self, identifier: str, kind: str) -> str:
        """Return the name by which a part can be referred to; none if it has none, or another part has it."""
        if not identifier or identifier in self.targets:
            return ""
        self.targets[identifier] = kind
        return name_of(identifier)

    def mark(self, identifier: str) -> list[Node]:
        """Return a place within a line that can be referred to."""
        name = self.claim(identifier, "")
        return element("target", [], id=name) if name else []

    def references(self, tree: Any) -> Any:
        """Return a tree whose links to its own parts are JATS; what they lead to has to be known by now."""
        return nodes.walk(tree, frozenset(("Link",)), self._link)

    def _block(self, block: Node) -> list[Node]:
        content = block.get("c")
        match block["t"]:
            case "Plain" | "Para" if content and is_picture(block):
                return [nodes.para(_graphics(block))]
            case "Plain" | "Para" if _is_empty(block):
                return []
            case "Plain":
                return [block if is_bare(block) else nodes.para(content or [])]
            case "Header":  # no section may begin here
                number = nodes.get(block["c"][1], "number")
                before = [nodes.string(number), nodes.space()] if number else []
                return [nodes.para([nodes.strong([*before, *block["c"][2]])])]
            case "Div":
                return self._division(block)
            case "Table":
                return self._table(block)
            case "Figure":
                caption = [inline for inner in block["c"][1][1] for inline in inner["c"]]
                return self._figure(block["c"][0][0], "", caption, block["c"][2])
            case "CodeBlock":
                attributes, code = block["c"]
                return [{"t": "CodeBlock", "c": [["", attributes[1][:1], []], code]}]
            case "BlockQuote":
                return [{"t": "BlockQuote", "c": self.blocks(block["c"], in_list=True)}]
            case "BulletList":
                return [{"t": "BulletList", "c": [self.blocks(item, in_list=True) for item in block["c"]]}]
            case "OrderedList":
                numbering, items = block["c"]
                return [{"t": "OrderedList", "c": [numbering, [self.blocks(i, in_list=True) for i in items]]}]
            case "DefinitionList":
                items = [
                    [term, [self.blocks(each, in_list=True) for each in meanings]]
                    for term, meanings in block["c"]
                ]
                return [{"t": "DefinitionList", "c": items}]
        return [block]

    def _division(self, block: Node) -> list[Node]:
        (identifier, classes, _), content = block["c"][0], block["c"][1]
        if FLOAT in classes:
            return self._float(block)
        if BOX in classes:
            return self._box(identifier, nodes.get(block["c"][0], "kind"), "", *_captioned(content))
        written = self.blocks(content)
        if identifier and written and written[0]["t"] == "Para":
            return [nodes.para([*self.mark(identifier), *written[0]["c"]]), *written[1:]]
        return written

    def _float(self, block: Node) -> list[Node]:
        identifier = block["c"][0][0]
        label = nodes.get(block["c"][0], "label")
        caption, content = _captioned(_flat(block["c"][1]))
        parts = [each for each in content if each["t"] == "Div" and FLOAT in each["c"][0][1]]
        if parts and len(parts) == len(content):
            return self._group(identifier, label, caption, parts)
        if any(each["t"] == "Table" for each in content):
            if not parts and all(each["t"] in {"Table", "Para", "Plain"} | _IN_TABLES for each in content):
                return self._table_wrap(identifier, label, caption, content)
        elif not parts and all(each["t"] in _IN_FIGURES | {"Plain"} for each in content):
            return self._figure(identifier, label, caption, content)
        return self._box(identifier, "", label, caption, content)

    def _group(self, identifier: str, label: str, caption: list[Node], parts: list[Node]) -> list[Node]:
        """Return a figure made of figures, or a table made of tables."""
        tables = [_holds_table(part) for part in parts]
        if any(tables) and not all(tables):
            return self._box(identifier, "", label, caption, parts)
        tag, kind = ("table-wrap-group", "table") if all(tables) else ("fig-group", "fig")
        name = self.claim(identifier, kind)
        inner = [written for part in parts for written in self._float(part)]
        return wrapped(tag, [*_heading(label, caption), *inner], id=name)

    def _figure(
        self, identifier: str, label: str, caption: list[Node], content: Sequence[Node]
    ) -> list[Node]:
        name = self.claim(identifier, "fig")
        inner: list[Node] = []
        for block in content:
            inner += [bare(_graphics(block))] if is_picture(block) else self._block(block)
        return wrapped("fig", [*_heading(label, caption), *inner], id=name)

    def _table(self, block: Node) -> list[Node]:
        caption = [inline for inner in block["c"][1][1] for inline in inner["c"]]
        return self._table_wrap(block["c"][0][0], "", caption, [block])

    def _table_wrap(
        self, identifier: str, label: str, caption: list[Node], content: Sequence[Node]
    ) -> list[Node]:
        name = self.claim(identifier, "table")
        self._tables += 1
        above, below = _heading(label, caption), list[Node]()
        for block in content:
            if block["t"] == "Table":
                parts = table_parts(block, name or f"table{self._tables}", self.blocks)
                above += parts.table
                below += parts.notes
            elif block["t"] in ("Para", "Plain"):
                below += self._block(block)
            else:
                above += self._block(block)
        foot = wrapped("table-wrap-foot", below) if below else []
        return wrapped("table-wrap", [*above, *foot], id=name)

    def _box(
        self, identifier: str, kind: str, label: str, caption: list[Node], content: Sequence[Node]
    ) -> list[Node]:
        name = self.claim(identifier, "boxed-text")
        title = element("caption", element("title", caption)) if caption else []
        marks = [raw(text_element("label", label))] if label else []
        inner = [*([bare([*marks, *title])] if marks or title else []), *self.blocks(content)]
        return wrapped("boxed-text", inner, id=name, content_type=kind)

    def _inline(self, node: Node) -> Replacement:
        if node["t"] == "Math":  # pandoc sets its TeX as character data, which this sign would end
            return {"t": "Math", "c": [node["c"][0], node["c"][1].replace("]]>", "]] >")]}
        return self._note(node["c"]) if node["t"] == "Note" else self._span(node)

    def _note(self, content: list[Node]) -> list[Node]:
        self._marks += 1
        number = str(self._marks)
        written = self.blocks(content, in_list=True)
        lists = [wrapped("p", [block]) if block["t"] in _IN_TABLES else [block] for block in written]
        inner = [block for blocks in lists for block in blocks]
        name = self.claim(f"fn{number}", "fn")
        start = bare([raw(opening("fn", id=name) + text_element("label", number))])
        self.notes += [start, *inner, bare([raw("</fn>")])]
        return [raw(f"{opening('xref', ref_type='fn', rid=name)}{text_element('sup', number)}</xref>")]

    def _span(self, node: Node) -> Replacement:
        attributes, content = node["c"]
        identifier, key = attributes[0], nodes.get(attributes, "key")
        if EQUATION in attributes[1]:
            return self._equation(node)
        result: list[Node] = content
        if "num" in attributes[1] and key:
            result = element("named-content", content, content_type="num", specific_use=key)
        elif identifier:
            result = [*self.mark(identifier), *content]
        return result

    def _equation(self, node: Node) -> list[Node]:
        attributes, content = node["c"]
        name = self.claim(attributes[0], "disp-formula")
        alt = nodes.get(attributes, "alt")
        self.formulas.append(
            opening("disp-formula", id=name)
            + text_element("label", f"({nodes.get(attributes, 'number')})")
            + (text_element("alt-text", alt) if alt else "")
        )
        return [raw(f"<?formula {len(self.formulas) - 1}?>"), *content]

    def _link(self, node: Node) -> Replacement:
        _, content, (target, _) = node["c"]
        if not target.startswith("#"):
            return None
        if target[1:] not in self.targets:
            linked: list[Node] = content
            return linked
        return element("xref", content, ref_type=self.targets[target[1:]], rid=name_of(target[1:]))


def _is_empty(block: Node) -> bool:
    """Whether a paragraph holds nothing but another format's own language."""
    return all(
        inline["t"] in ("Space", "SoftBreak") or (inline["t"] == "RawInline" and inline["c"][0] != "jats")
        for inline in block["c"]
    )


def _captioned(content: Sequence[Node]) -> tuple[list[Node], list[Node]]:
    """Take the caption off the beginning."""
    if content and content[0]["t"] == "Div" and CAPTION in content[0]["c"][0][1]:
        return [inline for block in content[0]["c"][1] for inline in block["c"]], list(content[1:])
    return [], list(content)


def _flat(blocks: Sequence[Node]) -> list[Node]:
    """Take blocks out of divisions that only hold the output of a cell."""
    result: list[Node] = []
    for block in blocks:
        if block["t"] == "Div" and not {FLOAT, BOX, CAPTION} & set(block["c"][0][1]):
            result += _flat(block["c"][1])
        else:
            result.append(block)
    return result


def _holds_table(part: Node) -> bool:
    return any(block["t"] == "Table" for block in _flat(part["c"][1]))


def _heading(label: str, caption: Sequence[Node]) -> list[Node]:
    """Return label and caption of a figure or table."""
    written = [raw(text_element("label", label))] if label else []
    if caption:
        written += element("caption", element("p", caption))
    return [bare(written)] if written else []


def _graphics(block: Node) -> list[Node]:
    """Return the pictures of a paragraph, each with its alternative text."""
    result: list[Node] = []

    def look(node: Node) -> None:
        _, alternative, (source, _) = node["c"]
        kind, _, subkind = (mimetypes.guess_type(source)[0] or "image/png").partition("/")
        start = opening("graphic", mimetype=kind, mime_subtype=subkind, xlink__href=source)
        alt = nodes.text_of(alternative)
        result.append(raw(f"{start}{text_element('alt-text', alt) if alt else ''}</graphic>"))

    nodes.visit(block["c"], frozenset(("Image",)), look)
    return result
