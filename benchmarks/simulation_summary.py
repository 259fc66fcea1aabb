"""Many cohorts' estimates against the truth: bias, coverage and rejection, each with its Monte Carlo error.

Measures and their errors follow Morris TP, White IR, Crowther MJ. Stat Med 2019;38:2074-2102.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from simulated_cohorts import UNLIMITED, Found

from report_helpers import statistics

Numbers = NDArray[np.float64]
ALPHA = 0.05


@dataclass(frozen=True)
class Estimator:
    """How an estimator is called, and its scale: difference, ratio, excess (of risk), or test."""

    key: str
    label: str
    scale: str

    @property
    def null(self) -> float:
        """The value that says "no effect"."""
        return 1.0 if self.scale == "ratio" else 0.0


UNADJUSTED = (
    Estimator("risk_difference", "Risk difference, Newcombe", "difference"),
    Estimator("risk_ratio", "Risk ratio, Koopman", "ratio"),
    Estimator("test", "Fisher mid-P test", "test"),
)
PER_EMBRYO = (Estimator("sacs_per_embryo_ratio", "Sacs per embryo, clustered ratio", "ratio"),)
ADJUSTED = (
    Estimator("standardised_risk_difference", "Standardised risk difference", "difference"),
    Estimator("standardised_risk_ratio", "Standardised risk ratio", "ratio"),
    Estimator("poisson_risk_ratio", "Modified Poisson risk ratio", "ratio"),
    Estimator("weighted_risk_difference", "Weighted (IPTW) risk difference", "difference"),
    Estimator("weighted_risk_ratio", "Weighted (IPTW) risk ratio", "ratio"),
    Estimator("adjusted_sacs_per_embryo_ratio", "Sacs per embryo, adjusted ratio", "ratio"),
)
FREE = tuple(
    Estimator(f"{each.key}{UNLIMITED}", f"{each.label}, however few events", each.scale) for each in ADJUSTED
)
INTERACTION = (
    Estimator("ratio_of_risk_ratios", "Ratio of risk ratios", "ratio"),
    Estimator("difference_of_risk_differences", "Difference of risk differences", "difference"),
    Estimator("reri", "Relative excess risk due to interaction", "excess"),
)
ESTIMATORS = {each.key: each for each in (*UNADJUSTED, *PER_EMBRYO, *ADJUSTED, *FREE, *INTERACTION)}


@dataclass(frozen=True)
class Risks:
    """True risks, and sacs per embryo, of the patients of one contrast in all cohorts.

    ``causal`` are those were everyone treated, or nobody, averaged over the contrast's own patients, which
    is what standardisation aims at; ``seen`` those of the treated and of the untreated as they were, which is
    what an unadjusted comparison aims at.
    """

    causal: tuple[float, float]
    seen: tuple[float, float]
    causal_sacs: tuple[float, float]
    seen_sacs: tuple[float, float]

    @classmethod
    def of(cls, sums: Numbers) -> Risks:
        """Divide the sums of ``simulated_cohorts.Found.truths``, added up over cohorts."""
        everyone, treated, others = (row.tolist() for row in sums)
        return cls(
            (everyone[1] / everyone[0], everyone[2] / everyone[0]),
            (treated[3] / treated[0], others[3] / others[0]),
            (everyone[5] / everyone[4], everyone[6] / everyone[4]),
            (treated[7] / treated[4], others[7] / others[4]),
        )

    def contrast(self, estimator: Estimator, *, seen: bool = False) -> float:
        """Return the true value of what an estimator estimates; ``seen`` without removing confounding."""
        if "sacs_per_embryo" in estimator.key:
            first, second = self.seen_sacs if seen else self.causal_sacs
        else:
            first, second = self.seen if seen else self.causal
        return first / second if estimator.scale == "ratio" else first - second


def summarise(cohorts: Sequence[Found]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return by contrast and estimator what the cohorts of one scenario showed.

    Returns
    -------
    dict
        For each: ``cohorts``; ``estimated``, the share with an estimate; the true value (``truth``), what an
        unadjusted comparison would show (``seen``); ``mean``, ``bias`` and ``empirical_se`` (logs for
        ratios) among the estimated; for ratios ``relative_bias``, the geometric mean of the estimates over
        the truth, minus 1; ``coverage`` of the truth and ``coverage_of_seen`` among those with an interval;
        ``rejection`` of no effect among the tested. ``…_se`` are Monte Carlo standard errors, and None
        stands where nothing could be counted.
    """
    risks = {key: Risks.of(sum(each.truths[key] for each in cohorts)) for key in cohorts[0].truths}
    estimates = {key: np.array([each.estimates[key] for each in cohorts]) for key in cohorts[0].estimates}
    for key in cohorts[0].counts:
        estimates |= _from_counts(key, np.array([each.counts[key] for each in cohorts]))
    summary: dict[str, dict[str, dict[str, Any]]] = {}
    for key in (*risks, "interaction"):
        summary[key] = {}
        for name, estimator in ESTIMATORS.items():
            if (key, name) not in estimates:
                continue
            if key == "interaction":
                truth, seen = (_interaction(risks, estimator, seen=each) for each in (False, True))
            else:
                truth, seen = (risks[key].contrast(estimator, seen=each) for each in (False, True))
            summary[key][name] = _judge(estimator, estimates[key, name], truth, seen)
    return summary


def _from_counts(key: str, counts: NDArray[np.int64]) -> dict[tuple[str, str], Numbers]:
    """Estimate what needs only counts, for all cohorts in one call each."""
    groups = counts.T
    return {
        (key, "risk_difference"): _together(statistics.risk_difference(*groups)),
        (key, "risk_ratio"): _together(statistics.risk_ratio(*groups)),
        (key, "test"): _together(statistics.independence(*groups)),
    }


def _together(found: statistics.Estimate) -> Numbers:
    parts: Any = (found.value, found.low, found.high, found.p_value)
    return np.column_stack([np.ma.filled(part, math.nan) for part in parts])


def _interaction(risks: Mapping[str, Risks], estimator: Estimator, *, seen: bool) -> float:
    pairs = [
        each.seen if seen else each.causal for each in (risks["dysregulated.any"], risks["regulated.any"])
    ]
    (a1, a0), (b1, b0) = pairs
    if estimator.key == "ratio_of_risk_ratios":
        return (a1 / a0) / (b1 / b0)
    if estimator.key == "reri":
        return (a1 - a0 - b1) / b0 + 1
    return (a1 - a0) - (b1 - b0)


def _judge(estimator: Estimator, estimates: Numbers, truth: float, seen: float) -> dict[str, Any]:
    value, low, high, p = estimates.T
    if estimator.scale == "test":
        tested = ~np.isnan(p)
        return {
            "cohorts": len(p),
            "estimated": float(tested.mean()),
            **_share("rejection", p[tested] < ALPHA),
        }
    known = value[~np.isnan(value)]
    logs = estimator.scale == "ratio"
    if logs:
        known = np.log(known[known > 0])
    true = math.log(truth) if logs else truth
    bounded = ~(np.isnan(low) & np.isnan(high))
    # A limit that does not exist lies beyond everything.
    below, above = np.nan_to_num(low[bounded], nan=-np.inf), np.nan_to_num(high[bounded], nan=np.inf)
    excluded = (estimator.null < below) | (estimator.null > above)
    spread = float(known.std(ddof=1)) if len(known) > 1 else None
    bias = float(known.mean()) - true if len(known) else None
    error = spread / math.sqrt(len(known)) if spread is not None else None
    relative = {}
    if logs:
        factor = None if bias is None else math.exp(bias)
        relative["relative_bias"] = None if factor is None else factor - 1
        relative["relative_bias_se"] = None if factor is None or error is None else factor * error
    return {
        "cohorts": len(value),
        "estimated": float(np.mean(~np.isnan(value))),
        "truth": truth,
        "seen": seen,
        "mean": float(known.mean()) if len(known) else None,
        "bias": bias,
        "bias_se": error,
        **relative,
        "empirical_se": spread,
        **_share("coverage", (below <= truth) & (truth <= above)),
        **_share("coverage_of_seen", (below <= seen) & (seen <= above)),
        **_share("rejection", excluded if np.isnan(p).all() else p[bounded] < ALPHA),
    }


def _share(name: str, happened: NDArray[np.bool_]) -> dict[str, float | None]:
    if not len(happened):
        return {name: None, f"{name}_se": None}
    share = float(happened.mean())
    return {name: share, f"{name}_se": math.sqrt(share * (1 - share) / len(happened))}
