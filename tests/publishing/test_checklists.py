"""Checklists: their items, what the tables say of marked passages, and that a mark does not show."""

from __future__ import annotations

import io
import re
import tomllib
import zipfile

import pypandoc
import pytest
from lxml import html

from report_helpers.reporting.checklists import load_checklist

from .checklist_filter import ROOT, TABLES, made
from .filtering import pandoc


def cells(page: str, item: str) -> tuple[str, str]:
    """Section and page of an item of STROBE."""
    row = html.fromstring(page).xpath(f"//tr[th[normalize-space()='{item}']]")[0]
    section, number = row.xpath("td")[1:]
    return str(section.text_content()), str(number.text_content())


# What each list asks


def test_the_lists_have_every_item_of_their_statements() -> None:
    strobe, record = (tuple(each.id for each in load_checklist(key).items) for key in ("strobe", "record"))
    assert len(set(strobe)) == len(strobe) == 34
    assert {int(re.sub(r"\D", "", each)) for each in strobe} == set(range(1, 23))
    assert record == (
        "1.1", "1.2", "1.3", "6.1", "6.2", "6.3", "7.1", "12.1", "12.2", "12.3", "13.1", "19.1", "22.1"
    )  # fmt: skip


@pytest.mark.parametrize("key", ["strobe", "record"])
def test_a_list_names_its_source_as_the_references_do(key: str) -> None:
    found = load_checklist(key)
    bibliography = (ROOT / "references.bib").read_text(encoding="utf-8")
    entry = bibliography.split(f"{{{found.reference},", 1)[1].split("\n}", 1)[0]
    assert f"doi = {{{found.doi}}}" in entry
    assert f"year = {{{found.year}}}" in entry


def test_the_files_of_the_lists_are_plain_data() -> None:
    folder = ROOT / "src" / "report_helpers" / "reporting" / "checklists"
    for path in folder.glob("*.toml"):
        parts = [each["part"] for each in tomllib.loads(path.read_text(encoding="utf-8"))["items"]]
        assert parts == sorted(parts, key=list(dict.fromkeys(parts)).index), "items of a part stand together"


# What the tables say


def test_a_draft_says_what_is_not_reported() -> None:
    page = made('# Aim {#sec-aim .strobe item="3"}\n\nTo see.\n\n' + TABLES["strobe"])
    assert cells(page, "3") == ("1\u00a0Aim", "PDF")
    assert cells(page, "4") == ("not reported", "")


def test_several_places_of_an_item_are_all_told() -> None:
    text = '# A {#sec-a .strobe item="7"}\n\nx\n\n## B {#sec-b}\n\n::: {.strobe item="7 8"}\ny\n:::\n\n'
    page = made(text + TABLES["strobe"])
    assert cells(page, "7") == ("1\u00a0A; 1.1\u00a0B", "PDF 1, 1.1")
    assert '<a href="#strobe_7_2">1.1\u00a0B</a>' in page
    assert '<span id="strobe_7_2"></span>y' in page


@pytest.mark.parametrize(
    ("passage", "said"),
    [
        ("**Funding.** [\\[to be supplied\\]]{.num}", "1\u00a0A (awaiting the authors)"),
        ("Setting: \\[to be supplied\\].", "1\u00a0A (awaiting the authors)"),
        ("It was in 2022. Setting: \\[to be supplied\\].", "1\u00a0A (in part awaiting the authors)"),
        ("It was in Rouen.", "1\u00a0A"),
    ],
)
def test_what_the_authors_owe_is_said(passage: str, said: str) -> None:
    marked = f'# A {{#sec-a}}\n\n::: {{.strobe item="5"}}\n{passage}\n:::\n\n'
    assert cells(made(marked + TABLES["strobe"]), "5")[0] == said
    heading = f'# A {{#sec-a .strobe item="5"}}\n\n{passage}\n\n# B\n\n\\[to be supplied\\]\n\n'
    assert cells(made(heading + TABLES["strobe"]), "5")[0] == said


def test_why_an_item_does_not_apply_is_told_in_the_table_alone() -> None:
    page = made('Text. [No *matching*: 1 < 2.]{.strobe-not-applicable item="6b"}\n\n' + TABLES["strobe"])
    assert cells(page, "6b") == ("Not applicable: No matching: 1 < 2.", "")
    assert page.startswith("<p>Text. </p>")


def test_a_passage_left_out_for_too_few_patients_still_answers_its_item() -> None:
    hidden = r'[\[not shown\]]{.num key="a.b"}'
    notice = '[Too few patients to report: fewer than 20 were eligible.]{.num key="data.notice"}'
    text = f'{notice}\n\n# A {{#sec-a}}\n\nOf {hidden}, [{hidden} fell]{{.strobe item="15"}}.\n\n'
    page = made(text + TABLES["strobe"], "too-few")
    assert cells(page, "15")[0] == "1\u00a0A"
    assert '<p>Too few patients to report.<span id="strobe_15"></span></p>' in page


# What a reader sees

PLAIN = """# A {#sec-a}

**Run-in.** One.

Two.

Three four *five* six.

::: {#fig-x}

![A box](x.png)

Caption.

:::
"""
MARKED = """# A {#sec-a .strobe item="4"}

::: {.strobe item="2"}

**Run-in.** One.

Two.

:::

Three [four *five*]{.strobe item="3"} six.

:::: {.strobe item="13a 13b"}

::: {#fig-x .strobe item="13c"}

![A box](x.png)

Caption.

:::

::::
"""
# Places to link to; Word begins a new run of letters behind one.
ANCHORS = re.compile(
    r'<span id="strobe_\w+"></span>|<styled-content id="strobe_\w+"></styled-content>'
    r"|#metadata\(none\)<strobe_\w+>|<w:bookmark(?:Start|End)[^>]*>"
)
NEW_RUN = '</w:t></w:r><w:r><w:t xml:space="preserve">'


@pytest.mark.parametrize("to", ["html", "typst", "docx", "jats"])
def test_marks_do_not_show(to: str) -> None:
    def shown(text: str) -> str:
        written = pandoc(f"{text}\n{TABLES['strobe']}", to, ("checklists",))
        if to == "docx":
            with zipfile.ZipFile(io.BytesIO(written)) as archive:
                written = archive.read("word/document.xml")
        text = ANCHORS.sub("", written.decode().partition('<div id="suptbl-strobe"')[0])
        return "".join(text.split()).replace("".join(NEW_RUN.split()), "")

    assert len(ANCHORS.findall(pandoc(MARKED + TABLES["strobe"], "html", ("checklists",)).decode())) == 2
    assert shown(MARKED) == shown(PLAIN)


def test_nothing_happens_without_marks() -> None:
    text = "# A\n\nText.\n"
    assert made(text) == pypandoc.convert_text(text, "html", "markdown", extra_args=["--wrap=none"])
