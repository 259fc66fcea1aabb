"""Write the dictionary's values as an author's file has them: the map of ``study.yml`` in reverse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from report_helpers.study.data_source import MISSING, ColumnSource, DataSource
from report_helpers.study.dictionary import COLUMNS
from report_helpers.study.reading.table import folded

Texts = Mapping[str, np.ndarray]

_NEGATIVE = ("no", "none")


def their_columns(cells: Texts, options: DataSource) -> dict[str, np.ndarray]:
    """Return the columns of a file by their headings, in the order of the dictionary.

    Parameters
    ----------
    cells : mapping of str to numpy.ndarray of str or None
        By the dictionary's column, in its words.
    options : DataSource
        Its map. A column that is the same for all, or never recorded, is not in such a file.
    """
    single: dict[str, list[str]] = {}
    columns: dict[str, np.ndarray] = {}
    for name in COLUMNS:
        entry = options.source_of(name)
        if entry.source:
            single.setdefault(entry.source, []).append(name)
            columns.setdefault(entry.source, np.empty(0, dtype=object))
        for heading, answers in _answers(entry, cells[name]).items():
            before = columns.get(heading)
            if before is None or not len(before):
                columns[heading] = answers
            else:  # a column that tells of two diseases says yes where either is there
                columns[heading] = np.where(answers == _yes(entry), answers, before)
    for heading, names in single.items():
        columns[heading] = _coded(names, cells, options)
    return columns


def _coded(names: Sequence[str], cells: Texts, options: DataSource) -> np.ndarray:
    """Return a column that feeds some of the dictionary: in each row the code that fits most of them."""
    if len(names) == 1 and not options.source_of(names[0]).codes:
        return cells[names[0]]
    entries = {name: _complete(name, options.source_of(name), cells[name]) for name in names}
    rows = list(zip(*(cells[name] for name in names), strict=True))
    written = {values: _fitting(values, entries) for values in dict.fromkeys(rows)}
    return np.array([written[values] for values in rows], dtype=object)


def _complete(name: str, entry: ColumnSource, values: np.ndarray) -> Mapping[str, str]:
    """Return a column's codes with their meanings; of free text, such as clinics, as many as are drawn."""
    codes = {code: _number(name, target) for code, target in entry.codes.items()}
    if COLUMNS[name].kind != "category" or COLUMNS[name].values or not codes:
        return codes
    drawn = sorted({value for value in values if value})
    return dict(zip(codes, drawn, strict=False))


def _number(name: str, target: str) -> str:
    """Return a number that an author wrote for a code as a synthetic patient's is written."""
    if target == MISSING or not COLUMNS[name].is_number:
        return target
    return f"{float(target):.0f}" if COLUMNS[name].kind == "integer" else f"{float(target):.1f}"


def _fitting(values: tuple[str | None, ...], entries: Mapping[str, Mapping[str, str]]) -> str:
    """Return the code that means most of the values; the first value itself where no code means any."""
    candidates = dict.fromkeys(code for codes in entries.values() for code in codes)
    meant = {
        code: sum(
            codes.get(code) == (MISSING if value is None else value)
            for value, codes in zip(values, entries.values(), strict=True)
        )
        for code in candidates
    }
    best = max(meant, key=lambda code: meant[code], default="")
    if best and meant[best]:
        return best
    first, codes = values[0], next(iter(entries.values()))
    if first is None:
        return ""
    # Their code may look like another word of the dictionary.
    confused = folded(first) in map(folded, codes)
    return next((code for code, target in codes.items() if target != MISSING), "") if confused else first


def _answers(entry: ColumnSource, values: np.ndarray) -> dict[str, np.ndarray]:
    """Return columns of yes and no for several that feed one, by turns where they mean the same."""
    headings = [(code, heading) for code, group in entry.any_of.items() for heading in group]
    if not headings:
        return {}
    yes, no = _yes(entry), entry.no[0] if entry.no else "no"
    blank = np.array([value is None for value in values], dtype=bool)
    positive = ~blank & ~np.isin(values.astype(str), _NEGATIVE)
    chosen = np.full(len(values), -1)
    for code in entry.any_of:
        places = [place for place, each in enumerate(headings) if each[0] == code]
        rows = positive & ((values == code) if code else True)
        chosen[rows] = np.resize(places, int(np.count_nonzero(rows)))
    left = positive & (chosen < 0)  # what has no column of its own stands in the last, which often is "other"
    chosen[left] = len(headings) - 1
    answers = {}
    for place, (_, heading) in enumerate(headings):
        made = np.where(chosen == place, yes, no).astype(object)
        made[blank] = ""
        answers[heading] = made
    return answers


def _yes(entry: ColumnSource) -> str:
    return next((word for word in entry.yes if word), "yes")
