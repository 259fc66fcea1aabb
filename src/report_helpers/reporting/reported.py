"""A value ready to be printed that remembers which result it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from html import escape

from report_helpers.reporting import estimates
from report_helpers.reporting.ledger import Ledger, Printed
from report_helpers.results.withheld import NOT_SHOWN, REASON, is_withheld
from report_helpers.statistics import Estimate

# Whatever Markdown gives a meaning to, "--" and "..." included, which it would print as other signs.
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#$^~|@\"'&]|-(?=-)|(?<=-)-|\.(?=\.)|(?<=\.)\.)")


def escaped(text: str) -> str:
    """Return text in which nothing is Markdown."""
    return _SPECIAL.sub(r"\\\1", text)


@dataclass(frozen=True)
class Reported:
    r"""Text of one result, with the path that found it and the exact value behind it.

    Parameters
    ----------
    text : str
        What the reader sees.
    key : str
        Path in the results, such as ``dysregulated.prednisone.rate``.
    value : object
        The exact value: a number, text or date; None where nothing is known.
    estimate : Estimate, optional
        The estimate that `text` words, for the ledger.
    n : int, optional
        The denominator, where it is not the estimate's.
    method : str
        How the value was found, where there is no estimate to say it.
    ledger : Ledger, optional
        Where each printing is noted.
    mark : str
        A further class for the page's style sheet.

    Examples
    --------
    >>> Reported("P<0.001", "dysregulated.any.p", 0.0002)._repr_markdown_()
    '[P\\<0.001]{.num key="dysregulated.any.p"}'
    """

    text: str
    key: str
    value: object = None
    estimate: Estimate | None = field(default=None, repr=False, compare=False)
    n: int | None = field(default=None, repr=False, compare=False)
    method: str = field(default="", repr=False, compare=False)
    ledger: Ledger | None = field(default=None, repr=False, compare=False)
    mark: str = field(default="", repr=False, compare=False)

    def __str__(self) -> str:
        """Return the text alone."""
        return self.text

    def said(self, text: str) -> Reported:
        """Return the same value in other words, as a table's cell wants it."""
        return replace(self, text=text)

    def counted(self, one: str, many: str) -> Counted:
        """Return a count with the words that agree with it: ``r.flow.eligible.counted("was", "were")``."""
        return Counted(self, one if self.value == 1 else many)

    def html(self, where: str = "inline") -> str:
        """Return the value as an HTML span and note that it was printed in `where`."""
        self.note(where)
        return f'<span class="num" data-key="{escape(self.key)}">{escape(self.text)}</span>'

    def note(self, where: str) -> Reported:
        """Enter the value in the ledger as printed in `where`; return it for further use."""
        if self.ledger is not None:
            self.ledger.add(self._entry(where))
        return self

    def _repr_markdown_(self) -> str:
        self.note("inline")
        mark = f" .{self.mark}" if self.mark else ""
        return f'[{escaped(" ".join(self.text.split()))}]{{.num{mark} key="{self.key}"}}'

    def _entry(self, where: str) -> Printed:
        if NOT_SHOWN in self.text or is_withheld(self.value):
            n = None if is_withheld(self.n) else self.n
            return Printed(self.key, self.text, None, n=n, reason=REASON, where=where)
        value = self.value.isoformat() if isinstance(self.value, date) else self.value
        if value is not None and not isinstance(value, int | float | str):
            value = str(value)
        found = self.estimate
        if found is None:
            return Printed(self.key, self.text, value, n=self.n, method=self.method, where=where)
        n = self.n if self.n is not None else found.n
        n = None if is_withheld(n) else n
        return Printed(self.key, self.text, value, found.low, found.high, found.level, found.p_value, n,
                       found.method, estimates.reason(found), where)  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """A count followed by words that agree with it in number: ``1 patient was``, ``366 patients were``."""

    number: Reported
    words: str

    def __str__(self) -> str:
        """Return the text alone."""
        return f"{self.number} {self.words}"

    def _repr_markdown_(self) -> str:
        return f"{self.number._repr_markdown_()} {escaped(self.words)}"
