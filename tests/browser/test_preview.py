"""The preview in a real browser: a save appears, the reader stays where they were, errors come and go."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .chromium import Browser, Tab

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
