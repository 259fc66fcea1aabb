"""Cohorts of other truths: what the chapters say of each is English, complete and true of its own counts."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from report_helpers.reporting import Report, figures, tables
from report_helpers.results import Results
from report_helpers.results.analysis import analyse_cohort
from report_helpers.study.cohort import load_cohort
from report_helpers.study.definition import load_study
from report_helpers.study.synthetic import synthesise, write_csv

from .reading import sentences, text_of
from .truths import TRUTHS

# What no sentence may hold, whatever the data are.
BAD = (
    r"\b(?:nan|NaN|None|inf|True|False)\b",
    r"\b0/0\b",
    r"  |\.\.|,,|\(\)|\( | ,| ;|:\.",
    r"claim does not hold",
    r"(?<![\d,.])1 (?:patients|embryos|rows|were)\b",
    r"(?<![\d,.])(?:0|\d+[02-9]|[2-9]) (?:patient|embryo|row|was)\b",
    r"\bfollowed in (?:not|no data|none)\b",
    r"[(<\[](?:object|Reported|Estimate|Contrast|Results)\b",
    r"\b(?:group|stratum) [01ab]\b",
    r"\brows have|complete rows\b",
    r"\bnot (?:available|estimated)\b",
)


class Told:
    """One cohort: its frame, its results, and the lines of the chapters with its values in place."""

    def __init__(self, name: str, frame: pd.DataFrame, results: Results, prose: str) -> None:
        self.name, self.frame, self.results = name, frame, results
        self.report = Report(results)
        self.lines = list(sentences(prose, self.report))
        self.text = "\n".join(self.lines)


@pytest.fixture(scope="module", params=TRUTHS)
def told(request: pytest.FixtureRequest, root: Path, prose_with_values: str,
         tmp_path_factory: pytest.TempPathFactory) -> Told:  # fmt: skip
    """Each truth in turn; few resamples, since no width of an interval is looked at."""
    study = load_study(root / "study.yml")
    study = replace(study, adjustment=replace(study.adjustment, bootstrap_resamples=5, imputations=2))
    frame = TRUTHS[request.param]()
    path = tmp_path_factory.mktemp("truth") / "cohort.csv"
    write_csv(frame, path)
    results = analyse_cohort(study, load_cohort(study, path))
    return Told(request.param, frame, results, prose_with_values)


def test_every_sentence_is_english(told: Told) -> None:
    found = [(pattern, line) for pattern in BAD for line in told.lines if re.search(pattern, line)]
    assert found == []
    assert len(told.lines) > 100


def test_no_value_is_empty(told: Told) -> None:
    assert all(entry.text.strip() for entry in told.report.ledger)


def test_the_words_of_direction_are_those_of_the_counts(told: Told) -> None:
    """From the frame alone: the rates of both groups in either profile, and which is the higher."""
    for profile in ("regulated", "dysregulated"):
        events, n, events0, n0 = _counts(told.frame, profile)
        found = told.report.results.contrasts[f"{profile}.any"].outcomes["implantation"]
        assert (found.events, found.n, found.reference_events, found.reference_n) == (events, n, events0, n0)
        said = text_of(told.report[f"{profile}.any.finding_and_ratio"]._repr_markdown_())
        assert said in told.text
        if n == 0 or n0 == 0:
            assert said.startswith("not comparable (")
            continue
        low, high = found.risk_ratio.low, found.risk_ratio.high
        word = "higher" if events * n0 > events0 * n else "lower"
        assert said.startswith(word)
        excluded = (low is not None and low > 1) or (high is not None and high < 1)
        assert ("interval that includes" in said) is not excluded


def test_the_conclusion_follows_the_regulated_profiles(told: Told) -> None:
    ratio = told.results.contrasts["regulated.any"].outcomes["implantation"].risk_ratio
    higher = ratio.low is not None and ratio.low > 1
    assert ("needs confirmation" in told.text) is higher
    assert bool(re.search(r"do(es)? not justify|nothing here justifies", told.text)) is not higher


@pytest.mark.parametrize(
    "told", ["no_events_in_an_arm", "one_patient", "one_regimen_missing", "no_optional_column"], indirect=True
)
def test_tables_and_figures_show_every_stratum(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = {name: getattr(tables, name)(told.report).html for name in _TABLES}
    contrasts = told.results.contrasts
    for key, table in (("regulated", "regulated"), ("dysregulated.prednisone", "regimens")):
        labels = [each.label for name, each in contrasts.items() if name.startswith(key)]
        assert all(label in shown[table] for label in labels)
    assert not re.search(r"\bnan\b|>0/0<|\bNone<|\binf\b", "".join(shown.values()))
    drawn = "".join(str(getattr(figures, name)(told.report)._repr_markdown_()) for name in _FIGURES)
    assert all(each.label in drawn for each in contrasts.values())
    assert not re.search(r"\bnan\b|\b0/0\b|\binf\b", drawn)


_TABLES = ("regulated", "dysregulation", "regimens", "outcomes", "bounds", "baseline", "joint", "adjusted",
           "models", "balance", "missing", "sensitivity", "selection", "definitions")  # fmt: skip
_FIGURES = ("flow", "forest")


def _counts(frame: pd.DataFrame, profile: str) -> tuple[int, int, int, int]:
    """Count implantation among the eligible of a profile, treated and untreated, straight from the file."""
    healthy = [frame[name].isna() | (frame[name] == "none")
               for name in ("female_reproductive_disease", "immune_disease")]  # fmt: skip
    eligible = healthy[0] & healthy[1] & (frame["embryo_transfer"] == "yes")
    eligible &= frame["immune_profile_status"] == "quantified"
    elevated = (frame["th1_th2_ratio"] >= 10) | (frame["nk_cells_percent"] >= 50)
    sacs = frame["gestational_sacs"].where(
        frame["gestational_sacs"].notna() | (frame["hcg_positive"] != "no"), 0
    )
    here = eligible & (elevated if profile == "dysregulated" else ~elevated) & sacs.notna()
    treated = frame["immunotherapy_regimen"] != "none"
    groups = [sacs[here & group] for group in (treated, ~treated)]
    return (int((groups[0] > 0).sum()), len(groups[0]), int((groups[1] > 0).sum()), len(groups[1]))


@pytest.mark.parametrize("patients", [2, 3, 5, 9, 14, 21])
def test_any_handful_of_patients_reads_as_english(
    patients: int, root: Path, prose_with_values: str, tmp_path: Path
) -> None:
    """Which groups are empty, and what nobody has recorded, is left to chance."""
    study = load_study(root / "study.yml")
    study = replace(study, adjustment=replace(study.adjustment, bootstrap_resamples=5, imputations=2))
    frame = synthesise().sample(patients, random_state=patients).reset_index(drop=True)
    write_csv(frame, tmp_path / "cohort.csv")
    report = Report(analyse_cohort(study, load_cohort(study, tmp_path / "cohort.csv")))
    lines = list(sentences(prose_with_values, report))
    assert [line for pattern in BAD for line in lines if re.search(pattern, line)] == []
