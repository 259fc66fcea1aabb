"""The checks of numbers raise no false alarm where there are few patients and small counts are hidden.

A strict render runs all checks, so that other cohorts are tried with them by `test_truths_rendered`.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from report_helpers.publishing.checks.reading.manuscript import read_manuscript
from report_helpers.publishing.checks.run import CHECKS
from report_helpers.publishing.render import Request, render
from report_helpers.study.synthetic import write_csv

from .truths import TRUTHS

NUMBERS = ("percentage", "interval", "flow", "abstract", "same-quantity")
EDITS = (
    # The draws of chance take long and change no form of a number.
    ("bootstrap_resamples: 1000", "bootstrap_resamples: 100"),
    ("imputations: 20", "imputations: 2"),
    # As real patients are shown: small counts, and what would reveal them, are not.
    ("disclosure: real_data", "disclosure: always"),
    ("least_patients: 20", "least_patients: 1"),
)


def test_the_checks_of_numbers_are_quiet_where_counts_are_hidden(
    project_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MANUSCRIPT_DATA", raising=False)
    project, data = tmp_path / "manuscript", tmp_path / "cohort.csv"
    shutil.copytree(project_copy, project, ignore=shutil.ignore_patterns("src", "tests", "_*manuscript"))
    study = project / "study.yml"
    text = study.read_text(encoding="utf-8")
    for old, new in EDITS:
        assert old in text
        text = text.replace(old, new)
    study.write_text(text, encoding="utf-8")
    write_csv(TRUTHS["forty_patients"](), data)
    request = Request(project, ("html",), data=data, engine="builtin", output_dir=tmp_path / "out")
    output = render(request, lambda stage, detail, seconds: None).directory
    manuscript = read_manuscript(project, output)
    assert any(each["withheld"] for each in manuscript.entries)
    assert manuscript.ledger["relations"]["sums"]
    found = [each for check in NUMBERS for each in CHECKS[check](manuscript)]
    assert found == [], "\n".join(map(str, found))
