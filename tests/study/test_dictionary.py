"""The dictionary is shipped beside the cohort, and is the one the project agreed on."""

from __future__ import annotations

from pathlib import Path

from report_helpers.study.dictionary import COLUMNS, dictionary_csv


def test_the_shipped_dictionary_is_the_one_used(root: Path) -> None:
    shipped = (root / "data" / "synthetic" / "data-dictionary.csv").read_bytes()
    assert shipped == dictionary_csv().encode()


def test_units_and_values_are_said_as_a_reader_expects() -> None:
    assert COLUMNS["age_years"].unit_or_values == "years 18-55"
    assert COLUMNS["th1_th2_ratio"].unit_or_values == "ratio > 0"
    assert COLUMNS["previous_failed_transfers"].unit_or_values == "0-30"
    assert COLUMNS["cycle_type"].unit_or_values == "fresh|frozen"
    assert COLUMNS["centre"].unit_or_values == "free text"
