"""What a document may show of the data it reads where these are real patients'."""

from __future__ import annotations

from collections.abc import Mapping

_ABOUT_CODE = frozenset(
    (
        "AttributeError",
        "FileNotFoundError",
        "ImportError",
        "IndentationError",
        "MemoryError",
        "ModuleNotFoundError",
        "NameError",
        "RecursionError",
        "SyntaxError",
        "TabError",
        "UnboundLocalError",
        "ZeroDivisionError",
    )
)
"""Python's own whose messages name code and files. Others quote values: could not convert string to float."""

OURS = frozenset(
    (
        "CheckError",
        "ClaimError",
        "CohortError",
        "CountError",
        "FlowError",
        "ManuscriptError",
        "OperatingCharacteristicsError",
        "StudyError",
        "SynthesisError",
        "TrackedDataError",
        "UnknownResultError",
    )
)
"""This package's, which never show a patient's value."""


def may_show(name: str, about: Mapping[str, object], *, strict: bool = False) -> bool:
    """Tell whether the message of an exception of this class, or a ``DataFrame``, may be shown.

    Parameters
    ----------
    name : str
        The class.
    about : mapping
        What `prepare` returned; empty for a project without a study, which shows all.
    strict : bool, optional
        Whether rows are refused of synthetic patients, too.
    """
    provenance = about.get("provenance")
    if not isinstance(provenance, Mapping):
        return True
    if name == "DataFrame":
        return bool(provenance["synthetic"]) and not strict
    return bool(provenance["synthetic"]) or name in _ABOUT_CODE or name in OURS
