"""A render that is stopped, killed or not alone: what was there stays, and nothing is left lying about."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has none of these signals"),
    pytest.mark.xdist_group("sound"),
]

KILLS, SEED = 20, 20261
CONFIG = "project:\n  render: [index.qmd]\nnumber-sections: true\n"
DOCUMENT = """\
---
title: A small one
---

```{{python}}
#| label: fig-square
#| fig-cap: A square
from IPython.display import SVG
SVG("<svg xmlns='http://www.w3.org/2000/svg' width='90' height='90'><rect width='50' height='50'/></svg>")
```

See @fig-square of `{{python}} {edition}` points.
"""
ENDLESS = "```{python}\nimport os, time\nopen(os.environ['STARTED'], 'w').close()\ntime.sleep(60)\n```\n"
LONG_TO_SET = "---\ntitle: T\n---\n\n```{=typst}\n#for i in range(20000) { for j in range(20000) {} }\n```\n"

# Renders in a fork of a process that has imported everything, and kills the fork after so many seconds.
RENDERER = """
import json, os, signal, sys, time
from report_helpers.cli import main
from report_helpers.publishing import render
silence = os.open(os.devnull, os.O_RDWR)
for line in sys.stdin:
    order = json.loads(line)
    began, children = time.monotonic(), []
    for output in order["outputs"]:
        child = os.fork()
        if not child:
            for stream in (0, 1, 2):
                os.dup2(silence, stream)
            os._exit(main(["render", order["project"], "--engine", "builtin", "--output-dir", output]))
        children.append(child)
    if order["after"] is not None:
        time.sleep(order["after"])
        os.kill(children[0], signal.SIGKILL)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    print(json.dumps({"codes": codes, "seconds": time.monotonic() - began}), flush=True)
"""


class Renderer:
    """Renders in other processes, whose scratch files go to a directory of the test's own."""

    def __init__(self, project: Path, temporary: Path) -> None:
        self.project, self.temporary = project, temporary
        self.environment = {**os.environ, "TMPDIR": str(temporary), "SOURCE_DATE_EPOCH": "1767225600"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", RENDERER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=self.environment,
        )

    def render(self, *outputs: Path, after: float | None = None) -> list[int]:
        """Render into each directory at once; the first is killed after so many seconds."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        order = {"project": str(self.project), "outputs": [str(each) for each in outputs], "after": after}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        self.seconds = float(answer["seconds"])
        return list(answer["codes"])

    def write(self, edition: int) -> None:
        """Save another edition of the document."""
        (self.project / "index.qmd").write_text(DOCUMENT.format(edition=edition))

    def edition(self, edition: int, output: Path) -> dict[str, bytes]:
        """Render an edition and return its files."""
        self.write(edition)
        assert self.render(output) == [0]
        return contents(output)


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def processes_of(directory: Path) -> list[psutil.Process]:
    """Return the processes that have the name of a directory in their command."""
    found = []
    for process in psutil.process_iter():
        try:
            if any(str(directory) in word for word in process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return found


def soon_gone(directory: Path, seconds: float = 8) -> bool:
    """Wait until no process works in a directory; a kernel looks for its parent once a second."""
    end = time.monotonic() + seconds
    while found := processes_of(directory):
        if time.monotonic() > end:
            return not found
        time.sleep(0.1)
    return True


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    base = tmp_path_factory.mktemp("sound")
    project, temporary = base / "Änderung 1", base / "tmp"
    project.mkdir()
    temporary.mkdir()
    (project / "_quarto.yml").write_text(CONFIG)
    made = Renderer(project, temporary)
    with made.process:
        yield made


def test_a_render_killed_at_any_moment_leaves_the_last_output_and_the_next_is_clean(
    renderer: Renderer, tmp_path: Path
) -> None:
    new = renderer.edition(2, tmp_path / "reference")
    old = renderer.edition(1, tmp_path / "out")
    assert set(old) == {"index.html", "index.pdf", "index.docx", "manuscript.ipynb"}
    assert all(old[name] != new[name] for name in old)
    chance, whole, killed, finished = random.Random(SEED), renderer.seconds, 0, 0
    renderer.write(2)
    while killed < KILLS:
        (code,) = renderer.render(tmp_path / "out", after=whole * (killed + chance.random()) / KILLS)
        killed += code == -signal.SIGKILL
        if contents(tmp_path / "out") != old:
            assert contents(tmp_path / "out") == new
            finished, whole = finished + 1, min(whole, renderer.seconds)
            assert finished < KILLS
            for name, content in old.items():
                (tmp_path / "out" / name).write_bytes(content)
    assert soon_gone(renderer.temporary)
    assert renderer.edition(2, tmp_path / "out") == new
    assert {path.name for path in tmp_path.iterdir()} == {"reference", "out"}
    assert list(renderer.temporary.iterdir()) == []
    assert {path.name for path in renderer.project.iterdir()} == {"_quarto.yml", "index.qmd"}


def test_two_renders_at_once_do_each_other_no_harm(renderer: Renderer, tmp_path: Path) -> None:
    expected = renderer.edition(3, tmp_path / "a")
    (tmp_path / "a" / "notes.txt").write_text("the author's")
    (tmp_path / "a" / "index.html").write_text("an older page")
    codes = renderer.render(tmp_path / "a", tmp_path / "a", tmp_path / "b")
    assert codes == [0, 0, 0]
    assert contents(tmp_path / "a") == {**expected, "notes.txt": b"the author's"}
    assert contents(tmp_path / "b") == expected
    assert {path.name for path in tmp_path.iterdir()} == {"a", "b"}
    assert list(renderer.temporary.iterdir()) == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_render_that_is_told_to_stop_says_so_and_leaves_nothing(
    renderer: Renderer, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    started, output = tmp_path / "started", tmp_path / "out"
    output.mkdir()
    (output / "index.html").write_text("the last good one")
    (renderer.project / "index.qmd").write_text(ENDLESS)
    command = [sys.executable, "-m", "report_helpers.cli", "render", str(renderer.project)]
    with subprocess.Popen(
        [*command, "--engine", "builtin", "--output-dir", str(output)],
        env={**renderer.environment, "STARTED": str(started)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while not started.exists():
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(number)
        _, said = process.communicate(timeout=30)
    assert said == "stopped; the previous output is untouched\n"
    assert process.returncode == code
    assert contents(output) == {"index.html": b"the last good one"}
    assert {path.name for path in tmp_path.iterdir()} == {"started", "out"}
    assert list(renderer.temporary.iterdir()) == []
    assert processes_of(renderer.temporary) == []


def test_a_render_that_is_told_to_stop_does_not_wait_for_a_long_pdf(
    renderer: Renderer, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    output.mkdir()
    (output / "index.html").write_text("the last good one")
    (renderer.project / "index.qmd").write_text(LONG_TO_SET)
    command = [sys.executable, "-m", "report_helpers.cli", "render", str(renderer.project)]
    with subprocess.Popen(
        [*command, "--engine", "builtin", "--output-dir", str(output)],
        env=renderer.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        waited_for = {"html", "docx"}
        while waited_for:
            stage = process.stdout.readline().split()[2]
            assert stage != "pdf"
            waited_for.discard(stage)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=10)
    assert said == "stopped; the previous output is untouched\n"
    assert process.returncode == 143
    assert contents(output) == {"index.html": b"the last good one"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert list(renderer.temporary.iterdir()) == []
