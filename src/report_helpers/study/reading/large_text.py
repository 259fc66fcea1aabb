"""Read a large text of separated cells with Arrow: columns as different values and their rows at once."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

from report_helpers.study.reading.table import Cells

_BLOCK = 1 << 22
_LINE_FEED, _QUOTATION_MARK = ord("\n"), re.compile(b'"')


def read_large(
    content: memoryview, heading_line: int, width: int, delimiter: str, places: Sequence[int]
) -> tuple[list[Cells], NDArray[np.int64]] | None:
    """Return the wanted columns and the line on which each record ends; None unless all is in order.

    Parameters
    ----------
    content : memoryview
        Text in UTF-8 from the first record on, its lines parted by a line feed.
    heading_line : int
        The line on which the headings end.
    width : int
        Number of headings, and of cells in every record.
    delimiter : str
    places : sequence of int
        Columns to read.
    """
    while content and content[-1] == _LINE_FEED:
        content = content[:-1]
    quoted = _QUOTATION_MARK.search(content) is not None
    names = [str(place) for place in range(width)]
    chosen = [names[place] for place in places]
    coded = pa.dictionary(pa.int32(), pa.string())
    try:
        table = csv.read_csv(
            pa.py_buffer(content),
            csv.ReadOptions(block_size=_BLOCK, column_names=names),
            csv.ParseOptions(delimiter=delimiter, newlines_in_values=quoted, ignore_empty_lines=False),
            csv.ConvertOptions(column_types=dict.fromkeys(chosen, coded), include_columns=chosen),
        )
    except pa.ArrowException:
        return None
    # Without quotation marks every line is a record.
    lines = _line_ends(content) if quoted else np.arange(1, table.num_rows + 1)
    if len(lines) != table.num_rows:
        return None
    return [_cells(table[name]) for name in chosen], lines + heading_line


def _cells(column: pa.ChunkedArray) -> Cells:
    whole = column.unify_dictionaries().combine_chunks()
    if isinstance(whole, pa.ChunkedArray):  # of no chunks
        return Cells([], np.empty(0, dtype=np.int32))
    return Cells(whole.dictionary.to_pylist(), whole.indices.to_numpy())


def _line_ends(content: memoryview) -> NDArray[np.int64]:
    """Return the line on which each record ends: a line feed between quotation marks ends none."""
    signs = np.frombuffer(content, dtype=np.uint8)
    ends = np.append(np.flatnonzero(signs == _LINE_FEED), len(signs))
    before = np.searchsorted(np.flatnonzero(signs == ord('"')), ends)
    return np.flatnonzero(before % 2 == 0) + 1
