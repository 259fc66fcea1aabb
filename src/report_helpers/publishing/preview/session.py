"""The preview from its start to Ctrl+C: look, build, show."""

from __future__ import annotations

import threading
import time
import webbrowser
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from report_helpers.errors import ManuscriptError
from report_helpers.publishing import versions
from report_helpers.publishing.builtin.running.account import Stamps, stamps
from report_helpers.publishing.builtin.running.witness import Stamp
from report_helpers.publishing.preview.build import Builder
from report_helpers.publishing.preview.page import Problem, problems_of
from report_helpers.publishing.preview.server import Edition, open_server
from report_helpers.publishing.preview.watch import Watch, by_the_code, code_in, differences, half_saved
from report_helpers.publishing.versions import Version

Say = Callable[[str], None]

_PAUSE = 0.04
_SETTLING = 0.02
_LONGEST_SAVE = 0.5


def serve(
    project: Path,
    *,
    port: int | None = None,
    data: Path | None = None,
    profile: str | None = None,
    open_browser: bool = True,
    say: Say = print,
) -> None:
    """Serve the HTML manuscript on this machine only, until interrupted.

    Parameters
    ----------
    project : Path
        The project directory.
    port : int, optional
        Port to use; by default a free one.
    data : Path, optional
        Cohort file in place of the one that ``study.yml`` names.
    profile : str, optional
        Name of a ``_quarto-NAME.yml`` to merge.
    open_browser : bool
        Open the page in a browser.
    say : callable
        Told the address, and each build in one line; never a value from the data.

    Raises
    ------
    ManuscriptError
        When the project has no ``_quarto.yml``, or the port cannot be used.
    """
    project = project.resolve()
    if not (project / "_quarto.yml").is_file():
        raise ManuscriptError(
            f"{project} is no manuscript project: it has no _quarto.yml",
            remedy="run the command in the project's directory, or name that directory",
        )
    edition = Edition()
    with open_server(edition, port) as server, Builder(project, data, profile) as builder:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        say(f"preview at {address} (stop with Ctrl+C)")
        try:
            if open_browser:
                webbrowser.open(address)
            session = Session(project, builder, edition, say)
            while True:
                if not session.step():
                    time.sleep(_PAUSE)
        finally:
            edition.end()
            server.shutdown()


@dataclass
class Session:
    """What was seen of the sources, and of their version, when the page was last built from them."""

    project: Path
    builder: Builder
    edition: Edition
    say: Say
    seen: Stamps = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._watch = Watch(self.project)
        self._stopped_by: set[str] = set()
        self._version: Version | None = None
        self._outdated = False
        self._code: dict[str, tuple[Stamp, str]] = {}

    def step(self) -> bool:
        """Build if anything was saved; tell whether it was."""
        if not self._outdated and not differences(self.seen, self._look()):
            return False
        began = time.perf_counter()
        before = self._settled(began)
        problems: tuple[Problem, ...] = ()
        page = ""
        try:
            page = self._build(before)
        except CancelledError:  # other code has been saved
            return True
        except Exception as error:  # whatever it is, the preview goes on
            problems = problems_of(error)
        self.seen = self._after(before)
        if page:
            self.edition.publish(page)
        elif not differences(self.seen, self._look()):  # else there is a newer text to judge
            self.edition.show(problems)
        self._report(problems, time.perf_counter() - began)
        self.builder.get_ready()
        return True

    def _build(self, before: Stamps) -> str:
        """Build, but give up a run of code that is no longer what the author wants to see."""
        code = self._code_in(before)
        stopped_by: set[str] = set()
        with ThreadPoolExecutor(max_workers=2) as pool:
            described = pool.submit(versions.describe, self.project)
            version = self._version or described.result()
            work = pool.submit(self.builder.build, version)
            try:
                while not wait([work], timeout=2 * _PAUSE).done:
                    saved = differences(before, stamps(before))
                    changed = {path for path in saved if code_in(path) != code[path]}
                    # What stopped the run before as well may be written by the code itself.
                    if changed - self._stopped_by:
                        stopped_by = changed
                        self.builder.stop()
            except BaseException:  # Ctrl+C
                while not wait([work], timeout=_PAUSE).done:
                    self.builder.stop()
                raise
        self._stopped_by = stopped_by
        # Asking git takes a while, and its answer is hardly ever new: the author's words come first.
        self._version = described.result()
        self._outdated = self._version != version
        return work.result()

    def _code_in(self, files: Stamps) -> dict[str, str]:
        """Return the code of each file; those that were not saved since are not read again."""
        known = self._code
        self._code = {
            path: known[path] if path in known and known[path][0] == stamp else (stamp, code_in(path))
            for path, stamp in files.items()
        }
        return {path: code for path, (_, code) in self._code.items()}

    def _look(self) -> Stamps:
        account = self.builder.account
        read: Iterable[str] = account.own() if account else ()
        return self._watch.look({*read, *map(str, self.builder.given)})

    def _settled(self, began: float) -> Stamps:
        """Wait while an editor is writing, and return what is there then."""
        time.sleep(max(0.0, began + _SETTLING - time.perf_counter()))
        now = self._look()
        while half_saved(self.seen, now) and time.perf_counter() - began < _LONGEST_SAVE:
            time.sleep(_SETTLING)
            now = self._look()
        return now

    def _after(self, before: Stamps) -> Stamps:
        """Return what counts as seen after a build: what was there before, and what the code wrote."""
        account, given = self.builder.account, self.builder.given
        read = account.files if account else {}
        ran = bool(self.builder.why)
        return {
            path: stamp
            if ran and by_the_code(path, account, given)
            else before.get(path, read.get(path, stamp))
            for path, stamp in self._look().items()
        }

    def _report(self, problems: tuple[Problem, ...], seconds: float) -> None:
        if problems:
            places = ", ".join(problem.place or "the project" for problem in problems)
            self.say(f"{seconds:6.2f} s  problem, shown in the page: {places}")
        else:
            how = f"the code ran: {self.builder.why}" if self.builder.why else "outputs kept"
            self.say(f"{seconds:6.2f} s  page made anew ({how})")
