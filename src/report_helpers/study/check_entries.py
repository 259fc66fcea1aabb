"""Write entries of ``data: columns:`` for the columns of the dictionary that a file is not found to have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

from report_helpers.study.check_guesses import match
from report_helpers.study.data_source import MISSING, ColumnSource, DataSource
from report_helpers.study.dictionary import ALLOWED, COLUMNS
from report_helpers.study.reading.table import Table, find_column, folded, in_yaml, similar

# What one clinic may have done alike for all its patients, if it did not write it down for each.
_ALIKE = {
    "centre": "Centre A",
    "immune_profile_status": "quantified",
    "embryo_transfer": "yes",
    "cycle_type": "frozen",
    "embryo_stage": "blastocyst",
    "embryos_transferred": "1",
}
_INDISPENSABLE = ("gestational_sacs",)
_IF_TRUE = "  # only if this is true of every patient"
_IF_NEVER = "  # only if it was never recorded"


def columns_to_name(options: DataSource, table: Table) -> dict[str, str]:
    """Return entries for the needed columns that the file lacks, as far as they can be guessed.

    Parameters
    ----------
    options : DataSource
    table : Table
        Its headings; that it has them at all is for the caller to know.
    """
    lacking = {name: options.source_of(name) for name in missing_columns(options, table)}
    likely = likely_columns(options, table, lacking)
    entries = {}
    for name, entry in lacking.items():
        if entry.any_of:
            entries[name] = _without_absent(entry, table) or always(name)
        elif name in likely:
            entries[name] = entry_text(replace(entry, source=likely[name]))
        else:
            entries[name] = always(name)
    return {name: text for name, text in entries.items() if text}


def missing_columns(options: DataSource, table: Table) -> tuple[str, ...]:
    """Return the columns of the dictionary that the study needs and the file does not have."""
    return tuple(
        name
        for name, column in COLUMNS.items()
        if (column.required or name in options.columns)
        and any(not find_column(heading, table.headings) for heading in options.source_of(name).headings)
    )


def likely_columns(options: DataSource, table: Table, names: Collection[str]) -> dict[str, str]:
    """Return for columns that were not found the free heading which each may have."""
    used = {
        place
        for name in COLUMNS
        for heading in options.source_of(name).headings
        for place in find_column(heading, table.headings)
    }
    times = Counter(map(folded, table.headings))
    # A heading that stands twice cannot be named.
    free = [
        heading
        for place, heading in enumerate(table.headings)
        if heading and place not in used and times[folded(heading)] == 1
    ]
    likely = match(names, free)
    for name in names:
        if name not in likely and (near := similar(options.source_of(name).source, free)):
            likely |= {name: near} if near not in likely.values() else {}
    return likely


def always(name: str) -> str:
    """Return the entry of a column that is the same for all or was never recorded, if it may be."""
    if name in _ALIKE:
        return f"{{always: {in_yaml(_ALIKE[name])}}}{_IF_TRUE}"
    if COLUMNS[name].missing == ALLOWED and name not in _INDISPENSABLE:
        return f"{{always: {MISSING}}}{_IF_NEVER}"
    return ""


def entry_text(entry: ColumnSource) -> str:
    """Return an entry as it is written in ``study.yml``.

    >>> entry_text(ColumnSource(source="ET", codes={"1": "yes", "2": "no"}))
    '{from: ET, codes: {1: yes, 2: no}}'
    """
    if entry.any_of:
        groups = [f"{code}: {_list(headings)}" for code, headings in entry.any_of.items() if code]
        parts = [f"any_of: {{{', '.join(groups)}}}" if groups else f"any_of: {_list(entry.any_of[''])}"]
        parts += [f"yes: {_list(entry.yes)}"] if entry.yes else []
        parts += [f"no: {_list(entry.no)}"] if entry.no else []
        return f"{{{', '.join(parts)}}}"
    if not entry.codes:
        return in_yaml(entry.source)
    codes = ", ".join(f"{_code(code)}: {_code(target)}" for code, target in entry.codes.items())
    return f"{{from: {in_yaml(entry.source)}, codes: {{{codes}}}}}"


def _without_absent(entry: ColumnSource, table: Table) -> str:
    """Return the entry of several columns without those that are not there; empty if none is left."""
    groups: Mapping[str, tuple[str, ...]] = {
        code: tuple(each for each in headings if find_column(each, table.headings))
        for code, headings in entry.any_of.items()
    }
    left = {code: headings for code, headings in groups.items() if headings}
    return entry_text(replace(entry, any_of=left)) if left else ""


def _list(words: Collection[str]) -> str:
    return f"[{', '.join(map(_code, words))}]"


def _code(word: str) -> str:
    return word if re.fullmatch(r"-?\d+(\.\d+)?", word) else in_yaml(word)
