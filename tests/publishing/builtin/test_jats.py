"""JATS XML: a document with every construct is valid, keeps what it says, and its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from report_helpers.publishing.builtin import render

from .jats_document import FILES, text_of

XLINK = "{http://www.w3.org/1999/xlink}"
MUTATIONS = {
    "a section without its title's place": (r"<label>1</label>(<title>.*?</title>)", r"\1<label>1</label>"),
    "a link to nothing": (r'rid="fig-a"', 'rid="fig-gone"'),
    "a name used twice": (r'<fig id="fig-b">', '<fig id="fig-a">'),
    "an unknown element": (r"(?s)<boxed-text(.*?)</boxed-text>", r"<box-text\1</box-text>"),
    "a table in a heading": (r"<title>References</title>", "<title><table-wrap/></title>"),
    "a table without rows": (r"(?s)<tbody>.*?</tbody>", "<tbody></tbody>"),
    "text outside paragraphs": (r"<p>Behind the references.</p>", "Behind the references."),
    "no front": (r"(?s)<front>.*</front>", ""),
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("jats")
    (root / "more").mkdir()
    for name, text in FILES.items():
        (root / name).write_text(text, encoding="utf-8")
    return render(root, ["jats"], root / "out").paths["jats"]


@pytest.fixture(scope="module")
def article(written: Path) -> etree._ElementTree:
    return etree.parse(str(written))


def test_the_document_is_valid(article: etree._ElementTree, jats_schema: etree.DTD) -> None:
    assert jats_schema.validate(article), jats_schema.error_log
    assert article.docinfo.public_id.endswith("Interchange DTD v1.2 20190208//EN")
    assert article.getroot().get("dtd-version") == "1.2"


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_schema_would_object(name: str, written: Path, jats_schema: etree.DTD) -> None:
    pattern, replacement = MUTATIONS[name]
    changed, times = re.subn(pattern, replacement, written.read_text(encoding="utf-8"), count=1)
    assert times == 1
    assert not jats_schema.validate(etree.fromstring(changed.encode()))


def test_the_front_says_who_what_and_when(article: etree._ElementTree) -> None:
    front = article.find("front/article-meta")
    assert front is not None
    assert text_of(front.find("title-group/article-title")) == "The title & more"
    assert text_of(front.find("title-group/alt-title")) == "Short"
    assert text_of(front.find("article-version")) == "2.1"
    first, second = front.iterfind("contrib-group/contrib")
    assert first.get("corresp") == "yes"
    assert text_of(first.find("contrib-id")) == "https://orcid.org/0000-0002-1825-0097"
    assert text_of(first.find(".//surname")) == "Example"
    assert text_of(second.find(".//surname")) == "[Second author]"
    assert [text_of(each) for each in front.iterfind("aff")] == ["1 Ward, Clinic X, Town"]
    assert (
        text_of(front.find("author-notes/corresp")) == "*Corresponding author: Ada Example, ada@example.org"
    )
    assert front.find("pub-date").get("iso-8601-date") == "2026-01-05"
    assert text_of(front.find("abstract/p")) == "Twelve1 patients."
    assert [text_of(each) for each in front.iterfind("kwd-group/kwd")] == ["embryo", "cells & more"]


def test_sections_have_labels_and_appendices_stand_behind_the_references(article: etree._ElementTree) -> None:
    assert text_of(article.find("body/sec[@id='sec-methods']/label")) == "1"
    assert text_of(article.find("body/sec/sec[@id='sec-deep']/title")) == "Three levels down"
    back = [each.tag for each in article.find("back")]
    assert back == ["ref-list", "app-group", "fn-group"]
    assert text_of(article.find("back/app-group/app[@id='sec-supplement']/title")) == "Supplement"
    assert text_of(article.find("back/app-group/app/sec[@id='sec-more']/label")) == "2.1"
    assert [text_of(each) for each in article.iterfind("back/ref-list/title")] == ["References"]
    reference = article.find("back/ref-list/ref[@id='ref-sun2023']/mixed-citation")
    assert text_of(reference).startswith("Sun, Yun. 2023. “Prednisone & More.”")


def test_references_say_what_they_lead_to(article: etree._ElementTree) -> None:
    kinds = {each.get("rid"): each.get("ref-type") for each in article.iter("xref")}
    wanted = {
        "fig-two": "fig",
        "fig-a": "fig",
        "tbl-x": "table",
        "suptbl-more": "table",
        "eq-rate": "disp-formula",
        "sec-methods": "sec",
        "sec-supplement": "app",
        "box": "boxed-text",
        "ref-sun2023": "bibr",
        "fn1": "fn",
        "place": None,
        "part": None,
        "frame": None,
    }
    assert {name: kinds[name] for name in wanted} == wanted


def test_figures_and_tables_keep_label_caption_and_alternative_text(
    article: etree._ElementTree, written: Path
) -> None:
    def heading(name: str) -> str:
        found = article.find(f".//*[@id='{name}']")
        return " ".join(text_of(found.find(part)) for part in ("label", "caption"))

    assert heading("fig-two") == "Figure 1 Both."
    assert heading("fig-a") == "(a) First"
    assert heading("tbl-two") == "Table 1 Both tables."
    assert heading("suptbl-more") == "Supplementary Table 1 More4"
    assert heading("lst-code") == "Listing 1 A listing"
    assert text_of(article.find(".//*[@id='fig-a']/graphic/alt-text")) == "alt & <a>"
    assert text_of(article.find(".//disp-formula[@id='eq-rate']/label")) == "(1)"
    assert text_of(article.find(".//disp-formula[@id='eq-rate']/alt-text")) == "p is x by n"
    pictures = {each.get(f"{XLINK}href") for each in article.iter("graphic", "inline-graphic")}
    assert pictures == {"index_files/figure-jats/pic.png", "index_files/figure-jats/pic-1.png"}
    for name in pictures:
        assert (written.parent / name).read_bytes().startswith(b"\x89PNG")


def test_a_number_keeps_its_key(article: etree._ElementTree) -> None:
    assert [(text_of(each), each.get("specific-use")) for each in article.iter("named-content")] == [
        ("48.2%", "a.b")
    ]


def test_footnotes_are_numbered_as_a_reader_meets_them(article: etree._ElementTree) -> None:
    marks = [each.get("rid") for each in article.iter("xref") if each.get("ref-type") == "fn"]
    assert sorted(marks) == [f"fn{number}" for number in range(1, 7)]
    notes = [text_of(each) for each in article.iterfind("back/fn-group/fn")]
    assert notes == [
        "1 In the abstract.",
        "2 With code.",
        "3 A note. list in a note",
        "4 In a caption.",
        "5 In a cell.",
        "6 The last.",
    ]
