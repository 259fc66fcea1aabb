"""The command ``data check``: what it prints, returns and writes."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from report_helpers.cli import main

VOID = {"meta"}


class Pairs(HTMLParser):
    """Holds that every tag is closed in its order, and that nothing is to be fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not {"src", "href", "onclick"} & {name for name, _ in attrs}
        assert tag not in ("script", "link", "img", "iframe")
        self.open += [tag] if tag not in VOID else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture
def here(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's folder with a file that lacks a column, has a foreign one, and holds an impossible age."""
    text = re.sub(r"(?m)^ *#.*\n", "", (root / "study.yml").read_text(encoding="utf-8"))
    (tmp_path / "study.yml").write_text(text, encoding="utf-8")
    lines = (root / "data" / "synthetic" / "cohort.csv").read_text(encoding="utf-8").splitlines()[:60]
    lines[0] = lines[0].replace("bmi_kg_m2", "BMI <script>alert(1)</script>")
    (tmp_path / "export.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_that_needs_an_edit(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "check", "export.csv"]) == 1
    said = capsys.readouterr().out
    assert "cannot be analysed yet: study.yml needs the edit below, and nothing else" in said
    assert '    bmi_kg_m2: "BMI <script>alert(1)</script>"' in said
    assert sorted(path.name for path in here.iterdir()) == ["export.csv", "study.yml"]


def test_the_page_is_whole_and_safe(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "check", "export.csv", "--html"]) == 1
    assert "wrote data-check.html" in capsys.readouterr().out
    page = (here / "data-check.html").read_text(encoding="utf-8")
    reader = Pairs()
    reader.feed(page)
    assert reader.open == []
    assert "url(" not in page
    assert "@import" not in page
    assert "BMI &lt;script&gt;" in page
    assert main(["data", "check", "export.csv", "--html"]) == 1  # its own page is written anew


def test_another_file_is_not_written_over(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (here / "export.csv").read_bytes()
    assert main(["data", "check", "export.csv", "--html", "export.csv"]) == 1
    assert "which no manuscript data check wrote" in capsys.readouterr().err
    assert (here / "export.csv").read_bytes() == before


def test_the_studys_own_file_is_the_default(
    here: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(root / "data" / "synthetic", here / "data" / "synthetic")
    assert main(["data", "check"]) == 0
    said = capsys.readouterr().out
    assert "The file can be analysed." in said
    assert "33 found" in said
    assert re.search(r"Screened +734\n", said)
    assert "FLOW (as it will be printed)" in said
    assert "EDIT" not in said
    assert "taken as real" not in said


@pytest.mark.parametrize(
    ("setting", "protected"),
    [("synthetic: true", "synthetic: false"), ("disclosure: real_data", "disclosure: always")],
)
def test_counts_that_the_manuscript_will_hide_are_told(
    here: Path, root: Path, capsys: pytest.CaptureFixture[str], setting: str, protected: str
) -> None:
    shutil.copytree(root / "data" / "synthetic", here / "data" / "synthetic")
    study = here / "study.yml"
    study.write_text(study.read_text(encoding="utf-8").replace(setting, protected), encoding="utf-8")
    assert main(["data", "check", "--html"]) == 0
    said = capsys.readouterr().out
    expected = "all counts are shown here; the manuscript hides those below 5 and what would reveal them"
    assert f"FLOW ({expected})" in said
    assert f'<p class="under">{expected}</p>' in (here / "data-check.html").read_text(encoding="utf-8")


def test_a_study_file_with_mistakes_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = here / "study.yml"
    study.write_text(study.read_text(encoding="utf-8").replace("synthetic: true", "synthetic: perhaps"))
    assert main(["data", "check", "export.csv"]) == 1
    assert "data.synthetic must be true or false" in capsys.readouterr().err


def test_no_study_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "check", "x.csv", "--study", str(tmp_path / "study.yml")]) == 1
    assert "cannot be read" in capsys.readouterr().err
