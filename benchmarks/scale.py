"""Time and memory of the flow, the baseline table and every unadjusted contrast, up to registry size.

    python benchmarks/scale.py [--rows 1e4 1e5 1e6 1e7] [--tableone-up-to 1e6] [--write]

Each size is measured in a process of its own, beside the ``tableone`` package on the same baseline table of
the same patients (``pip install tableone``). ``--write`` puts the table into the README of this folder.
"""

from __future__ import annotations

import argparse
import gc
import json
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias, TypeVar

import numpy as np
import pandas as pd
import record

from report_helpers.results.description import baseline
from report_helpers.results.model import Baseline
from report_helpers.results.unadjusted import unadjusted
from report_helpers.study.cohort import Cohort, load_cohort
from report_helpers.study.definition import Study, load_study
from report_helpers.study.eligibility import Eligibility, apply_criteria
from report_helpers.study.synthetic import synthesise, write_csv

STUDY = Path(__file__).resolve().parents[1] / "study.yml"

# Synthetic patients are made once; larger cohorts draw from them with replacement, all with ids of their own.
MADE, SEED = 50_000, 2040
MIB = 2**20

Made = TypeVar("Made")
Measured: TypeAlias = dict[str, float]


def measure_ours(study: Study, few: Cohort, cohort: Cohort, repeats: int) -> Measured:
    """Time the three stages, and take the peak memory of the process that holds the frame and runs them."""
    stages(study, few)  # loads what is loaded on first use
    restart_peak()
    runs = [stages(study, cohort) for _ in range(repeats)]
    return min(runs, key=lambda run: run["total"]) | {"peak": peak()}


def stages(study: Study, cohort: Cohort) -> Measured:
    """Return the seconds of each stage, from a loaded cohort on."""
    selected, *flow = timed(lambda: apply_criteria(study, cohort))
    _, *table = timed(lambda: baseline(study, selected.analysed_sample))
    _, *contrasts = timed(lambda: unadjusted(study, selected))
    (total, cpu) = (sum(each) for each in zip(flow, table, contrasts, strict=True))
    return {
        "flow": flow[0],
        "table": table[0],
        "contrasts": contrasts[0],
        "total": total,
        "table CPU": table[1],
        "CPU": cpu,
    }


def measure_tableone(study: Study, few: Cohort, cohort: Cohort, repeats: int) -> Measured:
    """Time ``tableone`` on the patients and covariates of our baseline table; criteria are not its job."""
    selected = {size: apply_criteria(study, each) for size, each in (("few", few), ("all", cohort))}
    ours = baseline(study, selected["all"].analysed_sample)
    inputs = {size: tableone_input(study, each) for size, each in selected.items()}
    tableone(study, inputs["few"], ours)
    del selected
    restart_peak()
    runs = [timed(lambda: tableone(study, inputs["all"], ours)) for _ in range(repeats)]
    made, total, cpu = min(runs, key=lambda run: run[1])
    result = {"total": total, "CPU": cpu, "peak": peak()}
    check_same_table(made, ours)
    return result


def tableone_input(study: Study, selected: Eligibility) -> pd.DataFrame:
    """Return the covariates of the analysed patients with the column that names their group."""
    frame = selected.analysed
    arm = np.where(frame["treated"], "_treated", "_untreated")
    return frame[[each.key for each in study.covariates]].assign(group=frame["profile"].astype(str) + arm)


def tableone(study: Study, frame: pd.DataFrame, ours: Baseline) -> pd.DataFrame:
    """Make the same table: four groups, quartiles where skewed, missing values, standardised differences."""
    from tableone import TableOne

    keys = [each.key for each in study.covariates]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = TableOne(
            frame,
            columns=keys,
            categorical=[row.key for row in ours.rows if row.kind != "number"],
            continuous=[row.key for row in ours.rows if row.kind == "number"],
            nonnormal=[row.key for row in ours.rows if row.skewed],
            groupby="group",
            overall=False,
            missing=True,
            smd=True,
            pval=False,
        )
    made: pd.DataFrame = table.tableone
    return made


def check_same_table(theirs: pd.DataFrame, ours: Baseline) -> None:
    """Prove that both describe the same patients, by group sizes and one mean in every group."""
    columns = theirs["Grouped by group"]
    for column in ours.columns:
        words = columns[column.key]
        age = next(row for row in ours.rows if row.key == "age_years").cells[column.key]
        printed = next(text for (name, _), text in words.items() if name.startswith("age_years"))
        if int(words.iloc[0]) != column.n or printed != f"{age.mean:.1f} ({age.sd:.1f})":
            raise SystemExit(f"tableone describes other patients in {column.key}; nothing was compared")


def timed(work: Callable[[], Made]) -> tuple[Made, float, float]:
    """Return what some work made, its seconds by the clock and its seconds of processor time."""
    gc.collect()
    start, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - start, time.process_time() - cpu


def restart_peak() -> None:
    """Forget the peak of resident memory so far, such as that of making the frame (Linux)."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak() -> float:
    """Return the peak of resident memory of this whole process since ``restart_peak``, in MiB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) * 1024 / MIB


def draw(few: Cohort, rows: int) -> Cohort:
    """Return a cohort of any size whose columns are stored as ``load_cohort`` stores them."""
    frame = few.frame.iloc[np.random.default_rng(SEED).integers(0, few.rows, rows)].reset_index(drop=True)
    frame["patient_id"] = pd.array([f"S{number:08d}" for number in range(rows)], dtype="str")
    return Cohort(frame, few.name, few.fingerprint, rows)


def run_child(tool: str, rows: int, made: Path, repeats: int) -> None:
    """Measure one tool on one size in this process, and print the result as JSON."""
    study = load_study(STUDY)
    few = load_cohort(study, made)
    cohort = draw(few, rows)
    measure = measure_ours if tool == "ours" else measure_tableone
    result = measure(study, few, cohort, repeats)
    frame = float(cohort.frame.memory_usage(deep=True).sum()) / MIB
    print(json.dumps(result | {"rows": rows, "frame": frame}))


def start_child(tool: str, rows: int, made: Path, repeats: int) -> Measured:
    """Measure one tool on one size in a process of its own."""
    print(f"{tool}, {rows:,} rows ...", file=sys.stderr, flush=True)
    command = [sys.executable, __file__, "--child", tool, "--made", str(made)]
    command += ["--rows", str(rows), "--repeats", str(repeats)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{tool} on {rows:,} rows ended with exit status {done.returncode}")
    result: Measured = json.loads(done.stdout)
    return result


def report(ours: list[Measured], theirs: dict[int, Measured]) -> str:
    """Return the measurements as a Markdown table with what they were made on."""
    lines = [
        f"{record.measured_on('numpy', 'pandas', 'scipy', 'tableone')}.",
        "",
        "| rows | flow | baseline table | contrasts | **together** | its CPU | per 10⁶ rows | frame "
        "| peak memory | peak / frame | `tableone` | its CPU | its peak | faster: table | faster: all |",
        f"|{'--:|' * 15}",
    ]
    for each in ours:
        other = theirs.get(int(each["rows"]))
        beside = ["not run", *[""] * 4]
        if other:
            beside = [
                f"{other['total']:.2f} s",
                f"{other['CPU']:.2f} s",
                f"{other['peak']:,.0f} MiB",
                f"{other['CPU'] / each['table CPU']:.0f} ×",
                f"{other['CPU'] / each['CPU']:.0f} ×",
            ]
        cells = [
            f"{int(each['rows']):,}",
            *(f"{each[stage]:.3f} s" for stage in ("flow", "table", "contrasts")),
            f"**{each['total']:.3f} s**",
            f"{each['CPU']:.3f} s",
            f"{each['CPU'] / each['rows'] * 1e6:.2f} s",
            f"{each['frame']:,.0f} MiB",
            f"{each['peak']:,.0f} MiB",
            f"{each['peak'] / each['frame']:.2f}",
            *beside,
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure every size and report."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", nargs="+", type=lambda text: int(float(text)), metavar="N")
    parser.add_argument("--tableone-up-to", type=lambda text: int(float(text)), default=10**6, metavar="N")
    parser.add_argument("--repeats", type=int, default=5, help="runs of which the fastest is reported")
    parser.add_argument("--write", action="store_true", help="put the table into the README of this folder")
    parser.add_argument("--child", choices=("ours", "tableone"), help=argparse.SUPPRESS)
    parser.add_argument("--made", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    sizes = asked.rows or [10**4, 10**5, 10**6, 10**7]
    if asked.child:
        run_child(asked.child, sizes[0], asked.made, asked.repeats)
        return
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "cohort.csv"
        write_csv(synthesise(MADE, SEED), made)
        ours = [start_child("ours", rows, made, asked.repeats) for rows in sizes]
        theirs = {
            rows: start_child("tableone", rows, made, 3 if rows <= 10**5 else 1)
            for rows in sizes
            if rows <= asked.tableone_up_to
        }
    table = report(ours, theirs)
    print(table)
    if asked.write:
        record.write("scale.py", table)


if __name__ == "__main__":
    main()
