"""Outputs are kept while nothing they rest on changed, and only then."""

from __future__ import annotations

import os
import site
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from unittest import mock

import pytest

from report_helpers.publishing.builtin import EngineError
from report_helpers.publishing.builtin.reading.cells import Cell, split_cells
from report_helpers.publishing.builtin.reading.files import Files
from report_helpers.publishing.builtin.reading.project import load_project
from report_helpers.publishing.builtin.reading.source import read_source
from report_helpers.publishing.builtin.running.execute import Executed, Plan
from report_helpers.publishing.builtin.running.kept import KeptRuns

pytestmark = pytest.mark.xdist_group("preview")

FILES = {
    "_quarto.yml": "execute:\n  echo: false\n",
    "index.qmd": """\
---
title: Kept
---

Some prose.

```{python}
import os, time, wave
from pathlib import Path
import helper

Path("data").mkdir(exist_ok=True)  # it is there
n = len(Path("data", "cohort.csv").read_text())
token = f"run{time.time_ns()}"
```

There are `{python} n` and `{python} helper.word`; `{python} token`.

{{< include chapters/part.qmd >}}

```{python}
#| label: last
print(os.listdir("records"), os.environ.get("THEIRS"), helper.late())
```
""",
    "chapters/part.qmd": "Of the part.\n\n```{python}\nm = n + 1\n```\n\nAnd `{python} m`.\n",
    "data/cohort.csv": "1,2,3\n",
    "settings.txt": "deep",
    "unheard.sav": "read by a library without Python",
    "records/a.txt": "a",
    "helper.py": """\
import inner.word

word = inner.word.WORD


def late():
    try:
        return open("late.txt").read()
    except FileNotFoundError:
        return "nothing yet"
""",
    "inner/__init__.py": "",
    "inner/word.py": "WORD = open('settings.txt').read()\n",
}


@contextmanager
def one_environment() -> Iterator[None]:
    """Take out what pytest notes there: the test and its phase."""
    with mock.patch.dict(os.environ):
        os.environ.pop("PYTEST_CURRENT_TEST", None)
        yield


class Preview:
    """The plans of a small project, run as a preview runs them."""

    def __init__(self, root: Path) -> None:
        self.root = root / "a project"
        for name, text in FILES.items():
            self.write(name, text)
        self.environment = {"THEIRS": "given"}
        self.runs = KeptRuns(root / "written")
        self.runs.given = (self.root / "unheard.sav",)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new, 1))

    def line(self, file: str, number: int) -> str:
        return (self.root / file).read_text(encoding="utf-8").split("\n")[number - 1]

    def run(self) -> tuple[Executed, ...]:
        files = Files(self.root)
        project = load_project(files)
        parts = split_cells(read_source(files, project.main).lines)
        settings = project.settings
        size = (float(settings.get("fig-width", 7)), 5.0)
        plan = Plan(
            parts,
            settings.get("execute") or {},
            self.root,
            self.root,
            self.environment,
            size,
            lambda cell: None,
        )
        with one_environment():
            return self.runs.run(plan)[0]

    def warm(self) -> None:
        with one_environment():
            self.runs.warm()

    def token(self) -> str:
        """Run, and return what is new in every run of the code."""
        (value,) = [v["token"] for item in self.run() if (v := item.values) and "token" in v]
        return str(value["text/plain"])


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    made = Preview(tmp_path_factory.mktemp("preview"))
    yield made
    made.runs.close()


def edit(name: str, old: str, new: str) -> Callable[[Preview], None]:
    return lambda preview: preview.change(name, old, new)


def change_data_unseen_by_size_and_time(preview: Preview) -> None:
    data = preview.root / "data" / "cohort.csv"
    before = data.stat()
    data.write_text("1,2,4\n", encoding="utf-8")
    os.utime(data, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert data.stat().st_size == before.st_size


def replace_data_by_an_older_file(preview: Preview) -> None:
    older = preview.root / "older.csv"
    older.write_text("3,2,1\n", encoding="utf-8")
    os.utime(older, (1_000_000_000, 1_000_000_000))
    older.replace(preview.root / "data" / "cohort.csv")


CODE: dict[str, tuple[str, str, str]] = {
    "code of a cell": ("index.qmd", "n = len(", "n = 1 + len("),
    "an inline expression": ("index.qmd", "`{python} n`", "`{python} n + 0`"),
    "an inline expression more": ("index.qmd", "Some prose.", "Some `{python} 6 * 7`."),
    "order of the code": ("chapters/part.qmd", "And `{python} m`.", "```{python}\n1\n```\n`{python} m`"),
    "an option of a cell": ("index.qmd", "#| label: last", "#| label: last\n#| error: true"),
    "code of an included file": ("chapters/part.qmd", "m = n + 1", "m = n + 2"),
    "execute settings": ("_quarto.yml", "echo: false", "echo: false\n  error: true"),
    "size of figures": ("_quarto.yml", "execute:", "fig-width: 4\nexecute:"),
}


class RunsAgainError(Exception):
    """In place of a run of the code."""


@pytest.fixture
def noticing(preview: Preview, monkeypatch: pytest.MonkeyPatch) -> Preview:
    """The preview with its outputs kept; what would run the code again raises `RunsAgainError`."""

    def refuse(work: Coroutine[None, None, None]) -> None:
        work.close()
        raise RunsAgainError(preview.runs.why)

    preview.token()
    preview.token()
    assert preview.runs.why == ""
    monkeypatch.setattr(preview.runs, "_call", refuse)
    return preview


@pytest.mark.parametrize("what", CODE)
def test_the_code_runs_again_after_a_change_of(what: str, noticing: Preview) -> None:
    name, old, new = CODE[what]
    noticing.change(name, old, new)
    with pytest.raises(RunsAgainError, match="settings" if what == "size of figures" else "the code"):
        noticing.run()
    noticing.change(name, new, old)
    noticing.run()


def test_the_code_runs_again_after_a_change_of_the_environment(
    noticing: Preview, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(noticing.environment, "THEIRS", "changed")
    with pytest.raises(RunsAgainError, match="settings or packages"):
        noticing.run()


@pytest.mark.parametrize("changed", ["thing-1.1.dist-info", "another-1.0.dist-info"])
def test_the_code_runs_again_after_a_change_of_packages(
    changed: str, noticing: Preview, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "getusersitepackages", lambda: str(tmp_path))
    (tmp_path / changed).mkdir()
    with pytest.raises(RunsAgainError, match="settings or packages"):
        noticing.run()


def test_the_code_runs_again_with_another_interpreter(
    noticing: Preview, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python3.99"))
    with pytest.raises(RunsAgainError, match="settings or packages"):
        noticing.run()


FILES_READ: dict[str, tuple[Callable[[Preview], None], str]] = {
    "a file given": (edit("unheard.sav", "library", "program"), "unheard.sav"),
    "the data": (change_data_unseen_by_size_and_time, "cohort.csv"),
    "the data, by an older file": (replace_data_by_an_older_file, "cohort.csv"),
    "a module": (edit("inner/__init__.py", "", "HERE = 1\n"), "__init__.py"),
    "a module that is found first": (lambda preview: preview.write("wave.py", "mine = True\n"), "a project"),
    "a file that a module reads": (edit("settings.txt", "deep", "deeper"), "settings.txt"),
    "a file that was not there": (lambda preview: preview.write("late.txt", "there now"), "late.txt"),
    "what is in a folder": (lambda preview: preview.write("records/b.txt", "b"), "records"),
}


@pytest.mark.parametrize("what", FILES_READ)
def test_the_code_runs_again_after_a_change_of_file(what: str, preview: Preview) -> None:
    change, why = FILES_READ[what]
    before = preview.token()
    assert preview.token() == before
    assert preview.runs.why == ""
    change(preview)
    after = preview.token()
    assert after != before
    assert why in preview.runs.why
    assert preview.token() == after


def test_prose_does_not_run_the_code_and_lines_are_the_new_ones(preview: Preview) -> None:
    before = preview.token()
    preview.change("index.qmd", "There are", "A paragraph\n\nof new prose. There are")
    preview.change("chapters/part.qmd", "Of the part.", "Of\nthe\nsame\npart.")
    preview.change("chapters/part.qmd", "`{python} m`", "now\n\n`{python} m` and again `{python} m`")
    done = preview.run()
    assert preview.runs.why == ""
    assert preview.token() == before
    for item in done:
        for line in filter(lambda line: line.text, item.part.lines):
            assert preview.line(line.file, line.number) == line.text
        if isinstance(item.part, Cell):
            assert "{python}" in preview.line(item.part.opening.file, item.part.opening.number)
    assert "a.txt" in shown(done)


def test_a_failure_keeps_what_was_kept(preview: Preview) -> None:
    before = preview.token()
    preview.change("chapters/part.qmd", "m = n + ", "m = missing + ")
    with pytest.raises(EngineError) as failed:
        preview.run()
    (problem,) = failed.value.problems
    assert preview.line("chapters/part.qmd", problem.line).startswith("m = missing")
    preview.change("chapters/part.qmd", "m = missing + ", "m = n + ")
    assert preview.token() == before
    assert preview.runs.why == ""


def one_cell(tmp_path: Path, code: str) -> Preview:
    preview = Preview(tmp_path)
    preview.write("index.qmd", f"```{{python}}\nimport time\n{code}\n```\n\n`{{python}} time.time_ns()`.\n")
    return preview


def shown(done: tuple[Executed, ...]) -> str:
    return "".join(str(output.get("text", "")) for item in done for output in item.outputs)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import subprocess\nsubprocess.run(['true'])", "starts another program"),
        ("from multiprocessing import get_context as c\nc('fork').Process(target=int).start()", "process"),
        ("import socket\nsocket.socket(socket.AF_UNIX).connect_ex('nowhere')", "connects to"),
        ("n = int(open('n.txt').read()) + 1\nopen('n.txt', 'w').write(str(n))", "n.txt changed"),
    ],
    ids=["program", "process", "connection", "what it reads"],
)
def test_outputs_that_rest_on_more_than_files_are_never_kept(tmp_path: Path, code: str, why: str) -> None:
    preview = one_cell(tmp_path, code)
    preview.write("n.txt", "1")
    with closing(preview.runs):
        preview.run()
        assert preview.runs.account
        assert why in preview.runs.account.difference()


def test_what_the_code_writes_itself_is_no_input(tmp_path: Path) -> None:
    preview = one_cell(
        tmp_path,
        "import os, tempfile\nfrom pathlib import Path\n"
        "Path('made.txt').write_text('1'); Path('made.txt').read_text()\n"
        "with tempfile.TemporaryDirectory() as d: Path(d, 'x').write_text('1'); os.listdir(d)\n"
        f"Path({str(tmp_path / 'written' / 'figure.svg')!r}).write_text('<svg/>')",
    )
    with closing(preview.runs):
        preview.run()
        (tmp_path / "written" / "figure.svg").write_text("of a run that failed")
        (tmp_path / "written" / "more.svg").write_text("of a run that failed")
        preview.run()
        assert preview.runs.why == ""
    assert [(path.name, path.read_text()) for path in (tmp_path / "written").iterdir()] == [
        ("figure.svg", "<svg/>")
    ]


LOOK = """\
import os, sys
print(os.getcwd() == {root!r}, os.environ["THEIRS"], sorted(globals()), sys.path, end=" ")
print({{"helper", "wave"}} & set(sys.modules))
"""


def test_a_kernel_that_waited_is_as_clean_as_a_new_one(tmp_path: Path) -> None:
    preview = one_cell(tmp_path, "")
    look = LOOK.format(root=str(preview.root))
    with closing(preview.runs):
        preview.write("index.qmd", f"```{{python}}\n{look}import helper, wave\n```\n")
        new = shown(preview.run())
        preview.warm()
        preview.write("index.qmd", f"```{{python}}\n{look}import helper\n```\n")
        waited = shown(preview.run())
        assert preview.runs.why == "the code changed"
    assert new.startswith("True given")
    assert new.replace("set()", "{'wave'}") == waited


def test_modules_are_not_loaded_ahead_where_that_could_be_noticed(tmp_path: Path) -> None:
    preview = one_cell(tmp_path, "import this")
    with closing(preview.runs):
        preview.run()
        preview.warm()
        preview.change("index.qmd", "import this", "import this  # again")
        assert "Beautiful is better than ugly" in shown(preview.run())


def test_a_setting_made_by_the_code_comes_before_the_modules_that_heed_it(tmp_path: Path) -> None:
    preview = one_cell(tmp_path, "import sys\nimport wave")
    with closing(preview.runs):
        preview.run()
        preview.warm()
        code = "import os, sys\nprint('wave' in sys.modules)\nos.environ['FOR_WAVE'] = '1'\nimport wave"
        preview.change("index.qmd", "import sys\nimport wave", code)
        assert shown(preview.run()) == "False\n"


def test_no_kernel_is_left(tmp_path: Path) -> None:
    preview = one_cell(tmp_path, "import os\nprint(os.getpid())")
    ended = int(shown(preview.run()))
    preview.warm()
    preview.runs.close()
    with pytest.raises(ProcessLookupError):
        os.kill(ended, 0)
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    if children.exists():
        names = [Path(f"/proc/{child}/cmdline").read_text() for child in children.read_text().split()]
        assert not [name for name in names if str(tmp_path) in name or "kernel" in name]


def test_a_run_that_was_stopped_leaves_the_way_free(tmp_path: Path) -> None:
    preview = one_cell(tmp_path, "while True: pass")
    with closing(preview.runs), ThreadPoolExecutor() as pool:
        run = pool.submit(preview.run)
        while not run.done():
            time.sleep(0.1)
            preview.runs.stop()
        assert isinstance(run.exception(), CancelledError)
        preview.change("index.qmd", "while True: pass", "print('ends')")
        assert shown(preview.run()) == "ends\n"
