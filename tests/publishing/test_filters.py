"""Tables as the filters that both engines share make them, run by plain pandoc on small documents."""

from __future__ import annotations

import io
import re
import zipfile

import docx
import pandas as pd
import pypdf
import pytest
import typst
from great_tables import GT, html, loc, style
from lxml import html as lxml_html

from .filtering import EARLY, FILTERS, LATE, page, pandoc


def block(table: GT) -> str:
    return f"```{{=html}}\n{table.as_raw_html()}\n```\n"


def pdf_text(typst_source: bytes) -> str:
    source = b"#set document(title: [T])\n" + typst_source
    pages = pypdf.PdfReader(io.BytesIO(typst.compile(source, pdf_standards=["ua-1"]))).pages
    return "\n".join(page.extract_text() for page in pages)


def word_xml(markdown: str) -> str:
    with zipfile.ZipFile(io.BytesIO(pandoc(markdown, "docx"))) as archive:
        return archive.read("word/document.xml").decode()


@pytest.fixture(scope="module")
def table() -> str:
    """Two groups, a spanner, marked notes, a keyed number, and characters that formats escape differently."""
    frame = pd.DataFrame(
        {
            "group": ["Age & sex", "Age & sex", "Regimen"],
            "label": ["Mean", "Female", "1. Prednisone"],
            "n": ["64.1", "20", "3"],
            "p": ["<span class='num' data-key='a.p'>&lt;0.001</span>", "0.04", "1.00"],
        }
    )
    made = (
        GT(frame, rowname_col="label", groupname_col="group", id="tbl-small")
        .tab_stubhead("Characteristic")
        .tab_spanner("Result", ["n", "p"])
        .fmt_markdown("p")
        .cols_align("right", ["n", "p"])
        .cols_label(n=html("Value<br>(n)"), p="P")
        .tab_footnote("Of those known.", loc.body(columns="n", rows=[0]))
        .tab_footnote("Two-sided.", loc.column_labels("p"))
        .tab_source_note("Source & remarks <0.05.")
    )
    return block(made)


ROWS = [
    ["Characteristic", "Result"],
    ["Value (n)", "Pa"],
    ["Age & sex"],
    ["Mean", "64.1b", "<0.001"],
    ["Female", "20", "0.04"],
    ["Regimen"],
    ["1. Prednisone", "3", "1.00"],
]
NOTES = ["Source & remarks <0.05.", "a Two-sided.", "b Of those known."]


def cells(row: lxml_html.HtmlElement) -> list[str]:
    return [
        " ".join(" ".join(cell.itertext()).split()).replace("64.1 b", "64.1b").replace("P a", "Pa")
        for cell in row
    ]


def test_html_table_reads_as_it_was_made(table: str) -> None:
    rows = page(table).xpath("//tr")
    assert [cells(row) for row in rows] == [*ROWS, *([note] for note in NOTES)]


def test_html_table_keeps_keys_alignment_and_headings(table: str) -> None:
    document = page(table)
    assert document.xpath("string(//span[@class='num'][@data-key='a.p'])") == "<0.001"
    assert [th.get("colspan") for th in document.xpath("//tbody/tr/th[@class='gt_group_heading']")] == [
        "3",
        "3",
    ]
    assert "gt_right" in document.xpath("//td[contains(., '64.1')]/@class")[0]
    assert "gt_left" in document.xpath("//th[.='Female']/@class")[0]
    assert document.xpath("//th[.='Female']/@scope") == ["row"]
    assert not document.xpath("//style")
    assert "font-style" not in "".join(document.xpath("//@style"))


def test_table_named_like_its_float_gives_way(table: str) -> None:
    assert page(f"::: {{#tbl-small}}\n\n{table}\n:::\n").xpath("//div[table]/@id") == ["table-small"]


def test_every_id_of_the_page_is_there_once(table: str) -> None:
    ids = page(f"::: {{#tbl-small}}\n\n{table}\n:::\n").xpath("//@id")
    assert len(ids) == len(set(ids))


def test_pdf_text_has_the_signs_as_printed(table: str) -> None:
    text = pdf_text(pandoc(table, "typst"))
    for words in ("<0.001", "Age & sex", "Source & remarks <0.05.", "1. Prednisone"):
        assert words in text
    assert "&lt;" not in text
    assert "1 64.1" not in text


def test_word_table_is_a_table_with_repeating_headings(table: str) -> None:
    styles = f"--reference-doc={FILTERS.parent / 'assets' / 'reference.docx'}"
    document = docx.Document(io.BytesIO(pandoc(table, "docx", (*EARLY, *LATE), styles)))
    (made,) = document.tables
    read = []
    for row in made.rows:
        texts = []
        for cell in row.cells:
            if not any(cell._tc is seen for seen, _ in texts):
                texts.append((cell._tc, " ".join(cell.text.split())))
        read.append([text for _, text in texts])
    assert read[0] == ["Characteristic", "Result"]
    assert read[1][1:] == ["Value (n)", "Pa"]
    assert read[2:] == ROWS[2:]
    repeated = [bool(row._tr.xpath("./w:trPr/w:tblHeader")) for row in made.rows]
    assert repeated == [True, True, False, False, False, False, False]
    assert all(row._tr.xpath("./w:trPr/w:cantSplit") for row in made.rows)
    notes = [p.text for p in document.paragraphs if p.style.name == "Table Note" and p.text]
    assert notes == ["\n".join(NOTES)]


def test_a_bold_row_stays_bold_and_an_indented_one_indented() -> None:
    frame = pd.DataFrame({"a": ["x", "y"], "b": [1, 2]})
    made = GT(frame, id="t").tab_style(style.text(weight="bold"), loc.body(rows=[1]))
    assert page(block(made)).xpath("//td[contains(@style, 'bold')]/text()") == ["y", "2"]
    assert "#strong[y]" in pandoc(block(made), "typst").decode()


def test_a_long_name_may_break_in_the_pdf_and_copies_clean() -> None:
    long, short = "immunotherapy_planned_before_transfer", "immunotherapy_start_date"
    frame = pd.DataFrame({"a": [long], "b": [short]})
    source = block(GT(frame, id="t"))
    made = pandoc(source, "typst").decode()
    assert "immunotherapy\\_#box()planned" in made
    assert "immunotherapy\\_start\\_date" in made
    assert long in pdf_text(made.encode())
    assert long in pandoc(source, "html").decode()
    assert "immunotherapy_\u200bplanned" in re.sub("<[^>]*>", "", word_xml(source))


def test_a_group_row_heads_its_rows_in_the_pdf(table: str) -> None:
    made = pandoc(table, "typst").decode()
    assert made.count("table.header(level: 2, repeat: false, table.cell(") == 2
    assert "Regimen" in pdf_text(made.encode())


def test_notes_stand_in_a_frame_of_their_own(table: str) -> None:
    notes = page(table).xpath("//tfoot//td/div[@class='table-note-text']")
    assert ["".join(note.itertext()).strip()[:6] for note in notes] == ["Source", "a Two-", "b Of t"]


def test_word_notes_begin_at_the_left_in_a_centred_frame(table: str) -> None:
    assert word_xml(table).count('<w:pStyle w:val="TableNote"/><w:jc w:val="left"/>') == 1


def test_a_crowded_word_table_keeps_short_columns_whole() -> None:
    frame = pd.DataFrame({"Required": ["yes"], **{f"c{n}": ["a" * 30] for n in range(5)}})
    grid = re.findall(r'<w:gridCol w:w="(\d+)"', word_xml(block(GT(frame, id="t"))))
    # "Required" in bold 9 pt letters is about 36 pt broad, 720 twentieths.
    assert int(grid[0]) > 720
    assert int(grid[1]) < int(grid[0]) * 2.5


def test_columns_of_sentences_share_the_page() -> None:
    frame = pd.DataFrame({"name": ["sacs"], "meaning": ["word " * 30], "blank": ["some more words " * 4]})
    source = pandoc(block(GT(frame, id="t")), "typst").decode()
    line = next(line for line in source.splitlines() if "columns:" in line)
    widths = [
        float(part.strip().rstrip("%)"))
        for part in line.partition("(")[2].rstrip(",)").split(",")
        if part.strip()
    ]
    assert len(widths) == 3
    assert widths[1] > widths[2] > widths[0]
    assert sum(widths) < 100


def test_other_raw_html_and_tables_are_left_alone() -> None:
    source = '```{=html}\n<p class="x">kept</p>\n```\n\n| a |\n|---|\n| 1 |\n'
    assert pandoc(source, "html") == pandoc(source, "html", ())
