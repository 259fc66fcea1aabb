"""Rules that tie a patient's columns together: dates in order; treatment, transfer and outcome agreeing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from report_helpers.study.dictionary import (
    ALLOWED,
    NEVER,
    WHERE_NO_TRANSFER,
    WHERE_NOT_QUANTIFIED,
    Column,
)

Test = Callable[[pd.DataFrame], np.ndarray]


@dataclass(frozen=True)
class Rule:
    """A rule about rows, reported under one column.

    Parameters
    ----------
    column : str
        The column an author would look at first.
    text : str
        What is wrong, as the end of a sentence that begins with the column.
    broken : callable
        From the typed frame to one bool per row. A missing value breaks no rule here.
    """

    column: str
    text: str
    broken: Test


def _is(column: str, *codes: str) -> Test:
    return lambda frame: frame[column].isin(codes).to_numpy()


def _has(column: str) -> Test:
    return lambda frame: frame[column].notna().to_numpy()


def _at_least(column: str, low: float) -> Test:
    return lambda frame: (frame[column] >= low).to_numpy()


def _before(first: str, second: str) -> Test:
    return lambda frame: (frame[first] < frame[second]).to_numpy()


def _not_after(first: str, second: str) -> Test:
    return lambda frame: (frame[first] <= frame[second]).to_numpy()


def _all(*tests: Test) -> Test:
    return lambda frame: np.logical_and.reduce([test(frame) for test in tests])


_NO_TRANSFER = _is("embryo_transfer", "no")
_UNTREATED = _is("immunotherapy_regimen", "none")
_TREATED = _is("immunotherapy_regimen", "prednisone", "prednisone_tacrolimus", "other")
_TIMED = _is("immunotherapy_timing", "before", "after", "before_and_after")

RULES: tuple[Rule, ...] = (
    Rule("biopsy_date", "is not before transfer_date", _not_after("transfer_date", "biopsy_date")),
    Rule("hcg_date", "is not after transfer_date", _not_after("hcg_date", "transfer_date")),
    Rule(
        "immunotherapy_timing",
        "is none although immunotherapy_regimen is not",
        _all(_is("immunotherapy_timing", "none"), _TREATED),
    ),
    Rule(
        "immunotherapy_timing",
        "is not none although immunotherapy_regimen is none",
        _all(_TIMED, _UNTREATED),
    ),
    Rule(
        "immunotherapy_start_date",
        "is given although immunotherapy_regimen is none",
        _all(_has("immunotherapy_start_date"), _UNTREATED),
    ),
    Rule(
        "immunotherapy_start_date",
        "is after transfer_date although immunotherapy_timing begins before transfer",
        _all(
            _is("immunotherapy_timing", "before", "before_and_after"),
            _before("transfer_date", "immunotherapy_start_date"),
        ),
    ),
    Rule(
        "immunotherapy_start_date",
        "is before transfer_date although immunotherapy_timing is after",
        _all(_is("immunotherapy_timing", "after"), _before("immunotherapy_start_date", "transfer_date")),
    ),
    Rule(
        "transfer_date",
        "is given although embryo_transfer is no",
        _all(_has("transfer_date"), _NO_TRANSFER),
    ),
    Rule(
        "gestational_sacs",
        "is 1 or more although embryo_transfer is no",
        _all(_at_least("gestational_sacs", 1), _NO_TRANSFER),
    ),
    Rule(
        "clinical_pregnancy",
        "is yes although embryo_transfer is no",
        _all(_is("clinical_pregnancy", "yes"), _NO_TRANSFER),
    ),
    Rule("live_birth", "is yes although embryo_transfer is no", _all(_is("live_birth", "yes"), _NO_TRANSFER)),
    Rule(
        "gestational_sacs",
        "is 1 or more although hcg_positive is no",
        _all(_at_least("gestational_sacs", 1), _is("hcg_positive", "no")),
    ),
    Rule(
        "clinical_pregnancy",
        "is yes although hcg_positive is no",
        _all(_is("clinical_pregnancy", "yes"), _is("hcg_positive", "no")),
    ),
    Rule(
        "clinical_pregnancy",
        "is no although gestational_sacs is 1 or more",
        _all(_is("clinical_pregnancy", "no"), _at_least("gestational_sacs", 1)),
    ),
    Rule(
        "live_birth",
        "is yes although clinical_pregnancy is no",
        _all(_is("live_birth", "yes"), _is("clinical_pregnancy", "no")),
    ),
)
"""What must not happen within a patient's row."""

NOTES: tuple[Rule, ...] = (
    Rule(
        "gestational_sacs",
        "exceeds embryos_transferred (possible with monozygotic twins)",
        lambda frame: (frame["gestational_sacs"] > frame["embryos_transferred"]).to_numpy(),
    ),
)
"""What may happen but should be looked at."""

_NEEDED: dict[str, Test] = {
    NEVER: lambda frame: np.ones(len(frame), dtype=bool),
    WHERE_NO_TRANSFER: _is("embryo_transfer", "yes"),
    WHERE_NOT_QUANTIFIED: _is("immune_profile_status", "quantified"),
    ALLOWED: lambda frame: np.zeros(len(frame), dtype=bool),
}


def missing_where_needed(frame: pd.DataFrame, column: Column) -> np.ndarray:
    """Return, per row, whether a value that the dictionary wants is missing."""
    needed: np.ndarray = _NEEDED[column.missing](frame)
    return needed & frame[column.name].isna().to_numpy()
