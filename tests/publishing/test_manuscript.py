"""The shipped manuscript, rendered whole: the same text and numbers in HTML, PDF and Word."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from pathlib import Path

import docx
import jsonschema
import pytest
from lxml import etree, html
from pypdf import PdfReader

pytestmark = pytest.mark.xdist_group("render")

NOTICE = "synthetic"
SCHEMA = Path(__file__).parents[2] / "src" / "report_helpers" / "publishing" / "numbers.schema.json"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def page(rendered: Path) -> html.HtmlElement:
    return html.parse(rendered / "index.html", html.HTMLParser(encoding="utf-8")).getroot()


@pytest.fixture(scope="module")
def page_text(page: html.HtmlElement) -> str:
    body = page.xpath("//body")[0]
    etree.strip_elements(body, "script", "style", "nav", with_tail=False)
    return str(body.text_content())


@pytest.fixture(scope="module")
def pdf(rendered: Path) -> PdfReader:
    return PdfReader(rendered / "index.pdf")


@pytest.fixture(scope="module")
def pdf_text(pdf: PdfReader) -> str:
    return "\n".join(sheet.extract_text() for sheet in pdf.pages)


@pytest.fixture(scope="module")
def word_text(rendered: Path) -> str:
    with zipfile.ZipFile(rendered / "index.docx") as archive:
        body = etree.fromstring(archive.read("word/document.xml"))
    paragraphs = ("".join(node.text or "" for node in each.iter(f"{W}t")) for each in body.iter(f"{W}p"))
    return "\n".join(paragraphs)


@pytest.fixture(scope="module")
def numbers(rendered: Path) -> list[dict[str, object]]:
    listed = json.loads((rendered / "numbers.json").read_text(encoding="utf-8"))["numbers"]
    assert isinstance(listed, list)
    return listed


def test_all_outputs_are_there(rendered: Path) -> None:
    assert {path.name for path in rendered.iterdir()} == {
        "index.html",
        "index.pdf",
        "index.docx",
        "index.xml",
        "index_files",
        "numbers.json",
        "manuscript.ipynb",
    }


def figures_in(text: str) -> Counter[str]:
    """Count the numbers in a text; a sentence may be broken by a page's foot, a number is not."""
    return Counter(re.findall(r"\d+(?:[.,]\d+)*", text.replace("\u2007", " ")))


@pytest.mark.parametrize("other", ["pdf_text", "word_text"])
def test_every_number_of_the_page_is_in_pdf_and_word(
    page: html.HtmlElement, other: str, request: pytest.FixtureRequest
) -> None:
    spans = page.xpath('//main//span[contains(@class,"num")]')
    marked = figures_in(" ".join(span.text_content() for span in spans))
    found = figures_in(request.getfixturevalue(other))
    assert len(spans) > 300
    assert marked - found == Counter()


def test_the_ledger_places_every_number(numbers: list[dict[str, object]], project_copy: Path) -> None:
    assert [n["key"] for n in numbers if not n["file"]] == []
    for number in numbers:
        lines = (project_copy / str(number["file"])).read_text(encoding="utf-8").splitlines()
        assert isinstance(number["line"], int)
        line = lines[number["line"] - 1]
        assert "{python}" in line or "(r)" in line


def test_the_ledger_is_as_its_schema_says_and_stands_in_the_page_too(
    rendered: Path, page: html.HtmlElement
) -> None:
    content = json.loads((rendered / "numbers.json").read_text(encoding="utf-8"))
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    faults = jsonschema.Draft202012Validator(schema).iter_errors(content)
    assert [f"{list(fault.path)}: {fault.message[:200]}" for fault in faults] == []
    inside = json.loads(page.xpath("//script[@id='numbers']")[0].text)
    empty = (None, "", False)
    short = [
        {name: value for name, value in each.items() if value not in empty} for each in content["numbers"]
    ]
    assert [
        {name: value for name, value in each.items() if value not in empty} for each in inside.pop("numbers")
    ] == short
    content.pop("numbers")
    assert inside == content


def test_every_number_of_the_page_says_what_it_is_and_what_computed_it(rendered: Path) -> None:
    content = json.loads((rendered / "numbers.json").read_text(encoding="utf-8"))
    assert {each["by"] for each in content["numbers"]} == set(content["methods"])
    assert [each["key"] for each in content["numbers"] if " " not in each["label"]] == []


def test_the_flow_says_what_the_study_says(numbers: list[dict[str, object]]) -> None:
    flow = {n["key"]: n["value"] for n in numbers if str(n["key"]).startswith("flow.")}
    assert (flow["flow.screened"], flow["flow.eligible"]) == (734, 366)


def test_nothing_unfinished_is_printed(page_text: str, pdf_text: str, word_text: str) -> None:
    for text in (page_text, pdf_text, word_text):
        found = re.findall(r"\{python\}|\?@|Reported\(|\bnan\b|\bNone\b(?! ?\()|np\.|<class|&lt;|&amp;", text)
        assert [each for each in found if each != "None"] == []


def test_every_page_says_that_the_cohort_is_synthetic(page_text: str, pdf: PdfReader, rendered: Path) -> None:
    assert NOTICE in page_text[:600].lower()
    assert all(NOTICE in sheet.extract_text().lower() for sheet in pdf.pages)
    for section in docx.Document(str(rendered / "index.docx")).sections:
        headers = [section.header]
        if section.different_first_page_header_footer:
            headers.append(section.first_page_header)
        for header in headers:
            assert NOTICE in "".join(paragraph.text for paragraph in header.paragraphs).lower()


def test_the_page_is_one_file_that_works_offline(page: html.HtmlElement, rendered: Path) -> None:
    assert (rendered / "index.html").stat().st_size < 3_000_000
    sources = [str(each) for each in page.xpath("//@src | //link/@href")]
    assert [each for each in sources if not each.startswith("data:")] == []
    assert page.xpath("//script[@src]") == []
    assert "url(http" not in (rendered / "index.html").read_text(encoding="utf-8")


def test_every_figure_has_alternative_text(page: html.HtmlElement, rendered: Path) -> None:
    images = page.xpath("//main//img")
    assert len(images) >= 2
    for image in images:
        assert len(image.get("alt") or "") > 60
    document = docx.Document(str(rendered / "index.docx"))
    described = [shape._inline.docPr.get("descr") or "" for shape in document.inline_shapes]
    assert len(described) == len(images)
    assert all(len(text) > 60 for text in described)


def test_links_inside_the_page_lead_somewhere(page: html.HtmlElement) -> None:
    names = set(page.xpath("//@id"))
    assert [each for each in page.xpath('//a[starts-with(@href, "#")]/@href') if each[1:] not in names] == []


def test_every_table_and_figure_is_referred_to(page: html.HtmlElement) -> None:
    floats = set(page.xpath('//div[contains(@class, "quarto-float")]/@id'))
    assert len(floats) >= 8
    assert {i for i in floats if not page.xpath("//main//a[@href=$h]", h=f"#{i}")} == set()


def test_the_pdf_is_tagged_and_says_what_it_is(pdf: PdfReader) -> None:
    catalogue = pdf.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert str(catalogue["/Lang"]).startswith("en")
    assert pdf.metadata is not None
    assert "Personalized Immunotherapy" in (pdf.metadata.title or "")
    assert pdf.metadata.author
    width, height = (float(side) for side in pdf.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (595, 842)


def test_every_page_of_the_pdf_is_numbered(pdf: PdfReader) -> None:
    total = len(pdf.pages)
    for number, sheet in enumerate(pdf.pages, start=1):
        assert re.search(rf"\b{number}\s*(of|/)\s*{total}\b", sheet.extract_text())


def test_the_pdf_keeps_figures_as_vectors(pdf: PdfReader) -> None:
    assert [image.name for sheet in pdf.pages for image in sheet.images] == []


def test_word_has_real_tables_captions_headings_and_sharp_figures(rendered: Path) -> None:
    document = docx.Document(str(rendered / "index.docx"))
    styles = Counter(str(paragraph.style.name) for paragraph in document.paragraphs if paragraph.style)
    assert len(document.tables) >= 8
    assert styles["Heading 1"] >= 5
    assert styles["Table Caption"] >= 8
    assert styles["Image Caption"] >= 2
    for shape in document.inline_shapes:
        picture = document.part.related_parts[shape._inline.graphic.graphicData.pic.blipFill.blip.embed]
        assert picture.image.px_width / shape.width.inches >= 299


def test_twenty_five_references_are_numbered_in_order_of_citation(page: html.HtmlElement) -> None:
    entries = page.xpath('//*[@id="refs"]//*[contains(@class, "csl-entry")]')
    assert len(entries) >= 25
    first_cited: list[str] = []
    for link in page.xpath("//a[starts-with(@href, '#ref-')]/@href"):
        if link[1:] not in first_cited:
            first_cited.append(link[1:])
    assert first_cited == [entry.get("id") for entry in entries]


def test_the_version_is_on_the_page_and_in_the_pdf(
    page_text: str, pdf: PdfReader, pdf_text: str, rendered: Path
) -> None:
    about = json.loads((rendered / "numbers.json").read_text(encoding="utf-8"))["provenance"]
    for text in (page_text, pdf_text):
        assert str(about["version"]) in text
    for sheet in pdf.pages:
        foot = " ".join(sheet.extract_text().split())
        assert f"{about['edition']} · Data" in foot
    assert re.fullmatch("[0-9a-f]{64}", about["data"]["sha256"])
