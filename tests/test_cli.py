"""The command: what it prints, what it returns, and what it leaves untouched."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from report_helpers.cli import main


def test_wrong_usage_ends_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["render", "--to", "html,odt"])
    assert ended.value.code == 2
    assert "choose from html, pdf, docx, jats" in capsys.readouterr().err


def test_a_directory_that_is_no_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", str(tmp_path)]) == 1
    assert "has no _quarto.yml" in capsys.readouterr().err


def test_a_data_file_that_is_not_there(project_copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", str(project_copy), "--data", "nowhere.csv"]) == 1
    assert "there is no data file nowhere.csv" in capsys.readouterr().err


def test_quarto_asked_for_where_there_is_none(
    project_copy: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert main(["render", str(project_copy), "--engine", "quarto"]) == 1
    assert "no Quarto of version 1.4 or newer" in capsys.readouterr().err


def test_an_old_quarto_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from report_helpers.publishing import quarto

    program = tmp_path / "quarto"
    program.write_text("#!/bin/sh\necho 1.3.450\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert quarto.available() is None
    program.write_text("#!/bin/sh\necho 1.10.18\n")
    assert quarto.available() == "1.10.18"


def test_synthesise_writes_the_same_file_for_the_same_seed(tmp_path: Path, root: Path) -> None:
    target = tmp_path / "cohort.csv"
    from report_helpers.study.synthetic import SEED

    arguments = ["data", "synthesise", "--seed", str(SEED), "--patients", "734", "--output", str(target)]
    assert main(arguments) == 0
    assert target.read_bytes() == (root / "data" / "synthetic" / "cohort.csv").read_bytes()


def test_synthesise_of_nobody_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "cohort.csv"
    assert main(["data", "synthesise", "--seed", "1", "--patients", "0", "--output", str(target)]) == 1
    assert "at least one patient" in capsys.readouterr().err
    assert not target.exists()


@pytest.mark.xdist_group("render")
def test_an_unknown_result_is_named_with_its_place_and_the_old_output_stays(
    project_copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "project"
    shutil.copytree(project_copy, project, ignore=shutil.ignore_patterns("_manuscript"))
    output = project / "_manuscript"
    output.mkdir()
    (output / "index.html").write_text("the last good one")
    chapter = project / "chapters" / "introduction.qmd"
    lines = len(chapter.read_text(encoding="utf-8").splitlines())
    with chapter.open("a", encoding="utf-8") as file:
        file.write("\nOf `{python} r.flow.screend` patients.\n")
    assert main(["render", str(project), "--engine", "builtin", "--to", "html"]) == 1
    message = capsys.readouterr().err
    assert f"chapters/introduction.qmd:{lines + 2}" in message
    assert "did you mean 'screened'" in message
    assert [path.name for path in output.iterdir()] == ["index.html"]
    assert (output / "index.html").read_text() == "the last good one"
    assert [path.name for path in project.glob(".manuscript-*")] == []


@pytest.mark.xdist_group("render")
def test_a_cohort_with_mistakes_is_refused_without_a_patients_value(
    project_copy: Path, tmp_path: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (root / "data" / "synthetic" / "cohort.csv").read_text(encoding="utf-8").splitlines()
    column = lines[0].split(",").index("age_years")
    cells = lines[7].split(",")
    cells[column] = "987.5"
    lines[7] = ",".join(cells)
    broken = tmp_path / "broken.csv"
    broken.write_text("\n".join(lines) + "\n", encoding="utf-8")
    output = tmp_path / "out"
    arguments = ["render", str(project_copy), "--data", str(broken), "--to", "html", "--engine", "builtin"]
    assert main([*arguments, "--output-dir", str(output)]) == 1
    message = capsys.readouterr().err
    assert "age_years" in message
    assert "8" in message
    assert "987" not in message
    assert not output.exists()


def test_a_reader_who_stops_early_gets_no_traceback(root: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "report_helpers.cli",
        "data",
        "check",
        "--study",
        str(root / "study.yml"),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as check:
        assert check.stdout
        assert check.stderr
        check.stdout.close()
        assert check.stderr.read() == ""
        assert check.wait(60) == 141
