"""The preview in a real browser: a save appears, the reader stays where they were, errors come and go."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest

pytestmark = [
    pytest.mark.xdist_group("preview"),
    pytest.mark.skipif(os.name != "posix", reason="the browser is led through pipes"),
]

PARAGRAPHS = "\n\n".join(f"Paragraph {number}, with `{{python}} n + {number}`." for number in range(120))
INDEX = f"""---
title: A preview
format: {{html: {{minimal: true}}}}
---

```{{python}}
n = 100
```

# First

{PARAGRAPHS}
"""


# Chromium takes orders from file descriptor 3 and answers on 4.
AS_3_AND_4 = """
import os, sys
orders, answers = (os.dup(int(number)) for number in sys.argv[1:3])
for number, wanted in ((orders, 3), (answers, 4)):
    os.dup2(number, wanted)
    os.set_inheritable(wanted, True)
os.execv(sys.argv[3], sys.argv[3:])
"""


class Browser:
    """A headless Chromium, led through its debugging pipe."""

    def __init__(self, program: str, profile: Path) -> None:
        to_browser, self._to = os.pipe()
        self._from, from_browser = os.pipe()
        command = [
            program, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
            "--disable-background-networking", "--disable-component-update", "--disable-quic",
            f"--user-data-dir={profile}", "--window-size=1000,700", "--remote-debugging-pipe", "about:blank",
        ]  # fmt: skip
        self._process = subprocess.Popen(
            [sys.executable, "-c", AS_3_AND_4, str(to_browser), str(from_browser), *command],
            pass_fds=(to_browser, from_browser),
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._rest = b""
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._to)
        os.close(self._from)

    def ask(self, method: str, session: str = "", **parameters: object) -> dict[str, Any]:
        self._count += 1
        order: dict[str, object] = {"id": self._count, "method": method, "params": parameters}
        os.write(
            self._to, json.dumps({**order, **({"sessionId": session} if session else {})}).encode() + b"\0"
        )
        while True:
            answer = self._next()
            if answer.get("id") == self._count:
                result: dict[str, Any] = answer.get("result", {})
                return result

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            self._rest += os.read(self._from, 1 << 16)
        message, _, self._rest = self._rest.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found


class Tab:
    """One page in the browser."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        target = browser.ask("Target.createTarget", url=address)["targetId"]
        self.session = browser.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def value(self, expression: str) -> Any:
        answer = self.browser.ask(
            "Runtime.evaluate", self.session, expression=expression, returnByValue=True, awaitPromise=True
        )
        return answer.get("result", {}).get("value")

    def until(self, expression: str, seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while not self.value(expression):
            assert time.monotonic() < end, f"{expression}: {self.value('document.body.innerText')[:300]}"
            time.sleep(0.02)

    def settled(self, expression: str) -> Any:
        """Return a value once it stays the same: the page may just be loaded again."""
        last: list[Any] = []
        while len(last) < 4 or len(set(last[-4:])) > 1 or self.value("document.readyState") != "complete":
            last.append(self.value(expression))
            time.sleep(0.1)
        return last[-1]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser") / "a project"
    folder.mkdir()
    (folder / "_quarto.yml").write_text("project:\n  render: [index.qmd]\n")
    (folder / "index.qmd").write_text(INDEX)
    return folder


@pytest.fixture(scope="module")
def address(project: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "report_helpers.cli", "preview", str(project), "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as preview:
        assert preview.stdout
        found = re.search(r"http://\S+/", preview.stdout.readline())
        assert found
        yield found[0]
        preview.terminate()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("no Chromium on this machine")
    with Browser(program, tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture(scope="module")
def tab(browser: Browser, address: str) -> Tab:
    opened = Tab(browser, address)
    opened.until("document.body.innerText.includes('Paragraph 119, with 219.')")
    return opened


def replace(project: Path, old: str, new: str) -> None:
    text = (project / "index.qmd").read_text()
    assert old in text
    (project / "index.qmd").write_text(text.replace(old, new, 1))


def place(number: int) -> str:
    """How far below the top of the window a paragraph stands."""
    return (
        "Math.round([...document.querySelectorAll('p')]"
        f".find(p => p.textContent.startsWith('Paragraph {number},')).getBoundingClientRect().top)"
    )


def read_on(tab: Tab, number: int) -> float:
    """Scroll to a paragraph and return where it stands in the window."""
    tab.settled("document.body.innerText")
    tab.value(f"scrollBy(0, {place(number)} - 35)")
    stands = float(tab.settled(place(number)))
    assert 30 <= stands <= 40
    return stands


def test_a_save_appears_and_the_reader_stays_at_the_same_line(project: Path, tab: Tab) -> None:
    before = read_on(tab, 60)
    replace(project, "# First\n", "# First\n\nA long new paragraph.\n\nAnd another one above the reader.\n")
    tab.until("document.body.innerText.includes('And another one')")
    tab.until(f"Math.abs({place(60)} - {before}) <= 1")
    assert tab.value("scrollY") > 1000


def test_the_reader_stays_where_the_line_itself_is_edited(project: Path, tab: Tab) -> None:
    before = read_on(tab, 62)
    replace(project, "Paragraph 59, with", "Paragraph fifty-nine, with")
    replace(project, "Paragraph 60, with", "Paragraph sixty, with")
    tab.until("document.body.innerText.includes('sixty,')")
    tab.until(f"Math.abs({place(62)} - {before}) <= 1")


def test_an_error_lies_over_the_page_and_goes(project: Path, tab: Tab) -> None:
    problem = "document.getElementById('manuscript-preview-problem')"
    before = read_on(tab, 62)
    replace(project, "n = 100", "n = 100\nm = unheard_of  # <b>no markup</b>")
    tab.until(f"{problem} !== null")
    text = tab.value(f"{problem}.innerText")
    for words in ("index.qmd, line 8", "NameError", "unheard_of  # <b>no markup</b>", "Mend it and save"):
        assert words in text
    assert tab.value(f"{problem}.querySelector('b')") is None
    assert tab.value("document.body.innerText.includes('Paragraph 119, with 219.')")
    tab.until(f"Math.abs({place(62)} - {before}) <= 1")
    assert tab.value(f"{problem}.getBoundingClientRect().top") == 0
    replace(project, "m = unheard_of", "m = 1")
    tab.until(f"!{problem} && document.body.innerText.includes('Paragraph 119')")
    tab.until(f"Math.abs({place(62)} - {before}) <= 1")


def test_every_open_page_shows_new_results_and_one_opened_again_too(
    project: Path, tab: Tab, browser: Browser, address: str
) -> None:
    second = Tab(browser, address.replace("127.0.0.1", "localhost"))
    second.until("document.body.innerText.includes('Paragraph 119, with 219.')")
    replace(project, "n = 100", "n = 200")
    for page in (tab, second, Tab(browser, address)):
        page.until("document.body.innerText.includes('Paragraph 119, with 319.')")


def test_another_site_learns_nothing(tab: Tab, browser: Browser, address: str) -> None:
    elsewhere = Tab(browser, "data:text/html,<p>elsewhere</p>")
    elsewhere.until("document.body.innerText === 'elsewhere'")
    tried = f"fetch({address!r}).then(a => a.text()).catch(error => error.name)"
    assert elsewhere.value(tried) == "TypeError"
    assert "Paragraph" in tab.value(tried)
