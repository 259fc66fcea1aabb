"""A quantity that is printed differently in two places, or than computed, is found on its line."""

from __future__ import annotations

import pytest

from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.format_numbers import compared, differing
from report_helpers.publishing.checks.reading.manuscript import Manuscript
from report_helpers.publishing.checks.reading.quantities import says
from report_helpers.publishing.checks.same_quantity import same_quantities
from report_helpers.publishing.pages import read_page

from .rendered_faults import Fault, Faults, Rendered, assert_found_once, planted

REGULATED = "chapters/regulated-results.qmd"
DYSREGULATED = "chapters/dysregulated-results.qmd"
ADJUSTED = "chapters/adjusted-results.qmd"
FLOW = "chapters/eligibility-flow.qmd"
DISCUSSION = "chapters/discussion.qmd"


def _two_sizes(copy: Rendered) -> None:
    key = "baseline.columns.regulated_treated.n"
    copy.entry(key, value=44, text="44")
    copy.value(key, "43", "44")


FAULTS: Faults = {
    "a cell that differs from the text": Fault(
        lambda copy: copy.value("regulated.after.risk_ratio", "0.70", "0.71", nth=3),
        REGULATED,
        "tables.regulated(r)",
        "“0.71 (0.34–1.30)” is printed for regulated.after.risk_ratio",
    ),
    "a text that differs from the cell": Fault(
        lambda copy: copy.value("interaction.reri", "0.31 to", "0.30 to"),
        DYSREGULATED,
        "r.interaction.reri",
        "“0.73 (95% CI 0.30 to 1.15)” is printed for interaction.reri",
    ),
    "a P value with fewer digits": Fault(
        lambda copy: copy.value("dysregulated.any.p", "P=0.010", "P=0.01", nth=2),
        DYSREGULATED,
        "r.dysregulated.any.uncorrected_account",
        "“P=0.01” is printed for dysregulated.any.p",
    ),
    "a count": Fault(
        lambda copy: copy.value("data.rows", "734", "743"),
        "chapters/declarations.qmd",
        "r.data.rows",
        "“743” is printed for data.rows, for which the ledger has “734”",
    ),
    "a key that the ledger does not have": Fault(
        lambda copy: copy.words('data-key="flow.outcome_unknown"', 'data-key="flow.unknown"'),
        FLOW,
        "r.flow.outcome_unknown",
        "marked as flow.unknown, which the ledger does not have",
    ),
    "a text that its exact value does not round to": Fault(
        lambda copy: copy.entry("adjusted.dysregulated.any.poisson", value=2.54),
        ADJUSTED,
        "r.adjusted.dysregulated.any.poisson",
        "is printed for adjusted.dysregulated.any.poisson, but 2.54",
    ),
    "a limit that its exact value does not round to": Fault(
        lambda copy: copy.entry("bounds.regulated.any.best.risk_ratio", low=0.55),
        ADJUSTED,
        "r.bounds.regulated.any.best.risk_ratio",
        "“0.75 (95% CI 0.44–1.25)” is printed for bounds.regulated.any.best.risk_ratio, but 0.75",
    ),
    "keys of the same quantity": Fault(
        _two_sizes,
        FLOW,
        "tables.baseline(r)",
        "regulated_treated.n is 44, but regulated.treated.patients, the same quantity, is 43",
    ),
    "a drawing": Fault(
        lambda copy: copy.drawing("fig-forest", ">1.88 (1.19–3.12)<", ">1.88 (1.19–3.21)<"),
        DYSREGULATED,
        "figures.forest(r)",
        "In the drawing of fig-forest: 3.21 is drawn for dysregulated.prednisone.risk_ratio",
    ),
    "the alternative text of a curve": Fault(
        lambda copy: copy.alternative("fig-cutoffs", "5.00 (1.19", "5.01 (1.19"),
        ADJUSTED,
        "figures.cutoffs(r)",
        "The alternative text of fig-cutoffs has 5.01",
    ),
    "a number of the PDF": Fault(
        lambda copy: copy.text("pdf", "139/358", "193/358"),
        DISCUSSION,
        "139/358",
        "In the PDF, 193 stands where the web page has 139",
    ),
    "a computed value of the PDF": Fault(
        lambda copy: copy.text(
            "pdf",
            "E-value of the standardised risk ratio: 4.7",
            "E-value of the standardised risk ratio: 7.4",
        ),
        ADJUSTED,
        "r.adjusted.dysregulated.any.e_value",
        "In the PDF, 7.4 stands where the web page has 4.7",
    ),
    "a sign in Word": Fault(
        lambda copy: copy.text("docx", "points (95% CI −8.1 to 6.1)", "points (95% CI 8.1 to 6.1)"),
        DISCUSSION,
        "(95% CI −8.1 to 6.1)",
        "In the Word file, 8.1 stands where the web page has −8.1",
    ),
    "a number that JATS lost": Fault(
        lambda copy: copy.text("jats", "Of 394 women", "Of women"),
        "chapters/introduction.qmd",
        "Of 394 women",
        "In the JATS file, 394 is missing, which the web page has",
    ),
    "a cell of Word": Fault(
        lambda copy: copy.text("docx", "24 (57.1%)", "25 (57.1%)"),
        FLOW,
        "tables.baseline(r)",
        "In the Word file, 25 stands where the web page has 24",
    ),
}


DESCRIBED = Fault(
    lambda copy: copy.alternative("fig-forest", "0.63 (0.29–1.22)", "0.63 (0.29–1.25)"),
    DYSREGULATED,
    "figures.forest(r)",
    "The alternative text of fig-forest has 1.25, which its drawing does not have",
)


@pytest.fixture(scope="module")
def found(in_all_formats: Manuscript) -> list[Finding]:
    return list(same_quantities(planted(in_all_formats, FAULTS.values())))


@pytest.mark.parametrize("name", FAULTS)
def test_a_different_print_is_found_where_it_stands(
    name: str, found: list[Finding], in_all_formats: Manuscript
) -> None:
    assert_found_once(found, FAULTS[name], in_all_formats)


def test_nothing_else_is_found(found: list[Finding]) -> None:
    assert len(found) == len(FAULTS), [str(each) for each in found]


def test_an_alternative_text_has_the_numbers_of_its_drawing(manuscript: Manuscript) -> None:
    found = list(same_quantities(planted(manuscript, [DESCRIBED])))
    assert len(found) == 1
    assert_found_once(found, DESCRIBED, manuscript)


def test_a_value_that_is_not_shown_is_no_difference(manuscript: Manuscript) -> None:
    copy = Rendered(manuscript)
    key = "regulated.treated.patients"
    copy.entry(key, value=None, text="[not shown]", withheld=True)
    copy.value(key, "43", "[not shown]")
    assert list(same_quantities(copy.manuscript)) == []


@pytest.mark.parametrize(
    ("text", "entry", "agrees"),
    [
        ("48.2% (95% CI 41.0–55.4)", {"value": 0.4821, "low": 0.4104, "high": 0.5538}, True),
        ("48.2% (95% CI 41.1–55.4)", {"value": 0.4821, "low": 0.4104, "high": 0.5538}, False),
        ("−15.1 (−34.0 to 5.6)", {"value": -0.15061, "low": -0.3404, "high": 0.0561}, True),
        ("15.1 (−34.0 to 5.6)", {"value": -0.15061, "low": -0.3404, "high": 0.0561}, False),
        ("7/21 (33.3%)", {"value": 1 / 3, "n": 21}, True),
        ("7/12 (33.3%)", {"value": 1 / 3, "n": 21}, False),
        ("366/734 (49.9%)", {"value": 366, "n": 734}, True),
        ("363/734 (49.9%)", {"value": 366, "n": 734}, False),
        ("P<0.001", {"value": 0.0004, "low": 1.4, "high": 4.2, "p": 0.0004}, True),
        ("P<0.001", {"value": 0.004, "low": 1.4, "high": 4.2, "p": 0.004}, False),
        ("not adjusted (3.4 events per model term, fewer than 10)", {"value": None}, True),
        ("lower", {"value": "lower", "low": 0.4, "high": 0.9}, True),
    ],
)
def test_a_text_says_its_value_or_does_not(text: str, entry: dict[str, object], agrees: bool) -> None:
    blank = {"low": None, "high": None, "p": None, "n": None}
    assert says(text, {**blank, **entry}) is agrees


def test_layout_is_no_difference_between_formats() -> None:
    page = read_page(
        "<p>The rate in regulated profiles was 47.6%, compared with 26.9 percent.</p>"
        "<table><tr><td>Any immunotherapy</td><td>14/43</td><td>−15.1 (−34.0 to 5.6)</td></tr></table>"
        "<p>Of 219 patients treated, 102 had a sac; none of 4 had two.</p>"
    ).paragraphs
    pages = [
        "Head of it 1\nThe rate in regu-\nlated profiles was 47.6%, com-\n\f",
        "Head of it 2\nAny immuno-\ntherapy 14/43\n−15.1 (−34.0\nto 5.6) pared with 26.9 percent. Of 219\f",
        "Head of it 3\npatients treated, 102 had a sac; none of 4 had two.\n\f",
    ]
    assert list(compared(page, "".join(pages))) == []
    wrong = "".join(pages).replace("34.0", "43.0").replace("102", "120")
    assert [what for _, _, what in compared(page, wrong)] == [
        "−43.0 stands where the web page has −34.0.",
        "120 stands where the web page has 102.",
    ]


def test_the_other_formats_of_the_shipped_manuscript_print_the_numbers_of_its_page(
    in_all_formats: Manuscript,
) -> None:
    assert set(in_all_formats.texts) == {"html", "pdf", "docx", "jats"}
    assert list(same_quantities(in_all_formats)) == []


def test_a_formula_is_no_difference_between_formats(in_all_formats: Manuscript) -> None:
    words = "Adverse events were not compared"
    formulas = (
        '<math display="inline"><semantics><msubsup><mi>χ</mi><mn>1</mn><mn>2</mn></msubsup>'
        '<annotation encoding="application/x-tex">\\chi^2_1</annotation></semantics></math>',
        '<span class="math inline">\\(x_1 = 0.05\\)</span>',
    )
    copy = Rendered(in_all_formats)
    copy.words(words, f"{words} {formulas[0]} or {formulas[1]}")
    assert list(differing(copy.manuscript)) == []
    copy.words(words, f"{words} 77")
    assert [(name, what) for name, (_, _, what) in differing(copy.manuscript)] == [
        (name, "77 is missing, which the web page has.") for name in ("pdf", "docx", "jats")
    ]
