"""The flow: each patient is counted once, at the first criterion failed, and the numbers prove themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report_helpers.study.cohort import Cohort
from report_helpers.study.definition import Study
from report_helpers.study.eligibility import apply_criteria
from report_helpers.study.flow import Flow, FlowError, FlowGroup, Step
from report_helpers.study.synthetic import synthesise

Cohorts = Callable[..., Cohort]


def test_a_patient_is_counted_at_the_first_criterion_failed(study: Study, cohort_of: Cohorts) -> None:
    cohort = cohort_of(
        {"female_reproductive_disease": "other", "immune_disease": "lupus", "like": "no transfer"},
        {"immune_disease": "lupus", "like": "no transfer, not quantified"},
        {"like": "no transfer"},
        {"like": "no transfer, not quantified"},
        {"like": "not quantified"},
        {},
    )
    flow = apply_criteria(study, cohort).flow
    assert [(each.key, each.excluded, each.remaining) for each in flow.steps] == [
        ("reproductive_disease", 1, 5),
        ("immune_disease", 1, 4),
        ("no_transfer", 2, 2),
        ("profile_not_quantifiable", 1, 1),
    ]
    assert (flow.screened, flow.excluded, flow.eligible, flow.analysed) == (6, 5, 1, 1)


def test_a_missing_value_stays_in_or_out_as_the_study_says(study: Study, cohort_of: Cohorts) -> None:
    cohort = cohort_of({"immune_disease": ""}, {})
    kept = apply_criteria(study, cohort).flow
    assert [each.missing_kept for each in kept.steps] == [0, 1, 0, 0]
    assert kept.eligible == 2
    strict = tuple(replace(each, when_missing="exclude") for each in study.criteria)
    dropped = apply_criteria(replace(study, criteria=strict), cohort).flow
    assert [each.excluded for each in dropped.steps] == [0, 1, 0, 0]
    assert [each.missing_kept for each in dropped.steps] == [0, 0, 0, 0]


def test_missing_kept_counts_only_those_still_in_the_study(study: Study, cohort_of: Cohorts) -> None:
    flow = apply_criteria(
        study, cohort_of({"female_reproductive_disease": "other", "immune_disease": ""}, {})
    ).flow
    assert flow.steps[1].missing_kept == 0


@pytest.mark.parametrize(
    ("th1_th2", "nk", "stratum", "profile"),
    [
        ("9.99", "49.9", "regulated", "regulated"),
        ("10", "49.9", "th1_th2", "dysregulated"),
        ("9.99", "50", "nk", "dysregulated"),
        ("10", "50", "both", "dysregulated"),
    ],
)
def test_a_marker_at_its_cutoff_is_elevated(
    study: Study, cohort_of: Cohorts, th1_th2: str, nk: str, stratum: str, profile: str
) -> None:
    analysed = apply_criteria(study, cohort_of({"th1_th2_ratio": th1_th2, "nk_cells_percent": nk})).analysed
    assert analysed["stratum"].tolist() == [stratum]
    assert analysed["profile"].tolist() == [profile]
    assert analysed["elevated_th1_th2"].tolist() == [stratum in ("th1_th2", "both")]
    assert analysed["increased_nk"].tolist() == [stratum in ("nk", "both")]


def test_a_negative_hcg_without_a_scan_counts_only_if_the_study_says_so(
    study: Study, cohort_of: Cohorts
) -> None:
    cohort = cohort_of(
        {"gestational_sacs": ""}, {"gestational_sacs": "", "hcg_positive": ""}, {"like": "pregnant"}
    )
    counted = apply_criteria(study, cohort)
    assert counted.analysed["implantation"].tolist() == [0.0, 1.0]
    assert (counted.flow.outcome_unknown, counted.flow.analysed) == (1, 2)
    strict = apply_criteria(replace(study, negative_hcg_counts_as_no_sac=False), cohort)
    assert strict.analysed["implantation"].tolist() == [1.0]
    assert strict.flow.outcome_unknown == 2


def test_the_groups_after_outcome_known(study: Study, cohort_of: Cohorts) -> None:
    both = {"th1_th2_ratio": "12", "nk_cells_percent": "60"}
    flow = apply_criteria(
        study,
        cohort_of(
            {},
            {"like": "treated"},
            {"like": "treated", "immunotherapy_timing": "before"},
            both,
            {"like": "treated", **both},
            {"like": "treated", **both, "gestational_sacs": "", "hcg_positive": ""},
        ),
    ).flow
    regulated, dysregulated = flow.groups
    assert {each.key: each.n for each in regulated.arms} == {
        "none": 1,
        "before": 1,
        "after": 0,
        "before_and_after": 1,
    }
    assert [(each.key, each.n) for each in dysregulated.arms] == [("th1_th2", 0), ("nk", 0), ("both", 2)]
    assert [(each.key, each.n) for each in dysregulated.arms[2].arms] == [("untreated", 1), ("treated", 1)]


def test_everyone_excluded_leaves_an_empty_flow(study: Study, cohort_of: Cohorts) -> None:
    result = apply_criteria(study, cohort_of({"like": "no transfer"}))
    assert (result.flow.eligible, result.flow.analysed, len(result.analysed)) == (0, 0, 0)
    assert [group.n for group in result.flow.groups] == [0, 0]


@settings(max_examples=25, deadline=None)
@given(patients=st.integers(1, 60), seed=st.integers(0, 10_000))
def test_every_patient_is_in_exactly_one_place(study: Study, patients: int, seed: int) -> None:
    """Counted again row by row, without the code under test."""
    frame = synthesise(patients, seed)
    result = apply_criteria(study, Cohort(frame, "cohort.csv", "", patients))
    flow = result.flow
    first_failed: dict[str, int] = {each.key: 0 for each in flow.steps} | {"eligible": 0}
    for _, row in frame.iterrows():
        fate = "eligible"
        for criterion in study.criteria:
            value = row[criterion.column]
            if not pd.isna(value) and value not in criterion.keep:
                fate = criterion.key
                break
        first_failed[fate] += 1
    assert {each.key: each.excluded for each in flow.steps} | {"eligible": flow.eligible} == first_failed
    arms = [arm for group in flow.groups for arm in group.arms]
    assert sum(arm.n for arm in arms) == flow.analysed == int(np.isfinite(result.eligible["sacs"]).sum())


def sound_flow() -> Flow:
    arms = (FlowGroup("none", "None", 3), FlowGroup("after", "After", 1))
    groups = (FlowGroup("regulated", "Regulated", 4, arms), FlowGroup("dysregulated", "Dysregulated", 2))
    return Flow(10, (Step("a", "A", 2, 8, 1), Step("b", "B", 1, 7, 0)), 7, 3, 1, 6, groups)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"screened": 11}, "'A' leaves 8, not 11 − 2"),
        ({"excluded": 4}, "the reasons sum to 3, the excluded to 4"),
        ({"eligible": 6, "analysed": 5}, "6 eligible is not 10 − 3"),
        ({"outcome_unknown": 2}, "6 analysed is not 7 − 2"),
        ({"groups": (FlowGroup("regulated", "Regulated", 5),)}, "the parts of the analysed sum to 5, not 6"),
        (
            {"groups": (FlowGroup("regulated", "Regulated", 6, (FlowGroup("none", "None", 5),)),)},
            "the parts of 'Regulated' sum to 5, not 6",
        ),
    ],
)
def test_a_flow_that_does_not_add_up_is_refused(changes: dict[str, object], said: str) -> None:
    assert sound_flow().check() == sound_flow()
    with pytest.raises(FlowError) as caught:
        replace(sound_flow(), **changes).check()  # type: ignore[arg-type]
    assert said in str(caught.value)
