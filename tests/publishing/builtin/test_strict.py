"""With `strict`, what Quarto prints or leaves out by accident is an error with its place."""

from report_helpers.publishing.builtin import render

from .conftest import Project
from .test_errors import CELL, failure


def test_strict_refuses_all_accidents_at_once(project: Project) -> None:
    root = project(
        "---\nabstract: '`{python} n`'\n---\n" + CELL + "`{python} [1, 2]`\n\n`{python} 1 `\n\n`{python} ''`"
    )
    assert render(root, ["html"], root.parent / "lenient").paths["html"].is_file()
    said = failure(root, strict=True)
    assert [line.split(". ")[0] for line in said.splitlines()] == [
        "index.qmd:2: `n` prints its source: no code is run in the front matter",
        "index.qmd:7: `[1, 2]` prints a repr ([1, 2])",
        "index.qmd:9: `1` prints its source",
        "index.qmd:11: `''` prints its source, for its value is empty",
    ]


def test_strict_refuses_expressions_in_a_document_without_cells(project: Project) -> None:
    root = project("One `{python} 1 + 1`.")
    page = render(root, ["html"], root.parent / "lenient").paths["html"].read_text(encoding="utf-8")
    assert "{python} 1 + 1" in page
    assert failure(root, strict=True).startswith("index.qmd:1: `1 + 1` prints its source: none is run in a")


def test_strict_refuses_an_output_that_is_an_address(project: Project) -> None:
    root = project("```{python}\nobject()\n```")
    assert failure(root, strict=True).startswith("index.qmd:1: An output shows only where an object lies")


def test_strict_refuses_latex_that_no_format_shows(project: Project) -> None:
    text = "A \\textbf{bold} word.\n\n\\begin{table}\nx\n\\end{table}\n\nA \\textbf{bold} word.\n"
    root = project(text + "\n```{=latex}\n\\clearpage\n```\n\n$\\beta$ and `\\code{x}`.\n")
    assert render(root, ["html"], root.parent / "lenient").paths["html"].is_file()
    said = failure(root, strict=True).splitlines()
    assert [line.partition(" is left")[0] for line in said] == [
        r"index.qmd:1: The LaTeX `\textbf{bold}`",
        r"index.qmd:3: The LaTeX `\begin{table}`",
        r"index.qmd:7: The LaTeX `\textbf{bold}`",
    ]


def test_strict_refuses_the_mark_of_a_footnote_that_is_not_there(project: Project) -> None:
    root = project(
        CELL + "A `{python} '[' + '^b]'` and\nnote[^a], literal \\[^c\\], real[^d].\n\n[^d]: Note."
    )
    assert failure(root, strict=True) == (
        "index.qmd:5: The footnote `[^a]` is not there: its mark is printed. Add a line `[^a]: …`."
    )
