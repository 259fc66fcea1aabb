"""Time and memory of reading and validating a cohort file, by its form.

    python benchmarks/reading.py [--rows 1e6] [--workbook-rows 1e5] [--write]

Each file is made of the shipped synthetic patients, each row with an identifier of its own, and is read in a
process of its own. ``--write`` puts the table into the README of this folder.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import record

from report_helpers.study.cohort import load_cohort
from report_helpers.study.definition import load_study

STUDY = Path(__file__).resolve().parents[1] / "study.yml"
MIB = 2**20
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def patients(rows: int) -> Iterator[list[str]]:
    """Yield the headings, and the shipped patients again and again under new identifiers."""
    heading, *lines = load_study(STUDY).data.file.read_text(encoding="utf-8").splitlines()
    few = [line.split(",") for line in lines]
    yield heading.split(",")
    for number in range(rows):
        yield [f"S{number:08d}", *few[number % len(few)][1:]]


def write_plain(path: Path, rows: int) -> None:
    """Write CSV as this project writes it: commas, UTF-8, no quotation marks."""
    with path.open("w", encoding="utf-8") as target:
        target.writelines(",".join(row) + "\n" for row in patients(rows))


def write_quoted(path: Path, rows: int) -> None:
    """Write CSV as R writes it: every cell in quotation marks, and a line break in a centre's name."""
    with path.open("w", encoding="utf-8") as target:
        for row in patients(rows):
            target.write('"' + '","'.join(row).replace("Centre C", "Centre\nC") + '"\n')


def write_german(path: Path, rows: int) -> None:
    """Write CSV as a German Excel does: semicolons, decimal commas, Windows-1252 and its line ends."""
    with path.open("w", encoding="cp1252", newline="\r\n") as target:
        for row in patients(rows):
            target.write(";".join(row).replace(".", ",").replace("Centre A", "Zürich") + "\n")


def write_parquet(path: Path, rows: int) -> None:
    """Write Parquet of texts."""
    import pyarrow as pa
    from pyarrow import parquet

    heading, *body = patients(rows)
    columns = [pa.array(column) for column in zip(*body, strict=True)]
    parquet.write_table(pa.table(columns, names=heading), path)


def write_workbook(path: Path, rows: int) -> None:
    """Write a workbook of one sheet whose numbers are numbers; days stay texts."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r" '
        f'Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{LINKS}"><sheets><sheet name="Patients" '
        'sheetId="1" r:id="s"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="s" '
        f'Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'<worksheet xmlns="{SHEET}"><sheetData>'.encode())
            for number, row in enumerate(patients(rows), start=1):
                cells = "".join(_cell(f"{_letters(place)}{number}", cell) for place, cell in enumerate(row))
                sheet.write(f'<row r="{number}">{cells}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")


def _cell(at: str, cell: str) -> str:
    if not cell:
        return ""
    if cell.replace(".", "", 1).isdigit():
        return f'<c r="{at}"><v>{cell}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t>{cell}</t></is></c>'


def _letters(place: int) -> str:
    return chr(ord("A") + place) if place < 26 else "A" + chr(ord("A") + place - 26)


FORMS: dict[str, tuple[Callable[[Path, int], None], str]] = {
    "CSV": (write_plain, "rows"),
    "CSV, quoted, line breaks in cells": (write_quoted, "rows"),
    "CSV, semicolons, decimal commas, Windows-1252": (write_german, "rows"),
    "Parquet": (write_parquet, "rows"),
    "Excel (.xlsx)": (write_workbook, "workbook_rows"),
}


def measure(path: Path) -> dict[str, float]:
    """Return the seconds by the clock and of the processor, and the peak memory, of reading a file."""
    study = load_study(STUDY)
    load_cohort(study)  # loads what every reading needs; what a form needs besides is in its time
    loop = record.add_up(5)
    clock, processor = time.perf_counter(), time.process_time()
    cohort = load_cohort(study, path)
    return {
        "rows": cohort.rows,
        "loop": loop,
        "clock": time.perf_counter() - clock,
        "CPU": time.process_time() - processor,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MIB,
    }


def measured(path: Path, repeats: int) -> dict[str, float]:
    """Return the fastest of several readings, each in a process of its own."""
    command = [sys.executable, __file__, "--child", str(path)]
    runs = [
        json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        for _ in range(repeats)
    ]
    fastest: dict[str, float] = min(runs, key=lambda run: float(run["CPU"]))
    return fastest


def report(found: dict[str, dict[str, float]]) -> str:
    """Return the measurements as a Markdown table with what they were made on."""
    lines = [
        f"{record.measured_on('numpy', 'pandas', 'pyarrow', 'python-calamine')}.",
        "",
        "| form | rows | file | by the clock | CPU | CPU of the loop | peak memory |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {form} | {int(each['rows']):,} | {each['size']:,.0f} MiB | {each['clock']:.1f} s "
        f"| {each['CPU']:.1f} s | {each['loop']:.2f} s | {each['peak']:,.0f} MiB |"
        for form, each in found.items()
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write a file in each form, read it, and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=lambda text: int(float(text)), default=10**6)
    parser.add_argument("--workbook-rows", type=lambda text: int(float(text)), default=10**5)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="put the table into the README")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(measure(options.child)))
        return
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for form, (write, size) in FORMS.items():
            print(f"{form} ...", file=sys.stderr, flush=True)
            path = Path(folder) / "cohort"
            write(path, getattr(options, size))
            found[form] = measured(path, options.repeats) | {"size": path.stat().st_size / MIB}
    table = report(found)
    print(table)
    if options.write:
        record.write("reading.py", table)


if __name__ == "__main__":
    main()
