"""Recognise rows of data in what code shows: a pandas frame, series or index, or an array."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..errors import Problem

NAME = "DataFrame"
"""The class that is asked about for all of them."""

_TABLE = re.compile(r"""class=["'][^"']*\bdataframe\b""")
_TEXT = re.compile(r"\bdtype[:=]|\[\d+ rows x \d+ columns\]\s*$|^(?:array|<\w*Array>|\w*Index)\b[(\n]")


def shows_rows(data: Mapping[str, Any]) -> bool:
    r"""Tell whether a value, in the forms that it offers, is rows of data as they are.

    Examples
    --------
    >>> shows_rows({"text/plain": "0    41.0\n1    36.5\ndtype: float64"}), shows_rows({"text/plain": "2"})
    (True, False)
    """
    page, text = (
        "".join(found) if isinstance(found, list) else str(found)
        for found in (data.get("text/html", ""), data.get("text/plain", ""))
    )
    return bool(_TABLE.search(page) or _TEXT.search(text))


def refused_rows(what: str, file: str, line: int) -> Problem:
    """Say that rows are not shown."""
    return Problem(
        f"{what} shows rows of the data.",
        file,
        line,
        "Show what was counted or estimated from them; a cell whose last line ends with `;` shows nothing.",
    )
