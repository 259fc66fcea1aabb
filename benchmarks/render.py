"""Time and memory of a render: from nothing and again, per format and stage, and of much longer manuscripts.

    python benchmarks/render.py [--grow 1 10 50] [--repeats 5] [--write]

Every figure is of the whole command ``manuscript render``, in a copy of the project, from its start to its
end. Where Quarto is on PATH it renders the same copies beside. ``--write`` puts the tables into the README of
this folder.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import record

ROOT = Path(__file__).resolve().parents[1]
PARTS = (
    "_quarto.yml",
    "index.qmd",
    "references.bib",
    "study.yml",
    "chapters",
    "assets",
    "filters",
    "data",
    "src",
)
FORMATS = ("html", "pdf", "docx", "jats")
FULL = "html,pdf,docx"
QUARTO_NAMES = {"pdf": "typst"}
_INCLUDE = re.compile(r"^\{\{< include (chapters/[\w-]+)\.qmd >\}\}$", re.MULTILINE)
_LABEL = re.compile(r"\{#([\w-]+)")
_NAMED = re.compile(r"(?<=[#@])[\w-]*\w")
_STAGE = re.compile(r"^\s*([\d.]+) s\s+(\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """One command: seconds by the clock and of the processor, peak memory of its largest process in MiB."""

    clock: float
    processor: float
    memory: float
    stages: Mapping[str, float] = field(default_factory=dict)


def copy_project(folder: Path, times: int = 1) -> Path:
    """Copy the project, every chapter `times` times over, with labels of its own in each."""
    folder.mkdir(parents=True)
    for part in PARTS:
        source, target = ROOT / part, folder / part
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, target)

    chapters = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "chapters").glob("*.qmd")}
    labels = {label for text in chapters.values() for label in _LABEL.findall(text)}

    def repeat(match: re.Match[str]) -> str:
        lines = [match[0]]
        for number in range(2, times + 1):

            def renamed(found: re.Match[str], number: int = number) -> str:
                return f"{found[0]}-{number}" if found[0] in labels else found[0]

            again = folder / f"{match[1]}-{number}.qmd"
            again.write_text(_NAMED.sub(renamed, chapters[Path(match[1]).name]), encoding="utf-8")
            lines.append(f"{{{{< include {match[1]}-{number}.qmd >}}}}")
        return "\n\n".join(lines)

    index = folder / "index.qmd"
    index.write_text(_INCLUDE.sub(repeat, index.read_text(encoding="utf-8")), encoding="utf-8")
    return folder


def measure(command: Sequence[str], project: Path, environment: Mapping[str, str] | None = None) -> Run:
    """Run a command in a project and wait for it.

    Raises
    ------
    SystemExit
        If the command fails, with what it said.
    """
    before, start = os.times(), time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, cwd=project, stdout=said, stderr=said, env={**os.environ, **(environment or {})}
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds, after = time.perf_counter() - start, os.times()
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{text}")
    processor = sum(after[2:4]) - sum(before[2:4])
    stages = {stage: float(took) for took, stage in _STAGE.findall(text)}
    return Run(seconds, processor, usage.ru_maxrss / 1024, stages)


def render(project: Path, formats: str, repeats: int, environment: Mapping[str, str] | None = None) -> Run:
    """Return the median run of the built-in engine, by the clock, each from nothing."""
    command = [sys.executable, "-m", "report_helpers.cli", "render", "--engine", "builtin", "--to", formats]
    runs = []
    for _ in range(repeats):
        clean(project)
        runs.append(measure(command, project, environment))
    return sorted(runs, key=lambda run: run.clock)[(repeats - 1) // 2]


def quarto(project: Path, formats: str) -> Run | None:
    """Return one run of Quarto, or None where there is none."""
    if not shutil.which("quarto"):
        return None
    clean(project)
    names = [QUARTO_NAMES.get(name, name) for name in formats.split(",")]
    environment = {"QUARTO_PYTHON": sys.executable}
    runs = [measure(["quarto", "render", "--to", name], project, environment) for name in names]
    return Run(
        sum(run.clock for run in runs), sum(run.processor for run in runs), max(run.memory for run in runs)
    )


def clean(project: Path) -> None:
    """Remove what an earlier render left."""
    for name in ("_manuscript", "_generated", "_figures"):
        shutil.rmtree(project / name, ignore_errors=True)


def row(name: str, run: Run, beside: Run | None) -> str:
    """Return a line of a table."""
    cells = [name, f"**{run.clock:.1f} s**", f"{run.processor:.1f} s", f"{run.memory:,.0f} MiB"]
    cells.append(f"{beside.clock:.1f} s" if beside else "not run")
    return f"| {' | '.join(cells)} |"


def report(grow: Sequence[int], repeats: int, folder: Path) -> str:
    """Measure everything and return it as Markdown."""
    head = ["| render | clock | processor | peak memory | Quarto |", "|---|--:|--:|--:|--:|"]
    project = copy_project(folder / "project")
    say("three formats")
    full = render(project, FULL, repeats)
    beside = quarto(project, FULL)
    lines = [row("HTML, PDF and Word", full, beside)]
    say("without bytecode")
    with tempfile.TemporaryDirectory() as empty:
        cold = render(project, FULL, 1, {"PYTHONPYCACHEPREFIX": empty})
    lines.append(row("the same, no Python file compiled yet", cold, None))
    for name in FORMATS:
        say(name)
        beside = quarto(project, name) if name != "jats" else None
        lines.append(row(name, render(project, name, repeats), beside))
    stages = ", ".join(f"{stage} {took:.1f} s" for stage, took in full.stages.items() if took)
    growth = ["| manuscript | pages | HTML, PDF and Word | per page | peak memory |", "|---|--:|--:|--:|--:|"]
    for times in grow:
        say(f"{times} times the chapters")
        longer = copy_project(folder / f"times-{times}", times)
        run = render(longer, FULL, 1 if times > 1 else repeats)
        pages = count_pages(longer / "_manuscript" / "index.pdf")
        growth.append(
            f"| {times} × | {pages:,} | {run.clock:.1f} s | {1000 * run.clock / pages:.0f} ms "
            f"| {run.memory:,.0f} MiB |"
        )
    return "\n".join(
        [
            f"{record.measured_on('pandas', 'typst')}; 20 million additions took {record.add_up(20):.1f} s; "
            f"median of {repeats}.",
            "",
            *head,
            *lines,
            "",
            f"Stages of the first, which overlap: {stages}.",
            "",
            *growth,
            "",
        ]
    )


def count_pages(path: Path) -> int:
    """Return the number of pages of a PDF."""
    import pypdf

    return len(pypdf.PdfReader(path).pages)


def say(what: str) -> None:
    """Tell what is being measured."""
    print(f"{what} ...", file=sys.stderr, flush=True)


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--grow", nargs="+", type=int, default=[1, 10, 50], metavar="N")
    parser.add_argument("--repeats", type=int, default=5, help="runs of which the median is reported")
    parser.add_argument("--write", action="store_true", help="put the tables into the README of this folder")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tables = report(asked.grow, asked.repeats, Path(folder))
    print(tables)
    if asked.write:
        record.write("render.py", tables)


if __name__ == "__main__":
    main()
