"""The shipped cohort as rows, and a study whose data section a test may write."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from report_helpers.study.cohort import Cohort, CohortError, load_cohort
from report_helpers.study.definition import Study, load_study

from .exports import Rows, rows_of

StudyWith = Callable[..., Study]
Load = Callable[..., Cohort]
SECRET = "Miriam"
"""A name that no message may show."""


@pytest.fixture(scope="session")
def rows(root: Path) -> Rows:
    """The shipped cohort, with a letter that tells encodings apart."""
    shipped = rows_of(root / "data" / "synthetic" / "cohort.csv")
    return [[cell.replace("Centre A", "Zürich – Süd") for cell in row] for row in shipped]


@pytest.fixture(scope="session")
def frame(rows: Rows, study: Study, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """The shipped cohort as it is read from plain CSV."""
    path = tmp_path_factory.mktemp("plain") / "cohort.csv"
    path.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")
    return load_cohort(study, path).frame


@pytest.fixture(scope="session")
def study_with(root: Path, study: Study, tmp_path_factory: pytest.TempPathFactory) -> StudyWith:
    """A study whose data section has further lines, in the indentation of the file."""
    path = tmp_path_factory.mktemp("study") / "study.yml"
    # The rest of the file is long to parse and is tested elsewhere.
    short = re.sub(r"(?m)^ *#.*\n", "", (root / "study.yml").read_text(encoding="utf-8"))

    @cache
    def made(lines: str = "") -> Study:
        if not lines:
            return study
        text = short.replace("  synthetic: true\n", f"  synthetic: true\n{lines}\n", 1)
        path.write_text(text, encoding="utf-8")
        return load_study(path)

    return made


@pytest.fixture
def load(study_with: StudyWith, tmp_path: Path) -> Load:
    """Read bytes as a data file, through a study whose data section has the given lines."""

    def loaded(content: bytes, lines: str = "", name: str = "export.dat") -> Cohort:
        path = tmp_path / name
        path.write_bytes(content)
        return load_cohort(study_with(lines), path)

    return loaded


def refusal(load: Load, content: bytes, lines: str = "", name: str = "export.dat") -> str:
    """The message of the error with which a file is refused."""
    with pytest.raises(CohortError) as caught:
        load(content, lines, name)
    message = str(caught.value)
    assert message.startswith(f"{name}: ")
    assert SECRET not in message
    return message
