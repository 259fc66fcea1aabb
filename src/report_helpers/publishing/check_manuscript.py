"""``manuscript check``: render every format into a scratch directory, and list all that the checks find."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from report_helpers.errors import ManuscriptError
from report_helpers.publishing.builtin import EngineError
from report_helpers.publishing.builtin.scratch import scratch_directory
from report_helpers.publishing.checks import Finding, check
from report_helpers.publishing.checks.mutation.rerun import Author
from report_helpers.publishing.render import Progress, Request, render

_FORMATS = ("html", "pdf", "docx", "jats")


@dataclass(frozen=True)
class Report:
    """What was found: what a strict render refuses, and what the checks of the rendered text find."""

    refused: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def fails(self) -> bool:
        """Whether anything has to be mended."""
        return bool(self.refused) or any(not each.note for each in self.findings)

    def __str__(self) -> str:
        """Return the report as it is printed."""
        notes = [each for each in self.findings if each.note]
        lines = ["For information:", *(f"  {each.brief}" for each in notes), ""] if notes else []
        lines += [*self.refused, *(str(each) for each in self.findings if not each.note)]
        count = len(self.refused) + len(self.findings) - len(notes)
        lines.append({0: "nothing to mend", 1: "one thing to mend"}.get(count, f"{count} things to mend"))
        return "\n".join(lines) + "\n"


def check_manuscript(
    project: Path, *, data: Path | None = None, profile: str | None = None, progress: Progress
) -> Report:
    """Render a project in every format with the built-in engine, and check the result.

    Where a strict render refuses, what it says is part of the report, and the checks read a render that is
    not strict.

    Parameters
    ----------
    project : Path
        The project's folder; its output is not touched.
    data : Path, optional
        Cohort file instead of the study's.
    profile : str, optional
        Name of a ``_quarto-NAME.yml``.
    progress : callable
        As in `render`.

    Raises
    ------
    ManuscriptError, EngineError
        If the project cannot be rendered at all.
    """
    with scratch_directory(Path(tempfile.gettempdir()), "manuscript-check-") as scratch:
        output = scratch / "out"
        request = Request(project, _FORMATS, data, profile, "builtin", output, checked=False)
        refused: tuple[str, ...] = ()
        try:
            render(replace(request, strict=True), progress)
        except EngineError as error:
            refused = tuple(str(problem) for problem in error.problems)
        except ManuscriptError as error:
            refused = (str(error),)
        if refused:
            render(request, progress)
        began = time.perf_counter()
        progress("check", "reading the text, running the code with other patients", None)
        found = check(project, output, Author(project, data, profile))
        findings = [each for each in found if not _told(each, refused)]
        progress("check", "text and numbers", time.perf_counter() - began)
        return Report(refused, tuple(findings))


def _told(finding: Finding, refused: tuple[str, ...]) -> bool:
    """Tell whether a strict render has already refused the same on the same line."""
    place = f"{finding.file}:{finding.line}: "
    return any(each.startswith(place) and finding.what in each for each in refused)
