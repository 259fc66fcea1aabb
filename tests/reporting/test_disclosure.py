"""Nobody identifiable: every small count is looked for in all that is printed, and solved for from it.

The solver here shares nothing with the program: counts are told by queries over patients, read off the pages,
and a secret is safe if some whole-numbered cohort that prints the same has another number there.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from report_helpers.results.analysis import analyse_cohort
from report_helpers.results.model import Results
from report_helpers.results.withheld import Withheld
from report_helpers.study.cohort import Cohort, load_cohort
from report_helpers.study.definition import Study, load_study
from report_helpers.study.eligibility import apply_criteria
from report_helpers.study.synthetic import synthesise, write_csv

from .everything_printed import Everything, print_everything

MARK = "[not shown]"
THRESHOLD = 5
STRATA = ("regulated", "th1_th2", "nk", "both")
REGIMENS = ("prednisone", "prednisone_tacrolimus", "other")
TIMINGS = ("before", "after", "before_and_after")
OUTCOMES = ("clinical_pregnancy", "live_birth")


@dataclass(frozen=True)
class Case:
    """One cohort: its patients, its results as computed and as veiled, and all that is printed of it."""

    patients: pd.DataFrame
    excluded: dict[str, int]
    everybody: pd.DataFrame
    results: Results
    printed: Everything


def protected(root: Path) -> Study:
    """Return the shipped study with disclosure control, and few draws of chance."""
    study = load_study(root / "study.yml")
    quick = replace(study.adjustment, bootstrap_resamples=100, imputations=2)
    return replace(study, disclosure="always", adjustment=quick)


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


# What each printed key counts: its first number and, after a stroke, its second, as queries over patients.
KNOWN, YES, TREATED, UNTREATED = (
    "value != 'unknown'",
    "value == 'yes'",
    "regimen != 'none'",
    "regimen == 'none'",
)
PROFILES = {"regulated": "stratum == 'regulated'", "dysregulated": "stratum != 'regulated'"}


def contrasts() -> dict[str, tuple[str, str]]:
    """Return the treated and the reference of each contrast."""
    found = {
        f"{name}.any": (f"{here} and {TREATED}", f"{here} and {UNTREATED}") for name, here in PROFILES.items()
    }
    for timing in ("after", "before_and_after"):
        here = PROFILES["regulated"]
        found[f"regulated.{timing}"] = (f"{here} and timing == '{timing}'", f"{here} and {UNTREATED}")
    strata = {each: f"stratum == '{each}'" for each in STRATA[1:]}
    strata |= {
        "elevated_th1_th2": "stratum in ['th1_th2', 'both']",
        "increased_nk": "stratum in ['nk', 'both']",
    }
    for name, here in strata.items():
        found[f"dysregulated.{name}"] = (f"{here} and {TREATED}", f"{here} and {UNTREATED}")
    for regimen in REGIMENS:
        here = PROFILES["dysregulated"]
        found[f"dysregulated.{regimen}"] = (f"{here} and regimen == '{regimen}'", f"{here} and {UNTREATED}")
    return found


def fractions() -> dict[str, tuple[str, str]]:
    """Return the keys that print events of a number of patients."""
    found: dict[str, tuple[str, str]] = {}

    def add(path: str, members: str, events: str = f"{KNOWN} and {YES}", n: str = KNOWN) -> None:
        for name in ("events_of_n", "count"):
            prefix, _, last = path.rpartition("/")
            found[f"{prefix}.{last}{name}"] = (f"{members} and {events}", f"{members} and {n}")

    for key, (treated, reference) in contrasts().items():
        add(f"{key}/", treated)
        add(f"{key}/reference_", reference)
        for outcome in OUTCOMES:
            told = f"{KNOWN} and {outcome} == 'yes'", f"{KNOWN} and {outcome} != 'unknown'"
            add(f"{key}.{outcome}/", treated, *told)
            add(f"{key}.{outcome}/reference_", reference, *told)
    for timing in ("none", "before"):
        add(f"regulated.{timing}/", f"{PROFILES['regulated']} and timing == '{timing}'")
    add("dysregulated.none/", f"{PROFILES['dysregulated']} and {UNTREATED}")
    for cell, (profile, arm) in {
        "regulated_treated": ("regulated", TREATED),
        "dysregulated_untreated": ("dysregulated", UNTREATED),
        "dysregulated_treated": ("dysregulated", TREATED),
    }.items():
        add(f"joint.{cell}/", f"{PROFILES[profile]} and {arm}")
        add(f"joint.{cell}/reference_", f"{PROFILES['regulated']} and {UNTREATED}")
    for profile, here in PROFILES.items():
        for choice, kept in CHOICES.items():
            add(f"sensitivity.{profile}.{choice}/", f"{here} and {TREATED} and {kept}")
            add(f"sensitivity.{profile}.{choice}/reference_", f"{here} and {UNTREATED}")
        extreme = "value != 'no'"
        for case_, first, second in (("best", extreme, YES), ("worst", YES, extreme)):
            add(f"bounds.{profile}.any.{case_}/", f"{here} and {TREATED}", first, "index >= 0")
            add(f"bounds.{profile}.any.{case_}/reference_", f"{here} and {UNTREATED}", second, "index >= 0")
    return found


CHOICES = {
    "main": "index >= 0",
    "planned": "plan == 'yes'",
    "without_after": "timing != 'after'",
    "protocol": "regimen in ['prednisone', 'prednisone_tacrolimus']",
}


def others() -> dict[str, tuple[str, ...]]:
    """Return the keys that print a group's size, or a share that is no outcome."""
    found: dict[str, tuple[str, ...]] = {
        "flow.eligible": ("index >= 0",),
        "flow.analysed": (KNOWN,),
        "flow.outcome_unknown": ("value == 'unknown'",),
        "flow.analysed_of_eligible": (KNOWN, "index >= 0"),
        "missing.implantation.missing_of_n": ("value == 'unknown'", "index >= 0"),
        "missing.immunotherapy_planned_before_transfer.missing_of_n": (
            f"{TREATED} and plan == 'unknown'",
            TREATED,
        ),
        **{f"missing.{each}.missing_of_n": (f"{each} == 'unknown'", "index >= 0") for each in OUTCOMES},
    }
    for profile, here in PROFILES.items():
        found[f"{profile}.patients"] = found[f"flow.groups.{profile}.n"] = (f"{here} and {KNOWN}",)
        found[f"{profile}.treated.patients"] = (f"{here} and {TREATED} and {KNOWN}",)
        found[f"{profile}.none.patients"] = (f"{here} and {UNTREATED} and {KNOWN}",)
        for arm, who in (("treated", TREATED), ("untreated", UNTREATED)):
            found[f"baseline.columns.{profile}_{arm}.n"] = (f"{here} and {who} and {KNOWN}",)
        for choice, kept in CHOICES.items():
            aside = f"{here} and {TREATED} and not ({kept}) and {KNOWN}"
            found[f"sensitivity.{profile}.{choice}.set_aside"] = (aside,)
    for timing in ("none", *TIMINGS):
        members = (f"{PROFILES['regulated']} and timing == '{timing}' and {KNOWN}",)
        found[f"flow.groups.regulated.arms.{timing}.n"] = found[f"regulated.{timing}.n"] = members
        found[f"regulated.{timing}.patients"] = members
    for stratum in STRATA[1:]:
        here, path = f"stratum == '{stratum}' and {KNOWN}", f"flow.groups.dysregulated.arms.{stratum}"
        found[f"{path}.n"] = (here,)
        found[f"{path}.arms.treated.n"] = (f"{here} and {TREATED}",)
        found[f"{path}.arms.untreated.n"] = (f"{here} and {UNTREATED}",)
    for timing in TIMINGS:
        here, path = f"{KNOWN} and timing == '{timing}'", f"treatment_start.{timing}"
        found[f"{path}.patients"] = (here,)
        found[f"{path}.planned_of_known"] = (f"{here} and plan == 'yes'", f"{here} and plan != 'unknown'")
    return found


@dataclass(frozen=True, eq=False)
class Solver:
    """Somebody who knows every printed number, and which combinations of words a patient could have."""

    cells: list[pd.DataFrame]
    reasons: tuple[str, ...]

    @classmethod
    @cache  # the same for all cohorts, and with it what it has looked up
    def of(cls, reasons: tuple[str, ...]) -> Solver:
        treatments = [("none", "none"), *itertools.product(REGIMENS, TIMINGS)]
        answers = ("yes", "no", "unknown")
        rows = [
            (stratum, *treatment, plan, value)
            for stratum, treatment, plan, value in itertools.product(STRATA, treatments, answers, answers)
        ]
        main = pd.DataFrame(rows, columns=["stratum", "regimen", "timing", "plan", "value"])
        further = []
        for outcome in OUTCOMES:
            cells = main.drop(columns="plan").drop_duplicates()
            cells = cells.merge(pd.Series(answers, name=outcome), how="cross")
            further.append(cells[cells["value"].ne("no")].reset_index(drop=True))  # known, or unknown
        return cls([main, *further], reasons)

    @cache  # noqa: B019 - there is one solver
    def vector(self, query: str, *, excluded: tuple[str, ...] = ()) -> np.ndarray:
        """Return a query as a sum over cells: those of the table that has its columns."""
        table = next((n for n, each in enumerate(OUTCOMES, start=1) if f"{each} " in query), 0)
        parts = [np.zeros(len(each)) for each in self.cells]
        if query:
            parts[table][self.cells[table].query(query).index] = 1
        return np.concatenate([*parts, [float(each in excluded) for each in self.reasons]])

    @cache  # noqa: B019
    def links(self) -> np.ndarray:
        """Return that all tables hold the same patients."""
        rows = []
        main = self.cells[0]
        for stratum, regimen, timing in main[["stratum", "regimen", "timing"]].drop_duplicates().to_numpy():
            for known in (True, False):
                sums = []
                for table, cells in enumerate(self.cells):
                    parts = [np.zeros(len(each)) for each in self.cells]
                    parts[table][
                        (cells["stratum"] == stratum)
                        & (cells["regimen"] == regimen)
                        & (cells["timing"] == timing)
                        & ((cells["value"] != "unknown") == known)
                    ] = 1
                    sums.append(np.concatenate([*parts, np.zeros(len(self.reasons))]))
                rows += [sums[0] - each for each in sums[1:]]
        return np.array(rows)


def numbers(text: str) -> tuple[int | None, ...]:
    """Read the number, or the two of a fraction, off a printed text; None where one is not shown."""
    text = text.partition("(n=")[2] or text
    found = re.match(rf"({re.escape(MARK)}|[\d,]+)(?:/({re.escape(MARK)}|[\d,]+))?(?![\d.])", text)
    if not found:
        return ()
    return tuple(
        None if each == MARK else int(each.replace(",", "")) for each in found.groups() if each is not None
    )


def read_off(found: Case, key: str) -> dict[int, int]:
    """Return the numbers that are printed under a key anywhere, by their place in the text."""
    seen: dict[int, int] = {}
    for text in found.printed.texts.get(key, ()):
        for place, number in enumerate(numbers(text)):
            if number is not None:
                assert seen.setdefault(place, number) == number, f"{key} prints two numbers"
    return seen


def solved(secrets: dict[str, np.ndarray], truth: np.ndarray, printed: np.ndarray) -> list[str]:
    """Return the secrets that have one value in all whole-numbered cohorts that print the same."""
    everything = np.vstack([printed, *secrets.values()])
    columns, place = np.unique(everything, axis=1, return_inverse=True)
    patients = np.bincount(place.ravel(), weights=truth, minlength=columns.shape[1])
    equations, sums = columns[: len(printed)], columns[len(printed) :]
    results, most = equations @ patients, 2 * patients.sum() + 10
    left = dict(zip(secrets, sums, strict=True))
    rng = np.random.default_rng(1)
    for _ in range(12):  # most secrets fall to a few cohorts drawn at random
        if left:
            goal = rng.choice((-1.0, 1.0), len(left)) @ np.array(list(left.values()))
            other = linprog(goal, A_eq=equations, b_eq=results, bounds=(0, most))
            left = _without(left, other.x, patients, equations)
    alike, whole = LinearConstraint(equations, results, results), np.ones(len(patients), dtype=int)
    given_away = []
    while left:
        name, row = next(iter(left.items()))
        before = len(left)
        for low, high in ((row @ patients + 1, np.inf), (-np.inf, row @ patients - 1)):
            limits = [alike, LinearConstraint(row, low, high)]
            other = milp(0 * patients, constraints=limits, integrality=whole, bounds=Bounds(0, most))
            if name in left and other.x is not None:
                left = _without(left, other.x, patients, equations)
        if len(left) == before:
            given_away.append(name)
            del left[name]
    return given_away


def _without(
    left: dict[str, np.ndarray], other: np.ndarray, patients: np.ndarray, equations: np.ndarray
) -> dict[str, np.ndarray]:
    """Strike off the secrets that another cohort of whole patients, which prints the same, has otherwise."""
    change = np.rint(other) - patients
    if np.any(equations @ change):
        return left
    return {name: cells for name, cells in left.items() if not cells @ change}


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


def left(value: object, name: str = "") -> Iterator[str]:
    """Go through all numbers of the results that have a value; a part that is added is seen here."""
    match value:
        case Study() | bool() | Withheld():
            pass
        case int() | float():
            yield name
        case Mapping():
            yield from (found for key, each in value.items() for found in left(each, name or key))
        case tuple():
            yield from (found for each in value for found in left(each, name))
        case _ if is_dataclass(value):
            yield from (
                found for field in fields(value) for found in left(getattr(value, field.name), field.name)
            )


def test_a_cohort_too_small_has_no_results(root: Path) -> None:
    study = replace(protected(root), least_patients=367)
    results = analyse_cohort(study, load_cohort(study))
    assert set(left(results)) <= {"level", "chosen", "cutoffs", "least_shown", "too_few"}
    printed = print_everything(results, root)
    assert "Too few patients to report" in printed.pages["index.qmd"]
    parts = (
        "regulated dysregulated flow baseline adjusted joint missing sensitivity bounds selection interaction"
    )
    about_patients = tuple(f"{part}." for part in (*parts.split(), "treatment_start"))
    for entry in printed.ledger:
        if entry.key.startswith(about_patients):
            assert entry.value is None or not isinstance(entry.value, int | float), entry


def test_each_number_of_the_results_was_thought_of(results: Results) -> None:
    """A number added to the results must be veiled, or need no veil, before it is named here."""
    of_patients = """analysed counts effective0 effective1 eligible events events_per_term excluded hcg_known
        after_hcg known left_out missing missing_kept n outcome_unknown patients plan_known planned_before
        reference_events reference_n remaining rows screened set_aside treated unknown_reference
        unknown_treated untreated"""
    made_of_them = """after before high highest_propensity0 highest_propensity1 highest_weight holm low
        lowest_propensity0 lowest_propensity1 lowest_weight mean mean_weight median overlap p_value q1 q3
        risk_ratio sd smd smd_dysregulated smd_regulated value"""
    chosen_by_authors = "chosen cutoffs least_shown level too_few"
    assert set(left(results)) == {*of_patients.split(), *made_of_them.split(), *chosen_by_authors.split()}


def test_synthetic_patients_are_shown_as_they_are(results: Results) -> None:
    assert not results.study.protects
    assert MARK not in str(results.regulated) + str(results.flow) + str(results.baseline)
