"""Read a Parquet file with Arrow."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from report_helpers.study.cohort_errors import CohortError
from report_helpers.study.reading.source import Source
from report_helpers.study.reading.table import Cells, Table, Wanted, heading

_AGAIN = "Write the file again, as one table with one value per cell."
_MOST_ROWS = 50_000_000
_MOST_BYTES = 8 << 30


def read_parquet(source: Source, wanted: Wanted) -> Table:
    """Return the table of a Parquet file.

    Raises
    ------
    CohortError
        If the file is damaged, unfolds to more than memory should hold, or a wanted column has lists.
    """
    try:
        file = parquet.ParquetFile(pa.BufferReader(source.content))
        meta = file.metadata
        unfolded = sum(meta.row_group(group).total_byte_size for group in range(meta.num_row_groups))
        if meta.num_rows > _MOST_ROWS or unfolded > _MOST_BYTES:
            raise CohortError.unreadable(source.name, "the Parquet file unfolds to far too much", _AGAIN)
        names = file.schema_arrow.names
        headings = tuple(heading(name) for name in names)
        places = wanted.places(headings)
        for place in places:
            _refuse_nested(source, headings[place], file.schema_arrow.field(place).type)
        table = file.read(columns=[names[place] for place in places])
        # A name may stand twice; which column is meant is asked where the headings are looked up.
        at = {place: table.schema.get_all_field_indices(names[place])[0] for place in places}
        cells = {place: _cells(table.column(number)) for place, number in at.items()}
    except (pa.ArrowException, OSError, ValueError, OverflowError):
        raise CohortError.unreadable(source.name, "the Parquet file is damaged", _AGAIN) from None
    lines = np.arange(1, meta.num_rows + 1)
    return Table(headings, cells, lines, "row", ("Parquet",), heading_line=0)


def _refuse_nested(source: Source, name: str, kind: pa.DataType) -> None:
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    if pa.types.is_nested(inner) or pa.types.is_binary(inner) or pa.types.is_large_binary(inner):
        what = f"the column {name} of the Parquet file holds lists or bytes, not values"
        raise CohortError.unreadable(source.name, what, _AGAIN)


def _cells(column: pa.ChunkedArray) -> Cells:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks) if whole.num_chunks else pa.array([], column.type)
    coded = whole.dictionary_encode(null_encoding="encode")
    return Cells(coded.dictionary.to_pylist(), coded.indices.to_numpy(zero_copy_only=False))
