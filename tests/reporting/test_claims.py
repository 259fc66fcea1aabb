"""Guarded claims: the author's words stand while they are true, and are found out when they are not."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from report_helpers.cli import main
from report_helpers.reporting import Report, according_to, claim
from report_helpers.reporting.claims import CONDITIONS, PHRASES, ClaimError
from report_helpers.reporting.reported import Reported
from report_helpers.results import Results
from report_helpers.statistics import Estimate

TEXTS = {word: f"It was {word}." for word in ("higher", "lower", "unclear", "unknown")}


def with_ratio(results: Results, low: float | None, high: float | None, n: int = 116) -> Report:
    """The small study with another interval of its main risk ratio."""
    main = results.dysregulated.contrasts["any"]
    value = None if low is None or high is None else (low * high) ** 0.5
    ratio = Estimate(value, low, high, 0.95, None, "Koopman", 2 * n)
    found = replace(main.outcomes["implantation"], risk_ratio=ratio, n=n, reference_n=n)
    contrast = replace(main, outcomes={**main.outcomes, "implantation": found})
    profile = replace(results.dysregulated, contrasts={**results.dysregulated.contrasts, "any": contrast})
    return Report(replace(results, dysregulated=profile))


HIGHER, LOWER, UNCLEAR, SIMILAR, UNKNOWN = (1.1, 1.4), (0.5, 0.9), (0.7, 1.6), (0.9, 1.1), (None, None)
MARKED = (1.6, 2.9)


@pytest.mark.parametrize(
    ("phrase", "true", "untrue"),
    [
        ("improved", HIGHER, UNCLEAR),
        ("Higher", HIGHER, LOWER),
        ("lower", LOWER, UNCLEAR),
        ("markedly improved", MARKED, HIGHER),
        ("different", LOWER, SIMILAR),
        ("no evidence of a difference", UNCLEAR, HIGHER),
        ("no evidence of a difference", SIMILAR, UNKNOWN),
        ("similar", SIMILAR, UNCLEAR),
        ("not comparable", UNKNOWN, UNCLEAR),
    ],
)
def test_a_phrase_is_printed_where_it_holds_and_marked_where_it_does_not(
    results: Results,
    phrase: str,
    true: tuple[float | None, float | None],
    untrue: tuple[float | None, float | None],
) -> None:
    assert str(claim(phrase, with_ratio(results, *true).dysregulated.any)) == phrase
    marked = claim(phrase, with_ratio(results, *untrue).dysregulated.any)
    assert str(marked).startswith(f"[claim does not hold: “{phrase}”; the data say: ")
    assert ".claim-fails" in marked._repr_markdown_()


def test_every_phrase_has_a_condition_and_no_phrase_holds_of_nothing() -> None:
    assert set(PHRASES.values()) <= set(CONDITIONS)
    assert not {"not higher", "not lower"} & set(PHRASES.values())


def test_a_marker_says_what_the_data_say(results: Results) -> None:
    marked = with_ratio(results, *LOWER).claim("improved", with_ratio(results, *LOWER).dysregulated.any)
    assert str(marked) == (
        "[claim does not hold: “improved”; the data say: lower, risk ratio 0.67 (95% CI 0.50–0.90)]"
    )


def test_results_can_be_claimed_about_without_a_report(results: Results) -> None:
    assert str(claim("higher", results.dysregulated.contrasts["any"])) == "higher"
    assert claim("higher", results.dysregulated.contrasts["any"]).key == "claims.dysregulated.any.higher"


def test_a_strict_render_stops_at_an_untrue_claim(results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MANUSCRIPT_STRICT", "1")
    r = with_ratio(results, *LOWER)
    with pytest.raises(ClaimError, match="the claim “improved” does not hold; the data say: lower") as error:
        r.claim("improved", r.dysregulated.any)
    assert "change the claim" in str(error.value)
    assert str(r.claim("lower", r.dysregulated.any)) == "lower"
    assert str(r.claim("improved", r.dysregulated.any, otherwise="not improved")) == "not improved"


def test_free_text_is_guarded_by_a_condition(results: Results) -> None:
    r = with_ratio(results, *UNCLEAR)
    text = "harm cannot be excluded"
    assert str(r.claim(text, r.dysregulated.any, when="not higher")) == text
    assert str(r.claim(text, r.dysregulated.any, when="interval excludes no difference")).startswith("[claim")
    assert str(r.claim("it was", r.dysregulated.any, when="higher", otherwise="it was not")) == "it was not"
    assert str(r.claim(text, r.dysregulated.any, when="interval includes 1")) == text
    assert str(r.claim(text, r.dysregulated.any, when="interval excludes 1")).startswith("[claim")


def test_a_condition_of_the_cohort_guards_free_text(r: Report) -> None:
    assert isinstance(r.small_groups, Reported)
    assert str(r.claim("several groups are small", r.small_groups)) == "several groups are small"
    assert str(r.small_groups).endswith("groups compared have fewer than 20 patients")
    assert str(r.claim("every contrast was adjusted", r.adjustment_refused)) == "every contrast was adjusted"
    none = Report(replace(r.results, adjusted={}))
    assert str(none.claim("some", none.adjustment_refused)).startswith("[claim does not hold: “some”")
    with pytest.raises(ClaimError, match="takes no condition"):
        r.claim("several groups are small", r.small_groups, when="higher")


@pytest.mark.parametrize(
    ("phrase", "hint"),
    [
        ("imporved", "did you mean “improved”"),
        ("significantly higher", "which the interval decides"),
        ("no effect", "say “no evidence of a difference”"),
        ("effective", "the design does not show an effect"),
        ("a trend towards benefit", "higher in these patients"),
        ("zzz", "known are: higher"),
    ],
)
def test_an_unknown_phrase_is_refused_with_what_can_be_said(r: Report, phrase: str, hint: str) -> None:
    with pytest.raises(ClaimError) as error:
        r.claim(phrase, r.dysregulated.any)
    assert hint in str(error.value)


def test_an_unknown_condition_is_refused(r: Report) -> None:
    with pytest.raises(ClaimError, match="there is no condition “hihger”") as error:
        r.claim("text", r.dysregulated.any, when="hihger")
    assert "did you mean “higher”" in str(error.value)


def test_what_compares_nothing_cannot_be_claimed_about(r: Report) -> None:
    for part in (r.flow, r.dysregulated.any.rate, r.dysregulated):
        with pytest.raises(ClaimError, match="compares nothing"):
            r.claim("higher", part)


def test_one_estimate_can_be_claimed_about(r: Report) -> None:
    assert str(r.claim("higher", r.dysregulated.any.risk_ratio)) == "higher"
    assert str(r.claim("uncertain", r.dysregulated.any.risk_difference)) == "uncertain"
    assert str(r.claim("higher", r.adjusted.dysregulated.any)) == "higher"
    assert str(r.claim("not estimable", r.adjusted.dysregulated.both)) == "not estimable"
    assert str(r.claim("differed between profiles", r.interaction)) == "differed between profiles"


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        (HIGHER, "It was higher."),
        (LOWER, "It was lower."),
        (UNCLEAR, "It was unclear."),
        (SIMILAR, "It was unclear."),
        (UNKNOWN, "It was unknown."),
    ],
)
def test_a_passage_follows_what_was_found(
    results: Results, limits: tuple[float | None, float | None], text: str
) -> None:
    r = with_ratio(results, *limits)
    assert str(according_to(r.dysregulated.any, **TEXTS)) == text
    if limits == SIMILAR:
        assert str(according_to(r.dysregulated.any, **TEXTS, similar="Alike.")) == "Alike."


def test_a_claim_is_in_the_ledger_with_whether_it_holds(r: Report) -> None:
    r.claim("higher", r.dysregulated.any)._repr_markdown_()
    r.claim("lower", r.dysregulated.any)._repr_markdown_()
    assert [(entry.key, entry.value) for entry in r.ledger] == [
        ("claims.dysregulated.any.higher", True),
        ("claims.dysregulated.any.lower", False),
    ]


PROJECT = """```{python}
from report_helpers.reporting import Reported, claim

small_groups = Reported("0 of 26 groups compared have fewer than 20 patients", "small_groups", False)
```

{{< include part.qmd >}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "_quarto.yml").write_text("project:\n  type: default\nformat: html\n")
    (tmp_path / "index.qmd").write_text(f'---\ntitle: "A"\n---\n\n{PROJECT}')
    part = 'First line.\n\nHere `{python} claim("several groups are *small*", small_groups)`, we fear.\n'
    (tmp_path / "part.qmd").write_text(part)
    return tmp_path


def test_a_draft_shows_the_marker_and_a_strict_render_names_chapter_and_line(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MANUSCRIPT_DATA", raising=False)
    call = ["render", str(project), "--engine", "builtin", "--to", "html"]
    assert main(call) == 0
    page = (project / "_manuscript" / "index.html").read_text()
    assert re.search(
        r'<span class="num claim-fails"[^>]*>\[claim\s+does\s+not\s+hold: “several\s+groups', page
    )
    assert main([*call, "--strict"]) == 1
    said = capsys.readouterr().err
    assert "part.qmd:3" in said
    assert "0 of 26 groups compared" in said
