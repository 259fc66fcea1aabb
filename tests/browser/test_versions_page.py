"""The page of versions in a browser: it fits a phone and a desk, and its citation is one click away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from report_helpers.publishing.release.page import page

from .chromium import Browser, Tab

CITATION = (
    "A. One, B. Two. Owls of the Northern and Southern Woods. Version 1.1. 16 February 2026. doi:10.1/x."
)


def version(number: str, changes: dict[str, Any] | None) -> dict[str, Any]:
    """What the catalogue says of a version, with names that are long."""
    names = ("changes-from-v1.0.html", "index.docx", "index.html", "index.pdf", "numbers.json")
    return {
        "version": number,
        "tag": f"v{number}",
        "commit": "0a1b2c3d" * 5,
        "date": "2026-02-16",
        "citation": CITATION,
        "data": {
            "file": "an-export-with-a-very-long-name-of-the-registry-2026-02-16.csv",
            "sha256": "f" * 64,
        },
        "made_with": {"Linux": "x86_64", "Python": "3.11.7", "great-tables": "1.1.0", "pandas": "3.1.1"},
        "filed": True,
        "files": [{"name": name, "bytes": 1_234_567, "sha256": "e" * 64} for name in names],
        "changes": changes,
    }


CHANGES = {
    "from": "1.0",
    "page": "changes-from-v1.0.html",
    "verdict": "677 numbers changed; 33 conclusions crossed a line.",
    "crossings": [
        {
            "words": f"owls {number}: risk ratio",
            "said": "the interval now includes 1",
            "old": "1.73 (95% CI 1.06–3.02)",
            "new": "1.57 (95% CI 0.97–2.74)",
        }
        for number in range(8)
    ],
}
CONTENT = {
    "title": "Owls",
    "notice": "Synthetic owls.",
    "versions": [version("1.1", CHANGES), version("1.0", None)],
}


@pytest.fixture(scope="module")
def tab(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Tab:
    file: Path = tmp_path_factory.mktemp("versions") / "index.html"
    file.write_text(page(CONTENT), encoding="utf-8")
    opened = Tab(browser, file.as_uri())
    opened.until("document.readyState === 'complete'")
    opened.value("document.querySelectorAll('details').forEach(each => each.open = true)")
    return opened


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_sticks_out(tab: Tab, width: int) -> None:
    tab.do("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
    tab.until(f"innerWidth === {width}")
    assert tab.value("document.querySelectorAll('main *').length") > 100
    room = tab.value("document.documentElement.clientWidth")
    assert width - 20 <= room <= width  # without the bar for scrolling
    right = "Math.max(...[...document.querySelectorAll('main *')].map(e => e.getBoundingClientRect().right))"
    assert tab.value(right) <= room
    assert tab.value("document.documentElement.scrollWidth") == room


def test_one_click_takes_the_whole_citation(tab: Tab) -> None:
    place = tab.value(
        "(() => { const cite = document.querySelector('.cite'); cite.scrollIntoView(); "
        "const box = cite.getBoundingClientRect(); return [box.x + 40, box.y + 20]; })()"
    )
    for kind in ("mousePressed", "mouseReleased"):
        tab.do("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)
    tab.until(f"getSelection().toString().trim() === {CITATION!r}")


def test_the_first_conclusions_stand_for_all(tab: Tab) -> None:
    items = tab.value("[...document.querySelectorAll('.crossed li')].map(each => each.innerText)")
    assert len(items) == 6
    assert items[-1] == "and 3 more"
