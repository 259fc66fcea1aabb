"""Read the files of SPSS and Stata, with the words that they keep for codes."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

from report_helpers.study.cohort_errors import CohortError
from report_helpers.study.reading.source import Source
from report_helpers.study.reading.table import Cells, Table, Wanted, heading, text_of

_AGAIN = "Save the data set again, or export it as 'CSV UTF-8'."


def read_spss(source: Source, wanted: Wanted) -> Table:
    """Return the table of a ``.sav`` or ``.zsav`` file; values declared missing are missing."""
    return _read(source, wanted, pyreadstat.read_sav, "SPSS")


def read_stata(source: Source, wanted: Wanted) -> Table:
    """Return the table of a ``.dta`` file; extended missing values (.a to .z) are missing."""
    return _read(source, wanted, pyreadstat.read_dta, "Stata")


def _read(source: Source, wanted: Wanted, read: Callable[..., Any], kind: str) -> Table:
    try:
        _, about = read(io.BytesIO(source.content), metadataonly=True)
        headings = tuple(heading(name) for name in about.column_names)
        places = wanted.places(headings)
        names = [about.column_names[place] for place in places]
        rows = int(about.number_rows or 0)
        frame = read(io.BytesIO(source.content), usecols=names)[0] if names else pd.DataFrame()
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, OverflowError, OSError):
        raise CohortError.unreadable(source.name, f"the {kind} file is damaged", _AGAIN) from None
    cells = {}
    for place, name in zip(places, names, strict=True):
        words = about.variable_value_labels.get(name, {})
        labels = {text_of(code): str(word).strip() for code, word in words.items()}
        cells[place] = Cells.of(frame[name].to_numpy(), labels)
    rows = len(frame) if names else rows
    return Table(headings, cells, np.arange(1, rows + 1), "row", (kind,), heading_line=0)
