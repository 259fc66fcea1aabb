"""Two marginal risks and their covariance, turned into estimates on the scales they are reported on."""

from __future__ import annotations

import math

import numpy as np

from report_helpers.statistics.estimate import Array, Estimate, normal_p, pack, quantile
from report_helpers.statistics.regression import risk


def contrasts(
    risks: Array, covariance: Array, level: float, n: int, method: str
) -> tuple[Estimate, Estimate, Estimate, Estimate]:
    """Return risk 1, risk 0, their difference and their ratio.

    Parameters
    ----------
    risks : ndarray, shape (2,)
        Risk with treatment and without it, fractions between 0 and 1 (neither included).
    covariance : ndarray, shape (2, 2)
        Their sampling covariance.
    """
    z = quantile(level)

    def estimate(centre: float, slope: Array, back: str) -> Estimate:
        error = math.sqrt(max(float(slope @ covariance @ slope), 0.0))
        ends = np.array([centre, centre - z * error, centre + z * error])
        if back == "log":
            ends = np.exp(np.minimum(ends, 700.0))
        elif back == "logit":
            ends = risk(ends)
        else:
            ends = np.clip(ends, -1.0, 1.0)
        p_value = None if back == "logit" or error == 0 else normal_p(np.asarray(centre / error))
        return pack(ends[0], ends[1], ends[2], p_value, level=level, method=method, n=n)

    p1, p0 = float(risks[0]), float(risks[1])
    return (
        estimate(math.log(p1 / (1 - p1)), np.array([1 / (p1 * (1 - p1)), 0.0]), "logit"),
        estimate(math.log(p0 / (1 - p0)), np.array([0.0, 1 / (p0 * (1 - p0))]), "logit"),
        estimate(p1 - p0, np.array([1.0, -1.0]), ""),
        estimate(math.log(p1 / p0), np.array([1 / p1, -1 / p0]), "log"),
    )


def refused(reason: str, level: float, n: int, method: str) -> Estimate:
    """Return an estimate of nothing, with the reason."""
    return pack(math.nan, None, None, None, level=level, method=method, n=n, reasons=[(True, reason)])
