"""What the ledger says of a method is so: the function is there, the test runs it, the source is cited."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from report_helpers.reporting.explain.computed_by import computed_by
from report_helpers.reporting.explain.explainer import place_of
from report_helpers.reporting.explain.methods_list import METHODS

HERE = Path(__file__).parent
OF_PACKAGE = [name for name, method in METHODS.items() if not method.function.startswith("benchmarks.")]


@pytest.fixture(scope="module")
def calls(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Run every test that the list names, and hear which functions it calls."""
    found = tmp_path_factory.mktemp("calls") / "calls.json"
    tests = sorted({METHODS[name].test for name in OF_PACKAGE})
    command = [sys.executable, "-m", "pytest", "-q", "-p", "calls_of_tests", "-p", "no:cacheprovider", "-n0"]
    paths = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])
    run = subprocess.run(
        [*command, *tests],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": paths, "CALLS_OF_TESTS": str(found)},
    )
    assert run.returncode == 0, run.stdout[-2000:]
    heard: dict[str, list[str]] = json.loads(found.read_text(encoding="utf-8"))
    return heard


@pytest.mark.parametrize("name", OF_PACKAGE)
def test_the_named_test_calls_the_named_function(name: str, calls: dict[str, list[str]]) -> None:
    method = METHODS[name]
    module, _, function = method.function.rpartition(".")
    called = {each.rpartition(".")[::2] for each in calls[method.test]}
    found = getattr(import_module(module), function)
    assert (found.__module__, function) in called


@pytest.mark.parametrize("name", sorted(METHODS.keys() - set(OF_PACKAGE)))
def test_a_benchmarks_test_is_read_since_it_takes_long_to_run(name: str, root: Path) -> None:
    method = METHODS[name]
    file, _, test = method.test.partition("::")
    tree = ast.parse((root / file).read_text(encoding="utf-8"))
    body = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == test)
    called = {ast.unparse(node.func) for node in ast.walk(body) if isinstance(node, ast.Call)}
    assert method.function.rpartition(".")[2] in called


@pytest.mark.parametrize("name", METHODS)
def test_the_function_begins_where_the_ledger_says(name: str, root: Path) -> None:
    method = METHODS[name]
    file, line = place_of(method.function)
    function = method.function.rpartition(".")[2]
    tree = ast.parse((root / file).read_text(encoding="utf-8"))
    lines = [node.lineno for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function]
    assert len(lines) == 1
    assert line in (lines[0], None)
    assert line or file.startswith("benchmarks/")


def test_every_citation_is_a_reference_that_the_manuscript_cites(root: Path, manuscript_text: str) -> None:
    known = set(re.findall(r"^@\w+\{([^,]+),", (root / "references.bib").read_text(encoding="utf-8"), re.M))
    cited = {key for method in METHODS.values() for key in method.citations}
    assert cited <= known
    assert {key for key in cited if f"@{key}" not in manuscript_text} == set()


@pytest.fixture(scope="module")
def manuscript_text(root: Path) -> str:
    files = (root / "index.qmd", *sorted((root / "chapters").glob("*.qmd")))
    return "".join(file.read_text(encoding="utf-8") for file in files)


@pytest.mark.parametrize(
    ("key", "method", "name"),
    [
        ("dysregulated.any.rate", "Wilson score interval", "wilson"),
        ("dysregulated.any.risk_ratio", "Koopman score interval", "koopman"),
        ("dysregulated.any.finding", "Koopman score interval", "finding"),
        ("dysregulated.any.holm", "", "holm"),
        ("dysregulated.any.p", "Fisher mid-P test, two-sided", "fisher_midp"),
        ("dysregulated.any.events_of_n", "", "counted"),
        ("adjusted.dysregulated.any.weighted.balance.age_years.before", "", "balance"),
        ("adjusted.dysregulated.any.weighted.mean_weight", "", "weighted"),
        ("adjusted.dysregulated.any.weighted.risk_ratio_n", "", "adjusted"),
        ("baseline.age_years.smd_regulated", "", "smd_means"),
        ("selection.oocyte_source.smd", "", "smd_categories"),
        ("claims.regulated.any.finding", "claim", "according_to"),
        ("claims.small_groups", "claim", "claim"),
        ("methods.risk_ratio", "", "named"),
        ("live_birth_incomplete", "", "condition"),
    ],
)
def test_a_number_is_led_to_what_computed_it(key: str, method: str, name: str) -> None:
    assert computed_by(key, method, {"age_years"}) == name
