"""The errors this package raises on purpose: what is wrong, where, and what to do."""

from __future__ import annotations


class ManuscriptError(Exception):
    """Something in the study, the data or the manuscript that its author can put right.

    Parameters
    ----------
    what : str
        The problem in one sentence, free of any patient's value.
    where : str, optional
        File and line, or column and rule.
    remedy : str, optional
        What the author can do about it.
    """

    def __init__(self, what: str, where: str = "", remedy: str = "") -> None:
        self.what, self.where, self.remedy = what, where, remedy
        super().__init__(what)

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows in place of a traceback: the message, which is for the author."""
        return str(self).splitlines()

    def __str__(self) -> str:
        """Return the message as it is shown to the author."""
        place = f"{self.where}: " if self.where else ""
        advice = f"\n  {self.remedy}" if self.remedy else ""
        return f"{place}{self.what}{advice}"
