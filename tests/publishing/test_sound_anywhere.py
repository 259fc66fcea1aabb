"""The whole manuscript somewhere else: another folder, clock and language, no network, nothing to write in.

One render of the shipped project under all of these at once has to give the bytes of the plain one.
"""

from __future__ import annotations

import io
import os
import random
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no name spaces and no SIGKILL"),
    pytest.mark.xdist_group("render"),
]

SEED = 20262
LOADED = "//link/@href | //@src | //@srcset | //@poster | //object/@data | //@background | //base/@href"

# Makes the project read-only for what follows, even for root.
READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
CUT = """\
import socket
def refuse(*_):
    raise OSError("the network is cut")
for name in ("connect", "connect_ex", "bind"):
    plain = getattr(socket.socket, name)
    def checked(self, address, plain=plain):
        return plain(self, address) if self.family == socket.AF_UNIX else refuse()
    setattr(socket.socket, name, checked)
socket.getaddrinfo = refuse
"""


def isolated(project: Path, scratch: Path) -> tuple[list[str], dict[str, str]]:
    """Return what to put before a command, and its environment, to cut the network and writing off.

    Where the system does not let us have name spaces, Python's sockets and the permissions have to do.
    """
    space = ["unshare", "--map-root-user", "--mount", "--net", "sh", "-c", READ_ONLY, str(project)]
    if shutil.which("unshare") and not subprocess.run([*space, "true"], capture_output=True).returncode:
        return space, {}
    (scratch / "sitecustomize.py").write_text(CUT)
    for path in (project, *project.rglob("*")):
        path.chmod(path.stat().st_mode & ~0o222)
    return [], {"PYTHONPATH": f"{scratch}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}


class Elsewhere:
    """A copy of the project, and the command to render it from a third place."""

    def __init__(self, project: Path, base: Path) -> None:
        self.base, self.project, self.output = base, base / "Größe 2" / "manuscript", base / "out put"
        shutil.copytree(project, self.project, ignore=shutil.ignore_patterns("_manuscript"))
        for name in ("scratch", "tmp", "home", "cwd"):
            (base / name).mkdir()
        before, more = isolated(self.project, base / "scratch")
        command = [sys.executable, "-m", "report_helpers.cli", "render", str(self.project)]
        self.command = [*before, *command, "--engine", "builtin", "--output-dir", str(self.output)]
        self.command += ["--to", "html,pdf,docx,jats"]
        self.environment = {
            **os.environ,
            **more,
            "TMPDIR": str(base / "tmp"),
            "HOME": str(base / "home"),
            "TZ": "Pacific/Kiritimati",
            "LC_ALL": "C",
            "COLUMNS": "40",
            "PYTHONHASHSEED": "7",
        }
        self.before = listing(self.project)

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command,
            cwd=self.base / "cwd",
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )


def listing(directory: Path) -> dict[str, tuple[int, int]]:
    """Return when each file and folder last changed, and its size."""
    found = {}
    for path in (directory, *directory.rglob("*")):
        about = path.stat()
        found[str(path)] = (about.st_mtime_ns, about.st_size)
    return found


def contents(directory: Path) -> dict[str, bytes]:
    found = (path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in found}


def parts(content: bytes) -> dict[str, bytes]:
    """Return the parts of a Word file, and of another file the whole."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return {"": content}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def first_difference(one: bytes, other: bytes) -> str:
    """Say in which part two files differ first, and what stands there in each; nothing if nowhere."""
    ones, others = parts(one), parts(other)
    if list(ones) != list(others):
        return f"{list(ones)} / {list(others)}"
    for name in ones:
        a, b = ones[name], others[name]
        if a != b:
            both = enumerate(zip(a, b, strict=False))
            at = next((place for place, (byte, beside) in both if byte != beside), min(len(a), len(b)))
            near = slice(max(0, at - 60), at + 60)
            return f"{name} at byte {at}: {a[near]!r} / {b[near]!r}"
    return "" if one == other else "only in how the parts are packed"


@pytest.fixture(scope="module")
def elsewhere(rendered: Path, project_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Elsewhere:
    """The project rendered elsewhere: first killed half-way, then again to the end."""
    made = Elsewhere(project_copy, tmp_path_factory.mktemp("elsewhere"))
    made.output.mkdir()
    (made.output / "index.html").write_text("the last good one")
    with made.start() as process:
        time.sleep(random.Random(SEED).uniform(1, 3))
        process.kill()
    assert contents(made.output) == {"index.html": b"the last good one"}
    with made.start() as process:
        _, said = process.communicate()
    assert said == ""
    return made


def test_the_same_project_gives_the_same_bytes_anywhere(elsewhere: Elsewhere, rendered: Path) -> None:
    expected, found = contents(rendered), contents(elsewhere.output)
    assert set(found) == set(expected)
    differences = {name: first_difference(expected[name], found[name]) for name in expected}
    assert {name: where for name, where in differences.items() if where} == {}


def test_a_render_writes_nowhere_but_into_its_output(elsewhere: Elsewhere) -> None:
    assert listing(elsewhere.project) == elsewhere.before
    for name in ("tmp", "home", "cwd"):
        assert list((elsewhere.base / name).iterdir()) == []
    assert {path.name for path in elsewhere.base.iterdir()} == {
        "Größe 2", "out put", "scratch", "tmp", "home", "cwd",
    }  # fmt: skip


def test_nothing_tells_where_or_by_whom_it_was_made(rendered: Path, project_copy: Path) -> None:
    for name, content in contents(rendered).items():
        assert str(project_copy).encode() not in content, name


def loads(page: html.HtmlElement) -> Iterator[str]:
    """Yield every address that a browser fetches by itself."""
    yield from (str(each) for each in page.xpath(LOADED))
    styles = [*page.xpath("//style/text()"), *page.xpath("//@style")]
    for style in styles:
        yield from re.findall(r"url\(\s*[\"']?([^)\"']+)|@import\s+[\"']([^\"']+)", style)
    assert page.xpath("//meta[translate(@http-equiv, 'REFSH', 'refsh') = 'refresh']") == []


def test_the_page_fetches_nothing(rendered: Path) -> None:
    page = html.parse(rendered / "index.html", html.HTMLParser(encoding="utf-8")).getroot()
    found = list(loads(page))
    assert found
    assert [each for each in found if not each.startswith(("data:", "#"))] == []
