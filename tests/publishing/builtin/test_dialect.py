"""Corners of the dialect: profiles, what of a cell is a figure, and numbers in every format."""

from collections.abc import Sequence
from pathlib import Path

import docx
import pypdf
import pytest
from lxml import html

from report_helpers.publishing.builtin import Rendered, render
from report_helpers.publishing.builtin.reading.files import Files
from report_helpers.publishing.builtin.reading.project import load_project
from report_helpers.publishing.builtin.running.cellfloats import Shown, float_lines

from .conftest import Project

PRINTED, VALUE, OTHER = Shown(["printed"], False), Shown(["value"], True), Shown(["other"], True)


@pytest.mark.parametrize(
    ("options", "shown", "expected"),
    [
        ({"fig-cap": "C"}, [PRINTED, VALUE], ["printed", "::: {#fig-x .cell-float}", "value", "C", ":::"]),
        ({"fig-cap": "C"}, [PRINTED], ["::: {#fig-x .cell-float}", "code", "printed", "C", ":::"]),
        (
            {"fig-cap": "C", "fig-subcap": ["A", "B"], "layout-ncol": 2},
            [VALUE, PRINTED, OTHER],
            [
                "printed",
                '::: {#fig-x .cell-float layout-ncol="2"}',
                *("::: {#fig-x-1 .cell-float}", "value", "A", ":::"),
                *("::: {#fig-x-2 .cell-float}", "other", "B", ":::"),
                *("C", ":::"),
            ],
        ),
        (
            {"fig-cap": ["A", "B"]},
            [VALUE, OTHER],
            [
                *("::: {#fig-x .cell-float}", "value", "A", ":::"),
                *("::: {#fig-x-2 .cell-float}", "other", "B", ":::"),
            ],
        ),
    ],
    ids=["one value", "no value", "parts", "a list of captions"],
)
def test_what_a_cell_shows_is_one_figure_or_its_parts(
    options: dict[str, object], shown: Sequence[Shown], expected: list[str]
) -> None:
    lines = [line for line in float_lines("fig-x", "fig", options, ["code"], shown) if line]
    assert lines == (expected if expected[1] == "code" else ["code", *expected])


def settings_of(root: Path, *asked: str) -> tuple[tuple[str, ...], object]:
    loaded = load_project(Files(root), asked)
    return loaded.profiles, loaded.metadata({}, "html").get("who")


def test_profiles_come_from_the_author_the_environment_or_the_project(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QUARTO_PROFILE", raising=False)
    root = project(
        "x",
        _quarto_dot_yml="who: base\nprofile:\n  default: [draft]\n  group: [[draft, final], [a4, letter]]\n",
        **{"_quarto-draft_dot_yml": "who: draft", "_quarto-final_dot_yml": "who: final"},
    )
    assert settings_of(root) == (("draft", "a4"), "draft")
    assert settings_of(root, "final") == (("final", "a4"), "final")
    monkeypatch.setenv("QUARTO_PROFILE", "letter,final")
    assert settings_of(root) == (("letter", "final"), "final")
    (root / "_quarto.yml.local").write_text("who: me")
    assert settings_of(root) == (("letter", "final"), "me")


NUMBERED = """\
---
title: Numbers
abstract: See @fig-one.
crossref: {fig-title: Fig., fig-prefix: fig., fig-labels: alpha A, subref-labels: roman i, title-delim: —}
---

![First](p.svg){#fig-one}

::: {#fig-two layout-ncol=2}

![Left](p.svg){#fig-left}

![Right](p.svg){#fig-right}

Second

:::

::: {#thm-one}
## Name
Stated.
:::

::: {#tip-one .callout-tip title="*Try* it"}
Tried.
:::

| a |
|---|
| 1 |

: Caption {#tbl-one}

Line<br>break. Nothing is between [](#fig-two) and ![](p.svg).

As @fig-two, @fig-right, @thm-one, @tip-one and @tbl-one.
"""
SAID = (
    "See fig. A.",
    "Fig. A— First",
    "(ii) Right",
    "Fig. B— Second",
    "Theorem 1 (Name) Stated.",
    "Tip 1— Try it",
    "Table 1— Caption",
    "Line break. Nothing is between",
    "As fig. B, fig. B (ii), Theorem 1, Tip 1 and Table 1.",
)


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The text of one document in three formats."""
    root = tmp_path_factory.mktemp("numbered")
    (root / "index.qmd").write_text(NUMBERED, encoding="utf-8")
    (root / "_quarto.yml").write_text("format: {html: {minimal: true}}", encoding="utf-8")
    (root / "p.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")
    rendered: Rendered = render(root, ["html", "pdf", "docx"], root / "out")
    page = html.parse(rendered.paths["html"]).getroot()
    for mark in page.iter("br"):
        mark.tail = f" {mark.tail or ''}"
    document = docx.Document(str(rendered.paths["docx"]))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    paragraphs = [*document.paragraphs, *(line for cell in cells for line in cell.paragraphs)]
    found = {
        "html": page.text_content(),
        "pdf": "\n".join(sheet.extract_text() for sheet in pypdf.PdfReader(rendered.paths["pdf"]).pages),
        "docx": "\n".join(line.text for line in paragraphs),
    }
    return {name: " ".join(text.split()) for name, text in found.items()}


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("name", ["html", "pdf", "docx"])
def test_numbers_and_titles_are_the_same_in_every_format(texts: dict[str, str], name: str, said: str) -> None:
    assert said in texts[name]
