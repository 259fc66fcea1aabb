"""The truth in the synthetic cohort: what makes implantation likely, and what treatment does to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Words = NDArray[np.str_]

CUTOFFS: Mapping[str, float] = MappingProxyType({"th1_th2": 10.0, "nk": 50.0})
"""The placeholders of the shipped ``study.yml``; a marker at or above its cut-off is elevated."""


@dataclass(frozen=True)
class Truth:
    """Log odds of implantation (at least one sac) given everything about a patient.

    Each number is an addition to the log odds. ``stratum`` is the price of an untreated dysregulation,
    ``regulated_timing`` the effect of any immunotherapy in a regulated profile, ``dysregulated_regimen`` its
    effect in a dysregulated profile, and ``dysregulated_after_only`` what is lost there by starting late.
    """

    intercept: float
    oocyte_age_per_year: float
    failed_transfer: float
    bmi_per_unit: float
    blastocyst: float
    frozen: float
    tested_for_aneuploidy: float
    further_embryo: float
    quality: Mapping[str, float]
    stratum: Mapping[str, float]
    regulated_timing: Mapping[str, float]
    dysregulated_regimen: Mapping[str, float]
    dysregulated_after_only: float


TRUTH = Truth(
    intercept=-0.5,
    oocyte_age_per_year=-0.06,
    failed_transfer=-0.12,
    bmi_per_unit=-0.02,
    blastocyst=0.35,
    frozen=0.05,
    tested_for_aneuploidy=0.25,
    further_embryo=0.35,
    quality=MappingProxyType({"good": 0.0, "fair": -0.4, "poor": -1.0}),
    stratum=MappingProxyType({"regulated": 0.0, "th1_th2": -0.7, "nk": -0.6, "both": -0.9}),
    regulated_timing=MappingProxyType({"none": 0.0, "before": -0.1, "after": -0.5, "before_and_after": -0.4}),
    dysregulated_regimen=MappingProxyType(
        {"none": 0.0, "prednisone": 1.2, "prednisone_tacrolimus": 1.3, "other": 0.5}
    ),
    dysregulated_after_only=-0.3,
)
"""The coefficients of the shipped cohort."""

NO_EFFECT = replace(
    TRUTH,
    regulated_timing=MappingProxyType(dict.fromkeys(TRUTH.regulated_timing, 0.0)),
    dysregulated_regimen=MappingProxyType(dict.fromkeys(TRUTH.dysregulated_regimen, 0.0)),
    dysregulated_after_only=0.0,
)
"""The same cohort if immunotherapy did nothing, in either profile: the null that type I errors belong to."""


@dataclass(frozen=True)
class Indication:
    """How clinics choose treatment: log odds of being treated, and shares of the regimens.

    ``tendency`` is by stratum, ``not_measured`` without a quantified profile; ``failed_transfer`` and
    ``age_per_year`` are additions for a worse prognosis. ``regimens`` are shares in the order of
    ``synthetic_patients.TREATMENTS``.
    """

    tendency: Mapping[str, float]
    not_measured: float
    failed_transfer: float
    age_per_year: float
    regimens: Mapping[str, tuple[float, float, float]]


_FOR_TH1, _FOR_NK = (0.38, 0.46, 0.16), (0.58, 0.20, 0.22)
INDICATION = Indication(
    tendency=MappingProxyType({"regulated": 0.50, "th1_th2": 1.2, "nk": 1.2, "both": 1.55}),
    not_measured=-1.2,
    failed_transfer=0.25,
    age_per_year=0.04,
    regimens=MappingProxyType(
        {"regulated": (0.50, 0.22, 0.28), "th1_th2": _FOR_TH1, "nk": _FOR_NK, "both": _FOR_TH1}
    ),
)
"""Confounding by indication, as in the shipped cohort: the worse the prognosis, the likelier treatment."""

BY_CHANCE = replace(
    INDICATION,
    tendency=MappingProxyType({**INDICATION.tendency, **dict.fromkeys(("th1_th2", "nk", "both"), 1.35)}),
    failed_transfer=0.0,
    age_per_year=0.0,
    regimens=MappingProxyType(
        {**INDICATION.regimens, **dict.fromkeys(("th1_th2", "nk", "both"), (0.44, 0.38, 0.18))}
    ),
)
"""Treatment drawn by lot within a profile, about as often: nothing confounds it."""

MEAN_AGE, MEAN_FAILURES, MEAN_BMI = 36.0, 2.5, 24.0
DONOR_AGE = 27.0


@dataclass(frozen=True)
class Prognosis:
    """Everything but treatment that bears on implantation, one entry per patient."""

    oocyte_age: Numbers
    failures: Numbers
    bmi: Numbers
    blastocyst: Numbers
    frozen: Numbers
    tested: Numbers
    embryos: Numbers
    quality: Words
    stratum: Words


def stratum_of(th1_th2: Numbers, nk: Numbers) -> Words:
    """Return the disjoint stratum of each patient from the two markers."""
    elevated, increased = th1_th2 >= CUTOFFS["th1_th2"], nk >= CUTOFFS["nk"]
    return np.select(
        [elevated & increased, elevated, increased], ["both", "th1_th2", "nk"], default="regulated"
    )


def implantation_risk(patients: Prognosis, regimen: Words, timing: Words, truth: Truth = TRUTH) -> Numbers:
    """Return each patient's true probability of at least one sac under the treatment given.

    Parameters
    ----------
    patients : Prognosis
    regimen, timing : array of str
        Codes of the dictionary, one per patient.
    truth : Truth, optional

    Returns
    -------
    array of float
        Between 0 and 1.
    """
    log_odds = (
        truth.intercept
        + truth.oocyte_age_per_year * (patients.oocyte_age - MEAN_AGE)
        + truth.failed_transfer * (patients.failures - MEAN_FAILURES)
        + truth.bmi_per_unit * (patients.bmi - MEAN_BMI)
        + truth.blastocyst * patients.blastocyst
        + truth.frozen * patients.frozen
        + truth.tested_for_aneuploidy * patients.tested
        + truth.further_embryo * (patients.embryos - 1)
        + _each(truth.quality, patients.quality)
        + _each(truth.stratum, patients.stratum)
        + treatment_effect(patients.stratum, regimen, timing, truth)
    )
    return expit(log_odds)


def treatment_effect(stratum: Words, regimen: Words, timing: Words, truth: Truth = TRUTH) -> Numbers:
    """Return the addition to the log odds that treatment makes, by profile."""
    late = np.where((regimen != "none") & (timing == "after"), truth.dysregulated_after_only, 0.0)
    dysregulated = _each(truth.dysregulated_regimen, regimen) + late
    return np.where(stratum == "regulated", _each(truth.regulated_timing, timing), dysregulated)


def expit(log_odds: Numbers) -> Numbers:
    """Return probabilities from log odds."""
    probability: Numbers = 1.0 / (1.0 + np.exp(-np.asarray(log_odds, dtype=float)))
    return probability


def _each(additions: Mapping[str, float], codes: Words) -> Numbers:
    """Return the addition that belongs to each code."""
    total = np.zeros(len(codes))
    for code, addition in additions.items():
        total[codes == code] = addition
    return total
