"""Numbers typed by hand are found where they stand; what is no number, or is known to be right, is not."""

from __future__ import annotations

import pytest

from report_helpers.publishing.checks.finding import Finding, without_allowed
from report_helpers.publishing.checks.reading.manuscript import Manuscript
from report_helpers.publishing.checks.typed_numbers import typed_numbers

from .parts import not_allowed
from .planting import Fault, Planter, assert_found, fault
from .rendered_faults import Rendered

REGULATED = "chapters/regulated-results.qmd"
DISCUSSION = "chapters/discussion.qmd"
INTRODUCTION = "chapters/introduction.qmd"
SUPPLEMENT = "chapters/supplement.qmd"
UNROUNDED = "Adverse events were not compared"
ALONE = "All outcomes are in @suptbl-outcomes."


def alone(sentence: str, says: str) -> Fault:
    """Return the fault of one more sentence among the secondary outcomes."""
    name = "chapters/dysregulated-results.qmd"
    return fault((name, ALONE, f"{ALONE}\n{sentence}"), at=sentence, says=says)


FAULTS = {
    "a count instead of a value": fault(
        (REGULATED, '`{python} r.regulated.patients.counted("patient", "patients")`', "85 patients"),
        at="85 patients",
        says="“85”",
    ),
    "a percentage": alone("Implantation followed in 38.5% of all.", "“38.5%”"),
    "a percentage apart from its sign": alone("Implantation followed in 38.5 % of all.", "“38.5 %”"),
    "n/N with its share": alone("Implantation followed in 14/43 (32.6%) of them.", "“14/43 (32.6%)”"),
    "n of N": alone("Implantation followed in 14 of 43.", "“14 of 43”"),
    "a P value": alone("The two differ (P = 0.03).", "“P = 0.03”"),
    "a bound of a P value": alone("The two differ (P<0.001).", "“P<0.001”"),
    "an interval": alone(
        "The ratio was 0.68 (95% CI 0.40–1.15), P=0.15.", "“0.68 (95% CI 0.40–1.15), P=0.15”"
    ),
    "a negative difference": alone("The difference was −15.1 (−34.0 to 5.6).", "“−15.1 (−34.0 to 5.6)”"),
    "a thousand": alone("In all, 1,234 records were read.", "“1,234”"),
    "a year": alone("The last transfer was in December 2023.", "“2023”"),
    "a dose": alone("All had 10 mg of it.", "“10”"),
    "a count that looks like a year": alone("Of 2023 embryos, most were frozen.", "“2023”"),
    "a count after a word of time": alone("In 2023 patients this was so.", "“2023”"),
    "a count after a year": alone("In 2019, 2045 embryos were frozen.", "“2045”"),
    "a count of grants": alone("They hold grants for 1234 patients.", "“1234”"),
    "the years of the study": alone("Records from 2022 to 2023 were read.", "“2022 to 2023”"),
    "a number with two decimals after a capital": alone("Ratio RR 1.73 was seen.", "“1.73”"),
    "a vulgar fraction": alone("In ½ of these patients it was so.", "“½”"),
    "a whole and a vulgar fraction": alone("It took 2½ hours.", "“2½”"),
    "a formula with a P value": alone("The two differ, $p < 0.05$, it seems.", "“$p < 0.05$”"),
    "a formula with a count": alone("This was so ($n = 281$).", "“$n = 281$”"),
    "a formula with a share": alone(r"This was so in $38.5\%$ of all.", "38.5"),
    "a number in backticks": alone("The file has `734` rows.", "“`734`”"),
    "the alternative text of a picture": alone(
        'See below.\n\n![A page](assets/page.png){fig-alt="Timeline of 734 patients"}\n', "“734”"
    ),
    "the alternative text of a block": alone(
        'See below.\n\n::: {#fig-x fig-alt="Ratios in 366 patients"}\nWords.\n:::\n', "“366”"
    ),
    "number words": alone("Thirty-four patients had both.", "“Thirty-four patients”"),
    "number words apart": alone("It failed in twelve untreated women.", "“twelve untreated women”"),
    "one patient": alone("One patient withdrew.", "“One patient”"),
    "a fraction": alone("Two thirds of them had both.", "“Two thirds”"),
    "half": alone("It was known in half of the untreated patients.", "“half of the untreated patients”"),
    "one in five": alone("One in five had both.", "“One in five”"),
    "a fold": alone("A three-fold difference was seen.", "“three-fold”"),
    "a percentage in words": alone("Forty percent had both.", "“Forty percent”"),
    "1 beside a count": alone("The second group includes 1 patient.", "“1”"),
    "in a heading": fault(
        (REGULATED, "## Regulated profiles", "## The 85 regulated profiles"),
        at="## The 85",
        says="“85”",
    ),
    "in a caption": fault(
        (REGULATED, "(n = `{python} r.regulated.none.patients`)", "(n = 42)"),
        at="(n = 42)",
        says="“n = 42”",
    ),
    "in a caption that is an option": fault(
        (SUPPLEMENT, "tables.bounds(r)", '#| tbl-cap: "Bounds in 356 patients"\ntables.bounds(r)'),
        at="Bounds in 356",
        says="“356”",
    ),
    "in the title": fault(("index.qmd", 'Study"', 'Study of 734 Patients"'), at="734", says="“734”"),
    "in the words of a claim": fault(
        ("index.qmd", 'claim("several groups are small"', 'claim("9 of 26 groups are small"'),
        at="9 of 26 groups",
        says="“9 of 26”",
    ),
    "in a footnote": alone("Known to all.[^a]\n\n[^a]: In 34 of them.", "“34”"),
    "in a row of a table": alone("Below.\n\n| a | b |\n|---|---|\n| x | 34 |\n", "“34”"),
    "the number of a table": alone("All of it is in Table 3.", "The number 3 of a figure"),
    "a result beside a citation": alone(
        "Live birth was 41.2%, as reported [@sun2023].", "“41.2%” stands beside a citation"
    ),
    "a published number with a slip": fault(
        (DISCUSSION, "in 135/357 (37.8%)", "in 135/375 (37.8%)"), at="135/375", says="“135/375 (37.8%)”"
    ),
    "a published number of another work": fault(
        (INTRODUCTION, "had a live birth after", "had 29.7% a live birth after"),
        at="29.7% a live",
        says="“29.7%”",
    ),
}


def found_in(manuscript: Manuscript) -> list[Finding]:
    """Return what is found and not allowed in study.yml."""
    return not_allowed(typed_numbers(manuscript))


def test_the_shipped_manuscript_has_no_number_but_those_that_study_yml_allows(manuscript: Manuscript) -> None:
    assert list(map(str, found_in(manuscript))) == []


@pytest.mark.parametrize("name", FAULTS)
def test_a_typed_number_is_found_once_with_its_line(name: str, plant: Planter) -> None:
    planted = FAULTS[name]
    manuscript = plant(planted)
    # The line of a sentence over several lines, or of a table, is the one on which the number stands.
    lines = planted.at.rstrip("\n").splitlines()
    last = next((each for each in lines if "fig-alt" in each), lines[-1])
    assert_found(found_in(manuscript), manuscript, Fault(planted.edits, planted.file, last, planted.says))


@pytest.mark.parametrize(
    "sentence",
    [
        "Th1/Th2, CD56+, HbA1c, IL-6 and COVID-19 are names, and so is E1.",
        "The interval excludes 1, or lies above 1, or comes nearer 0.",
        "The 2nd and the 3rd are like the first.",
        "See [the guide](https://example.org/2023/04) and <https://example.org/15>.",
        "A formula $x = 0.05$ and code `x = 3` are none.",
        "It costs `{python} r.regulated.none.patients`, on page [@knol2012, p. 514].",
        '[Marked]{.strobe item="13a"} text <!-- 34 of 40 --> goes on.',
        "At least one gestational sac was seen, and each patient contributes one transfer.",
        "Two markers were used, in four groups and on one scale.",
        "A third approach is used, and the second half of the text is about it.",
        "More than one embryo, and less than twice as many.",
        "It closed on 3 March 2024, between 1 May 2024 and 30 June 2024, or on 2024-05-01.",
        "Given since 2011, and more often from 2015 to 2019, in the 1990s and in 2010, as usual.",
        "The definition was revised in 2022, and the 2011 criteria, of ESHRE (2018), are not.",
        "In 1999 Smith found it, and so did others from 2019, 2020 and 2021.",
        "They had type 2 diabetes, or type 1 or 2, after 1:1 allocation, or matched 1:2.",
        "It was done in R 4.3 and Python 3.11.",
        "Counted in a 10× field, at a magnification of 400×, with pandas 3.1.1, after SARS-CoV-2.",
        "Paid by grant 310030-123456, registration number 2021-00123, telephone +41 44 255 11 11.",
        r"Harmless are $\chi^2$, $\chi^2_1$, $\alpha$, $x_1$ and $0$, coded as `1`.",
    ],
)
def test_what_is_no_number_is_left_alone(sentence: str, plant: Planter) -> None:
    assert found_in(plant(alone(sentence, ""))) == []


def test_the_remedy_names_the_choice(plant: Planter) -> None:
    (found,) = found_in(plant(FAULTS["a dose"]))
    assert found.remedy.startswith("Is it a result?")
    assert "a dose" in found.remedy


@pytest.mark.parametrize(
    ("printed", "quote"),
    [("0.4986376021798365", "0.4986376021798365"), ("49.86376", "49.86376"), ("1e-05", "1e-05")],
)
def test_a_number_printed_without_a_result_is_found_on_its_line(
    printed: str, quote: str, manuscript: Manuscript
) -> None:
    planted = Rendered(manuscript)
    planted.words(UNROUNDED, f"{UNROUNDED} {printed},")
    (found,) = found_in(planted.manuscript)
    assert found.quote == quote
    assert (found.file, found.line) == ("index.qmd", line_of(manuscript, UNROUNDED))


@pytest.mark.parametrize("printed", ["0.4986", "10.12345/abc", "v0.123456.7", "1.73"])
def test_what_is_no_long_decimal_is_left_alone(printed: str, manuscript: Manuscript) -> None:
    planted = Rendered(manuscript)
    planted.words(UNROUNDED, f"{UNROUNDED} {printed},")
    assert found_in(planted.manuscript) == []


def line_of(manuscript: Manuscript, words: str) -> int:
    """Return the line of the main document that has these words."""
    lines = (manuscript.root / "index.qmd").read_text(encoding="utf-8").splitlines()
    return 1 + next(place for place, line in enumerate(lines) if words in line)


def test_the_remedy_says_where_a_published_number_is_told(plant: Planter) -> None:
    (found,) = found_in(plant(FAULTS["a result beside a citation"]))
    assert "annote = {quoted: 41.2%}" in found.remedy
    told = fault(
        ("references.bib", "annote = {quoted: 715;", "annote = {quoted: 41.2%; 715;"), at="", says=""
    )
    edits = (*FAULTS["a result beside a citation"].edits, *told.edits)
    assert found_in(plant(Fault(edits, "", "", ""))) == []


def test_an_exception_lets_its_phrase_stand_and_no_other(plant: Planter) -> None:
    allowed = {"typed-number": ["at 24 weeks"]}
    sentence = "Seen at 24 weeks, and again at 25 weeks."
    left = without_allowed(typed_numbers(plant(alone(sentence, ""))), allowed)
    assert [each.quote for each in left if each.context.startswith("Seen")] == ["25"]
