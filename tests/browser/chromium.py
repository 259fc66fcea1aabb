"""A headless Chromium that tests lead through its debugging pipe."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

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

    def do(self, method: str, **parameters: object) -> dict[str, Any]:
        """Give the page an order of the debugging protocol."""
        return self.browser.ask(method, self.session, **parameters)

    def settled(self, expression: str) -> Any:
        """Return a value once it stays the same: the page may just be loaded again."""
        last: list[Any] = []
        while len(last) < 4 or len(set(last[-4:])) > 1 or self.value("document.readyState") != "complete":
            last.append(self.value(expression))
            time.sleep(0.1)
        return last[-1]


def program() -> str | None:
    """Return the Chromium of this machine, or None."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
