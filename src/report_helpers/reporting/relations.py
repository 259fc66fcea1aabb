"""How printed numbers depend on one another: what the checks of a manuscript hold them to.

The checks know keys and numbers only; that those excluded and those eligible are together those screened is
known here. A number is named by its key, its denominator by its key with ``:n``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from report_helpers.reporting.criterion import null_of
from report_helpers.results.model import Profile, Results
from report_helpers.study.flow import FlowGroup

DECIDES = "methods.decides"
"""Key of the words that say which decides where an interval and a P value of another method disagree."""
TESTS = {"p": "risk_ratio"}
"""Name of a P value to that of the estimate, beside it, whose value of no difference it tests."""
OTHERS = ("MOVER",)
"""Methods whose interval is not the inverse of the P value that the estimate has; it is printed nowhere."""


@dataclass(frozen=True)
class Sum:
    """A number and the numbers that add up to it."""

    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Relations:
    """Sums that must hold, and groups of names for one and the same quantity."""

    sums: tuple[Sum, ...] = ()
    same: tuple[tuple[str, ...], ...] = ()

    def told(self, keys: Iterable[str]) -> Mapping[str, object]:
        """Return the relations as the ledger holds them: of the keys that are in it, what else can be known.

        Parameters
        ----------
        keys : iterable of str
            Of all values printed.
        """
        names = {key.rpartition(".")[2] for key in keys}
        nulls = {name: null for name in sorted(names) if (null := null_of(name)) is not None}
        return {
            "sums": [{"total": each.total, "parts": list(each.parts)} for each in self.sums],
            "same": [list(group) for group in self.same],
            "nulls": nulls,
            "tests": TESTS,
            "others": list(OTHERS),
            "decides": DECIDES,
        }


NONE = Relations()
"""For a ledger of which nothing further is known."""


def relations(results: Results) -> Relations:
    """Return how the numbers of a study depend on one another.

    Examples
    --------
    >>> from report_helpers import analyse
    >>> relations(analyse("study.yml")).sums[0]
    Sum(total='flow.screened', parts=('flow.excluded', 'flow.eligible'))
    """
    return Relations(tuple(_sums(results)), tuple(_same(results)))


def _sums(results: Results) -> Iterator[Sum]:
    yield Sum("flow.screened", ("flow.excluded", "flow.eligible"))
    yield Sum("flow.excluded", tuple(f"flow.steps.{step.key}.excluded" for step in results.flow.steps))
    before = "flow.screened"
    for step in results.flow.steps:
        path = f"flow.steps.{step.key}"
        yield Sum(before, (f"{path}.excluded", f"{path}.remaining"))
        before = f"{path}.remaining"
    yield Sum("flow.eligible", ("flow.outcome_unknown", "flow.analysed"))
    yield from _divided("flow.analysed", "flow.groups", results.flow.groups)
    profiles = (results.regulated, results.dysregulated)
    yield Sum("flow.analysed", tuple(f"{each.key}.patients" for each in profiles))
    for profile in profiles:
        yield Sum(
            f"{profile.key}.patients", (f"{profile.key}.treated.patients", f"{profile.key}.none.patients")
        )
        yield Sum(f"{profile.key}.patients", _compared(f"{profile.key}.any"))
    yield from _levels(results)


def _divided(total: str, path: str, groups: Iterable[FlowGroup]) -> Iterator[Sum]:
    found = tuple(groups)
    if found:
        yield Sum(total, tuple(f"{path}.{each.key}.n" for each in found))
    for each in found:
        yield from _divided(f"{path}.{each.key}.n", f"{path}.{each.key}.arms", each.arms)


def _levels(results: Results) -> Iterator[Sum]:
    """Go through the levels of each characteristic, by the columns of the tables that describe patients."""
    described = [
        *(("baseline", row.key, row.levels, tuple(row.cells)) for row in results.baseline.rows),
        *(("selection", row.key, row.levels, ("eligible", "excluded")) for row in results.selection),
    ]
    for table, key, levels, columns in described:
        codes = [code for code, _ in levels]
        if len(codes) < 2 or set(codes) == {"yes", "no"}:  # of yes and no, only yes is printed
            continue
        for column in columns:
            parts = tuple(f"{table}.{key}.{column}.{code}" for code in codes)
            yield Sum(f"{parts[0]}:n", parts)


def _same(results: Results) -> Iterator[tuple[str, ...]]:
    counts = {"screened": ["data.rows"], "excluded": [], "eligible": [], "analysed": []}
    for part, whole in (("excluded", "screened"), ("eligible", "screened"), ("analysed", "eligible")):
        counts[part].append(f"flow.{part}_of_{whole}")
        counts[whole].append(f"flow.{part}_of_{whole}:n")
    counts["eligible"] += [
        f"missing.{row.key}.missing_of_n:n" for row in results.missing if _of_all(results, row.n)
    ]
    yield from ((f"flow.{name}", *others) for name, others in counts.items())
    for profile in (results.regulated, results.dysregulated):
        yield (f"{profile.key}.patients", f"flow.groups.{profile.key}.n")
        for arm, name in (("treated", "treated"), ("none", "untreated")):
            column = f"baseline.columns.{profile.key}_{name}.n"
            yield (f"{profile.key}.{arm}.patients", column, _compared(f"{profile.key}.any")[arm == "none"])
        yield from _arms(results, profile)


def _of_all(results: Results, n: int) -> bool:
    return n == results.flow.eligible


def _arms(results: Results, profile: Profile) -> Iterator[tuple[str, ...]]:
    """Pair the boxes of the flow with the groups that are compared."""
    group = next((each for each in results.flow.groups if each.key == profile.key), None)
    for arm in group.arms if group else ():
        path = f"flow.groups.{profile.key}.arms.{arm.key}"
        treated, reference = _compared(f"{profile.key}.{arm.key}")
        if arm.arms:
            yield (f"{path}.arms.treated.n", treated)
            yield (f"{path}.arms.untreated.n", reference)
        elif arm.key in profile.contrasts or arm.key in profile.arms:
            yield (f"{path}.n", f"{profile.key}.{arm.key}.n", f"{profile.key}.{arm.key}.patients", treated)


def _compared(path: str) -> tuple[str, str]:
    return f"{path}.events_of_n:n", f"{path}.reference_events_of_n:n"
