"""The contrasts adjusted for confounding, by several methods side by side, or refused with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from report_helpers import statistics
from report_helpers.results.cells import OutcomeColumn
from report_helpers.results.comparisons import each_of
from report_helpers.study.definition import Study

if TYPE_CHECKING:
    from pandas import DataFrame

Mask = NDArray[np.bool_]
Copies = Sequence[Mapping[str, NDArray[Any]]]

_OUTCOME, _TREATMENT, _SACS, _EMBRYOS = "implantation", "treated", "sacs", "embryos"


@dataclass(frozen=True)
class Adjusted:
    """One contrast adjusted for the study's covariates.

    `reason` says why the contrast was not adjusted, and is empty otherwise; the estimates then have no value
    and carry the same reason. `n` and `events` are of the patients with all covariates recorded, `left_out`
    those without. `same_patients_…` are unadjusted, in the patients that the model uses, so that what
    adjustment changed is seen apart from what leaving patients out changed. `odds_ratio` is Firth's, given
    only where covariates separate the outcome.
    """

    key: str
    label: str
    n: int
    left_out: int
    events_per_term: float
    reason: str
    same_patients_risk_difference: statistics.Estimate
    same_patients_risk_ratio: statistics.Estimate
    risk_treated: statistics.Estimate
    risk_untreated: statistics.Estimate
    risk_difference: statistics.Estimate
    risk_ratio: statistics.Estimate
    risk_difference_bootstrap: statistics.Estimate | None
    risk_ratio_bootstrap: statistics.Estimate | None
    poisson: statistics.Estimate
    weighted: statistics.Weighted
    per_embryo: statistics.Estimate
    imputed_risk_difference: statistics.Estimate
    imputed_risk_ratio: statistics.Estimate
    e_value: statistics.Estimate
    odds_ratio: statistics.Estimate | None


def adjusted(
    study: Study, primary: OutcomeColumn, frame: DataFrame, groups: Mapping[str, tuple[str, Mask, Mask]]
) -> dict[str, Adjusted]:
    """Adjust every contrast of `groups` for the study's covariates.

    Parameters
    ----------
    study : Study
        Names the covariates, the least events per model term, and the draws of chance.
    primary : OutcomeColumn
        The primary outcome of the patients in `frame`.
    frame : DataFrame
        The analysed patients.
    groups : mapping of str to (label, treated, reference)
        For each contrast its label, and who is in its two groups, as masks over `frame`.

    Returns
    -------
    dict of str to Adjusted
        By the contrast's key, in the same order.
    """
    columns = _columns(study, primary, frame)
    profile = frame["profile"].to_numpy()
    completed = {each: _complete(study, columns, profile == each) for each in ("regulated", "dysregulated")}
    crude = _same_patients(
        columns, study.adjustment.covariates, [(given, without) for _, given, without in groups.values()]
    )
    found = {}
    for (key, (label, treated, reference)), unadjusted in zip(groups.items(), crude, strict=True):
        members = treated | reference
        of_profile = profile == key.partition(".")[0]
        copies = [
            {name: values[members[of_profile]] for name, values in copy.items()}
            for copy in completed[key.partition(".")[0]]
        ]
        rows = {name: values[members] for name, values in columns.items()}
        found[key] = _adjust(study, key, label, rows, copies, unadjusted)
    return found


def _complete(study: Study, columns: dict[str, NDArray[Any]], members: Mask) -> Copies:
    """Impute the covariates of one profile, from each other, treatment and outcome.

    Each profile is imputed alone, so that the association of treatment with outcome may differ between them.
    """
    names = (_OUTCOME, _TREATMENT, *study.adjustment.covariates)
    rows = {name: columns[name][members] for name in names}
    # A column without any value, as all are where nobody has the profile, cannot be imputed from others; the
    # models say that no row is complete.
    empty = [name for name, values in rows.items() if _missing(values).all()]
    if empty:
        return (rows,) * study.adjustment.imputations
    kinds = {name: "number" if rows[name].dtype.kind == "f" else "category" for name in names}
    return statistics.impute(
        rows, names, kinds=kinds, copies=study.adjustment.imputations, seed=study.adjustment.seed
    )


def _missing(values: NDArray[Any]) -> Mask:
    """Return where a column has no value: NaN among numbers, None among codes."""
    if values.dtype.kind == "f":
        return np.asarray(np.isnan(values))
    return np.array([value is None for value in values], dtype=bool)


def _columns(study: Study, primary: OutcomeColumn, frame: DataFrame) -> dict[str, NDArray[Any]]:
    """Return the columns a model reads: numbers as floats, categories as codes with None where missing."""
    columns: dict[str, NDArray[Any]] = {
        _OUTCOME: primary.events.astype(float),
        _TREATMENT: frame["treated"].to_numpy(dtype=float),
    }
    columns[_SACS] = frame[_SACS].to_numpy(dtype=float)
    columns[_EMBRYOS] = frame[_EMBRYOS].to_numpy(dtype=float)
    kinds = {covariate.key: covariate.kind for covariate in study.covariates}
    for name in study.adjustment.covariates:
        values = frame[name]
        if kinds[name] == "number":
            columns[name] = values.to_numpy(dtype=float)
        else:
            columns[name] = values.astype(object).where(values.notna(), None).to_numpy()
    return columns


def _adjust(
    study: Study,
    key: str,
    label: str,
    rows: dict[str, NDArray[Any]],
    copies: Copies,
    unadjusted: Mapping[str, statistics.Estimate],
) -> Adjusted:
    settings = study.adjustment
    covariates, least = settings.covariates, settings.least_events_per_term
    standardised = statistics.standardised(
        rows,
        _OUTCOME,
        _TREATMENT,
        covariates,
        least_events=least,
        resamples=settings.bootstrap_resamples,
        seed=settings.seed,
    )
    difference, ratio = standardised.risk_difference, standardised.risk_ratio
    return Adjusted(
        key=key,
        label=label,
        n=difference.n,
        left_out=standardised.left_out,
        events_per_term=standardised.events_per_term,
        reason=difference.reason if difference.value is None else "",
        **unadjusted,
        risk_treated=standardised.risk1,
        risk_untreated=standardised.risk0,
        risk_difference=difference,
        risk_ratio=ratio,
        risk_difference_bootstrap=standardised.risk_difference_bootstrap,
        risk_ratio_bootstrap=standardised.risk_ratio_bootstrap,
        poisson=statistics.modified_poisson(rows, _OUTCOME, _TREATMENT, covariates, least_events=least),
        weighted=statistics.weighted(
            rows,
            _OUTCOME,
            _TREATMENT,
            covariates,
            least_events=least,
            least_per_term=settings.least_patients_per_propensity_term,
        ),
        # Embryos transferred is the exposure of this model, so it cannot be a covariate too.
        per_embryo=statistics.modified_poisson(
            rows,
            _SACS,
            _TREATMENT,
            [each for each in covariates if each != "embryos_transferred"],
            exposure=_EMBRYOS,
            least_events=least,
        ),
        **_imputed(study, copies),
        e_value=_e_value(ratio),
        odds_ratio=_firth(rows, covariates) if "separate" in difference.reason else None,
    )


def _same_patients(
    columns: Mapping[str, NDArray[Any]], covariates: Sequence[str], pairs: Sequence[tuple[Mask, Mask]]
) -> Iterator[dict[str, statistics.Estimate]]:
    """Compare, for each pair of groups, the patients with all covariates recorded, without adjustment."""
    complete = ~np.logical_or.reduce([_missing(columns[name]) for name in covariates])
    groups = [(given & complete, without & complete) for given, without in pairs]
    counts = [[part for one in pair for part in (columns[_OUTCOME][one].sum(), one.sum())] for pair in groups]
    events, n, events0, n0 = np.array(counts, dtype=np.int64).reshape(-1, 4).T
    for difference, ratio in zip(
        each_of(statistics.risk_difference(events, n, events0, n0)),
        each_of(statistics.risk_ratio(events, n, events0, n0)),
        strict=True,
    ):
        yield {"same_patients_risk_difference": difference, "same_patients_risk_ratio": ratio}


def _imputed(study: Study, copies: Copies) -> dict[str, statistics.Estimate]:
    """Standardise each completed data set and pool them by Rubin's rules."""
    covariates, least = study.adjustment.covariates, study.adjustment.least_events_per_term

    def fit(copy: Mapping[str, NDArray[Any]]) -> statistics.Standardised:
        return statistics.standardised(copy, _OUTCOME, _TREATMENT, covariates, least_events=least)

    first = fit(copies[0])
    if first.risk_ratio.value is None:  # refused for its size: the other copies would be too
        return {
            "imputed_risk_difference": first.risk_difference,
            "imputed_risk_ratio": first.risk_ratio,
        }
    each = [first, *(fit(copy) for copy in copies[1:])]
    differences, ratios = [one.risk_difference for one in each], [one.risk_ratio for one in each]
    events = float(copies[0][_OUTCOME].sum())
    n = len(copies[0][_OUTCOME])
    terms = min(events, n - events) / each[0].events_per_term if each[0].events_per_term else 0.0
    left = max(n - terms - 1, 1.0)
    return {
        "imputed_risk_difference": statistics.pool_estimates(differences, left),
        "imputed_risk_ratio": statistics.pool_estimates(ratios, left, scale="log"),
    }


def _e_value(ratio: statistics.Estimate) -> statistics.Estimate:
    """Return how strong an unmeasured confounder would have to be, for the estimate and its limit."""
    if ratio.value is None or ratio.low is None or ratio.high is None:
        return statistics.Estimate(None, None, None, ratio.level, None, "E-value", ratio.n, ratio.reason)
    return statistics.e_value(ratio.value, ratio.low, ratio.high)


def _firth(rows: dict[str, NDArray[Any]], covariates: Sequence[str]) -> statistics.Estimate:
    model = statistics.firth_logistic(rows, _OUTCOME, [_TREATMENT, *covariates])
    return model.odds_ratios[_TREATMENT]
