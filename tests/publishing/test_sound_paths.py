"""Nothing outside the project is read: through no include, picture, setting, style sheet or link."""

from __future__ import annotations

from pathlib import Path

import pytest

from report_helpers.publishing.builtin import EngineError, render
from report_helpers.publishing.builtin.reading.files import Files

SECRET = "the secret of another project"
CONFIG = "project:\n  render: [index.qmd]\nformat:\n  html:\n    minimal: true\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project beside a secret, with a link that leads to it and one that stays inside."""
    root = tmp_path / "Projekt Ä"
    (root / "styles").mkdir(parents=True)
    for name in ("secret.txt", "secret.png", "secret.css", "secret.lua", "secret.bib", "secret.yml"):
        (tmp_path / name).write_text(SECRET)
    (root / "_quarto.yml").write_text(CONFIG)
    (root / "styles" / "far.css").write_text("p { background: url(../../secret.png) }")
    (root / "styles" / "farther.css").write_text("@import 'far.css';")
    (root / "inside.txt").write_text("inside")
    (root / "link.txt").symlink_to(tmp_path / "secret.txt")
    (root / "folder").symlink_to(tmp_path)
    (root / "good.txt").symlink_to(root / "inside.txt")
    return root


def refusal(project: Path, index: str, kind: str = "html") -> str:
    (project / "index.qmd").write_text(index, encoding="utf-8")
    with pytest.raises(EngineError) as caught:
        render(project, [kind], project.parent / "out")
    assert SECRET not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        "../secret.txt",
        "/../secret.txt",
        "styles/../../secret.txt",
        "../nothing.txt",
        "link.txt",
        "folder/secret.txt",
        "/etc/passwd",
        "file:///etc/passwd",
        "FILE:../secret.txt",
        r"..\secret.txt",
        r"styles\..\..\secret.txt",
        r"C:\secret.txt",
        "C:/secret.txt",
    ],
)
def test_a_name_that_leads_out_is_refused(project: Path, name: str) -> None:
    with pytest.raises(EngineError, match="lies outside the project"):
        Files(project).find(name)


@pytest.mark.parametrize("name", ["inside.txt", "/inside.txt", "styles/../inside.txt", "good.txt"])
def test_a_name_that_stays_inside_is_found(project: Path, name: str) -> None:
    found = Files(project).find(name)
    assert found is not None
    assert found.read_text() == "inside"


@pytest.mark.parametrize("name", ["nothing.txt", "a" * 5000, "%2e%2e/secret.txt", "~/secret.txt"])
def test_a_name_of_nothing_is_not_found(project: Path, name: str) -> None:
    assert Files(project).find(name) is None


@pytest.mark.parametrize(
    "name", ["../secret.txt", "/etc/passwd", "link.txt", "folder/secret.txt", "file:///x"]
)
def test_an_include_stays_inside(project: Path, name: str) -> None:
    said = refusal(project, f"A\n\n{{{{< include {name} >}}}}\n")
    assert said.startswith("index.qmd:3: The include ")
    assert "lies outside the project" in said


def test_all_pictures_stay_inside_and_all_are_told(project: Path) -> None:
    names = ["../secret.png", "%2e%2e/secret.png", "folder/secret.png", "/etc/passwd", "file:///secret.png"]
    index = "".join(f"![]({name})\n\n" for name in names)
    for kind in ("html", "docx"):
        said = refusal(
            project, index + "```{=html}\n<table><tr><td><img src='/../secret.png'></table>\n```\n", kind
        )
        lines = [line.split(":")[1] for line in said.splitlines() if "lies outside the project" in line]
        assert lines[:5] == ["1", "3", "5", "7", "9"]
        assert len(lines) == (5 if kind == "html" else 6)


@pytest.mark.parametrize(
    ("setting", "line"),
    [
        ("bibliography: [../secret.bib]", 2),
        ("format:\n  html:\n    css: [styles/far.css, ../secret.css]", 4),
        ("filters:\n  - path: ../secret.lua\n    at: pre-ast", 3),
        ("metadata-files: [folder/secret.yml]", 2),
        ("template: ../secret.txt", 2),
        ("template-partials: [../secret.txt]", 2),
        ("include-in-header: link.txt", 2),
        ("include-after-body:\n  - text: a\n  - file: /etc/passwd", 4),
        ("references: [{id: a}]\ncsl: ../secret.txt", 3),
        ("references: [{id: a}]\ncitation-abbreviations: ../secret.txt", 3),
    ],
)
def test_a_file_that_a_setting_names_stays_inside(project: Path, setting: str, line: int) -> None:
    text = "Text [@a]." if "references" in setting else "Text."
    said = refusal(project, f"---\n{setting}\n---\n\n{text}\n")
    name = setting.split(":")[0] if not setting.startswith(("format", "references")) else ""
    assert said.startswith(f"index.qmd:{line}: `{name}")
    assert "which lies outside the project. Copy the file into the project." in said


def test_a_reference_document_stays_inside(project: Path) -> None:
    said = refusal(project, "---\nreference-doc: ../secret.txt\n---\n", "docx")
    assert said.startswith("index.qmd:2: `reference-doc` names ../secret.txt, which lies outside")


@pytest.mark.parametrize(
    "loads",
    [
        "<iframe src='../secret.txt'></iframe>",
        "<img title='>' src='../secret.txt'><script src='styles/x.js'></script>",
        "<div style='background: url(../secret.txt)'></div>",
        "<style>@import '../secret.css';</style>",
        "<link rel=stylesheet href='styles/farther.css'>",
        "<section data-background-image='../secret.png'></section><style>@import 'styles/a.css'</style>",
    ],
)
def test_what_raw_html_loads_stays_inside(project: Path, loads: str) -> None:
    said = refusal(project, f"A\n\n```{{=html}}\n{loads}\n```\n")
    assert "lies outside the project. Copy the file into the project." in said
    assert said.startswith("styles/far.css:1" if "farther" in loads else "index.qmd:4: ")


@pytest.mark.parametrize(
    "call", ['read("../secret.txt")', 'read("/folder/secret.txt")', 'read("/etc/passwd")']
)
def test_typst_reads_nothing_outside(project: Path, call: str) -> None:
    said = refusal(project, f"```{{=typst}}\n#{call}\n```\n", "pdf")
    assert said.startswith("Typst cannot set the PDF")
