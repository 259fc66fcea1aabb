"""The figures: no text cut, no box touching another, all on the canvas, the same bytes at every run."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from report_helpers.reporting import Report, figures, flow_diagram, forest_plot, lettering
from report_helpers.reporting.drawing import WIDTH, Box, Drawing
from report_helpers.reporting.flow_layout import Layout, lay_out
from report_helpers.reporting.forest_layout import PLOT, Row, Scale, Section
from report_helpers.reporting.forest_layout import lay_out as lay_out_forest
from report_helpers.study.flow import Flow, FlowError, FlowGroup, Step

SVG = "{http://www.w3.org/2000/svg}"
MILLIMETRE = 72 / 25.4

labels = st.text(st.sampled_from("abcdefghi WMijl.,/Th1≥%éÅ–"), min_size=1, max_size=160).map(
    lambda text: " ".join(text.split()) or "x"
)
counts = st.integers(0, 250_000)


@st.composite
def groups(draw: st.DrawFn, depth: int = 2) -> FlowGroup:
    arms = tuple(draw(st.lists(groups(depth - 1), max_size=4))) if depth else ()
    n = sum(arm.n for arm in arms) if arms else draw(counts)
    return FlowGroup(draw(st.uuids()).hex, draw(labels), n, arms)


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    made = tuple(draw(st.lists(groups(), min_size=1, max_size=3)))
    analysed = sum(group.n for group in made)
    unknown = draw(counts)
    reasons = draw(st.lists(st.tuples(labels, counts, st.booleans()), max_size=9))
    left = screened = analysed + unknown + sum(excluded for _, excluded, _ in reasons)
    steps = []
    for number, (label, excluded, kept) in enumerate(reasons):
        left -= excluded
        steps.append(Step(f"s{number}", label, excluded, left, left if kept else 0))
    return Flow(
        screened, tuple(steps), analysed + unknown, screened - analysed - unknown, unknown, analysed, made
    )


def overlap(a: Box, b: Box) -> bool:
    return a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom


def assert_sound(layout: Layout) -> None:
    boxes = [node.box for node in layout.nodes]
    for place, box in enumerate(boxes):
        assert box.left > 0
        assert box.right < WIDTH
        assert box.top > 0
        assert box.bottom < layout.height
        for other in boxes[place + 1 :]:
            assert not overlap(box, Box(other.left - 2, other.top - 2, other.width + 4, other.height + 4))
    for node in layout.nodes:
        for text in node.texts:
            left, top, right, bottom = text.extent
            assert node.box.left + 2 < left
            assert right < node.box.right - 2
            assert node.box.top < top
            assert bottom < node.box.bottom
    for path in layout.paths:
        for (x1, y1), (x2, y2) in zip(path.points, path.points[1:], strict=False):
            assert x1 == x2 or y1 == y2
            line = Box(min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1))
            for box in boxes:
                inner = Box(box.left + 0.5, box.top + 0.5, box.width - 1, box.height - 1)
                assert not overlap(line, inner)
    for note in layout.notes:
        left, top, right, bottom = note.extent
        area = Box(left, top, right - left, bottom - top)
        assert left > 0
        assert right < WIDTH
        assert not any(overlap(area, box) for box in boxes)


@settings(max_examples=60, deadline=None)
@given(flows())
def test_any_flow_fits_its_boxes(flow: Flow) -> None:
    assert_sound(lay_out(flow.check()))


@settings(max_examples=30, deadline=None)
@given(flows())
def test_every_count_stands_in_the_drawing_and_in_its_description(flow: Flow) -> None:
    shown = [entry.n for node in lay_out(flow).nodes for entry in node.entries]
    arms = [arm for group in flow.groups for arm in group.arms]
    expected = [flow.screened, *(step.excluded for step in flow.steps), flow.eligible, flow.outcome_unknown,
                flow.analysed, *(group.n for group in flow.groups), *(arm.n for arm in arms),
                *(part.n for arm in arms for part in arm.arms)]  # fmt: skip
    assert sorted(shown) == sorted(expected)
    said = flow_diagram.describe(flow)
    for n in {*expected, flow.excluded}:
        assert f"{n:,}" in said


def test_a_flow_that_does_not_add_up_is_not_drawn(flow: Flow) -> None:
    wrong = replace(flow, screened=flow.screened + 1)
    with pytest.raises(FlowError):
        flow_diagram.draw(wrong)


def test_a_criterion_that_excludes_nobody_stays_visible(flow: Flow) -> None:
    drawing = flow_diagram.draw(flow)
    texts = [text.text for text in drawing.texts]
    assert "Immune disease (n=0)" in texts
    assert "Screened (n=1,734)" in texts
    assert "7 not recorded, kept" in texts


def drawings(r: Report) -> list[Drawing]:
    return [flow_diagram.draw(r.results.flow), forest_plot.draw(r.results)]


def test_the_svg_is_read_by_screen_readers_and_stays_grey(r: Report) -> None:
    for drawing in drawings(r):
        root = etree.fromstring(drawing.svg().encode())
        assert root.get("role") == "img"
        named = [root.find(f".//*[@id='{name}']").text for name in root.get("aria-labelledby").split()]
        assert named == [drawing.title, drawing.description]
        colours = {
            value
            for element in root.iter()
            for value in (element.get("fill"), element.get("stroke"))
            if value
        }
        for colour in colours - {"none"}:
            assert colour[1:3] == colour[3:5] == colour[5:7]
        sizes = [float(text.get("font-size")) for text in root.iter(f"{SVG}text")]
        assert min(sizes) >= 7
        assert drawing.width == pytest.approx(160 * MILLIMETRE, abs=0.1)
        assert drawing.height < 180 * MILLIMETRE


def test_each_number_of_a_figure_is_the_string_that_prose_prints(r: Report) -> None:
    for drawing in drawings(r):
        for text in drawing.texts:
            if text.key and text.key.endswith((".n", ".count", ".reference_count", ".excluded", "screened")):
                assert r.value(text.key).text in text.text


def test_figures_are_written_and_shown_with_their_description(
    r: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(figures.DIRECTORY, str(tmp_path / "made"))
    for make, name in ((figures.flow, "flow"), (figures.forest, "forest")):
        figure = make(r)
        text = figure._repr_markdown_()
        assert text.startswith(f'![](_figures/{name}){{fig-alt="')
        assert text.endswith('."}')
        first = figure.svg.read_bytes(), figure.png.read_bytes()
        make(r)
        assert (figure.svg.read_bytes(), figure.png.read_bytes()) == first
        width = struct.unpack(">I", first[1][16:20])[0]
        assert width == pytest.approx(160 / 25.4 * 300, abs=2)
        density = first[1].index(b"pHYs")
        assert struct.unpack(">II", first[1][density + 4 : density + 12]) == (11811, 11811)
        assert {entry.where for entry in r.ledger if "flow" in entry.key} == {"fig-flow"}
    forest = [entry.key for entry in r.ledger if entry.where == "fig-forest"]
    assert len(forest) == 3 * len(r.results.contrasts)


def test_alternative_text_cannot_end_its_attribute(tmp_path: Path) -> None:
    drawing = Drawing("x", "t", 'say "so" \\ done', 20, (), (), ())
    figure = figures.write(drawing, tmp_path)
    assert figure._repr_markdown_() == '![](_figures/x){fig-alt="say \\"so\\" \\\\ done"}'


ratios = st.none() | st.floats(0.001, 1000)


@st.composite
def sections(draw: st.DrawFn) -> Section:
    made = [
        Row(draw(labels), f"{draw(counts)}", f"{draw(counts)}", draw(labels), draw(ratios), draw(ratios),
            draw(ratios), draw(counts), "k", draw(st.just("") | labels))
        for _ in range(draw(st.integers(1, 4)))
    ]  # fmt: skip
    return Section(draw(labels), tuple(made))


@settings(max_examples=60, deadline=None)
@given(st.lists(sections(), min_size=1, max_size=3))
def test_any_forest_plot_keeps_texts_apart_and_markers_in_the_plot(made: list[Section]) -> None:
    sheet = lay_out_forest(
        made, ("Contrast", "Treated n/N", "Untreated n/N", "Risk ratio (95% CI)"), "Ratio", ("a", "b")
    )
    areas = [Box(x1, y1, x2 - x1, y2 - y1) for x1, y1, x2, y2 in (text.extent for text in sheet.texts)]
    for place, area in enumerate(areas):
        assert area.left >= 0
        assert area.right <= WIDTH
        assert area.bottom <= sheet.y
        assert not any(overlap(area, other) for other in areas[place + 1 :])
    for box in sheet.boxes:
        assert PLOT[0] - 5 < box.left
        assert box.right < PLOT[1] + 5


def test_counts_of_a_registry_break_behind_the_stroke_and_not_within_a_number() -> None:
    row = Row("x", "15,073/29,508", "2,677/8,690", "", 2.0, 1.5, 4.0, 4, "k")
    sheet = lay_out_forest([Section("s", (row,))], ("a", "b", "c", "d"), "Ratio", ("l", "r"))
    texts = [text.text for text in sheet.texts]
    assert {"15,073/", "29,508", "2,677/8,690"} <= set(texts)


def test_the_scale_clips_with_an_arrow() -> None:
    row = Row("x", "1/2", "1/2", "", 2.0, None, 40.0, 4, "k")
    sheet = lay_out_forest([Section("s", (row,))], ("a", "b", "c", "d"), "Ratio", ("l", "r"))
    line = next(path for path in sheet.paths if path.weight == 1.0)
    assert (line.head, line.tail) == (True, True)
    assert [x for x, _ in line.points] == [pytest.approx(PLOT[0]), pytest.approx(PLOT[1])]


def test_the_scale_is_logarithmic_and_as_short_as_it_can_be() -> None:
    scale = Scale.fit([0.7, 1.5])
    assert (scale.low, scale.high) == (0.5, 2.0)
    assert scale.x(1) == pytest.approx(sum(PLOT) / 2)
    assert Scale.fit([0.15, 7, 900]) == Scale(0.1, 10.0)


def test_the_sides_of_the_forest_plot_are_an_association(r: Report) -> None:
    drawing = forest_plot.draw(r.results)
    texts = " ".join(text.text for text in drawing.texts)
    assert "Less frequent with immunotherapy More frequent with immunotherapy" in texts
    assert "below 1: less frequent with immunotherapy, above 1: more frequent" in drawing.description
    assert "avours" not in drawing.svg()


def test_what_cannot_be_estimated_says_so_in_the_plot(r: Report) -> None:
    drawing = forest_plot.draw(r.results)
    texts = " ".join(text.text for text in drawing.texts)
    assert "no events in the untreated group" in texts
    assert "not estimable" in texts
    headings = [text.text for text in drawing.texts if text.bold]
    assert "Dysregulated profile, by marker (overlapping)" in headings
    assert "Dysregulated profile, by dysregulation (disjoint)" in headings


@given(labels, st.floats(20, 300))
def test_wrapped_text_loses_nothing_and_fits(text: str, available: float) -> None:
    lines = lettering.wrap(text, available, 8)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(lettering.width(line, 8) <= available for line in lines)
