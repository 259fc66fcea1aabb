"""One effect over several strata, by the weights of Mantel and Haenszel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from report_helpers.statistics.estimate import Array, Estimate, choose, normal_p, pack, quantile
from report_helpers.statistics.groups import TwoGroups, two_groups

EMPTY = "no stratum has patients in both groups"
NO_DENOMINATOR = "no stratum has what the ratio's denominator needs: it is undefined and has no upper limit"
NO_NUMERATOR = "no limits: the ratio is 0"
NO_VARIANCE = "no limits: the outcome does not vary within the strata's groups"
BOUNDLESS = "no upper limit: too little information to bound the ratio"
UNTESTED = "no test: the outcome does not vary within the strata"


def mantel_haenszel(
    tables: Sequence[ArrayLike] | ArrayLike,
    measure: str = "odds_ratio",
    level: float = 0.95,
    variance: str = "greenland_robins",
) -> Estimate:
    """Estimate one effect of treatment over strata.

    Parameters
    ----------
    tables : array_like of int, shape (strata, 4)
        (events1, n1, events0, n0) of each stratum. A stratum with an empty group says nothing and counts
        for nothing.
    measure : {"odds_ratio", "risk_ratio", "risk_difference"}
        Odds ratio with the variance of Robins, Breslow and Greenland [1]_; risk ratio and risk difference
        with those of Greenland and Robins [2]_. Limits of the ratios are symmetric on the log scale.
    level : float
        Confidence level as a fraction.
    variance : {"greenland_robins", "sato"}
        For the risk difference only: Sato's variance [3]_ also holds for many small strata.

    Returns
    -------
    Estimate
        The common ratio or difference (of fractions). ``p_value`` is the Cochran-Mantel-Haenszel
        chi-square test's, without continuity correction, whatever the measure; ``n`` counts the patients
        of the strata that count.

    Raises
    ------
    CountError
        If a count is negative, not whole or missing, or events exceed patients.
    ValueError
        If the measure, the variance or the level is unknown, or a stratum has not four counts.

    References
    ----------
    .. [1] Robins J, Breslow N, Greenland S. Biometrics 1986;42:311-323.
    .. [2] Greenland S, Robins JM. Biometrics 1985;41:55-68.
    .. [3] Sato T. Biometrics 1989;45:1323-1324.

    Examples
    --------
    >>> rr = mantel_haenszel([(8, 106, 5, 120), (22, 98, 16, 85)], measure="risk_ratio")
    >>> f"{rr.value:.2f} ({rr.low:.2f} to {rr.high:.2f})"
    '1.33 (0.80 to 2.20)'
    """
    spread = choose("variance of mantel_haenszel", variance, {"greenland_robins": _rd_gr, "sato": _rd_sato})
    name, pool = choose(
        "mantel_haenszel",
        measure,
        {
            "odds_ratio": ("odds ratio, Robins-Breslow-Greenland variance", _odds_ratio),
            "risk_ratio": ("risk ratio, Greenland-Robins variance", _risk_ratio),
            "risk_difference": (f"risk difference, {VARIANCES[variance]} variance", _difference(spread)),
        },
    )
    z = quantile(level)
    try:
        counts = np.asarray(tables)
    except ValueError:
        raise ValueError("tables must be a list of (events1, n1, events0, n0)") from None
    if counts.ndim != 2 or counts.shape[1] != 4:
        raise ValueError("tables must be a list of (events1, n1, events0, n0)")
    strata = _with_both(two_groups(*counts.T))
    if strata.x1.size == 0:
        reasons = [(True, EMPTY)]
        return pack(
            np.nan, None, None, None, level=level, method=f"Mantel-Haenszel {name}", n=0, reasons=reasons
        )
    part = pool(strata)
    numbers = np.array([part.value, part.value - z * part.error, part.value + z * part.error])
    with np.errstate(over="ignore"):
        value, low, high = numbers if measure == "risk_difference" else np.exp(numbers)
    p_value = _cmh(strata)
    return pack(
        0.0 if part.reason == NO_NUMERATOR else value,
        low,
        high,
        p_value,
        level=level,
        method=f"Mantel-Haenszel {name}; Cochran-Mantel-Haenszel test without correction",
        n=strata.patients.sum(),
        reasons=[
            (bool(part.reason), part.reason),
            (np.isinf(high), BOUNDLESS),
            (np.isnan(p_value), UNTESTED),
        ],
    )


VARIANCES = {"greenland_robins": "Greenland-Robins", "sato": "Sato"}


@dataclass(frozen=True, slots=True)
class _Pooled:
    """A pooled effect (a log for ratios) and its standard error; NaN with the reason where missing."""

    value: float
    error: float
    reason: str = ""


def _with_both(groups: TwoGroups) -> TwoGroups:
    both = ~groups.empty
    parts = (groups.x1, groups.n1, groups.x0, groups.n0, groups.empty, groups.patients)
    return TwoGroups(*(part[both] for part in parts))  # type: ignore[arg-type]


def _log_ratio(above: float, below: float, variance: Callable[[], float]) -> _Pooled:
    if below == 0:
        return _Pooled(np.nan, np.nan, NO_DENOMINATOR)
    if above == 0:
        return _Pooled(np.nan, np.nan, NO_NUMERATOR)
    spread = variance()
    log = float(np.log(above / below))
    return _Pooled(log, float(np.sqrt(spread))) if spread > 0 else _Pooled(log, np.nan, NO_VARIANCE)


def _odds_ratio(s: TwoGroups) -> _Pooled:
    total = s.n1 + s.n0
    r, q = s.x1 * (s.n0 - s.x0) / total, (s.n1 - s.x1) * s.x0 / total
    agree, disagree = (s.x1 + s.n0 - s.x0) / total, (s.n1 - s.x1 + s.x0) / total
    above, below = float(r.sum()), float(q.sum())

    def variance() -> float:
        first = np.sum(agree * r) / above**2
        mixed = np.sum(agree * q + disagree * r) / (above * below)
        last = np.sum(disagree * q) / below**2
        return float(first + mixed + last) / 2

    return _log_ratio(above, below, variance)


def _risk_ratio(s: TwoGroups) -> _Pooled:
    total = s.n1 + s.n0
    above, below = float(np.sum(s.x1 * s.n0 / total)), float(np.sum(s.x0 * s.n1 / total))

    def variance() -> float:
        terms = (s.n1 * s.n0 * (s.x1 + s.x0) - s.x1 * s.x0 * total) / total**2
        return float(np.sum(terms)) / (above * below)

    return _log_ratio(above, below, variance)


def _difference(spread: Callable[[TwoGroups, float], float]) -> Callable[[TwoGroups], _Pooled]:
    def pool(s: TwoGroups) -> _Pooled:
        weight = s.n1 * s.n0 / (s.n1 + s.n0)
        value = float(np.sum((s.x1 * s.n0 - s.x0 * s.n1) / (s.n1 + s.n0)) / weight.sum())
        variance = spread(s, value) / float(weight.sum()) ** 2
        return (
            _Pooled(value, float(np.sqrt(variance))) if variance > 0 else _Pooled(value, np.nan, NO_VARIANCE)
        )

    return pool


def _rd_gr(s: TwoGroups, value: float) -> float:
    treated, untreated = s.x1 * (s.n1 - s.x1) * s.n0**3, s.x0 * (s.n0 - s.x0) * s.n1**3
    return float(np.sum((treated + untreated) / (s.n1 * s.n0 * (s.n1 + s.n0) ** 2)))


def _rd_sato(s: TwoGroups, value: float) -> float:
    total = s.n1 + s.n0
    p = (s.n1**2 * s.x0 - s.n0**2 * s.x1 + s.n1 * s.n0 * (s.n0 - s.n1) / 2) / total**2
    q = (s.x1 * (s.n0 - s.x0) + s.x0 * (s.n1 - s.x1)) / (2 * total)
    return float(value * p.sum() + q.sum())


def _cmh(s: TwoGroups) -> Array:
    total, events = s.n1 + s.n0, s.x1 + s.x0
    excess = float(np.sum((s.x1 * s.n0 - s.x0 * s.n1) / total))
    variance = float(np.sum(s.n1 * s.n0 * events * (total - events) / (total**2 * (total - 1))))
    return normal_p(np.asarray(excess / np.sqrt(variance) if variance > 0 else np.nan))
