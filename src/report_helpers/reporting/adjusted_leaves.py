"""The words for adjusted and weighted analyses, whose estimates may have been refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from report_helpers.reporting import estimates, formats
from report_helpers.reporting.leaf import NOT_GIVEN, Leaf, Offer, counted, estimated, number, span, tested
from report_helpers.results.adjusted import Adjusted
from report_helpers.results.withheld import is_withheld
from report_helpers.statistics import Balance, Estimate, Weighted
from report_helpers.study.definition import Study


@dataclass(frozen=True)
class AdjustmentSet:
    """What the study adjusts for, with the study's words for it."""

    study: Study


def balance(weighted: Weighted) -> dict[str, Balance]:
    """Return the balance of each covariate, or of each level of it, by its path."""
    return {f"{each.covariate}.{each.level}".rstrip("."): each for each in weighted.balance}


def refusable(estimate: Estimate | None, name: str, refused: str = "", verb: str = "adjusted") -> Leaf:
    """Return an estimate in words; where it was refused, ``not adjusted (…)`` with the reason.

    Parameters
    ----------
    estimate : Estimate or None
        None where the analysis gives no such estimate.
    name : str
        Tells the kind: a difference or a ratio.
    refused : str
        The reason of the whole analysis, for an estimate that has none of its own.
    verb : str
        What was not done.
    """
    if estimate is None:
        return Leaf(estimates.refused(refused, verb) if refused else NOT_GIVEN, None)
    if estimate.value is None and estimate.low is None and estimate.high is None:
        return Leaf(estimates.refused(estimate.reason or refused, verb), None, estimate)
    return estimated(estimate, name)


def offer_adjusted(found: Adjusted) -> Offer:
    """Offer every estimate of an adjusted contrast, its E-value, and why there is none."""

    def given(name: str) -> Callable[[], Leaf]:
        if name.startswith("same_patients"):  # unadjusted: nothing to refuse
            return lambda: estimated(getattr(found, name), name)
        return lambda: refusable(getattr(found, name), name, found.reason)

    names = (
        "same_patients_risk_difference",
        "same_patients_risk_ratio",
        "risk_difference",
        "risk_ratio",
        "risk_difference_bootstrap",
        "risk_ratio_bootstrap",
        "poisson",
        "per_embryo",
        "imputed_risk_difference",
        "imputed_risk_ratio",
        "odds_ratio",
    )
    return {
        **{name: given(name) for name in names},
        **_details({name: getattr(found, name) for name in names}),
        **_risks(found.risk_treated, found.risk_untreated, "adjusted"),
        "e_value": lambda: _e_value(found.e_value),
        "e_value_estimate": lambda: Leaf(_one(found.e_value.value), found.e_value.value, found.e_value),
        "e_value_limit": lambda: Leaf(_one(found.e_value.low), found.e_value.low, found.e_value),
        "events_per_term": lambda: Leaf(_one(found.events_per_term), found.events_per_term),
        "reason": lambda: _reason(found.reason, "adjusted"),
        "patients": lambda: _patients(found.n + found.left_out),
        "used_of_n": counted(found.n, found.n + found.left_out),
    }


def offer_weighted(found: Weighted) -> Offer:
    """Offer the weighted estimates and what the weights did."""

    def given(name: str) -> Callable[[], Leaf]:
        return lambda: refusable(getattr(found, name), name, found.reason, "weighted")

    def missing(show: Callable[[], str], value: float | None) -> Callable[[], Leaf]:
        return lambda: Leaf(
            estimates.refused(found.reason, "weighted") if value is None else show(), value
        )  # fmt: skip

    names = ("risk_difference", "risk_ratio")
    return {
        **{name: given(name) for name in names},
        **_details({name: getattr(found, name) for name in names}),
        **_risks(found.risk1, found.risk0, "weighted"),
        "weight_range": missing(
            lambda: span(found.lowest_weight, found.highest_weight), found.highest_weight
        ),
        "mean_weight": lambda: number(found.mean_weight, formats.ratio),
        "effective": missing(
            lambda: f"{_whole(found.effective1)} treated and {_whole(found.effective0)} untreated",
            found.effective1,
        ),
        "effective_treated": lambda: number(found.effective1, _whole),
        "effective_untreated": lambda: number(found.effective0, _whole),
        "overlap": lambda: number(found.overlap, lambda share: f"{formats.percentage(share)}%"),
        "propensity_treated": lambda: _range(found.lowest_propensity1, found.highest_propensity1),
        "propensity_untreated": lambda: _range(found.lowest_propensity0, found.highest_propensity0),
        "largest_before": lambda: _largest(each.before for each in found.balance),
        "largest_after": lambda: _largest(each.after for each in found.balance),
        "reason": lambda: _reason(found.reason, "weighted"),
    }


def offer_balance(found: Balance) -> Offer:
    """Offer the two standardised differences."""
    return {"before": lambda: _smd(found.before), "after": lambda: _smd(found.after)}


def offer_set(found: AdjustmentSet) -> Offer:
    """Offer the adjustment set and the protocol's regimens in the study's words."""
    study = found.study
    labels = {covariate.key: covariate.label for covariate in study.covariates}
    settings = study.adjustment
    return {
        "covariates": lambda: _words([labels[key] for key in settings.covariates], "and"),
        "protocol_regimens": lambda: _words(
            [study.regimens[key] for key in settings.protocol_regimens], "or"
        ),
        # A seed is a name, not an amount.
        "seed": lambda: Leaf(str(settings.seed), settings.seed),
    }


OFFERS: tuple[tuple[type, Callable[[Any], Offer]], ...] = (
    (Adjusted, offer_adjusted),
    (Weighted, offer_weighted),
    (Balance, offer_balance),
    (AdjustmentSet, offer_set),
)


def _details(found: Mapping[str, Estimate | None]) -> Offer:
    """Offer the P value and the number of patients of each estimate."""
    given = {name: each for name, each in found.items() if each is not None}
    return {
        **{f"{name}_p": tested(each) for name, each in given.items()},
        **{f"{name}_n": partial(_patients, each.n) for name, each in given.items()},
    }


def _patients(n: int) -> Leaf:
    return Leaf(formats.count(n), n)


def _risks(treated: Estimate, untreated: Estimate, verb: str) -> Offer:
    """Offer the two risks: whole groups' shares, so that no small denominator hides the percentage."""

    def given(estimate: Estimate) -> Callable[[], Leaf]:
        def leaf() -> Leaf:
            if estimate.value is None:
                return refusable(estimate, "risk", verb=verb)
            return Leaf(estimates.percent(estimate), estimate.value, estimate)

        return leaf

    return {"risk_treated": given(treated), "risk_untreated": given(untreated)}


def _reason(reason: str, done: str) -> Leaf:
    return Leaf(estimates.because(reason) or done, reason or done)


def _e_value(found: Estimate) -> Leaf:
    if found.value is None:
        return refusable(found, "e_value")
    limit = f"{_one(found.low)} for the confidence limit nearer 1" if found.low else "no limit"
    return Leaf(f"{_one(found.value)}, and {limit}", found.value, found)


def _one(value: float | None) -> str:
    return number(value, lambda given: formats.decimal(given, 1)).text


def _whole(value: float | None) -> str:
    return number(value, lambda given: formats.decimal(given, 0)).text


def _range(low: float | None, high: float | None) -> Leaf:
    return Leaf(span(low, high), low)


def _smd(value: float | None) -> Leaf:
    return number(value, lambda smd: formats.decimal(smd, 2))


def _largest(values: Iterable[float | None]) -> Leaf:
    found = [abs(value) for value in values if value is not None]
    # The largest of those shown need not be the largest.
    return _smd(next(filter(is_withheld, found), max(found, default=None)))


def _words(labels: list[str], joined: str) -> Leaf:
    words = formats.listed((formats.lower_first(label) for label in labels), joined)
    return Leaf(words, words)
