"""Run the code of a manuscript again: with the study's patients, and with perturbed ones in their place."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from report_helpers.publishing import builtin, prepare
from report_helpers.publishing.builtin.running.execute import Executed, Plan, Run, execute
from report_helpers.publishing.messages import may_show
from report_helpers.study.perturbed import PERTURBED

AT_ONCE = 2
"""Runs side by side; each has a kernel of its own."""


@dataclass(frozen=True)
class Author:
    """What the author renders: the project, and a cohort file and a profile in place of the usual ones."""

    project: Path
    data: Path | None = None
    profile: str | None = None

    @property
    def file(self) -> Path | None:
        """The cohort file, unless it is the study's own; code of the manuscript obeys the variable, too."""
        named = self.data or os.environ.get("MANUSCRIPT_DATA")
        return Path(named).absolute() if named else None


def run_with(author: Author, numbers: Sequence[int]) -> list[tuple[Executed, ...]]:
    """Run the code once for each number and return what each part of the document gave.

    Nothing is written but the figures and generated files, into a scratch directory that is removed.

    Parameters
    ----------
    author : Author
    numbers : sequence of int
        0 for the study's own patients, another number for a perturbed cohort.

    Raises
    ------
    ManuscriptError, EngineError
        As a render does.
    """
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(partial(_run, author), numbers))


def _run(author: Author, number: int) -> tuple[Executed, ...]:
    done: list[Executed] = []
    about: dict[str, object] = {}

    def keep(plan: Plan) -> Run:
        run = execute(plan)
        done.extend(run[0])
        return run

    with tempfile.TemporaryDirectory(prefix="manuscript-perturbed-") as scratch:
        overlay = Path(scratch) / "overlay"
        figures = overlay / "_figures"
        figures.mkdir(parents=True)
        environment = {"MANUSCRIPT_FIGURES": str(figures)}
        if author.file is not None:
            environment["MANUSCRIPT_DATA"] = str(author.file)
        if number:
            environment[PERTURBED] = str(number)

        def get_ready() -> None:
            generated = overlay / prepare.GENERATED
            about.update(prepare.prepare(author.project, generated, data=author.file, profile=author.profile))

        builtin.render(
            author.project,
            (),
            Path(scratch) / "out",
            overlay=overlay,
            prepare=get_ready,
            environment=environment,
            profile=author.profile,
            run_code=keep,
            notebook=False,
            may_show=lambda name: may_show(name, about),
        )
    return tuple(done)
