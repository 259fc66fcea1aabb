"""A new study: whole, renders at once, writes over nothing; from a checkout and from an installed wheel."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from report_helpers.cli import main
from report_helpers.publishing.new_study import PROJECT_FILES

WRITTEN = {*PROJECT_FILES, "README.md", "scripts", "data"}


@pytest.fixture(scope="module")
def installed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as a wheel unpacks it."""
    folder = tmp_path_factory.mktemp("wheel")
    code = (
        "import sys; from hatchling.builders.wheel import WheelBuilder; "
        "list(WheelBuilder(sys.argv[1]).build(directory=sys.argv[2]))"
    )
    subprocess.run([sys.executable, "-c", code, str(root), str(folder)], check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def manuscript(site: Path, here: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command of an installed package."""
    code = "import sys; from report_helpers.cli import main; sys.exit(main())"
    environment = {**os.environ, "PYTHONPATH": str(site)}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=here, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.xdist_group("render")
def test_an_installed_package_starts_a_study_that_renders(installed: Path, tmp_path: Path) -> None:
    made = manuscript(installed, tmp_path, "new", "my study")
    assert made.returncode == 0, made.stderr
    study = tmp_path / "my study"
    assert {path.name for path in study.iterdir()} == WRITTEN
    assert manuscript(installed, study, "data", "check").returncode == 0
    done = manuscript(installed, tmp_path, "render", "my study", "--engine", "builtin", "--to", "html")
    assert done.returncode == 0, done.stderr
    page = (study / "_manuscript" / "index.html").read_text(encoding="utf-8")
    assert "[Title of your study]" in page
    assert "Synthetic data" in page
    assert (study / "_manuscript" / "numbers.json").is_file()


def test_its_files_name_nothing_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = tmp_path / "new"
    assert main(["new", str(study)]) == 0
    assert str(study) in capsys.readouterr().out
    named = re.findall(r"(?:scripts|filters|assets|chapters|data)/[\w./-]+\.\w+", "\n".join(
        (study / name).read_text(encoding="utf-8") for name in ("_quarto.yml", "study.yml", "index.qmd")
    ))  # fmt: skip
    assert len(named) > 20
    assert [name for name in named if not (study / name).is_file()] == []
    assert "src/" not in (study / "_quarto.yml").read_text(encoding="utf-8")


def test_git_ignores_an_export_laid_into_it(tmp_path: Path) -> None:
    study = tmp_path / "new"
    assert main(["new", str(study)]) == 0
    (study / "data" / "export.csv").write_text("patient_id\n1\n", encoding="utf-8")
    (study / "data" / "registry.xlsx").write_bytes(b"PK")
    subprocess.run(["git", "init", "-q"], cwd=study, check=True)
    run = ["git", "ls-files", "--others", "--exclude-standard", "data"]
    listed = subprocess.run(run, cwd=study, check=True, capture_output=True, text=True).stdout.splitlines()
    assert listed == [
        "data/synthetic/cohort.csv",
        "data/synthetic/cohort.csv.synthetic",
        "data/synthetic/data-dictionary.csv",
    ]


def test_what_is_there_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert main(["new", str(tmp_path)]) == 1
    assert "the directory is not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    assert main(["new", str(tmp_path / "notes.txt")]) == 1
    assert "there is a file of that name" in capsys.readouterr().err
    assert main(["new", str(tmp_path / "notes.txt" / "inside")]) == 1
    assert "cannot be written" in capsys.readouterr().err
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_no_directory_is_wrong_usage() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["new"])
    assert ended.value.code == 2
