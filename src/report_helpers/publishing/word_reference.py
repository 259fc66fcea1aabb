"""The Word reference document, with this manuscript's notice and version in the header of every page."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

from report_helpers.errors import ManuscriptError

# Words that stand in the header of assets/reference.docx for what this module puts there.
NOTICE_MARK = "MANUSCRIPT NOTICE"
HEAD_MARK = "RUNNING HEAD"

_STAMP = (1980, 1, 1, 0, 0, 0)
_PARAGRAPH_END = "</w:p>"
_LINE_NUMBERS = '<w:lnNumType w:countBy="1" w:restart="continuous"/>'
_BODY_STYLES = ("BodyText", "FirstParagraph", "Abstract", "Bibliography")


def fill(
    template: bytes,
    *,
    notice: str,
    running_head: str,
    line_numbers: bool = False,
    double_spacing: bool = False,
) -> bytes:
    """Return the reference document with its header filled in.

    Parameters
    ----------
    template : bytes
        A ``.docx`` whose headers contain the two marks of this module, each alone in its paragraph.
    notice : str
        Printed on every page; empty removes the paragraph.
    running_head : str
        Short title and version; a tab parts left from right.
    line_numbers, double_spacing : bool
        As journals ask of a submission.

    Returns
    -------
    bytes
        The same for the same arguments.

    Raises
    ------
    ManuscriptError
        When the document is no ``.docx``, or its header lost a mark.
    """
    try:
        parts = _read(template)
    except zipfile.BadZipFile as error:
        raise ManuscriptError(
            "this is not a Word document",
            where="assets/reference.docx",
            remedy="restore the file from the repository",
        ) from error
    headers = [name for name in parts if name.startswith("word/header") and name.endswith(".xml")]
    if not any(NOTICE_MARK in parts[name].decode() and HEAD_MARK in parts[name].decode() for name in headers):
        raise ManuscriptError(
            f"its page header lost the words '{NOTICE_MARK}' and '{HEAD_MARK}', where notice and version go",
            where="assets/reference.docx",
            remedy="put them back, each as a paragraph of its own, or restore the file from the repository",
        )
    for name in headers:
        parts[name] = _fill_header(parts[name].decode(), notice, running_head).encode()
    if line_numbers:
        body = parts["word/document.xml"].decode()
        parts["word/document.xml"] = _before(body, "<w:cols ", "</w:sectPr>", _LINE_NUMBERS).encode()
    if double_spacing:
        parts["word/styles.xml"] = _double(parts["word/styles.xml"].decode()).encode()
    return _write(parts)


def _fill_header(header: str, notice: str, running_head: str) -> str:
    left, _, right = running_head.partition("\t")
    head = f'{escape(left)}</w:t><w:tab/><w:t xml:space="preserve">{escape(right)}'
    header = header.replace(HEAD_MARK, head)
    if notice:
        return header.replace(NOTICE_MARK, escape(notice))
    mark = header.find(NOTICE_MARK)
    if mark < 0:
        return header
    start = max(header.rfind("<w:p ", 0, mark), header.rfind("<w:p>", 0, mark))
    return header[:start] + header[header.index(_PARAGRAPH_END, mark) + len(_PARAGRAPH_END) :]


def _before(text: str, anchor: str, otherwise: str, insert: str) -> str:
    place = text.rfind(anchor) if anchor in text else text.rfind(otherwise)
    return text[:place] + insert + text[place:]


def _double(styles: str) -> str:
    """Give the paragraph styles of running text two lines' spacing."""
    for style in _BODY_STYLES:
        start = styles.find(f'w:styleId="{style}"')
        end = styles.find("</w:style>", start)
        if start < 0:
            continue
        block = styles[start:end]
        spacing = '<w:spacing w:line="480" w:lineRule="auto"/>'
        if "<w:pPr>" in block:
            properties = block.index("<w:pPr>") + len("<w:pPr>")
            old = block.find("<w:spacing", properties)
            if old >= 0:
                block = block[:old] + spacing + block[block.index("/>", old) + 2 :]
            else:
                block = block[:properties] + spacing + block[properties:]
        else:
            block += f"<w:pPr>{spacing}</w:pPr>"
        styles = styles[:start] + block + styles[end:]
    return styles


def _read(document: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _write(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return buffer.getvalue()
