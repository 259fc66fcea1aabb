"""From a study definition and a cohort to the results: the only place that joins study and statistics."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from report_helpers import statistics
from report_helpers.results.comparisons import (
    OutcomeColumn,
    arm,
    compare_counts,
    contrast,
)
from report_helpers.results.description import baseline, missing, treatment_start
from report_helpers.results.model import Bounds, Contrast, Profile, Provenance, Results
from report_helpers.results.sensitivity import cutoff_curves, joint, selection, sensitivity
from report_helpers.study.cohort import load_cohort
from report_helpers.study.definition import Study, load_study
from report_helpers.study.eligibility import apply_criteria

if TYPE_CHECKING:
    from pandas import DataFrame

Mask = NDArray[np.bool_]

_SOFTWARE = ("numpy", "scipy", "pandas", "great-tables", "matplotlib")
_TREATED = "Any immunotherapy"


def analyse(study: str | os.PathLike[str] | Study = "study.yml", data: str | Path | None = None) -> Results:
    """Analyse a cohort as its study definition says.

    Parameters
    ----------
    study : path or Study
        The study definition, by default ``study.yml`` in the current directory.
    data : path, optional
        The cohort file; by default the file named in the environment variable ``MANUSCRIPT_DATA``, or else
        in the study definition.

    Returns
    -------
    Results
        Every number of the manuscript, immutable.

    Raises
    ------
    StudyError
        When the study definition is wrong, with line and allowed values.
    CohortError
        When the cohort does not fit its dictionary, with column, rule, row numbers and counts.

    Examples
    --------
    >>> results = analyse("study.yml")
    >>> results.flow.screened, results.flow.eligible
    (734, 366)
    """
    definition = study if isinstance(study, Study) else load_study(Path(study))
    cohort = load_cohort(definition, data or os.environ.get("MANUSCRIPT_DATA"))
    selected = apply_criteria(definition, cohort)
    frame = selected.analysed
    columns = tuple(OutcomeColumn.read(outcome, frame) for outcome in definition.outcomes.values())
    primary = next(column for column in columns if column.outcome.primary)
    masks = _Masks(frame)
    contrasts = _with_holm(
        definition,
        [
            *_regulated_contrasts(definition, columns, masks),
            *_dysregulated_contrasts(definition, columns, masks),
        ],
    )
    eligible = selected.eligible["profile"].value_counts()
    regulated = Profile(
        key="regulated",
        label="Regulated profile",
        eligible=int(eligible.get("regulated", 0)),
        patients=int(masks.regulated.sum()),
        arms={
            key: arm(key, label, primary, members)
            for key, label, members in _regulated_arms(definition, masks)
        },
        contrasts=_of_profile(contrasts, "regulated"),
    )
    dysregulated = Profile(
        key="dysregulated",
        label="Dysregulated profile",
        eligible=int(eligible.get("dysregulated", 0)),
        patients=int(masks.dysregulated.sum()),
        arms={
            key: arm(key, label, primary, members)
            for key, label, members in _dysregulated_arms(definition, masks)
        },
        contrasts=_of_profile(contrasts, "dysregulated"),
    )
    return Results(
        study=definition,
        data=Provenance(
            cohort.name, definition.data.synthetic, cohort.rows, cohort.fingerprint, tuple(cohort.notes)
        ),
        flow=selected.flow,
        baseline=baseline(definition, frame),
        regulated=regulated,
        dysregulated=dysregulated,
        interaction=_interaction(dysregulated.contrasts["any"], regulated.contrasts["any"]),
        joint=joint(primary, frame),
        sensitivity=sensitivity(definition, primary, frame),
        cutoff_curves=cutoff_curves(definition, primary, frame),
        selection=selection(definition, selected.eligible, cohort.frame.drop(index=selected.eligible.index)),
        treatment_start=treatment_start(definition, frame),
        missing=missing(definition, selected.eligible),
        bounds={
            f"{profile.key}.any": _bounds(primary, profile.contrasts["any"], selected.eligible, profile.key)
            for profile in (regulated, dysregulated)
        },
        software={"python": platform.python_version(), **{name: version(name) for name in _SOFTWARE}},
    )


class _Masks:
    """Who is in which group, as boolean arrays over the analysed patients."""

    def __init__(self, frame: DataFrame) -> None:
        self.frame = frame
        self.treated: Mask = frame["treated"].to_numpy(dtype=bool)
        self.regulated = self.equal("profile", "regulated")
        self.dysregulated = self.equal("profile", "dysregulated")

    def equal(self, column: str, value: str) -> Mask:
        return np.asarray(self.frame[column] == value, dtype=bool)

    def flag(self, column: str) -> Mask:
        return self.frame[column].to_numpy(dtype=bool)


def _regulated_arms(study: Study, masks: _Masks) -> Iterator[tuple[str, str, Mask]]:
    for key, label in study.timings.items():
        yield key, label, masks.regulated & masks.equal("immunotherapy_timing", key)
    yield "treated", _TREATED, masks.regulated & masks.treated


def _dysregulated_arms(study: Study, masks: _Masks) -> Iterator[tuple[str, str, Mask]]:
    for key, label in study.regimens.items():
        yield key, label, masks.dysregulated & masks.equal("immunotherapy_regimen", key)
    yield "treated", _TREATED, masks.dysregulated & masks.treated


def _regulated_contrasts(
    study: Study, columns: tuple[OutcomeColumn, ...], masks: _Masks
) -> Iterator[Contrast]:
    """Treatment after, or before and after, transfer against none; `before` alone is only counted."""
    arms = {key: (label, members) for key, label, members in _regulated_arms(study, masks)}
    reference_label, reference = arms["none"]
    chosen = {"any": arms["treated"], **{key: arms[key] for key in ("after", "before_and_after")}}
    for key, (label, members) in chosen.items():
        yield contrast(
            study,
            columns,
            key=f"regulated.{key}",
            label=label,
            reference_label=reference_label,
            treated=members,
            reference=reference,
        )


def _dysregulated_contrasts(
    study: Study, columns: tuple[OutcomeColumn, ...], masks: _Masks
) -> Iterator[Contrast]:
    """Treated against untreated: overall, by stratum, by marker (overlapping), and by regimen."""
    th1_th2, nk = study.cutoffs["th1_th2"].label, study.cutoffs["nk"].label
    within: dict[str, tuple[str, Mask]] = {
        "any": (_TREATED, masks.dysregulated),
        "th1_th2": (f"{th1_th2} only", masks.equal("stratum", "th1_th2")),
        "nk": (f"{nk} only", masks.equal("stratum", "nk")),
        "both": ("Both markers elevated", masks.equal("stratum", "both")),
        "elevated_th1_th2": (th1_th2, masks.dysregulated & masks.flag("elevated_th1_th2")),
        "increased_nk": (nk, masks.dysregulated & masks.flag("increased_nk")),
    }
    for key, (label, members) in within.items():
        yield contrast(
            study,
            columns,
            key=f"dysregulated.{key}",
            label=label,
            reference_label=study.regimens["none"],
            treated=members & masks.treated,
            reference=members & ~masks.treated,
            overlapping=key in ("elevated_th1_th2", "increased_nk"),
        )
    for key, label in study.regimens.items():
        if key == "none":
            continue
        yield contrast(
            study,
            columns,
            key=f"dysregulated.{key}",
            label=label,
            reference_label=study.regimens["none"],
            treated=masks.dysregulated & masks.equal("immunotherapy_regimen", key),
            reference=masks.dysregulated & ~masks.treated,
        )


def _of_profile(contrasts: dict[str, Contrast], profile: str) -> dict[str, Contrast]:
    start = f"{profile}."
    return {key.removeprefix(start): each for key, each in contrasts.items() if key.startswith(start)}


def _with_holm(study: Study, contrasts: list[Contrast]) -> dict[str, Contrast]:
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


def _bounds(primary: OutcomeColumn, main: Contrast, eligible: DataFrame, profile: str) -> Bounds:
    """Set the unknown primary outcomes all for, then all against, the treated."""
    unknown = eligible[(eligible["profile"] == profile) & eligible["implantation"].isna()]
    treated = int(unknown["treated"].sum())
    reference = len(unknown) - treated
    seen = main.outcomes[main.primary]
    n, n0 = seen.n + treated, seen.reference_n + reference
    events, events0 = seen.events, seen.reference_events
    return Bounds(
        key=main.key,
        label=main.label,
        unknown_treated=treated,
        unknown_reference=reference,
        best=compare_counts(primary.outcome, events + treated, n, events0, n0),
        worst=compare_counts(primary.outcome, events, n, events0 + reference, n0),
    )
