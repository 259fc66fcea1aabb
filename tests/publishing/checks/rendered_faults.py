"""Plant faults in what was rendered: values and words of the page, drawings, the ledger, other formats.

All faults of a check are planted in one copy, which is read once: each has to be found, on its line, by one
finding, and nothing else may be found.
"""

from __future__ import annotations

import base64
import copy
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.reading.manuscript import Manuscript
from report_helpers.publishing.pages import read_page

_SCRIPTS = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL)


@dataclass(frozen=True)
class Fault:
    """A fault: how it is planted, in which line it has to be found, and what the finding has to say, in part.

    `at` is a part of that line, or of the line above it: a table is the line of its cell.
    """

    plant: Callable[[Rendered], None]
    file: str
    at: str
    says: str


class Rendered:
    """A copy of a rendered manuscript that can be edited."""

    def __init__(self, clean: Manuscript) -> None:
        self.clean = clean
        self.html = _SCRIPTS.sub(
            "", clean.html
        )  # the ledger in the page is long, and no check reads it there
        self.ledger: dict[str, Any] = copy.deepcopy(dict(clean.ledger))
        self.texts = dict(clean.texts)

    def words(self, old: str, new: str) -> None:
        """Edit the words of the page, where they stand first."""
        assert old in self.html, f"the page does not say {old!r}"
        self.html = self.html.replace(old, new, 1)

    def value(self, key: str, old: str, new: str, nth: int = 1) -> None:
        """Edit the text of a computed value where it is printed for the nth time."""
        opened = list(re.finditer(rf'data-key="{re.escape(key)}"[^>]*>(?P<text>[^<]*)<', self.html))
        start, end = opened[nth - 1].span("text")
        text = self.html[start:end]
        assert old in text, f"{key} is {text!r} there"
        self.html = self.html[:start] + text.replace(old, new, 1) + self.html[end:]

    def alternative(self, label: str, old: str, new: str) -> None:
        """Edit the alternative text of the picture of a float."""
        self._picture(label, r'alt="(?P<part>[^"]*)"', lambda text: _edited(text, old, new))

    def drawing(self, label: str, old: str, new: str) -> None:
        """Edit a drawing."""

        def edit(data: str) -> str:
            svg = _edited(base64.b64decode(data).decode(), old, new)
            return base64.b64encode(svg.encode()).decode()

        self._picture(label, r'src="data:image/svg\+xml;base64,(?P<part>[^"]*)"', edit)

    def entry(self, key: str, **fields: object) -> None:
        """Edit all entries of a key in the ledger."""
        found = [each for each in self.ledger["numbers"] if each["key"] == key]
        assert found, f"the ledger has no {key}"
        for each in found:
            each.update(fields)

    def text(self, name: str, old: str, new: str, last: bool = False) -> None:
        """Edit the text of another format."""
        text = self.texts[name]
        at = text.rfind(old) if last else text.find(old)
        assert at >= 0, f"{name} does not say {old!r}"
        self.texts[name] = text[:at] + new + text[at + len(old) :]

    def _picture(self, label: str, pattern: str, edit: Callable[[str], str]) -> None:
        found = re.compile(rf'id="{label}".*?<img [^>]*?{pattern}', re.DOTALL).search(self.html)
        assert found, f"the page has no picture in {label}"
        start, end = found.span("part")
        self.html = self.html[:start] + edit(self.html[start:end]) + self.html[end:]

    @property
    def manuscript(self) -> Manuscript:
        """The copy as checks see it."""
        return replace(
            self.clean,
            html=self.html,
            paragraphs=read_page(self.html).paragraphs,
            ledger=self.ledger,
            texts=self.texts,
        )


def planted(clean: Manuscript, faults: Iterable[Fault]) -> Manuscript:
    """Return a copy of a manuscript with all the faults."""
    rendered = Rendered(clean)
    for each in faults:
        each.plant(rendered)
    return rendered.manuscript


def assert_found_once(found: Iterable[Finding], fault: Fault, clean: Manuscript) -> None:
    """Hold findings to one that says what it has to, on the line of the fault, with a remedy."""
    mine = [each for each in found if fault.says in each.what]
    assert len(mine) == 1, [str(each) for each in found]
    finding = mine[0]
    assert finding.file == fault.file
    assert finding.remedy
    if fault.file:
        lines = (clean.root / fault.file).read_text(encoding="utf-8").splitlines()
        assert fault.at in lines[finding.line - 1], (finding.line, lines[finding.line - 1])
    assert finding.quote in finding.context, "an exception could not name it"


def _edited(text: str, old: str, new: str) -> str:
    assert old in text, f"{old!r} is not in it"
    return text.replace(old, new, 1)


Faults = Mapping[str, Fault]
