"""Logistic regression by Firth's penalised likelihood: finite whatever separates the outcome."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from report_helpers.statistics.design import Frame, design
from report_helpers.statistics.estimate import Array, Estimate, normal_p, pack, quantile
from report_helpers.statistics.penalised import Penalised, dependent_term, penalised

FARTHEST = 1e6  # a root of a likelihood ratio that stands for "no likelihood left"
PROFILE_CLOSE = 1e-7  # of a profile's last step: its height errs by the square of it
LIMIT_CLOSE = 1e-6  # of the last step to a limit, relative: the limit errs by about the square of it
ROUNDS = 100
MOST_TERMS = 100
_WIDEST = 700.0  # of a log odds ratio that is given back as a ratio
METHOD = "Firth penalised logistic regression, profile penalised likelihood limits and test"


@dataclass(frozen=True, slots=True)
class FirthModel:
    """A fitted model.

    Attributes
    ----------
    coefficients : mapping of str to Estimate
        Log odds ratios per unit of each term, "(Intercept)" first; a category's term is ``column[level]``.
    odds_ratios : mapping of str to Estimate
        The same without the intercept, as ratios.
    log_likelihood : float
        Penalised, at its maximum.
    n, events, left_out : int
        Rows used, those with the outcome, and rows left out for a missing value.
    """

    coefficients: Mapping[str, Estimate]
    odds_ratios: Mapping[str, Estimate]
    log_likelihood: float
    n: int
    events: int
    left_out: int


def firth_logistic(frame: Frame, outcome: str, covariates: Sequence[str], level: float = 0.95) -> FirthModel:
    """Fit a logistic regression with Firth's penalty (Jeffreys' prior).

    Maximises log L + log det(X'WX)/2 [1]_; limits and tests profile that penalised likelihood, the
    determinant always being that of the whole model, as in R's ``logistf`` [2]_.

    Parameters
    ----------
    frame : DataFrame or mapping of str to sequence
        Columns by name. Rows with a missing value in a column used are left out and counted.
    outcome : str
        Column of 0 and 1.
    covariates : sequence of str
        Columns of numbers, or of categories (first level in sorted order as the reference).
    level : float
        Confidence level as a fraction.

    Returns
    -------
    FirthModel
        With an ``Estimate`` per term.

    Raises
    ------
    ValueError
        If a column is missing or infinite, the outcome is not 0 and 1, there are no complete rows, the terms
        are linearly dependent, or there are more than 100.

    References
    ----------
    .. [1] Firth D. Biometrika 1993;80:27-38.
    .. [2] Heinze G, Schemper M. Stat Med 2002;21:2409-2419.

    Examples
    --------
    >>> model = firth_logistic({"sac": [0, 0, 0, 1, 1, 1], "treated": [0, 0, 0, 0, 1, 1]}, "sac", ["treated"])
    >>> f"{model.odds_ratios['treated'].value:.2f}"
    '11.67'
    """
    z = quantile(level)
    data = design(frame, outcome, covariates)
    if len(data.outcome) == 0:
        raise ValueError("no complete rows: every row has a missing value in a column used")
    if len(data.terms) > MOST_TERMS:
        raise ValueError(
            f"the model has {len(data.terms)} terms, more than {MOST_TERMS}: "
            "is a covariate an identifier or a date, whose every value became a level?"
        )
    follows = dependent_term(data.matrix, data.terms)
    if follows is not None:
        raise ValueError(f"the term {follows!r} follows from the others (or does not vary): leave it out")
    model = penalised(data.outcome, data.matrix)
    best, top = model.maximise(np.zeros(len(data.terms)))
    spread: Array = np.linalg.inv(model.information(best)).astype(np.float64)
    coefficients = {
        term: _term(model, form, best, top, spread, z, level)
        for term, form in zip(data.terms, model.forms, strict=True)
    }
    ratios = {term: _ratio(found) for term, found in list(coefficients.items())[1:]}
    return FirthModel(
        MappingProxyType(coefficients),
        MappingProxyType(ratios),
        top,
        len(data.outcome),
        int(data.outcome.sum()),
        data.left_out,
    )


def _term(
    model: Penalised, form: Array, best: Array, top: float, spread: Array, z: float, level: float
) -> Estimate:
    """Return one coefficient with the limits and the test that profile the penalised likelihood."""
    centre = float(form @ best)
    variance = float(form @ spread @ form)
    # The others' move with this one near the peak is where the search for them starts.
    along = spread @ form / variance
    latest = best

    def distance(value: float) -> tuple[float, float]:
        """Return the root of one value's likelihood ratio statistic, and its slope.

        It is nearly straight, unlike its square. The others being at their best, the likelihood's slope
        is its derivative in this coefficient alone.
        """
        nonlocal latest
        start = latest + along * (value - float(form @ latest))
        found, height = model.maximise(start, form, PROFILE_CLOSE)
        if not math.isfinite(height):
            return FARTHEST, 0.0
        latest = found
        far = math.sqrt(max(2 * (top - height), 0.0))
        return far, -model.slope(found, form) / far if far > 0 else 0.0

    def reach(side: float) -> float:
        """Return the value on one side at distance z, by Newton's method from Wald's limit, bracketed."""
        nonlocal latest
        latest, at, near, beyond = best, z * math.sqrt(variance), 0.0, math.inf
        for _ in range(ROUNDS):
            far, slope = distance(centre + side * at)
            near, beyond = (at, beyond) if far < z else (near, at)
            new = at + (z - far) / (side * slope) if side * slope > 0 else math.inf
            if abs(new - at) <= LIMIT_CLOSE * at or beyond - near <= LIMIT_CLOSE**2 * at:
                return centre + side * (new if near <= new <= beyond else at)
            if not near < new < beyond:
                new = 2 * at if math.isinf(beyond) else (near + beyond) / 2
            at = min(new, 4 * at)
        return centre + side * at

    low, high = reach(-1.0), reach(1.0)
    latest = best
    p_value = normal_p(np.asarray(distance(0.0)[0]))
    return pack(centre, low, high, p_value, level=level, method=METHOD, n=len(model.outcome))


def _ratio(found: Estimate) -> Estimate:
    logs = np.array([found.value, found.low, found.high], dtype=np.float64)
    # Beyond these an odds ratio cannot be told from 0 or written down: the covariate's unit is too small.
    with np.errstate(over="ignore"):
        value, low, high = np.where(
            np.abs(logs) > _WIDEST, math.nan, np.exp(np.clip(logs, -_WIDEST, _WIDEST))
        )
    reasons = [(bool(np.any(np.abs(logs) > _WIDEST)), "odds ratio out of range: rescale the covariate")]
    return pack(value, low, high, found.p_value, level=found.level, method=METHOD, n=found.n, reasons=reasons)
