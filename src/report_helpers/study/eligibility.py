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

PROFILES: Mapping[str, str] = {
    "regulated": "Regulated immune profile",
    "dysregulated": "Dysregulated immune profile",
}
STRATA = ("regulated", "th1_th2", "nk", "both")


@dataclass(frozen=True)
class Eligibility:
    """The flow, the eligible patients, and those of them whose primary outcome is known."""

    flow: Flow
    eligible: pd.DataFrame
    analysed: pd.DataFrame


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
        Its frames have the cohort's columns and, derived from them: ``elevated_th1_th2`` and
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
        steps.append(
            Step(
                key=criterion.key,
                label=criterion.label,
                excluded=int(np.count_nonzero(remaining & ~meets)),
                remaining=int(np.count_nonzero(kept)),
                missing_kept=int(np.count_nonzero(kept & missing)),
            )
        )
        remaining = kept
    eligible = derive(study, frame.loc[remaining])
    analysed = eligible.loc[eligible["implantation"].notna()]
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


def derive(study: Study, frame: pd.DataFrame) -> pd.DataFrame:
    """Return eligible patients with the derived columns that ``apply_criteria`` lists."""
    th1_th2, nk = (
        (frame[cutoff.column] >= cutoff.value).to_numpy()
        for cutoff in (study.cutoffs["th1_th2"], study.cutoffs["nk"])
    )
    stratum: NDArray[np.int8] = th1_th2.astype(np.int8) + 2 * nk.astype(np.int8)
    sacs = frame["gestational_sacs"].to_numpy(dtype=float)
    if study.negative_hcg_counts_as_no_sac:
        negative = (frame["hcg_positive"] == "no").to_numpy()
        sacs = np.where(np.isnan(sacs) & negative, 0.0, sacs)
    return frame.assign(
        elevated_th1_th2=th1_th2,
        increased_nk=nk,
        stratum=_coded(stratum, STRATA).array,
        profile=_coded((stratum > 0).astype(np.int8), tuple(PROFILES)).array,
        treated=(frame["immunotherapy_regimen"] != "none").to_numpy(),
        embryos=frame["embryos_transferred"].to_numpy(dtype=float),
        sacs=sacs,
        implantation=np.where(np.isnan(sacs), np.nan, (sacs >= 1).astype(float)),
    )


def _coded(codes: NDArray[np.int8], words: tuple[str, ...]) -> pd.Series:
    return pd.Series(pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(list(words))))


def _meets(frame: pd.DataFrame, criterion: Criterion) -> tuple[np.ndarray, np.ndarray]:
    """Return who meets a criterion and who has no value for it, as two boolean arrays."""
    values = frame[criterion.column]
    missing = values.isna().to_numpy()
    meets = values.isin(criterion.keep).to_numpy()
    if criterion.when_missing == "keep":
        meets = meets | missing
    return meets, missing


def _groups(study: Study, analysed: pd.DataFrame) -> tuple[FlowGroup, ...]:
    """Return the two profiles with their arms: by timing where regulated, by stratum where not."""
    regulated = analysed["stratum"] == "regulated"
    timing = analysed.loc[regulated, "immunotherapy_timing"].value_counts()
    by_timing = tuple(FlowGroup(key, label, int(timing.get(key, 0))) for key, label in study.timings.items())
    labels = {
        "th1_th2": f"{study.cutoffs['th1_th2'].label} only",
        "nk": f"{study.cutoffs['nk'].label} only",
        "both": "Both markers elevated",
    }
    counts = analysed.groupby(["stratum", "treated"], observed=True).size()
    by_stratum = []
    for key, label in labels.items():
        untreated, treated = (int(counts.get((key, given), 0)) for given in (False, True))
        arms = (
            FlowGroup("untreated", "No immunotherapy", untreated),
            FlowGroup("treated", "Immunotherapy", treated),
        )
        by_stratum.append(FlowGroup(key, label, untreated + treated, arms))
    return (
        FlowGroup("regulated", PROFILES["regulated"], int(regulated.sum()), by_timing),
        FlowGroup("dysregulated", PROFILES["dysregulated"], int((~regulated).sum()), tuple(by_stratum)),
    )
