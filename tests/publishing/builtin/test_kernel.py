"""The kernel: started without what a render does not need, reached at once, ended for good."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from jupyter_client.asynchronous.client import AsyncKernelClient

from report_helpers.publishing.builtin import render
from report_helpers.publishing.builtin.errors import ExecutionError
from report_helpers.publishing.builtin.reading.cells import split_cells
from report_helpers.publishing.builtin.reading.lines import Line
from report_helpers.publishing.builtin.running import kernel_process
from report_helpers.publishing.builtin.running.execute import Plan, execute, start_kernel, stop_kernel
from report_helpers.publishing.builtin.running.kernel import make_workspace
from report_helpers.publishing.builtin.running.notebook import write_notebook

from .conftest import Project

SESSION = """\
```{python}
import json, os, sys
print(json.dumps([sys.path, [name for name in sys.modules if name.startswith(("report_helpers", "debugpy"))],
                  os.environ["OPENBLAS_NUM_THREADS"], os.getcwd()]))
```

```{python}
import debugpy
print(debugpy.__name__)
```
"""


def plan(text: str, project: Path, workspace: Path) -> Plan:
    lines = [Line(line, "index.qmd", number) for number, line in enumerate(text.splitlines(), start=1)]
    return Plan(split_cells(lines), {}, project, workspace, {}, (7.0, 5.0), lambda detail: None)


def test_the_authors_session_finds_nothing_of_ours(tmp_path: Path) -> None:
    with make_workspace() as workspace:
        done, _ = execute(plan(SESSION, tmp_path, Path(workspace).resolve()))
    printed = [output["text"] for item in done for output in item.outputs]
    path, ours, threads, here = json.loads(printed[0])
    assert Path(kernel_process.__file__).parent.as_posix() not in path
    assert "" in path
    assert (ours, threads, here) == ([], "1", str(tmp_path))
    # Only the kernel does without the debugger; whoever wants the module has it.
    assert printed[1] == "debugpy\n"


def test_the_first_output_is_not_lost_and_the_process_ends(tmp_path: Path) -> None:
    async def start_and_stop() -> tuple[int, bool]:
        with make_workspace() as workspace:
            client = await start_kernel(plan("", tmp_path, Path(workspace).resolve()))
            assert isinstance(client.kc, AsyncKernelClient)
            (process,) = [
                each for each in psutil.Process().children() if kernel_process.__file__ in each.cmdline()
            ]
            client.kc.execute("print('at once')")
            heard = ""
            while "at once" not in heard:
                message = await client.kc.get_iopub_msg(timeout=20)
                heard += message["content"].get("text", "")
            await stop_kernel(client)
            return process.pid, process.is_running()

    pid, running = asyncio.run(start_and_stop())
    assert not running
    assert not psutil.pid_exists(pid)


def test_a_kernel_that_cannot_start_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("raise SystemExit(3)\n", encoding="utf-8")
    monkeypatch.setattr(kernel_process, "__file__", str(broken))
    with make_workspace() as workspace, pytest.raises(ExecutionError, match="kernel did not start") as caught:
        execute(plan(SESSION, tmp_path, Path(workspace).resolve()))
    assert "its process stopped" in str(caught.value)
    assert sys.executable not in str(caught.value)


def test_the_notebook_is_what_nbformat_itself_would_make(tmp_path: Path) -> None:
    with make_workspace() as workspace:
        _, notebook = execute(plan("Text.\n\n```{python}\n1 + 1\n```\n", tmp_path, Path(workspace).resolve()))
    nbformat.validate(notebook)
    text, code = nbformat.v4.new_markdown_cell("Text.", id="part-0"), nbformat.v4.new_code_cell(id="part-1")
    code.update(source="1 + 1", execution_count=1, outputs=notebook.cells[1].outputs)
    assert notebook.cells[:2] == [text, code]
    assert {**nbformat.v4.new_notebook(), "cells": [], "metadata": {}} == {
        **notebook,
        "cells": [],
        "metadata": {},
    }
    write_notebook(notebook, tmp_path / "written.ipynb", ())
    assert nbformat.read(tmp_path / "written.ipynb", as_version=4) == notebook


def test_half_of_a_surrogate_pair_is_printed_as_a_question_mark(tmp_path: Path) -> None:
    source = '---\ntitle: T\n---\n\n```{python}\nprint("a\\ud800b")\n```\n'
    (tmp_path / "index.qmd").write_text(source, encoding="utf-8")
    (tmp_path / "_quarto.yml").write_text("project:\n  render: [index.qmd]\n", encoding="utf-8")
    page = render(tmp_path, ["html"], tmp_path / "out").paths["html"]
    assert "a?b" in page.read_text(encoding="utf-8")


def test_a_warning_names_no_file_that_is_called_otherwise_each_time(project: Project) -> None:
    root = project("```{python}\nimport warnings\nwarnings.warn('few patients')\n```")
    for path in render(root, ["html"], root.parent / "out").paths.values():
        text = path.read_text(encoding="utf-8")
        assert "this cell:2: UserWarning: few patients" in text
        assert "ipykernel_" not in text


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
