"""What all tests share: the study, its results, and one whole render."""

from __future__ import annotations

import os
import shutil
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

ROOT = Path(__file__).parents[1]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Turn a skipped test into a failure where nothing may be skipped, as in continuous integration."""
    report = yield
    if report.skipped and os.environ.get("MANUSCRIPT_SKIP_NOTHING") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but nothing may be skipped here: {report.longrepr}"
    return report


def pytest_configure() -> None:
    """Let programs that tests start hear Ctrl-C, also where the tests themselves run in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def results():  # type: ignore[no-untyped-def]
    """The results of the shipped study."""
    from report_helpers import analyse

    return analyse(ROOT / "study.yml")


@pytest.fixture(scope="session")
def project_copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The project as a clean checkout has it, without outputs or environments.

    All tests share it, so whoever saves a file takes a copy: without git a version is as old as its files.
    """
    target = tmp_path_factory.mktemp("project") / "manuscript"
    left_out = shutil.ignore_patterns(
        ".venv", ".git", "_manuscript", "_generated", "_figures", "__pycache__", ".*_cache", ".hypothesis"
    )
    shutil.copytree(ROOT, target, ignore=left_out)
    saved = {path: path.stat().st_mtime_ns for path in target.rglob("*") if path.is_file()}
    yield target
    assert [path for path, moment in saved.items() if path.stat().st_mtime_ns != moment] == []


@pytest.fixture(scope="session")
def rendered(project_copy: Path) -> Path:
    """The output directory of one whole render of the shipped project, in every format."""
    from report_helpers.publishing.render import Request, render

    request = Request(project_copy, ("html", "pdf", "docx", "jats"), engine="builtin")
    return render(request, lambda stage, detail, seconds: None).directory


@pytest.fixture(scope="session")
def jats_schema(tmp_path_factory: pytest.TempPathFactory) -> etree.DTD:
    """The document type that our JATS declares; see tests/data/jats/SOURCE.md."""
    directory = tmp_path_factory.mktemp("jats")
    with zipfile.ZipFile(ROOT / "tests/data/jats/JATS-Archiving-1-2-MathML2-DTD.zip") as archive:
        archive.extractall(directory)
    return etree.DTD(str(directory / "JATS-archivearticle1.dtd"))
