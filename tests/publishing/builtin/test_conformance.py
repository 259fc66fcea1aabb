"""The built-in engine gives Quarto's answers.

`conformance/expected` holds the outlines of the pages that Quarto 1.10.18 made of the cases
(`quarto render`, pandoc 3.9). Cases up to 11 were given with the project; those from 21 on are ours.
"""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest
from lxml import etree

from report_helpers.publishing.builtin import Rendered, render

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


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Rendered]:
    """A case, rendered."""
    name = str(request.param)
    return name, render(HERE / "cases" / name, ["html", "jats"], tmp_path_factory.mktemp("case") / "out")


def test_outline_equals_that_of_quarto(case: tuple[str, Rendered]) -> None:
    name, rendered = case
    expected = json.loads((HERE / "expected" / f"{name}.json").read_text(encoding="utf-8"))
    assert OUTLINE.outline(str(rendered.paths["html"])) == expected


def test_the_article_is_valid(case: tuple[str, Rendered], jats_schema: etree.DTD) -> None:
    _, rendered = case
    assert jats_schema.validate(etree.parse(str(rendered.paths["jats"]))), jats_schema.error_log
