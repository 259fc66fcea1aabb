"""The last good output stays until a whole new one takes its place."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from report_helpers.errors import ManuscriptError
from report_helpers.publishing import output


def write(directory: Path, **files: str) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (directory / name.replace("_", ".")).write_text(text)


def test_a_finished_render_replaces_the_last_one(tmp_path: Path) -> None:
    target = tmp_path / "_manuscript"
    write(target, index_html="old", index_pdf="old")
    with output.staged(target) as stage:
        write(stage / "out", index_html="new")
    assert {p.name: p.read_text() for p in target.iterdir()} == {"index.html": "new"}
    assert [p.name for p in tmp_path.iterdir()] == ["_manuscript"]


def test_a_failed_render_leaves_the_last_one_untouched(tmp_path: Path) -> None:
    target = tmp_path / "_manuscript"
    write(target, index_html="old")

    def fail_halfway() -> None:
        with output.staged(target) as stage:
            write(stage / "out", index_html="half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    assert (target / "index.html").read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["_manuscript"]


@pytest.mark.parametrize("atomic", [True, False])
def test_both_ways_of_replacing_give_the_same(
    tmp_path: Path, atomic: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not atomic:
        monkeypatch.setattr(output, "_exchange", lambda first, second: False)
    target = tmp_path / "_manuscript"
    write(target, index_html="old")
    with output.staged(target) as stage:
        write(stage / "out", index_html="new")
    assert (target / "index.html").read_text() == "new"


def test_what_a_killed_render_left_is_swept_and_a_running_one_is_not(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    dead = tmp_path / f".manuscript-{ended.pid}-abc"
    alive = tmp_path / f".manuscript-{os.getpid()}-abc"
    for left in (dead, alive):
        write(left / "out", index_html="half")
    with output.staged(tmp_path / "_manuscript") as stage:
        write(stage / "out", index_html="new")
    assert not dead.exists()
    assert alive.exists()


def test_a_note_the_author_left_there_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "_manuscript"
    write(target, index_html="old", comments_txt="mine")
    with output.staged(target) as stage:
        write(stage / "out", index_html="new")
    assert (target / "comments.txt").read_text() == "mine"


def test_a_directory_of_something_else_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "Documents", thesis_odt="years of work")
    with pytest.raises(ManuscriptError, match="holds other files"), output.staged(tmp_path / "Documents"):
        pass
    assert (tmp_path / "Documents" / "thesis.odt").read_text() == "years of work"
