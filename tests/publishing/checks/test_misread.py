"""A slip in a heading, a list of attributes or the opening of a cell is told at its own line."""

from __future__ import annotations

import pytest

from report_helpers.publishing.checks.misread import misread
from report_helpers.publishing.checks.reading.manuscript import Manuscript

from .planting import Planter, assert_found, fault

DISCUSSION = "chapters/discussion.qmd"
DYSREGULATED = "chapters/dysregulated-results.qmd"
FLOW = "chapters/eligibility-flow.qmd"
METHODS = "chapters/methods.qmd"
MARK = '{.strobe item="6b"}'
NO_LIST = "is no list of attributes"

FAULTS = {
    "a heading without a blank": fault(
        (DISCUSSION, "## Conclusion {", "##Conclusion {"), at="##Conclusion", says="is no heading"
    ),
    "two items without quotation marks": fault(
        (FLOW, 'item="13a 13b"}', "item=13a 13b}"), at="item=13a 13b}", says=NO_LIST
    ),
    "a quotation mark that is not closed": fault(
        (FLOW, 'item="13a 13b"}', 'item="13a 13b}'), at='item="13a 13b}', says=NO_LIST
    ),
    "a label that is not closed": fault(
        (DISCUSSION, "## Conclusion {#sec-conclusion", "## Conclusion {#sec-conclusion\n\n{.x"),
        at="## Conclusion {#sec",
        says=NO_LIST,
    ),
    "a label without its sign": fault(
        (DISCUSSION, "## Generalisability", "## Use {sec-use}\n\nOf use.\n\n## Generalisability"),
        at="{sec-use}",
        says=NO_LIST,
    ),
    "a mark that is not closed": fault((METHODS, MARK, '{.strobe item="6b"'), at='item="6b"', says=NO_LIST),
    "a cell without braces": fault(
        (DYSREGULATED, "```{python}", "```python"), at="```python", says="opens code that is shown, not run"
    ),
    "a cell with one brace": fault(
        (DYSREGULATED, "```{python}", "```{python"), at="```{python", says="opens code that is shown, not run"
    ),
}


def test_the_shipped_manuscript_is_clean(manuscript: Manuscript) -> None:
    assert list(misread(manuscript)) == []


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_once_with_its_line(name: str, plant: Planter) -> None:
    manuscript = plant(FAULTS[name])
    assert_found(list(misread(manuscript)), manuscript, FAULTS[name])


def test_what_is_in_order_is_let_be(plant: Planter) -> None:
    for right in (
        "[None.]{.strobe\nitem='6b'}",
        "[None.]{.strobe item=6b #none}",
        '![Page](assets/page.png){fig-alt="A page\'s text" width=50%}',
        "#1 of these",
        "$x_{i=1, j}$ and `{.strobe item=1 2`",
        "```python\nprint(1)\n```\n",
        "<!-- ##Conclusion -->",
        "\n## Use {-}\n",
        "\n## Use {.unnumbered #sec-use}\n",
    ):
        planted = fault(
            (DISCUSSION, "## Generalisability", f"{right}\n\n## Generalisability"), at="", says=""
        )
        assert list(misread(plant(planted))) == [], right
