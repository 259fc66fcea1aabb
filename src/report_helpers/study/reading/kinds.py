"""Which reader a file needs, told by its first bytes and not by its name."""

from __future__ import annotations

from report_helpers.study.cohort_errors import CohortError
from report_helpers.study.data_source import DataSource
from report_helpers.study.reading.delimited import read_delimited
from report_helpers.study.reading.source import Source
from report_helpers.study.reading.table import Table, Wanted

_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_STATA = tuple(bytes((number,)) for number in range(0x69, 0x74))  # "i" to "s" were its version numbers


def read_table(source: Source, options: DataSource, wanted: Wanted) -> Table:
    """Return the table of a file of any kind; the libraries that a kind needs are loaded only then.

    Raises
    ------
    CohortError
        If the file is of no known kind, or is damaged.
    """
    start = source.content[:8]
    if start.startswith(b"PK\x03\x04"):
        from report_helpers.study.reading.workbook import read_workbook

        return read_workbook(source, options, wanted)
    if start.startswith(b"PAR1"):
        from report_helpers.study.reading.parquet import read_parquet

        return read_parquet(source, wanted)
    if start.startswith((b"$FL2", b"$FL3")):
        from report_helpers.study.reading.statistical import read_spss

        return read_spss(source, wanted)
    if source.content.startswith(b"<stata_dta>") or _is_old_stata(source):
        from report_helpers.study.reading.statistical import read_stata

        return read_stata(source, wanted)
    if start.startswith(_OLD_WORKBOOK):
        what = "the data file is an old Excel workbook (.xls), or one that a password protects"
        raise CohortError.unreadable(source.name, what, "Save it in Excel as .xlsx, without a password.")
    return read_delimited(source, options, wanted)


def _is_old_stata(source: Source) -> bool:
    """Tell whether a file is a .dta of before 2013: a version number, a byte order, a 1 and a zero."""
    start = source.content[:4]
    return start[:1] in _STATA and start[1:2] in (b"\x01", b"\x02") and start[2:4] == b"\x01\x00"
