"""Outputs are kept while nothing they rest on changed, and only then."""

from __future__ import annotations

import os
import site
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

import pytest

from report_helpers.publishing.builtin import EngineError
from report_helpers.publishing.builtin.reading.cells import Cell

from .kept_preview import Preview, shown

pytestmark = pytest.mark.xdist_group("preview")


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    made = Preview(tmp_path_factory.mktemp("preview"))
    yield made
    made.runs.close()


def edit(name: str, old: str, new: str) -> Callable[[Preview], None]:
    return lambda preview: preview.change(name, old, new)


def change_data_unseen_by_size_and_time(preview: Preview) -> None:
    data = preview.root / "data" / "cohort.csv"
    before = data.stat()
    data.write_text("1,2,4\n", encoding="utf-8")
    os.utime(data, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert data.stat().st_size == before.st_size


def replace_data_by_an_older_file(preview: Preview) -> None:
    older = preview.root / "older.csv"
    older.write_text("3,2,1\n", encoding="utf-8")
    os.utime(older, (1_000_000_000, 1_000_000_000))
    older.replace(preview.root / "data" / "cohort.csv")


CODE: dict[str, tuple[str, str, str]] = {
    "code of a cell": ("index.qmd", "n = len(", "n = 1 + len("),
    "an inline expression": ("index.qmd", "`{python} n`", "`{python} n + 0`"),
    "an inline expression more": ("index.qmd", "Some prose.", "Some `{python} 6 * 7`."),
    "order of the code": ("chapters/part.qmd", "And `{python} m`.", "```{python}\n1\n```\n`{python} m`"),
    "an option of a cell": ("index.qmd", "#| label: last", "#| label: last\n#| error: true"),
    "code of an included file": ("chapters/part.qmd", "m = n + 1", "m = n + 2"),
    "execute settings": ("_quarto.yml", "echo: false", "echo: false\n  error: true"),
    "size of figures": ("_quarto.yml", "execute:", "fig-width: 4\nexecute:"),
}


class RunsAgainError(Exception):
    """In place of a run of the code."""


@pytest.fixture
def noticing(preview: Preview, monkeypatch: pytest.MonkeyPatch) -> Preview:
    """The preview with its outputs kept; what would run the code again raises `RunsAgainError`."""

    def refuse(work: Coroutine[None, None, None]) -> None:
        work.close()
        raise RunsAgainError(preview.runs.why)

    preview.token()
    preview.token()
    assert preview.runs.why == ""
    monkeypatch.setattr(preview.runs, "_call", refuse)
    return preview


@pytest.mark.parametrize("what", CODE)
def test_the_code_runs_again_after_a_change_of(what: str, noticing: Preview) -> None:
    name, old, new = CODE[what]
    noticing.change(name, old, new)
    with pytest.raises(RunsAgainError, match="settings" if what == "size of figures" else "the code"):
        noticing.run()
    noticing.change(name, new, old)
    noticing.run()


def test_the_code_runs_again_after_a_change_of_the_environment(
    noticing: Preview, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(noticing.environment, "THEIRS", "changed")
    with pytest.raises(RunsAgainError, match="settings or packages"):
        noticing.run()


@pytest.mark.parametrize("changed", ["thing-1.1.dist-info", "another-1.0.dist-info"])
def test_the_code_runs_again_after_a_change_of_packages(
    changed: str, noticing: Preview, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "getusersitepackages", lambda: str(tmp_path))
    (tmp_path / changed).mkdir()
    with pytest.raises(RunsAgainError, match="settings or packages"):
        noticing.run()


def test_the_code_runs_again_with_another_interpreter(
    noticing: Preview, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python3.99"))
    with pytest.raises(RunsAgainError, match="settings or packages"):
        noticing.run()


FILES_READ: dict[str, tuple[Callable[[Preview], None], str]] = {
    "a file given": (edit("unheard.sav", "library", "program"), "unheard.sav"),
    "the data": (change_data_unseen_by_size_and_time, "cohort.csv"),
    "the data, by an older file": (replace_data_by_an_older_file, "cohort.csv"),
    "a module": (edit("inner/__init__.py", "", "HERE = 1\n"), "__init__.py"),
    "a module that is found first": (lambda preview: preview.write("wave.py", "mine = True\n"), "a project"),
    "a file that a module reads": (edit("settings.txt", "deep", "deeper"), "settings.txt"),
    "a file that was not there": (lambda preview: preview.write("late.txt", "there now"), "late.txt"),
    "what is in a folder": (lambda preview: preview.write("records/b.txt", "b"), "records"),
}


@pytest.mark.parametrize("what", FILES_READ)
def test_the_code_runs_again_after_a_change_of_file(what: str, preview: Preview) -> None:
    change, why = FILES_READ[what]
    before = preview.token()
    assert preview.token() == before
    assert preview.runs.why == ""
    change(preview)
    after = preview.token()
    assert after != before
    assert why in preview.runs.why
    assert preview.token() == after


def test_prose_does_not_run_the_code_and_lines_are_the_new_ones(preview: Preview) -> None:
    before = preview.token()
    preview.change("index.qmd", "There are", "A paragraph\n\nof new prose. There are")
    preview.change("chapters/part.qmd", "Of the part.", "Of\nthe\nsame\npart.")
    preview.change("chapters/part.qmd", "`{python} m`", "now\n\n`{python} m` and again `{python} m`")
    done = preview.run()
    assert preview.runs.why == ""
    assert preview.token() == before
    for item in done:
        for line in filter(lambda line: line.text, item.part.lines):
            assert preview.line(line.file, line.number) == line.text
        if isinstance(item.part, Cell):
            assert "{python}" in preview.line(item.part.opening.file, item.part.opening.number)
    assert "a.txt" in shown(done)


def test_a_failure_keeps_what_was_kept(preview: Preview) -> None:
    before = preview.token()
    preview.change("chapters/part.qmd", "m = n + ", "m = missing + ")
    with pytest.raises(EngineError) as failed:
        preview.run()
    (problem,) = failed.value.problems
    assert preview.line("chapters/part.qmd", problem.line).startswith("m = missing")
    preview.change("chapters/part.qmd", "m = missing + ", "m = n + ")
    assert preview.token() == before
    assert preview.runs.why == ""
