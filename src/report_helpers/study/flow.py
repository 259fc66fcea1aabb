"""The flow of patients from screening to analysis, and the proof that its numbers add up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from report_helpers.errors import ManuscriptError


class FlowError(ManuscriptError):
    """The numbers of a flow contradict one another; nothing may be drawn or printed from it."""


@dataclass(frozen=True)
class Step:
    """One criterion: how many failed it first, how many are left, how many had no value but were kept."""

    key: str
    label: str
    excluded: int
    remaining: int
    missing_kept: int


@dataclass(frozen=True)
class FlowGroup:
    """A group of patients and the disjoint arms that make it up; an undivided group has no arms."""

    key: str
    label: str
    n: int
    arms: tuple[FlowGroup, ...] = ()


@dataclass(frozen=True)
class Flow:
    """Patients at each stage, from the records screened to those analysed in each arm."""

    screened: int
    steps: tuple[Step, ...]
    eligible: int
    excluded: int
    outcome_unknown: int
    analysed: int
    groups: tuple[FlowGroup, ...]

    def check(self) -> Flow:
        """Return the flow itself once every sum in it has been proved.

        Raises
        ------
        FlowError
            Naming every box that does not follow from the one before, every sum of reasons that
            differs from its total, and every group whose parts do not make it up.
        """
        faults = tuple(self._faults())
        if faults:
            raise FlowError(
                "the numbers of the flow do not add up: " + "; ".join(faults),
                remedy="This is a fault of the program, not of the data: please report it.",
            )
        return self

    def _faults(self) -> Iterator[str]:
        previous = self.screened
        for step in self.steps:
            if min(step.excluded, step.remaining, step.missing_kept) < 0:
                yield f"'{step.label}' has a negative number"
            if step.remaining != previous - step.excluded:
                yield f"'{step.label}' leaves {step.remaining}, not {previous} − {step.excluded}"
            if step.missing_kept > step.remaining:
                yield f"'{step.label}' keeps more patients without a value than remain"
            previous = step.remaining
        reasons = sum(step.excluded for step in self.steps)
        if reasons != self.excluded:
            yield f"the reasons sum to {reasons}, the excluded to {self.excluded}"
        if self.eligible != previous or self.eligible != self.screened - self.excluded:
            yield f"{self.eligible} eligible is not {self.screened} − {self.excluded}"
        if self.outcome_unknown < 0 or self.analysed != self.eligible - self.outcome_unknown:
            yield f"{self.analysed} analysed is not {self.eligible} − {self.outcome_unknown}"
        yield from _unequal("the analysed", self.analysed, self.groups)


def _unequal(name: str, total: int, parts: tuple[FlowGroup, ...]) -> Iterator[str]:
    """Yield each group whose parts do not sum to it."""
    if any(part.n < 0 for part in parts):
        yield f"{name} has a part below zero"
    if sum(part.n for part in parts) != total:
        yield f"the parts of {name} sum to {sum(part.n for part in parts)}, not {total}"
    for part in parts:
        if part.arms:
            yield from _unequal(f"'{part.label}'", part.n, part.arms)
