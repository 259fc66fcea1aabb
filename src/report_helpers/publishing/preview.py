"""The manuscript in a browser, rendered anew whenever a source is saved."""

from __future__ import annotations

import html
import threading
import time
import webbrowser
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from report_helpers.errors import ManuscriptError
from report_helpers.publishing import render
from report_helpers.publishing.builtin import EngineError

_WATCHED = ("*.qmd", "*.yml", "*.bib", "chapters/**/*", "assets/**/*", "filters/*", "src/**/*.py")
_PAUSE = 0.2

# Asks for the edition now and then; a new one is loaded where the reader was.
_RELOAD = """<script>
(() => {
  const key = "manuscript-scroll", edition = "%s";
  addEventListener("load", () => { const y = sessionStorage.getItem(key); if (y) scrollTo(0, +y); });
  setInterval(async () => {
    try {
      const now = await (await fetch("/edition", {cache: "no-store"})).text();
      if (now !== edition) { sessionStorage.setItem(key, scrollY); location.reload(); }
    } catch (stopped) { /* the preview was stopped: keep the page as it is */ }
  }, 300);
})();
</script>"""

_PROBLEM = """<!doctype html><html lang="en"><meta charset="utf-8"><title>The manuscript has a problem</title>
<body style="font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 3rem auto; padding: 0 1rem">
<h1>The manuscript has a problem</h1><pre style="white-space: pre-wrap">%s</pre>
<p>Mend it and save: this page comes back by itself.</p></body></html>"""


class Edition:
    """The latest page, or the latest problem, with a number that grows with every render."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._number = 0
        self._body = "Rendering …"

    def publish(self, page: str) -> None:
        """Show a rendered page."""
        with self._lock:
            self._number += 1
            self._body = page

    def show_problem(self, message: str) -> None:
        """Show an error in place of the page."""
        self.publish(_PROBLEM % html.escape(message))

    @property
    def number(self) -> str:
        """The edition as the page asks for it."""
        return str(self._number)

    def page(self) -> str:
        """Return the page with the script that waits for the next edition."""
        with self._lock:
            script = _RELOAD % self._number
            head, end, tail = self._body.rpartition("</body>")
            return head + script + end + tail if end else self._body + script


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, edition: Edition, *arguments: object) -> None:
        self.edition = edition
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer with the page, or with the number of its edition."""
        if self.path == "/edition":
            self._answer("text/plain", self.edition.number)
        elif self.path in ("/", "/index.html"):
            self._answer("text/html", self.edition.page())
        else:
            self.send_error(404)

    def _answer(self, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Keep the terminal for the render's own lines."""


def serve(project: Path, port: int, *, open_browser: bool, say: Callable[[str], None]) -> None:
    """Serve the HTML manuscript on this machine only, until interrupted.

    Raises
    ------
    ManuscriptError
        When the port is taken.
    """
    edition = Edition()
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, edition))
    except OSError as error:
        raise ManuscriptError(
            f"port {port} is in use", remedy="close the other preview, or choose another with --port N"
        ) from error
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    say(f"preview at {address}; stop with Ctrl+C")
    if open_browser:
        webbrowser.open(address)
    try:
        watch(project, edition, say)
    finally:
        server.shutdown()


def watch(project: Path, edition: Edition, say: Callable[[str], None], rounds: int | None = None) -> None:
    """Render now and after every change of a source; `rounds` bounds the renders (for tests)."""
    seen: dict[Path, float] = {}
    while rounds is None or rounds > 0:
        now = stamps(project)
        if now == seen:
            time.sleep(_PAUSE)
            continue
        seen = now
        rounds = None if rounds is None else rounds - 1
        try:
            request = render.Request(project, formats=("html",), engine="builtin")
            done = render.render(request, lambda stage, detail, seconds: None)
        except (ManuscriptError, EngineError) as error:
            edition.show_problem(str(error))
            say(f"error: {error}")
        else:
            edition.publish((done.directory / "index.html").read_text(encoding="utf-8"))
            say(f"rendered in {done.seconds:.1f} s")


def stamps(project: Path) -> dict[Path, float]:
    """Return when each source of the project was last saved."""
    found = {}
    for pattern in _WATCHED:
        for path in project.glob(pattern):
            try:
                found[path] = path.stat().st_mtime
            except OSError:  # saved by an editor that replaces the file: seen on the next round
                continue
    return found
