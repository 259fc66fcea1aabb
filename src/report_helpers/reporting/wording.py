"""Reasons in the study's words: statistics know columns and codes, a reader knows labels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from report_helpers.reporting.criterion import absent
from report_helpers.reporting.formats import lower_first
from report_helpers.results.adjusted import Adjusted
from report_helpers.results.model import Comparison, Profile, Results
from report_helpers.statistics import Estimate, Interaction, Weighted
from report_helpers.study.definition import Study

Reasoned = TypeVar("Reasoned", bound=Adjusted | Comparison | Interaction | Weighted | Estimate)

# The four cells of profile and treatment are compared with one of them, which statistics call group 0.
_EMPTY = ("no patients in a group", "no units in a group")
_CELLS = {
    "group 0": "the reference group",
    "group 1": "the group compared with it",
    "no patients in a group": "no patients in one of the two groups",
}
_FOUR_GROUPS = {"no patients in a group": "no patients in one of the four groups"}


def worded(results: Results) -> Results:
    """Return the results with every reason of an adjusted analysis in the study's words, and of empty groups.

    ``found in one arm only: embryo_quality poor`` becomes ``found in one arm only: best embryo quality:
    poor``. Reasons elsewhere name no column, but leave open which group is empty.
    """
    words = study_words(results.study)
    return replace(
        results,
        regulated=_profile(results.regulated),
        dysregulated=_profile(results.dysregulated),
        sensitivity={
            profile: {key: replace(each, comparison=_named(each.comparison)) for key, each in made.items()}
            for profile, made in results.sensitivity.items()
        },
        bounds={
            key: replace(each, best=_named(each.best), worst=_named(each.worst))
            for key, each in results.bounds.items()
        },
        adjusted={key: _said(each, words | _CELLS) for key, each in results.adjusted.items()},
        joint={key: _said(each, _CELLS) for key, each in results.joint.items()},
        interaction=_said(results.interaction, _FOUR_GROUPS),
    )


def _profile(profile: Profile) -> Profile:
    contrasts = {
        name: replace(each, outcomes={key: _named(found) for key, found in each.outcomes.items()})
        for name, each in profile.contrasts.items()
    }
    return replace(profile, contrasts=contrasts)


def _named(found: Comparison) -> Comparison:
    """Return a comparison whose reasons name the empty group: the statistics know only that there is one."""
    empty = absent(found) if found.n == 0 or found.reference_n == 0 else ""
    return _said(found, dict.fromkeys(_EMPTY, empty)) if empty else found


def study_words(study: Study) -> dict[str, str]:
    """Return the label of each covariate by its column, and of each level by column and code.

    A column whose name is an ordinary word is left out: a reason may use the word itself.
    """
    found: dict[str, str] = {}
    for covariate in study.covariates:
        label = lower_first(covariate.label)
        for code, level in covariate.levels.items():
            found[f"{covariate.key} {code}"] = f"{label}: {lower_first(level)}"
        if "_" in covariate.key:
            found[covariate.key] = label
    return found


def _said(found: Reasoned, words: Mapping[str, str]) -> Reasoned:
    changes: dict[str, Any] = {}
    for field in fields(found):
        value = getattr(found, field.name)
        if field.name == "reason":
            changes[field.name] = _translated(value, words)
        elif isinstance(value, Estimate | Weighted):
            changes[field.name] = _said(value, words)
    return replace(found, **changes)


def _translated(reason: str, words: Mapping[str, str]) -> str:
    if not reason or not words:
        return reason
    # The longer first: a column with its code before the column alone.
    names = "|".join(re.escape(name) for name in sorted(words, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{names})(?!\w)", lambda found: words[found.group()], reason)
