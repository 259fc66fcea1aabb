"""Every number of every ledger has a label in words, a method that exists, and fits the JSON schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from report_helpers.publishing import numbers
from report_helpers.reporting import Report
from report_helpers.reporting.explain.labels import Labels
from report_helpers.reporting.explain.methods_list import METHODS
from report_helpers.reporting.explain.missing_values import missing_for
from report_helpers.results import Results
from report_helpers.results.analysis import analyse_cohort
from report_helpers.results.withheld import NOT_SHOWN
from report_helpers.study.cohort import load_cohort
from report_helpers.study.synthetic import write_csv

from ..chapters.truths import TRUTHS
from .everything_printed import print_everything, protected

SCHEMA = Path(numbers.__file__).with_name("numbers.schema.json")


def content_of(entries: Any, methods: Any) -> dict[str, Any]:
    """Return what numbers.json would hold of these entries, all printed on one page."""
    shown, marks = [], []
    for entry in entries:
        where = "fig-all" if entry.where == "figure" else entry.where
        shown.append({**vars(entry), "where": where, "withheld": entry.withheld})
        mark = f'<span class="num" data-key="{escape(entry.key)}">{escape(entry.text)}</span>'
        if not where.startswith(("fig-", "supfig-")):
            marks.append(
                mark if where == "inline" else f'<table id="{where}"><tr><td>{mark}</td></tr></table>'
            )
    listed = json.dumps({"methods": methods, "numbers": shown}).replace("<", "\\u003c")
    page = "".join(marks) + f'<script type="application/json" id="numbers">{listed}</script>'
    return numbers.ledger(page, [])


@pytest.fixture(scope="module")
def schema() -> jsonschema.Draft202012Validator:
    content = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(content)
    return jsonschema.Draft202012Validator(content)


def few(root: Path) -> Results:
    """Results of a cohort with fewer patients than may be reported on."""
    study = replace(protected(root), least_patients=10_000)
    return analyse_cohort(study, load_cohort(study))


def hidden(root: Path) -> Results:
    study = protected(root)
    return analyse_cohort(study, load_cohort(study))


def of_truth(root: Path, tmp_path: Path, name: str) -> Results:
    study = replace(protected(root), disclosure="real_data")
    write_csv(TRUTHS[name](), tmp_path / "cohort.csv")
    return analyse_cohort(study, load_cohort(study, tmp_path / "cohort.csv"))


CASES = ("shipped", "hidden", "few", "everyone_excluded")


@pytest.fixture(scope="module", params=CASES)
def content(
    request: pytest.FixtureRequest, root: Path, shipped: Results, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    made = {"shipped": lambda: shipped, "hidden": lambda: hidden(root), "few": lambda: few(root)}
    folder = tmp_path_factory.mktemp("truth")
    results = made.get(request.param, lambda: of_truth(root, folder, request.param))()
    printed = print_everything(results, root)
    report = Report(results)
    return content_of(printed.ledger, report.ledger._explained.methods({each.by for each in printed.ledger}))


def test_every_ledger_is_as_the_schema_says(
    content: dict[str, Any], schema: jsonschema.Draft202012Validator
) -> None:
    assert len(content["numbers"]) > 500
    assert [f"{list(fault.path)}: {fault.message[:200]}" for fault in schema.iter_errors(content)] == []


def test_every_number_has_a_label_that_reads(content: dict[str, Any]) -> None:
    labels = {each["key"]: each["label"] for each in content["numbers"]}
    names = re.compile(r"[_{}]|\.\w|\b(?:th1|nk|smd|reri|hcg|bmi)\b|\bNone\b|\s,|,,|  ")
    unread = {
        key: label
        for key, label in labels.items()
        if not re.match(r"[A-Z“]|hCG", label) or " " not in label or names.search(label) or len(label) > 200
    }
    assert unread == {}


def test_one_label_is_that_of_one_number(content: dict[str, Any]) -> None:
    """Two keys may name the same number, but no two numbers of one kind share their words."""
    found: dict[str, set[str]] = {}
    for each in content["numbers"]:
        found.setdefault(each["label"], set()).add(each["key"])
    assert {label: keys for label, keys in found.items() if len(keys) > 1} == {}


def test_every_number_names_a_method_of_the_list(content: dict[str, Any]) -> None:
    named = {each["by"] for each in content["numbers"]}
    assert named == set(content["methods"])
    assert named <= set(METHODS)


def test_what_is_withheld_shows_nothing_but_why(content: dict[str, Any]) -> None:
    for each in content["numbers"]:
        assert each["withheld"] == (NOT_SHOWN in each["text"] or "fewer than the least" in each["reason"])
        assert not (each["withheld"] and each["missing"] is not None)


def faults() -> Iterator[tuple[str, Any]]:
    number, method = ("numbers", 0), ("methods", "flow")
    yield "schema", lambda c: c.update(schema=1)
    yield "no numbers", lambda c: c.pop("numbers")
    yield "more", lambda c: c.update(more=1)
    for name, value in {
        "key": "a b", "text": "", "value": [1], "low": "1", "level": 95, "p": 1.2, "n": -1, "missing": 2.5,
        "withheld": "no", "where": "somewhere", "line": 0, "file": 3, "label": None, "extra": 1,
    }.items():  # fmt: skip
        yield f"number {name}", lambda c, n=name, v=value: c[number[0]][number[1]].update({n: v})
    yield "number without key", lambda c: c["numbers"][0].pop("key")
    yield "withheld and shown", lambda c: c["numbers"][0].update(withheld=True, value=3, reason="few")
    yield "withheld, no reason", lambda c: c["numbers"][0].update(withheld=True, value=None, reason="")
    for name, value in {"function": "risk ratio", "test": "tests", "citations": "a", "line": 0}.items():
        yield f"method {name}", lambda c, n=name, v=value: c[method[0]][method[1]].update({n: v})
    yield "sha256", lambda c: c.update(provenance={"data": {"file": "x", "sha256": "12"}})


@pytest.mark.parametrize(("name", "spoil"), list(faults()))
def test_a_ledger_with_a_fault_is_not_as_the_schema_says(
    name: str, spoil: Any, shipped: Results, schema: jsonschema.Draft202012Validator
) -> None:
    r = Report(shipped)
    r.flow.screened._repr_markdown_()
    content = content_of(r.ledger, r.ledger.methods)
    assert schema.is_valid(content)
    spoil(content)
    assert not schema.is_valid(content)


def test_every_field_of_the_schema_is_described() -> None:
    def fields(part: Any) -> Iterator[Any]:
        if isinstance(part, dict):
            yield from part.get("properties", {}).items()
            for name, below in part.items():
                if name not in ("if", "then"):
                    yield from fields(below)

    content = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert [name for name, field in fields(content) if "description" not in field] == []


@pytest.mark.parametrize(
    ("key", "label"),
    [
        (
            "dysregulated.any.risk_ratio",
            "Risk ratio of implantation, any immunotherapy against none, dysregulated profile",
        ),
        (
            "dysregulated.nk.sacs_per_embryo.reference_events_of_n",
            "Gestational sacs out of embryos transferred, with their ratio, in the untreated group, "
            "any immunotherapy against none, dysregulated profile, increased NK cells only",
        ),
        (
            "joint.dysregulated_untreated.events_of_n",
            "Number and share with implantation, untreated patients with a dysregulated profile",
        ),
        (
            "baseline.age_years.regulated_treated.mean_sd",
            "Age: mean (SD), treated patients, regulated profile",
        ),
        ("claims.small_groups", "Words that the data decide: condition of the cohort: small groups"),
    ],
)
def test_labels_in_full(key: str, label: str, shipped: Results) -> None:
    assert Labels(Report(shipped).results).of(key) == label


def test_missing_values_are_those_between_printed_numbers(shipped: Results) -> None:
    """The eligible whose outcome is unknown; those without a characteristic; those without all covariates."""
    known = shipped.dysregulated.contrasts["any"].outcomes
    bounds = shipped.bounds["dysregulated.any"]
    unknown = bounds.unknown_treated + bounds.unknown_reference
    assert missing_for(shipped, "dysregulated.any.risk_ratio") == unknown
    assert missing_for(shipped, "dysregulated.any.events_of_n") == bounds.unknown_treated
    assert missing_for(shipped, "dysregulated.any.live_birth.reference_events_of_n") == (
        bounds.best.reference_n - known["live_birth"].reference_n
    )
    assert missing_for(shipped, "dysregulated.any.sacs_per_embryo.risk_ratio") is None
    assert missing_for(shipped, "dysregulated.prednisone.risk_ratio") is None
    age = next(row for row in shipped.baseline.rows if row.key == "age_years").cells["regulated_treated"]
    assert missing_for(shipped, "baseline.age_years.regulated_treated.mean_sd") == age.missing
    adjusted = shipped.adjusted["dysregulated.any"]
    assert missing_for(shipped, "adjusted.dysregulated.any.risk_ratio") == adjusted.left_out > 0
    assert missing_for(shipped, "flow.screened") is None
