"""Draw invented patients, complete: history, markers, transfer, treatment, outcome."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from report_helpers.study.synthetic_truth import (
    DONOR_AGE,
    INDICATION,
    MEAN_AGE,
    MEAN_FAILURES,
    TRUTH,
    Indication,
    Numbers,
    Prognosis,
    Truth,
    Words,
    expit,
    implantation_risk,
    stratum_of,
)

Draws = dict[str, Any]
Flags = NDArray[np.bool_]

ELIGIBLE_SHARE = 366 / 734
EXCLUSION_SPLIT: Mapping[str, float] = MappingProxyType(
    {
        "reproductive_disease": 0.36,
        "immune_disease": 0.15,
        "no_transfer": 0.31,
        "profile_not_quantifiable": 0.18,
    }
)
"""Placeholder shares of the excluded at each criterion, as in the shipped ``study.yml``."""

FIRST_SCREENING, LAST_SCREENING = np.datetime64("2022-01-01"), np.datetime64("2023-12-31")
EXTRACTION = np.datetime64("2024-09-30")
"""The day the invented registry is exported: births expected later are pending."""

TREATMENTS = ("prednisone", "prednisone_tacrolimus", "other")
TIMINGS = ("before", "after", "before_and_after")
_REGULATED_TIMING, _DYSREGULATED_TIMING = (0.08, 0.45, 0.47), (0.30, 0.07, 0.63)
FURTHER_SAC, TWIN = 0.30, 0.015
"""Once one embryo has implanted: the chance of a sac of each further one, and of one that splits."""


def draw_patients(
    patients: int,
    split: Mapping[str, float],
    rng: np.random.Generator,
    truth: Truth = TRUTH,
    indication: Indication = INDICATION,
) -> Draws:
    """Return complete columns for invented patients, before anything is left blank.

    Parameters
    ----------
    patients : int
    split : mapping
        Share of the excluded who fail first at each criterion, in the order of the criteria.
    rng : numpy.random.Generator
    truth : Truth, optional
        What makes implantation likely.
    indication : Indication, optional
        How treatment is chosen.

    Returns
    -------
    dict of arrays
        The dictionary's columns; ``risk``, the true probability of implantation; and
        ``regimen_if_treated`` and ``timing_if_treated``, what each patient would be given.
    """
    fate = _fates(patients, tuple(split.values()), rng)
    drawn: Draws = {"screening_date": np.sort(_days(FIRST_SCREENING, LAST_SCREENING, patients, rng))}
    _draw_exclusions(drawn, fate, rng)
    _draw_history(drawn, rng)
    _draw_markers(drawn, rng)
    _draw_transfer(drawn, rng)
    _draw_treatment(drawn, indication, rng)
    _draw_outcome(drawn, truth, rng)
    return drawn


def prognosis_of(drawn: Draws) -> Prognosis:
    """Return what bears on implantation besides treatment."""
    return Prognosis(
        oocyte_age=_oocyte_age(drawn),
        failures=drawn["previous_failed_transfers"],
        bmi=drawn["bmi_kg_m2"],
        blastocyst=(drawn["embryo_stage"] == "blastocyst").astype(float),
        frozen=(drawn["cycle_type"] == "frozen").astype(float),
        tested=(drawn["pgt_a"] == "yes").astype(float),
        embryos=drawn["embryos_transferred"],
        quality=drawn["embryo_quality"],
        stratum=stratum_of(drawn["th1_th2_ratio"], drawn["nk_cells_percent"]),
    )


def _fates(patients: int, shares: tuple[float, ...], rng: np.random.Generator) -> Numbers:
    """Return for each patient the criterion failed first (0, 1, …), −1 where eligible; exact numbers."""
    excluded = patients - round(patients * ELIGIBLE_SHARE)
    exact = np.array(shares) * excluded
    counts = np.floor(exact).astype(int)
    largest = np.argsort(counts - exact, kind="stable")
    counts[largest[: excluded - counts.sum()]] += 1
    fates = np.concatenate([np.repeat(np.arange(len(shares)), counts), np.full(patients - excluded, -1)])
    shuffled: Numbers = rng.permutation(fates)
    return shuffled


def _draw_exclusions(drawn: Draws, fate: Numbers, rng: np.random.Generator) -> None:
    """Give each excluded patient her first failed criterion, and sometimes later ones as well."""
    n = len(fate)

    def fails(criterion: int, also: float) -> Flags:
        earlier = (fate >= 0) & (fate < criterion)
        failed: Flags = (fate == criterion) | (earlier & (rng.random(n) < also))
        return failed

    disease = ("endometriosis", "adenomyosis", "uterine_anomaly", "hydrosalpinx", "other")
    immune = ("autoimmune_thyroiditis", "lupus", "antiphospholipid_syndrome", "other")
    status = ("insufficient_tissue", "assay_failed", "not_done")
    drawn["female_reproductive_disease"] = np.where(
        fails(0, 0.0), _pick(disease, (0.42, 0.22, 0.12, 0.12, 0.12), n, rng), "none"
    )
    drawn["immune_disease"] = np.where(
        fails(1, 0.10), _pick(immune, (0.55, 0.08, 0.22, 0.15), n, rng), "none"
    )
    drawn["embryo_transfer"] = np.where(fails(2, 0.18), "no", "yes")
    drawn["immune_profile_status"] = np.where(
        fails(3, 0.12), _pick(status, (0.40, 0.25, 0.35), n, rng), "quantified"
    )


def _draw_history(drawn: Draws, rng: np.random.Generator) -> None:
    n = len(drawn["screening_date"])
    drawn["centre"] = _pick(("Centre A", "Centre B", "Centre C"), (0.45, 0.35, 0.20), n, rng)
    older = np.where(drawn["embryo_transfer"] == "no", 1.2, 0.0)  # the older have fewer embryos to transfer
    age = np.clip(rng.normal(36.0 + older, 4.1), 22.0, 47.0).round(1)
    drawn["age_years"] = age
    drawn["bmi_kg_m2"] = np.clip(np.exp(rng.normal(np.log(23.6), 0.16, n)), 16.0, 45.0).round(1)
    drawn["oocyte_source"] = np.where(rng.random(n) < expit(-3.0 + 0.35 * (age - 38)), "donor", "own")
    duration = rng.gamma(3.0, 1.25, n) + 0.08 * np.maximum(age - 30, 0)
    drawn["infertility_duration_years"] = np.clip(duration, 0.5, 20.0).round(1)
    mean = np.exp(0.80 + 0.05 * (duration - 4))
    drawn["previous_failed_transfers"] = np.minimum(
        rng.poisson(np.minimum(mean, 9.0) * rng.gamma(3.0, 1 / 3, n)), 14
    ).astype(float)
    miscarriages = np.minimum(rng.poisson(0.55 * rng.gamma(1.5, 1 / 1.5, n)), 8).astype(float)
    drawn["previous_miscarriages"] = miscarriages
    secondary = rng.random(n) < np.where(miscarriages > 0, 0.75, 0.22)
    drawn["infertility_type"] = np.where(secondary, "secondary", "primary")


def _draw_markers(drawn: Draws, rng: np.random.Generator) -> None:
    """Draw both markers, higher after more failures, with the one decimal that is exported."""
    n = len(drawn["screening_date"])
    failures = np.minimum(drawn["previous_failed_transfers"], 8) - MEAN_FAILURES
    shared = 0.25 * rng.normal(size=n)
    th1 = np.exp(np.log(10.4) + 0.05 * failures + 0.42 * (shared + rng.normal(size=n)))
    nk = 100 * expit(0.12 + 0.05 * failures + 0.50 * (shared + rng.normal(size=n)))
    drawn["th1_th2_ratio"], drawn["nk_cells_percent"] = np.maximum(th1, 0.1).round(1), nk.round(1)


def _draw_transfer(drawn: Draws, rng: np.random.Generator) -> None:
    n = len(drawn["screening_date"])
    drawn["biopsy_date"] = drawn["screening_date"] + rng.integers(3, 46, n)
    drawn["transfer_date"] = drawn["biopsy_date"] + rng.integers(21, 121, n)
    ageing = _oocyte_age(drawn) - MEAN_AGE
    frozen = rng.random(n) < 0.68
    blastocyst = rng.random(n) < expit(0.75 - 0.06 * ageing + 0.3 * frozen)
    drawn["cycle_type"] = np.where(frozen, "frozen", "fresh")
    drawn["embryo_stage"] = np.where(blastocyst, "blastocyst", "cleavage")
    good, poor = expit(0.35 - 0.09 * ageing), expit(-1.9 + 0.10 * ageing)
    quality = rng.random(n)
    drawn["embryo_quality"] = np.select(
        [quality < poor, quality > 1 - good * (1 - poor)], ["poor", "good"], "fair"
    )
    tested = rng.random(n) < np.where(blastocyst & frozen, expit(-1.2 + 0.10 * ageing), 0.0)
    drawn["pgt_a"] = np.where(tested, "yes", "no")
    worse = 0.05 * ageing + np.where(drawn["embryo_quality"] == "good", 0.0, 0.5)
    two = rng.random(n) < np.where(tested, 0.03, expit(np.where(blastocyst, -1.0, 0.9) + worse))
    three = two & ~blastocyst & (rng.random(n) < 0.12)
    drawn["embryos_transferred"] = 1.0 + two + three


def _draw_treatment(drawn: Draws, indication: Indication, rng: np.random.Generator) -> None:
    """Choose treatment as clinics do: for a measured dysregulation and for a worse prognosis."""
    n = len(drawn["screening_date"])
    measured = drawn["immune_profile_status"] == "quantified"
    stratum = stratum_of(drawn["th1_th2_ratio"], drawn["nk_cells_percent"])
    regulated = stratum == "regulated"
    known = np.array([indication.tendency[code] for code in stratum])
    tendency = np.where(measured, known, indication.not_measured)
    failures = np.minimum(drawn["previous_failed_transfers"], 8) - MEAN_FAILURES
    worse = indication.failed_transfer * failures
    worse = worse + indication.age_per_year * (drawn["age_years"] - MEAN_AGE)
    treated = rng.random(n) < expit(tendency + worse)
    weights = np.array([indication.regimens[code] for code in stratum]).reshape(n, 3)
    drawn["regimen_if_treated"] = _pick(TREATMENTS, weights, n, rng)
    regimen = np.where(treated, drawn["regimen_if_treated"], "none")
    timings = np.where(regulated[:, None], _REGULATED_TIMING, _DYSREGULATED_TIMING)
    drawn["timing_if_treated"] = _pick(TIMINGS, timings, n, rng)
    timing = np.where(treated, drawn["timing_if_treated"], "none")
    early = np.isin(timing, ("before", "before_and_after"))
    planned = rng.random(n) < np.select([early, timing == "after"], [0.97, 0.55], default=0.03)
    drawn["immunotherapy_regimen"], drawn["immunotherapy_timing"] = regimen, timing
    drawn["immunotherapy_planned_before_transfer"] = np.where(planned, "yes", "no")
    days = np.where(early, -rng.integers(2, 22, n), rng.integers(1, 8, n))
    drawn["immunotherapy_start_date"] = drawn["transfer_date"] + days


def _draw_outcome(drawn: Draws, truth: Truth, rng: np.random.Generator) -> None:
    """Draw implantation from the truth, and what follows it; treatment acts on implantation alone."""
    n = len(drawn["screening_date"])
    risk = implantation_risk(
        prognosis_of(drawn), drawn["immunotherapy_regimen"], drawn["immunotherapy_timing"], truth
    )
    implanted = rng.random(n) < risk
    others = rng.binomial((drawn["embryos_transferred"] - 1).astype(int), FURTHER_SAC)
    sacs = np.where(implanted, 1 + others + (rng.random(n) < TWIN), 0)
    biochemical = ~implanted & (rng.random(n) < 0.12)
    signs = biochemical & (rng.random(n) < 0.03)  # a pregnancy without a sac: definitive clinical signs
    born = (sacs > 0) & (rng.random(n) < expit(1.35 - 0.09 * (_oocyte_age(drawn) - MEAN_AGE)))
    wait = np.where(drawn["embryo_stage"] == "blastocyst", 10, 13) + rng.integers(-1, 3, n)
    drawn["risk"] = risk
    drawn["gestational_sacs"] = sacs.astype(float)
    drawn["hcg_date"] = drawn["transfer_date"] + wait
    drawn["hcg_positive"] = np.where(implanted | biochemical, "yes", "no")
    drawn["clinical_pregnancy"] = np.where(implanted | signs, "yes", "no")
    drawn["live_birth"] = np.where(born, "yes", "no")
    _draw_adverse_events(drawn, implanted, rng)


def _draw_adverse_events(drawn: Draws, pregnant: np.ndarray, rng: np.random.Generator) -> None:
    """Draw at most one event: steroids add infections and, in pregnancy, diabetes and hypertension."""
    n = len(pregnant)
    steroids = np.isin(drawn["immunotherapy_regimen"], ("prednisone", "prednisone_tacrolimus"))
    infection = np.where(steroids, 0.045, 0.015)
    hypertension = np.where(pregnant, np.where(steroids, 0.06, 0.03), 0.004)
    diabetes = np.where(pregnant, np.where(steroids, 0.08, 0.04), 0.002)
    other = np.full(n, 0.015)
    none = 1 - infection - hypertension - diabetes - other
    events = ("none", "infection", "hypertension", "gestational_diabetes", "other")
    weights = np.column_stack([none, infection, hypertension, diabetes, other])
    drawn["adverse_event"] = _pick(events, weights, n, rng)


def _oocyte_age(drawn: Draws) -> Numbers:
    return np.where(drawn["oocyte_source"] == "donor", DONOR_AGE, drawn["age_years"])


def _days(first: np.datetime64, last: np.datetime64, n: int, rng: np.random.Generator) -> np.ndarray:
    """Return random days between two days, both included."""
    return first + rng.integers(0, int((last - first).astype(int)) + 1, n)


def _pick(words: tuple[str, ...], weights: Any, n: int, rng: np.random.Generator) -> Words:
    """Return one word per patient; ``weights`` is one row for all, or one per patient, each summing to 1."""
    bounds = np.cumsum(np.broadcast_to(np.asarray(weights, dtype=float), (n, len(words))), axis=1)
    bounds[:, -1] = 1.0
    chosen = (rng.random(n)[:, None] >= bounds).sum(axis=1)
    picked: Words = np.array(words)[chosen]
    return picked
