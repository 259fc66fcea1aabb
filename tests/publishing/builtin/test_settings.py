"""Broken and unlikely settings: the line of the mistake, the reason in plain words, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from report_helpers.publishing.builtin import EngineError, render
from report_helpers.publishing.builtin.reading.files import Files
from report_helpers.publishing.builtin.reading.project import load_project, with_metadata_files
from report_helpers.publishing.builtin.reading.settings import suspects
from report_helpers.publishing.builtin.reading.source import read_source
from report_helpers.publishing.builtin.reading.yamlfile import parse_mapping

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    ("text", "line", "reason", "remedy"),
    [
        ('title: "My paper\nauthor: A\nlang: en\n', 1, "a quotation mark is opened", "Close it."),
        ("a: 1\ntitle: 'It's fine'\nb: 2\n", 2, "does not fit what stands above", "mend quotation marks"),
        ("a: 1\nkeywords: [a, b\nlang: en\n", 2, "a bracket `[` is not closed", "[one, two]"),
        ("a: 1\nkeywords: [a,\n  b c: d e: f,\n  g]\n", 3, "a bracket `[` is not closed, or a comma", ""),
        ("a: 1\nformat: {html: {toc: true}\nlang: en\n", 2, "a brace `{` is not closed", "{name: value}"),
        ("by:\n  - name: A\n    at: [x, y\n  - name: B\n", 3, "a bracket `[` is not closed", "[one, two]"),
        ("a: 1\ntitle: Immunotherapy: a study\n", 2, "a value holds a colon", "Put the value in quotes."),
        ("a: 1\nbibliography references.bib\nlang: en\n", 2, "a colon and a space", "Write `name: value`."),
        ("f:\n  html\n  toc: true\n", 2, "a colon and a space", "Write `name: value`."),
        ("a: 1\nlang:en\nb: 2\n", 2, "a colon and a space behind it are missing", "Write `name: value`."),
        ("format:\n\thtml: default\n", 2, "a tab stands where only spaces may", "Indent with spaces."),
        ("f:\n  html:\n    toc: true\n   css: a\nb: 1\n", 4, "does not fit what stands above", "Indent it"),
        ("lang: en\n  toc: true\nb: 1\n", 2, "indented like a part of the value above", "Indent it"),
        ("filters:\n  - a.lua\n  b.lua\nlang: en\n", 3, "a colon and a space behind it are missing", ""),
        ("title: A\nlang: en\ntitle: B\n", 3, "`title` is given a second time", "Keep one of them."),
        ("a: 1\nauthor: @me\n", 2, "a value cannot begin with this sign", "Put the value in quotes."),
        ("a: 1\nx: *bold* text\n", 2, "`*` and `&` at the beginning of a value", "quotes"),
        ("a: 1\nx: &\nb: 1\n", 2, "`*` and `&` at the beginning of a value", "quotes"),
        ("a: 1\nx: !foo bar\n", 2, "`!` at the beginning of a value", "quotes"),
        ('a: 1\nx: "C:\\Users"\n', 2, "a backslash in double quotes", "Take single quotes."),
        ("a: 1\nx: {{ y }}\n", 2, "braces have a meaning of their own", "Put the value in quotes."),
        ("a: 1\nx: [a, b]]\nc: 1\n", 2, "this sign closes nothing", "Remove it"),
        ("a: 1\n---\nb: 2\n", 2, "`---` would begin a second document", "Remove the line."),
        ("a: 1\nx: a\x07b\n", 2, "an invisible control character", "Remove it."),
        ("- a\n- b\n", 1, "Expected names with values", ""),
        ("a: &x\n  b: *x\n", 1, "The aliases in this YAML (`*name`) repeat", "Write the values out."),
    ],
)
def test_a_mistake_is_told_where_it_is_made(text: str, line: int, reason: str, remedy: str) -> None:
    with pytest.raises(EngineError) as caught:
        parse_mapping(text, "index.qmd", 11)
    said = str(caught.value).splitlines()[0]
    assert said.startswith(f"index.qmd:{10 + line}: ")
    assert reason in said
    assert remedy in said


def test_aliases_that_no_memory_would_hold_are_refused() -> None:
    text = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for name, above in zip("bcdefgh", "abcdefg", strict=True):
        text += f"{name}: &{name} [{', '.join([f'*{above}'] * 9)}]\n"
    with pytest.raises(EngineError, match="far too often"):
        parse_mapping(text, "_quarto.yml")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "_quarto.yml").write_text("project:\n  render: [index.qmd]\n")
    (tmp_path / "index.qmd").write_text("Text.\n")
    return tmp_path


def failure(project: Path) -> list[str]:
    with pytest.raises(EngineError) as caught:
        render(project, ["html"], project / "out")
    return str(caught.value).splitlines()


def test_broken_front_matter_names_its_line_in_the_document(project: Path) -> None:
    (project / "index.qmd").write_text("---\nlang: en\nauthor: 'A\ndate: today\n---\nText.\n")
    assert failure(project) == [
        "index.qmd:3: This is not valid YAML: a quotation mark is opened here and not closed. Close it.",
        "    author: 'A",
        "            ^",
    ]


def test_all_values_of_a_wrong_kind_are_told_at_once(project: Path) -> None:
    (project / "_quarto.yml").write_text(
        "project: [index.qmd]\nfilters: 3\ncss: {a: b}\nformat:\n  html:\n    toc: yes\n    toc-depth: deep\n"
    )
    assert failure(project) == [
        "_quarto.yml:1: `project` has to be names with values, indented below it, not a list. "
        "Write for example `project: {name: value}`.",
        "_quarto.yml:2: `filters` has to be a list of filters, not `3`. "
        "Write for example `filters: [name.lua]`.",
        "_quarto.yml:3: `css` has to be the name of a file or a list of them, not names with values. "
        "Write for example `css: [name.txt]`.",
        "_quarto.yml:6: `toc` has to be true or false, not `yes`. Write for example `toc: true`.",
        "_quarto.yml:7: `toc-depth` has to be a whole number, not `deep`. Write for example `toc-depth: 3`.",
    ]


def test_a_wrong_kind_in_the_front_matter_is_told_there(project: Path) -> None:
    (project / "index.qmd").write_text("---\ntitle: A\nfig-width: wide\n---\nText.\n")
    assert failure(project) == [
        "index.qmd:3: `fig-width` has to be a number, not `wide`. Write for example `fig-width: 6.5`."
    ]


def test_a_misspelt_name_is_passed_over_with_a_hint(project: Path) -> None:
    (project / "_quarto.yml").write_text("lang: en\nbibliograpy: a.bib\nsponsor: B\n")
    (project / "index.qmd").write_text("---\nformat:\n  html:\n    number-section: true\n---\nText.\n")
    told: list[str] = []
    render(project, ["html"], project / "out", progress=lambda stage, said, _: told.append(f"{stage} {said}"))
    assert [line for line in told if line.startswith("warning")] == [
        "warning _quarto.yml:2: `bibliograpy` is no setting that is known, and is passed over. "
        "Did you mean bibliography?",
        "warning index.qmd:4: `number-section` is no setting that is known, and is passed over. "
        "Did you mean number-sections?",
    ]


@pytest.mark.parametrize(
    "case", sorted((HERE / "conformance" / "cases").iterdir()), ids=lambda path: path.name
)
def test_no_hint_is_given_where_nothing_is_wrong(case: Path) -> None:
    files = Files(case)
    loaded = load_project(files)
    front = with_metadata_files(files, read_source(files, loaded.main).front_matter)
    assert suspects({**loaded.settings, **front}, files) == []


@pytest.mark.parametrize("name", ["_quarto.yml", "index.qmd", "chapter.qmd"])
def test_a_file_that_is_not_utf8_names_its_line(project: Path, name: str) -> None:
    (project / "index.qmd").write_text("{{< include chapter.qmd >}}\n")
    (project / "chapter.qmd").write_text("Text.\n")
    path = project / name
    path.write_bytes(path.read_bytes() + "# Größe\n".encode("latin-1"))
    lines = path.read_bytes().count(b"\n")
    assert failure(project) == [f"{name}:{lines}: This line is not UTF-8. Save the file as UTF-8."]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("b.json", '[\n{"id": "a",}\n]', "b.json:2: This is not valid JSON: "),
        ("b.json", '["a"]', "b.json:1: This is no list of references. Export it as CSL."),
        ("b.yaml", "- id: a\n  title: A: b\n", "b.yaml:2: This is not valid YAML: a value holds a colon"),
        ("b.yaml", "just words\n", "b.yaml:1: This is no list of references. Export it as CSL."),
        ("b.bib", "@book{a,\n title={Größe}}\n", "b.bib:2: This line is not UTF-8. Save the file as UTF-8."),
    ],
)
def test_a_broken_bibliography_names_its_line(project: Path, name: str, text: str, said: str) -> None:
    (project / "index.qmd").write_text(f"---\nbibliography: {name}\n---\nText.\n")
    (project / name).write_text(text, encoding="latin-1")
    assert failure(project)[0].startswith(said)
