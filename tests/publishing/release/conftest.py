"""A project with two versions, released once for all tests, and copies of it to spoil."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from report_helpers.cli import main

from . import owls

Run = Callable[..., tuple[int, str]]

ALL_IS_WELL = ("report_helpers.publishing.release.rendering.check", lambda *arguments: [])
"""In place of the checks with other patients, whom owls do not follow; one test leaves them be."""


@pytest.fixture(scope="package")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of which versions 1.0 and 1.1 were released."""
    project = owls.start(tmp_path_factory.mktemp("released") / "owls")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        patch.setattr(*ALL_IS_WELL)
        assert main(["release", "1.0.0"]) == 0
        owls.change(project, owls.document(8, "0.98", "park"))
        assert main(["release", "v1.1"]) == 0
    return project


@pytest.fixture
def project(released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that project, in which commands run."""
    copy = tmp_path / "owls"
    shutil.copytree(released, copy)
    monkeypatch.chdir(copy)
    monkeypatch.setattr(*ALL_IS_WELL)
    return copy


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command, and returns its code and all that it said."""

    def run(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        code = main(list(arguments))
        said = capsys.readouterr()
        return code, said.out + said.err

    return run
