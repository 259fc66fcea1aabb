"""Guarded claims: the author's own words, printed only while the data bear them out.

``claim("higher", r.dysregulated.any)`` prints *higher* as long as that is true by the criterion of
`report_helpers.reporting.criterion`. Where it is not, a draft shows a marker in its place, and a strict
render stops with the line of the claim and what the data say. Free text is guarded by a named condition::

    claim("no harm was seen", r.regulated.any, when="not lower")
    claim("several groups are small", r.small_groups)

`PHRASES` lists the words that need no condition, and what must hold for each; `CONDITIONS` the conditions.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from report_helpers.errors import ManuscriptError
from report_helpers.reporting import criterion, estimates
from report_helpers.reporting.criterion import Finding
from report_helpers.reporting.ledger import Ledger
from report_helpers.reporting.reported import Reported

CONDITIONS: Mapping[str, Callable[[Finding], bool]] = {
    "higher": lambda found: found.verdict == criterion.HIGHER,
    "lower": lambda found: found.verdict == criterion.LOWER,
    "not higher": lambda found: found.verdict != criterion.HIGHER,
    "not lower": lambda found: found.verdict != criterion.LOWER,
    "markedly higher": lambda found: found.verdict == criterion.HIGHER and found.marked,
    "markedly lower": lambda found: found.verdict == criterion.LOWER and found.marked,
    "interval excludes no difference": lambda found: found.excludes,
    "interval includes no difference": lambda found: found.known and not found.excludes,
    "interval excludes 1": lambda found: found.null == 1 and found.excludes,
    "interval includes 1": lambda found: found.null == 1 and found.known and not found.excludes,
    "similar": lambda found: found.similar,
    "observed higher": lambda found: found.observed == criterion.HIGHER,
    "observed lower": lambda found: found.observed == criterion.LOWER,
    "estimable": lambda found: found.known,
    "not estimable": lambda found: not found.known,
    "a group is small": lambda found: found.small,
}
"""What ``when=`` can name, and whether it holds. Where nothing is estimable, ``not estimable`` holds, and
so do ``not higher`` and ``not lower``; no other word of direction does."""

PHRASES: Mapping[str, str] = {
    **dict.fromkeys(("higher", "more frequent", "improved", "increased", "raised", "better"), "higher"),
    **dict.fromkeys(("lower", "less frequent", "worse", "decreased", "reduced"), "lower"),
    **dict.fromkeys(("markedly higher", "markedly improved", "markedly increased"), "markedly higher"),
    **dict.fromkeys(("markedly lower", "markedly worse", "markedly reduced"), "markedly lower"),
    **dict.fromkeys(
        ("different", "differed", "associated", "differed between profiles"),
        "interval excludes no difference",
    ),
    **dict.fromkeys(
        (
            "no evidence of a difference",
            "no evidence of an interaction",
            "not clearly different",
            "uncertain",
        ),
        "interval includes no difference",
    ),
    **dict.fromkeys(("similar", "about the same"), "similar"),
    "higher in these patients": "observed higher",
    "lower in these patients": "observed lower",
    **dict.fromkeys(("not estimable", "not comparable"), "not estimable"),
}
"""The vocabulary: each phrase with the condition that must hold for it."""

_REFUSED = {
    "significant": "say “higher” or “lower”, which the interval decides",
    "no effect": "an interval that includes 1 does not show it: say “no evidence of a difference”",
    "no difference": "an interval that includes 1 does not show it: say “no evidence of a difference”",
    "trend": "a direction that the interval leaves open is “higher in these patients”",
    "effective": "the design does not show an effect: say “higher”",
    "caused": "the design does not show a cause: say “associated”",
}
"""Words that no result of this design bears out, with what can be said instead."""


class ClaimError(ManuscriptError):
    """A claim that cannot be judged, or one that is not true of the data in a strict render."""


@dataclass(frozen=True)
class _Judged:
    """A condition on one part of the results: whether it holds, and what the data say."""

    key: str
    holds: bool
    data: str
    ledger: Ledger | None


def claim(phrase: str, about: object, when: str = "", otherwise: str = "") -> Reported:
    """Return `phrase` if the data bear it out.

    Parameters
    ----------
    phrase : str
        A phrase of `PHRASES`, or free text if `when` names a condition or `about` is one.
    about : part of the results, or Reported
        A contrast (``r.dysregulated.any``), another comparison, an adjusted contrast, the interaction, one
        estimate of a ratio or difference, or a condition of the whole cohort (``r.small_groups``).
    when : str, optional
        The condition of `CONDITIONS` that must hold for free text.
    otherwise : str, optional
        What is printed instead where the claim does not hold: a sentence for both cases leaves no marker.

    Returns
    -------
    Reported
        The phrase; a marker where it does not hold and there is nothing to print instead.

    Raises
    ------
    ClaimError
        For a phrase or condition that is not known, and, in a strict render, for a claim that does not hold.

    Examples
    --------
    >>> from report_helpers.reporting.reported import Reported
    >>> print(claim("several groups are small", Reported("9 of 26 groups", "small_groups", True)))
    several groups are small
    """
    judged = _judge(phrase, about, when)
    if judged.holds or otherwise:
        text = phrase if judged.holds else otherwise
        return Reported(text, judged.key, judged.holds, method="claim", ledger=judged.ledger)
    if _strict():
        raise ClaimError(
            f"the claim “{phrase}” does not hold; the data say: {judged.data}",
            remedy="change the claim to what the data say, or take it out",
        )
    marker = f"[claim does not hold: “{phrase}”; the data say: {judged.data}]"
    return Reported(marker, judged.key, False, method="claim", ledger=judged.ledger, mark="claim-fails")


def according_to(
    about: object, *, higher: str, lower: str, unclear: str, unknown: str, similar: str = ""
) -> Reported:
    """Return the text that belongs to what was found, so that a passage is true whichever it is.

    Parameters
    ----------
    about : part of the results, or Reported
        As in `claim`.
    higher, lower, unclear, unknown, similar : str
        The text for each verdict of the criterion; without `similar`, `unclear` is said there too.
    """
    found, path, ledger = _finding(about)
    texts = {
        criterion.HIGHER: higher,
        criterion.LOWER: lower,
        criterion.UNCLEAR: unclear,
        criterion.SIMILAR: similar or unclear,
        criterion.UNKNOWN: unknown,
    }
    key = f"claims.{path}.finding"
    return Reported(texts[found.verdict], key, found.verdict, method="claim", ledger=ledger)


def _judge(phrase: str, about: object, when: str) -> _Judged:
    if isinstance(about, Reported) and isinstance(about.value, bool):
        if when:
            raise ClaimError(
                f"{about.key} holds or does not, and takes no condition", remedy="leave out “when”"
            )
        return _Judged(f"claims.{about.key}", about.value, about.text, about.ledger)
    name = when or _condition_of(phrase)
    if name not in CONDITIONS:
        raise ClaimError(f"there is no condition “{name}”", remedy=_nearest(name, CONDITIONS))
    found, path, ledger = _finding(about)
    key = f"claims.{path}.{re.sub(r'[^a-z]+', '_', name)}"
    return _Judged(key, CONDITIONS[name](found), _said(found), ledger)


def _condition_of(phrase: str) -> str:
    words = " ".join(phrase.lower().split())
    if words in PHRASES:
        return PHRASES[words]
    refused = next((why for word, why in _REFUSED.items() if word in words), "")
    raise ClaimError(
        f"“{phrase}” is no phrase whose condition is known",
        remedy=refused
        or f"{_nearest(words, PHRASES)}; free text needs a condition: when=“{next(iter(CONDITIONS))}”",
    )


def _nearest(asked: str, known: Mapping[str, object]) -> str:
    close = get_close_matches(asked, known, n=3, cutoff=0.5)
    if close:
        return f"did you mean {' or '.join(f'“{each}”' for each in close)}?"
    return f"known are: {', '.join(known)}"


def _finding(about: object) -> tuple[Finding, str, Ledger | None]:
    """Return what can be said of a part of the results, its path and the ledger of its report."""
    if isinstance(about, Reported):
        path, ledger = about.key, about.ledger
        found = criterion.found_in(about.estimate, path.rpartition(".")[2]) if about.estimate else None
    else:
        value = getattr(about, "_value", about)
        path = getattr(about, "_path", "") or str(getattr(value, "key", type(value).__name__.lower()))
        ledger = getattr(about, "_ledger", None)
        found = criterion.finding(value)
    if found is None:
        raise ClaimError(
            f"{path or 'this'} compares nothing, so that no claim about it can be judged",
            remedy="name a contrast, such as r.dysregulated.any, or one of its ratios or differences",
        )
    return found, path, ledger


def _said(found: Finding) -> str:
    if not found.known:
        return found.words
    show = estimates.ratio if found.null else estimates.difference
    if found.name == "RERI":
        show = estimates.score
    return f"{found.words}, {found.name} {show(found.estimate)}"


def _strict() -> bool:
    return os.environ.get("MANUSCRIPT_STRICT", "0") not in ("", "0")
