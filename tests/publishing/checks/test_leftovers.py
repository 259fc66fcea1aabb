"""What was left over is found in every format, once, and led back to its line in the sources."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import typst

from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.leftovers import leftovers
from report_helpers.publishing.checks.reading.manuscript import Manuscript
from report_helpers.publishing.checks.reading.texts import rendered_texts
from report_helpers.publishing.pages import read_page

from .parts import planted
from .planting import PAGE, Fault, Planter, assert_found, fault

INTRODUCTION = "chapters/introduction.qmd"
SECONDARY = "chapters/dysregulated-results.qmd"
SUPPLEMENT = "chapters/supplement.qmd"
WORDS = "markers dominate the debate"


def shown(text: str, says: str) -> Fault:
    """Return the fault of a page that prints text in the midst of a sentence of the introduction."""
    return fault((PAGE, WORDS, f"{WORDS} {text}"), file=INTRODUCTION, at=WORDS, says=says)


def typed(text: str, says: str) -> Fault:
    """Return the fault of a chapter in which text was typed in the midst of a sentence."""
    return fault((INTRODUCTION, WORDS, f"{WORDS} {text}"), at=WORDS, says=says)


FAULTS = {
    "nan": shown("in nan of them", "“nan” (a number that is none) stands in the text of html"),
    "NaN at the end": shown("in NaN.", "“NaN”"),
    "nan with its sign": shown("in nan% of them", "“nan”"),
    "infinity": shown("(0.40 to inf)", "“inf”"),
    "minus infinity": shown("(−inf to 0.40)", "“−inf”"),
    "a time that is none": shown("until NaT", "“NaT”"),
    "a missing value of pandas": shown("in &lt;NA&gt; of them", "“<NA>”"),
    "None in a sentence": shown("and was None", "“None” (a value that is missing)"),
    "None as a value": shown("(n=None)", "“None”"),
    "a part of the results": shown(
        "in &lt;report_helpers.reporting.report.Part object at 0x7f&gt;", "(an object of the program)"
    ),
    "a repr of a value": shown("in Reported(text='48%', key='a')", "“Reported(”"),
    "a repr of an estimate": shown("in Estimate(value=1.7)", "“Estimate(”"),
    "a number of numpy": shown("in np.float64(0.5)", "“np.float64(”"),
    "an empty list": shown("in [] of them", "“[]”"),
    "an empty mapping": shown("in {} of them", "“{}”"),
    "a mapping": shown("in {'a': 1} of them", "“{'a': 1}”"),
    "the kind of a column": shown("0 1 dtype: int64", "“dtype”"),
    "a reference to no section": shown(
        "(see ?@sec-nowhere)", "“?@sec-nowhere” (a reference that leads nowhere)"
    ),
    "a reference to no table": shown("in @tbl-nowhere", "“@tbl-nowhere”"),
    "question marks": shown("in Table ???", "“???”"),
    "a shortcode": shown("{{&lt; meta", "“{{<” (markup that was not read)"),
    "an expression": shown("in {python} r.flow.screened of them", "“{python}”"),
    "an expression of R": shown("in `r.flow.screened`", "“`r.”"),
    "stars": shown("in **all of them", "“**”"),
    "a citation": shown("[@nobody2020]", "“[@nobody2020]”"),
    "a citation of LaTeX": shown("\\cite{knol2012}", "“\\cite{”"),
    "an entity": shown("P &amp;lt; 0.05", "“&lt;”"),
    "a fence": shown("::: note", "“:::”"),
    "an attribute": shown("{#sec-a}", "“{#sec-a}”"),
    "a claim that fails": shown(
        "[claim does not hold: “higher”; the data say: lower]",
        "“[claim does not hold: “higher”; the data say: lower]”",
    ),
    "a note": shown("TODO", "“TODO” (a note to the authors)"),
    "filling text": shown("Lorem ipsum", "“Lorem ipsum”"),
    "a citation to be found": shown("[citation needed]", "“[citation needed]”"),
    "a citation to be found, in parentheses": shown("(citation needed)", "“(citation needed)”"),
    "a citation without its names": shown("[Author, year]", "“[Author, year]”"),
    "a note to check": shown("[CHECK]", "“[CHECK]” (a note to the authors)"),
    "a comment": shown("[Comment AB: why so]", "“[Comment AB: why so]”"),
    "a name to come": shown("bought from xx, Germany", "“xx”"),
    "a value to come": shown("in XX% of them", "“XX”"),
    "a blank to fill in": shown("was ____.", "“____”"),
    "two question marks": shown("in ?? patients", "“??” (a reference that leads nowhere)"),
    "a question mark in brackets": shown("as known [?]", "“[?]”"),
    "a reference of Word": shown(
        "see Error! Reference source not found.", "“Error! Reference source not found”"
    ),
    "marks of a merge": fault(
        (
            INTRODUCTION,
            WORDS,
            f"{WORDS}.\n\n<<<<<<< HEAD\nIt was.\n=======\nIt had been.\n>>>>>>> anna\n\nAnd",
        ),
        at="<<<<<<< HEAD",
        says="“<<<<<<< HEAD” is a mark of git",
    ),
    "the end of a merge": fault(
        (INTRODUCTION, WORDS, f"{WORDS}\n>>>>>>> anna\n"), at=">>>>>>>", says="of git"
    ),
    "words added by an edit": typed("{++also++}", "“{++also++}” is a mark of an edit"),
    "words taken out by an edit": typed("{--also--}", "“{--also--}”"),
    "a comment of an edit": typed("{>>why? Ask.<<}", "“{>>why?"),
    "a citation without @": typed("[sun2023]", "“[sun2023]” cites a work without @"),
    "a citation without @, with a page": typed("[sun2023, p. 4]", "“[sun2023, p."),
    "a backtick that is not closed": typed(
        "the `supplement is", "backtick before “supplement” is not closed"
    ),
    "in a table": fault(
        (PAGE, ">36.6 (4.0)<", ">nan (nan)<"),
        file="chapters/eligibility-flow.qmd",
        at="tables.baseline(r)",
        says="“nan”",
    ),
    "typed by hand in a chapter": fault(
        (INTRODUCTION, WORDS, f"{WORDS} [to be supplied]"),
        at=WORDS,
        says="“[to be supplied]” is typed by hand",
    ),
    "typed by hand, in other words": fault(
        (INTRODUCTION, WORDS, f"{WORDS} [dose to be confirmed]"), at=WORDS, says="is typed by hand"
    ),
    "typed by hand in the title": fault(
        ("index.qmd", 'Retrospective Study"', 'Retrospective Study (to be supplied)"'),
        at="title:",
        says="by hand",
    ),
}


def wrong(manuscript: Manuscript) -> list[Finding]:
    """Return what is found, without what is told for information."""
    return [each for each in leftovers(manuscript) if not each.note]


def test_the_shipped_manuscript_has_no_leftover(manuscript: Manuscript) -> None:
    assert list(map(str, wrong(manuscript))) == []


@pytest.mark.parametrize("name", FAULTS)
def test_a_leftover_is_found_once_with_its_line(name: str, plant: Planter) -> None:
    manuscript = planted(plant, FAULTS[name], alone=True)
    assert_found(wrong(manuscript), manuscript, FAULTS[name])


def test_the_facts_that_are_not_known_are_told_in_one_note(manuscript: Manuscript) -> None:
    (note,) = [each for each in leftovers(manuscript) if each.file == "study.yml"]
    lines = (manuscript.root / "study.yml").read_text(encoding="utf-8").splitlines()
    said, _, listed = note.what.removesuffix(".").partition(": ")
    names = listed.split(", ")
    places = [next(i for i, each in enumerate(lines, start=1) if f" {name}: null" in each) for name in names]
    assert note.note
    assert note.line == places[0] == min(places)
    assert said == f"{len(names)} facts are yet to be supplied (lines {places[0]} to {places[-1]})"
    assert len(set(names)) > 20


def test_one_fact_is_told_by_its_name(manuscript: Manuscript) -> None:
    entry = {"key": "facts.consent", "text": "[to be supplied]", "file": INTRODUCTION, "line": 3}
    found = leftovers(replace(manuscript, ledger={"numbers": [entry]}))
    assert [each.what for each in found if each.file == "study.yml"] == [
        "One fact is yet to be supplied: consent."
    ]


def test_the_placeholders_of_authors_are_told_in_one_note(manuscript: Manuscript) -> None:
    (note,) = [each for each in leftovers(manuscript) if each.note and each.file == "index.qmd"]
    assert note.line == 4
    start = "Placeholders stand there (lines 4 to 18): [First author], [Second author], [Last author], ["
    assert note.what.startswith(start)


def test_what_stands_on_one_line_only_is_found_on_it(plant: Planter) -> None:
    line = "All outcomes are in @suptbl-outcomes."
    typed = plant(fault((SECONDARY, line, f"{line}\nTODO: ask."), at="TODO", says=""))
    page = planted(plant, shown("TODO", ""), alone=True)
    (found,) = wrong(replace(typed, paragraphs=page.paragraphs))
    assert "TODO: ask." in (typed.root / found.file).read_text(encoding="utf-8").splitlines()[found.line - 1]


def test_a_gap_that_is_no_fact_is_found(manuscript: Manuscript) -> None:
    entry = {"key": "flow.screened", "text": "[to be supplied]", "file": INTRODUCTION, "line": 3}
    (found,) = wrong(replace(manuscript, ledger={"numbers": [entry]}))
    assert (found.file, found.line) == (INTRODUCTION, 3)


@pytest.mark.parametrize(
    "text",
    [
        "none of them. None of the women, and Nan and Dr Inf, in Nancy; banana, infinite, info.",
        "Funding: None. Anything else? None.",
        "and None of these, P &lt; 0.05 &amp; more, the interval [0, 1), n (%) and {0, 1}.",
        "a note[1], an e-mail a@tbl.org, 5 * 3 ** , R² and a TO-DO list",
        "What? Really?? (Or not?)",
        "46,XX, xx-large, a/xx, a__b, the Author and his year",
        "https://doi.org/10.1/inf/nan",
    ],
)
def test_real_words_are_left_alone(text: str, plant: Planter) -> None:
    assert list(map(str, wrong(planted(plant, shown(text, ""), alone=True)))) == []


@pytest.mark.parametrize(
    "text",
    [
        "(so `{++a++}`, ``a ` b``, `over\nlines` and \\` one)",
        "[sun2023](https://example.org), [@sun2023], [see]{.smallcaps} and (knol)",
        "so.\n\nA heading\n=======\n\n```\n<<<<<<< HEAD\n```\n\nAnd",
        "in ranges 1--2, dashes -- these -- and __bold__ words",
    ],
)
def test_what_is_meant_in_the_sources_is_left_alone(text: str, plant: Planter) -> None:
    assert list(map(str, wrong(planted(plant, typed(text, ""), alone=True)))) == []


def test_an_expression_that_prints_itself_is_told_by_that_check_alone(plant: Planter) -> None:
    sources = plant(typed("`{python}r.flow.screened`", ""))
    page = planted(plant, shown("{python}r.flow.screened", ""), alone=True)
    assert wrong(replace(sources, paragraphs=page.paragraphs)) == []


@pytest.fixture(scope="module")
def in_formats(
    rendered: Path, manuscript: Manuscript, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Manuscript]:
    """The manuscript with text put behind words of the introduction in the page, in Word and in JATS."""

    def put(text: str) -> Manuscript:
        output = tmp_path_factory.mktemp("output")
        for name, part in (("index.html", ""), ("index.xml", ""), ("index.docx", "word/document.xml")):
            if part:
                with zipfile.ZipFile(rendered / name) as old, zipfile.ZipFile(output / name, "w") as new:
                    for each in (part, "word/footnotes.xml"):
                        new.writestr(each, _with(old.read(each).decode(), text))
            else:
                (output / name).write_text(
                    _with((rendered / name).read_text(encoding="utf-8"), text), "utf-8"
                )
        page = read_page((output / "index.html").read_text(encoding="utf-8"))
        return replace(manuscript, paragraphs=page.paragraphs, texts=rendered_texts(output))

    return put


def _with(page: str, text: str) -> str:
    return page.replace(WORDS, f"{WORDS} {text}", 1)


def test_a_leftover_of_several_formats_is_told_once(in_formats: Callable[[str], Manuscript]) -> None:
    manuscript = in_formats("np.float64(3)")
    assert sorted(manuscript.texts) == ["docx", "html", "jats"]
    found = wrong(manuscript)
    assert [each.what for each in found] == [
        "“np.float64(” (an object of the program) stands in the text of html, docx, jats."
    ]
    assert WORDS in (manuscript.root / found[0].file).read_text().splitlines()[found[0].line - 1]


@pytest.mark.parametrize(("name", "file"), [("docx", "index.docx"), ("jats", "index.xml")])
def test_a_leftover_of_one_format_names_it(
    name: str, file: str, in_formats: Callable[[str], Manuscript]
) -> None:
    manuscript = in_formats("in nan of them")
    found = wrong(replace(manuscript, texts={name: manuscript.texts[name]}))
    assert [each.what for each in found] == [f"“nan” (a number that is none) stands in the text of {name}."]
    assert found[0].file == INTRODUCTION


def test_the_lines_of_a_pdf_may_break_words(manuscript: Manuscript, tmp_path: Path) -> None:
    text = (
        "Two markers dominate the debate \\[claim does\\ not hold: no\\ such thing\\], "
        "and \\ lorem\\ ipsum, np.flo-\\ at64(1)"
    )
    typst.compile(f"#set page(width: 9cm, height: 6cm)\n{text}".encode(), output=str(tmp_path / "index.pdf"))
    found = wrong(replace(manuscript, texts=rendered_texts(tmp_path)))
    assert [(each.quote, each.file) for each in found] == [
        ("[claim does not hold: no such thing]", INTRODUCTION),
        ("lorem ipsum", INTRODUCTION),
        ("np.float64(", INTRODUCTION),
    ]
    assert all("the text of pdf" in each.what for each in found)
