"""One simulated cohort of the study's design: what every estimator says of it, and what is true of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from report_helpers import statistics
from report_helpers.study.cohort import Cohort
from report_helpers.study.definition import Adjustment, Study
from report_helpers.study.eligibility import apply_criteria
from report_helpers.study.sample import Sample
from report_helpers.study.synthetic import simulate
from report_helpers.study.synthetic_risks import Chances
from report_helpers.study.synthetic_truth import (
    BY_CHANCE,
    INDICATION,
    NO_EFFECT,
    TRUTH,
    Indication,
    Truth,
)

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]
Columns = Mapping[str, NDArray[Any]]
Estimates = dict[str, statistics.Estimate]
ADJUSTED_FULLY = ("regulated.any", "dysregulated.any")
"""Contrasts adjusted by every method, also below the study's limit of events, to see what it prevents."""
UNLIMITED = "_unlimited"


@dataclass(frozen=True)
class Scenario:
    """A truth to simulate, how treatment is chosen in it, and whether there is confounding to adjust for."""

    key: str
    label: str
    truth: Truth
    indication: Indication
    confounded: bool = True


SCENARIOS = (
    Scenario("documented", "documented effects, treatment by indication", TRUTH, INDICATION),
    Scenario("null", "no effect in either profile, treatment by indication", NO_EFFECT, INDICATION),
    Scenario(
        "documented_by_chance", "documented effects, treatment by chance", TRUTH, BY_CHANCE, confounded=False
    ),
    Scenario(
        "null_by_chance",
        "no effect in either profile, treatment by chance",
        NO_EFFECT,
        BY_CHANCE,
        confounded=False,
    ),
)


@dataclass(frozen=True)
class Group:
    """The patients of one contrast as masks over the analysed, and what its treated are given, and when."""

    treated: Mask
    reference: Mask
    regimen: str = ""
    timing: str = ""


@dataclass(frozen=True)
class Found:
    """What one cohort gave.

    Parameters
    ----------
    counts : mapping of str to tuple
        By contrast: events and patients treated, events and patients untreated.
    estimates : mapping of (contrast, estimator) to tuple
        Value, lower and upper limit, P; NaN where there is none.
    truths : mapping of str to array
        By contrast, the sums that ``summary.Risks`` divides.
    """

    counts: Mapping[str, tuple[int, int, int, int]]
    estimates: Mapping[tuple[str, str], tuple[float, float, float, float]]
    truths: Mapping[str, Numbers]


def groups(patients: Sample) -> dict[str, Group]:
    """Return who is treated and who is the reference in each contrast of the manuscript."""
    stratum, regimen = patients.coded("stratum"), patients.coded("immunotherapy_regimen")
    timing = patients.coded("immunotherapy_timing")
    untreated, regulated = regimen.equals("none"), stratum.equals("regulated")
    made = {"regulated.any": Group(regulated & ~untreated, regulated & untreated)}
    for when in ("after", "before_and_after"):
        so_treated = regulated & ~untreated & timing.equals(when)
        made[f"regulated.{when}"] = Group(so_treated, regulated & untreated, timing=when)
    made["dysregulated.any"] = Group(~regulated & ~untreated, ~regulated & untreated)
    for kind in ("th1_th2", "nk", "both"):
        here = stratum.equals(kind)
        made[f"dysregulated.{kind}"] = Group(here & ~untreated, here & untreated)
    for given in ("prednisone", "prednisone_tacrolimus", "other"):
        so_treated = ~regulated & regimen.equals(given)
        made[f"dysregulated.{given}"] = Group(so_treated, ~regulated & untreated, regimen=given)
    return made


def look_at(study: Study, scenario: Scenario, seed: int) -> Found:
    """Simulate one cohort and let every estimator judge every contrast."""
    simulated = simulate(seed=seed, truth=scenario.truth, indication=scenario.indication)
    cohort = Cohort(simulated.frame, "simulated", "", len(simulated.frame))
    patients = apply_criteria(study, cohort).analysed_sample
    columns = _columns(study, patients)
    counts, estimates, truths = {}, {}, {}
    for key, group in groups(patients).items():
        counts[key] = _counts(group, columns["implantation"])
        truths[key] = _truth(group, patients, simulated.chances)
        found = _per_embryo(group, columns)
        if scenario.confounded:
            found |= _adjusted(study, key, group, columns)
        for name, estimate in found.items():
            estimates[key, name] = _numbers(estimate)
    both = statistics.interaction(counts["dysregulated.any"], counts["regulated.any"])
    for name in ("ratio_of_risk_ratios", "difference_of_risk_differences", "reri"):
        estimates["interaction", name] = _numbers(getattr(both, name))
    return Found(counts, estimates, truths)


def _columns(study: Study, patients: Sample) -> dict[str, NDArray[Any]]:
    """Return what the models read, one entry per analysed patient, with None for a missing category."""
    columns: dict[str, NDArray[Any]] = {
        name: patients.numbers(name) for name in ("implantation", "sacs", "embryos")
    }
    for covariate in study.covariates:
        if covariate.key not in study.adjustment.covariates:
            continue
        if covariate.kind == "number":
            columns[covariate.key] = patients.numbers(covariate.key)
        else:
            coded = patients.coded(covariate.key)
            columns[covariate.key] = np.array([*coded.words, None], dtype=object)[coded.codes]
    return columns


def _counts(group: Group, implantation: Numbers) -> tuple[int, int, int, int]:
    treated, reference = implantation[group.treated], implantation[group.reference]
    return int(treated.sum()), len(treated), int(reference.sum()), len(reference)


def _truth(group: Group, patients: Sample, chances: Chances) -> Numbers:
    """Return patients, risks, embryos and expected sacs, summed over everyone, the treated and the others.

    Three rows, each with patients, risk if treated, risk if not, risk as it was, embryos, and the sacs to be
    expected if treated, if not, and as it was.
    """
    sacs, embryos = chances.sacs_once_implanted, chances.prognosis.embryos
    risks = (chances.treated(group.regimen, group.timing), chances.untreated, chances.seen)
    parts = np.array([np.ones_like(sacs), *risks, embryos, *(each * sacs for each in risks)])
    here = parts[:, patients.rows]
    chosen = (group.treated | group.reference, group.treated, group.reference)
    return np.array([here[:, each].sum(axis=1) for each in chosen])


def _per_embryo(group: Group, columns: Columns) -> Estimates:
    sacs, embryos = columns["sacs"], columns["embryos"]
    treated, reference = group.treated, group.reference
    ratio = statistics.clustered_risk_ratio(
        sacs[treated], embryos[treated], sacs[reference], embryos[reference]
    )
    return {"sacs_per_embryo_ratio": ratio}


def _adjusted(study: Study, key: str, group: Group, columns: Columns) -> Estimates:
    members = group.treated | group.reference
    rows = {name: values[members] for name, values in columns.items()}
    rows["treated"] = group.treated[members].astype(float)
    limits = study.adjustment
    if key not in ADJUSTED_FULLY:
        return _standardised(limits, rows)
    free = replace(limits, least_events_per_term=0.0, least_patients_per_propensity_term=0.0)
    found: Estimates = {}
    for method in (_standardised, _poisson, _weighted, _adjusted_per_embryo):
        made = method(limits, rows)
        refused = any(estimate.value is None for estimate in made.values())
        freely = method(free, rows) if refused else made
        found |= {**made, **{f"{name}{UNLIMITED}": estimate for name, estimate in freely.items()}}
    return found


def _standardised(by: Adjustment, rows: Columns) -> Estimates:
    model = statistics.standardised(
        rows, "implantation", "treated", by.covariates, least_events=by.least_events_per_term
    )
    return {
        "standardised_risk_difference": model.risk_difference,
        "standardised_risk_ratio": model.risk_ratio,
    }


def _poisson(by: Adjustment, rows: Columns) -> Estimates:
    ratio = statistics.modified_poisson(
        rows, "implantation", "treated", by.covariates, least_events=by.least_events_per_term
    )
    return {"poisson_risk_ratio": ratio}


def _weighted(by: Adjustment, rows: Columns) -> Estimates:
    found = statistics.weighted(
        rows,
        "implantation",
        "treated",
        by.covariates,
        least_events=by.least_events_per_term,
        least_per_term=by.least_patients_per_propensity_term,
    )
    return {
        "weighted_risk_difference": found.risk_difference,
        "weighted_risk_ratio": found.risk_ratio,
    }


def _adjusted_per_embryo(by: Adjustment, rows: Columns) -> Estimates:
    ratio = statistics.modified_poisson(
        rows,
        "sacs",
        "treated",
        [name for name in by.covariates if name != "embryos_transferred"],  # it is the exposure
        exposure="embryos",
        least_events=by.least_events_per_term,
    )
    return {"adjusted_sacs_per_embryo_ratio": ratio}


def _numbers(found: statistics.Estimate) -> tuple[float, float, float, float]:
    value, low, high, p = (
        math.nan if each is None else float(each)
        for each in (found.value, found.low, found.high, found.p_value)
    )
    return value, low, high, p
