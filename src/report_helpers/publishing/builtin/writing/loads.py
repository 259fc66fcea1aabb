"""Refuse a page that would load a file from outside the project, before pandoc puts in all that it names."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

_VALUE = r"""\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))"""
_LOADED = (
    re.compile(rf"\b(?:src|srcset|poster|data|background|background-image){_VALUE}", re.IGNORECASE),
    re.compile(rf"<(?:link|image|use|base)\b[^>]*?\bhref{_VALUE}", re.IGNORECASE),
    re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"']*))""", re.IGNORECASE),
    re.compile(r"""@import\s+(?:"([^"]*)"|'([^']*)'|(?!url)([^\s;]+))""", re.IGNORECASE),
)
_ELSEWHERE = ("data:", "#", "http:", "https:", "//")


def refuse_outside(
    text: str, find: Callable[[str], Path | None], folder: str = "", seen: frozenset[Path] = frozenset()
) -> None:
    """Look up every address that a page or a style sheet loads, and those of the style sheets it names.

    Parameters
    ----------
    text : str
        HTML or CSS. What merely looks like an address is looked up, too.
    find : callable
        Returns the file that an address means, or None; raises an error for one outside the project.
    folder : str
        Folder of the style sheet within the project.
    seen : frozenset of Path
        Style sheets on the way here.

    Examples
    --------
    >>> asked = []
    >>> refuse_outside('<b style="background: url(a.png)">', asked.append)
    >>> asked
    ['a.png']
    """
    for pattern in _LOADED:
        for match in pattern.finditer(text):
            address = unescape(next((group for group in match.groups() if group), "")).strip()
            if not address or address.lower().startswith(_ELSEWHERE):
                continue
            name = posixpath.join(folder, address)
            path = find(name)
            if path is not None and path.suffix.lower() == ".css" and path not in seen:
                styles = path.read_text(encoding="utf-8", errors="replace")
                refuse_outside(styles, find, posixpath.dirname(name), seen | {path})
