"""The list of everything that was printed: each number's key, text, exact value and where it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Printed:
    """One printed value.

    `where` is ``inline`` or the id of the table or figure; `value` and its limits are in the unit of the
    results (a share, not a percentage). `reason` says why there is no value, or no limit or P value.
    """

    key: str
    text: str
    value: int | float | str | bool | None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    p: float | None = None
    n: int | None = None
    method: str = ""
    reason: str = ""
    where: str = "inline"


class Ledger:
    """What has been printed so far, in order, each value once per place and text.

    A notebook may ask an object for its text more than once; the ledger counts that as one printing.
    """

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str, str], Printed] = {}

    def add(self, entry: Printed) -> None:
        """Note one printed value."""
        self._entries.setdefault((entry.where, entry.key, entry.text), entry)

    def __iter__(self) -> Iterator[Printed]:
        """Go through the entries in the order of printing."""
        return iter(self._entries.values())

    def __len__(self) -> int:
        """Count the entries."""
        return len(self._entries)

    def json(self) -> str:
        """Return the ledger as a JSON list that is safe inside an HTML script element."""
        text = json.dumps([vars(entry) for entry in self], ensure_ascii=False, allow_nan=False, indent=0)
        return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")

    def _repr_markdown_(self) -> str:
        script = f'<script type="application/json" id="numbers">{self.json()}</script>'
        return f"```{{=html}}\n{script}\n```\n"
