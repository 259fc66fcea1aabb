"""Two cohorts of other truths, rendered whole: what the chapters, tables and figures say together."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html

from report_helpers.publishing.checks import check
from report_helpers.publishing.render import Request, render
from report_helpers.study.synthetic import write_csv

from .truths import TRUTHS

# What a reader of the whole page must find, and must not, in the cohort that is rendered.
SAID = {
    "no_untreated_dysregulated": (
        "there were no untreated patients",
        "not comparable (no untreated patients)",
        "All patients had the same treatment.",
        "whether the association differs between profiles cannot be told from these patients",
    ),
    "everyone_excluded": (
        "734/734 (100.0%) met an exclusion criterion",
        "which left none for analysis",
        "there were no patients to compare",
        "nothing here justifies immunotherapy",
    ),
}
CHECKED = ("leftover", "abbreviation")
"""Checks of the page: those of the sources find the same whatever the data."""
NEVER = re.compile(r"\bnan\b|\bNone\b|\b0/0\b|claim does not hold|\{python\}|\bstratum [ab]\b|\bgroup [01]\b")


@pytest.mark.parametrize("name", SAID)
def test_the_whole_manuscript_is_true_and_complete(
    name: str, project_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MANUSCRIPT_DATA", raising=False)
    data = tmp_path / "cohort.csv"
    write_csv(TRUTHS[name](), data)
    request = Request(
        project_copy, ("html",), data=data, engine="builtin", output_dir=tmp_path / "out", strict=True
    )
    page = render(request, lambda stage, detail, seconds: None).directory / "index.html"
    main = html.parse(page).getroot().xpath("//main")[0]
    for part in main.xpath(".//script | .//style | .//svg"):
        part.drop_tree()
    text = " ".join(main.text_content().split())
    described = " ".join(main.xpath(".//img/@alt"))
    assert [phrase for phrase in SAID[name] if phrase not in text] == []
    assert NEVER.findall(text + described) == []
    found = check(project_copy, page.parent)
    assert [str(each) for each in found if each.check in CHECKED and not each.note] == []
    for stratum in ("Elevated Th1/Th2 ratio only", "Prednisone with tacrolimus", "Before and after transfer"):
        assert stratum in text
        assert stratum in described
