"""Sentences whose wording depends on the numbers in them: of an empty group they say that it is empty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from report_helpers.reporting import criterion
from report_helpers.reporting.criterion import absent
from report_helpers.reporting.formats import lower_first
from report_helpers.reporting.reported import Reported, escaped
from report_helpers.results.model import Comparison, Contrast, Results, TreatmentStart
from report_helpers.results.sensitivity import CutoffCurve
from report_helpers.results.withheld import is_withheld

if TYPE_CHECKING:
    from report_helpers.reporting.report import Branch


@dataclass(frozen=True)
class Passage:
    """Words with values among them, each value with its own key.

    Parameters
    ----------
    key : str
        Where the passage was asked for.
    parts : sequence of str or Reported
        The words and values in order, blanks included.
    """

    key: str
    parts: Sequence[str | Reported]

    def __str__(self) -> str:
        """Return the text alone."""
        return "".join(str(part) for part in self.parts)

    def _repr_markdown_(self) -> str:
        told = (escaped(part) if isinstance(part, str) else part._repr_markdown_() for part in self.parts)
        return f'[{"".join(told)}]{{.told key="{self.key}"}}'


Told = Callable[["Branch"], Sequence[str | Reported]]
"""Puts a part of the results into words, given the branch that leads to its values."""


def passages(value: object) -> dict[str, Told]:
    """Return the passages that a part of the results offers, by name."""
    return next((offer for kind, offer in _OFFERS if isinstance(value, kind)), {})


def account(here: Branch, *, difference: bool = True, holm: bool = True) -> Sequence[str | Reported]:
    """Say how often the outcome followed in both groups, and how they compare, or who is missing."""
    found = _compared(here._value)
    treated, untreated = here.reported("events_of_n"), here.reported("reference_events_of_n")
    if found.n == 0 and found.reference_n == 0:
        return ("there were no patients to compare",)
    if found.n == 0:
        return ("there were no treated patients; implantation followed in ", untreated, " of the untreated")
    if found.reference_n == 0:
        return ("implantation followed in ", treated, " of the treated; there were no untreated patients")
    told: list[str | Reported] = ["implantation followed in ", treated, " of the treated and "]
    told += [untreated, " of the untreated, "]
    if difference:
        told += ["risk difference ", here.reported("risk_difference"), ", "]
    told += ["risk ratio ", here.reported("risk_ratio"), ", ", here.reported("p")]
    if holm and isinstance(here._value, Contrast) and here._value.holm is not None:
        told += [", Holm-corrected ", here.reported("holm")]
    return told


def finding_and_ratio(here: Branch) -> Sequence[str | Reported]:
    """Say what was found by the criterion, with the risk ratio that decides it."""
    told = here.reported("finding")
    known = told.value != criterion.UNKNOWN
    return (told, ", risk ratio ", here.reported("risk_ratio")) if known else (told,)


def ratio_and_counts(here: Branch) -> Sequence[str | Reported]:
    """Give the ratio with the counts behind it: ``0.68 (95% CI …) (12/41 (29.3%) against 16/37 (43.2%))``."""
    found = _compared(here._value)
    if found.n == 0 or found.reference_n == 0:
        return (f"not estimable ({absent(found)})",)
    counts = here.reported("events_of_n"), here.reported("reference_events_of_n")
    return (here.reported("risk_ratio"), " (", counts[0], " against ", counts[1], ")")


def start(here: Branch) -> Sequence[str | Reported]:
    """Say when treatment of one timing began, as far as it was recorded."""
    found: TreatmentStart = here._value  # type: ignore[assignment]
    when = lower_first(found.label)
    if found.patients == 0:
        return (f"No patient was treated {when}.",)
    patients = here.reported("patients")
    group: list[str | Reported] = (
        ["For the ", patients, f" patient treated {when}, the"]
        if found.patients == 1
        else ["For the ", patients, f" patients treated {when}, the"]
    )
    told = [*group, " day of the first dose was "]
    if found.known:
        told += ["known in ", here.reported("known")]
        if found.median is not None and found.q1 is not None:
            told += ["; its median, counted from the transfer, was day ", here.reported("median_iqr")]
            told += [", with quartiles in parentheses"]
            told += [" and a minus sign for days before it"] if found.q1 < 0 else []
    else:
        told += ["not recorded"]
    if found.hcg_known:
        told += [". The first dose came later than the pregnancy test in "]
        told += [here.reported("after_hcg_of_known"), " of those with both dates"]
    if found.plan_known:
        told += [". Treatment was documented as planned before the transfer in "]
        return [*told, here.reported("planned_of_known"), " of those in whom this was recorded."]
    return [*told, ". Whether it had been planned before the transfer was not recorded."]


def curve(here: Branch) -> Sequence[str | Reported]:
    """Say between which values the risk ratio lay over all cut-offs."""
    found: CutoffCurve = here._value  # type: ignore[assignment]
    if any(map(is_withheld, found.treated)):
        return ("was ", here.reported("lowest"))
    ratios = {ratio for ratio in found.risk_ratio if ratio is not None}
    if not ratios:
        return ("could not be estimated at any cut-off",)
    lowest, highest = here.reported("lowest"), here.reported("highest")
    if lowest.text == highest.text:
        return ("was ", lowest)
    return ("lay between ", lowest, " and ", highest)


def selection(here: Branch) -> Sequence[str | Reported]:
    """Say how far eligible and excluded patients differ in what is adjusted for, as far as both have it."""
    results: Results = here._value  # type: ignore[assignment]
    rows = [row for row in results.selection if row.key in results.study.adjustment.covariates]
    if not rows:
        return ("Of what is adjusted for, nothing is recorded of excluded patients.",)
    told: list[str | Reported] = []
    for place, row in enumerate(rows):
        joined = "" if place == 0 else " and " if place == len(rows) - 1 else ", "
        told += [joined, here.reported(f"selection.{row.key}.smd"), f" for {lower_first(row.label)}"]
    return ("Between eligible and excluded patients the standardised difference was ", *told, ".")


def _compared(value: Any) -> Comparison:
    found = value.outcomes[value.primary] if isinstance(value, Contrast) else value
    assert isinstance(found, Comparison)
    return found


_COMPARISON: dict[str, Told] = {
    "account": account,
    "short_account": lambda here: account(here, difference=False),
    "uncorrected_account": lambda here: account(here, holm=False),
    "finding_and_ratio": finding_and_ratio,
    "ratio_and_counts": ratio_and_counts,
}
_OFFERS: tuple[tuple[type, dict[str, Told]], ...] = (
    (Contrast, _COMPARISON),
    (Comparison, _COMPARISON),
    (TreatmentStart, {"account": start}),
    (CutoffCurve, {"account": curve}),
    (Results, {"selection_account": selection}),
)
