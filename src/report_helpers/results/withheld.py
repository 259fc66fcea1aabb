"""What stands in the place of a number that must not be shown."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from report_helpers.statistics import Estimate

NOT_SHOWN = "[not shown]"
"""What a reader sees of it, in every sentence, table and figure."""

REASON = "fewer than the least number of patients that may be shown, or what would reveal as few"

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Described = TypeVar("Described", bound="DataclassInstance")


class Withheld(int):
    """A number without a value: whatever is printed, added or divided, nothing of the true one comes out.

    It passes for a whole number, so that no table or figure needs to know of it, and keeps none.

    Examples
    --------
    >>> f"{WITHHELD:,} of {120 - WITHHELD}"
    '[not shown] of [not shown]'
    """

    def __new__(cls, _: object = None) -> Withheld:
        """Make the number, of which all are alike."""
        return super().__new__(cls, 0)

    def __str__(self) -> str:
        """Return the mark that is printed."""
        return NOT_SHOWN

    __repr__ = __str__

    def __format__(self, style: str) -> str:
        """Return the mark, in whatever style a number is asked for."""
        return NOT_SHOWN

    def __bool__(self) -> bool:
        """Return that it may be more than 0."""
        return True

    def __eq__(self, other: object) -> bool:
        """Nothing is known to be equal to it, not even another one; nor is anything more, or less."""
        return False

    def __hash__(self) -> int:
        """Return the hash of its mark."""
        return hash(NOT_SHOWN)

    def is_integer(self) -> bool:
        """Return that it needs no decimals."""
        return True

    def _unknown(self, other: object) -> bool:
        return False

    __lt__ = __le__ = __gt__ = __ge__ = _unknown

    def _still(self, other: object = None) -> Withheld:
        """Return itself: what is computed from it is not shown either."""
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _still
    __truediv__ = __rtruediv__ = __neg__ = __abs__ = _still


WITHHELD = Withheld()


def is_withheld(value: object) -> bool:
    """Tell whether a number, or an estimate, is one that is not shown."""
    return isinstance(value, Withheld) or (isinstance(value, Estimate) and value.reason == REASON)


def withheld(estimate: Estimate) -> Estimate:
    """Return an estimate of which only level and method are left.

    That a group has no variance is said by its method, and tells that nobody, or everybody, had the event.
    """
    kept = "; ".join(part for part in estimate.method.split("; ") if not part.startswith("no variance"))
    return Estimate(None, None, None, estimate.level, None, kept, WITHHELD, REASON)


def emptied(found: Described, *kept: str) -> Described:
    """Return a dataclass with all its numbers and estimates withheld, but those kept; words stay."""
    changes: dict[str, Any] = {}
    for field in fields(found):
        value = getattr(found, field.name)
        if field.name in kept or isinstance(value, bool):
            continue
        if isinstance(value, Estimate):
            changes[field.name] = withheld(value)
        elif isinstance(value, int | float):
            changes[field.name] = WITHHELD
    return replace(found, **changes)
