"""Abstract, title block and figures as the filters that both engines share make them."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest

from .filtering import EARLY, FILTERS, LATE, page, pandoc

ABSTRACT = """# Abstract {.unnumbered}

## Study question

Is it [48.2%]{.num key="x.rate"}? [@one]

**Main results.** Yes.

# Introduction

Text.

## Abstract

Not this one.
"""
REFERENCE = """---
title: T
references:
  - {id: one, type: article-journal, title: A title, author: [{family: Sun}], issued: {date-parts: [[2023]]}}
---

"""


@pytest.mark.parametrize("to", ["html", "typst", "docx"])
def test_abstract_moves_to_the_title_block_with_values_and_citations(to: str) -> None:
    output = pandoc(REFERENCE + ABSTRACT, to, ("abstract",), "--standalone", "--citeproc")
    if to == "docx":
        paragraphs = docx.Document(io.BytesIO(output)).paragraphs
        text = "\n".join(p.text for p in paragraphs if p.style.name == "Abstract")
    else:
        text = output.decode().split("Introduction")[0].rpartition("Study question")[2]
        text = "Study question" + text
    for words in ("Study question.", "48.2%", "Sun", "Main results."):
        assert words in text
    assert "Not this one" not in text


def test_abstract_leaves_the_text_once() -> None:
    output = pandoc("---\ntitle: T\n---\n" + ABSTRACT, "html", ("abstract",), "--standalone").decode()
    assert output.count("48.2%") == 1
    assert 'data-key="x.rate"' in output
    assert "Not this one" in output
    assert "<h2" not in output.split("Introduction")[0].rpartition("<body>")[2]


def test_document_without_abstract_is_unchanged() -> None:
    source = "# One\n\nText.\n"
    assert pandoc(source, "html", ("abstract",)) == pandoc(source, "html", ())


FIGURE = '![](flow.png){fig-alt="734 screened, \\"all\\" <counted> & 366 eligible" width=50%}\n'
ALT = '734 screened, "all" <counted> & 366 eligible'


@pytest.fixture
def picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    monkeypatch.chdir(tmp_path)
    pyplot.figure(figsize=(1, 1)).savefig("flow.png")
    pyplot.close("all")
    return tmp_path


def test_html_figure_has_its_alternative_text(picture: Path) -> None:
    assert page(FIGURE).xpath("//img/@alt") == [ALT]


def test_word_figure_has_its_alternative_text(picture: Path) -> None:
    document = docx.Document(io.BytesIO(pandoc(FIGURE, "docx")))
    (shape,) = document.element.body.xpath(".//wp:docPr")
    assert shape.get("descr") == ALT


def test_typst_figure_has_its_alternative_text(picture: Path) -> None:
    source = pandoc(FIGURE, "typst").decode()
    assert 'alt: "734 screened, \\"all\\" <counted> & 366 eligible"' in source
    assert "width: 50%" in source


TITLE_BLOCK = """---
title: A title
by-author:
  - name: {literal: Ada Example}
    email: ada@example.org
    orcid: 0000-0002-1825-0097
    attributes: {corresponding: true}
    affiliations: [{number: 1}]
  - name: {literal: Ben Second}
    affiliations: [{number: 1}, {number: 2}]
author: [Ada Example, Ben Second]
affiliations: [{number: 1, name: Clinic X, city: Lyon}, {number: 2, name: University Y}]
keywords: [one, two]
provenance: {facts: [{label: Version, value: v1.0}]}
---

# Abstract

Short.

# Introduction

Text.
"""


def test_word_title_block_in_order_and_properties_clean() -> None:
    template = FILTERS.parent / "assets" / "word" / "document.openxml"
    reference = FILTERS.parent / "assets" / "reference.docx"
    output = pandoc(
        TITLE_BLOCK,
        "docx",
        (*EARLY, *LATE),
        "--standalone",
        f"--template={template}",
        f"--reference-doc={reference}",
    )
    document = docx.Document(io.BytesIO(output))
    assert [(p.style.name, p.text) for p in document.paragraphs[:10]] == [
        ("Title", "A title"),
        ("Author", "Ada Example1,*, Ben Second1,2"),
        ("Affiliation", "1 Clinic X, Lyon"),
        ("Affiliation", "2 University Y"),
        ("Affiliation", "*Corresponding author: Ada Example, ada@example.org"),
        ("Affiliation", "ORCID: Ada Example 0000-0002-1825-0097"),
        ("Manuscript Fact", "Version: v1.0"),
        ("Abstract Title", "Abstract"),
        ("Abstract", "Short."),
        ("Manuscript Fact", "Keywords: one, two"),
    ]
    assert document.core_properties.author == "Ada Example; Ben Second"
