"""Expressions that would print themselves are found where they stand, whatever kind of text that is."""

from __future__ import annotations

import pytest

from report_helpers.publishing.checks.reading.manuscript import Manuscript
from report_helpers.publishing.checks.self_printing import self_printing

from .planting import Fault, Planter, assert_found, fault

REGULATED = "chapters/regulated-results.qmd"
SUPPLEMENT = "chapters/supplement.qmd"
SECONDARY = "chapters/dysregulated-results.qmd"
ALONE = "All outcomes are in @suptbl-outcomes."
VALUE = "`{python} r.regulated.none.patients`"


def alone(text: str, at: str, says: str) -> Fault:
    """Return the fault of one more line among the secondary outcomes."""
    return fault((SECONDARY, ALONE, f"{ALONE}\n{text}"), at=at, says=says)


FAULTS = {
    "a space before the closing backtick": fault(
        (REGULATED, VALUE, VALUE[:-1] + " `"), at=VALUE[:-1] + " `", says="prints its source"
    ),
    "broken over lines": fault(
        (REGULATED, VALUE, "`{python}\nr.regulated.none.patients`"), at="`{python}", says="broken over lines"
    ),
    "not closed": alone("Of `{python} r.flow.screened", "`{python} r.flow.screened", "is not closed"),
    "not closed before another": alone(
        "Of `{python} r.flow.screened and `{python} r.flow.eligible`.", "Of `{python}", "is not closed"
    ),
    "a space that does not break after {python}": alone(
        "Of `{python}\u00a0r.flow.screened`.", "r.flow.screened", "is no plain space"
    ),
    "no space after {python}": alone("Of `{python}r.flow.screened`.", "{python}r.flow", "is not run"),
    "a blank within the braces": alone("Of `{ python } r.flow.screened`.", "{ python }", "is not run"),
    "a capital": alone("Of `{Python} r.flow.screened`.", "{Python}", "is not run"),
    "another language": alone("Of `{r} flow$screened`.", "{r}", "is not run"),
    "the way of R Markdown": alone("Of `r flow$screened`.", "`r flow", "is not run"),
    "two backticks": alone("Of ``{python} r.flow.screened``.", "``{python}", "is not run"),
    "braces outside": alone("Of {python} `r.flow.screened`.", "{python} `r", "is not run"),
    "plain code": alone("Of `r.flow.screened` patients.", "`r.flow", "stands in the text"),
    "bare": alone("Of r.flow.screened patients.", "r.flow", "stands in the text"),
    "bare, with a call": alone('Of r.flow.screened.counted("a", "b").', "r.flow", "stands in the text"),
    "in a heading": fault(
        (REGULATED, "## Regulated profiles", "## `{python} r.regulated.n ` profiles"),
        at="## `{p",
        says="prints its source",
    ),
    "in a footnote": alone("So.[^a]\n\n[^a]: Of r.flow.screened.", "[^a]: Of", "stands in the text"),
    "in a row of a table": alone(
        "Of them.\n\n| a | b |\n|---|---|\n| x | `r.flow.screened` |\n", "| x |", "stands in the text"
    ),
    "in a caption": fault(
        (REGULATED, f"(n = {VALUE})", "(n = r.regulated.none.patients)"), at="(n = r.", says="text"
    ),
    "in a caption that is an option": fault(
        (SUPPLEMENT, "tables.bounds(r)", f'#| tbl-cap: "Bounds in {VALUE}"\ntables.bounds(r)'),
        at="tbl-cap",
        says="options of a cell",
    ),
    "in fig-alt, an attribute": alone(
        f'![Fig](a.png){{fig-alt="Of {VALUE}"}}', "fig-alt", "stands in an attribute"
    ),
    "in fig-alt, an option": fault(
        (SUPPLEMENT, "figures.love(r)", "#| fig-alt: Of r.flow.screened\nfigures.love(r)"),
        at="fig-alt",
        says="stands in the text",
    ),
    "in the address of a link": alone(f"[here](page-{VALUE}.html)", "[here]", "a link's address"),
    "in the title": fault(("index.qmd", 'Study"', f'Study of {VALUE}"'), at="title:", says="front matter"),
    "bare in a keyword": fault(
        ("index.qmd", "  - tacrolimus", "  - tacrolimus\n  - r.flow.screened"),
        at="- r.flow",
        says="in the text",
    ),
}


def test_the_shipped_manuscript_prints_no_expression(manuscript: Manuscript) -> None:
    assert list(map(str, self_printing(manuscript))) == []


@pytest.mark.parametrize("name", FAULTS)
def test_an_expression_that_prints_itself_is_found_once_with_its_line(name: str, plant: Planter) -> None:
    manuscript = plant(FAULTS[name])
    assert_found(list(self_printing(manuscript)), manuscript, FAULTS[name])


def test_the_results_go_by_the_name_that_the_setup_cell_gives_them(plant: Planter) -> None:
    renamed = fault(
        ("index.qmd", "r = Report(", "report = Report("),
        (SECONDARY, ALONE, f"{ALONE}\nOf report.flow.screened patients, r.m.s. apart."),
        file=SECONDARY,
        at="Of report",
        says="report.flow.screened",
    )
    manuscript = plant(renamed)
    assert_found(list(self_printing(manuscript)), manuscript, renamed)


@pytest.mark.parametrize(
    "text",
    [
        "The code `x = r` and `report.flow` and a folder/r.flow.txt are no results.",
        "```\nr.flow.screened\n```",
        "<https://r.example.org>, or.flow.screened, [@knol2012].",
        "A value {{< meta title >}} and a {.class} stay.",
    ],
)
def test_what_prints_nothing_of_itself_is_left_alone(text: str, plant: Planter) -> None:
    assert list(self_printing(plant(alone(text, "", "")))) == []
