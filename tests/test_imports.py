"""Imports point one way: study and statistics, results, reporting, publishing, command."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "report_helpers"

# What each part may import of this package, besides itself.
MAY_IMPORT = {
    "study": {"errors"},
    "statistics": {"errors"},
    "results": {"errors", "study", "statistics"},
    "reporting": {"errors", "results", "study", "statistics"},
    "publishing": {"errors", "study"},
    "publishing.builtin": set(),
    "new_study": {"publishing"},  # what Quarto runs in a new study
    "cli": {"errors", "publishing", "study", ""},
    "errors": set(),
    "": {"results", "statistics"},
}


def part(module: str) -> str:
    """Return the part of the package that a dotted module name belongs to."""
    inner = module.removeprefix("report_helpers").removeprefix(".")
    if inner == "publishing.builtin" or inner.startswith("publishing.builtin."):
        return "publishing.builtin"
    return inner.partition(".")[0]


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parents = path.relative_to(PACKAGE.parent).parts[: -node.level] if node.level else ()
            module = ".".join([*parents, *([node.module] if node.module else [])])
            folder = PACKAGE.parent / Path(*module.split("."))
            for alias in node.names:
                is_module = (folder / alias.name).is_dir() or (folder / f"{alias.name}.py").is_file()
                found.add(f"{module}.{alias.name}" if is_module else module)
    return {name for name in found if name.partition(".")[0] == "report_helpers"}


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.relative_to(PACKAGE).as_posix()
)
def test_imports_point_down(path: Path) -> None:
    relative = path.relative_to(PACKAGE.parent).with_suffix("")
    here = part(".".join(relative.parts).removesuffix(".__init__"))
    allowed = MAY_IMPORT[here] | {here}
    if here in ("publishing", "cli"):
        allowed |= {"publishing.builtin"}
    assert {part(name) for name in imported(path)} <= allowed


def test_the_package_imports_at_once() -> None:
    """Nothing heavy is loaded until it is used."""
    heavy = {"pandas", "scipy", "matplotlib", "great_tables", "numpy"}
    code = f"import sys, report_helpers; print(sorted(set(sys.modules) & {heavy!r}))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_a_run_of_the_manuscript_loads_no_heavy_library_that_it_can_do_without(tmp_path: Path) -> None:
    """What a library's loading takes, every render waits for; scipy.stats alone takes more than a second."""
    heavy = {"scipy.stats", "scipy.optimize", "scipy.linalg", "matplotlib", "PIL"}
    heavy |= {"python_calamine", "pyreadstat", "pyarrow.csv", "pyarrow.parquet"}  # for files of other kinds
    code = f"""
import sys
from report_helpers import analyse
from report_helpers.reporting import Report, figures, tables
r = Report(analyse())
for name in tables.__all__:
    getattr(tables, name)(r)._repr_markdown_()
for draw in (figures.flow, figures.forest, figures.love, figures.cutoffs):
    draw(r)._repr_markdown_()
r.ledger._repr_markdown_()
print(sorted(set(sys.modules) & {heavy!r}))
"""
    answer = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=PACKAGE.parents[1],
        env={**os.environ, "MANUSCRIPT_FIGURES": str(tmp_path)},
    )
    assert answer.stdout.strip() == "[]"
