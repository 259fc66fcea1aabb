"""Adjusted risk ratios without odds: Poisson regression with a robust variance."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from report_helpers.statistics.design import Frame, treatment_design
from report_helpers.statistics.estimate import Estimate, normal_p, pack, quantile
from report_helpers.statistics.marginal import refused
from report_helpers.statistics.regression import POISSON, SEPARATED, fit, refusal

METHOD = "modified Poisson regression, robust (HC0 sandwich) variance"
PER_UNIT = "Poisson regression with the log of the exposure as offset, cluster-robust (HC0 sandwich) variance"


def modified_poisson(
    frame: Frame,
    outcome: str,
    treatment: str,
    covariates: Sequence[str],
    *,
    exposure: str | None = None,
    least_events: float = 10.0,
    level: float = 0.95,
) -> Estimate:
    """Estimate a treatment's adjusted risk ratio by Poisson regression with a robust variance.

    A log-linear Poisson model of a 0/1 outcome estimates the risk ratio; as its variance is not Poisson's,
    the sandwich of Huber and White stands in for it [1]_ (HC0: no small-sample factor; R's
    ``sandwich::sandwich``). With an exposure the outcome is a count and the ratio is one of rates per unit
    of exposure; a row's units, being one patient's, may depend on each other, and as each patient is one
    row the same sandwich is the cluster-robust one [2]_.

    Parameters
    ----------
    frame : DataFrame or mapping of str to sequence
        Columns by name, one row per independent patient. Rows with a missing value in a column used are
        left out.
    outcome : str
        Column of 0 and 1; with `exposure`, of counts (gestational sacs).
    treatment : str
        Column of 0 and 1.
    covariates : sequence of str
        Columns of numbers, or of categories (dummies).
    exposure : str, optional
        Column of units at risk (embryos transferred), above 0.
    least_events : float
        With fewer patients with an event (or without one) per model term the answer is refused, as in
        ``standardised``; 0 never refuses.
    level : float
        Confidence level as a fraction.

    Returns
    -------
    Estimate
        The ratio treated over untreated; limits and the two-sided Wald test on the log scale. ``None`` with
        a reason where the model is refused or no finite ratio exists.

    Raises
    ------
    ValueError
        If a column is missing or infinite, the treatment is not 0 and 1, the outcome neither that nor (with
        an exposure) a count, or an exposure is not above 0.

    References
    ----------
    .. [1] Zou G. Am J Epidemiol 2004;159:702-706.
    .. [2] Zou GY, Donner A. Stat Methods Med Res 2013;22:661-670.

    Examples
    --------
    >>> rows = {"sac": [1, 0, 0, 1, 1, 0, 1, 0], "treated": [1, 1, 0, 0, 1, 0, 1, 0], "old": [0, 1] * 4}
    >>> found = modified_poisson(rows, "sac", "treated", ["old"], least_events=0)
    >>> f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f})"
    '2.10 (0.34 to 12.97)'
    """
    z = quantile(level)
    data = treatment_design(frame, outcome, treatment, covariates, exposure)
    method, n = METHOD if exposure is None else PER_UNIT, len(data.outcome)
    reason = refusal(data, data.matrix, least_events)
    if reason:
        return refused(reason, level, n, method)
    fitted = fit(data.outcome, data.matrix, POISSON, np.log(data.exposure))
    if fitted is None:
        return refused(SEPARATED, level, n, method)
    means = data.exposure * np.exp(data.matrix @ fitted)
    bread = (data.matrix * means[:, None]).T @ data.matrix
    # The treatment's row of the inverse is all that its variance needs.
    pick = np.linalg.solve(bread, np.eye(len(fitted))[1])
    error = math.sqrt(float(((data.matrix @ pick * (data.outcome - means)) ** 2).sum()))
    centre = float(fitted[1])
    if error == 0:
        return refused("the outcome leaves no variation around the model", level, n, method)
    ends = np.exp(np.minimum([centre, centre - z * error, centre + z * error], 700.0))
    p_value = normal_p(np.asarray(centre / error))
    return pack(ends[0], ends[1], ends[2], p_value, level=level, method=method, n=n)
