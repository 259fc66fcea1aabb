"""The simulation runs, says the same for the same seed, and what it shipped holds what it claims."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from report_helpers import statistics
from report_helpers.reporting import Report, tables
from report_helpers.reporting.tables.operating import OperatingCharacteristicsError
from report_helpers.results.model import Results
from report_helpers.study.cohort import load_cohort
from report_helpers.study.definition import Study, load_study
from report_helpers.study.eligibility import apply_criteria
from report_helpers.study.synthetic import SEED, simulate, true_risks
from report_helpers.study.synthetic_truth import BY_CHANCE, NO_EFFECT, TRUTH

SCENARIOS = ("documented", "null", "documented_by_chance", "null_by_chance")
SHIPPED = "benchmarks/operating-characteristics.json"


@pytest.fixture(scope="module")
def study(root: Path) -> Study:
    return load_study(root / "study.yml")


@pytest.fixture(scope="module")
def benchmark(root: Path) -> Callable[[str], Any]:
    """Import a module of the benchmarks as the command does."""

    def load(name: str) -> Any:
        with pytest.MonkeyPatch.context() as patch:
            patch.syspath_prepend(root / "benchmarks")
            return import_module(name)

    return load


@pytest.fixture(scope="module")
def cohorts(benchmark: Callable[[str], Any]) -> Any:
    return benchmark("simulated_cohorts")


@pytest.fixture(scope="module")
def shipped(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((root / SHIPPED).read_text(encoding="utf-8"))
    return found


def test_the_simulation_depends_on_its_seed_alone(
    root: Path, tmp_path: Path, study: Study, benchmark: Callable[[str], Any]
) -> None:
    """Two processes find what one finds, and another seed finds something else."""
    script = root / "benchmarks" / "operating_characteristics.py"
    given = ["--cohorts", "8", "--seed", "5", "--processes", "2", "--output", str(tmp_path / "found.json")]
    done = subprocess.run(
        [sys.executable, str(script), *given], check=True, capture_output=True, text=True, cwd=root
    )
    assert done.stderr == ""
    found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert tuple(found["scenarios"]) == SCENARIOS
    assert found["settings"]["command"].endswith("--cohorts 8 --seed 5")
    for scenario in found["scenarios"].values():
        assert len(scenario) == 11
        for measured in (each for contrast in scenario.values() for each in contrast.values()):
            assert measured["cohorts"] == 8
            assert measured["rejection"] is None or 0 <= measured["rejection"] <= 1

    command, look_at = benchmark("operating_characteristics"), benchmark("simulated_cohorts").look_at
    summarise, scenario = benchmark("simulation_summary").summarise, command.SCENARIOS[2]
    for seed, same in ((5, True), (6, False)):
        alone = summarise([look_at(study, scenario, each) for each in command.cohort_seeds(seed, 8)])
        assert (command.rounded(alone) == found["scenarios"][scenario.key]) is same


def test_one_cohort_is_judged_by_the_package_as_the_analysis_judges_it(
    cohorts: Any, study: Study, results: Results
) -> None:
    """The shipped cohort, simulated, gives the counts and the standardised ratio of the analysed file."""
    found = cohorts.look_at(study, cohorts.SCENARIOS[0], SEED)
    for key, counts in found.counts.items():
        main = results.contrasts[key].outcomes["implantation"]
        assert counts == (main.events, main.n, main.reference_events, main.reference_n)
    sacs = results.dysregulated.contrasts["any"].outcomes["sacs_per_embryo"].risk_ratio
    assert found.estimates["dysregulated.any", "sacs_per_embryo_ratio"][0] == pytest.approx(sacs.value)
    reri = results.interaction.reri
    assert found.estimates["interaction", "reri"][:3] == pytest.approx((reri.value, reri.low, reri.high))


def test_chances_are_those_the_outcomes_were_drawn_from() -> None:
    made = simulate(40_000, seed=3)
    drawn, chances = made.chances.drawn, made.chances
    had = drawn["immunotherapy_regimen"] != "none"
    assert np.array_equal(chances.seen, np.where(had, chances.treated(), chances.untreated))
    given = drawn["immunotherapy_regimen"] == "prednisone"
    assert np.array_equal(chances.treated("prednisone")[given], chances.seen[given])
    sacs = drawn["gestational_sacs"]
    assert sacs.mean() == pytest.approx((chances.seen * chances.sacs_once_implanted).mean(), abs=0.012)


def test_the_null_has_no_effect_and_chance_no_confounding() -> None:
    null = simulate(2_000, seed=3, truth=NO_EFFECT).chances
    assert np.array_equal(null.treated(), null.untreated)
    assert not np.array_equal(simulate(2_000, seed=3).chances.treated(), null.treated())
    assert NO_EFFECT.stratum == TRUTH.stratum
    gap = {}
    for name, options in (("indication", {}), ("chance", {"indication": BY_CHANCE})):
        chances = simulate(20_000, seed=3, **options).chances
        here = (chances.prognosis.stratum != "regulated") & (
            chances.drawn["immune_profile_status"] == "quantified"
        )
        treated = chances.drawn["immunotherapy_regimen"] != "none"
        gap[name] = chances.untreated[here & treated].mean() - chances.untreated[here & ~treated].mean()
    assert gap["indication"] < -0.02
    assert abs(gap["chance"]) < 0.008


def test_shipped_results_are_of_enough_cohorts(shipped: dict[str, Any]) -> None:
    assert shipped["settings"]["cohorts"] >= 2000
    assert "--seed" in shipped["settings"]["command"]
    for scenario in shipped["scenarios"].values():
        assert {each["cohorts"] for row in scenario.values() for each in row.values()} == {
            shipped["settings"]["cohorts"]
        }


def test_without_confounding_unadjusted_intervals_cover_as_they_say(shipped: dict[str, Any]) -> None:
    """Within two points of 95%, four Monte Carlo standard errors included; tests reject as often as set."""
    for scenario in ("documented_by_chance", "null_by_chance"):
        for contrast, measured in shipped["scenarios"][scenario].items():
            if contrast == "interaction":
                continue
            for key in ("risk_difference", "risk_ratio"):
                assert measured[key]["coverage"] == pytest.approx(0.95, abs=0.02), (scenario, contrast, key)
    for measured in shipped["scenarios"]["null_by_chance"].values():
        if "test" in measured:
            assert measured["test"]["rejection"] < 0.07


def test_adjusting_removes_the_bias_that_confounding_puts_in(shipped: dict[str, Any]) -> None:
    found = shipped["scenarios"]["documented"]["dysregulated.any"]
    crude, adjusted = found["risk_difference"], found["standardised_risk_difference"]
    assert crude["bias"] == pytest.approx(crude["seen"] - crude["truth"], abs=4 * crude["bias_se"])
    assert crude["bias"] < -0.02
    assert abs(adjusted["bias"]) < abs(crude["bias"]) / 3
    assert adjusted["coverage"] > crude["coverage"]


def test_the_simulated_truth_is_the_documented_one(shipped: dict[str, Any]) -> None:
    stated = true_risks()
    for key in ("regulated.any", "dysregulated.any", "dysregulated.both"):
        found = shipped["scenarios"]["documented"][key]["risk_difference"]
        assert found["truth"] == pytest.approx(stated[key].difference, abs=0.004)
        assert found["seen"] == pytest.approx(stated[key].seen_difference, abs=0.006)


def test_the_shipped_cohort_holds_its_truth(study: Study, cohorts: Any, shipped: dict[str, Any]) -> None:
    """Every interval of the shipped cohort contains the truth that it is about."""
    patients = apply_criteria(study, load_cohort(study)).analysed_sample
    columns = cohorts._columns(study, patients)
    documented = shipped["scenarios"]["documented"]
    everyone = cohorts.groups(patients)
    for key, group in everyone.items():
        counts = cohorts._counts(group, columns["implantation"])
        found = {
            "risk_difference": statistics.risk_difference(*counts),
            "risk_ratio": statistics.risk_ratio(*counts),
            **cohorts._per_embryo(group, columns),
            **cohorts._adjusted(study, key, group, columns),
        }
        for name, estimate in found.items():
            if estimate.value is not None:
                assert estimate.low <= documented[key][name]["truth"] <= estimate.high, (key, name)
    assert found


def test_the_table_prints_the_shipped_file(results: Results, shipped: dict[str, Any]) -> None:
    r = Report(results)
    made = tables.operating_characteristics(r)
    entries = {entry.key: entry for entry in r.ledger}
    expected = shipped["scenarios"]["documented"]["dysregulated.any"]["standardised_risk_ratio"]["coverage"]
    entry = entries["operating.dysregulated.any.standardised_risk_ratio.coverage"]
    assert entry.value == expected
    assert entry.text == f"{100 * expected:.1f}"
    assert entry.where == "suptbl-operating"
    null = shipped["scenarios"]["null"]["interaction"]["reri"]["rejection"]
    assert entries["operating.interaction.reri.type_i_error"].value == null
    assert shipped["settings"]["command"] in made.html
    assert "23 November 2026" in made.html
    printed = {key.rpartition(".")[0] for key in entries if key.startswith("operating.")}
    subgroup = {key for key in printed if key.startswith("operating.dysregulated.nk.")}
    assert subgroup == {
        f"operating.dysregulated.nk.{name}" for name in ("risk_ratio", "standardised_risk_ratio")
    }
    assert not any(key.endswith("_unlimited") for key in printed)


def test_a_study_without_simulation_says_so(results: Results, tmp_path: Path) -> None:
    r = Report(replace(results, study=replace(results.study, path=tmp_path / "study.yml")))
    made = tables.operating_characteristics(r)
    assert "Not available" in made.html
    assert "No simulation comes with this study" in made.html
    assert len(r.ledger) == 0


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"scenarios": {}}'])
def test_a_damaged_file_is_named(results: Results, tmp_path: Path, content: str) -> None:
    path = tmp_path / SHIPPED
    path.parent.mkdir()
    path.write_text(content, encoding="utf-8")
    r = Report(replace(results, study=replace(results.study, path=tmp_path / "study.yml")))
    with pytest.raises(OperatingCharacteristicsError, match="operating characteristics"):
        tables.operating_characteristics(r)


@pytest.mark.parametrize("script", ["render.py", "scale.py", "reading.py"])
def test_a_benchmark_writes_its_own_part_of_the_readme_and_no_other(
    root: Path, tmp_path: Path, benchmark: Callable[[str], Any], script: str
) -> None:
    readme, record = tmp_path / "README.md", benchmark("record")
    shipped = (root / "benchmarks" / "README.md").read_text(encoding="utf-8")
    readme.write_text(shipped, encoding="utf-8")
    record.write(script, "THE TABLES\n", readme)
    text = readme.read_text(encoding="utf-8")
    before, _, after = text.partition("THE TABLES\n")
    assert before.endswith(f"<!-- {script} writes from here -->\n")
    assert after.startswith(f"<!-- {script} writes to here -->\n")
    assert shipped.startswith(before)
    assert shipped.endswith(after)
    readme.write_text(before, encoding="utf-8")
    with pytest.raises(SystemExit, match=f"lost a mark: .*{script}"):
        record.write(script, "THE TABLES\n", readme)
