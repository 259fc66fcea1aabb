"""The structure of a tagged PDF with the text of each part, as a screen reader hears it.

Text extraction in the order of the page mixes columns, heads and feet of pages into sentences. A tagged PDF
names what belongs together; Typst writes such files in a plain form, of which this reads as much as there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdf
from pypdf.generic import DictionaryObject, IndirectObject

# Brackets within a string need no backslash if they match.
_WITHIN = rb"(?:[^()\\]|\\.|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\))*"
_TOKEN = re.compile(
    rb"/(?P<font>[^\s/<>\[\]()]+)[ ]+[\d.]+[ ]+Tf"
    rb"|(?P<string>\(" + _WITHIN + rb"\))"
    rb"|<<(?P<properties>(?:[^<>]|<[0-9A-Fa-f]*>)*)>>\s*BDC"
    rb"|(?P<begin>\bBMC\b)"
    rb"|(?P<end>\bEMC\b)",
    re.DOTALL,
)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_UNKNOWN = "\ufffd"
"""What stands for a sign that the typeface does not have."""
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_CHARACTER = re.compile(r"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>")


@dataclass
class Part:
    """One element of the structure: its role, alternative text, and texts and parts within, in order."""

    role: str
    alternative: str = ""
    content: list[str | Part] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text within."""
        return "".join(each if isinstance(each, str) else each.text for each in self.content)

    def parts(self, role: str) -> Iterator[Part]:
        """Yield the parts of a role, not looking into those found."""
        for each in self.content:
            if isinstance(each, Part):
                if each.role == role:
                    yield each
                else:
                    yield from each.parts(role)


def read_structure(path: Path) -> Part:
    """Return the root of a PDF's structure."""
    reader = pypdf.PdfReader(path)
    root = reader.trailer["/Root"]["/StructTreeRoot"]
    roles = {str(k): str(v) for k, v in root.get("/RoleMap", {}).items()}
    pages = {page.indirect_reference: page for page in reader.pages}
    texts: dict[IndirectObject, dict[int, str]] = {}

    def text_of(page: IndirectObject, mark: int) -> str:
        if page not in texts:
            texts[page] = _marked_texts(pages[page])
        return texts[page].get(mark, "")

    def build(element: Any, page: IndirectObject | None) -> str | Part | None:
        node = element.get_object()
        if isinstance(node, int):
            assert page is not None
            return text_of(page, int(node))
        page = node.raw_get("/Pg") if "/Pg" in node else page
        if "/MCID" in node:
            assert page is not None
            return text_of(page, int(node["/MCID"]))
        if "/S" not in node:
            return None  # a reference to a link's area
        role = roles.get(str(node["/S"]), str(node["/S"])).lstrip("/")
        within = [build(child, page) for child in _children(node)]
        return Part(role, str(node.get("/Alt", "")), [each for each in within if each is not None])

    return Part(
        "Root", content=[each for child in _children(root) if (each := build(child, None)) is not None]
    )


def _children(node: DictionaryObject) -> list[Any]:
    if "/K" not in node:
        return []
    children = node["/K"]
    return list(children) if isinstance(children, list) else [node.raw_get("/K")]


def _marked_texts(page: Any) -> dict[int, str]:
    """Return the text of each marked piece of a page; what has no mark, as heads and feet, is left out."""
    fonts = {
        name.lstrip("/"): _characters(font.get_object())
        for name, font in page["/Resources"].get("/Font", {}).items()
    }
    found: dict[int, str] = {}
    opened: list[tuple[int | None, bool]] = []  # the mark that text belongs to, and whether it is replaced
    font: dict[int, str] = {}
    for token in _TOKEN.finditer(page.get_contents().get_data()):
        mark, replaced = opened[-1] if opened else (None, False)
        if token["font"]:
            font = fonts[token["font"].decode()]
        elif token["begin"]:
            opened.append((mark, replaced))
        elif token["end"]:
            opened.pop()
        elif token["properties"] is not None:
            number = re.search(rb"/MCID (\d+)", token["properties"])
            mark = int(number[1]) if number else mark
            actual = re.search(rb"/ActualText<FEFF([0-9A-Fa-f]*)>", token["properties"])
            if actual and mark is not None:
                found[mark] = found.get(mark, "") + _utf16(actual[1].decode())
            opened.append((mark, replaced or actual is not None))
        elif mark is not None and not replaced:
            codes = _unescaped(token["string"][1:-1])
            pairs = zip(codes[::2], codes[1::2], strict=True)
            found[mark] = found.get(mark, "") + "".join(
                font.get(high << 8 | low, _UNKNOWN) for high, low in pairs
            )
    return found


def _characters(font: Any) -> dict[int, str]:
    """Return what each code of a font stands for."""
    table = font["/ToUnicode"].get_data().decode("latin-1")
    sections = re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL)
    return {int(c, 16): _utf16(text) for section in sections for c, text in _CHARACTER.findall(section)}


def _utf16(digits: str) -> str:
    return bytes.fromhex(digits).decode("utf-16-be")


def _unescaped(string: bytes) -> bytes:
    def plain(found: re.Match[bytes]) -> bytes:
        code = found[1]
        return bytes([int(code, 8)]) if code[:1].isdigit() else _LETTERS.get(code, code)

    return _ESCAPED.sub(plain, string)
