"""The preview sees each save once, waits for half of one, survives errors, and ends without a trace."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from pathlib import Path

import pytest

from report_helpers.cli import main
from report_helpers.publishing.builtin.errors import ExecutionError
from report_helpers.publishing.builtin.running.account import Account
from report_helpers.publishing.preview import session as sessions
from report_helpers.publishing.preview.server import Edition
from report_helpers.publishing.preview.session import Session
from report_helpers.publishing.preview.watch import Watch, by_the_code, differences
from report_helpers.publishing.versions import Version

pytestmark = pytest.mark.xdist_group("preview")


def account(**parts: object) -> Account:
    nothing: dict[str, object] = {
        "files": {},
        "written": frozenset(),
        "listed": {},
        "scanned": {},
        "beyond": "",
        "settings_changed": False,
        "modules": (),
    }
    return Account(**{**nothing, **parts})  # type: ignore[arg-type]


class StandIn:
    """In place of a builder: the page is the text of the document, "!" in it is an error."""

    given: tuple[Path, ...] = ()
    why = ""
    account: Account | None = None

    def __init__(self, project: Path, during: Callable[[], None] = lambda: None) -> None:
        self.document, self.during = project / "index.qmd", during
        self.built: list[str] = []

    def build(self, version: Version) -> str:
        self.built.append(version.name)
        text = self.document.read_text()
        self.during()
        if "!" in text:
            raise ExecutionError.at("This cell failed.", "index.qmd", 1, excerpt="KeyError: 'Jane Doe'")
        return f"<body>{text}</body>"

    def get_ready(self) -> None:
        """Nothing is started."""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sessions.versions, "describe", lambda project: Version("1", "2024-01-31", 0))
    (tmp_path / "index.qmd").write_text("first")
    return tmp_path


def open_session(project: Path, builder: StandIn | None = None) -> tuple[Session, list[str]]:
    said: list[str] = []
    standing = builder or StandIn(project)
    return Session(project, standing, Edition(), said.append), said  # type: ignore[arg-type]


def test_each_save_is_built_once(project: Path) -> None:
    session, said = open_session(project)
    assert session.step()
    assert not session.step()
    (project / "index.qmd").write_text("second")
    assert session.step()
    assert not session.step()
    assert "<body>second" in session.edition.page()
    assert [line.split("s  ")[1] for line in said] == ["page made anew (outputs kept)"] * 2


def test_an_error_is_shown_over_the_page_and_goes_when_it_is_mended(project: Path) -> None:
    session, said = open_session(project)
    session.step()
    (project / "index.qmd").write_text("wrong!")
    session.step()
    page = session.edition.page()
    assert "<body>first" in page
    assert "index.qmd, line 1" in page
    assert "KeyError" in page
    (project / "index.qmd").write_text("mended")
    session.step()
    assert "This cell failed" not in session.edition.page()
    assert "problem, shown in the page: index.qmd, line 1" in said[1]
    assert "Jane" not in "".join(said)


def test_a_broken_document_is_shown_from_the_start(project: Path) -> None:
    (project / "index.qmd").write_text("wrong!")
    session, _ = open_session(project)
    session.step()
    assert "This cell failed" in session.edition.page()
    (project / "index.qmd").write_text("mended")
    session.step()
    assert "<body>mended" in session.edition.page()


def test_what_nobody_thought_of_does_not_end_the_preview(project: Path) -> None:
    (project / "index.qmd").write_bytes(b"\xff\xfe")
    session, _ = open_session(project)
    session.step()
    assert "UnicodeDecodeError" in session.edition.page()
    (project / "index.qmd").write_text("mended")
    session.step()
    assert "<body>mended" in session.edition.page()


def test_an_error_of_a_text_that_is_saved_again_meanwhile_is_not_shown(project: Path) -> None:
    document = project / "index.qmd"
    session, _ = open_session(project, StandIn(project, lambda: document.write_text("mended")))
    document.write_text("half saved!")
    session.step()
    assert "This cell failed" not in session.edition.page()
    session.step()
    assert "<body>mended" in session.edition.page()


class Endless(StandIn):
    """A builder whose code never ends if the text says so; then it has to be stopped."""

    def __init__(self, project: Path) -> None:
        super().__init__(project)
        self.stopped = threading.Event()
        self.running = threading.Event()

    def build(self, version: Version) -> str:
        if "while True" in self.document.read_text():
            self.running.set()
            assert self.stopped.wait(20)
            raise CancelledError
        return super().build(version)

    def stop(self) -> None:
        self.stopped.set()


def test_code_that_never_ends_is_stopped_when_other_code_is_saved(project: Path) -> None:
    builder = Endless(project)
    session, said = open_session(project, builder)
    document = project / "index.qmd"
    document.write_text("```{python}\nwhile True: pass\n```\n")
    with ThreadPoolExecutor() as pool:
        step = pool.submit(session.step)
        assert builder.running.wait(20)
        document.write_text("More prose.\n\n```{python}\nwhile True: pass\n```\n")
        time.sleep(0.3)
        assert not builder.stopped.is_set()
        document.write_text("```{python}\nwhile False: pass\n```\n")
        step.result()
    assert said == []
    assert session.step()
    assert "while False" in session.edition.page()


def test_a_new_version_is_shown_once_git_has_told(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    builder = StandIn(project)
    session, _ = open_session(project, builder)
    session.step()
    monkeypatch.setattr(sessions.versions, "describe", lambda project: Version("2", "2024-02-01", 1))
    assert not session.step()
    (project / "index.qmd").write_text("second")
    assert session.step()
    assert session.step()
    assert not session.step()
    assert builder.built == ["1", "1", "2"]


@pytest.mark.parametrize("half", [Path.unlink, lambda path: path.write_text("")], ids=["gone", "empty"])
def test_half_a_save_is_waited_for(project: Path, half: Callable[[Path], None]) -> None:
    session, _ = open_session(project)
    session.step()
    document = project / "index.qmd"
    half(document)
    rest = threading.Timer(0.15, document.write_text, ["whole"])
    rest.start()
    assert session.step()
    rest.join()
    assert "<body>whole" in session.edition.page()


def test_a_save_by_renaming_another_file_is_seen(project: Path) -> None:
    session, _ = open_session(project)
    session.step()
    (project / ".index.qmd.tmp").write_text("moved")
    (project / ".index.qmd.tmp").rename(project / "index.qmd")
    assert session.step()
    assert "<body>moved" in session.edition.page()


def test_what_the_code_writes_does_not_call_for_another_build(project: Path) -> None:
    table, data = project / "table.yml", project / "data.csv"
    data.write_text("1")

    def run() -> None:
        table.write_text("made by the code")
        data.write_text("2")  # by the author, while the code runs

    builder = StandIn(project, run)
    builder.why = "first run"
    builder.account = account(files={str(data): [1, 1, 1, 1]}, written=frozenset([str(table)]))
    session, _ = open_session(project, builder)
    session.step()
    assert differences(session.seen, session._look()) == {str(data)}


def test_another_program_may_write_pictures_and_data_but_no_texts() -> None:
    heard, unheard = account(files={"/p/read.csv": [1]}), account(beyond="it starts another program")
    for path, by_python, by_program in (
        ("/p/figure.png", True, True),
        ("/p/read.csv", False, True),
        ("/p/chapter.qmd", False, False),
    ):
        assert by_the_code(path, heard, ()) == by_python
        assert by_the_code(path, unheard, ()) == by_program
    assert not by_the_code("/p/given.sav", heard, [Path("/p/given.sav")])


def test_the_sources_of_a_project_are_watched_and_nothing_else(tmp_path: Path) -> None:
    for name in ("index.qmd", "chapters/a.qmd", "assets/x.css", "src/m.py", "figure.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    for name in (".git/config.yml", "_manuscript/index.html", "env/pyvenv.cfg", "env/a.py", "cohort.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    watch = Watch(tmp_path)
    seen = watch.look(["/elsewhere/data.csv"])
    names = {Path(path).name for path in seen}
    assert names == {"index.qmd", "a.qmd", "x.css", "m.py", "figure.png", "data.csv"}
    (tmp_path / "chapters" / "new.qmd").write_text("x")
    (tmp_path / "src" / "m.py").unlink()
    assert {Path(path).name for path in differences(seen, watch.look(["/elsewhere/data.csv"]))} == {
        "new.qmd",
        "m.py",
    }


def test_a_folder_without_a_project_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", str(tmp_path), "--no-browser"]) == 1
    assert "no _quarto.yml" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="signals are sent")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_says_where_it_is_and_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    project, scratch = tmp_path / "mein Projekt é", tmp_path / "s"
    project.mkdir()
    scratch.mkdir()
    (project / "_quarto.yml").write_text("project:\n  render: [index.qmd]\n")
    (project / "index.qmd").write_text("```{python}\nimport os\n```\n\nPid `{python} os.getpid()`.\n")
    with subprocess.Popen(
        [sys.executable, "-m", "report_helpers.cli", "preview", str(project), "--no-browser"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "TMPDIR": str(scratch)},
    ) as preview:
        assert preview.stdout
        address = re.search(r"http://127\.0\.0\.1:\d+/", preview.stdout.readline())
        assert address
        assert "the code ran: first run" in preview.stdout.readline()
        with urllib.request.urlopen(address[0]) as answer:
            kernel = re.search(r"Pid (\d+)", answer.read().decode())
        assert kernel
        time.sleep(0.2)  # the next kernel is being started
        preview.send_signal(number)
        assert preview.wait(20) == 128 + number
        assert "Traceback" not in preview.stdout.read()
    assert list(scratch.iterdir()) == []
    assert not (project / "_manuscript").exists()
    with pytest.raises(ProcessLookupError):
        os.kill(int(kernel[1]), 0)
