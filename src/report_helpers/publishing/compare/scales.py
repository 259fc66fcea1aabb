"""What a number's key tells of its scale: the value of no difference, a P value, a finding in words."""

from __future__ import annotations

import re

BORDER = 0.05
"""The P value whose crossing is told."""

_OF = r"(_of_[a-z_]+|_bootstrap)?$"
_NULL_VALUES = (
    (re.compile(r"(^|_)ratio" + _OF), 1.0),
    (re.compile(r"^(poisson|per_embryo)$"), 1.0),
    (re.compile(r"(^|_)difference" + _OF), 0.0),
    (re.compile(r"^reri$"), 0.0),
)
_P_VALUE = re.compile(r"(^|_)(p|holm)$")


def null_value(key: str) -> float | None:
    """Return the value of no difference on the scale of an estimate, or None where there is none.

    Examples
    --------
    >>> null_value("dysregulated.any.risk_ratio"), null_value("dysregulated.any.risk_difference")
    (1.0, 0.0)
    """
    if is_p_value(key):
        return None
    return next((value for pattern, value in _NULL_VALUES if pattern.search(_last(key))), None)


def is_p_value(key: str) -> bool:
    """Tell whether the number is a P value itself, rather than an estimate that has one."""
    return bool(_P_VALUE.search(_last(key)))


def is_finding(key: str) -> bool:
    """Tell whether the words are those of a conclusion: a finding, or a claim that a finding guards."""
    return _last(key) == "finding" or key.startswith("claims.")


def parent(key: str) -> str:
    """Return the path of what the number is one of: its comparison or its group."""
    return key.rpartition(".")[0]


def in_words(key: str) -> str:
    """Return a key as it is read.

    Examples
    --------
    >>> in_words("dysregulated.any.risk_ratio")
    'dysregulated, any: risk ratio'
    """
    *path, last = re.sub(r"_p$", ", P", key).replace("_", " ").split(".")
    return f"{', '.join(path)}: {last}" if path else last


def _last(key: str) -> str:
    return key.rpartition(".")[2]
