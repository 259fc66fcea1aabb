"""A page built by the preview is the page a render makes, with as little done again as is right."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from report_helpers.publishing import builtin, numbers, prepare
from report_helpers.publishing.builtin import EngineError
from report_helpers.publishing.places import sources
from report_helpers.publishing.preview import build
from report_helpers.publishing.preview.build import Builder
from report_helpers.publishing.versions import Version

pytestmark = pytest.mark.xdist_group("preview")

NOW = Version("1", "2024-01-31", 1_706_700_000, commit="c0ffee")

FILES = {
    "_quarto.yml": "project:\n  render: [index.qmd]\nformat:\n  html:\n    minimal: true\n",
    "index.qmd": """\
---
title: Numbers
---

```{python}
#| echo: false
import json, os, time
from pathlib import Path


class Shown:
    def __init__(self, key, text):
        self.key, self.text = key, text

    def _repr_markdown_(self):
        return f"[{self.text}]{{.num key=\\"{self.key}\\"}}"


class r:
    a = Shown("a", "5")
    b = Shown("b", "7 of 9")

Path(os.environ["MANUSCRIPT_FIGURES"], "drawn.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
```

It is `{python} r.a`.

{{< include chapters/more.qmd >}}

![](_figures/drawn.svg){fig-alt="A drawing"}

```{python}
#| output: asis
#| echo: false
listed = [{"key": each.key, "text": each.text, "where": ""} for each in (r.a, r.b)]
print('<script type="application/json" id="numbers">' + json.dumps(listed) + "</script>")
```
""",
    "chapters/more.qmd": "More prose.\n\nOf them, `{python} r.b`, and again `{python} r.a`.\n",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("numbers") / "a project"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.fixture(scope="module")
def builder(project: Path) -> Iterator[Builder]:
    with Builder(project) as opened:
        page_of(opened)
        yield opened


def page_of(builder: Builder, version: Version = NOW) -> str:
    with mock.patch.dict(os.environ):  # where pytest notes the phase of a test
        os.environ.pop("PYTEST_CURRENT_TEST", None)
        return builder.build(version)


def edit(project: Path, name: str, old: str, new: str) -> None:
    text = (project / name).read_text()
    assert old in text
    (project / name).write_text(text.replace(old, new, 1))


def test_after_a_prose_edit_the_page_is_what_a_render_makes(
    project: Path, builder: Builder, tmp_path: Path
) -> None:
    edit(project, "index.qmd", "It is", "New prose\n\nwith *more* lines.\n\nIt is")
    edit(project, "chapters/more.qmd", "More prose.", "More\nprose.\n\n# A heading")
    page = page_of(builder)
    assert builder.why == ""
    assert "<em>more</em> lines" in page
    (tmp_path / "overlay" / "_figures").mkdir(parents=True)
    settings = {
        "MANUSCRIPT_FIGURES": str(tmp_path / "overlay" / "_figures"),
        "SOURCE_DATE_EPOCH": str(NOW.timestamp),
    }
    done = builtin.render(
        project, ["html"], tmp_path / "out", overlay=tmp_path / "overlay", environment=settings
    )
    raw, places = done.paths["html"].read_text(), sources(project / "index.qmd", project)
    assert page == numbers.complete(raw, places, {})[0]
    assert '"line":' in page


def test_the_ledger_names_the_lines_as_they_are_now(project: Path, builder: Builder) -> None:
    edit(project, "chapters/more.qmd", "prose.", "prose,\nline\nby line.")
    page = page_of(builder)
    assert builder.why == ""
    entries: Any = numbers.ledger(page, sources(project / "index.qmd", project))["numbers"]
    assert [entry["key"] for entry in entries] == ["a", "b", "a"]
    for entry in entries:
        line = (project / entry["file"]).read_text().split("\n")[entry["line"] - 1]
        assert f"`{{python}} r.{entry['key']}`" in line


def test_an_error_in_prose_names_its_line_and_goes(project: Path, builder: Builder) -> None:
    edit(project, "chapters/more.qmd", "Of them", "See @fig-nowhere.\nOf them")
    with pytest.raises(EngineError) as failed:
        page_of(builder)
    (problem,) = failed.value.problems
    line = (project / problem.file).read_text().split("\n")[problem.line - 1]
    assert line == "See @fig-nowhere."
    edit(project, "chapters/more.qmd", "See @fig-nowhere.\n", "")
    assert "Of them" in page_of(builder)
    assert builder.why == ""


def test_without_git_the_time_of_a_save_is_no_reason_to_run_the_code(builder: Builder) -> None:
    for moment in (1, 2):
        page_of(builder, Version("unversioned", "2024-01-31", moment))
    assert builder.why == ""


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[dict[str, Any]]:
    """What the engine was given, call by call, in place of a render; and how often files were generated."""
    calls: list[dict[str, Any]] = []
    page = tmp_path / "page.html"
    page.write_text("<p>page</p>")
    count = [0]

    def count_and_prepare(*arguments: Any, **named: Any) -> dict[str, object]:
        count[0] += 1
        return prepare_really(*arguments, **named)

    def render(*arguments: Any, **named: Any) -> builtin.Rendered:
        calls.append({**named, "prepared": count[0]})
        return builtin.Rendered({"html": page}, {})

    prepare_really = prepare.prepare
    monkeypatch.setattr(prepare, "prepare", count_and_prepare)
    monkeypatch.setattr(build.builtin, "render", render)
    return calls


def test_generated_files_are_made_anew_only_if_what_they_are_made_from_changed(
    project_copy: Path, prepared: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    # Saved files are newer, and without git their age is printed: what all tests share has to keep its own.
    project, data = tmp_path / "project", tmp_path / "cohort.csv"
    shutil.copytree(project_copy, project, ignore=shutil.ignore_patterns("src", "tests", "_manuscript"))
    data.write_bytes((project / "data" / "synthetic" / "cohort.csv").read_bytes())
    study, settings = project / "study.yml", project / "_quarto.yml"
    with Builder(project, Path("cohort.csv")) as builder:
        builder.build(NOW)
        builder.build(NOW)
        assert builder.given == (study, data)
        for changed in (study, settings, data):
            changed.write_bytes(changed.read_bytes())
            builder.build(NOW)
            builder.build(NOW)
        builder.build(Version("2", "2024-02-01", 1_706_800_000, commit="decade"))
    assert [call["prepared"] for call in prepared] == [1, 1, 2, 2, 3, 3, 4, 4, 5]
    assert prepared[0]["environment"]["MANUSCRIPT_DATA"] == str(data)
    assert prepared[0]["environment"]["SOURCE_DATE_EPOCH"] == str(NOW.timestamp)


def test_the_data_of_the_study_are_given_where_no_others_are(
    project_copy: Path, prepared: list[dict[str, Any]]
) -> None:
    with Builder(project_copy, profile="submission") as builder:
        builder.build(NOW)
        assert builder.given[1] == project_copy / "data" / "synthetic" / "cohort.csv"
    assert prepared[0]["profile"] == "submission"
    assert "MANUSCRIPT_DATA" not in prepared[0]["environment"]
