"""Two ledgers of printed numbers: what changed, what appeared, what went."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Value = int | float | str | bool | None


@dataclass(frozen=True)
class Entry:
    """One printed number, as a ledger lists it; `value` and limits are in the unit of the results."""

    key: str
    text: str
    value: Value = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    n: int | None = None
    method: str = ""
    reason: str = ""
    file: str = ""
    line: int | None = None

    @property
    def place(self) -> str:
        """Chapter and line, or nothing where they are not known."""
        return f"{self.file}:{self.line}" if self.file and self.line else self.file


@dataclass(frozen=True)
class Change:
    """A number that both versions have, not alike.

    `printed` tells whether a reader sees it: a change may be smaller than the digits shown, or one of the
    method alone. `old` and `new` are printed in the same form where there is such a pair.
    """

    key: str
    old: Entry
    new: Entry
    printed: bool


@dataclass(frozen=True)
class NumberChanges:
    """The difference of two ledgers, in the order of printing; of each key its first entry."""

    changed: tuple[Change, ...]
    appeared: tuple[Entry, ...]
    gone: tuple[Entry, ...]
    same: int

    @property
    def printed(self) -> tuple[Change, ...]:
        """The changes that a reader sees."""
        return tuple(change for change in self.changed if change.printed)

    @property
    def unseen(self) -> tuple[Change, ...]:
        """The changes that no reader sees."""
        return tuple(change for change in self.changed if not change.printed)


def compare_numbers(old: Iterable[Entry], new: Iterable[Entry]) -> NumberChanges:
    """Compare two ledgers by their keys.

    Examples
    --------
    >>> changes = compare_numbers([Entry("flow.n", "734", 734)], [Entry("flow.n", "735", 735)])
    >>> [(change.old.text, change.new.text) for change in changes.changed]
    [('734', '735')]
    """
    before, after = _by_key(old), _by_key(new)
    both = [key for key in after if key in before]
    changed = tuple(change for key in both if (change := _change(before[key], after[key])))
    return NumberChanges(
        changed,
        tuple(entries[0] for key, entries in after.items() if key not in before),
        tuple(entries[0] for key, entries in before.items() if key not in after),
        len(both) - len(changed),
    )


def _by_key(entries: Iterable[Entry]) -> Mapping[str, list[Entry]]:
    grouped: dict[str, list[Entry]] = {}
    for entry in entries:
        grouped.setdefault(entry.key, []).append(entry)
    return grouped


def _change(old: list[Entry], new: list[Entry]) -> Change | None:
    before, after = _alike(old, new)
    # A number that is now printed in a table only, and in its shorter form, is no other number.
    same_text = bool({each.text for each in old} & {each.text for each in new})
    same_fact = _same(before, after)
    if same_text and same_fact:
        return None
    # Two numbers may share a form by which they cannot be told apart, and differ in another.
    if same_text:
        pairs = ((a, b) for a in old for b in new if _form(a) == _form(b) and a.text != b.text)
        before, after = next(pairs, (before, after))
    return Change(after.key, before, after, printed=before.text != after.text)


def _alike(old: list[Entry], new: list[Entry]) -> tuple[Entry, Entry]:
    """Return the first pair that is printed in the same form: with or without a level, say."""
    pairs = ((before, after) for after in new for before in old if _form(before) == _form(after))
    return next(pairs, (old[0], new[0]))


def _form(entry: Entry) -> str:
    return re.sub(r"[\d,.]+", "0", entry.text)


def _same(old: Entry, new: Entry) -> bool:
    facts = ((old.value, new.value), (old.low, new.low), (old.high, new.high), (old.p, new.p))
    return all(_equal(a, b) for a, b in facts) and (old.n, old.method) == (new.n, new.method)


def _equal(old: Value, new: Value) -> bool:
    if isinstance(old, float) and isinstance(new, float):
        # The last bits of a sum differ between processors.
        return math.isclose(old, new, rel_tol=1e-9, abs_tol=1e-12)
    return old == new
