"""Reading: includes, shortcodes, cells, settings; every error with file and line."""

from pathlib import Path

import pytest

from report_helpers.publishing.builtin.composing.kinds import read_kinds
from report_helpers.publishing.builtin.errors import EngineError
from report_helpers.publishing.builtin.reading.cells import Cell, Text, split_cells
from report_helpers.publishing.builtin.reading.files import Files
from report_helpers.publishing.builtin.reading.lines import Line
from report_helpers.publishing.builtin.reading.project import load_project
from report_helpers.publishing.builtin.reading.shortcodes import expand_settings, expand_shortcodes
from report_helpers.publishing.builtin.reading.source import Source, read_source

from .conftest import Project


def read(root: Path) -> Source:
    return read_source(Files(root), "index.qmd")


def lines_of(text: str) -> tuple[Line, ...]:
    return tuple(Line(line, "index.qmd", number) for number, line in enumerate(text.split("\n"), start=1))


def test_includes_are_put_in_and_keep_their_lines(project: Project) -> None:
    root = project(
        "---\ntitle: T\n---\n\n{{< include chapters/one.qmd >}}\nend",
        chapters__one_dot_qmd="# One\n\n{{< include /deep.qmd >}}",
        deep_dot_qmd="deep",
    )
    source = read(root)
    assert source.front_matter == {"title": "T"}
    assert [(line.file, line.number) for line in source.lines if line.text] == [
        ("chapters/one.qmd", 1),
        ("deep.qmd", 1),
        ("index.qmd", 6),
    ]


def test_a_division_that_is_not_closed_is_named_where_it_opens(project: Project) -> None:
    root = project(
        "::: {.callout-note}\ninner\n:::\n\n{{< include one.qmd >}}",
        one_dot_qmd="::: {#tbl-a}\n\n:::: note\n\n::::\n\n```\n:::\n```\n",
    )
    with pytest.raises(EngineError, match=r"one\.qmd:1: The division `::: \{#tbl-a\}` is not closed"):
        read(root)


def test_an_include_in_a_code_block_is_text(project: Project) -> None:
    root = project("```\n{{< include nowhere.qmd >}}\n```")
    assert read(root).lines[1].text == "{{< include nowhere.qmd >}}"


@pytest.mark.parametrize(
    ("index", "said"),
    [
        (
            "x\n{{< include chapters/two.qmd >}}",
            r"index.qmd:2: .*does not exist\. Did you mean chapters/one.qmd",
        ),
        ("{{< include index.qmd >}}", r"index.qmd:1: .*includes itself"),
        ("{{< include ../out.qmd >}}", r"index.qmd:1: .*outside the project"),
        ("---\na: [\n---\n", r"index.qmd:\d: This is not valid YAML"),
        ("---\na: 1\n", r"index.qmd:1: The front matter is not closed"),
    ],
)
def test_what_cannot_be_read_is_named(project: Project, index: str, said: str) -> None:
    root = project(index, chapters__one_dot_qmd="x")
    (root.parent / "out.qmd").write_text("secret")
    with pytest.raises(EngineError, match=said):
        read(root)


def test_shortcodes_print_what_they_name() -> None:
    lines = lines_of('{{< meta a.b >}} {{< var v >}} {{< env X >}} {{< env Y "no" >}} {{{< meta a >}}}')
    new = expand_shortcodes(lines, {"a": {"b": 7}}, {"v": "1.2"}, {"X": "x"})
    assert new[0].text == "7 1.2 x no {{< meta a >}}"


def test_shortcodes_in_the_metadata_are_expanded_but_python_is_not_touched() -> None:
    metadata = {"title": "T {{< meta n.1 >}}", "n": [3, {"deep": "{{< var v >}}"}]}
    assert expand_settings(metadata, {"v": "x"}, {}, "index.qmd") == {"title": "T 3", "n": [3, {"deep": "x"}]}
    lines = lines_of("`{python} '{{< meta t >}}'` {{< meta t >}}\n```{python}\n'{{< meta t >}}'\n```")
    assert [line.text for line in expand_shortcodes(lines, {"t": 1}, {}, {})] == [
        "`{python} '{{< meta t >}}'` 1",
        "```{python}",
        "'{{< meta t >}}'",
        "```",
    ]


def test_a_cell_that_is_only_shown_keeps_its_fences() -> None:
    (shown,) = split_cells(lines_of("```{{python}}\n#| echo: false\n1\n```"))
    assert isinstance(shown, Text)
    assert [line.text for line in shown.lines] == [
        "````",
        "```{python}",
        "#| echo: false",
        "1",
        "```",
        "````",
    ]


def test_options_may_follow_an_empty_line() -> None:
    (cell,) = split_cells(lines_of("```{python}\n\n#| echo: false\n1\n```"))
    assert isinstance(cell, Cell)
    assert (cell.options, cell.code, cell.lines[cell.first].number) == ({"echo": False}, "1", 4)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{< meta titel >}}", "index.qmd:1: titel is not defined in the metadata. Did you mean title?"),
        ("\n{{< vidoe x >}}", "index.qmd:2: .*does not know the shortcode vidoe"),
        ("{{< env NOWHERE_SET >}}", "index.qmd:1: The environment variable NOWHERE_SET is not set"),
        ("a {{< include b.qmd >}}", "index.qmd:1: An include has to stand on a line of its own"),
    ],
)
def test_unknown_shortcodes_and_names_are_errors(text: str, said: str) -> None:
    with pytest.raises(EngineError, match=said.replace("?", r"\?")):
        expand_shortcodes(lines_of(text), {"title": "T"}, {}, {})


def test_cells_have_options_and_code_without_them() -> None:
    cell = split_cells(
        lines_of("a\n\n```{python}\n#| label: fig-a\n#| echo: false\nx = 1\n```\n\n```python\ny\n```")
    )[1]
    assert isinstance(cell, Cell)
    assert (cell.options, cell.code, cell.label) == ({"label": "fig-a", "echo": False}, "x = 1", "fig-a")
    assert cell.lines[cell.first].number == 6


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("```{python}\n#| fig-capp: x\n1\n```", "index.qmd:2: .*cell option fig-capp. Did you mean fig-cap"),
        ("```{r}\n1\n```", "index.qmd:1: .*cells in the language r"),
        ("\n```{python}\n1", "index.qmd:2: A code block is not closed"),
        ("```{python}\n#| label: 'a\n1\n```", "index.qmd:2: This is not valid YAML"),
        (
            "```{python}\n#| label: a\n```\n```{python}\n#| label: a\n```",
            "index.qmd:4: The label a is given twice",
        ),
    ],
)
def test_cells_that_are_not_understood_are_errors(text: str, said: str) -> None:
    with pytest.raises(EngineError, match=said):
        split_cells(lines_of(text))


def test_settings_are_merged_as_quarto_merges_them(project: Project) -> None:
    root = project(
        "x",
        _quarto_dot_yml="filters: [a.lua]\nmetadata-files: [more.yml]\nlang: en\nformat: {html: {toc: true}}",
        more_dot_yml="lang: de\nstudy: {n: 2}",
        **{"_quarto-journal_dot_yml": "format: {html: {toc: false}}\nfilters: [b.lua]"},
    )
    plain = load_project(Files(root)).metadata({"title": "T"}, "html")
    assert (plain["lang"], plain["study"], plain["toc"], plain["title"]) == ("de", {"n": 2}, True, "T")
    profiled = load_project(Files(root), ["journal"]).metadata({}, "html")
    assert (profiled["toc"], profiled["filters"]) == (False, ["a.lua", "b.lua"])
    assert "toc" not in load_project(Files(root)).metadata({}, "docx")


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("a: b: c", "_quarto.yml:1: This is not valid YAML"),
        ("metadata-files: [no.yml]", "_quarto.yml:1: `metadata-files` names no.yml"),
        ("project: {type: book}", "does not know projects of type book"),
        ("project: {render: [other.qmd]}", "`render` names other.qmd"),
        ("engine: knitr", "does not know the engine knitr"),
    ],
)
def test_settings_that_cannot_be_used_are_errors(project: Project, config: str, said: str) -> None:
    with pytest.raises(EngineError, match=said):
        load_project(Files(project("x", _quarto_dot_yml=config)))


def test_generated_files_come_first(project: Project, tmp_path: Path) -> None:
    root = project("x", a_dot_txt="project")
    layer = tmp_path / "layer"
    layer.mkdir()
    (layer / "a.txt").write_text("layer")
    assert Files(root, (layer,)).read_text("a.txt") == "layer"
    assert Files(root).read_text("/a.txt") == "project"


def test_a_link_that_leads_out_is_refused(project: Project, tmp_path: Path) -> None:
    root = project("x")
    (tmp_path / "secret.txt").write_text("secret")
    (root / "link.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(EngineError, match="outside the project"):
        Files(root).find("link.txt")


def test_settings_that_change_the_text_and_are_not_obeyed_are_refused(project: Project) -> None:
    loaded = load_project(Files(project("x")))
    with pytest.raises(EngineError, match=r"index\.qmd: .* does not know `website: menu`"):
        loaded.metadata({"website": "menu"}, "html")
    assert loaded.metadata({"cite-method": "citeproc"}, "html")["cite-method"] == "citeproc"


def test_words_are_the_language_s_and_the_document_s_own() -> None:
    own = {"crossref-fig-title": "Bild", "environment-proof-title": "Beleg", "code-summary": "Programm"}
    kinds = read_kinds({"lang": "de-CH", "language": own, "crossref": {"tbl-prefix": "Tab."}})
    assert [kinds.floats[key].title for key in ("fig", "tbl", "lst")] == ["Bild", "Tabelle", "Listing"]
    assert (kinds.floats["fig"].prefix, kinds.floats["tbl"].prefix) == ("Bild", "Tab.")
    assert [kinds.words[key] for key in ("proof", "code", "abstract")] == [
        "Beleg",
        "Programm",
        "Zusammenfassung",
    ]


def test_captions_stand_where_the_settings_want_them() -> None:
    kinds = read_kinds(
        {
            "fig-cap-location": "top",
            "crossref": {
                "fig-title": "Fig.",
                "custom": [
                    {
                        "kind": "float",
                        "key": "vid",
                        "reference-prefix": "Video",
                        "space-before-numbering": False,
                    },
                ],
            },
        }
    )
    assert (kinds.floats["fig"].caption_on_top, kinds.floats["fig"].title) == (True, "Fig.")
    assert (kinds.floats["vid"].caption_on_top, kinds.floats["vid"].spaced) == (False, False)
    with pytest.raises(EngineError, match="captions at `left`"):
        read_kinds({"tbl-cap-location": "left"})
