"""The examples in the docstrings run and give what they say."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize("module", ["words", "synthetic"])
def test_examples(module: str) -> None:
    tried = doctest.testmod(import_module(f"report_helpers.study.{module}"))
    assert (tried.failed, tried.attempted > 0) == (0, True)
