"""The README promises only what is there."""

import re
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def readme(root: Path) -> str:
    return (root / "README.md").read_text(encoding="utf-8")


def test_its_pictures_and_files_exist(readme: str, root: Path) -> None:
    named = re.findall(r'src="([^"]+)"', readme) + re.findall(r"\]\((?!http)([^)#]+)\)", readme)
    made = ("_manuscript/", ".venv/", "versions/")
    named += [name for name in re.findall(r"`([\w.-]+/)`", readme) if name not in made]
    assert len(named) >= 8
    assert [name for name in named if not (root / name).exists()] == []


def test_its_commands_are_targets_of_the_makefile(readme: str, root: Path) -> None:
    targets = set(re.findall(r"^([\w-]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", readme)) <= targets


def test_the_values_it_shows_can_be_asked_for(readme: str, results: object) -> None:
    from report_helpers.reporting import Report
    from report_helpers.results import Results

    assert isinstance(results, Results)
    report = Report(results)
    paths = set(re.findall(r"\br\.([a-z_]\w*(?:\.\w+)+)", readme))
    assert len(paths) >= 6
    assert all(report.value(path).text for path in paths)


def test_its_commands_are_understood(readme: str) -> None:
    from report_helpers.cli import _parser

    written = re.findall(r"(?m)(?:^\.venv/bin/|`\.venv/bin/|^)manuscript ([a-z][^`\n]*)", readme)
    assert len(written) >= 4
    for line in written:
        assert _parser().parse_args(line.split()).run


def test_the_map_it_shows_is_one(readme: str, root: Path, tmp_path: Path) -> None:
    from report_helpers.study.definition import load_study

    columns, source, checks = sorted(re.findall(r"(?ms)^```yaml\n(.*?)^```", readme))
    text = (root / "study.yml").read_text(encoding="utf-8")
    shipped = re.search(r"(?m)^  file: .*\n  synthetic: .*\n", text)
    assert shipped
    text = re.sub(r"(?ms)^checks:\n.*?^\n", checks + "\n", text.replace(shipped[0], source + columns, 1))
    (tmp_path / "study.yml").write_text(text, encoding="utf-8")
    study = load_study(tmp_path / "study.yml")
    assert not study.data.synthetic
    assert study.data.columns["nk_cells_percent"].source == "NK%"
    assert study.checks.exceptions == {"typed-number": ("24 weeks of gestation",)}
