"""What `manuscript check` prints: what is for information first, then what to mend, and how much of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from report_helpers.errors import ManuscriptError
from report_helpers.publishing import check_manuscript as module
from report_helpers.publishing.builtin import EngineError
from report_helpers.publishing.builtin.errors import Problem
from report_helpers.publishing.check_manuscript import Report, check_manuscript
from report_helpers.publishing.checks import Finding
from report_helpers.publishing.render import Request

NOTE = Finding("journal", "6,391 words.", note=True)
WRONG = Finding("percentage", "3/4 is 75%.", "chapters/discussion.qmd", 7, "Compute it.")


def test_what_is_to_mend_comes_last_where_the_eye_is() -> None:
    report = Report((), (WRONG, NOTE))
    assert str(report).splitlines() == [
        "For information:",
        "  [journal] 6,391 words.",
        "",
        "chapters/discussion.qmd:7: [percentage] 3/4 is 75%.",
        "    Compute it.",
        "one thing to mend",
    ]
    assert report.fails


def test_what_a_strict_render_refuses_counts_too() -> None:
    report = Report(("index.qmd:3: no such citation.",), (WRONG,))
    assert str(report).splitlines()[0] == "index.qmd:3: no such citation."
    assert str(report).endswith("2 things to mend\n")
    assert report.fails


def test_notes_alone_fail_nothing() -> None:
    report = Report((), (NOTE,))
    assert not report.fails
    assert str(report).endswith("nothing to mend\n")


def _silent(stage: str, detail: str, seconds: float | None) -> None:
    """Say nothing of the progress."""


def _with_faults(project: Path, folder: Path) -> tuple[Path, int]:
    """Return a copy of the sources with five faults in one line of the introduction, and that line."""
    for name in ("chapters", "index.qmd", "references.bib", "study.yml", "_quarto.yml"):
        copy = shutil.copytree if (project / name).is_dir() else shutil.copy
        copy(project / name, folder / name)
    path = folder / "chapters/introduction.qmd"
    old = "It was open-label"
    new = "See @tbl-nothing, @fig-nothing, @sec-nothing and [@nobody2020]: 41.4% were. It was open-label"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder, text[: text.index(old)].count("\n") + 1


def test_what_cannot_be_rendered_is_told_with_what_the_sources_show(
    project_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, line = _with_faults(project_copy, tmp_path)
    file = "chapters/introduction.qmd"
    problem = Problem("@tbl-nothing leads nowhere.", file, line)

    def refuse(request: Request, progress: object) -> None:
        raise EngineError(problem)

    monkeypatch.setattr(module, "render", refuse)
    report = check_manuscript(project, progress=_silent)
    assert report.fails
    assert not report.rendered
    assert report.refused == (str(problem),), "told once, though strict and not strict"
    found = [(each.check, each.quote) for each in report.findings if (each.file, each.line) == (file, line)]
    assert found == [
        ("citation", "@nobody2020"),
        ("float-cited", "fig-nothing"),
        ("section", "sec-nothing"),
        ("typed-number", "41.4%"),
    ]
    assert str(report).splitlines()[-2:] == [
        "nothing could be rendered, so only the sources were checked: mend them, and check again",
        "5 things to mend",
    ]


def test_sources_that_cannot_be_read_leave_what_the_render_said(
    project_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, _ = _with_faults(project_copy, tmp_path)
    (project / "chapters/methods.qmd").unlink()

    def refuse(request: Request, progress: object) -> None:
        raise EngineError.at("There is no such file.", "index.qmd", 7)

    monkeypatch.setattr(module, "render", refuse)
    report = check_manuscript(project, progress=_silent)
    assert (report.refused, report.findings) == (("index.qmd:7: There is no such file.",), ())
    assert report.fails


def test_a_folder_without_a_project_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ManuscriptError, match=r"no _quarto\.yml"):
        check_manuscript(tmp_path, progress=_silent)
