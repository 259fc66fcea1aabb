"""Whether treatment works differently in two strata, on the multiplicative and on the additive scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from report_helpers.statistics.contrasts import newcombe_limits
from report_helpers.statistics.estimate import Array, CountError, Counts, Estimate, normal_p, pack, quantile
from report_helpers.statistics.groups import EMPTY, two_groups
from report_helpers.statistics.mover import mover_difference
from report_helpers.statistics.score import root

Stratum = Sequence[Counts]
TINY = 1e-15  # a difference of fractions below this is rounding
NEAREST = np.asarray(1e-9)  # standard errors
FARTHEST = np.asarray(40.0)  # standard errors; P is 0 to a float beyond
NO_EVENTS = "an arm has no events: see the difference of risk differences"
NO_CELL = "an arm has no events, or no patient without: see the difference of risk differences"
NO_REFERENCE = "no events among the untreated of stratum b, the reference"
_RATIO_OF_ODDS_RATIOS = "ratio of odds ratios, Woolf variances, Wald test"
_RATIO_OF_RISK_RATIOS = "ratio of risk ratios, Katz variances, Wald test"
_DIFFERENCE = "difference of risk differences, Newcombe square-and-add"
_RERI = "RERI from risk ratios, delta-method variance, Wald test"
_SCALES = ("ratio_of_odds_ratios", "ratio_of_risk_ratios", "difference_of_risk_differences", "reri")
NO_VARIANCE = "no variance: in each arm nobody, or everybody, has the event"


@dataclass(frozen=True, slots=True)
class Interaction:
    """The interaction of treatment and stratum on four scales, stratum a compared with stratum b.

    Attributes
    ----------
    ratio_of_odds_ratios, ratio_of_risk_ratios : Estimate
        Above 1: treatment multiplies the odds, or the risk, of the event more in stratum a than in b. P
        tests against 1.
    difference_of_risk_differences : Estimate
        Fraction from -2 to 2; above 0: treatment adds more events per patient in a than in b. P tests against
        0.
    reri : Estimate
        Relative excess risk due to interaction, in units of the risk of the one reference cell: the
        untreated of stratum b. P tests against 0.
    """

    ratio_of_odds_ratios: Estimate
    ratio_of_risk_ratios: Estimate
    difference_of_risk_differences: Estimate
    reri: Estimate


def interaction(stratum_a: Stratum, stratum_b: Stratum, level: float = 0.95) -> Interaction:
    """Compare the treatment effect in stratum a with that in stratum b, from independent counts.

    - Ratio of odds ratios, a over b: Woolf's variances of the log odds ratios added, Wald test [1]_ (the
      product term of a saturated logistic regression).
    - Ratio of risk ratios, a over b: the same with Katz's variances of the log risk ratios [1]_ (the
      product term of a log-binomial regression).
    - Difference of risk differences, a minus b: Newcombe's square-and-add of the two Newcombe intervals
      [2]_; its P value is 1 minus the level at which that interval just reaches 0.
    - RERI = RR11 - RR10 - RR01 + 1 from risk ratios against one reference cell, the untreated (0) of
      stratum b, with a's treated (11), a's untreated (10) and b's treated (01); delta-method variance and
      Wald test [3]_.

    Parameters
    ----------
    stratum_a, stratum_b : sequence of four int, or of four arrays of int
        (events1, n1, events0, n0): events and patients among the treated, then among the untreated. Arrays
        of one shape give estimates of arrays, one interaction after the other.
    level : float
        Confidence level as a fraction.

    Returns
    -------
    Interaction
        Four ``Estimate``; ``n`` counts the patients of both strata.

    Raises
    ------
    CountError
        If a count is negative, not whole or missing, or events exceed patients.
    ValueError
        If a stratum does not have four counts, or the level is not a fraction.

    References
    ----------
    .. [1] Altman DG, Bland JM. BMJ 2003;326:219.
    .. [2] Newcombe RG. Stat Med 2001;20:2885-2893.
    .. [3] Rothman KJ. Modern Epidemiology. 1986; Hosmer DW, Lemeshow S. Epidemiology 1992;3:452-456.

    Examples
    --------
    >>> both = interaction((56, 116, 20, 70), (30, 90, 36, 90))
    >>> f"{both.ratio_of_risk_ratios.value:.2f}, P = {both.ratio_of_risk_ratios.p_value:.3f}"
    '2.03, P = 0.015'
    """
    quantile(level)  # checks the level
    if _holds_arrays(stratum_a) or _holds_arrays(stratum_b):
        return _one_by_one(stratum_a, stratum_b, level)
    cells = _cells(stratum_a) + _cells(stratum_b)
    patients = sum(n for _, n in cells)
    if any(n == 0 for _, n in cells):
        methods = (_RATIO_OF_ODDS_RATIOS, _RATIO_OF_RISK_RATIOS, _DIFFERENCE, _RERI)
        return Interaction(*(_packed(_Wald(EMPTY), level, method, patients) for method in methods))
    odds, risks = _log_odds(cells), _log_risks(cells)
    return Interaction(
        _packed(odds, level, _RATIO_OF_ODDS_RATIOS, patients, logs=True),
        _packed(risks, level, _RATIO_OF_RISK_RATIOS, patients, logs=True),
        _difference(stratum_a, stratum_b, level, patients),
        _packed(_reri(cells), level, _RERI, patients),
    )


def _holds_arrays(stratum: object) -> bool:
    """Tell whether a stratum's counts are arrays; anything else is checked where it is read."""
    return isinstance(stratum, list | tuple) and len(stratum) == 4 and any(map(_is_array, stratum))


def _is_array(count: object) -> bool:
    return isinstance(count, np.ndarray) and count.ndim > 0


def _one_by_one(stratum_a: Stratum, stratum_b: Stratum, level: float) -> Interaction:
    """Compare each pair of strata in turn and put the answers side by side."""
    try:
        counts = np.broadcast_arrays(*(np.asarray(count) for count in (*stratum_a, *stratum_b)))
    except ValueError:
        raise CountError("arrays of counts must fit together", remedy="Give arrays of one shape.") from None
    rows = [[each.item() for each in row] for row in zip(*(np.ravel(count) for count in counts), strict=True)]
    found = [interaction(row[:4], row[4:], level) for row in rows]
    shape = counts[0].shape
    return Interaction(
        *(_side_by_side([getattr(each, scale) for each in found], shape, level) for scale in _SCALES)
    )


def _side_by_side(found: list[Estimate], shape: tuple[int, ...], level: float) -> Estimate:
    def column(name: str) -> Array:
        numbers = [getattr(each, name) for each in found]
        return np.array([math.nan if each is None else each for each in numbers], dtype=float).reshape(shape)

    texts = np.array([each.reason for each in found], dtype=object).reshape(shape)
    return pack(
        column("value"),
        column("low"),
        column("high"),
        column("p_value"),
        level=level,
        method=found[0].method if found else "",
        n=np.array([each.n for each in found], dtype=np.int64).reshape(shape),
        reasons=[(texts == reason, reason) for reason in dict.fromkeys(texts.ravel()) if reason],
    )


Cells = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Wald:
    """An estimate and its variance, or the reason why one of them is missing."""

    reason: str
    value: float = math.nan
    variance: float = math.nan


def _cells(stratum: Stratum) -> Cells:
    """Return (events, patients) of the treated and the untreated after checking them."""
    try:
        given = [np.asarray(count) for count in stratum]
    except (TypeError, ValueError):
        given = []
    if len(given) != 4 or any(count.ndim for count in given):
        raise ValueError("a stratum is four counts: events1, n1, events0, n0")
    two_groups(*stratum)
    events1, n1, events0, n0 = (int(each.item()) for each in given)
    return [(events1, n1), (events0, n0)]


def _contrast(parts: list[float]) -> float:
    treated_a, untreated_a, treated_b, untreated_b = parts
    return (treated_a - untreated_a) - (treated_b - untreated_b)


def _log_odds(cells: Cells) -> _Wald:
    if any(x in (0, n) for x, n in cells):
        return _Wald(NO_CELL)
    value = _contrast([math.log(x / (n - x)) for x, n in cells])
    return _Wald("", value, sum(1 / x + 1 / (n - x) for x, n in cells))


def _log_risks(cells: Cells) -> _Wald:
    if any(x == 0 for x, _ in cells):
        return _Wald(NO_EVENTS)
    value = _contrast([math.log(x / n) for x, n in cells])
    variance = sum((n - x) / (n * x) for x, n in cells)
    return _Wald("", value, variance) if variance > 0 else _Wald(NO_VARIANCE, value)


def _reri(cells: Cells) -> _Wald:
    (p11, v11), (p10, v10), (p01, v01), (p00, v00) = [(x / n, x * (n - x) / n**3) for x, n in cells]
    if p00 == 0:
        return _Wald(NO_REFERENCE)
    excess = p11 - p10 - p01
    variance = (v11 + v10 + v01 + (excess / p00) ** 2 * v00) / p00**2
    return _Wald("" if variance > 0 else NO_VARIANCE, excess / p00 + 1, variance or math.nan)


def _packed(part: _Wald, level: float, method: str, patients: int, *, logs: bool = False) -> Estimate:
    """Turn an estimate and its variance into limits and a Wald P, back on the scale of ratios for logs."""
    reach = quantile(level) * math.sqrt(part.variance)
    numbers = np.array([part.value, part.value - reach, part.value + reach])
    value, low, high = np.exp(numbers) if logs else numbers
    return pack(
        value,
        low,
        high,
        normal_p(np.asarray(part.value / math.sqrt(part.variance))),
        level=level,
        method=method,
        n=patients,
        reasons=[(bool(part.reason), part.reason)],
    )


def _difference(stratum_a: Stratum, stratum_b: Stratum, level: float, patients: int) -> Estimate:
    """Return Newcombe's interval for the difference of two risk differences, and the P it implies."""
    a, b = two_groups(*stratum_a), two_groups(*stratum_b)
    rd_a, rd_b = a.x1 / a.n1 - a.x0 / a.n0, b.x1 / b.n1 - b.x0 / b.n0

    def limits(z: Array) -> tuple[Array, Array]:
        return mover_difference(rd_a, *newcombe_limits(a, float(z)), rd_b, *newcombe_limits(b, float(z)))

    low, high = limits(np.asarray(quantile(level)))
    value = rd_a - rd_b
    if abs(value) < TINY:
        p_value = np.asarray(1.0)
    else:
        # The limit nearer 0 moves across it as the level rises.
        beyond = root(lambda z: -limits(z)[0] if value > 0 else limits(z)[1], NEAREST, FARTHEST)
        p_value = normal_p(beyond)
    return pack(value, low, high, p_value, level=level, method=_DIFFERENCE, n=patients)
