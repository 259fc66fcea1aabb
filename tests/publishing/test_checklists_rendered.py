"""The checklists of the shipped manuscript in every format: each place is there, on the page printed."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import etree, html
from pypdf import PdfReader

from report_helpers.reporting.checklists import load_checklist

pytestmark = pytest.mark.xdist_group("render")

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
KEYS = ("strobe", "record")
BEGINNING = 30
"""Letters by which a passage is known on its page."""
BEHIND = ("Syntheticdata", "Inourwords")
"""What stands behind the last row of a page: its foot, or the note of the table."""


@dataclass(frozen=True)
class Told:
    """A row of a checklist in HTML: its words, the ids that it links to, and its links to the PDF."""

    item: str
    asked: str
    section: str
    places: tuple[str, ...]
    pdf: tuple[str, ...]


@pytest.fixture(scope="module")
def page(rendered: Path) -> html.HtmlElement:
    return html.parse(rendered / "index.html", html.HTMLParser(encoding="utf-8")).getroot()


@pytest.fixture(scope="module")
def rows(page: html.HtmlElement) -> tuple[Told, ...]:
    """The rows of both lists."""
    found = []
    for key in KEYS:
        for row in page.xpath(f"//*[@id='suptable-{key}']//tbody/tr[td]"):
            asked, section, pdf = row.xpath("td")
            links = [str(each.get("href")) for each in section.xpath(".//a")]
            found.append(
                Told(
                    row.xpath("string(th)"),
                    asked.text_content(),
                    section.text_content(),
                    tuple(each.removeprefix("#") for each in links),
                    tuple(str(each.get("href")) for each in pdf.xpath(".//a")),
                )
            )
    return tuple(found)


@pytest.fixture(scope="module")
def sheets(rendered: Path) -> list[str]:
    """The letters of each page of the PDF."""
    return [letters(sheet.extract_text()) for sheet in PdfReader(rendered / "index.pdf").pages]


def letters(text: str) -> str:
    """Leave out what a line's end may add to a text or take from it."""
    return re.sub(r"[\s\-\u00ad\u2010]", "", text).replace("ﬁ", "fi").replace("ﬂ", "fl").replace("ﬀ", "ff")


def passage(page: html.HtmlElement, place: str) -> str:
    """Return the first letters behind a place: of its caption, if it is a figure or table."""
    element = page.get_element_by_id(place)
    captions = element.xpath(".//figcaption") if element.tag == "div" else []
    if captions:
        return letters(captions[0].text_content()).partition(":")[2][:BEGINNING]
    following = [element.text_content(), *element.xpath("following::text()[position() < 9]")]
    return letters("".join(map(str, following)))[:BEGINNING]


def test_every_item_has_its_row(rows: tuple[Told, ...]) -> None:
    assert [row.item for row in rows] == [item.id for key in KEYS for item in load_checklist(key).items]


def test_every_item_is_reported_or_explained(rows: tuple[Told, ...]) -> None:
    assert {row.item for row in rows if not row.places} == {"1.3", "6.3"}
    assert all(row.section.startswith("Not applicable: ") for row in rows if not row.places)


def test_sections_are_named_as_their_headings_are(page: html.HtmlElement, rows: tuple[Told, ...]) -> None:
    headings = {" ".join(each.text_content().split()) for each in page.xpath("//h1|//h2|//h3")}
    for row in rows:
        names = [
            re.sub(r" \((in part )?awaiting the authors\)$", "", each) for each in row.section.split("; ")
        ]
        if row.places:
            assert {" ".join(name.split()) for name in names} - {"Abstract"} <= headings, row


def test_links_lead_into_the_page_and_into_the_pdf(
    page: html.HtmlElement, rows: tuple[Told, ...], rendered: Path
) -> None:
    ids = {each.get("id") for each in page.iter() if each.get("id")}
    destinations = set(PdfReader(rendered / "index.pdf").named_destinations)
    for row in rows:
        assert set(row.places) <= ids, row
        assert len(row.pdf) == len(row.places)
        for link in row.pdf:
            file, _, name = link.partition("#nameddest=")
            assert file == "index.pdf"
            assert name in destinations or (not name and row.section.startswith("Abstract")), row


def test_the_pdf_prints_the_pages_on_which_the_passages_are(
    page: html.HtmlElement, rows: tuple[Told, ...], sheets: list[str]
) -> None:
    body = "".join(sheets)
    items = [item for key in KEYS for item in load_checklist(key).items]
    for row, following in zip(rows, [*items[1:], None], strict=True):
        told = [passage(page, place) for place in row.places]
        pages = [next(number for number, sheet in enumerate(sheets, 1) if each in sheet) for each in told]
        printed = ",".join(str(number) for number in dict.fromkeys(pages))
        behind = [letters(following.id), letters(following.part)] if following else []
        said = re.escape(letters(row.asked + row.section) + printed)
        assert re.search(f"{said}(?:{'|'.join([*BEHIND, *behind])})", body), (row, pages)


def test_word_links_to_every_place_and_asks_for_its_page(rendered: Path, rows: tuple[Told, ...]) -> None:
    with zipfile.ZipFile(rendered / "index.docx") as archive:
        body = etree.fromstring(archive.read("word/document.xml"))
    bookmarks = {each.get(f"{W}name") for each in body.iter(f"{W}bookmarkStart")}
    fields = re.findall(r"PAGEREF (\S+) \\h", "".join(each.text or "" for each in body.iter(f"{W}instrText")))
    wanted = [place for row in rows for place in row.places]
    assert fields == wanted
    assert set(wanted) <= bookmarks
    tables = [each for each in body.iter(f"{W}tbl") if "What is asked" in "".join(each.itertext())]
    links = [each.get(f"{W}anchor") for table in tables for each in table.iter(f"{W}hyperlink")]
    assert links == wanted


def test_jats_refers_to_every_place_and_has_no_pages(rendered: Path, rows: tuple[Told, ...]) -> None:
    article = etree.parse(rendered / "index.xml").getroot()
    tables = article.xpath("//table[.//th[.='What is asked']]")
    assert len(tables) == len(KEYS)
    assert [each.text for table in tables for each in table.xpath(".//thead//th")] == [
        "Item",
        "What is asked",
        "Section",
    ] * 2
    references = [each.get("rid") for table in tables for each in table.iter("xref")]
    assert references == [place for row in rows for place in row.places]
    assert set(references) <= {each.get("id") for each in article.iter() if each.get("id")}
