"""The filter of checklist marks run by itself, on small texts and on the manuscript's own."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pypandoc

from report_helpers.reporting.tables.reported import checklist

ROOT = Path(__file__).parents[2]
TABLES = {key: checklist(key)._repr_markdown_() for key in ("strobe", "record")}
INCLUDE = re.compile(r"^\{\{< include (\S+) >\}\}$", re.MULTILINE)
CELL = re.compile(r"^```\{python\}\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run(
    markdown: str, project: Path = ROOT, *more: str, to: str = "html", strict: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run the filter by plain pandoc, as that of a project."""
    command = [pypandoc.get_pandoc_path(), "--from=markdown", f"--to={to}", "--wrap=none"]
    command += [f"--lua-filter={project / 'filters' / name}.lua" for name in ("checklists", *more)]
    environment = {**os.environ, "MANUSCRIPT_STRICT": "1" if strict else "0"}
    return subprocess.run(
        command, input=markdown, capture_output=True, encoding="utf-8", env=environment, check=False
    )


def made(markdown: str, *more: str, to: str = "html", strict: bool = False) -> str:
    done = run(markdown, ROOT, *more, to=to, strict=strict)
    assert done.returncode == 0, done.stderr
    return done.stdout


def assembled(project: Path) -> str:
    """The manuscript with its chapters and checklists in place; other cells show nothing."""

    def shown(cell: re.Match[str]) -> str:
        called = re.fullmatch(r"tables\.(strobe|record)\(r\)\n", cell[1])
        return TABLES[called[1]] if called else ""

    text = (project / "index.qmd").read_text(encoding="utf-8").split("\n---\n", 1)[1]
    text = INCLUDE.sub(lambda found: (project / found[1]).read_text(encoding="utf-8"), text)
    return CELL.sub(shown, text)
