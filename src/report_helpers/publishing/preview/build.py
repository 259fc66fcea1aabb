"""One page from the sources as they are now, with as little work as is right."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

from report_helpers.publishing import builtin, numbers, prepare
from report_helpers.publishing.builtin.running.account import Account, Stamps, stamps
from report_helpers.publishing.builtin.running.kept import KeptRuns
from report_helpers.publishing.builtin.scratch import scratch_directory
from report_helpers.publishing.messages import may_show
from report_helpers.publishing.places import sources
from report_helpers.publishing.versions import Version
from report_helpers.study.definition import load_study


class Builder:
    """Builds the page of a project again and again.

    Parameters
    ----------
    project : Path
        The project directory, absolute.
    data : Path, optional
        Cohort file in place of the one that ``study.yml`` names.
    profile : str, optional
        Name of a ``_quarto-NAME.yml`` to merge.
    """

    def __init__(self, project: Path, data: Path | None = None, profile: str | None = None) -> None:
        named = data or os.environ.get("MANUSCRIPT_DATA")  # the kernel, too, would obey the variable
        self._data = Path(named).absolute() if named else None  # its code runs in the project directory
        self._project, self._profile = project, profile
        self._closing = ExitStack()
        scratch = self._closing.enter_context(scratch_directory(Path(tempfile.gettempdir()), "manuscript-"))
        self._overlay, self._out = scratch / "overlay", scratch / "out"
        self._figures = self._overlay / "_figures"
        self._runs = KeptRuns(self._figures)
        self._closing.callback(self._runs.close)
        self._prepared: tuple[Version, Stamps] | None = None
        self._study: tuple[Stamps, Path] | None = None
        self._moment = ""
        self._about: dict[str, object] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._closing.close()

    @property
    def why(self) -> str:
        """Why the last build ran the code; empty if it did not."""
        return self._runs.why

    @property
    def account(self) -> Account | None:
        """What the code rested on when it last ran."""
        return self._runs.account

    @property
    def given(self) -> tuple[Path, ...]:
        """The study and the data file."""
        return self._runs.given

    def build(self, version: Version) -> str:
        """Return the manuscript as HTML.

        Raises
        ------
        ManuscriptError, EngineError
            With what is wrong, where, and what to do.
        """
        self._runs.why = ""
        self._prepare(version)
        done = builtin.render(
            self._project,
            ["html"],
            self._out,
            overlay=self._overlay,
            environment=self._environment(version),
            profile=self._profile,
            run_code=self._runs.run,
            notebook=False,
            may_show=lambda name: may_show(name, self._about),
        )
        return self._explained(done.paths["html"].read_text(encoding="utf-8"))

    def _explained(self, page: str) -> str:
        """Return the page with the line of each number, if its ledger is what the page prints."""
        main = self._project / "index.qmd"
        with suppress(numbers.LedgerError):
            page, _ = numbers.complete(page, sources(main, self._project), self._about)
        return page

    def stop(self) -> None:
        """Give up running the code, if that is what is being done; `build` then raises CancelledError."""
        self._runs.stop()

    def get_ready(self) -> None:
        """Use the time until the next save to start what it may need."""
        self._runs.warm()

    def _prepare(self, version: Version) -> None:
        """Write the generated files anew if anything they are made from changed."""
        study = self._project / "study.yml"
        if not study.is_file():
            return
        if self._prepared and self._prepared == (version, stamps(self._prepared[1])):
            return
        self._prepared = None
        self._runs.given = (study, self._data or self._data_of(study))
        settings = self._project.glob("_quarto*.yml")
        made_from = stamps([*self._runs.given, self._project / "assets" / "reference.docx", *settings])
        generated = self._overlay / "_generated"
        self._about = prepare.prepare(self._project, generated, data=self._data, profile=self._profile)
        self._prepared = version, made_from

    def _data_of(self, study: Path) -> Path:
        """Return the data file that the study names, reading it only if it changed."""
        now = stamps([study])
        if self._study is None or self._study[0] != now:
            self._study = now, load_study(study).data.file
        return self._study[1]

    def _environment(self, version: Version) -> dict[str, str]:
        # Without git, the moment of the version is that of the last save: new for every prose edit.
        if version.commit or not self._moment:
            self._moment = os.environ.get("SOURCE_DATE_EPOCH", str(version.timestamp))
        settings = {"MANUSCRIPT_FIGURES": str(self._figures), "SOURCE_DATE_EPOCH": self._moment}
        return settings | ({"MANUSCRIPT_DATA": str(self._data)} if self._data else {})
