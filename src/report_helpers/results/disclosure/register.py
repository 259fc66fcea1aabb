"""The counts of patients that the manuscript prints, and which of them are shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from report_helpers.results.disclosure.audit import Count, System, Vector, hidden_units
from report_helpers.results.disclosure.cross_table import (
    DYSREGULATED,
    NO,
    PLAN,
    PROFILES,
    UNKNOWN,
    YES,
    CrossTable,
    Group,
    Mask,
    outcome_table,
    primary_table,
)
from report_helpers.study.definition import Study
from report_helpers.study.eligibility import STRATA, Eligibility

# What is lost by hiding a patient of a count: where there is a choice, it is the lesser things that go.
_MAIN, _PLANNED, _FURTHER, _ASIDE = 10.0, 3.0, 1.0, 0.2


@dataclass(frozen=True)
class Shown:
    """Which counts are printed, by their names; `threshold` is the least number that is no small count.

    A name that nothing was registered under is refused, so that no count is printed unheard.
    """

    threshold: int
    units: dict[str, str]
    hidden: frozenset[str]

    def size(self, group: str) -> bool:
        """Tell whether the number of patients of a group, or stage, is printed."""
        return self._is_shown(f"n {group}")

    def outcomes(self, group: str) -> bool:
        """Tell whether the outcomes of a group are printed."""
        return self.size(group) and self._is_shown(f"outcomes {group}")

    def small(self, count: int) -> bool:
        """Tell whether a count is so small that it identifies somebody."""
        return 1 <= count < self.threshold

    def _is_shown(self, name: str) -> bool:
        return self.units[name] not in self.hidden


class NothingShown(Shown):
    """For a cohort too small to print anything of."""

    def _is_shown(self, name: str) -> bool:
        return False


def shown_counts(study: Study, selected: Eligibility) -> Shown:
    """Decide which counts of a study are printed."""
    book = _Book(study, selected)
    book.flow()
    for name, group, outcomes, worth in _groups(study):
        book.group(name, group, outcomes, worth)
    book.choices()
    book.unknown()
    return Shown(book.threshold, book.units, hidden_units(book.system()))


def contrast_groups(study: Study) -> Iterator[tuple[str, Group, Group]]:
    """Go through the contrasts: key, treated, reference."""
    for profile, strata in PROFILES.items():
        yield f"{profile}.any", Group(strata, treated=True), Group(strata, treated=False)
    regulated = PROFILES["regulated"]
    for timing in ("after", "before_and_after"):
        yield f"regulated.{timing}", Group(regulated, True, timings=(timing,)), Group(regulated, False)
    kinds: dict[str, tuple[str, ...]] = {stratum: (stratum,) for stratum in DYSREGULATED}
    kinds |= {"elevated_th1_th2": ("th1_th2", "both"), "increased_nk": ("nk", "both")}
    for key, strata in kinds.items():
        yield f"dysregulated.{key}", Group(strata, True), Group(strata, False)
    for regimen in study.regimens:
        if regimen != "none":
            given = Group(DYSREGULATED, True, regimens=(regimen,))
            yield f"dysregulated.{regimen}", given, Group(DYSREGULATED, False)


def _groups(study: Study) -> Iterator[tuple[str, Group, str, float]]:
    """Go through the groups whose size is printed: with all, the primary or no outcomes, and its worth."""
    for key, treated, reference in contrast_groups(study):
        overlapping = key.endswith(("elevated_th1_th2", "increased_nk"))
        worth = _MAIN if key.endswith(".any") else _FURTHER if overlapping else _PLANNED
        yield f"{key} treated", treated, "all", worth
        yield f"{key} reference", reference, "all", worth
    for profile, strata in PROFILES.items():
        yield profile, Group(strata), "", _MAIN
        yield f"{profile} arm treated", Group(strata, True), "primary", _MAIN
    for timing in study.timings:
        yield f"regulated arm {timing}", Group(PROFILES["regulated"], timings=(timing,)), "primary", _FURTHER
        yield f"start {timing}", Group(STRATA, True, timings=(timing,)), "", _FURTHER
    for regimen in study.regimens:
        yield f"dysregulated arm {regimen}", Group(DYSREGULATED, regimens=(regimen,)), "primary", _PLANNED
    for stratum in DYSREGULATED:
        yield f"stratum {stratum}", Group((stratum,)), "", _PLANNED


class _Book:
    """Counts as they are entered; equal sums are one count, under however many names."""

    def __init__(self, study: Study, selected: Eligibility) -> None:
        self.threshold = study.disclosure_threshold
        self.units: dict[str, str] = {}
        self._study, self._flow = study, selected.flow
        self._primary = primary_table(selected.eligible_sample)
        self._others = {
            key: outcome_table(selected.eligible_sample, outcome)
            for key, outcome in study.outcomes.items()
            if outcome.kind == "yes_no"
        }
        excluded = [float(step.excluded) for step in selected.flow.steps]
        parts = [
            self._primary.patients,
            np.array(excluded),
            *(each.patients for each in self._others.values()),
        ]
        self._patients: Vector = np.concatenate(parts)
        self._starts = np.cumsum([0, *map(len, parts)]).tolist()
        self._counts: list[Count] = []
        self._worth: dict[str, float] = {}
        self._follows: dict[str, list[str]] = {}
        self._names: dict[bytes, str] = {}
        self._entered: set[tuple[str, bytes]] = set()
        self._linked: list[Group] = []

    def system(self) -> System:
        """Return all that was entered."""
        return System(self._patients, self._counts, self._known(), self._worth, self._follows)

    def flow(self) -> None:
        """Enter the stages of the flow and the reasons of exclusion."""
        eligible = self._at(0, np.ones(len(self._primary), dtype=bool))
        reasons = np.eye(len(self._patients))[self._starts[1] : self._starts[2]]
        everybody = eligible + reasons.sum(axis=0)
        self._size("screened", everybody, _MAIN)
        self._size("excluded", reasons.sum(axis=0), _PLANNED)
        self._size("eligible", eligible, _MAIN)
        self._size("analysed", self._at(0, self._primary.analysed), _MAIN)
        self._size("unknown", self._at(0, ~self._primary.analysed), _FURTHER)
        left = everybody
        for step, reason in zip(self._flow.steps, reasons, strict=True):
            left = left - reason
            self._size(f"excluded {step.key}", reason, _FURTHER)
            self._size(f"remaining {step.key}", left, _ASIDE)

    def group(self, name: str, group: Group, outcomes: str, worth: float) -> None:
        """Enter the size of a group and, with all its outcomes as one, their counts."""
        tables = {0: self._primary}
        if outcomes == "all":
            tables |= dict(enumerate(self._others.values(), start=2))
            self._linked.append(group)
        members = {place: group.cells(table) & table.analysed for place, table in tables.items()}
        self._size(name, self._at(0, members[0]), worth)
        if outcomes:
            self._outcomes(name, {place: (tables[place], here) for place, here in members.items()}, worth)

    def _outcomes(self, name: str, members: dict[int, tuple[CrossTable, Mask]], worth: float) -> None:
        unit = f"outcomes of {self.units[f'n {name}']}"
        self.units[f"outcomes {name}"] = unit
        self._follow(self.units[f"n {name}"], unit)
        for place, (table, here) in members.items():
            yes, no = (self._at(place, here & (table.outcome == answer)) for answer in (YES, NO))
            known = bool((yes + no) @ self._patients > 0)
            # Whoever knows the events and the patients knows the patients without one: both are counts. And
            # nobody, or everybody, having the event says something of each patient in the group.
            self._enter(yes, unit, worth, zero=known, secret_too=no)
            self._enter(no, "", zero=known)
            if place:
                self._enter(yes + no, unit, worth)

    def choices(self) -> None:
        """Enter the narrower choices of who counts as treated, whom they set aside, and documented plans."""
        study, table = self._study, self._primary
        kept = {
            "planned": Group(STRATA, plans=("yes",)).cells(table),
            "without_after": ~Group(STRATA, timings=("after",)).cells(table),
            "protocol": Group(STRATA, regimens=study.adjustment.protocol_regimens).cells(table),
        }
        for profile, strata in PROFILES.items():
            treated = Group(strata, True).cells(table) & table.analysed
            for key, choice in kept.items():
                name, left = f"{profile} {key}", treated & ~choice
                self._size(name, self._at(0, treated & choice), _FURTHER)
                self._outcomes(name, {0: (table, treated & choice)}, _FURTHER)
                self._size(f"{name} aside", self._at(0, left), _ASIDE)
                for answer in (YES, NO):  # the difference of two printed counts
                    self._enter(self._at(0, left & (table.outcome == answer)), "")
        for timing in study.timings:
            said_yes, said_no = (
                self._at(0, table.analysed & group.cells(table))
                for group in (Group(STRATA, True, timings=(timing,), plans=(plan,)) for plan in ("yes", "no"))
            )
            unit = self.units[f"n plan {timing}"] = f"plan {timing}"
            self._enter(said_yes, unit, _ASIDE, secret_too=said_no)
            self._enter(said_no, "")
            self._enter(said_yes + said_no, unit, _ASIDE)

    def unknown(self) -> None:
        """Enter who is eligible without a known outcome, and the extremes that these outcomes could take."""
        primary = self._primary
        for profile, strata in PROFILES.items():
            everybody = Group(strata).cells(primary)
            self._size(f"{profile} eligible", self._at(0, everybody), _ASIDE)
            self._enter(self._at(0, everybody & ~primary.analysed), "")
            unit = self.units[f"n {profile} bounds"] = f"bounds {profile}"
            for arm, given in (("treated", True), ("reference", False)):
                here = Group(strata, given).cells(primary)
                missing = here & ~primary.analysed
                for cells in (missing, here, missing | (here & (primary.outcome == YES))):
                    self._enter(self._at(0, cells), unit, _ASIDE)
                self._follow(self.units[f"outcomes {profile}.any {arm}"], unit)
        treated = Group(STRATA, True).cells(primary)
        self._size("eligible treated", self._at(0, treated), _ASIDE)
        self._size(f"missing {PLAN}", self._at(0, treated & (primary.plan == "")), _ASIDE)
        for place, (key, table) in enumerate(self._others.items(), start=2):
            self._size(f"missing {key}", self._at(place, table.outcome == UNKNOWN), _ASIDE)

    def _size(self, name: str, cells: Vector, worth: float) -> None:
        """Enter a count that stands by itself under a name."""
        unit = self._names.setdefault(cells.tobytes(), f"n of {name}")
        self.units.setdefault(f"n {name}", unit)
        self._enter(cells, unit, worth)

    def _enter(
        self,
        cells: Vector,
        unit: str,
        worth: float = 0.0,
        *,
        zero: bool = False,
        secret_too: Vector | None = None,
    ) -> None:
        values = [int(each @ self._patients) for each in (cells, secret_too) if each is not None]
        if unit:
            lost = worth * max(values[0], self.threshold)
            self._worth[unit] = max(self._worth.get(unit, 0.0), lost)
        if (unit, cells.tobytes()) not in self._entered:
            self._entered.add((unit, cells.tobytes()))
            secret = any(1 <= value < self.threshold or (zero and value == 0) for value in values)
            self._counts.append(Count(cells, unit, secret))

    def _follow(self, unit: str, other: str) -> None:
        self._follows.setdefault(unit, []).append(other)

    def _at(self, place: int, cells: Mask) -> Vector:
        """Return a sum of cells of one table as a sum over all."""
        vector = np.zeros(len(self._patients))
        vector[self._starts[place] : self._starts[place + 1]] = cells
        return vector

    def _known(self) -> Vector:
        """Return what is 0 to every reader: the tables differ in outcome and have the same patients."""
        rows = []
        tables = [(0, self._primary), *enumerate(self._others.values(), start=2)]
        kinds = [_kinds(self._linked, table) for _, table in tables]
        for kind in sorted(set(kinds[0])):
            first, *others = (
                self._at(place, np.array([each == kind for each in found]))
                for (place, _), found in zip(tables, kinds, strict=True)
            )
            rows += [first - other for other in others]
        return np.array(rows).reshape(-1, len(self._patients))


def _kinds(groups: list[Group], table: CrossTable) -> list[bytes]:
    """Return of each cell which groups it belongs to; all patients without a primary outcome are one kind."""
    within = np.array([group.cells(table) & table.analysed for group in groups]).T
    return [row.tobytes() for row in np.column_stack([within, table.analysed])]
