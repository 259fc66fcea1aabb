"""Adjusted analyses, veiled by the counts that they rest on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from report_helpers.results.adjusted import Adjusted
from report_helpers.results.disclosure.cross_table import PROFILES, Group, Mask, rows_of
from report_helpers.results.disclosure.register import Shown, contrast_groups
from report_helpers.results.model import Results
from report_helpers.results.withheld import REASON, WITHHELD, emptied, withheld
from report_helpers.statistics import Balance, Estimate, Weighted

if TYPE_CHECKING:
    from pandas import DataFrame

# Refusals whose words hold a number of patients; one patient's value; something of all patients of an arm.
_COUNTED = re.compile(r"^[\d.]+ (?=events per|patients of the smaller arm)")
_TELLING = (
    (re.compile(r"reach from \S+ to \S+, outside"), "reach outside"),
    (re.compile(r"^nobody, or everybody, of an arm has the event"), "too few events in an arm"),
    (re.compile(r"^found in one arm only: [^;]*"), "a level of a covariate was found in one arm only"),
)


def veiled_adjusted(
    results: Results, analysed: DataFrame, shown: Shown, embryos: bool
) -> dict[str, Adjusted]:
    """Veil the adjusted contrasts.

    An adjusted estimate goes with the counts of its contrast. Counts of the patients with all covariates
    recorded are printed only where none of them is small, nor any of those left out, the difference.
    `embryos` tells whether counts of sacs are shown.
    """
    rows = rows_of(analysed)
    complete = analysed[list(results.study.adjustment.covariates)].notna().all(axis=1).to_numpy()
    event = (analysed["implantation"] == 1).to_numpy()

    def counted(*groups: Group) -> bool:
        return all(_apart(event, group.cells(rows), complete, shown) for group in groups)

    groups = {key: arms for key, *arms in contrast_groups(results.study)}
    hidden = {
        key for key in groups if not all(shown.outcomes(f"{key} {arm}") for arm in ("treated", "reference"))
    }
    safe = {key for key, arms in groups.items() if key not in hidden and counted(*arms)}
    before = Group(PROFILES["regulated"], timings=("before",))
    whole = not before.cells(rows).any() or counted(before)
    for parts in _parts(results):
        # The parts make up the whole: what is hidden of one would follow from the others.
        if not parts <= safe or ("regulated.after" in parts and not whole):
            safe -= parts
    found = {}
    for key, adjusted in results.adjusted.items():
        if key in hidden:
            found[key] = _nothing(adjusted)
            continue
        arms = tuple(group.cells(rows) for group in groups[key])
        balance = _balance(adjusted, arms, complete, analysed, shown, key in safe)
        made = _told(adjusted, key in safe, balance)
        found[key] = made if embryos else replace(made, per_embryo=withheld(made.per_embryo))
    return found


def _parts(results: Results) -> Iterator[set[str]]:
    """Go through the sets of contrasts that divide a profile, overlapping ones with the strata they unite."""
    regimens = {f"dysregulated.{key}" for key in results.study.regimens}
    yield {"regulated.after", "regulated.before_and_after"}
    yield {key for key in results.adjusted if key in regimens}
    dysregulated = {key for key in results.adjusted if key.startswith("dysregulated.")}
    yield dysregulated - regimens - {"dysregulated.any"}


def _apart(mark: Mask, arm: Mask, complete: Mask, shown: Shown) -> bool:
    """Tell whether an arm's patients, with all covariates and without, may be counted by a mark."""
    used = [int(np.count_nonzero(arm & complete & side)) for side in (mark, ~mark)]
    left = [int(np.count_nonzero(arm & ~complete & side)) for side in (mark, ~mark)]
    return min(used) >= shown.threshold and (sum(left) == 0 or min(left) >= shown.threshold)


def _balance(
    adjusted: Adjusted,
    arms: Sequence[Mask],
    complete: Mask,
    analysed: DataFrame,
    shown: Shown,
    counted: bool,
) -> tuple[Balance, ...]:
    """Withhold the standardised differences of a covariate with a level that few patients have, or lack.

    The other levels would tell of that one.
    """
    unsafe = set()
    for term in adjusted.weighted.balance:
        if term.level:
            mark = (analysed[term.covariate].astype(object) == term.level).to_numpy()
            if not all(_apart(mark, arm, complete, shown) for arm in arms):
                unsafe.add(term.covariate)
    return tuple(
        term if counted and term.covariate not in unsafe else _withheld(term)
        for term in adjusted.weighted.balance
    )


def _withheld(term: Balance) -> Balance:
    return Balance(term.covariate, term.level, WITHHELD, WITHHELD)


def _nothing(adjusted: Adjusted) -> Adjusted:
    weighted = adjusted.weighted
    balance = tuple(map(_withheld, weighted.balance))
    return replace(
        emptied(adjusted), reason=REASON, weighted=replace(emptied(weighted), balance=balance, reason=REASON)
    )


def _told(adjusted: Adjusted, counted: bool, balance: tuple[Balance, ...]) -> Adjusted:
    changes = _estimates(adjusted, counted)
    if not counted:
        changes |= dict.fromkeys(("n", "left_out", "events_per_term"), WITHHELD)
        changes |= {
            name: withheld(getattr(adjusted, name))
            for name in ("same_patients_risk_difference", "same_patients_risk_ratio")
        }
    weighted = adjusted.weighted
    # The ends of a range are two patients' own values.
    ends = [field.name for field in fields(weighted) if field.name.startswith(("lowest", "highest"))]
    inner = _estimates(weighted, counted) | {
        name: WITHHELD for name in ends if getattr(weighted, name) is not None
    }
    if not counted:
        inner |= dict.fromkeys(("effective1", "effective0", "mean_weight", "overlap", "left_out"), WITHHELD)
    return replace(
        adjusted,
        **changes,
        reason=_safe(adjusted.reason, counted),
        weighted=replace(weighted, **inner, reason=_safe(weighted.reason, counted), balance=balance),
    )


def _estimates(found: Adjusted | Weighted, counted: bool) -> dict[str, Any]:
    """Return the estimates with reasons that name no small count, and without the number of patients."""
    given: Mapping[str, Any] = {field.name: getattr(found, field.name) for field in fields(found)}
    return {
        name: replace(
            each,
            reason=_safe(each.reason, counted),
            n=each.n if counted or name.startswith("imputed") else WITHHELD,
        )
        for name, each in given.items()
        if isinstance(each, Estimate)
    }


def _safe(reason: str, counted: bool) -> str:
    if not counted:
        reason = _COUNTED.sub("too few ", reason)
    for telling, words in _TELLING:
        reason = telling.sub(words, reason)
    return reason
