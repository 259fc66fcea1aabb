"""What holds for the manuscript's words whatever the numbers are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from report_helpers.reporting import Report
from report_helpers.results import Results

from .reading import evaluate, text_of

_LABEL = re.compile(r"\{[^}\n]*#((?:sec|fig|tbl|suptbl|supfig)-[\w-]+)[^}\n]*\}")
_REFERENCE = re.compile(r"@((?:sec|fig|tbl|suptbl|supfig)-[\w-]*\w)")
_RESULTS = ("eligibility-flow", "regulated-results", "dysregulated-results", "adjusted-results")

MOST_TABLES = 6

# Words that say how the groups of a cohort compare, and the one place that explains them.
_JUDGEMENTS = (
    "higher", "lower", "improved?", "improves", "better", "worse", "more frequent", "less frequent",
    "markedly", "similar", "benefit", "harm", "stronger", "weaker", "small", "few",
)  # fmt: skip
_SCALE = "values above 1 mean that implantation was more frequent with immunotherapy"

# Words of a study whose treatments were assigned by chance, or of a claim that this design cannot carry.
_FORBIDDEN = ("randomis", "randomiz", "allocated", "significant", "efficacious", "proves", "due to treatment")


def test_every_inline_value_is_written_in_the_form_that_is_evaluated(
    manuscript: str, expressions: list[str]
) -> None:
    assert manuscript.count("{python} ") == len(expressions) > 0


def test_every_label_is_referred_to_and_every_reference_has_its_label(prose: str) -> None:
    labels = _LABEL.findall(prose)
    assert len(labels) == len(set(labels))
    assert set(_REFERENCE.findall(prose)) == set(labels)


@pytest.mark.parametrize("kind", ["fig", "tbl", "supfig", "suptbl"])
def test_floats_are_first_mentioned_in_the_order_of_their_numbers(prose: str, kind: str) -> None:
    placed = [label for label in _LABEL.findall(prose) if label.startswith(f"{kind}-")]
    mentioned = [label for label in _REFERENCE.findall(prose) if label.startswith(f"{kind}-")]
    assert list(dict.fromkeys(mentioned)) == placed


def test_tables_of_the_main_text_are_no_more_than_journals_print(prose: str) -> None:
    assert len([label for label in _LABEL.findall(prose) if label.startswith("tbl-")]) <= MOST_TABLES


def test_no_word_claims_more_than_the_design_allows(manuscript: str) -> None:
    lower = manuscript.lower()  # with the words inside guarded claims
    assert [word for word in _FORBIDDEN if word in lower] == []


def test_no_judgement_on_the_results_stands_outside_a_guard(root: Path) -> None:
    """What a cohort may contradict comes from a computed word or a claim, never from the sentence itself."""
    texts = [(root / "chapters" / f"{chapter}.qmd").read_text(encoding="utf-8") for chapter in _RESULTS]
    discussion = (root / "chapters" / "discussion.qmd").read_text(encoding="utf-8")
    texts += [
        discussion.split(head, 1)[1].split("\n## ", 1)[0] for head in ("{#sec-findings}", "{#sec-conclusion}")
    ]
    abstract = (root / "index.qmd").read_text(encoding="utf-8")
    texts += [
        abstract.split(f"**{head}**", 1)[1].split("\n**", 1)[0]
        for head in ("Summary answer.", "Main results and the role of chance.", "Wider implications.")
    ]
    prose = re.sub(r"`\{python\} [^`\n]*`", "", "\n".join(texts)).replace(_SCALE, "").lower()
    assert [word for word in _JUDGEMENTS if re.search(rf"\b{word}\b", prose)] == []


@pytest.mark.parametrize("chapter", _RESULTS)
def test_no_number_of_a_results_chapter_is_typed_by_hand(root: Path, chapter: str) -> None:
    text = (root / "chapters" / f"{chapter}.qmd").read_text(encoding="utf-8")
    text = re.sub(r"`\{python\}[^`]*`|^```.*?^```|\{[#.][^}]*\}|@[\w-]+", "", text, flags=re.M | re.S)
    text = text.replace("Th1/Th2", "").replace("95% confidence", "").replace("values above 1 mean", "")
    assert re.findall(r".*\d.*", text) == []


def test_every_inline_value_can_be_printed(results: Results, expressions: list[str]) -> None:
    r = Report(results)
    for expression in expressions:
        shown = evaluate(expression, r)
        assert re.fullmatch(r'.*\[.+\]\{\.(num|told) key="[\w.]+"\}.*', shown), expression
        assert not re.search(r"claim-fails|claim does not hold", shown), expression


def test_only_facts_that_the_authors_owe_are_left_to_be_supplied(
    results: Results, expressions: list[str]
) -> None:
    r = Report(results)
    owed = {each for each in expressions if "to be supplied" in text_of(evaluate(each, r))}
    assert all(each.startswith("r.facts.") for each in owed)
    assert owed == {f"r.facts.{key}" for key, value in results.study.facts.items() if value is None}
