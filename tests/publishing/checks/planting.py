"""Plant a fault in a copy of the manuscript: in its sources, in its page, or in both."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from report_helpers.publishing.builtin.reading.files import Files
from report_helpers.publishing.builtin.reading.source import read_source
from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.reading.manuscript import MAIN, Manuscript
from report_helpers.publishing.pages import read_page

SOURCES = ("index.qmd", "references.bib", "study.yml", "_quarto.yml")
PAGE = "the page"


@dataclass(frozen=True)
class Fault:
    """A fault, and where it has to be found.

    Attributes
    ----------
    edits : tuple of (str, str, str)
        File (or `PAGE`), what stands there, and what takes its place, the first time that it stands there.
    file : str
        File of the one finding.
    at : str
        Text of the line of the finding, in the copy with the fault.
    says : str
        What the finding has to say, in part.
    journal : str
        The journal asked for.
    """

    edits: tuple[tuple[str, str, str], ...]
    file: str
    at: str
    says: str
    journal: str = ""


def fault(*edits: tuple[str, str, str], file: str = "", at: str, says: str, journal: str = "") -> Fault:
    """Make a fault that is found in the file first edited, unless another is named."""
    return Fault(edits, file or edits[0][0], at, says, journal)


class Planter:
    """Makes copies of one manuscript with edits."""

    def __init__(self, clean: Manuscript, scratch: Callable[[], Path]) -> None:
        self.clean = clean
        self.scratch = scratch

    def __call__(self, planted: Fault) -> Manuscript:
        """Return the manuscript with the fault; it fails where there is nothing to edit."""
        root = self.scratch()
        for name in SOURCES:
            shutil.copy(self.clean.root / name, root)
        shutil.copytree(self.clean.root / "chapters", root / "chapters")
        html = self.clean.html
        for name, old, new in planted.edits:
            text = html if name == PAGE else (root / name).read_text(encoding="utf-8")
            assert old in text, f"{name} does not say {old!r}"
            text = text.replace(old, new, 1)
            if name == PAGE:
                html = text
            else:
                (root / name).write_text(text, encoding="utf-8")
        paragraphs = self.clean.paragraphs if html is self.clean.html else read_page(html).paragraphs
        source = read_source(Files(root, ()), MAIN)
        return replace(
            self.clean, root=root, source=source, html=html, paragraphs=paragraphs, journal=planted.journal
        )


def assert_found(found: list[Finding], manuscript: Manuscript, planted: Fault) -> None:
    """Hold findings to the one that there has to be; what was found in the clean manuscript is left out."""
    assert len(found) == 1, [str(each) for each in found]
    finding = found[0]
    assert planted.says in finding.what, finding.what
    assert finding.file == planted.file
    lines = (manuscript.root / planted.file).read_text(encoding="utf-8").splitlines()
    assert planted.at in lines[finding.line - 1], (finding.line, lines[finding.line - 1])
    assert finding.quote in finding.context, "an exception could not name it"
