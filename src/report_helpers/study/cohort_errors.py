"""What can be wrong with a cohort file, said without showing any patient's value."""

from __future__ import annotations

from dataclasses import dataclass

from report_helpers.errors import ManuscriptError
from report_helpers.study.words import counted, first_of


@dataclass(frozen=True)
class Breach:
    """A rule that some rows of one column break.

    Parameters
    ----------
    column : str
    rule : str
        What is wrong, as the end of a sentence that begins with the column.
    lines : tuple of int
        The first lines of the file concerned, a capped list.
    count : int
        How many rows are concerned.
    place : {"line", "row"}
        What ``lines`` counts.
    remedy : str
        The edit of ``study.yml`` that would mend it, if one would.
    """

    column: str
    rule: str
    lines: tuple[int, ...]
    count: int
    place: str = "line"
    remedy: str = ""

    def __str__(self) -> str:
        """Return the sentence: column, rule, number of rows, first lines."""
        noun = self.place if self.count == 1 else f"{self.place}s"
        rows = counted(self.count, "row")
        return f"{self.column} {self.rule}: {rows} ({noun} {first_of(self.lines, self.count)})"


class CohortError(ManuscriptError):
    """A cohort that cannot be analysed; ``breaches`` lists the broken rules, if it could be read at all."""

    def __init__(self, what: str, where: str, remedy: str, breaches: tuple[Breach, ...] = ()) -> None:
        self.breaches = breaches
        super().__init__(what, where, remedy)

    @classmethod
    def broken_rules(cls, name: str, breaches: tuple[Breach, ...], heading_line: int = 1) -> CohortError:
        """Return the error that lists every broken rule at once, and the edits that would mend some."""
        count = counted(len(breaches), "problem")
        what = "\n  ".join([f"the cohort cannot be analysed, it has {count}:", *map(str, breaches)])
        remedy = "Correct the rows in the source of the data, and export it again"
        remedy += f"; {breaches[0].place} {heading_line} holds the headings." if heading_line else "."
        edits = dict.fromkeys(each.remedy for each in breaches if each.remedy)
        return cls(what, name, "\n  ".join([remedy, *edits]), breaches)

    @classmethod
    def unreadable(cls, name: str, what: str, remedy: str) -> CohortError:
        """Return the error for a file that is not a table of patients."""
        return cls(what, name, remedy)
