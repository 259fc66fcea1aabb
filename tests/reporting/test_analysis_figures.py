"""The love plot and the cut-off figure: every number said, nothing cut or overprinted, gaps where unknown."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from report_helpers.reporting import Report, cutoff_plot, figures, love_plot
from report_helpers.reporting.balance_terms import shown, term_labels
from report_helpers.reporting.drawing import WIDTH, Box, Drawing
from report_helpers.reporting.love_plot import Panel
from report_helpers.reporting.sheet import Sheet
from report_helpers.results.model import Results
from report_helpers.results.sensitivity import CutoffCurve
from report_helpers.statistics import Balance

MILLIMETRE = 72 / 25.4
BOTH = pytest.mark.parametrize("plot", [love_plot, cutoff_plot], ids=["love", "cutoffs"])

labels = st.text(st.sampled_from("abcdefghi WMijl.,/Th1≥%éÅ–"), min_size=1, max_size=60).map(
    lambda text: " ".join(text.split()) or "x"
)


def assert_readable(sheet: Sheet | Drawing, height: float) -> None:
    areas = [Box(x1, y1, x2 - x1, y2 - y1) for x1, y1, x2, y2 in (text.extent for text in sheet.texts)]
    for place, area in enumerate(areas):
        assert area.left >= 0
        assert area.right <= WIDTH
        assert area.top >= 0
        assert area.bottom <= height
        for other in areas[place + 1 :]:
            assert not (
                area.left < other.right
                and other.left < area.right
                and area.top < other.bottom
                and other.top < area.bottom
            )
    for dot in sheet.dots:
        assert dot.radius < dot.x < WIDTH - dot.radius
        assert dot.radius < dot.y < height - dot.radius


def without_weights(results: Results) -> Results:
    """Return the results as they were if nothing had been weighted."""
    adjusted = {
        key: replace(
            found,
            weighted=replace(
                found.weighted,
                reason="too few patients: not weighted",
                balance=tuple(replace(each, after=None) for each in found.weighted.balance),
            ),
        )
        for key, found in results.adjusted.items()
    }
    return replace(results, adjusted=adjusted)


@BOTH
def test_the_shipped_study_is_drawn_in_print_size(shipped: Results, plot: object) -> None:
    for results in (shipped, without_weights(shipped)):
        drawing = plot.draw(results)  # type: ignore[attr-defined]
        assert_readable(drawing, drawing.height)
        assert drawing.width == pytest.approx(160 * MILLIMETRE, abs=0.1)
        assert drawing.height < 180 * MILLIMETRE
        assert min(text.size for text in drawing.texts) >= 7
        r = Report(results)
        for key in plot.keys(results):  # type: ignore[attr-defined]
            assert r.value(key).text
        for text in drawing.texts:
            if text.key:
                assert text.text == r.value(text.key).text.rstrip("%").removeprefix("n=") or text.text == (
                    f"n={r.value(text.key).text}"
                )


@BOTH
def test_the_svg_is_grey_and_read_by_screen_readers(r: Report, plot: object) -> None:
    drawing = plot.draw(r.results)  # type: ignore[attr-defined]
    root = etree.fromstring(drawing.svg().encode())
    named = [root.find(f".//*[@id='{name}']").text for name in root.get("aria-labelledby").split()]
    assert named == [drawing.title, drawing.description]
    for element in root.iter():
        for colour in (element.get("fill"), element.get("stroke")):
            assert not colour or colour == "none" or colour[1:3] == colour[3:5] == colour[5:7]


def test_figures_are_written_with_their_numbers_in_the_ledger(
    r: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(figures.DIRECTORY, str(tmp_path))
    for make, name, where in (
        (figures.love, "love", "supfig-love"),
        (figures.cutoffs, "cutoffs", "fig-cutoffs"),
    ):
        figure = make(r)
        assert figure._repr_markdown_().startswith(f'![](_figures/{name}){{fig-alt="')
        first = figure.svg.read_bytes(), figure.png.read_bytes()
        make(r)
        assert (figure.svg.read_bytes(), figure.png.read_bytes()) == first
        assert struct.unpack(">I", first[1][16:20])[0] == pytest.approx(160 / 25.4 * 300, abs=2)
        noted = {entry.key for entry in r.ledger if entry.where == where}
        plot = {"love": love_plot, "cutoffs": cutoff_plot}[name]
        assert noted == set(plot.keys(r.results))


def test_the_love_plot_says_every_difference(r: Report) -> None:
    drawing = love_plot.draw(r.results)
    assert drawing.description == (
        "Love plot of standardised mean differences, treated minus untreated. Any immunotherapy "
        "(dysregulated profile), 90 patients: age 0.39 before, 0.03 after; "
        "oocyte_source: donor −0.20 before, 0.05 after."
    )
    open_dots = [dot for dot in drawing.dots if dot.fill == "#ffffff"]
    filled = [dot for dot in drawing.dots if dot.fill == "#000000"]
    assert (len(open_dots), len(filled)) == (3, 3)  # two terms, and the legend
    assert open_dots[0].x > filled[0].x
    assert open_dots[1].x < filled[1].x


def test_without_weights_the_love_plot_shows_and_says_before_only(results: Results) -> None:
    drawing = love_plot.draw(without_weights(results))
    assert "before weighting only, since not weighted (too few patients): age 0.39;" in drawing.description
    assert "before weighting only" in [text.text for text in drawing.texts]
    assert all(dot.fill == "#ffffff" for dot in drawing.dots)
    assert "After weighting" not in [text.text for text in drawing.texts]


def test_a_difference_that_cannot_be_had_is_said_not_drawn(results: Results) -> None:
    found = results.adjusted["dysregulated.any"]
    weighted = replace(found.weighted, balance=(Balance("age_years", "", None, 0.01),))
    changed = replace(results, adjusted={"dysregulated.any": replace(found, weighted=weighted)})
    drawing = love_plot.draw(changed)
    assert "age not estimable before, 0.01 after" in drawing.description
    assert len(drawing.dots) == 3


def test_a_contrast_that_was_weighted_stands_beside_a_main_one_that_was_not(results: Results) -> None:
    refused = without_weights(results).adjusted
    other = results.adjusted["dysregulated.any"]
    adjusted = {"regulated.any": replace(other, key="regulated.any"), **refused}
    assert shown(replace(results, adjusted=adjusted)) == ["regulated.any", "dysregulated.any"]
    assert shown(replace(results, adjusted=refused)) == ["dysregulated.any"]


def test_terms_stand_in_the_order_of_the_study(shipped: Results) -> None:
    terms = list(term_labels(shipped, ["dysregulated.any"]).values())
    assert terms[0] == "Age"
    quality = [term for term in terms if term.startswith("Best embryo quality")]
    assert quality == [f"Best embryo quality: {level}" for level in ("good", "fair", "poor")]


smds = st.none() | st.floats(-8, 8)


@st.composite
def plots(draw: st.DrawFn) -> tuple[list[Panel], dict[str, str]]:
    named = {f"t{place}": draw(labels) for place in range(draw(st.integers(1, 6)))}
    made = [
        Panel(f"k{place}", draw(labels), draw(labels), "", draw(st.integers(0, 250_000)), draw(labels),
              {path: draw(smds) for path in named}, {path: draw(smds) for path in named})
        for place in range(draw(st.integers(1, 4)))
    ]  # fmt: skip
    return made, named


@settings(max_examples=60, deadline=None)
@given(plots())
def test_any_love_plot_keeps_texts_apart(given_plot: tuple[list[Panel], dict[str, str]]) -> None:
    sheet = love_plot.lay_out(*given_plot)
    assert_readable(sheet, sheet.y)


def curve(**changes: object) -> CutoffCurve:
    made = CutoffCurve(
        "nk", "Increased NK cells", "percent of leucocytes", 50.0, 0.95, "Koopman", (40.0, 50.0, 60.0, 70.0),
        (100, 80, 40, 20), (30, 20, 4, 2), (1.2, 1.5, None, 2.0),
        (0.9, 1.05, None, 0.8), (1.8, 2.4, None, None),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def test_the_curve_breaks_where_nothing_is_estimable() -> None:
    sheet = cutoff_plot.lay_out([curve()])
    assert len(sheet.areas) == 1
    lines = [path for path in sheet.paths if path.weight == 1.3]
    assert [len(path.points) for path in lines] == [2]
    assert len(sheet.dots) == 1  # the lonely point after the gap
    whole = cutoff_plot.lay_out([curve(risk_ratio=(1.2, 1.5, 1.6, 2.0))])
    assert [len(path.points) for path in whole.paths if path.weight == 1.3] == [4]


def test_the_studys_cutoff_is_marked_where_it_is() -> None:
    sheet = cutoff_plot.lay_out([curve()])
    mark = next(path for path in sheet.paths if path.dashes == "5 2")
    number = next(text for text in sheet.texts if text.text == "50.0")
    assert number.bold
    assert mark.points[0][0] == mark.points[1][0] == number.x
    assert number.key == "cutoff_curves.nk.points.2.cutoff"


def test_the_scale_holds_every_ratio_and_says_where_it_cuts_the_band() -> None:
    low, high = cutoff_plot.scale([curve(risk_ratio=(0.3, 1.5, None, 7.0))])
    assert (low, high) == (0.2, 10.0)
    cut = cutoff_plot.lay_out([curve(high=(1.8, 90.0, None, None))])
    assert "Risk ratio (95% CI), log scale; the band is cut at 2" in [text.text for text in cut.texts]
    whole = cutoff_plot.lay_out([curve(high=(1.8, 1.9, None, 2.0))])
    assert "Risk ratio (95% CI), log scale" in [text.text for text in whole.texts]


def test_the_cutoff_figure_says_ratios_and_patients(r: Report) -> None:
    said = cutoff_plot.draw(r.results).description
    assert (
        "Increased NK cells, 3 cut-offs, the study's at or above 50: estimable risk ratios lie between 1.20 "
        "and 1.50" in said
    )
    assert "cut-off 50.0: 1.50 (1.05–2.40), 80 treated, 20 untreated" in said
    assert "cut-off 60.0: not estimable, 40 treated, 4 untreated" in said


ratios = st.none() | st.floats(0, 1000)


@st.composite
def curves(draw: st.DrawFn) -> CutoffCurve:
    size = draw(st.integers(1, 45))
    first, step = draw(st.floats(0, 50)), draw(st.floats(0.01, 5))
    values = tuple(first + step * place for place in range(size))
    many = st.integers(0, 250_000)

    def column(values: st.SearchStrategy[object]) -> tuple[object, ...]:
        return tuple(draw(st.lists(values, min_size=size, max_size=size)))

    return CutoffCurve(
        "nk", draw(labels), draw(st.sampled_from(["ratio", "percent of cells", "pg"])),
        draw(st.sampled_from(values)), 0.95, "Koopman", values, column(many), column(many),  # type: ignore[arg-type]
        column(ratios), column(ratios), column(ratios),  # type: ignore[arg-type]
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(curves(), min_size=1, max_size=2))
def test_any_curves_keep_texts_apart_and_lines_in_their_panel(made: list[CutoffCurve]) -> None:
    sheet = cutoff_plot.lay_out(made)
    assert_readable(sheet, sheet.y)
    for shape in (*sheet.areas, *sheet.paths):
        for x, y in shape.points:
            assert 0 < x < WIDTH
            assert 0 < y < sheet.y
