"""With what a version is made: the system, Python, and the packages that write its bytes."""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping
from importlib import metadata

_PROGRAM = "report-helpers"
_NAME = re.compile(r"[\w.-]+")


def made_with() -> dict[str, str]:
    """Return name and version of the system, of Python, of this program and of the packages it needs."""
    found = {
        platform.system() or "unknown": platform.machine() or "unknown",
        "Python": platform.python_version(),
    }
    try:
        needed = [each for each in metadata.requires(_PROGRAM) or () if "extra ==" not in each]
    except metadata.PackageNotFoundError:  # run from its folder without having been installed
        return found
    names = [match[0] for each in needed if (match := _NAME.match(each))]
    return found | {name: metadata.version(name) for name in (_PROGRAM, *sorted(names))}


def differences(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Return in words what is not as it was.

    Examples
    --------
    >>> differences({"Python": "3.11.7", "numpy": "2.4.6"}, {"Python": "3.11.7", "numpy": "2.5.0"})
    ['numpy was 2.4.6 and is 2.5.0']
    """
    absent = "not there"
    return [
        f"{name} was {then.get(name, absent)} and is {now.get(name, absent)}"
        for name in dict.fromkeys((*then, *now))
        if then.get(name) != now.get(name)
    ]
