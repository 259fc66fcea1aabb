"""The two immune profiles with their arms and unadjusted contrasts, and how the profiles differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from report_helpers import statistics
from report_helpers.results.cells import Cells, Mask, OutcomeColumn, Tally
from report_helpers.results.comparisons import Split, arm, compare_counts, contrasts
from report_helpers.results.model import Bounds, Contrast, Profile
from report_helpers.study.definition import Study
from report_helpers.study.eligibility import Eligibility
from report_helpers.study.sample import Sample

_TREATED = "Any immunotherapy"


@dataclass(frozen=True)
class Unadjusted:
    """What is compared without adjustment; ``splits`` and ``cells`` say who was compared."""

    regulated: Profile
    dysregulated: Profile
    interaction: statistics.Interaction
    bounds: dict[str, Bounds]
    splits: tuple[Split, ...]
    cells: Cells

    def groups(self) -> dict[str, tuple[str, Mask, Mask]]:
        """Return each contrast's label and its treated and reference patients, as masks over the analysed."""
        return {
            split.key: (split.label, self.cells.patients(split.treated), self.cells.patients(split.reference))
            for split in self.splits
        }


def unadjusted(study: Study, selected: Eligibility) -> Unadjusted:
    """Make every unadjusted comparison that the study plans."""
    patients = selected.analysed_sample
    cells = Cells.of(patients)
    tallies = [
        Tally.of(OutcomeColumn.read(outcome, patients), cells.codes, len(cells.stratum))
        for outcome in study.outcomes.values()
    ]
    primary = next(tally for tally in tallies if tally.outcome.primary)
    splits = (*_regulated_splits(study, cells), *_dysregulated_splits(study, cells))
    made = _with_holm(study, contrasts(study, tallies, splits))
    regulated, dysregulated = (
        Profile(
            key=key,
            label=f"{key.capitalize()} profile",
            eligible=int(np.count_nonzero(selected.eligible_sample.coded("profile").equals(key))),
            patients=primary.patients(within),
            arms={name: arm(name, label, primary, members) for name, label, members in arms},
            contrasts=_of_profile(made, key),
        )
        for key, within, arms in (
            ("regulated", cells.regulated, _regulated_arms(study, cells)),
            ("dysregulated", ~cells.regulated, _dysregulated_arms(study, cells)),
        )
    )
    return Unadjusted(
        regulated=regulated,
        dysregulated=dysregulated,
        interaction=_interaction(dysregulated.contrasts["any"], regulated.contrasts["any"]),
        bounds=_bounds(study, selected.eligible_sample, (regulated, dysregulated)),
        splits=splits,
        cells=cells,
    )


def _regulated_arms(study: Study, cells: Cells) -> Iterator[tuple[str, str, Mask]]:
    for key, label in study.timings.items():
        yield key, label, cells.regulated & (cells.timing == key)
    yield "treated", _TREATED, cells.regulated & cells.treated


def _dysregulated_arms(study: Study, cells: Cells) -> Iterator[tuple[str, str, Mask]]:
    for key, label in study.regimens.items():
        yield key, label, ~cells.regulated & (cells.regimen == key)
    yield "treated", _TREATED, ~cells.regulated & cells.treated


def _regulated_splits(study: Study, cells: Cells) -> Iterator[Split]:
    """Treatment after, or before and after, transfer against none; `before` alone is only counted."""
    arms = {key: (label, members) for key, label, members in _regulated_arms(study, cells)}
    reference_label, reference = arms["none"]
    chosen = {"any": arms["treated"], **{key: arms[key] for key in ("after", "before_and_after")}}
    for key, (label, members) in chosen.items():
        yield Split(f"regulated.{key}", label, reference_label, members, reference)


def _dysregulated_splits(study: Study, cells: Cells) -> Iterator[Split]:
    """Treated against untreated: overall, by stratum, by marker (overlapping), and by regimen."""
    untreated = study.regimens["none"]
    th1_th2, nk = study.cutoffs["th1_th2"].label, study.cutoffs["nk"].label
    within = {
        "any": (_TREATED, ~cells.regulated),
        "th1_th2": (f"{th1_th2} only", cells.stratum == "th1_th2"),
        "nk": (f"{nk} only", cells.stratum == "nk"),
        "both": ("Both markers elevated", cells.stratum == "both"),
        "elevated_th1_th2": (th1_th2, np.isin(cells.stratum, ("th1_th2", "both"))),
        "increased_nk": (nk, np.isin(cells.stratum, ("nk", "both"))),
    }
    for key, (label, members) in within.items():
        yield Split(
            f"dysregulated.{key}",
            label,
            untreated,
            members & cells.treated,
            members & ~cells.treated,
            overlapping=key in ("elevated_th1_th2", "increased_nk"),
        )
    for key, label in study.regimens.items():
        if key != "none":
            members = ~cells.regulated & (cells.regimen == key)
            yield Split(f"dysregulated.{key}", label, untreated, members, ~cells.regulated & ~cells.treated)


def _of_profile(contrasts: dict[str, Contrast], profile: str) -> dict[str, Contrast]:
    start = f"{profile}."
    return {key.removeprefix(start): each for key, each in contrasts.items() if key.startswith(start)}


def _with_holm(study: Study, contrasts: Sequence[Contrast]) -> dict[str, Contrast]:
    """Give each contrast its declared test family and its Holm-adjusted P value within that family."""
    adjusted = {each.key: each for each in contrasts}
    for family in study.families:
        tests = {key: adjusted[key].outcomes[adjusted[key].primary].test for key in family.contrasts}
        known = {key: test.p_value for key, test in tests.items() if test and test.p_value is not None}
        holm = dict(zip(known, statistics.holm(list(known.values())), strict=True)) if known else {}
        for key in family.contrasts:
            adjusted[key] = replace(adjusted[key], family=family.key, holm=holm.get(key))
    return adjusted


def _interaction(dysregulated: Contrast, regulated: Contrast) -> statistics.Interaction:
    strata = [
        (main.events, main.n, main.reference_events, main.reference_n)
        for main in (each.outcomes[each.primary] for each in (dysregulated, regulated))
    ]
    return statistics.interaction(strata[0], strata[1])


def _bounds(study: Study, eligible: Sample, profiles: Sequence[Profile]) -> dict[str, Bounds]:
    """Set the unknown primary outcomes all for, then all against, the treated of each profile."""
    unknown = eligible.where(np.isnan(eligible.numbers("implantation")))
    profile, given = unknown.coded("profile"), unknown.flags("treated")
    found = {}
    for each in profiles:
        here = profile.equals(each.key)
        treated, reference = (int(np.count_nonzero(here & group)) for group in (given, ~given))
        main = each.contrasts["any"]
        seen = main.outcomes[main.primary]
        events, n = seen.events, seen.n + treated
        events0, n0 = seen.reference_events, seen.reference_n + reference
        best, worst = compare_counts(
            study.primary, [(events + treated, n, events0, n0), (events, n, events0 + reference, n0)]
        )
        found[main.key] = Bounds(main.key, main.label, treated, reference, best, worst)
    return found
