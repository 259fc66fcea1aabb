"""Patients read column by column: the same as a frame of them, without being one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from report_helpers.study.cohort import load_cohort
from report_helpers.study.definition import Study
from report_helpers.study.dictionary import COLUMNS
from report_helpers.study.eligibility import Eligibility, apply_criteria
from report_helpers.study.sample import Sample, code


@pytest.fixture(scope="module")
def shipped(study: Study) -> Eligibility:
    return apply_criteria(study, load_cohort(study))


@pytest.mark.parametrize("which", ["eligible", "analysed"])
def test_each_column_is_the_frames(shipped: Eligibility, which: str) -> None:
    sample: Sample = getattr(shipped, f"{which}_sample")
    frame: pd.DataFrame = getattr(shipped, which)
    assert len(sample) == len(frame) > 300
    for name in (*COLUMNS, "stratum", "profile", "implantation"):
        assert sample.missing(name) == frame[name].isna().sum(), name
    for name in ("age_years", "gestational_sacs", "sacs", "embryos", "implantation"):
        np.testing.assert_array_equal(sample.numbers(name), frame[name].to_numpy())
    for name in ("stratum", "immunotherapy_timing", "hcg_positive"):
        assert sample.coded(name).counts() == frame[name].value_counts(sort=False).to_dict()
    np.testing.assert_array_equal(sample.flags("treated"), frame["treated"])
    np.testing.assert_array_equal(sample.days("hcg_date"), frame["hcg_date"].to_numpy())


def test_chosen_patients_may_be_chosen_from_again(shipped: Eligibility) -> None:
    sample, frame = shipped.eligible_sample, shipped.eligible
    old = sample.where(sample.numbers("age_years") > 35)
    treated = old.where(old.flags("treated"))
    expected = frame[(frame["age_years"] > 35) & frame["treated"]]
    pd.testing.assert_frame_equal(treated.frame, expected)
    backwards = treated.take(np.arange(len(treated))[::-1])
    np.testing.assert_array_equal(backwards.numbers("sacs"), expected["sacs"].to_numpy()[::-1])


@pytest.mark.parametrize("kind", [object, "category"])
def test_a_missing_word_is_no_word(kind: object) -> None:
    answers = code(pd.Series(["yes", None, "no", "yes"], dtype=kind).array)
    assert answers.equals("yes").tolist() == [True, False, False, True]
    assert answers.among(("no", "yes")).tolist() == [True, False, True, True]
    assert answers.among(("maybe",)).tolist() == [False] * 4
    assert answers.missing().tolist() == [False, True, False, False]
    assert answers.counts() == {"yes": 2, "no": 1}
    assert answers.counts(np.array([False, True, True, True])) == {"yes": 1, "no": 1}
