"""Multiple imputation by chained equations: missing values borrowed from patients who are predicted alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from report_helpers.statistics.design import Frame
from report_helpers.statistics.estimate import Array
from report_helpers.statistics.imputation_variables import Kind, read_variable
from report_helpers.statistics.matching import nearest_donors

SEED = 19_870
RIDGE = 1e-5  # of the predictors' sums of squares, as in mice: keeps collinear predictors harmless


def impute(
    frame: Frame,
    columns: Sequence[str],
    *,
    kinds: Mapping[str, Kind],
    copies: int = 20,
    cycles: int = 10,
    seed: int = SEED,
) -> tuple[dict[str, NDArray[Any]], ...]:
    """Complete a data set several times by chained equations with predictive mean matching.

    Each incomplete column in turn is regressed on all the others, in every cycle [1]_. Coefficients and
    residual spread are drawn from their posterior under a flat prior; a patient with a missing value takes
    the observed value of one of the five patients (at random) whose prediction from the estimated
    coefficients is nearest to hers from the drawn ones (type 1 matching, as R's ``mice.impute.pmm``) [2]_.
    So no impossible value arises, and the draws are proper.

    A category is matched in the same way on the predictions of its levels' indicators, jointly: the
    regression is multivariate (matrix normal and inverse Wishart draws) and the distance is Mahalanobis's
    in the residual covariance [3]_, which does not depend on a reference level, and with two levels is the
    same as matching the 0/1 code. Nothing in it assumes that the indicators are normal, but that patients
    with like predictions are exchangeable. Columns whose levels have an order are matched on their ranks.

    Matching cannot extrapolate: where hardly anybody observed is like those without the value, the pooled
    limits are too narrow (so are mice's).

    The analysis's outcome, treatment and covariates all belong in `columns`. The analysis should be no
    richer than the imputation: where it compares two groups' treatment effects, impute each group alone.

    Parameters
    ----------
    frame : DataFrame or mapping of str to sequence
        Columns by name.
    columns : sequence of str
        Columns to complete and to predict from, in the order in which they are visited.
    kinds : mapping of str to {"number", "category"} or sequence of str
        What each column holds; a sequence names a category's levels in their order.
    copies : int
        Completed data sets, 1 or more; 20 or more for a report.
    cycles : int
        Rounds through the columns.
    seed : int
        Of numpy's default generator.

    Returns
    -------
    tuple of dict of str to ndarray, shape (rows,)
        One per copy, with all `columns`: floats, or the categories' own values. Each can stand as the frame
        of ``standardised``, ``weighted`` and ``modified_poisson``. Observed values are as they were.

    Raises
    ------
    ValueError
        If a column is not there, has no kind, has no observed value, or does not fit its kind.

    References
    ----------
    .. [1] van Buuren S, Groothuis-Oudshoorn K. J Stat Softw 2011;45(3).
    .. [2] van Buuren S. Flexible Imputation of Missing Data. 2nd ed. CRC 2018, section 3.4.
    .. [3] Little RJA. J Bus Econ Stat 1988;6:287-296.

    Examples
    --------
    >>> rows = {"age": [31, None, 35, 40, 38, 29], "sac": [1, 0, 1, 0, 0, 1]}
    >>> found = impute(rows, ["age", "sac"], kinds={"age": "number", "sac": "number"}, copies=2)
    >>> len(found), bool(found[0]["age"][1] in rows["age"])
    (2, True)
    """
    if copies < 1 or cycles < 1:
        raise ValueError("copies and cycles must be 1 or more")
    variables = [read_variable(frame, name, kinds) for name in columns]
    if len({len(variable.codes) for variable in variables}) > 1:
        raise ValueError("all columns must have one length")
    random = np.random.default_rng(seed)
    states = [variable.filled(copies, random) for variable in variables]
    # The predictors of all copies, updated in place: the intercept, then each column's indicators.
    blocks = [variable.predictors(state) for variable, state in zip(variables, states, strict=True)]
    starts = np.cumsum([1] + [block.shape[2] for block in blocks])
    predictors = np.concatenate([np.ones((*states[0].shape, 1)), *blocks], axis=2) if blocks else None
    if predictors is None:
        return tuple({} for _ in range(copies))
    for _ in range(cycles):
        for place, (variable, state) in enumerate(zip(variables, states, strict=True)):
            if not variable.missing.any():
                continue
            own = slice(starts[place], starts[place + 1])
            others = np.delete(predictors, own, axis=2)
            donors = np.flatnonzero(~variable.missing)
            chosen = _match(others[:, donors], variable.targets[donors], others[:, variable.missing], random)
            state[:, variable.missing] = variable.codes[donors[chosen]]
            predictors[:, :, own] = variable.predictors(state)
    return tuple(
        {
            variable.name: variable.values(state[copy])
            for variable, state in zip(variables, states, strict=True)
        }
        for copy in range(copies)
    )


def _match(known: Array, targets: Array, unknown: Array, random: np.random.Generator) -> NDArray[np.intp]:
    """Return, for each copy and each row without a value, the donor whose value it takes.

    Parameters
    ----------
    known : ndarray, shape (copies, donors, predictors)
    targets : ndarray, shape (donors, indicators)
    unknown : ndarray, shape (copies, rows, predictors)

    Returns
    -------
    ndarray of int, shape (copies, rows)
        Positions among the donors.
    """
    copies, donors, terms = known.shape
    indicators = targets.shape[1]
    turned = known.transpose(0, 2, 1)
    information = turned @ known
    places = np.arange(terms)
    own = information[:, places, places]
    # A level that no donor has says nothing: its coefficient is held near 0 instead of running wild.
    information[:, places, places] = np.where(own < 1e-6 * donors, donors, own * (1 + RIDGE))
    inverse = np.linalg.inv(information)
    estimated = inverse @ (turned @ targets)
    rest = targets - known @ estimated
    scatter = rest.transpose(0, 2, 1) @ rest
    tiny = 1e-10 * max(float(targets.var()), 1e-10) * donors
    scatter[:, np.arange(indicators), np.arange(indicators)] += tiny
    # The covariance's root from a Wishart draw of its inverse (Bartlett), then the coefficients around it.
    precision = np.linalg.cholesky(np.linalg.inv(scatter))
    freedom = max(donors - terms, indicators)
    bartlett = np.tril(random.standard_normal((copies, indicators, indicators)), -1)
    for place in range(indicators):
        bartlett[:, place, place] = np.sqrt(random.chisquare(freedom - place, copies))
    root = np.linalg.inv(precision @ bartlett)
    noise = np.linalg.cholesky(inverse) @ random.standard_normal((copies, terms, indicators))
    drawn = estimated + noise @ root
    # Whitened by the residual covariance (in residual standard deviations) Mahalanobis's distance is plain.
    whiten = precision * np.sqrt(donors)
    return nearest_donors(known @ estimated @ whiten, unknown @ drawn @ whiten, random)
