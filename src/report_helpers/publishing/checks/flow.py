"""Flow arithmetic: numbers that the ledger says must add up do so, in text, tables and pictures.

Those screened are those excluded and those eligible; those excluded, the sum of the reasons; and so on for
every sum that the ledger declares (`relations`), such as the levels of a characteristic. A sum with a number
that is not printed, or is not shown, cannot be judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.reading.digits import numbers
from report_helpers.publishing.checks.reading.manuscript import Manuscript
from report_helpers.publishing.checks.reading.passages import NOWHERE, float_line, parts_of
from report_helpers.publishing.checks.reading.quantities import WHOLE, Printing, counted, printings

NAME = "flow"
_REMEDY = "Print each of these numbers from the results; where all are, the fault is in the analysis."


@dataclass(frozen=True)
class Sum:
    """A number and those that add up to it, by name."""

    total: str
    parts: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All names in it."""
        return (self.total, *self.parts)

    def wrong(self, values: Mapping[str, int]) -> str:
        """Return in words how it fails; nothing where it holds, or cannot be judged."""
        if any(name not in values for name in self.names):
            return ""
        found = sum(values[name] for name in self.parts)
        if found == values[self.total]:
            return ""
        told = " + ".join(str(values[name]) for name in self.parts)
        return f"{told} is {found}, not {values[self.total]} ({', '.join(self.parts)}; {self.total})"


def flows(manuscript: Manuscript) -> Iterator[Finding]:
    """Find numbers that do not add up."""
    declared = sums(manuscript)
    values = counted(manuscript)
    for name, broken in _culprits([each for each in declared if each.wrong(values)]):
        key = name.removesuffix(WHOLE)
        entry = next(each for each in manuscript.entries if each["key"] == key)
        what = "; ".join(each.wrong(values) for each in broken)
        yield Finding(NAME, f"{what}.", entry["file"] or "", entry["line"] or 0, _REMEDY, str(values[name]))
    sound = [each for each in declared if not each.wrong(values)]
    for each in printings(manuscript):
        for name, value in each.counts():
            if value == values.get(name, value):
                continue
            wrong = (one.wrong({**values, name: value}) for one in sound if name in one.names)
            if what := next(filter(None, wrong), ""):
                line = each.line
                yield Finding(
                    NAME, f"{each.told}{what}.", line.file, line.number, _REMEDY, each.text, each.context
                )
                break
    yield from _alternatives(manuscript, sound, values)


def sums(manuscript: Manuscript) -> tuple[Sum, ...]:
    """Return the sums that the ledger declares."""
    declared = manuscript.ledger.get("relations", {}).get("sums", ())
    return tuple(Sum(each["total"], tuple(each["parts"])) for each in declared)


def _culprits(broken: list[Sum]) -> Iterator[tuple[str, list[Sum]]]:
    """Name for sums that fail the number that most of them have in common."""
    while broken:
        often = Counter(name for each in broken for name in each.names)
        name = max(often, key=lambda each: often[each])
        yield name, [each for each in broken if name in each.names]
        broken = [each for each in broken if name not in each.names]


def _alternatives(
    manuscript: Manuscript, sound: Sequence[Sum], values: Mapping[str, int]
) -> Iterator[Finding]:
    """Find numbers of the sums that are drawn in a picture, but not in its alternative text."""
    summed = {name for each in sound if all(one in values for one in each.names) for name in each.names}
    for picture in parts_of(manuscript.html).pictures:
        drawn = {
            name: values[name]
            for line in picture.drawn
            if line.key
            for name, _ in Printing(line.key, line.text, NOWHERE, "drawn").counts()
            if name in summed
        }
        told = Counter(int(each.value) for each in numbers(picture.alt) if not each.places)
        spare = told - Counter(drawn.values())
        for value, missing in (Counter(drawn.values()) - told).items():
            names = [name for name in drawn if drawn[name] == value]
            instead = f"; it has {', '.join(map(str, sorted(spare)))} instead" if spare else ""
            lacking = f"{value} ({', '.join(names[:missing])})"
            what = f"The alternative text of {picture.label} lacks {lacking}{instead}."
            line = float_line(manuscript, picture.label)
            quote = str(next(iter(sorted(spare)), ""))
            yield Finding(NAME, what, line.file, line.number, _REMEDY, quote, picture.alt)
