"""Whole documents that cannot be rendered: what the author reads, and that nothing is written."""

from pathlib import Path

import pytest

from report_helpers.publishing.builtin import EngineError, render

from .conftest import Project

FAILING_CELL = """\
text

```{python}
#| label: setup
def ratio(a, b):
    return a / b
```

```{python}
x = 1
ratio(x, 0)
```
"""


CELL = "```{python}\n1;\n```\n"


def failure(root: Path, **options: object) -> str:
    out = root.parent / "out"
    with pytest.raises(EngineError) as caught:
        render(root, ["html"], out, **options)  # type: ignore[arg-type]
    assert not list(out.glob("index.*"))
    return str(caught.value)


def test_a_failing_cell_shows_its_line_and_no_frames_of_the_engine(project: Project) -> None:
    assert failure(project(FAILING_CELL)).splitlines() == [
        "index.qmd:6: This cell failed.",
        "      4 │ #| label: setup",
        "      5 │ def ratio(a, b):",
        "    → 6 │     return a / b",
        "    ZeroDivisionError: division by zero",
        "    (called by the cell in index.qmd, line 9)",
    ]


HELPERS = """\
import json


def count(text):
    return len(json.loads(text))
"""


def test_a_failing_helper_of_the_project_is_shown_below_the_cell_and_libraries_are_not(
    project: Project,
) -> None:
    root = project(
        "# A\n\n{{< include parts/one.qmd >}}",
        parts__one_dot_qmd="text\n\n```{python}\n#| echo: false\n"
        "from lib import helpers\n\nhelpers.count('{')\n```",
        lib__helpers_dot_py=HELPERS,
    )
    assert failure(root).splitlines() == [
        "parts/one.qmd:7: This cell failed.",
        "      5 │ from lib import helpers",
        "      6 │",
        "    → 7 │ helpers.count('{')",
        "    lib/helpers.py, line 5:",
        "      3 │",
        "      4 │ def count(text):",
        "    → 5 │     return len(json.loads(text))",
        "    JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
    ]


@pytest.mark.parametrize(
    ("code", "line", "marked", "said"),
    [
        ("x = 1\ny = (1 +", 5, "y = (1 +", "SyntaxError: "),
        ("x = 1\ny = “a”", 5, "y = “a”", "SyntaxError: “ is a curly quotation mark; in code, write straight"),
        ("x = 1\n  y = 2", 5, "  y = 2", "IndentationError: "),
        (
            "import nowhere_at_all",
            4,
            "import nowhere_at_all",
            "ModuleNotFoundError: No module named 'nowhere",
        ),
        ("try:\n    1 / 0\nexcept ZeroDivisionError:\n    int('a b')", 7, "    int('a b')", "ValueError: "),
    ],
)
def test_a_failing_cell_marks_its_line(
    project: Project, code: str, line: int, marked: str, said: str
) -> None:
    lines = failure(project(f"text\n\n```{{python}}\n{code}\n```")).splitlines()
    assert lines[0] == f"index.qmd:{line}: This cell failed."
    assert f"    → {line} │ {marked}" in lines
    assert lines[-1].startswith(f"    {said}")


OWN_WORDS = """\
class DataError(Exception):
    def _render_traceback_(self):
        return ["cohort.csv: 2 dates cannot be read.", "  Correct lines 4 and 7."]
"""


def test_an_error_written_for_the_author_is_shown_in_its_own_words(project: Project) -> None:
    root = project(
        "```{python}\nfrom study import DataError\n\nraise DataError('2 dates')\n```", study_dot_py=OWN_WORDS
    )
    assert failure(root).splitlines() == [
        "cohort.csv: 2 dates cannot be read.",
        "    Correct lines 4 and 7.",
        "    (asked for by the cell in index.qmd, line 1)",
    ]


def test_every_failing_expression_of_a_paragraph_is_told(project: Project) -> None:
    said = failure(
        project(CELL + "{{< include a.qmd >}}", a_dot_qmd="ok\n\nNo `{python} nowhere` and `{python} 1 / 0`.")
    )
    assert said.count("a.qmd:3: The inline expression") == 2
    assert "NameError: name 'nowhere' is not defined" in said
    assert "ZeroDivisionError: division by zero" in said


def test_a_cell_that_ends_python_is_named(project: Project) -> None:
    assert failure(project("```{python}\nimport os\nos._exit(1)\n```")).startswith(
        "index.qmd:1: Python stopped while this cell ran."
    )


def test_a_cell_that_leaves_python_is_named(project: Project) -> None:
    said = failure(project("text\n\n```{python}\nimport sys\nsys.exit(3)\n```"))
    assert said.startswith("index.qmd:3: This cell ends Python.")


def test_all_references_that_lead_nowhere_are_told_at_once(project: Project) -> None:
    said = failure(
        project(
            "# A {#sec-a}\n\n# B {#sec-b .unnumbered}\n\n"
            "@sec-aa, @fig-x, @sec-b, [x](#nowhere)\n\n![c](p.svg){#fig-y}",
            p_dot_svg="<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
        )
    )
    assert said.splitlines() == [
        "index.qmd:5: The cross-reference @sec-aa leads nowhere. Did you mean sec-a?",
        "index.qmd:5: The cross-reference @fig-x leads nowhere. Did you mean fig-y?",
        "index.qmd:5: The section sec-b has no number to refer to. Link to it: [text](#id).",
        "index.qmd:5: The link #nowhere leads nowhere.",
    ]


def test_all_includes_that_cannot_be_put_in_are_told_at_once(project: Project) -> None:
    root = project(
        "{{< include parts/oen.qmd >}}\n\n{{< include ../secret.qmd >}}\n\n{{< include parts/one.qmd >}}",
        parts__one_dot_qmd="a\n\n{{< include index.qmd >}}\n",
    )
    assert failure(root).splitlines() == [
        "index.qmd:1: The included file parts/oen.qmd does not exist. Did you mean parts/one.qmd?",
        "index.qmd:3: The include ../secret.qmd lies outside the project. Copy the file into the project.",
        "parts/one.qmd:3: index.qmd includes itself (index.qmd → parts/one.qmd → index.qmd). "
        "Remove one include.",
    ]


def test_all_labels_given_twice_are_told_at_once(project: Project) -> None:
    cell = "```{python}\n#| label: fig-a\n#| fig-cap: C\nimport matplotlib.pyplot as p\np.plot([1])\n```"
    root = project(
        "![c](p.svg){#fig-a}\n\n{{< include a.qmd >}}\n\n# H {#h}\n\n::: {#h}\nx\n:::\n",
        a_dot_qmd=f"{cell}\n\n$$x$$ {{#eq-x}}\n\n$$y$$ {{#eq-x}}\n",
        p_dot_svg="<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
    )
    assert failure(root).splitlines() == [
        "a.qmd:2: The label fig-a is given twice. It already stands in index.qmd, line 1.",
        "a.qmd:10: The label eq-x is given twice. It already stands in a.qmd, line 8.",
        "index.qmd:7: The label h is given twice. It already stands in index.qmd, line 5.",
    ]


def test_all_pictures_and_citations_that_are_not_there_are_told_at_once(project: Project) -> None:
    root = project("![a](figs/a.png)\n\n![b](p.sgv)\n\n![c](https://x.org/c.png)", p_dot_svg="<svg/>")
    assert failure(root).splitlines() == [
        "index.qmd:1: There is no picture figs/a.png.",
        "index.qmd:3: There is no picture p.sgv. Did you mean p.svg?",
        "index.qmd:5: The picture https://x.org/c.png is on the network. Save it in the project.",
    ]


def test_a_bibliography_that_cannot_be_read_is_named_with_its_line(project: Project) -> None:
    root = project(
        "---\nbibliography: b.bib\n---\n[@a]",
        b_dot_bib="@book{a, title={A}, year=2001\n@book{b, title={B}}\n",
    )
    assert failure(root).startswith("b.bib:2: This bibliography cannot be read.")


def test_divisions_and_code_blocks_end_where_they_should(project: Project, tmp_path: Path) -> None:
    root = project("<!--\n::: {.x}\n-->\n\n:::\n\n::: {.callout-note}\n::::\n\n::: {#tbl-a}\n")
    assert failure(root).splitlines() == [
        "index.qmd:10: The division `::: {#tbl-a}` is not closed. End it with a line `:::`.",
        "index.qmd:5: The division `:::` ends nothing. Remove it, or open a division before it.",
    ]


@pytest.mark.parametrize(
    ("index", "said"),
    [
        ("::: {layout-ncol=x}\na\n:::", "index.qmd:1: `layout-ncol` and `layout-nrow` have to be whole"),
        (
            "::: {.list-table}\n- a\n:::",
            "index.qmd:1: A `.list-table` has to have a list of cells in each row.",
        ),
        ("a\n\n```{python}\nx\n", "index.qmd:3: A code block is not closed."),
        (
            CELL + "a\n\n`{python} y`\n\n" + CELL + "`{python} z`",
            "index.qmd:6: The inline expression `y` failed.",
        ),
        (
            "```{python}\nfrom IPython.display import Markdown\nMarkdown('{{< meta x >}}')\n```",
            "index.qmd:1: The built-in engine does not know shortcodes in what a cell shows.",
        ),
        (
            "a\n\n```python\nx = 1 # <1>\n```\n\n1. one",
            "index.qmd:4: The built-in engine does not know code an",
        ),
        ("---\ntitle: '{{< meta vv >}}'\nv: 1\n---\na", "index.qmd: vv is not defined in the metadata."),
        (
            "---\nlang: xx\n---\na",
            "index.qmd:2: The built-in engine does not know the words that `lang: xx` sets.",
        ),
        (
            "---\ncrossref: {labels: greek}\n---\na",
            "index.qmd:2: The built-in engine does not know the labels `greek`.",
        ),
        (
            "---\ncrossref: {custom: [x]}\n---\na",
            "index.qmd:2: Each entry of `crossref: custom:` needs `key` and",
        ),
        ("---\nnumber-offset: two\n---\na", "index.qmd:2: `number-offset` has to be a whole number"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(project: Project, index: str, said: str) -> None:
    assert failure(project(index)).startswith(said)


def test_expressions_that_fail_are_told_from_all_texts(project: Project) -> None:
    said = failure(project(f"{CELL}`{{python}} y`\n\n{CELL}`{{python}} z`\n\n```{{python}}\n1 / 0\n```"))
    assert [line.split(". ")[0] for line in said.splitlines() if line.startswith("index")] == [
        "index.qmd:4: The inline expression `y` failed.",
        "index.qmd:9: The inline expression `z` failed.",
        "index.qmd:12: This cell failed.",
    ]


@pytest.mark.parametrize(
    ("index", "said"),
    [
        ("# A {#sec-a}\n\n# B {#sec-a}", "index.qmd:3: The label sec-a is given twice. It already stands in"),
        (
            "a\n\nsee [@smyth2020]",
            "index.qmd:3: The citation @smyth2020 is not in the bibliography. Did you mean smith",
        ),
        (
            "a\n\nsee [@tbl_smith]",
            "index.qmd:3: The citation @tbl_smith is not in the bibliography. "
            "A label has a hyphen: write @tbl-smith.",
        ),
        ("![c](figs/p.png)", "index.qmd:1: There is no picture figs/p.png."),
        ("![c](../p.png)", "index.qmd:1: ../p.png lies outside the project."),
        (
            "x\n\n::: {.panel-sidebar}\n## A\n:::",
            "index.qmd:3: The built-in engine does not know `.panel-sidebar`.",
        ),
        (
            "```{mermaid}\nx\n```",
            "index.qmd:1: The built-in engine does not know cells in the language mermaid.",
        ),
    ],
)
def test_what_the_engine_cannot_do_is_named_with_its_place(project: Project, index: str, said: str) -> None:
    root = project(f"---\nbibliography: b.bib\n---\n{index}", b_dot_bib="@book{smith2020, title={T}}")
    (root.parent / "p.png").write_bytes(b"")
    shifted = said.replace("index.qmd:1:", "index.qmd:4:").replace("index.qmd:3:", "index.qmd:6:")
    assert failure(root).startswith(shifted)


def test_a_failing_filter_is_named(project: Project) -> None:
    root = project(
        "---\nfilters: [f.lua]\n---\nx", f_dot_lua="function Str(s)\n  return s.nothing.at.all\nend"
    )
    assert failure(root).splitlines() == [
        "f.lua:2: This filter failed.",
        "    attempt to index a nil value (field 'nothing')",
    ]


def test_what_a_filter_says_of_the_text_is_told_at_its_lines(project: Project) -> None:
    said = "\\nindex.qmd:4: A.\\nchapters/b.qmd:2: B."
    root = project("---\nfilters: [f.lua]\n---\nx", f_dot_lua=f'function Str(s)\n  error("{said}", 0)\nend')
    assert failure(root).splitlines() == ["index.qmd:4: A.", "chapters/b.qmd:2: B."]


def test_an_unknown_format_is_refused(project: Project) -> None:
    root = project("x")
    with pytest.raises(EngineError, match="does not write odt"):
        render(root, ["odt"], root.parent / "out")
