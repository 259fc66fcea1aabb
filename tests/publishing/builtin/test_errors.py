"""Whole documents that cannot be rendered: what the author reads, and that nothing is written."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
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


@pytest.mark.parametrize(
    ("index", "said"),
    [
        ("# A {#sec-a}\n\n# B {#sec-a}", "index.qmd:3: The label sec-a is given twice. It already stands in"),
        (
            "a\n\nsee [@smyth2020]",
            "index.qmd:3: The citation @smyth2020 is not in the bibliography. Did you mean smith",
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
    said = failure(root)
    assert "f.lua: This filter failed." in said
    assert "attempt to index a nil value" in said


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


def test_an_unknown_format_is_refused(project: Project) -> None:
    root = project("x")
    with pytest.raises(EngineError, match="does not write odt"):
        render(root, ["odt"], root.parent / "out")


def test_an_interrupted_render_leaves_no_kernel(project: Project) -> None:
    root = project("```{python}\nopen('started', 'w').close()\nimport time\ntime.sleep(60)\n```")
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from report_helpers.publishing.builtin import render\n"
        "render(sys.argv[1], ['html'], sys.argv[2])"
    )
    command = [sys.executable, "-c", code, str(root), str(root.parent / "out")]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        while not (root / "started").exists():
            assert process.poll() is None
            time.sleep(0.05)
        kernels = [child.pid for child in psutil.Process(process.pid).children(recursive=True)]
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert b"KeyboardInterrupt" in said
    assert kernels
    assert not any(psutil.pid_exists(pid) for pid in kernels)
