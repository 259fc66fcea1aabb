"""Whether covariates separate a yes/no outcome, so that ordinary logistic regression has no finite answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from report_helpers.statistics.design import Frame, design
from report_helpers.statistics.estimate import Array

LEAST = 1e-7  # of the highest sum of margins, in standard deviations of a column, that is not rounding


def separated(frame: Frame, outcome: str, covariates: Sequence[str]) -> bool:
    """Say whether some combination of covariates splits events from non-events, completely or but for ties.

    Then the likelihood of a logistic regression rises without end and ``firth_logistic`` is the model to
    take [1]_. Decided exactly, by a linear program: separated are data for which some coefficients b have
    (2 y - 1) x'b >= 0 in all rows and > 0 in one [2]_.

    Parameters
    ----------
    frame : DataFrame or mapping of str to sequence
        Columns by name. Rows with a missing value in a column used are left out.
    outcome : str
        Column of 0 and 1.
    covariates : sequence of str
        Columns of numbers, or of categories (dummies).

    Returns
    -------
    bool
        True too where all rows, or none, have the event; False without complete rows.

    Raises
    ------
    ValueError
        If a column is missing or infinite, or the outcome is not 0 and 1.

    References
    ----------
    .. [1] Albert A, Anderson JA. Biometrika 1984;71:1-10; Heinze G, Schemper M. Stat Med 2002;21:2409-2419.
    .. [2] Konis K. Linear programming algorithms for detecting separated data in binary logistic regression
       models. DPhil thesis, University of Oxford 2007.

    Examples
    --------
    >>> separated({"sac": [0, 0, 1, 1], "age": [41, 39, 39, 33]}, "sac", ["age"])
    True
    >>> separated({"sac": [0, 1, 0, 1], "age": [41, 39, 39, 43]}, "sac", ["age"])
    False
    """
    data = design(frame, outcome, covariates)
    if not len(data.outcome):
        return False
    return data.rarer == 0 or separates(data.outcome, data.matrix)


def separates(outcome: Array, matrix: Array, *, counts: bool = False) -> bool:
    """Say whether a design's columns (the intercept first) separate an outcome.

    Parameters
    ----------
    outcome : ndarray, shape (rows,)
        0 or 1; a count of 0 or more.
    matrix : ndarray, shape (rows, terms)
    counts : bool
        Whether the model is Poisson's with a log link. It has no maximum if some coefficients have x'b = 0
        in all rows with events, and <= 0 in the others, < 0 in one (Correia S, Guimaraes P, Zylkin T. 2019,
        arXiv 1903.01633).
    """
    from scipy.optimize import linprog

    others = matrix[:, 1:]
    spread = others.std(axis=0)
    varying = spread > 0
    scaled = (others[:, varying] - others[:, varying].mean(axis=0)) / spread[varying]
    x = np.column_stack([np.ones(len(outcome)), scaled])
    event = outcome > 0
    # Rows that say the same say it once.
    margins = np.unique(np.concatenate([-x[~event], *([] if counts else [x[event]])]), axis=0)
    held = np.unique(x[event], axis=0) if counts else None
    found = linprog(
        -margins.sum(axis=0),
        A_ub=-margins,
        b_ub=np.zeros(len(margins)),
        A_eq=held,
        b_eq=None if held is None else np.zeros(len(held)),
        bounds=(-1, 1),
        method="highs",
    )
    return found.fun is not None and -float(found.fun) > LEAST * len(margins)
