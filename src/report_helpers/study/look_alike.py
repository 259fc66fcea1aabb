"""Make a synthetic cohort that looks like an author's own file: their columns, codes, period and cut-offs.

It can be shared in place of the real file, and is read back through the same ``study.yml``. It resembles
the study file only: no patient's data are read, so it says nothing about them.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from report_helpers.study.cohort import CohortError, examine
from report_helpers.study.data_shape import DECIMALS, DELIMITERS, ENCODINGS
from report_helpers.study.data_source import DataSource
from report_helpers.study.definition import Study, load_study
from report_helpers.study.dictionary import COLUMNS
from report_helpers.study.look_alike_words import Texts, their_columns
from report_helpers.study.reading.source import Source
from report_helpers.study.synthetic import SynthesisError, csv_bytes, save, synthesise, texts_of
from report_helpers.study.synthetic_patients import EXCLUSION_SPLIT, FIRST_SCREENING, LAST_SCREENING
from report_helpers.study.synthetic_truth import CUTOFFS

_CRITERIA = {
    "reproductive_disease": "female_reproductive_disease",
    "immune_disease": "immune_disease",
    "no_transfer": "embryo_transfer",
    "profile_not_quantifiable": "immune_profile_status",
}
_OTHER_KINDS = (".xlsx", ".xls", ".parquet", ".sav", ".dta", ".zip")
_DAYS = {"day-first": "%d.%m.%Y", "month-first": "%m/%d/%Y"}
_DAY_ZERO = {"excel-1900": date(1899, 12, 30), "excel-1904": date(1904, 1, 1)}


def look_alike(study: Study, patients: int, seed: int) -> bytes:
    """Return the CSV file of a synthetic cohort as this study would read it.

    Parameters
    ----------
    study : Study
        Its period, exclusions and cut-offs shape the patients; ``data:`` shapes the file.
    patients : int
        Patients screened.
    seed : int
        The same study, seed and size give the same bytes.

    Raises
    ------
    SynthesisError
        If there is no patient to draw, the seed is negative, or a file made in this way could not be read
        back: then a map in ``study.yml`` cannot express what the study needs.

    Examples
    --------
    >>> look_alike(load_study("study.yml"), patients=10, seed=1)[:10]  # doctest: +SKIP
    b'patient_id'
    """
    frame = synthesise(patients, seed, _split(study))
    texts = texts_of(_with_cutoffs(study, _within_period(study, frame)))
    options = study.data
    cells: Texts = {name: _spelt(name, texts[name], options) for name in COLUMNS}
    content = _csv(their_columns(cells, options), options)
    _prove(study, content)
    return content


def write_look_alike(
    study: Path | None, patients: int, seed: int, path: Path, *, replace: bool = False
) -> None:
    """Write a synthetic cohort and the record that its patients are invented.

    Parameters
    ----------
    study : Path or None
        The study file that it is to look like; without one the dictionary's own columns are written.
    patients, seed : int
    path : Path
    replace : bool, optional
        Whether it may take the place of another file, which may be the only copy of patients' data.

    Raises
    ------
    SynthesisError
        If it cannot be made or written.
    """
    if path.suffix.lower() in _OTHER_KINDS:
        what = f"a look-alike is a text of cells, not a {path.suffix} file"
        raise SynthesisError(what, str(path), "Give a name that ends with .csv.")
    if study is None:
        content = csv_bytes(synthesise(patients, seed))
    else:
        content = look_alike(load_study(study), patients, seed)
    if path.is_file() and not replace and path.read_bytes() != content:
        what = "there is a file of that name, which may be patients' data"
        raise SynthesisError(what, str(path), "Give another name, or --force to write in its place.")
    save(content, path)


def _split(study: Study) -> Mapping[str, float]:
    """Return the shares of the excluded by the criteria that a synthetic patient can fail."""
    by_column: dict[str, float] = {}
    for criterion in study.criteria:
        by_column.setdefault(criterion.column, study.exclusion_split[criterion.key])
    shares = {key: by_column.get(column, 0.0) for key, column in _CRITERIA.items()}
    total = sum(shares.values())
    if not total:
        return EXCLUSION_SPLIT
    return shares if abs(total - 1) < 1e-6 else {key: share / total for key, share in shares.items()}


def _within_period(study: Study, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the patients screened within the study's period; each one's days keep their distances."""
    start, end = np.datetime64(study.period.start), np.datetime64(study.period.end)
    if (start, end) == (FIRST_SCREENING, LAST_SCREENING):
        return frame
    stretch = (end - start) / (LAST_SCREENING - FIRST_SCREENING)
    drawn = frame["screening_date"]
    offset = np.floor((drawn - pd.Timestamp(FIRST_SCREENING)).dt.days * stretch)
    moved = pd.Timestamp(start) + pd.to_timedelta(offset, unit="D") - drawn
    days = {name: frame[name] + moved for name, column in COLUMNS.items() if column.kind == "date"}
    return frame.assign(**days)


def _with_cutoffs(study: Study, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the patients with markers on the scale of the study's own cut-offs."""
    markers = {}
    for key, usual in CUTOFFS.items():
        cutoff = study.cutoffs[key]
        if cutoff.value != usual and cutoff.value > 0:
            most = COLUMNS[cutoff.column].high or np.inf
            scaled = (frame[cutoff.column] * (cutoff.value / usual)).round(1)
            markers[cutoff.column] = scaled.clip(0.1, most)
    return frame.assign(**markers) if markers else frame


def _spelt(name: str, texts: pd.Series, options: DataSource) -> np.ndarray:
    """Return numbers and days as the file spells them, None where missing."""
    values = texts.astype(object).where(texts.notna(), None).to_numpy()
    column = COLUMNS[name]
    if column.kind == "date" and options.dates:
        return np.array([value and _day(value, options.dates) for value in values], dtype=object)
    if column.is_number and options.decimal and DECIMALS[options.decimal] == ",":
        return np.array([value and value.replace(".", ",") for value in values], dtype=object)
    return values


def _day(iso: str, form: str) -> str:
    day = date.fromisoformat(iso)
    return day.strftime(_DAYS[form]) if form in _DAYS else str((day - _DAY_ZERO[form]).days)


def _csv(columns: Mapping[str, np.ndarray], options: DataSource) -> bytes:
    text = io.StringIO()
    comma = bool(options.decimal) and DECIMALS[options.decimal] == ","
    delimiter = DELIMITERS[options.delimiter or ("semicolon" if comma else "comma")]
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    codec = ENCODINGS[options.encoding] if options.encoding else "utf-8"
    try:
        return text.getvalue().encode("utf-8" if codec == "utf-8-sig" else codec)
    except UnicodeEncodeError:
        what = f"the headings and codes of study.yml cannot be written in {options.encoding}"
        raise SynthesisError(what, "data.encoding", "Leave encoding: out, or name another.") from None


def _prove(study: Study, content: bytes) -> None:
    """Raise an error if the study cannot read the file as its own."""
    source = Source("the look-alike", content, hashlib.sha256(content).hexdigest())
    try:
        breaches = examine(study, source).breaches
        said = "; ".join(f"{each.column} {each.rule}" for each in breaches)
    except CohortError as error:
        said = error.what
    if said:
        remedy = "Mend the map under data: columns: there; 'manuscript data check' tells how."
        raise SynthesisError(
            f"a cohort in these columns and codes cannot be read back: {said}", study.path.name, remedy
        )
