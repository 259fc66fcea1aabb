"""Results with what must not be shown taken out: whatever prints them cannot print what is not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from report_helpers.results.disclosure.curves import veiled_curves
from report_helpers.results.disclosure.description import (
    veiled_baseline,
    veiled_missing,
    veiled_selection,
    veiled_start,
)
from report_helpers.results.disclosure.models import veiled_adjusted
from report_helpers.results.disclosure.register import NothingShown, Shown, shown_counts
from report_helpers.results.model import Arm, Bounds, Comparison, Contrast, Profile, Results
from report_helpers.results.sensitivity import Sensitivity
from report_helpers.results.withheld import WITHHELD, emptied, is_withheld, withheld
from report_helpers.study.eligibility import Eligibility
from report_helpers.study.flow import Flow, FlowGroup

_JOINT = {
    "regulated_treated": "regulated.any treated",
    "dysregulated_untreated": "dysregulated.any reference",
    "dysregulated_treated": "dysregulated.any treated",
}
_REFERENCE = "regulated.any reference"


def veiled(results: Results, selected: Eligibility) -> Results:
    """Take out of the results every count that is too small to show, and what would reveal one.

    Parameters
    ----------
    results : Results
    selected : Eligibility
        The patients that they describe.

    Returns
    -------
    Results
        The same tree with `WITHHELD` in place of counts and numbers, and estimates without value or limits.
        Of a cohort with fewer eligible patients than the study reports on nothing is left.
    """
    study = results.study
    shown = shown_counts(study, selected)
    too_few = results.flow.eligible < study.least_patients
    if too_few:
        shown = NothingShown(shown.threshold, shown.units, shown.hidden)
    profiles = results.regulated, results.dysregulated
    embryos = all(_enough_sacs(contrast, shown) for contrast in results.contrasts.values())
    regulated, dysregulated = _without_holm([_profile(each, shown, embryos) for each in profiles])
    cells = [
        f"{profile}.any {arm}"
        for profile in ("regulated", "dysregulated")
        for arm in ("treated", "reference")
    ]
    return replace(
        results,
        data=replace(
            results.data,
            rows=results.data.rows if shown.size("screened") else WITHHELD,
            least_shown=study.disclosure_threshold,
            too_few=study.least_patients if too_few else 0,
            # They count the rows of the file.
            notes=(),
        ),
        flow=_flow(results.flow, shown),
        baseline=veiled_baseline(results.baseline, shown),
        regulated=regulated,
        dysregulated=dysregulated,
        interaction=results.interaction if all(map(shown.outcomes, cells)) else emptied(results.interaction),
        adjusted=veiled_adjusted(results, selected.analysed, shown, embryos),
        joint={
            key: _comparison(each, shown, _JOINT[key], _REFERENCE, primary=True)
            for key, each in results.joint.items()
        },
        sensitivity={
            profile: {key: _choice(each, shown, profile) for key, each in choices.items()}
            for profile, choices in results.sensitivity.items()
        },
        cutoff_curves=veiled_curves(results, selected.analysed, shown),
        selection=veiled_selection(results, shown),
        treatment_start={key: veiled_start(each, shown) for key, each in results.treatment_start.items()},
        missing=veiled_missing(results, shown),
        bounds={key: _bounds(each, shown) for key, each in results.bounds.items()},
    )


def _count(value: int, shown: bool) -> int:
    return value if shown else WITHHELD


def _flow(flow: Flow, shown: Shown) -> Flow:
    return Flow(
        screened=_count(flow.screened, shown.size("screened")),
        steps=tuple(
            replace(
                step,
                excluded=_count(step.excluded, shown.size(f"excluded {step.key}")),
                remaining=_count(step.remaining, shown.size(f"remaining {step.key}")),
                missing_kept=_count(
                    step.missing_kept, shown.size("screened") and not shown.small(step.missing_kept)
                ),
            )
            for step in flow.steps
        ),
        eligible=_count(flow.eligible, shown.size("eligible")),
        excluded=_count(flow.excluded, shown.size("excluded")),
        outcome_unknown=_count(flow.outcome_unknown, shown.size("unknown")),
        analysed=_count(flow.analysed, shown.size("analysed")),
        groups=tuple(_flow_group(group, shown) for group in flow.groups),
    )


def _flow_group(group: FlowGroup, shown: Shown) -> FlowGroup:
    """Veil a profile, and its arms: by timing where regulated, by stratum and treatment where not."""
    arms = tuple(
        replace(
            arm,
            n=_count(arm.n, shown.size(f"stratum {arm.key}" if arm.arms else f"regulated arm {arm.key}")),
            arms=tuple(
                replace(part, n=_count(part.n, shown.size(f"dysregulated.{arm.key} {_arm(part.key)}")))
                for part in arm.arms
            ),
        )
        for arm in group.arms
    )
    return replace(group, n=_count(group.n, shown.size(group.key)), arms=arms)


def _arm(key: str) -> str:
    return "treated" if key == "treated" else "reference"


def _profile(profile: Profile, shown: Shown, embryos: bool) -> Profile:
    return replace(
        profile,
        eligible=_count(profile.eligible, shown.size(f"{profile.key} eligible")),
        patients=_count(profile.patients, shown.size(profile.key)),
        arms={
            key: _treatment_arm(arm, shown, f"{profile.key} arm {key}") for key, arm in profile.arms.items()
        },
        contrasts={key: _contrast(each, shown, embryos) for key, each in profile.contrasts.items()},
    )


def _treatment_arm(arm: Arm, shown: Shown, name: str) -> Arm:
    known = shown.outcomes(name)
    return replace(
        arm,
        patients=_count(arm.patients, shown.size(name)),
        events=_count(arm.events, known),
        rate=arm.rate if known else withheld(arm.rate),
    )


def _contrast(contrast: Contrast, shown: Shown, embryos: bool) -> Contrast:
    groups = f"{contrast.key} treated", f"{contrast.key} reference"
    return replace(
        contrast,
        outcomes={
            key: _comparison(each, shown, *groups, primary=key == contrast.primary)
            if each.unit == "patient" or embryos
            else emptied(each)
            for key, each in contrast.outcomes.items()
        },
    )


def _enough_sacs(contrast: Contrast, shown: Shown) -> bool:
    """Tell whether sacs, and embryos without one, are no small counts wherever the outcomes are shown.

    Elsewhere they go with the patients' outcomes. A count that were hidden here alone would follow from those
    of the other contrasts, whose groups overlap: therefore all go or none.
    """
    counts = [
        count
        for each in contrast.outcomes.values()
        if each.unit == "embryo"
        for group, events, n in (
            ("treated", each.events, each.n),
            ("reference", each.reference_events, each.reference_n),
        )
        if shown.outcomes(f"{contrast.key} {group}")
        for count in (events, n - events)
    ]
    return min(counts, default=shown.threshold) >= shown.threshold


def _without_holm(profiles: Sequence[Profile]) -> list[Profile]:
    """Withhold the corrected P values of whole families: each is made from all tests of its family."""
    families = {
        contrast.family
        for profile in profiles
        for contrast in profile.contrasts.values()
        if is_withheld(contrast.outcomes[contrast.primary].risk_ratio)
    }
    return [
        replace(
            profile,
            contrasts={
                key: replace(each, holm=WITHHELD) if each.family and each.family in families else each
                for key, each in profile.contrasts.items()
            },
        )
        for profile in profiles
    ]


def _comparison(found: Comparison, shown: Shown, treated: str, reference: str, primary: bool) -> Comparison:
    """Veil one outcome in two groups.

    Of a group whose outcomes are not shown the number of patients at most is left, which the primary outcome
    is known of; how many have another outcome known is a count of that outcome.
    """
    first, second = (shown.outcomes(each) for each in (treated, reference))
    changes: dict[str, Any] = {}
    for prefix, group, known in (("", treated, first), ("reference_", reference, second)):
        if not known:
            changes[f"{prefix}events"] = WITHHELD
            changes[f"{prefix}rate"] = withheld(getattr(found, f"{prefix}rate"))
            if not (primary and shown.size(group)):
                changes[f"{prefix}n"] = WITHHELD
    if not (first and second):
        changes |= {name: withheld(getattr(found, name)) for name in ("risk_difference", "risk_ratio")}
        changes["test"] = withheld(found.test) if found.test else None
    return replace(found, **changes)


def _choice(choice: Sensitivity, shown: Shown, profile: str) -> Sensitivity:
    """Veil a narrower choice of the treated; the main analysis sets nobody aside."""
    main = choice.key == "main"
    treated = f"{profile}.any treated" if main else f"{profile} {choice.key}"
    return replace(
        choice,
        set_aside=_count(choice.set_aside, shown.size(treated if main else f"{treated} aside")),
        comparison=_comparison(choice.comparison, shown, treated, f"{profile}.any reference", primary=True),
    )


def _bounds(bounds: Bounds, shown: Shown) -> Bounds:
    profile = bounds.key.partition(".")[0]
    if shown.size(f"{profile} bounds") and shown.size(profile):
        return bounds
    return replace(emptied(bounds), best=emptied(bounds.best), worst=emptied(bounds.worst))
