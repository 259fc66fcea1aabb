"""Standardised risks of many resamples at once, and the percentile limits they give."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from report_helpers.statistics.estimate import Array, Estimate, pack

SEED = 20_260
STEPS = 25
CLOSE = 1e-6  # of the last step, whose error is the square of it
LONGEST = 8.0  # of one step in the linear predictor
CELLS = 4_000_000  # rows times resamples held at once
NONE = 1e-8  # a risk below is that of a separated resample on its way to 0
MOST_FAILED = 0.05


def bootstrap_risks(
    outcome: Array, matrix: Array, settings: tuple[Array, Array], start: Array, resamples: int, seed: int
) -> Array:
    """Refit a logistic model to resampled rows, and standardise its risks to each resample.

    All resamples take Newton's steps together, a row drawn k times weighing k. Where a resample is
    separated the steps stop after a while, and the risks stand where they tend to.

    Parameters
    ----------
    outcome : ndarray, shape (rows,)
        0 or 1.
    matrix : ndarray, shape (rows, terms)
        Of full rank; the second column is the treatment.
    settings : two ndarrays, shape (rows, terms)
        The matrix with everybody treated, and nobody.
    start : ndarray, shape (terms,)
        Coefficients of the whole sample.
    resamples : int
        How many.
    seed : int
        Of numpy's default generator.

    Returns
    -------
    ndarray, shape (resamples, 2)
        Risks with and without treatment; NaN where a resample lacks an arm, or events, or non-events.
    """
    rows, terms = matrix.shape
    basis, triangle = np.linalg.qr(matrix)
    basis, triangle = basis * math.sqrt(rows), triangle / math.sqrt(rows)
    ways = [np.linalg.solve(triangle.T, setting.T) for setting in settings]
    upper = np.triu_indices(terms)
    products = basis[:, upper[0]] * basis[:, upper[1]]
    random = np.random.default_rng(seed)
    size = max(1, CELLS // rows)
    parts = []
    for first in range(0, resamples, size):
        draws = min(size, resamples - first)
        picked = random.integers(0, rows, (draws, rows)) + rows * np.arange(draws)[:, None]
        counts = np.bincount(picked.ravel(), minlength=draws * rows).reshape(draws, rows).astype(np.float64)
        at = _refit(counts, outcome, basis, products, upper, triangle @ start)
        risks = np.column_stack([(counts * _risk(at @ way)).sum(axis=1) / rows for way in ways])
        for column in (outcome, matrix[:, 1]):
            held = counts @ column
            risks[(held == 0) | (held == rows)] = np.nan
        parts.append(risks)
    return np.concatenate(parts)


def _refit(
    counts: Array,
    outcome: Array,
    basis: Array,
    products: Array,
    upper: tuple[NDArray[np.intp], NDArray[np.intp]],
    start: Array,
) -> Array:
    """Return each resample's coefficients in the basis."""
    at = np.tile(start, (len(counts), 1))
    active = np.arange(len(counts))
    # A resample without a category's patients has no use for its term: the ridge lets it rest there.
    ridge = 1e-9 * len(basis) * np.eye(basis.shape[1])
    for _ in range(STEPS):
        p = _risk(at[active] @ basis.T)
        weights = counts[active]
        score = (weights * (outcome - p)) @ basis
        information = np.empty((len(active), *ridge.shape))
        information[:, upper[0], upper[1]] = information[:, upper[1], upper[0]] = (
            weights * (p * (1 - p))
        ) @ products
        step = np.linalg.solve(information + ridge, score[..., None])[..., 0]
        moved = np.abs(step @ basis.T).max(axis=1)
        at[active] += step * np.minimum(1.0, LONGEST / np.maximum(moved, LONGEST))[:, None]
        active = active[moved > CLOSE]
        if not len(active):
            break
    return at


def _risk(log_odds: Array) -> Array:
    p: Array = 1 / (1 + np.exp(np.clip(-log_odds, -500, 500)))
    return p


def ratios(risks: Array) -> Array:
    """Return each resample's risk ratio: infinite without a risk in group 0, NaN without one in either."""
    small = risks < NONE
    divided = risks[:, 0] / np.where(small[:, 1], 1.0, risks[:, 1])
    found: Array = np.where(small[:, 1], np.where(small[:, 0], np.nan, np.inf), divided)
    return found


def percentile(found: Estimate, draws: Array, method: str) -> Estimate:
    """Put percentile limits of a resampled statistic around its estimate.

    Quantiles interpolate linearly (R's type 7). No test: ``p_value`` is ``None``.

    Parameters
    ----------
    found : Estimate
        Of the whole sample; gives value, level and n.
    draws : ndarray, shape (resamples,)
        NaN where a resample has none; infinite where it is unbounded.
    method : str
        Name of the statistic's method, completed here.
    """
    method = f"{method}, percentile bootstrap limits of {len(draws):,} resamples of patients"
    value = math.nan if found.value is None else found.value
    usable = draws[~np.isnan(draws)]
    failed = len(draws) - len(usable)
    if failed > MOST_FAILED * len(draws):
        reason = f"{failed:,} of {len(draws):,} resamples have no estimate: no bootstrap limits"
        return pack(
            value, None, None, None, level=found.level, method=method, n=found.n, reasons=[(True, reason)]
        )
    ordered, ends = np.sort(usable), []
    for place in (len(ordered) - 1) * np.array([(1 - found.level) / 2, (1 + found.level) / 2]):
        below, above = ordered[math.floor(place)], ordered[math.ceil(place)]
        share = place - math.floor(place)
        # Between a number and infinity nothing can be interpolated.
        ends.append(above if share == 0 or np.isinf(above) else below + share * (above - below))
    return pack(
        value,
        ends[0],
        ends[1],
        None,
        level=found.level,
        method=method,
        n=found.n,
        reasons=[(np.isinf(ends[1]), "resamples without events in group 0: no upper bootstrap limit")],
    )
