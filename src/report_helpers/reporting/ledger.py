"""The list of everything that was printed: each number's key, text, exact value and what is behind it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from report_helpers.reporting.relations import NONE, Relations
from report_helpers.results.withheld import REASON

CONSTANT = ("cutoffs", "facts", "methods", "operating", "software", "study")
"""How the keys begin of what the patients have no part in: it says the same of any cohort."""


@dataclass(frozen=True)
class Printed:
    """One printed value.

    `where` is ``inline`` or the id of the table or figure; `value` and its limits are in the unit of the
    results (a share, not a percentage). `reason` says why there is no value, or no limit or P value.
    `label` says in words what it is, `missing` counts the patients of its group without such a value, and
    `by` names what computed it; see `report_helpers.reporting.explain`.
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
    label: str = ""
    missing: int | None = None
    by: str = ""

    @property
    def withheld(self) -> bool:
        """Whether the value is one that is not shown."""
        return self.reason == REASON


class Explaining(Protocol):
    """Knows what is behind the entries of a ledger."""

    def complete(self, entry: Printed) -> Printed:
        """Return an entry with its label, its missing values and the name of what computed it."""
        ...

    def methods(self, names: Iterable[str]) -> Mapping[str, Mapping[str, object]]:
        """Return what there is to say of each method, by its name."""
        ...


class Ledger:
    """What has been printed so far, in order, each value once per place and text.

    A notebook may ask an object for its text more than once; the ledger counts that as one printing.

    Parameters
    ----------
    explained : Explaining, optional
        Completes each entry.
    relations : Relations, optional
        How the numbers depend on one another.
    """

    def __init__(self, explained: Explaining | None = None, relations: Relations = NONE) -> None:
        self._entries: dict[tuple[str, str, str], Printed] = {}
        self._explained = explained
        self._relations = relations

    def add(self, entry: Printed) -> None:
        """Note one printed value."""
        place = (entry.where, entry.key, entry.text)
        if place not in self._entries:
            self._entries[place] = self._explained.complete(entry) if self._explained else entry

    def __iter__(self) -> Iterator[Printed]:
        """Go through the entries in the order of printing."""
        return iter(self._entries.values())

    def __len__(self) -> int:
        """Count the entries."""
        return len(self._entries)

    @property
    def methods(self) -> Mapping[str, Mapping[str, object]]:
        """What computed the entries, by the name that they have for it."""
        named = {entry.by for entry in self if entry.by}
        return self._explained.methods(named) if self._explained else {}

    def json(self) -> str:
        """Return the ledger as a JSON object that is safe inside an HTML script element."""
        content = {
            "constant": CONSTANT,
            "methods": self.methods,
            "numbers": [{**vars(entry), "withheld": entry.withheld} for entry in self],
            "relations": self._relations.told(entry.key for entry in self),
        }
        text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=0)
        return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")

    def _repr_markdown_(self) -> str:
        script = f'<script type="application/json" id="numbers">{self.json()}</script>'
        return f"```{{=html}}\n{script}\n```\n"
