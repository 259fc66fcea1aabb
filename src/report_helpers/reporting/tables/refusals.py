"""Refused estimates in a table: a short text in the cell, the reason once below the table."""

from __future__ import annotations

import re
import string

from report_helpers.reporting import estimates
from report_helpers.reporting.report import Report
from report_helpers.reporting.tables.build import Note, text
from report_helpers.results.withheld import NOT_SHOWN, REASON

_COUNTED = re.compile(r"(\d+(?:\.\d+)?) (.+)")


class Refusals:
    """Letters for the reasons of one table, given as the reasons come.

    Reasons that differ in their number alone (``3.4 events per model term, fewer than 10``) share a letter;
    the number then stands in the cell.

    Parameters
    ----------
    where : str
        Id of the table.
    """

    def __init__(self, where: str) -> None:
        self._where = where
        self._kinds: dict[tuple[str, bool], str] = {}

    def cell(self, r: Report, path: str, reason: str, verb: str = "adjusted") -> str:
        """Return ``not adjusted (3.4)`` with its letter, as the cell of the value at `path`."""
        if reason == REASON:
            return r.value(path).said(NOT_SHOWN).html(self._where)
        told = estimates.because(reason)
        counted = _COUNTED.fullmatch(told)
        kind = (counted.group(2), True) if counted else (told, False)
        mark = self._kinds.setdefault(kind, _letter(len(self._kinds)))
        short = f"not {verb} ({counted.group(1)})" if counted else f"not {verb}"
        return f"{r.value(path).said(short).html(self._where)}<sup>{mark}</sup>"

    def notes(self) -> list[Note]:
        """Return one note for each reason met."""
        return [
            Note(f"<sup>{mark}</sup> {text(_sentence(f'In brackets: {told}' if counted else told))}")
            for (told, counted), mark in self._kinds.items()
        ]


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _letter(place: int) -> str:
    letters = string.ascii_lowercase
    return letters[place] if place < len(letters) else f"{letters[place // 26 - 1]}{letters[place % 26]}"
