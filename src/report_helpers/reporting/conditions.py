"""Conditions of the whole cohort that free text can be guarded with, each with what the data say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from report_helpers.reporting import formats
from report_helpers.results.model import Results
from report_helpers.results.withheld import is_withheld


@dataclass(frozen=True)
class Condition:
    """Something that holds of a cohort or does not; `told` is what the data say of it."""

    holds: bool
    told: str


def conditions(results: Results) -> dict[str, Condition]:
    """Return every condition by its name: what ``r.small_groups`` and its like lead to."""
    adjusted = {key: not each.reason for key, each in results.adjusted.items()}
    refused = sum(not done for done in adjusted.values())
    return {
        "small_groups": _small_groups(results),
        "adjustment_refused": Condition(
            refused > 0, f"{refused} of {len(adjusted)} contrasts could not be adjusted"
        ),
        "both_profiles_adjusted": Condition(
            adjusted.get("regulated.any", False) and adjusted.get("dysregulated.any", False),
            f"{sum(adjusted.get(f'{each}.any', False) for each in ('regulated', 'dysregulated'))} of the two "
            "comparisons of any immunotherapy with none could be adjusted",
        ),
        **dict(_outcomes(results)),
    }


def _small_groups(results: Results) -> Condition:
    """Judge the groups compared: several are small if at least two have fewer than 20 patients."""
    sizes = {
        (contrast.key, group): n
        for contrast in results.contrasts.values()
        for main in (contrast.outcomes[contrast.primary],)
        for group, n in (("treated", main.n), (contrast.reference_label, main.reference_n))
    }
    shown = [n for n in sizes.values() if not is_withheld(n)]
    small = sum(n < formats.SMALL for n in shown)
    of_which = "groups compared" if len(shown) == len(sizes) else "groups compared whose size is shown"
    return Condition(
        small > 1, f"{small} of {len(shown)} {of_which} have fewer than {formats.SMALL} patients"
    )


def _outcomes(results: Results) -> Iterator[tuple[str, Condition]]:
    """Say of each outcome whether it is known in all eligible patients, in some or in none."""
    for row in results.missing:
        if row.key not in results.study.outcomes:
            continue
        label = results.study.outcomes[row.key].label
        complete = row.missing == 0 and row.n > 0
        nobody = row.n == 0 or (row.missing > 0 and row.missing == row.n)
        how = "not known in all eligible patients"
        if complete:
            how = "known in all eligible patients"
        elif nobody:
            how = "known in no eligible patient"
        yield f"{row.key}_incomplete", Condition(not complete, f"{label} is {how}")
