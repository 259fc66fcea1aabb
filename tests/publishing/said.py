"""What a reader finds in each format, in one shape: text, captions, tables, notes, descriptions of pictures.

Left out is what belongs to one format alone: contents, scripts and links back of a page, heads and feet of
sheets (other parts of a Word file, untagged in a PDF), marks of footnotes and list items, which every format
sets its own way, and formulas, whose signs each format has its own words for.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree, html

from .tagged_pdf import Part, read_structure

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
FORMULA = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
MATHML = "{http://www.w3.org/1998/Math/MathML}math"

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060"))
"""Soft hyphens and places where a long name may break: not seen, or only at the end of a line."""
_LABEL = re.compile(r"^((?:Supplementary )?(?:Figure|Table|Listing) \d+|\([a-z]\))\s*[:.]?\s*")
_FRONT = " | ".join(f".//{tag}[not(ancestor::li)]" for tag in ("h1", "h2", "p", "dt", "dd", "li", "sup"))
_BETWEEN = re.compile(r"[:,] |(?<=\d),(?=\d)")
"""Signs that each format sets its own way: behind labels, between keywords, between marks of affiliations."""
_LIST_MARK = re.compile(r"[•‣–]|\w{1,3}[.)]")


@dataclass
class Said:
    """What one format says.

    Attributes
    ----------
    stream : list of str
        Headings, paragraphs and references, in order; the title block first.
    front : list of str
        Parts of the title block, of a page only.
    captions, parts, notes, footnotes, alternatives : list of str
        Captions with their labels, those of parts of a figure (`(a) …`), notes to tables, footnotes without
        marks, and descriptions of pictures. A caption without label is a paragraph.
    tables : list of list of str
        Cells of each table, row by row.
    """

    stream: list[str] = field(default_factory=list)
    front: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    tables: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    footnotes: list[str] = field(default_factory=list)
    alternatives: list[str] = field(default_factory=list)

    def caption(self, text: str) -> bool:
        """Add a caption if it has a label; the sign between label and words is a matter of style."""
        label = _LABEL.match(words(text))
        if label:
            kind = self.parts if label[1].startswith("(") else self.captions
            kind.append(_LABEL.sub(r"\1 ", words(text)))
        return label is not None


def words(text: str) -> str:
    """Return text with single spaces, ligatures and raised signs as the letters they stand for."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_INVISIBLE).split())


def letters(text: str) -> str:
    """Return text without spaces: a PDF has none where a line or a cell ends."""
    return words(text).replace(" ", "")


def read_html(path: Path) -> Said:
    """Read a page: the text of `<main>`."""
    page = html.parse(str(path), html.HTMLParser(encoding="utf-8")).getroot()
    main = (page.xpath("//main") or page.xpath("//body"))[0]
    _drop(main, ".//script | .//style | .//nav | .//math | .//span[contains(@class, 'math ')]")
    _drop(main, ".//*[@class='footnote-ref' or @class='footnote-back']")
    _place_tab_titles(main)
    said = Said(alternatives=[words(each.get("alt", "")) for each in main.iter("img") if each.get("alt")])
    for section in _taken(main, "//*[contains(@class, 'footnotes')]"):
        said.footnotes += [_text(each) for each in section.iterfind("ol/li")]
    for caption in main.xpath(".//figcaption | .//caption"):
        if said.caption(_text(caption)):
            _remove(caption)
        elif caption.tag == "caption":
            caption.getparent().addprevious(caption)
    for table in _taken(main, "//table"):
        said.notes += [_text(note) for note in _taken(table, "//*[@class='table-note-text']")]
        said.tables.append(
            [_text(cell) for cell in _cells(table) if not cell.xpath("ancestor::tfoot") or _text(cell)]
        )
    for header in _taken(main, "//header[@id='title-block-header']"):
        said.front = [part for each in header.xpath(_FRONT) for part in _BETWEEN.split(_text(each))]
    said.stream = [_text(main)]
    return said


def _place_tab_titles(main: etree._Element) -> None:
    """Put the title of each tab before its content, as it is printed: a page lists the titles first."""
    for tabs in main.xpath(".//*[contains(@class, 'panel-tabset')]/ul"):
        for link in tabs.iter("a"):
            panel = main.get_element_by_id(link.get("href", "").removeprefix("#"))
            panel.text = f"{link.text_content()} {panel.text or ''}"
        _remove(tabs)


def read_jats(path: Path) -> Said:
    """Read an article; its labels and titles are elements that a page writes on one line."""
    article = etree.parse(str(path)).getroot()
    _drop(
        article,
        "//xref[@ref-type='fn'] | //inline-formula | //disp-formula | //name | //contrib-id | //alt-title",
    )
    _drop(article, "//article-version | //pub-date")
    for title in article.iterfind(".//abstract/sec/title"):
        title.text = f"{title.text}."  # on a page, a run-in heading
    said = Said(alternatives=[_text(each) for each in article.iter("alt-text")])
    _drop(article, "//graphic | //inline-graphic")
    for note in _taken(article, "/article/back/fn-group/fn"):
        said.footnotes.append(" ".join(_text(each) for each in note.iterfind("*") if each.tag != "label"))
    for foot in _taken(article, "//table-wrap-foot"):
        said.notes += [_text(each) for each in foot]
    for table in _taken(article, "//table"):
        said.tables.append([_text(cell) for cell in _cells(table)])
    for float_ in article.iter("fig", "fig-group", "table-wrap", "table-wrap-group"):
        heading = " ".join(_text(each) for each in float_.iterfind("*") if each.tag in ("label", "caption"))
        if said.caption(heading):
            _drop(float_, "label | caption")
    said.stream = [_text(article)]
    return said


def _cells(table: etree._Element) -> list[etree._Element]:
    """Return cells in the order they are seen: the foot, which may be written before the rows, comes last."""
    rows = sorted(table.iter("tr"), key=lambda row: row.getparent().tag == "tfoot")
    return [cell for row in rows for cell in row if cell.tag in ("td", "th")]


def read_word(path: Path) -> Said:
    """Read a Word file: its body and footnotes."""
    with zipfile.ZipFile(path) as archive:
        document = etree.fromstring(archive.read("word/document.xml"))
        styles = etree.fromstring(archive.read("word/styles.xml"))
        footnotes = etree.fromstring(archive.read("word/footnotes.xml"))
    names = {
        each.get(f"{W}styleId"): each.find(f"{W}name").get(f"{W}val") for each in styles.iter(f"{W}style")
    }
    said = Said(
        alternatives=[words(each.get("descr", "")) for each in document.iter(DRAWN) if each.get("descr")]
    )
    body = document.find(f"{W}body")
    assert body is not None
    _read_word_blocks(body, names, said)
    for note in footnotes.iter(f"{W}footnote"):
        if note.get(f"{W}type") is None:
            said.footnotes.append(words(" ".join(_word(each) for each in note.iter(f"{W}p"))))
    return said


def _read_word_blocks(parent: etree._Element, names: dict[str | None, str], said: Said) -> None:
    for block in parent:
        if block.tag == f"{W}tbl":
            if block.find(f"{W}tr//{W}tbl") is not None or block.find(f".//{DRAWN}") is not None:
                for cell in block.iterfind(f"{W}tr/{W}tc"):  # pictures or tables side by side
                    _read_word_blocks(cell, names, said)
                continue
            cells = [cell for cell in block.iter(f"{W}tc") if not _is_continued(cell)]
            said.tables.append([words(" ".join(_word(p) for p in cell.iter(f"{W}p"))) for cell in cells])
        elif block.tag == f"{W}p":
            style = block.find(f"{W}pPr/{W}pStyle")
            name = names[style.get(f"{W}val")] if style is not None else ""
            text = _word(block)
            if name in ("Table Caption", "Image Caption") and said.caption(text):
                continue
            if name == "Table Note":
                said.notes += [words(text)] if words(text) else []
            else:
                said.stream.append(words(text))


def _is_continued(cell: etree._Element) -> bool:
    merged = cell.find(f"{W}tcPr/{W}vMerge")
    return merged is not None and merged.get(f"{W}val") != "restart"


def _word(paragraph: etree._Element) -> str:
    parts = []
    for node in paragraph.iter():
        inside_formula = any(each.tag == FORMULA for each in node.iterancestors())
        if node.tag == f"{W}t" and not inside_formula:
            parts.append(node.text or "")
        elif node.tag in (f"{W}br", f"{W}tab"):
            parts.append(" ")
    return "".join(parts)


def read_pdf(path: Path) -> Said:
    """Read a tagged PDF."""
    said = Said()
    _read_parts(read_structure(path), said)
    return said


def _read_parts(parent: Part, said: Said) -> None:
    line: list[str] = []
    for each in parent.content:
        if isinstance(each, str):
            line.append(each)
        elif each.role in ("Span", "Link", "Code", "Strong", "Em") and not list(each.parts("P")):
            line.append(_pdf(each, said))
        else:
            said.stream.append(words("".join(line)))
            line = []
            _read_part(each, said)
    said.stream.append(words("".join(line)))


def _read_part(part: Part, said: Said) -> None:
    if part.role == "P" or re.fullmatch(r"H\d", part.role):
        said.stream.append(words(_pdf(part, said)))
    elif part.role == "Caption":
        if not said.caption(text := _pdf(part, said)):
            said.stream.append(words(text))
    elif part.role == "Table":
        for caption in part.parts("Caption"):
            said.caption(_pdf(caption, said))
        rows = part.parts("TR")
        cells = (cell for row in rows for cell in row.content if isinstance(cell, Part))
        said.tables.append([words(_pdf(cell, said)) for cell in cells])
    elif part.role == "Div" and any(isinstance(each, Part) and each.role == "Table" for each in part.content):
        below = Said()
        _read_parts(part, below)
        said.notes += [each for each in below.stream if each]
        said.captions += below.captions
        said.parts += below.parts
        said.tables += below.tables
        said.footnotes += below.footnotes
    elif part.role != "Formula" and not _is_mark(part):
        if part.role == "Figure" and part.alternative:
            said.alternatives.append(words(part.alternative))
        _read_parts(part, said)


def _pdf(part: Part, said: Said) -> str:
    """Return the text of a part of a paragraph, footnotes and formulas set aside."""
    result = []
    for each in part.content:
        if isinstance(each, str):
            result.append(each)
        elif each.role == "Note":
            said.footnotes.append(words(_pdf(each, said)))
        elif each.role == "Figure":
            said.alternatives += [words(each.alternative)] if each.alternative else []
        elif each.role != "Formula" and not _is_mark(each):
            result.append(_pdf(each, said))
    return "".join(result)


def _is_mark(part: Part) -> bool:
    """Whether a label is the mark of a footnote or list item; a term of a definition list is a label, too."""
    is_link = any(part.parts("Link"))
    return part.role == "Lbl" and (is_link or _LIST_MARK.fullmatch(words(part.text)) is not None)


def _drop(root: etree._Element, path: str) -> None:
    for each in root.xpath(path):
        _remove(each)


def _taken(root: etree._Element, path: str) -> Iterator[etree._Element]:
    """Yield elements, outermost first, and take them out of the tree."""
    for each in root.xpath(path if path.startswith("/article") else f".{path}"):
        yield each
        _remove(each)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    element.tail = None
    parent.remove(element)


_RUNNING = frozenset(
    (
        "a", "b", "bold", "city", "code", "country", "del", "em", "email", "ext-link", "i", "institution",
        "italic", "monospace", "named-content", "pub-id", "s", "sc", "small", "span", "strike", "strong",
        "styled-content", "sub", "sup", "target", "u", "underline", "xref",
    )
)  # fmt: skip
"""Elements within a line; between all others there is at least a space."""


def _text(element: etree._Element) -> str:
    return words(_spaced(element))


def _spaced(element: etree._Element) -> str:
    if not isinstance(element.tag, str):
        return ""
    inner = (element.text or "") + "".join(_spaced(each) + (each.tail or "") for each in element)
    return inner if element.tag in _RUNNING else f" {inner} "
