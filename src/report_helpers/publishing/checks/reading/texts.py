"""The text of a rendered file as its reader gets it, whatever the format."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from report_helpers.publishing.pages import read_page

FILES = {"html": "index.html", "pdf": "index.pdf", "docx": "index.docx", "jats": "index.xml"}
"""Format to the name of its file in the output."""
PAGE_END = "\f"
"""Ends each page of a PDF."""

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_JATS_BLOCKS = frozenset(("p", "title", "td", "th", "label", "caption", "mixed-citation", "list-item"))


def rendered_texts(output: Path, formats: tuple[str, ...] = tuple(FILES)) -> dict[str, str]:
    """Return the text of every format that is there, a line for each paragraph (of a PDF, for each line).

    Parameters
    ----------
    output : Path
        A directory of rendered files.
    formats : tuple of str, optional
        Which to read.
    """
    readers = {"html": _html, "pdf": _pdf, "docx": _docx, "jats": _jats}
    return {
        name: "\n".join(readers[name](output / FILES[name]))
        for name in formats
        if (output / FILES[name]).is_file()
    }


def _html(path: Path) -> Iterator[str]:
    for paragraph in read_page(path.read_text(encoding="utf-8")).paragraphs:
        yield paragraph.text


def _pdf(path: Path) -> Iterator[str]:
    from pypdf import PdfReader

    for page in PdfReader(path).pages:
        yield f"{page.extract_text()}{PAGE_END}"


def _docx(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        parts = [name for name in archive.namelist() if _is_text(name)]
        trees = [ElementTree.fromstring(archive.read(name)) for name in sorted(parts)]
    for tree in trees:
        for paragraph in tree.iter(f"{_WORD}p"):
            yield "".join(
                (each.text or "") if each.tag == f"{_WORD}t" else "\t"
                for each in paragraph.iter()
                if each.tag in (f"{_WORD}t", f"{_WORD}tab")
            )


def _is_text(name: str) -> bool:
    return name.startswith(("word/document", "word/footnotes", "word/header", "word/footer")) and (
        name.endswith(".xml")
    )


def _jats(path: Path) -> Iterator[str]:
    tree = ElementTree.parse(path).getroot()
    parents = {child: parent for parent in tree.iter() for child in parent}
    for element in tree.iter():
        if element.tag in _JATS_BLOCKS:
            above = parents.get(element)
            while above is not None and above.tag not in _JATS_BLOCKS:
                above = parents.get(above)
            if above is None:  # its text is not that of a block around it
                yield " ".join("".join(element.itertext()).split())
