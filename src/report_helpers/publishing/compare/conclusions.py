"""Which conclusions crossed a line between two versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from report_helpers.publishing.compare.numbers import Change, Entry
from report_helpers.publishing.compare.scales import BORDER, is_finding, is_p_value, null_value, parent


@dataclass(frozen=True)
class Crossing:
    """A conclusion that is no longer the same.

    `kind` is ``direction``, ``interval``, ``p``, ``finding`` or ``estimable``; `said` tells it in words.
    """

    key: str
    kind: str
    said: str
    old: Entry
    new: Entry


def crossings(changes: Iterable[Change]) -> tuple[Crossing, ...]:
    """Find the changes that cross a line, in the order of printing.

    Lines are the value of no difference (1 for a ratio, 0 for a difference), crossed by an estimate or by a
    limit of its interval; a P value of 0.05; the words of a finding; and whether there is an estimate.
    """
    listed = list(changes)
    found: list[Crossing] = []
    told: set[tuple[str, float | None, float | None]] = set()
    for change in sorted(listed, key=lambda each: not is_p_value(each.key)):
        p = _p(change)
        # An estimate carries the P value of its comparison, which is printed as a number of its own, too.
        mark = (parent(change.key), *_p_values(change))
        if p and mark not in told:
            told.add(mark)
            found.append(p)
    for change in listed:
        found += [each for each in (_finding(change), *_estimate(change)) if each]
    order = {change.key: place for place, change in enumerate(listed)}
    return tuple(sorted(found, key=lambda each: order[each.key]))


def _crossing(change: Change, kind: str, said: str) -> Crossing:
    return Crossing(change.key, kind, said, change.old, change.new)


def _finding(change: Change) -> Crossing | None:
    if not is_finding(change.key) or not (change.printed or change.old.value != change.new.value):
        return None
    return _crossing(change, "finding", "the words of the finding are others")


def _estimate(change: Change) -> Iterator[Crossing]:
    null = null_value(change.key)
    if null is None:
        return
    old, new = change.old, change.new
    before, after = _number(old.value), _number(new.value)
    if before is None or after is None:
        if before is not None:
            yield _crossing(change, "estimable", f"no longer estimated{_because(new)}")
        elif after is not None:
            yield _crossing(change, "estimable", "now estimated")
        return
    if (before > null) - (before < null) != (after > null) - (after < null):
        yield _crossing(
            change, "direction", f"the estimate was {_side(before, null)} and is {_side(after, null)}"
        )
    was, now = _excludes(old, null), _excludes(new, null)
    if was is not None and now is not None and was != now:
        verb = "excludes" if now else "includes"
        yield _crossing(change, "interval", f"the interval now {verb} {null:g}")


def _p(change: Change) -> Crossing | None:
    before, after = _p_values(change)
    if before is None or after is None or (before < BORDER) == (after < BORDER):
        return None
    where = f"below {BORDER}" if after < BORDER else f"at {BORDER} or above"
    return _crossing(change, "p", f"P is now {where} ({_shown(before)} → {_shown(after)})")


def _p_values(change: Change) -> tuple[float | None, float | None]:
    if is_p_value(change.key):
        return _number(change.old.value), _number(change.new.value)
    return change.old.p, change.new.p


def _shown(p: float) -> str:
    # Enough digits to see on which side of the border it is.
    return "<0.001" if p < 0.001 else f"{p:.3f}" if f"{p:.3f}" != f"{BORDER:.3f}" else f"{p:.6f}"


def _excludes(entry: Entry, null: float) -> bool | None:
    if entry.low is None or entry.high is None:
        return None
    return entry.low > null or entry.high < null


def _side(value: float, null: float) -> str:
    return f"above {null:g}" if value > null else f"below {null:g}" if value < null else f"{null:g}"


def _because(entry: Entry) -> str:
    return f": {entry.reason}" if entry.reason else ""


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
