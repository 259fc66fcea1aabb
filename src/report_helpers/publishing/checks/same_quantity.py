"""The same quantity is printed equal wherever it stands: text, table, figure, and every format.

Each computed value of the page is held against the ledger: its text has to be one that the ledger has for
its key, and the rounding of the exact value there; drawings likewise. Keys that the ledger declares to be the
same quantity (`relations`) have the same value, an alternative text has the numbers of its drawing, and the
other formats print the numbers of the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.flow import sums
from report_helpers.publishing.checks.format_numbers import differing
from report_helpers.publishing.checks.reading.digits import Number, numbers, without_levels
from report_helpers.publishing.checks.reading.manuscript import Manuscript, context_of
from report_helpers.publishing.checks.reading.page_parts import Picture
from report_helpers.publishing.checks.reading.passages import NOWHERE, float_line, held, parts_of
from report_helpers.publishing.checks.reading.quantities import WHOLE, Printing, counted, printings, says

NAME = "same-quantity"
_REMEDY = "Print it from the results, and nothing else in its place."
_FILES = {"pdf": "the PDF", "docx": "the Word file", "jats": "the JATS file"}
_ENGINE = "Render again; if it stays, the writer of that format is at fault: please report it."


def same_quantities(manuscript: Manuscript) -> Iterator[Finding]:
    """Find values that are printed differently from what was computed, or in one place from another."""
    entries = held(manuscript)
    summed = {name.removesuffix(WHOLE) for each in sums(manuscript) for name in each.names}
    told = set[str]()  # a fault is told once: keys and pictures of which it was
    for each in printings(manuscript):
        known = entries.get(each.key, ())
        if each.picture:
            what = "" if each.key in summed else _drawn(each, [str(one["text"]) for one in known])
        else:
            what = _printed(each, known) or ("" if each.key in told else _inexact(each, known))
        if what:
            told.add(each.picture or each.key)
            line = each.line
            yield Finding(
                NAME, f"{each.told}{what}", line.file, line.number, _REMEDY, each.text, each.context
            )
    for key, finding in _declared(manuscript):
        if key not in told:
            told.add(key)
            yield finding
    for picture in parts_of(manuscript.html).pictures:
        if picture.label not in told:
            yield from _alternative(manuscript, picture, summed)
    for name, (paragraph, at, what) in differing(manuscript):
        token = paragraph.tokens[at]
        if token.key not in told:
            place = manuscript.place(paragraph, at) or NOWHERE
            context = context_of(paragraph, at)
            yield Finding(
                NAME, f"In {_FILES[name]}, {what}", place.file, place.number, _ENGINE, token.text, context
            )


def _printed(each: Printing, found: Sequence[Mapping[str, Any]]) -> str:
    """Hold a computed value of the page against the entries of its key."""
    if not found:
        return f"“{each.text}” is marked as {each.key}, which the ledger does not have."
    texts = [_even(one["text"]) for one in found]
    if each.text in texts:
        return ""
    listed = " or ".join(f"“{text}”" for text in dict.fromkeys(texts))
    return f"“{each.text}” is printed for {each.key}, for which the ledger has {listed}."


def _inexact(each: Printing, found: Sequence[Mapping[str, Any]]) -> str:
    """Find a text that is no rounding of the exact value that the ledger has for it."""
    mine = [one for one in found if _even(one["text"]) == each.text]
    if any(says(each.text, one) for one in mine):
        return ""
    return f"“{each.text}” is printed for {each.key}, but {_exactly(mine[0])} was computed."


def _exactly(entry: Mapping[str, Any]) -> str:
    """Return what was computed in words, with as many digits as tell it from what is printed."""

    def said(value: float) -> str:
        return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"

    names = (("from", "low"), ("to", "high"))
    limits = [f"{word} {said(entry[name])}" for word, name in names if entry[name] is not None]
    interval = f", with an interval {' '.join(limits)}," if limits else ""
    return f"{said(entry['value'])}{interval}"


def _drawn(each: Printing, texts: list[str]) -> str:
    """Find a number of a drawing that no text of its key has."""
    has = {_worth(one) for text in texts for one in numbers(text)}
    lacking = [one.text for one in numbers(without_levels(each.text)) if _worth(one) not in has]
    if not lacking or not texts:
        return ""
    return f"{', '.join(lacking)} is drawn for {each.key}, for which the ledger has “{texts[0]}”."


def _declared(manuscript: Manuscript) -> Iterator[tuple[str, Finding]]:
    """Find names of one quantity whose values differ, each with its key."""
    values = counted(manuscript)
    places = {each["key"]: each for each in reversed(manuscript.entries)}
    for group in manuscript.ledger.get("relations", {}).get("same", ()):
        found = {name: values[name] for name in group if name in values}
        if len(set(found.values())) < 2:
            continue
        usual, _ = Counter(found.values()).most_common(1)[0]
        for name, value in found.items():
            if value != usual:
                other = next(one for one in found if found[one] == usual)
                entry = places[name.removesuffix(WHOLE)]
                what = f"{name} is {value}, but {other}, the same quantity, is {usual}."
                file, line = entry["file"] or "", entry["line"] or 0
                text = str(entry["text"])
                yield entry["key"], Finding(NAME, what, file, line, _REMEDY, text, text)


def _alternative(manuscript: Manuscript, picture: Picture, summed: set[str]) -> Iterator[Finding]:
    """Find numbers of an alternative text that are not in the drawing, or else not among its values."""
    keyed = [each for each in picture.drawn if each.key]
    if keyed and all(each.key in summed for each in keyed):
        return  # told by the check of sums
    told = numbers(without_levels(picture.alt))
    free = {_worth(one) for each in picture.drawn if not each.key for one in numbers(each.text)}
    drawn = [one for each in keyed for one in numbers(without_levels(each.text))]
    lettered = len(drawn) >= sum(_worth(one) not in free for one in told)
    if not lettered:  # a curve, whose points are marks and no letters
        free |= {_worth(one) for each in manuscript.entries for one in numbers(str(each["text"]))}
    elif not Counter(_worth(one) for one in drawn if one.places) - Counter(map(_worth, told)):
        free |= set(map(_worth, drawn))  # nothing drawn is lacking: a number may be told twice
    spare = Counter(map(_worth, drawn))
    for one in told:
        worth = _worth(one)
        if worth in free or not (lettered or one.places):
            continue
        if spare[worth]:
            spare[worth] -= 1
            continue
        line = float_line(manuscript, picture.label)
        source = "its drawing does not have" if lettered else "is none of the values computed"
        what = f"The alternative text of {picture.label} has {one.text}, which {source}."
        context = picture.alt[max(0, one.start - 60) : one.start + 60]
        yield Finding(NAME, what, line.file, line.number, _REMEDY, one.text, context)


def _even(text: object) -> str:
    return " ".join(str(text).split())


def _worth(one: Number) -> str:
    return f"{one.bound}{one.value.normalize():f}"
