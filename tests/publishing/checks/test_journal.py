"""Limits of journals: from files that name their sources, held against counts that are said to be made so."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from report_helpers.publishing.checks.counts import counts
from report_helpers.publishing.checks.journal import journal
from report_helpers.publishing.checks.journals import COUNTED, known_journals, read_journal
from report_helpers.publishing.checks.reading.manuscript import Manuscript
from report_helpers.publishing.checks.reading.outline import read_outline
from report_helpers.publishing.pages import read_page

from .planting import PAGE, Fault, Planter, assert_found, fault

SMALL_PAGE = """<h1>Abstract</h1><p>In short.</p><p>Keywords: one</p>
<h1>1 Introduction</h1><p>Once upon</p>
<div id="tbl-baseline"><figcaption id="tbl-baseline-caption">Table 1: Two words</figcaption></div>
<h1>4 Discussion</h1><p>a time.</p>
<h1>5 Declarations</h1><p>None.</p><h1>References</h1><p>None.</p><h1>6 Supplement</h1><p>None.</p>"""
PARAGRAPH = "<p>When good embryos"
ABSTRACT = "<strong>Summary answer.</strong>"


def found_in(manuscript: Manuscript, name: str) -> dict[str, int]:
    found = journal(replace(manuscript, journal=name))
    return {each.quote: int(each.what.split()[0].replace(",", "")) for each in found if not each.note}


def words(number: int) -> str:
    return " ".join(["word"] * number)


FAULTS = {
    "a title too long": fault(
        ("index.qmd", 'title: "The Efficacy', f'title: "{words(40)} The Efficacy'),
        at='title: "word',
        says="302 characters in the title: PLOS ONE takes at most 250 (https://github.com/quarto-journals/plos",
        journal="plos-one",
    ),
    "a running title too long": fault(
        ("study.yml", "immunotherapy and implantation", "immunotherapy and implantation in a cohort"),
        at="short_title:",
        says="7 words in the running title: Frontiers in Immunology takes at most 5",
        journal="frontiers-in-immunology",
    ),
    "too many keywords": fault(
        ("index.qmd", "  - tacrolimus\n", "  - tacrolimus\n  - cohort\n  - biopsy\n"),
        at="keywords:",
        says="9 keywords: Frontiers in Immunology takes at most 8",
        journal="frontiers-in-immunology",
    ),
    "too few keywords": fault(
        ("index.qmd", "  - immunotherapy\n  - prednisone\n  - recurrent implantation failure\n", ""),
        at="keywords:",
        says="4 keywords: The Journal of Reproductive Medicine takes at least 5",
        journal="journal-of-reproductive-medicine",
    ),
    "a longer abstract": fault(
        (PAGE, ABSTRACT, f"{ABSTRACT} {words(7)}"),
        file="index.qmd",
        at="# Abstract",
        says="words in the abstract: PLOS ONE takes at most 300",
        journal="plos-one",
    ),
    "a longer abstract for another journal": fault(
        (PAGE, ABSTRACT, f"{ABSTRACT} {words(1)}"),
        file="index.qmd",
        at="# Abstract",
        says="words in the abstract: Reproductive BioMedicine Online takes at most 200 (http://www.rbmojournal.com",
        journal="reproductive-biomedicine-online",
    ),
    "a longer text": fault(
        (PAGE, PARAGRAPH, f"<p>{words(9)}</p>{PARAGRAPH}"),
        file="chapters/introduction.qmd",
        at="# Introduction",
        says="words in the main text: F&S Reports takes at most 3,500",
        journal="fands-reports",
    ),
    "a text beyond a limit that it kept": fault(
        (PAGE, PARAGRAPH, f"<p>{words(7000)}</p>{PARAGRAPH}"),
        file="chapters/introduction.qmd",
        at="# Introduction",
        says="words in the main text: Frontiers in Immunology takes at most 12,000",
        journal="frontiers-in-immunology",
    ),
    "too many references": fault(
        ("chapters/methods.qmd", "No matching was done.", "None [@a1; @a2; @a3; @a4; @a5; @a6; @a7; @a8]."),
        file="index.qmd",
        at="# References",
        says="references: Journal of Reproductive Immunology takes at most 45",
        journal="journal-of-reproductive-immunology",
    ),
    "one figure more": fault(
        (
            "chapters/methods.qmd",
            "No matching was done.",
            "\n::: {#fig-a}\n\nA.\n\n:::\n\n::: {#fig-b}\n\nB.\n\n:::\n",
        ),
        file="chapters/adjusted-results.qmd",
        at="{#fig-cutoffs",
        says="5 figures: Journal of Reproductive Immunology takes at most 4",
        journal="journal-of-reproductive-immunology",
    ),
    "many tables and figures more": fault(
        (
            "chapters/methods.qmd",
            "No matching was done.",
            "".join(f"\n::: {{#tbl-x{number}}}\n\nX.\n\n:::\n" for number in range(7)),
        ),
        file="chapters/adjusted-results.qmd",
        at="{#fig-cutoffs",
        says="16 tables and figures: Frontiers in Immunology takes at most 15",
        journal="frontiers-in-immunology",
    ),
    "a level of headings too deep": fault(
        ("chapters/dysregulated-results.qmd", "### Both markers", "#### Both markers"),
        at="#### Both markers",
        says="4 levels of headings: PLOS ONE takes at most 3",
        journal="plos-one",
    ),
    "an unknown journal": fault(
        ("study.yml", "journal: null", "journal: human-reprodction"),
        at="journal: human-reprodction",
        says="The limits of the journal human-reprodction are not known",
        journal="human-reprodction",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_once_with_its_line(name: str, plant: Planter) -> None:
    planted: Fault = FAULTS[name]
    before = found_in(plant.clean, planted.journal) if planted.journal in known_journals() else {}
    manuscript = plant(planted)
    found = [each for each in journal(manuscript) if not each.note]
    new = [each for each in found if not each.what.startswith(f"{before.get(each.quote, 0):,} ")]
    assert_found(new, manuscript, planted)


def test_without_a_journal_only_counts_are_told(manuscript: Manuscript) -> None:
    (told,) = journal(manuscript)
    assert told.note
    assert "7 keywords" in told.what
    assert "6 tables, 3 figures, 9 tables and figures" in told.what
    assert "without abstract, headings, tables, captions" in told.remedy


def test_an_unknown_journal_is_answered_with_the_one_that_was_meant(plant: Planter) -> None:
    found = [each for each in journal(plant(FAULTS["an unknown journal"])) if not each.note]
    assert found[0].remedy == "Did you mean human-reproduction?"
    found = list(journal(replace(plant.clean, journal="annals")))
    assert all(name in found[-1].remedy for name in known_journals())


def test_the_style_of_the_journal_and_what_is_not_known_are_told_for_information(
    manuscript: Manuscript,
) -> None:
    told = list(journal(replace(manuscript, journal="human-reproduction")))
    assert all(each.note for each in told)
    style = told[1]
    assert (style.file, "citation-style: human-reproduction" in style.remedy) == ("_quarto.yml", True)
    lines = (manuscript.root / "_quarto.yml").read_text(encoding="utf-8").splitlines()
    assert "citation-style:" in lines[style.line - 1]
    assert told[2].what.startswith("Not checked: nothing was compared with the limits of Human Reproduction")
    assert "abstract, main text, references, tables, figures; no source could be read." in told[2].what


def test_words_are_those_of_the_text_without_captions_tables_and_back_matter(manuscript: Manuscript) -> None:
    def counted(where: str, more: str) -> tuple[int, int]:
        html = SMALL_PAGE.replace(where, where + more) if where else SMALL_PAGE
        small = replace(manuscript, html=html, paragraphs=read_page(html).paragraphs)
        found = counts(small, read_outline(small), "")
        return found["abstract-words"], found["main-words"]

    assert counted("", "") == (2, 4)
    value = '<span class="num" data-key="k">7/9 (78%)</span>'
    for where, more, abstract, text in (
        ("Abstract</h1>", f"<p>{words(3)}</p>", 3, 0),
        ("Introduction</h1>", f"<p>{words(5)}</p>", 0, 5),
        ("Introduction</h1>", f"<h2>1.1 {words(5)}</h2><p>{value} – 12</p>", 0, 3),
        ("Introduction</h1>", f"<table><tr><td>{words(9)}</td></tr></table>", 0, 0),
        ("Table 1: Two ", words(9), 0, 0),
        ("Keywords: one", f", {words(9)}", 0, 0),
        ("Declarations</h1>", f"<p>{words(9)}</p>", 0, 0),
        ("References</h1>", f"<p>{words(9)}</p>", 0, 0),
        ("Supplement</h1>", f"<p>{words(9)}</p>", 0, 0),
    ):
        assert counted(where, more) == (2 + abstract, 4 + text), (where, more)


@pytest.mark.parametrize("name", known_journals())
def test_every_fact_of_a_journal_names_its_source_and_the_day(name: str) -> None:
    known = read_journal(name)
    assert known.limits.keys() <= COUNTED.keys()
    assert known.limits or known.abstract_headings
    sources = [limit.source for limit in known.limits.values()]
    sources += [known.headings_source] if known.abstract_headings else []
    sources += [known.style_source] if known.citation_style else []
    for source in sources:
        assert re.fullmatch(r"https?://\S+, read \d{4}-\d\d-\d\d", source), source


def test_every_style_that_a_journal_is_said_to_want_is_installed() -> None:
    from report_helpers.publishing.prepare import citation_style

    for name in known_journals():
        if style := read_journal(name).citation_style:
            assert citation_style(style)
