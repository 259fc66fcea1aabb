"""What a check found: which check, what is wrong, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that a check found.

    Attributes
    ----------
    check : str
        Name of the check, such as ``typed-number``: the name under which `study.yml` allows exceptions.
    what : str
        What is wrong, in one sentence.
    file : str
        File as the author knows it, from the project's folder; empty where no file is to blame.
    line : int
        Line in it from 1, or 0.
    remedy : str
        What the author can do about it.
    quote : str
        The words or digits found; an exception in `study.yml` has to contain them.
    context : str
        The text around them, in which an exception is looked for.
    note : bool
        Whether this is for information only and fails nothing.
    """

    check: str
    what: str
    file: str = ""
    line: int = 0
    remedy: str = ""
    quote: str = ""
    context: str = ""
    note: bool = False

    @property
    def brief(self) -> str:
        """Place, check and problem in one line."""
        number = f":{self.line}" if self.line else ""
        place = f"{self.file}{number}: " if self.file else ""
        return f"{place}[{self.check}] {self.what}"

    def __str__(self) -> str:
        """Return the finding as it is printed: below the problem, what to do."""
        return self.brief + (f"\n    {self.remedy}" if self.remedy else "")


def in_order(findings: Iterable[Finding], files: Collection[str]) -> list[Finding]:
    """Sort findings as an author goes through them: by file in the order of the document, then by line."""
    places = {name: place for place, name in enumerate(files)}

    def key(each: Finding) -> tuple[bool, int, str, int, str, str]:
        return each.note, places.get(each.file, len(places)), each.file, each.line, each.check, each.what

    return sorted(dict.fromkeys(findings), key=key)


def without_allowed(findings: Iterable[Finding], allowed: Mapping[str, Collection[str]]) -> list[Finding]:
    """Leave out what the author allows: a phrase that contains what was found, where it was found.

    Examples
    --------
    >>> found = Finding("typed-number", "24 is typed", quote="24", context="at 24 weeks at the latest")
    >>> without_allowed([found], {"typed-number": ["24 weeks"]})
    []
    """
    return [
        each
        for each in findings
        if not any(
            each.quote and each.quote in _even(phrase) and _even(phrase) in _even(each.context)
            for phrase in allowed.get(each.check, ())
        )
    ]


def _even(text: str) -> str:
    return " ".join(text.split())
