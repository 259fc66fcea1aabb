"""The number of a version, such as 1.0 or 1.2.1: how it may be written, its order, and its tag in git."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WRITTEN = re.compile(r"v?(0|[1-9]\d{0,4})(?:\.(0|[1-9]\d{0,4}))?(?:\.(0|[1-9]\d{0,4}))?")


@dataclass(frozen=True, order=True)
class VersionNumber:
    """A version's number; the order is that of the versions.

    Examples
    --------
    >>> str(VersionNumber(1)), VersionNumber(1, 2, 1).tag
    ('1.0', 'v1.2.1')
    """

    major: int
    minor: int = 0
    patch: int = 0

    def __str__(self) -> str:
        """Return the number as it is printed: a patch of nought is left out."""
        return f"{self.major}.{self.minor}" + (f".{self.patch}" if self.patch else "")

    @property
    def tag(self) -> str:
        """The name of its tag."""
        return f"v{self}"


def parse(text: str) -> VersionNumber | None:
    """Read a version's number; None where the text is none.

    Examples
    --------
    >>> parse("v1.0.0") == parse("1.0") == parse("1")
    True
    >>> parse("final2") is None
    True
    """
    found = _WRITTEN.fullmatch(text)
    return VersionNumber(*(int(part or 0) for part in found.groups())) if found else None
