"""A pytest plugin that writes down which functions of the package each test calls, fixtures included."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

FILE = "CALLS_OF_TESTS"
"""The environment variable that names the file to write."""

_calls: dict[str, list[str]] = {}
_of_fixtures: dict[str, set[str]] = {}
_listening: list[set[str]] = []


def _note(frame: FrameType, event: str, _: object) -> None:  # not asked of each line, having returned None
    if event == "call":
        name = frame.f_globals.get("__name__", "")
        if name.startswith("report_helpers"):
            for calls in _listening:
                calls.add(f"{name}.{frame.f_code.co_name}")


def _heard() -> Iterator[set[str]]:
    calls: set[str] = set()
    _listening.append(calls)
    sys.settrace(_note)
    yield calls
    _listening.pop()
    sys.settrace(_note if _listening else None)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object]) -> Iterator[None]:
    """Hear what a fixture calls, which may be made once for many tests."""
    hearing = _heard()
    calls = next(hearing)
    try:
        return (yield)
    finally:
        next(hearing, None)
        _of_fixtures.setdefault(fixturedef.argname, set()).update(calls)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Function) -> Iterator[None]:
    """Hear what a test calls."""
    hearing = _heard()
    calls = next(hearing)
    try:
        return (yield)
    finally:
        next(hearing, None)
        for name in item.fixturenames:
            calls |= _of_fixtures.get(name, set())
        test = item.nodeid.partition("[")[0]
        _calls[test] = sorted(calls.union(_calls.get(test, ())))


def pytest_sessionfinish() -> None:
    """Write everything down."""
    Path(os.environ[FILE]).write_text(json.dumps(_calls), encoding="utf-8")
