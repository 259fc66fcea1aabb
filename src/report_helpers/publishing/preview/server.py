"""The page for the browsers on this machine, and word to them when there is a new one."""

from __future__ import annotations

import re
import secrets
import sys
import threading
from collections.abc import Sequence
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from report_helpers.errors import ManuscriptError
from report_helpers.publishing.preview.page import Problem, served_page

FIRST_PORT = 4200
"""Tried where the author names none; if it is taken, any free one does."""

_HERE = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?", re.IGNORECASE)
_HEARTBEAT = 15.0
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}


class Edition:
    """The latest manuscript and the latest problems; its number changes whenever either does."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._process = secrets.token_hex(4)  # a page of an earlier preview must not take ours for its own
        self._count = 0
        self._manuscript = ""
        self._problems: tuple[Problem, ...] = ()
        self.ended = False

    @property
    def number(self) -> str:
        """What a browser compares."""
        return f"{self._process}-{self._count}"

    def publish(self, manuscript: str) -> None:
        """Show a manuscript; the problems are mended."""
        self._show(manuscript, ())

    def show(self, problems: Sequence[Problem]) -> None:
        """Show problems over the last manuscript."""
        self._show(self._manuscript, tuple(problems))

    def end(self) -> None:
        """Let go of the browsers that wait."""
        with self._changed:
            self.ended = True
            self._changed.notify_all()

    def _show(self, manuscript: str, problems: tuple[Problem, ...]) -> None:
        with self._changed:
            if (manuscript, problems) == (self._manuscript, self._problems):
                return
            self._manuscript, self._problems = manuscript, problems
            self._count += 1
            self._changed.notify_all()

    def page(self) -> str:
        """Return the page to serve."""
        with self._changed:
            return served_page(self._manuscript, self._problems, self.number, "Rendering …")

    def wait(self, known: str, seconds: float) -> str:
        """Return the number as soon as it is not the one that is known, at the latest after some seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self.ended or self.number != known, seconds)
            return self.number


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, edition: Edition, *arguments: object) -> None:
        self.edition = edition
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer with the page, or with the numbers of editions as they appear."""
        # Another site may lead its own name here and then read what we answer; the name gives it away.
        if not _HERE.fullmatch(self.headers.get("Host", "")):
            self.send_error(403, "This preview is for 127.0.0.1 or localhost")
            return
        path = urlsplit(self.path).path
        if path in ("/", "/index.html"):
            body = self.edition.page().encode()
            self._begin("text/html", len(body))
            self.wfile.write(body)
        elif path == "/events":
            self._begin("text/event-stream")
            self._tell()
        else:
            self.send_error(404)

    def _begin(self, kind: str, length: int | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.end_headers()

    def _tell(self) -> None:
        """Send each number; a beat now and then finds out whether the browser is still there."""
        known = ""
        while not self.edition.ended:
            number = self.edition.wait(known, _HEARTBEAT)
            self.wfile.write(f"data: {number}\n\n".encode() if number != known else b": still here\n\n")
            known = number

    def log_message(self, *arguments: object) -> None:
        """Keep the terminal for the preview's own lines."""


class Server(ThreadingHTTPServer):
    """Serves an edition on this machine alone."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Pass over browsers that go away in the middle of an answer."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def open_server(edition: Edition, port: int | None) -> Server:
    """Take a port, the wished one or a free one.

    Raises
    ------
    ManuscriptError
        When the wished port is taken or may not be used.
    """
    handler = partial(_Handler, edition)
    for wanted in (FIRST_PORT, 0) if port is None else (port,):
        try:
            return Server(("127.0.0.1", wanted), handler)
        except (OSError, OverflowError) as error:
            reason = error
    raise ManuscriptError(
        f"port {port} cannot be used ({getattr(reason, 'strerror', None) or reason})",
        remedy="close the program that uses it, choose another with --port N, or leave --port out",
    ) from reason
