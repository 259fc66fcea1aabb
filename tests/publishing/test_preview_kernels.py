"""The kernel of a preview: what code may not do there to be kept, and what is ready before it runs."""

from __future__ import annotations

import os
import time
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from .kept_preview import Preview, shown

pytestmark = pytest.mark.xdist_group("preview")


def one_cell(tmp_path: Path, code: str) -> Preview:
    preview = Preview(tmp_path)
    preview.write("index.qmd", f"```{{python}}\nimport time\n{code}\n```\n\n`{{python}} time.time_ns()`.\n")
    return preview


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import subprocess\nsubprocess.run(['true'])", "starts another program"),
        ("from multiprocessing import get_context as c\nc('fork').Process(target=int).start()", "process"),
        ("import socket\nsocket.socket(socket.AF_UNIX).connect_ex('nowhere')", "connects to"),
        ("n = int(open('n.txt').read()) + 1\nopen('n.txt', 'w').write(str(n))", "n.txt changed"),
    ],
    ids=["program", "process", "connection", "what it reads"],
)
def test_outputs_that_rest_on_more_than_files_are_never_kept(tmp_path: Path, code: str, why: str) -> None:
    preview = one_cell(tmp_path, code)
    preview.write("n.txt", "1")
    with closing(preview.runs):
        preview.run()
        assert preview.runs.account
        assert why in preview.runs.account.difference()


def test_what_the_code_writes_itself_is_no_input(tmp_path: Path) -> None:
    preview = one_cell(
        tmp_path,
        "import os, tempfile\nfrom pathlib import Path\n"
        "Path('made.txt').write_text('1'); Path('made.txt').read_text()\n"
        "with tempfile.TemporaryDirectory() as d: Path(d, 'x').write_text('1'); os.listdir(d)\n"
        f"Path({str(tmp_path / 'written' / 'figure.svg')!r}).write_text('<svg/>')",
    )
    with closing(preview.runs):
        preview.run()
        (tmp_path / "written" / "figure.svg").write_text("of a run that failed")
        (tmp_path / "written" / "more.svg").write_text("of a run that failed")
        preview.run()
        assert preview.runs.why == ""
    assert [(path.name, path.read_text()) for path in (tmp_path / "written").iterdir()] == [
        ("figure.svg", "<svg/>")
    ]


LOOK = """\
import os, sys
print(os.getcwd() == {root!r}, os.environ["THEIRS"], sorted(globals()), sys.path, end=" ")
print({{"helper", "wave"}} & set(sys.modules))
"""


def test_a_kernel_that_waited_is_as_clean_as_a_new_one(tmp_path: Path) -> None:
    preview = one_cell(tmp_path, "")
    look = LOOK.format(root=str(preview.root))
    with closing(preview.runs):
        preview.write("index.qmd", f"```{{python}}\n{look}import helper, wave\n```\n")
        new = shown(preview.run())
        preview.warm()
        preview.write("index.qmd", f"```{{python}}\n{look}import helper\n```\n")
        waited = shown(preview.run())
        assert preview.runs.why == "the code changed"
    assert new.startswith("True given")
    assert new.replace("set()", "{'wave'}") == waited


def test_modules_are_not_loaded_ahead_where_that_could_be_noticed(tmp_path: Path) -> None:
    preview = one_cell(tmp_path, "import this")
    with closing(preview.runs):
        preview.run()
        preview.warm()
        preview.change("index.qmd", "import this", "import this  # again")
        assert "Beautiful is better than ugly" in shown(preview.run())


def test_a_setting_made_by_the_code_comes_before_the_modules_that_heed_it(tmp_path: Path) -> None:
    preview = one_cell(tmp_path, "import sys\nimport wave")
    with closing(preview.runs):
        preview.run()
        preview.warm()
        code = "import os, sys\nprint('wave' in sys.modules)\nos.environ['FOR_WAVE'] = '1'\nimport wave"
        preview.change("index.qmd", "import sys\nimport wave", code)
        assert shown(preview.run()) == "False\n"


def test_no_kernel_is_left(tmp_path: Path) -> None:
    preview = one_cell(tmp_path, "import os\nprint(os.getpid())")
    ended = int(shown(preview.run()))
    preview.warm()
    preview.runs.close()
    with pytest.raises(ProcessLookupError):
        os.kill(ended, 0)
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    if children.exists():
        names = [Path(f"/proc/{child}/cmdline").read_text() for child in children.read_text().split()]
        assert not [name for name in names if str(tmp_path) in name or "kernel" in name]


def test_a_run_that_was_stopped_leaves_the_way_free(tmp_path: Path) -> None:
    preview = one_cell(tmp_path, "while True: pass")
    with closing(preview.runs), ThreadPoolExecutor() as pool:
        run = pool.submit(preview.run)
        while not run.done():
            time.sleep(0.1)
            preview.runs.stop()
        assert isinstance(run.exception(), CancelledError)
        preview.change("index.qmd", "while True: pass", "print('ends')")
        assert shown(preview.run()) == "ends\n"
