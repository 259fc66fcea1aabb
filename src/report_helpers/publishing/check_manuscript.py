"""``manuscript check``: render every format into a scratch directory, and list all that the checks find.

Where nothing can be rendered, the checks that read the sources alone still run: authors see all at once.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from report_helpers.errors import ManuscriptError
from report_helpers.publishing.builtin import EngineError
from report_helpers.publishing.builtin.scratch import scratch_directory
from report_helpers.publishing.checks import Finding, check, check_sources
from report_helpers.publishing.checks.mutation.rerun import Author
from report_helpers.publishing.render import Progress, Request, render

_FORMATS = ("html", "pdf", "docx", "jats")
_LEADING = frozenset(("citation", "float-cited", "section"))
"""Checks of what leads somewhere: where it leads nowhere, the engine says so in words of its own."""
_UNREAD = "nothing could be rendered, so only the sources were checked: mend them, and check again"


@dataclass(frozen=True)
class Report:
    """What was found: what a render refuses, and what the checks find.

    Attributes
    ----------
    refused : tuple of str
        What a strict render refuses, and what no render can do without.
    findings : tuple of Finding
        What the checks find besides.
    rendered : bool
        Whether there was a page to check; without one, the checks read the sources alone.
    """

    refused: tuple[str, ...]
    findings: tuple[Finding, ...]
    rendered: bool = True

    @property
    def fails(self) -> bool:
        """Whether anything has to be mended."""
        return bool(self.refused) or any(not each.note for each in self.findings)

    def __str__(self) -> str:
        """Return the report as it is printed."""
        notes = [each for each in self.findings if each.note]
        lines = ["For information:", *(f"  {each.brief}" for each in notes), ""] if notes else []
        lines += [*self.refused, *(str(each) for each in self.findings if not each.note)]
        lines += [] if self.rendered else [_UNREAD]
        count = len(self.refused) + len(self.findings) - len(notes)
        lines.append({0: "nothing to mend", 1: "one thing to mend"}.get(count, f"{count} things to mend"))
        return "\n".join(lines) + "\n"


def check_manuscript(
    project: Path, *, data: Path | None = None, profile: str | None = None, progress: Progress
) -> Report:
    """Render a project in every format with the built-in engine, and check the result.

    Where a strict render refuses, what it says is part of the report, and the checks read a render that is
    not strict. Where that is refused too, they read the sources.

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
    ManuscriptError
        If there is no project.
    """
    with scratch_directory(Path(tempfile.gettempdir()), "manuscript-check-") as scratch:
        output = scratch / "out"
        request = Request(project, _FORMATS, data, profile, "builtin", output, checked=False)
        refused, rendered = _render(request, progress)
        began = time.perf_counter()
        if rendered:
            progress("check", "reading the text, running the code with other patients", None)
            found = check(project, output, Author(project, data, profile))
        else:
            found = _of_sources(project)
        findings = tuple(each for each in found if not _told(each, refused))
        progress("check", "text and numbers" if rendered else "the sources", time.perf_counter() - began)
        return Report(refused, findings, rendered)


def _render(request: Request, progress: Progress) -> tuple[tuple[str, ...], bool]:
    """Render strictly, or else not; return what was refused, each thing once, and whether there is a page."""
    refused: list[str] = []
    for strict in (True, False):
        try:
            render(replace(request, strict=strict), progress)
        except EngineError as error:
            refused += [str(problem) for problem in error.problems]
        except ManuscriptError as error:
            if not (request.project / "_quarto.yml").is_file():
                raise
            refused.append(str(error))
        else:
            return tuple(dict.fromkeys(refused)), True
    return tuple(dict.fromkeys(refused)), False


def _of_sources(project: Path) -> list[Finding]:
    """Return what is found without a page: nothing where not even the sources can be read, as was told."""
    try:
        return check_sources(project)
    except (EngineError, ManuscriptError):
        return []


def _told(finding: Finding, refused: tuple[str, ...]) -> bool:
    """Tell whether a render has already refused the same on the same line."""
    place = f"{finding.file}:{finding.line}: "
    same = finding.quote.lstrip("@") if finding.check in _LEADING and finding.quote else finding.what
    return any(each.startswith(place) and (finding.what in each or same in each) for each in refused)
