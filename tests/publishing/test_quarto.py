"""How Quarto is called, with a stand-in for it that notes down what it was asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from report_helpers.errors import ManuscriptError
from report_helpers.publishing import quarto

STAND_IN = """\
#!/bin/sh
echo "$* data=$MANUSCRIPT_DATA" >> "$ASKED"
case "$*" in *docx*) exit 1;; esac
"""


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put the stand-in on the path; returns the file of its notes."""
    program = tmp_path / "bin" / "quarto"
    program.parent.mkdir()
    program.write_text(STAND_IN)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    monkeypatch.setenv("ASKED", str(tmp_path / "asked"))
    return tmp_path / "asked"


def test_each_format_is_asked_for_by_itself_and_keeps_the_others(asked: Path, tmp_path: Path) -> None:
    quarto.render(
        tmp_path, ["html", "pdf", "jats"], tmp_path, {"MANUSCRIPT_DATA": "cohort.csv"}, "submission"
    )
    calls = asked.read_text().splitlines()
    assert [call.split("--to ")[1] for call in calls] == [
        f"{name} data=cohort.csv" for name in ("html", "typst", "jats")
    ]
    for call in calls:
        assert call.startswith(f"render {tmp_path} --output-dir {tmp_path} --no-clean")
        assert "--profile submission" in call


def test_the_first_failure_ends_the_render(asked: Path, tmp_path: Path) -> None:
    with pytest.raises(ManuscriptError, match="Quarto could not render"):
        quarto.render(tmp_path, ["docx", "html"], tmp_path, {}, None)
    assert len(asked.read_text().splitlines()) == 1
