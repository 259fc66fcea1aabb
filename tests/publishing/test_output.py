"""The last good output stays until a whole new one takes its place."""

import signal
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


HOLD = """
import sys, time
from pathlib import Path
from report_helpers.publishing.builtin.scratch import scratch_directory
with scratch_directory(Path(sys.argv[1]), ".manuscript-render-") as path:
    (path / "out").mkdir()
    print(path.name, flush=True)
    time.sleep(60)
"""


def test_what_a_killed_render_left_is_swept_and_a_running_one_is_not(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        held = tmp_path / process.stdout.readline().strip()
        with output.staged(tmp_path / "_manuscript") as stage:
            write(stage / "out", index_html="new")
        assert held.is_dir()
        process.kill()
    (tmp_path / ".manuscript-render-of-someone").mkdir()
    write(tmp_path / ".manuscript-render-notes", notes_txt="not ours")
    with output.staged(tmp_path / "_manuscript") as stage:
        write(stage / "out", index_html="newer")
    assert {p.name for p in tmp_path.iterdir()} == {"_manuscript", ".manuscript-render-notes"}


def test_an_output_taken_away_by_a_killed_render_comes_back(tmp_path: Path) -> None:
    """Where the system cannot swap two directories, a kill may fall between the two renames."""
    write(tmp_path / ".manuscript-render-killed" / "previous" / "other", index_html="the last good one")
    (tmp_path / ".manuscript-render-killed" / "in-use").touch()
    with output.staged(tmp_path / "_manuscript") as stage:
        write(stage / "out", index_html="new")
    assert (tmp_path / "other" / "index.html").read_text() == "the last good one"
    assert {p.name for p in tmp_path.iterdir()} == {"_manuscript", "other"}


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    write(tmp_path / "large disk" / "paper", index_html="old")
    (tmp_path / "_manuscript").symlink_to(tmp_path / "large disk" / "paper")
    with output.staged(tmp_path / "_manuscript") as stage:
        write(stage / "out", index_html="new")
    assert (tmp_path / "_manuscript").is_symlink()
    assert (tmp_path / "large disk" / "paper" / "index.html").read_text() == "new"


def test_a_document_of_another_name_leaves_no_older_format_behind(tmp_path: Path) -> None:
    target = tmp_path / "_manuscript"
    write(target, paper_html="old", paper_pdf="old", manuscript_ipynb="old", manuscript_pdf="mine")
    with output.staged(target) as stage:
        write(stage / "out", paper_html="new")
    assert {p.name for p in target.iterdir()} == {"paper.html", "manuscript.pdf"}


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


KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from report_helpers.publishing import output
from report_helpers.publishing.builtin import scratch

def kill(*_):
    os.kill(os.getpid(), signal.SIGKILL)

moment, target = sys.argv[1], Path(sys.argv[2])
if moment == "before the swap":
    output._exchange = kill
elif moment == "after the swap":
    scratch._remove = kill
else:
    renames, rename = [], Path.rename
    output._exchange = lambda *_: False
    Path.rename = lambda *paths: kill() if renames else renames.append(rename(*paths))
with output.staged(target) as stage:
    (stage / "out" / "index.html").write_text("new")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize(
    ("moment", "left"),
    [("before the swap", "old"), ("between two renames", "old"), ("after the swap", "new")],
)
def test_a_kill_around_the_swap_loses_nothing(tmp_path: Path, moment: str, left: str) -> None:
    target = tmp_path / "_manuscript"
    write(target, index_html="old", notes_txt="mine")
    ended = subprocess.run([sys.executable, "-c", KILLED, moment, str(target)], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert len(list(tmp_path.glob(".manuscript-render-*"))) == 1

    def fail() -> None:
        with output.staged(target):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert [path.name for path in tmp_path.iterdir()] == ["_manuscript"]
    assert (target / "index.html").read_text() == left
    assert (target / "notes.txt").read_text() == "mine"
