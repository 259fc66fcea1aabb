"""A small project whose code a preview runs, or not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from report_helpers.publishing.builtin.reading.cells import split_cells
from report_helpers.publishing.builtin.reading.files import Files
from report_helpers.publishing.builtin.reading.project import load_project
from report_helpers.publishing.builtin.reading.source import read_source
from report_helpers.publishing.builtin.running.execute import Executed, Plan
from report_helpers.publishing.builtin.running.kept import KeptRuns

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


def shown(done: tuple[Executed, ...]) -> str:
    return "".join(str(output.get("text", "")) for item in done for output in item.outputs)
