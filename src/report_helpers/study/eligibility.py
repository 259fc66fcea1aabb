"""Apply the ordered criteria to a cohort: who is in, who is out and why, and into which group each falls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from report_helpers.study.cohort import Cohort
from report_helpers.study.definition import Criterion, Study
from report_helpers.study.flow import Flow, FlowGroup, Step
from report_helpers.study.sample import Derived, Sample, code

PROFILES: Mapping[str, str] = {
    "regulated": "Regulated immune profile",
    "dysregulated": "Dysregulated immune profile",
}
STRATA = ("regulated", "th1_th2", "nk", "both")


@dataclass(frozen=True)
class Eligibility:
    """The flow, the eligible patients, and those of them whose primary outcome is known.

    The two samples read the cohort column by column; ``eligible`` and ``analysed`` are frames of them, made
    when first asked for.
    """

    flow: Flow
    eligible_sample: Sample
    analysed_sample: Sample

    @property
    def eligible(self) -> pd.DataFrame:
        """The eligible patients, one row each."""
        return self.eligible_sample.frame

    @property
    def analysed(self) -> pd.DataFrame:
        """The eligible patients whose primary outcome is known, one row each."""
        return self.analysed_sample.frame


def apply_criteria(study: Study, cohort: Cohort) -> Eligibility:
    """Apply the study's criteria in their order and form the groups.

    Parameters
    ----------
    study : Study
    cohort : Cohort
        As ``load_cohort`` returns it.

    Returns
    -------
    Eligibility
        Its frames and samples have the cohort's columns and, derived from them: ``elevated_th1_th2`` and
        ``increased_nk`` (bool, at or above the cut-off), ``profile``, ``stratum`` (disjoint:
        ``regulated``, ``th1_th2`` only, ``nk`` only, ``both``), ``treated`` (bool), ``embryos`` and
        ``sacs`` (float; a missing sac count is 0 after a negative hCG where the study says so), and
        ``implantation`` (1.0, 0.0 or missing).

    Raises
    ------
    FlowError
        If the numbers of the flow do not add up.
    """
    frame = cohort.frame
    remaining = np.ones(len(frame), dtype=bool)
    steps = []
    for criterion in study.criteria:
        meets, missing = _meets(frame, criterion)
        kept = remaining & meets
        left = int(np.count_nonzero(kept))
        steps.append(
            Step(
                key=criterion.key,
                label=criterion.label,
                excluded=int(np.count_nonzero(remaining)) - left,
                remaining=left,
                missing_kept=int(np.count_nonzero(kept & missing)),
            )
        )
        remaining = kept
    eligible = _with_groups(study, Sample(frame, np.flatnonzero(remaining), {}))
    analysed = eligible.where(~np.isnan(eligible.numbers("implantation")))
    flow = Flow(
        screened=len(frame),
        steps=tuple(steps),
        eligible=len(eligible),
        excluded=sum(step.excluded for step in steps),
        outcome_unknown=len(eligible) - len(analysed),
        analysed=len(analysed),
        groups=_groups(study, analysed),
    )
    return Eligibility(flow.check(), eligible, analysed)


def _with_groups(study: Study, patients: Sample) -> Sample:
    """Return eligible patients with the derived columns that ``apply_criteria`` lists."""
    th1_th2, nk = (
        patients.numbers(cutoff.column) >= cutoff.value
        for cutoff in (study.cutoffs["th1_th2"], study.cutoffs["nk"])
    )
    stratum: NDArray[np.int8] = th1_th2.astype(np.int8) + 2 * nk.astype(np.int8)
    sacs = patients.numbers("gestational_sacs")
    if study.negative_hcg_counts_as_no_sac:
        sacs[np.isnan(sacs) & patients.coded("hcg_positive").equals("no")] = 0.0
    derived: dict[str, Derived] = {
        "elevated_th1_th2": th1_th2,
        "increased_nk": nk,
        "stratum": _categorical(stratum, STRATA),
        "profile": _categorical((stratum > 0).astype(np.int8), tuple(PROFILES)),
        "treated": ~patients.coded("immunotherapy_regimen").equals("none"),
        "embryos": patients.numbers("embryos_transferred"),
        "sacs": sacs,
        "implantation": np.where(np.isnan(sacs), np.nan, sacs >= 1),
    }
    return Sample(patients.source, patients.rows, derived)


def _categorical(codes: NDArray[np.int8], words: tuple[str, ...]) -> Derived:
    return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(list(words)))


def _meets(frame: pd.DataFrame, criterion: Criterion) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return who meets a criterion and who has no value for it, as two boolean arrays."""
    values = code(frame[criterion.column].array)
    missing = values.missing()
    meets = values.among(criterion.keep)
    if criterion.when_missing == "keep":
        meets |= missing
    return meets, missing


def _groups(study: Study, analysed: Sample) -> tuple[FlowGroup, ...]:
    """Return the two profiles with their arms: by timing where regulated, by stratum where not."""
    stratum = analysed.coded("stratum").codes
    regulated = stratum == STRATA.index("regulated")
    timing = analysed.coded("immunotherapy_timing").counts(regulated)
    by_timing = tuple(FlowGroup(key, label, timing.get(key, 0)) for key, label in study.timings.items())
    labels = {
        "th1_th2": f"{study.cutoffs['th1_th2'].label} only",
        "nk": f"{study.cutoffs['nk'].label} only",
        "both": "Both markers elevated",
    }
    treated = analysed.flags("treated")
    # One pass: each patient's stratum and treatment are one number, which is counted.
    counts = np.bincount(2 * stratum + treated, minlength=2 * len(STRATA)).reshape(-1, 2)
    by_stratum = []
    for key, label in labels.items():
        untreated, given = (int(count) for count in counts[STRATA.index(key)])
        arms = (
            FlowGroup("untreated", "No immunotherapy", untreated),
            FlowGroup("treated", "Immunotherapy", given),
        )
        by_stratum.append(FlowGroup(key, label, untreated + given, arms))
    in_regulated = int(np.count_nonzero(regulated))
    return (
        FlowGroup("regulated", PROFILES["regulated"], in_regulated, by_timing),
        FlowGroup("dysregulated", PROFILES["dysregulated"], len(analysed) - in_regulated, tuple(by_stratum)),
    )
