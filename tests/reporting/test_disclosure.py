"""Nobody identifiable: every small count is looked for in all that is printed, and solved for from it.

The solver here shares nothing with the program: counts are told by queries over patients, read off the pages,
and a secret is safe if some whole-numbered cohort that prints the same has another number there.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from report_helpers.results.analysis import analyse_cohort
from report_helpers.results.model import Results
from report_helpers.study.cohort import Cohort, load_cohort
from report_helpers.study.definition import Study
from report_helpers.study.eligibility import apply_criteria
from report_helpers.study.synthetic import synthesise, write_csv

from .count_solver import MARK, Solver, numbers, solved
from .everything_printed import Everything, print_everything, protected
from .printed_counts import KNOWN, OUTCOMES, contrasts, fractions, others

THRESHOLD = 5


@dataclass(frozen=True)
class Case:
    """One cohort: its patients, its results as computed and as veiled, and all that is printed of it."""

    patients: pd.DataFrame
    excluded: dict[str, int]
    everybody: pd.DataFrame
    results: Results
    printed: Everything


def case(study: Study, cohort: Cohort, root: Path) -> Case:
    selected = apply_criteria(study, cohort)
    results = analyse_cohort(study, cohort)
    frame = selected.eligible
    patients = pd.DataFrame(
        {
            "stratum": frame["stratum"].astype(str),
            "regimen": frame["immunotherapy_regimen"].astype(str),
            "timing": frame["immunotherapy_timing"].astype(str),
            "plan": frame["immunotherapy_planned_before_transfer"].astype(object).fillna("unknown"),
            "value": frame["implantation"].map({1.0: "yes", 0.0: "no"}).fillna("unknown"),
            **{each: frame[each].astype(object).fillna("unknown") for each in OUTCOMES},
        }
    )
    excluded = {step.key: step.excluded for step in selected.flow.steps}
    arm = np.where(patients["regimen"] == "none", "untreated", "treated")
    profile = np.where(patients["stratum"] == "regulated", "regulated_", "dysregulated_")
    where = pd.Series("excluded", cohort.frame.index)
    where[frame.index] = np.where(patients["value"] == "unknown", "unknown", profile + arm)
    everybody = cohort.frame.assign(where=where)
    return Case(patients, excluded, everybody, results, print_everything(results, root))


@pytest.fixture(scope="module", params=(60, 120, 734))
def found(request: pytest.FixtureRequest, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Case:
    study = protected(root)
    path = tmp_path_factory.mktemp("cohort") / "cohort.csv"
    write_csv(synthesise(request.param, seed=7), path)
    return case(study, load_cohort(study, path), root)


def read_off(found: Case, key: str) -> dict[int, int]:
    """Return the numbers that are printed under a key anywhere, by their place in the text."""
    seen: dict[int, int] = {}
    for text in found.printed.texts.get(key, ()):
        for place, number in enumerate(numbers(text)):
            if number is not None:
                assert seen.setdefault(place, number) == number, f"{key} prints two numbers"
    return seen


def test_no_small_count_follows_from_what_is_printed(found: Case) -> None:
    printed, secrets, truth = equations_and_secrets(found)
    assert len(secrets) > 20
    assert solved(secrets, truth, printed) == []


def test_the_solver_finds_what_is_given_away(found: Case) -> None:
    """Printing one more number of those hidden gives some secret away: the solver is no rubber stamp."""
    printed, secrets, truth = equations_and_secrets(found)
    name, cells = next(iter(secrets.items()))
    assert name in solved({name: cells}, truth, np.vstack([printed, cells]))
    solver = Solver.of(tuple(found.excluded))
    parts = [solver.vector(query) for query in others()["flow.groups.regulated.arms.before.n"]]
    rest = [
        solver.vector(f"{KNOWN} and stratum == 'regulated' and timing {words}")
        for words in ("== 'after'", "== 'before_and_after'", "== 'none'", "!= ''")
    ]
    assert solved({"before": parts[0]}, truth, np.vstack([printed, *rest])) == ["before"]


def equations_and_secrets(found: Case) -> tuple[np.ndarray, dict[str, np.ndarray], np.ndarray]:
    """Return what is printed, as sums over cells, the sums that nobody may learn, and the true cells."""
    solver = Solver.of(tuple(found.excluded))
    reasons = solver.reasons
    truth = np.concatenate(
        [
            *(_counted(found.patients, cells) for cells in solver.cells),
            [float(found.excluded[each]) for each in reasons],
        ]
    )
    sums: dict[str, tuple[np.ndarray, ...]] = {
        key: tuple(solver.vector(query) for query in queries)
        for key, queries in (fractions() | others()).items()
    }
    everybody = solver.vector("index >= 0", excluded=reasons)
    sums["flow.screened"] = (everybody,)
    sums["flow.excluded"] = (solver.vector("", excluded=reasons),)
    sums |= {f"flow.steps.{each}.excluded": (solver.vector("", excluded=(each,)),) for each in reasons}
    sums["flow.excluded_of_screened"] = (*sums["flow.excluded"], everybody)
    sums["flow.eligible_of_screened"] = (*sums["flow.eligible"], everybody)
    printed, secrets = [*solver.links()], {}
    for key, parts in sums.items():
        seen = read_off(found, key)
        for place, part in enumerate(parts):
            value = int(part @ truth)
            if place in seen:
                assert seen[place] == value, f"{key} prints {seen[place]} for {value}"
                printed.append(part)
            if 1 <= value < THRESHOLD:
                secrets[f"{key}[{place}]"] = part
        if key in fractions() and (n := int(parts[1] @ truth)):
            events = int(parts[0] @ truth)
            for name, part, value in (("yes", parts[0], events), ("no", parts[1] - parts[0], n - events)):
                if value < THRESHOLD:
                    secrets[f"{key}: {name}"] = part
    assert len(printed) > len(solver.links()) + 20
    return np.array(printed), secrets, truth


def _counted(patients: pd.DataFrame, cells: pd.DataFrame) -> np.ndarray:
    """Count patients by the columns of a table; one of a further outcome tells known outcomes by "yes"."""
    found = patients if "plan" in cells else patients.replace({"value": {"no": "yes"}})
    columns = list(cells.columns)
    counts = found.groupby(columns).size().rename("patients").reset_index()
    made = cells.merge(counts, on=columns, how="left")["patients"].fillna(0).to_numpy(dtype=float)
    assert made.sum() == len(patients), "a patient is in no cell"
    return made


COLUMNS = ("regulated_untreated", "regulated_treated", "dysregulated_untreated", "dysregulated_treated")
GROUPS = (*COLUMNS, "unknown", "excluded")
UNITED = {"eligible": GROUPS[:5], "excluded": GROUPS[5:]}


def test_no_characteristic_of_a_few_follows_from_what_is_printed(found: Case) -> None:
    """Each category is a table of levels, missing values included, by groups of patients."""
    told = 0
    for covariate in found.results.study.covariates:
        if covariate.kind == "category":
            told += _levels_are_safe(found, covariate.key, tuple(covariate.levels))
    assert told > 10


def _levels_are_safe(found: Case, name: str, levels: tuple[str, ...]) -> int:
    rows = found.everybody[name].astype(object).fillna("missing")
    cells = [(where, level) for where in GROUPS for level in (*levels, "missing")]
    counts = pd.crosstab(found.everybody["where"], rows)
    truth = np.array([counts.to_dict().get(level, {}).get(where, 0) for where, level in cells], dtype=float)

    def total(groups: tuple[str, ...], chosen: tuple[str, ...]) -> np.ndarray:
        return np.array([float(where in groups and level in chosen) for where, level in cells])

    printed, secrets = [], {}

    def look(key: str, part: np.ndarray, place: int = 0) -> None:
        seen = read_off(found, key)
        if place in seen:
            assert seen[place] == part @ truth, key
            printed.append(part)

    everything = (*levels, "missing")
    sizes = {f"baseline.columns.{each}.n": (each,) for each in COLUMNS}
    sizes |= {"flow.eligible": GROUPS[:5], "flow.excluded": GROUPS[5:], "flow.outcome_unknown": ("unknown",)}
    for key, groups in sizes.items():
        look(key, total(groups, everything))
    tables = {f"baseline.{name}.{each}": (each,) for each in COLUMNS}
    if any(row.key == name for row in found.results.selection):
        tables |= {f"selection.{name}.{each}": groups for each, groups in UNITED.items()}
    for path, groups in tables.items():
        known = total(groups, levels)
        for level in levels:
            part = total(groups, (level,))
            look(f"{path}.{level}", part)
            look(f"{path}.{level}", known, place=1)
            for told, each in ((level, part), (f"not {level}", known - part)):
                if known @ truth and each @ truth < THRESHOLD:
                    secrets[f"{path}: {told}"] = each
            if any(
                "/" not in text and MARK not in text
                for text in found.printed.texts.get(f"{path}.{level}", ())
            ):
                printed.append(total(groups, ("missing",)))  # a percentage of all patients of the column
    for key, groups in {
        f"baseline.{name}.missing": COLUMNS,
        f"missing.{name}.missing_of_n": UNITED["eligible"],
        **{f"selection.{name}.{each}.missing": groups for each, groups in UNITED.items() if len(tables) > 4},
    }.items():
        part = total(groups, ("missing",))
        look(key, part)
        if 1 <= part @ truth < THRESHOLD:
            secrets[key] = part
    assert solved(secrets, truth, np.array(printed)) == []
    return len(secrets)


def test_a_mean_or_a_quartile_is_not_of_a_few(found: Case) -> None:
    """A mean is of as many patients as may be shown, a quartile has as many beyond it."""
    known = found.everybody.groupby("where").count()
    shown_at_all = 0
    for row in found.results.baseline.rows:
        if row.levels:
            continue
        least = 4 * THRESHOLD if row.skewed else THRESHOLD
        for column in COLUMNS:
            recorded = int(known[row.key].get(column, 0))
            name = "median_iqr" if row.skewed else "mean_sd"
            shown = MARK not in "".join(found.printed.texts[f"baseline.{row.key}.{column}.{name}"])
            assert not shown or recorded >= least or recorded == 0, f"{row.key} of {recorded}"
            shown_at_all += shown
    assert shown_at_all > 5
    assert f"Counts of fewer than {THRESHOLD} patients" in found.printed.pages["index.qmd"]


def test_what_is_not_shown_has_no_value_anywhere(found: Case) -> None:
    hidden = [printed for printed in found.printed.ledger if MARK in printed.text]
    assert len(hidden) > 100
    for printed in hidden:
        assert (printed.value, printed.low, printed.high, printed.p) == (None, None, None, None), printed.key
        assert printed.reason
    for text in found.printed.pages.values():
        assert not re.search(r"\bnan\b|\bNone\b|Withheld", text)


def test_an_estimate_goes_with_any_of_its_counts(found: Case) -> None:
    texts = found.printed.texts
    for key in contrasts():
        counts = " ".join(texts[f"{key}.events_of_n"] | texts[f"{key}.reference_events_of_n"])
        shown = MARK not in counts
        for name in ("risk_ratio", "risk_difference"):
            assert (texts[f"{key}.{name}"] == {MARK}) != shown, f"{key}.{name}: {counts}"
            assert shown or texts[f"adjusted.{key}.risk_ratio"] == {MARK}


def test_patients_with_all_covariates_are_counted_only_where_no_few_are_told_apart(found: Case) -> None:
    """Whoever knows a group, and those of it with all covariates recorded, knows the others."""
    frame = found.patients.query(KNOWN)
    covariates = list(found.results.study.adjustment.covariates)
    complete = found.everybody.loc[frame.index, covariates].notna().all(axis=1)
    cells = frame.groupby(["stratum", "regimen", "timing"]).ngroup()
    known, hidden = {}, {}
    for key, arms in contrasts().items():
        members = np.sum(
            [np.bincount(cells[frame.query(arm).index], minlength=cells.max() + 1) > 0 for arm in arms],
            axis=0,
        )
        shown = bool(read_off(found, f"adjusted.{key}.n") or read_off(found, f"adjusted.{key}.used_of_n"))
        (known if shown else hidden)[key] = members
        for arm, value in itertools.product(arms, ("yes", "no")) if shown else ():
            with_all = complete[frame.query(f"{arm} and value == '{value}'").index]
            assert with_all.sum() >= THRESHOLD, f"{key}: {arm}"
            assert (~with_all).sum() not in range(1, THRESHOLD), f"{key}: {arm}"
    assert hidden
    if known:
        rank = np.linalg.matrix_rank(list(known.values()))
        for key, members in hidden.items():
            assert np.linalg.matrix_rank([*known.values(), members]) > rank, (
                f"{key} follows from {list(known)}"
            )


def test_every_number_of_the_flow_in_words_is_in_the_diagram(found: Case) -> None:
    svg = found.printed.pages["figure flow"]
    told, drawn = svg.partition("</desc>")[::2]
    assert set(re.findall(r"\d+", told.partition("<desc")[2].partition(">")[2])) <= set(
        re.findall(r"\d+", drawn)
    )
    assert MARK in told


def test_a_table_explains_what_is_not_shown(found: Case) -> None:
    for name, page in found.printed.pages.items():
        if "<table" in page and MARK in page:
            assert f"{MARK}: a count of few patients, or what would reveal one." in page, name
