"""Messages, and the text of our own objects, quote no patient; rows of real patients are not shown."""

from __future__ import annotations

import importlib
import pkgutil
import shutil
import sysconfig
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import report_helpers
from report_helpers.errors import ManuscriptError
from report_helpers.publishing.builtin import EngineError
from report_helpers.publishing.builtin.running.failures import shown_error
from report_helpers.publishing.builtin.running.rows import shows_rows
from report_helpers.publishing.messages import OURS, may_show
from report_helpers.publishing.render import Request, render
from report_helpers.reporting import Report
from report_helpers.results import analyse
from report_helpers.study.cohort import CohortError, load_cohort
from report_helpers.study.definition import Study, load_study
from report_helpers.study.eligibility import apply_criteria
from report_helpers.study.reading.file import read_columns
from report_helpers.study.reading.source import read_source
from report_helpers.study.study_shape import STUDY  # noqa: F401  (all errors are to be known)

from . import leaks

ROOT = Path(__file__).parents[2]
REAL: dict[str, object] = {"provenance": {"synthetic": False}}
INVENTED: dict[str, object] = {"provenance": {"synthetic": True}}


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Path, leaks.Marks]:
    """The study, its cohort with each patient marked, and the marks."""
    data = tmp_path_factory.mktemp("marked") / "export.csv"
    marks = leaks.mark(ROOT / "data" / "synthetic" / "cohort.csv", data)
    study = load_study(ROOT / "study.yml")
    start = study.period.start.replace(year=1999)
    quick = replace(study.adjustment, bootstrap_resamples=100, imputations=2)
    return replace(study, period=replace(study.period, start=start), adjustment=quick), data, marks


def told(text: str, marks: leaks.Marks) -> dict[str, set[int]]:
    return leaks.found(text.encode(), marks, "said.txt")


# --- our own objects and errors


def test_the_text_of_what_holds_rows_shows_none(marked: tuple[Study, Path, leaks.Marks]) -> None:
    study, data, marks = marked
    source = read_source(data)
    mapped = read_columns(source, study.data)
    cohort = load_cohort(study, data)
    selected = apply_criteria(study, cohort)
    for each in (source, mapped, mapped.table, cohort, selected, selected.analysed_sample):
        assert told(f"{each!r} {each}", marks) == {}
    assert told(repr(cohort.frame), marks) != {}  # a frame does


def test_results_hold_no_rows(marked: tuple[Study, Path, leaks.Marks]) -> None:
    study, data, _ = marked
    results = analyse(study, data)
    assert results.flow.screened == 734
    assert rows_within(Report(results)) == []
    cohort = load_cohort(study, data)
    assert rows_within({"held": [cohort]}) == [".held.0.frame"]


def rows_within(root: object) -> list[str]:
    """Return the places of frames, series and arrays that can be reached from an object."""
    seen: set[int] = set()

    def walk(each: Any, place: str) -> Iterator[str]:
        if id(each) in seen or isinstance(each, (str, bytes, type)):
            return
        seen.add(id(each))
        if isinstance(each, (pd.DataFrame, pd.Series, pd.Index, np.ndarray)):
            yield place
        elif callable(getattr(each, "items", None)):
            for key, inner in each.items():
                yield from walk(inner, f"{place}.{key}")
        elif isinstance(each, (list, tuple, set, frozenset)):
            for position, inner in enumerate(each):
                yield from walk(inner, f"{place}.{position}")
        else:
            parts = dict(getattr(each, "__dict__", {}))
            slots = (name for kind in type(each).__mro__ for name in getattr(kind, "__slots__", ()))
            parts |= {name: getattr(each, name) for name in slots if hasattr(each, name)}
            closure = getattr(each, "__closure__", None) or ()
            parts |= {f"cell{number}": cell.cell_contents for number, cell in enumerate(closure)}
            for name, inner in parts.items():
                yield from walk(inner, f"{place}.{name}")

    return list(walk(root, ""))


SPOILT = {
    "text in a number": ("age_years", "PID-830510017 aged 34.712390481"),
    "a number out of range": ("bmi_kg_m2", "99934.712390481"),
    "an unknown code": ("cycle_type", "Klinikum0017"),
    "a day that is none": ("transfer_date", "Merkzeichen0017"),
    "an impossible day": ("hcg_date", "1802-01-18"),
    "a day outside the period": ("screening_date", "1998-01-18"),
    "a half sac": ("gestational_sacs", "1.712390481"),
    "nothing where an id is needed": ("patient_id", ""),
    "an id twice": ("patient_id", "PID-830510018"),
    "markup": ("embryo_transfer", "<script>Klinikum0017</script>"),
}


@pytest.mark.parametrize("fault", SPOILT)
def test_an_error_of_the_data_quotes_no_patient(
    marked: tuple[Study, Path, leaks.Marks], tmp_path: Path, fault: str
) -> None:
    study, data, marks = marked
    column, value = SPOILT[fault]
    frame = pd.read_csv(data, dtype=str, keep_default_na=False)
    frame.loc[17, column] = value
    frame.to_csv(tmp_path / "spoilt.csv", index=False)
    with pytest.raises(CohortError) as caught:
        load_cohort(study, tmp_path / "spoilt.csv")
    said = str(caught.value)
    assert column in said
    assert told(said, marks) == {}
    assert value not in said or not value


def test_errors_of_the_file_quote_no_patient(marked: tuple[Study, Path, leaks.Marks], tmp_path: Path) -> None:
    study, data, marks = marked
    text = data.read_text(encoding="utf-8")
    lines = text.split("\n")
    spoilt = {
        "no headings": "\n".join(lines[1:]),
        "headings without a column": text.replace("age_years", "Alter"),
        "a heading twice": text.replace("age_years", "bmi_kg_m2", 1),
        "cut in a quotation": text[: text.index("<script>", 200_000)],
        "a row too long": text + "PID-830510017,Klinikum0017" + "," * 60 + "\n",
        "not a text": text.replace("PID", "\0\1", 50),
    }
    for name, content in spoilt.items():
        path = tmp_path / f"{len(content)}.csv"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(CohortError) as caught:
            load_cohort(study, path)
        assert told(str(caught.value), marks) == {}, name


def test_a_document_cannot_name_patients_synthetic_by_naming_their_file(
    marked: tuple[Study, Path, leaks.Marks], monkeypatch: pytest.MonkeyPatch
) -> None:
    study, data, _ = marked
    assert analyse(study, data).data.synthetic
    monkeypatch.setattr("builtins.get_ipython", lambda: None, raising=False)
    in_document = analyse(study, data).data
    assert not in_document.synthetic
    assert in_document.least_shown == 5
    monkeypatch.delattr("builtins.get_ipython")
    monkeypatch.setenv("MANUSCRIPT_DATA", str(data))
    assert not analyse(study).data.synthetic


# --- what the author's own code shows


def test_every_error_of_ours_is_known() -> None:
    for module in pkgutil.walk_packages(report_helpers.__path__, "report_helpers."):
        if ".builtin" not in module.name and "kernel_process" not in module.name:
            importlib.import_module(module.name)

    def below(kind: type[Exception]) -> set[str]:
        return {kind.__name__}.union(*map(below, kind.__subclasses__()))

    assert below(ManuscriptError) == OURS


@pytest.mark.parametrize(
    ("name", "spoken"),
    [("ValueError", False), ("KeyError", False), ("TypeError", False), ("OutOfBoundsDatetime", False),
     ("AssertionError", False), ("NameError", True), ("SyntaxError", True), ("CohortError", True)],
)  # fmt: skip
def test_of_real_patients_only_messages_about_code_are_shown(name: str, spoken: bool) -> None:
    assert may_show(name, REAL) is spoken
    assert may_show(name, INVENTED)
    assert may_show(name, {})


def test_a_shown_traceback_names_no_folder_of_the_machine(tmp_path: Path) -> None:
    library, standard = sysconfig.get_path("purelib"), sysconfig.get_path("stdlib")
    frames = [f"File {library}/pandas/core/frame.py:1, in a()", f"File {standard}/json/decoder.py:2, in b()"]
    frames += [f"File {tmp_path}/helpers.py:3, in c()", "Cell In[1], line 1"]
    output = {"ename": "ValueError", "evalue": "words", "traceback": [*frames, "ValueError: words"]}
    shown = shown_error(output, tmp_path, lambda name: True)["traceback"]
    assert shown == [
        "File pandas/core/frame.py:1, in a()",
        "File json/decoder.py:2, in b()",
        "File helpers.py:3, in c()",
        "Cell In[1], line 1",
        "ValueError: words",
    ]


def test_rows_are_shown_of_invented_patients_only_and_not_in_a_strict_render() -> None:
    assert not may_show("DataFrame", REAL)
    assert may_show("DataFrame", INVENTED)
    assert not may_show("DataFrame", INVENTED, strict=True)
    assert may_show("DataFrame", {}, strict=True)  # a document that is no study's


FRAME = pd.DataFrame({"id": ["a", "b"], "age": [41.5, 36.0], "kind": pd.Categorical(["x", "y"])})


@pytest.mark.parametrize(
    "value",
    [FRAME, FRAME.head(1), FRAME["id"], FRAME["age"], FRAME["kind"], FRAME.describe(), FRAME.index,
     FRAME["id"].unique(), FRAME["age"].to_numpy(), FRAME["age"].value_counts(), FRAME.loc[0]],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_rows_are_recognised(value: Any) -> None:
    page = {"text/html": value._repr_html_()} if isinstance(value, pd.DataFrame) else {}
    assert shows_rows({"text/plain": repr(value), **page})


def test_other_values_are_no_rows() -> None:
    for value in (2, 3.5, "age", "41 patients", ["a"], {"a": 1}, None, Path("a")):
        assert not shows_rows({"text/plain": repr(value)})
    assert not shows_rows({"text/html": '<table class="gt_table"><tr><td>41</td></tr></table>'})


HEAD = """\
---
title: A
---

```{python}
#| echo: false
import os
import pandas as pd
from report_helpers.errors import ManuscriptError
frame = pd.read_csv(os.environ["MANUSCRIPT_DATA"])
def ours():
    raise ManuscriptError("a cohort of ours", remedy="mend it")
```

"""
FAILING = """\
Of `{python} float(frame.patient_id[17])` and `{python} nowhere` and `{python} ours()`.
Of `{python} frame` and `{python} frame.age_years`.

```{python}
frame.patient_id.astype(float)
```
"""
ALLOWED = """\
```{python}
#| error: true
frame.patient_id.astype(float)
```

```{python}
#| error: true
#| output: false
frame.mean()
```
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("study.yml", "assets/reference.docx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "_quarto.yml").write_text("project:\n  render: [index.qmd]\n", encoding="utf-8")
    return tmp_path


def test_a_failing_cell_and_expressions_tell_their_lines_and_no_value(
    marked: tuple[Study, Path, leaks.Marks], project: Path
) -> None:
    _, data, marks = marked
    (project / "index.qmd").write_text(HEAD + FAILING, encoding="utf-8")
    with pytest.raises(EngineError) as caught:
        render(Request(project, ("html",), data, engine="builtin"), lambda *stage: None)
    said = str(caught.value)
    assert told(said, marks) == {}
    assert said.count("its message may quote the data and is not shown") == 2
    assert "ValueError (" in said
    assert "NameError: name 'nowhere' is not defined" in said
    assert "ManuscriptError: a cohort of ours" in said
    assert said.count("index.qmd:16: An inline expression shows rows of the data.") == 2
    assert "→ 19 │ frame.patient_id.astype(float)" in said


def test_an_error_that_is_meant_to_be_shown_quotes_no_value(
    marked: tuple[Study, Path, leaks.Marks], project: Path
) -> None:
    _, data, marks = marked
    (project / "index.qmd").write_text(HEAD + ALLOWED, encoding="utf-8")
    output = render(Request(project, ("html",), data, engine="builtin"), lambda *stage: None).directory
    for name in ("index.html", "manuscript.ipynb"):
        content = (output / name).read_bytes()
        assert leaks.found(content, marks, name) == {}
        assert b"ValueError (its message may quote the data" in content
