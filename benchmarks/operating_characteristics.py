"""Does it work? Simulate many cohorts of this design with a known truth, and hold every estimator to it.

    python benchmarks/operating_characteristics.py

writes ``benchmarks/operating-characteristics.json``, from which the supplement's table is made.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from simulated_cohorts import SCENARIOS, Found, look_at
from simulation_summary import ALPHA, ESTIMATORS, summarise

from report_helpers.study.definition import Study, load_study
from report_helpers.study.synthetic import PATIENTS

ROOT = Path(__file__).resolve().parents[1]
OUTPUT = Path(__file__).with_name("operating-characteristics.json")
COHORTS, SEED, PROCESSES = 2000, 20261, 2
BAR = 40
_study: Study  # of a process of the pool


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulate, summarise and write, with a progress bar on a terminal."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cohorts", type=int, default=COHORTS, help="cohorts of each scenario")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--processes", type=int, default=PROCESSES)
    parser.add_argument("--study", type=Path, default=ROOT / "study.yml")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    given = parser.parse_args(arguments)
    if given.cohorts < 2 or given.processes < 1 or given.seed < 0:
        parser.error("needs at least 2 cohorts, 1 process and a seed of 0 or more")
    started = time.monotonic()
    study = load_study(given.study)
    scenarios = simulate_all(given.study, given.cohorts, given.seed, given.processes)
    made = {
        "settings": {
            "command": command(given),
            "date": today(),
            "seed": given.seed,
            "cohorts": given.cohorts,
            "patients_screened": PATIENTS,
            "alpha": ALPHA,
            "level": 0.95,
            "least_events_per_term": study.adjustment.least_events_per_term,
            "least_patients_per_propensity_term": study.adjustment.least_patients_per_propensity_term,
            "covariates": list(study.adjustment.covariates),
            "scenarios": {each.key: each.label for each in SCENARIOS},
            "versions": {
                "python": platform.python_version(),
                **{name: version(name) for name in ("report-helpers", "numpy", "scipy", "pandas")},
            },
        },
        "estimators": {key: {"label": each.label, "scale": each.scale} for key, each in ESTIMATORS.items()},
        "scenarios": scenarios,
    }
    text = json.dumps(rounded(made), indent=1, ensure_ascii=False, allow_nan=False)
    given.output.write_text(text + "\n", encoding="utf-8")
    seconds = time.monotonic() - started
    print(f"{given.cohorts} cohorts of each of {len(SCENARIOS)} scenarios in {seconds:.0f} s: {given.output}")


def simulate_all(study: Path, cohorts: int, seed: int, processes: int) -> dict[str, Any]:
    """Return the summary of each scenario; all scenarios share the cohorts' seeds."""
    # One thread to a process: the matrices are small, and the processes share the cores.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    tasks = [(place, each) for place in range(len(SCENARIOS)) for each in cohort_seeds(seed, cohorts)]
    chunk = 8 if cohorts > 100 else 1
    with multiprocessing.get_context("spawn").Pool(processes, _read, (study,)) as pool:
        found = progress(pool.imap(_one, tasks, chunk), len(tasks))
        return {each.key: summarise(list(islice(found, cohorts))) for each in SCENARIOS}


def cohort_seeds(seed: int, cohorts: int) -> list[int]:
    """Return the seed of each cohort."""
    return [int(each) for each in np.random.SeedSequence(seed).generate_state(cohorts, dtype=np.uint64)]


def _read(study: Path) -> None:
    """Let a process read the study once, for all its cohorts."""
    global _study
    _study = load_study(study)


def _one(task: tuple[int, int]) -> Found:
    scenario, seed = task
    return look_at(_study, SCENARIOS[scenario], seed)


def progress(results: Iterator[Found], total: int) -> Iterator[Found]:
    """Pass results on; on a terminal draw how many there are and how long the rest will take."""
    started, shown = time.monotonic(), sys.stderr.isatty()
    for done, result in enumerate(results, start=1):
        yield result
        if shown and (done == total or done % 20 == 0):
            full = BAR * done // total
            left = (time.monotonic() - started) * (total - done) / done
            end = "\n" if done == total else ""
            bar = "#" * full + "-" * (BAR - full)
            print(
                f"\r[{bar}] {done}/{total} cohorts, {left:.0f} s left ", end=end, file=sys.stderr, flush=True
            )


def command(given: argparse.Namespace) -> str:
    """Return the command that makes the same numbers again."""
    return f"python benchmarks/operating_characteristics.py --cohorts {given.cohorts} --seed {given.seed}"


def today() -> str:
    """Return the date of this run, or of ``SOURCE_DATE_EPOCH``."""
    return (
        datetime.fromtimestamp(float(os.environ.get("SOURCE_DATE_EPOCH", time.time())), UTC)
        .date()
        .isoformat()
    )


def rounded(part: Any) -> Any:
    """Keep six significant figures: more than the simulation knows, and the same on every machine."""
    if isinstance(part, dict):
        return {key: rounded(each) for key, each in part.items()}
    if isinstance(part, list):
        return [rounded(each) for each in part]
    return float(f"{part:.6g}") if isinstance(part, float) else part


if __name__ == "__main__":
    main()
