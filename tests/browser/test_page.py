"""The HTML manuscript in a real browser, on a desk and on a phone, without a network."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from .chromium import Browser, Tab

pytestmark = pytest.mark.xdist_group("render")

# The page is laid out in a frame of the wanted width, and measured there.
PROBE = """<!doctype html><meta charset="utf-8"><title>probe</title>
<iframe id="frame" style="width: WIDTHpx; height: 800px; border: 0" src="/index.html"></iframe>
<script>
frame.onload = () => {
  const page = frame.contentDocument, view = frame.contentWindow;
  const box = e => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };
  const scrolls = e => {
    for (let p = e; p && p !== page.body; p = p.parentElement)
      if (["auto", "scroll"].includes(view.getComputedStyle(p).overflowX)) return true;
    return false;
  };
  const facts = {
    width: view.innerWidth,
    overflow: page.documentElement.scrollWidth,
    escaping: [...page.querySelectorAll("main *")]
      .filter(e => e.getBoundingClientRect().right > view.innerWidth + 1 && !scrolls(e))
      .map(e => e.outerHTML.slice(0, 80)),
    pictures: [...page.querySelectorAll("img")].map(i => [i.complete, i.naturalWidth, ...box(i)]),
    title: box(page.querySelector("h1")),
    notice: box(page.querySelector(".notice")),
    letters: parseFloat(view.getComputedStyle(page.querySelector("main p")).fontSize),
    measure: page.querySelector("main section p").getBoundingClientRect().width,
    contents: box(page.querySelector("nav[role=doc-toc]")),
    requests: performance.getEntriesByType("resource").map(e => e.name)
      .concat(view.performance.getEntriesByType("resource").map(e => e.name)),
  };
  const answer = document.createElement("pre");
  answer.id = "facts";
  answer.textContent = JSON.stringify(facts);
  document.body.append(answer);
};
</script>"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Keep the test output clean."""


@pytest.fixture(scope="module")
def chromium() -> str:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("no Chromium on this machine")
    return found


@pytest.fixture(scope="module")
def site(rendered: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(rendered / "index.html", folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module", params=[1280, 390], ids=["desk", "phone"])
def facts(
    request: pytest.FixtureRequest, chromium: str, site: tuple[Path, str], tmp_path_factory: Any
) -> dict[str, Any]:
    folder, address = site
    (folder / f"probe-{request.param}.html").write_text(PROBE.replace("WIDTH", str(request.param)))
    run = subprocess.run(
        [
            chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
            "--disable-background-networking", "--disable-component-update", "--disable-quic",
            f"--user-data-dir={tmp_path_factory.mktemp('profile')}", "--window-size=1400,900",
            "--virtual-time-budget=8000", "--dump-dom", f"{address}/probe-{request.param}.html",
        ],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    answer = re.search(r'<pre id="facts">(.*?)</pre>', run.stdout, re.DOTALL)
    assert answer, run.stdout[-2000:]
    measured: dict[str, Any] = json.loads(html.unescape(answer[1]))
    return {**measured, "wanted": request.param}


def test_nothing_reaches_beyond_the_window(facts: dict[str, Any]) -> None:
    assert facts["width"] == facts["wanted"]
    assert facts["overflow"] <= facts["width"]
    assert facts["escaping"] == []


def test_lines_have_a_readable_length(facts: dict[str, Any]) -> None:
    assert facts["letters"] >= 16
    assert facts["measure"] / facts["letters"] <= 45


def test_the_notice_is_the_first_thing_seen(facts: dict[str, Any]) -> None:
    left, top, right, bottom = facts["notice"]
    assert top < 100
    assert bottom <= facts["title"][1] + 1
    assert right - left > 200


def test_every_figure_is_shown(facts: dict[str, Any]) -> None:
    assert len(facts["pictures"]) >= 2
    for complete, natural_width, left, top, right, bottom in facts["pictures"]:
        assert complete
        assert natural_width > 0
        assert right - left > 250
        assert bottom > top


def test_the_contents_stand_beside_the_text_on_a_desk(facts: dict[str, Any]) -> None:
    left, _, right, _ = facts["contents"]
    assert right > left
    if facts["wanted"] > 1000:
        assert right <= facts["title"][0] or left >= facts["title"][2] - 1


def test_the_contents_open_again_where_the_window_grows_wide(browser: Browser, rendered: Path) -> None:
    tab = Tab(browser, (rendered / "index.html").as_uri())
    for width, opened in ((390, "false"), (1280, "true"), (390, "false")):
        size: dict[str, object] = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        tab.do("Emulation.setDeviceMetricsOverride", **size)
        tab.until(f"document.querySelector('#TOC details')?.open === {opened}")


def test_the_page_asks_for_nothing_else(facts: dict[str, Any]) -> None:
    fetched = [name for name in facts["requests"] if not name.startswith("data:")]
    assert [name for name in fetched if not name.endswith(("/index.html", "/favicon.ico"))] == []
