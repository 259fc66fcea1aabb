"""Every table and figure is cited, in order, has a caption of its own, and pictures have words."""

from __future__ import annotations

import pytest

from report_helpers.publishing.checks.float_cited import float_cited
from report_helpers.publishing.checks.reading.manuscript import Manuscript

from .planting import PAGE, Fault, Planter, assert_found, fault

DYSREGULATED = "chapters/dysregulated-results.qmd"
REGULATED = "chapters/regulated-results.qmd"
METHODS = "chapters/methods.qmd"
SUPPLEMENT = "chapters/supplement.qmd"

FAULTS = {
    "a table not cited": fault(
        (REGULATED, "both before and after (@tbl-regulated)", "both before and after"),
        at="::: {#tbl-regulated",
        says="@tbl-regulated is not cited",
    ),
    "a figure not cited": fault(
        (DYSREGULATED, "All contrasts of both profiles are drawn on one scale in @fig-forest.", ""),
        at="::: {#fig-forest",
        says="@fig-forest is not cited",
    ),
    "a table cited in itself only": fault(
        (REGULATED, "both before and after (@tbl-regulated)", "both before and after"),
        (REGULATED, "by timing of immunotherapy. The", "by timing of immunotherapy (@tbl-regulated). The"),
        at="::: {#tbl-regulated",
        says="@tbl-regulated is not cited",
    ),
    "a table cited in the abstract only": fault(
        (REGULATED, "both before and after (@tbl-regulated)", "both before and after"),
        (
            "index.qmd",
            "Adverse events were not compared.",
            "Adverse events were not compared [-@tbl-regulated].",
        ),
        at="::: {#tbl-regulated",
        says="@tbl-regulated is not cited",
    ),
    "a table cited in a comment only": fault(
        (
            REGULATED,
            "both before and after (@tbl-regulated)",
            "both before and after <!-- @tbl-regulated -->",
        ),
        at="::: {#tbl-regulated",
        says="@tbl-regulated is not cited",
    ),
    "a table cited too early": fault(
        (METHODS, "No matching was done.", "No matching was done (@tbl-interaction)."),
        at="No matching was done",
        says="@tbl-interaction is cited before @tbl-baseline",
    ),
    "a figure cited too early": fault(
        ("chapters/introduction.qmd", "It was open-label", "It was open-label (@Fig-forest)"),
        at="@Fig-forest",
        says="@fig-forest is cited before @fig-flow",
    ),
    "a supplementary table cited too early": fault(
        (METHODS, "No matching was done.", "No matching was done [@suptbl-operating]."),
        at="No matching was done",
        says="@suptbl-operating is cited before @suptbl-outcomes",
    ),
    "a citation of what is not there": fault(
        (METHODS, "are those in @tbl-baseline", "are those in @tbl-baseline and @tbl-basline"),
        at="@tbl-basline",
        says="@tbl-basline is cited, but nothing has that label",
    ),
    "a supplementary figure that is not there": fault(
        (
            SUPPLEMENT,
            "@suptbl-balance and @supfig-love show",
            "@suptbl-balance, @supfig-weights and @supfig-love show",
        ),
        at="@supfig-weights",
        says="@supfig-weights is cited, but nothing has that label",
    ),
    "a caption missing": fault(
        (
            PAGE,
            'id="tbl-regulated-caption" class="',
            'id="tbl-regulated-caption"></figcaption><figcaption class="',
        ),
        file=REGULATED,
        at="::: {#tbl-regulated",
        says="@tbl-regulated has no caption",
    ),
    "a picture without words": fault(
        (PAGE, 'alt="Flow diagram', 'title="Flow diagram'),
        file="chapters/eligibility-flow.qmd",
        at="::: {#fig-flow",
        says="@fig-flow holds a picture without alternative text",
    ),
    "a new figure that nobody cites": fault(
        (SUPPLEMENT, "## Missing data", "::: {#supfig-new}\n\n![](x.png)\n\nNew.\n\n:::\n\n## Missing data"),
        at="::: {#supfig-new",
        says="@supfig-new is not cited",
    ),
}


def test_the_shipped_manuscript_is_clean(manuscript: Manuscript) -> None:
    assert list(float_cited(manuscript)) == []


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_once_with_its_line(name: str, plant: Planter) -> None:
    planted: Fault = FAULTS[name]
    manuscript = plant(planted)
    assert_found(list(float_cited(manuscript)), manuscript, planted)


def test_two_tables_of_one_caption_are_told_once(plant: Planter) -> None:
    whole = plant.clean.html
    start = whole.index('<figcaption id="tbl-baseline-caption"')
    caption = whole[start : whole.index("</figcaption>", start)]
    start = whole.index('<figcaption id="tbl-regulated-caption"')
    other = whole[start : whole.index("</figcaption>", start)]
    same = other.partition(">")[0] + ">" + caption.partition(">")[2].replace("Table 1", "Table 2")
    planted = fault(
        (PAGE, other, same),
        file=REGULATED,
        at="::: {#tbl-regulated",
        says="@tbl-regulated has the caption of @tbl-baseline",
    )
    manuscript = plant(planted)
    assert_found(list(float_cited(manuscript)), manuscript, planted)


def test_a_part_of_a_figure_is_cited_with_the_whole_and_the_whole_by_a_part(plant: Planter) -> None:
    left, right = (f"::: {{#supfig-{side}}}\n\n{side}\n\n:::" for side in ("left", "right"))
    parts = f"::: {{#supfig-pair}}\n\n{left}\n\n{right}\n\nPair.\n\n:::"
    for cited in ("@supfig-pair", "@supfig-right"):
        manuscript = plant(
            Fault(
                ((SUPPLEMENT, "## Missing data", f"{parts}\n\nSee {cited}.\n\n## Missing data"),), "", "", ""
            )
        )
        assert list(float_cited(manuscript)) == [], cited


def test_listings_equations_and_parts_made_by_a_cell_can_be_cited(plant: Planter) -> None:
    listing = '``` {.python #lst-code lst-cap="Code"}\n@tbl-nothing\n```'
    equation = "$$ a $$ {#eq-sum}"
    cell = "```{python}\n#| label: fig-pair\n#| fig-subcap:\n#|   - Left\n#|   - Right\n1\n```"
    text = f"@lst-code, @eq-sum, and @fig-pair-2.\n\n{listing}\n\n{equation}\n\n{cell}\n\n"
    last = "chapters/adjusted-results.qmd"
    planted = Fault(
        ((last, "With unknown outcomes set to", f"{text}With unknown outcomes set to"),), "", "", ""
    )
    assert list(float_cited(plant(planted))) == []
    uncited = Fault(
        ((last, "With unknown outcomes set to", f"{equation}\n\nWith unknown outcomes set to"),), "", "", ""
    )
    assert [each.quote for each in float_cited(plant(uncited))] == ["eq-sum"]
