"""The one criterion by which a result is put into words: the interval of the primary estimator.

A comparison is worded by the confidence interval of its risk ratio, an adjusted contrast by that of its
standardised risk ratio, the interaction by that of the ratio of risk ratios. With L and U its limits:

======== ======================================================================================
higher   L is above 1 (an unbounded U leaves this as it is)
lower    U is below 1
similar  0.80 ≤ L and U ≤ 1.25, a margin that has to be shown and that no high P value shows
unclear  none of these: the interval includes 1, and the data allow a difference in either direction
unknown  there is no interval, because a group is empty, nobody has the event, or the model was refused
======== ======================================================================================

``higher`` and ``lower`` are *marked* where the limit nearer to 1 is at 1.5 or beyond (1/1.5 or below), and
neither group has fewer than 20 patients; where one has, they are said with that remark. A difference is held
against 0 in the same way, but has no margin and no mark. P values choose no word.
"""

from __future__ import annotations

from dataclasses import dataclass

from report_helpers.reporting import estimates, formats
from report_helpers.results.adjusted import Adjusted
from report_helpers.results.model import Comparison, Contrast
from report_helpers.results.sensitivity import Sensitivity
from report_helpers.statistics import Estimate, Interaction

HIGHER, LOWER, SIMILAR, UNCLEAR, UNKNOWN = "higher", "lower", "similar", "unclear", "unknown"
SIMILAR_FROM, SIMILAR_TO = 0.80, 1.25
MARKED = 1.5


@dataclass(frozen=True)
class Finding:
    """What one interval allows to be said.

    Parameters
    ----------
    estimate : Estimate
        The estimate whose interval decides.
    null : float
        Its value where there is no difference: 1 for a ratio, 0 for a difference.
    observed : str
        What was seen in these patients, whatever the interval: ``higher``, ``lower``, ``the same``, or
        nothing where there was no comparison.
    smallest : int, optional
        Patients in the smaller group; None where it is not known.
    why : str
        Why nothing can be said, where nothing can, in the reader's words.
    name : str
        What the estimate is called.
    otherwise : str
        What is said where there is no estimate.

    Examples
    --------
    >>> ratio = Estimate(1.73, 1.12, 2.83, 0.95, None, "Koopman score interval", 271)
    >>> Finding(ratio, 1.0, "higher", 52).verdict
    'higher'
    """

    estimate: Estimate
    null: float
    observed: str
    smallest: int | None = None
    why: str = ""
    name: str = "risk ratio"
    otherwise: str = "not comparable"

    @property
    def verdict(self) -> str:
        """One of the five words above."""
        low, high = self.estimate.low, self.estimate.high
        if low is None and high is None:
            return UNKNOWN
        if low is not None and low > self.null:
            return HIGHER
        if high is not None and high < self.null:
            return LOWER
        # Nobody in either group has the event: the limits are those of the scale itself.
        if self.estimate.value is None and not low and high is None:
            return UNKNOWN
        return SIMILAR if self.similar else UNCLEAR

    @property
    def excludes(self) -> bool:
        """Whether the interval excludes no difference."""
        return self.verdict in (HIGHER, LOWER)

    @property
    def known(self) -> bool:
        """Whether there is anything to say."""
        return self.verdict != UNKNOWN

    @property
    def similar(self) -> bool:
        """Whether the whole interval of a ratio lies within the margin of similarity."""
        low, high = self.estimate.low, self.estimate.high
        if self.null != 1 or low is None or high is None:
            return False
        return low >= SIMILAR_FROM and high <= SIMILAR_TO

    @property
    def marked(self) -> bool:
        """Whether the interval carries a word of strength."""
        if self.null != 1 or self.small:
            return False
        low, high = self.estimate.low, self.estimate.high
        return (low is not None and low >= MARKED) or (high is not None and high <= 1 / MARKED)

    @property
    def small(self) -> bool:
        """Whether a group is too small for a word of strength."""
        return self.smallest is not None and self.smallest < formats.SMALL

    @property
    def words(self) -> str:
        """The finding in words that fit "the rate was …": ``lower, but with an interval that includes 1``."""
        if self.excludes:
            few = f", though with a group of fewer than {formats.SMALL} patients" if self.small else ""
            return f"{self.verdict}{few}"
        if not self.known:
            return f"{self.otherwise} ({self.why})" if self.why else self.otherwise
        seen = self.observed or "not estimable"
        joined = ", with" if seen == "the same" else ", but with"
        return f"{seen}{joined} an interval that includes {'no difference' if self.null else 0}"


def finding(found: object) -> Finding | None:
    """Return what a part of the results allows to be said, or None where it compares nothing."""
    match found:
        case Contrast():
            return finding(found.outcomes[found.primary])
        case Sensitivity():
            return finding(found.comparison)
        case Comparison():
            return Finding(
                found.risk_ratio,
                1.0,
                observed(found.risk_difference),
                min(found.n, found.reference_n) if found.unit == "patient" else None,
                absent(found) or estimates.reason(found.risk_ratio),
            )
        case Adjusted():
            seen, why = observed(found.risk_difference), estimates.because(found.reason)
            return Finding(found.risk_ratio, 1.0, seen, why=why, otherwise="not adjusted")
        case Interaction():
            ratio = found.ratio_of_risk_ratios
            why = estimates.reason(ratio)
            return Finding(ratio, 1.0, _side(ratio, 1.0), why=why, name="ratio of risk ratios")
    return None


def null_of(name: str) -> float | None:
    """Return the value of no difference of an estimate by its name: 1 of a ratio, 0 of a difference.

    None of a name that is no estimate's, such as that of its P value or number of patients.
    """
    words = name.split("_")
    if words[-1] in ("p", "n"):
        return None
    if {"ratio", "ratios"} & set(words) or name in ("poisson", "per_embryo"):
        return 1.0
    return 0.0 if {"difference", "differences"} & set(words) or name == "reri" else None


def found_in(estimate: Estimate, name: str) -> Finding | None:
    """Return what an estimate of a ratio or a difference allows to be said; its name tells which it is."""
    null = null_of(name)
    if null is None:
        return None
    called = {"poisson": "risk ratio", "reri": "RERI"}.get(name, name.replace("_", " "))
    why = estimates.reason(estimate)
    return Finding(estimate, null, _side(estimate, null), why=why, name=called)


def observed(difference: Estimate) -> str:
    """Return which rate was higher as it is printed, with one decimal; nothing where there is none."""
    if difference.value is None:
        return ""
    shown = formats.percentage(difference.value)
    return "the same" if shown == "0.0" else LOWER if shown[0] == formats.MINUS else HIGHER


def absent(found: Comparison) -> str:
    """Say which group, if any, has nobody in it whose outcome is known."""
    if found.n == 0 and found.reference_n == 0:
        return "no patients with a known outcome"
    if found.n == 0:
        return "no treated patients"
    if found.reference_n == 0:
        return "no untreated patients"
    if found.events == 0 and found.reference_events == 0:
        return "no events in either group"
    return ""


def _side(estimate: Estimate, null: float) -> str:
    if estimate.value is None or estimate.value == null:
        return "" if estimate.value is None else "the same"
    return HIGHER if estimate.value > null else LOWER
