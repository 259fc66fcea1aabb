"""The built-in engine gives Quarto's answers.

`conformance/expected` holds the outlines of the pages that Quarto 1.10.18 made of the cases
(`quarto render`, pandoc 3.9). Cases up to 11 were given with the project; those from 21 on are ours.
"""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from report_helpers.publishing.builtin import render

HERE = Path(__file__).parent / "conformance"
CASES = sorted(path.name for path in (HERE / "cases").iterdir())


def load_outline() -> ModuleType:
    spec = importlib.util.spec_from_file_location("outline", HERE / "outline.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


OUTLINE = load_outline()


@pytest.mark.parametrize("case", CASES)
def test_outline_equals_that_of_quarto(case: str, tmp_path: Path) -> None:
    rendered = render(HERE / "cases" / case, ["html"], tmp_path / "out")
    expected = json.loads((HERE / "expected" / f"{case}.json").read_text(encoding="utf-8"))
    assert OUTLINE.outline(str(rendered.paths["html"])) == expected
