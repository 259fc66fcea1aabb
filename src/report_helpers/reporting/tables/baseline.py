"""The baseline table: who was treated and who was not, in each profile, and how far they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from report_helpers.reporting import formats, leaves
from report_helpers.reporting.report import Report
from report_helpers.reporting.tables.build import Column, Row, Table, abbreviations, build
from report_helpers.results.model import BaselineRow
from report_helpers.results.sensitivity import SelectionRow

WHERE = "tbl-baseline"


def baseline(r: Report) -> Table:
    """Characteristics by profile and treatment, with standardised differences and missing counts."""
    found = r.results.baseline
    profiles = {"regulated": r.results.regulated.label, "dysregulated": r.results.dysregulated.label}
    columns: list[Column] = []
    for profile, label in profiles.items():
        for column in found.columns:
            if column.key.startswith(f"{profile}_"):
                n = r.value(f"baseline.columns.{column.key}.n").html(WHERE)
                columns.append(Column(column.key, _head(column.key), label, below=f"(N={n})"))
        columns.append(Column(f"smd_{profile}", "SMD", label))
    columns.append(Column("missing", "Missing,\nn"))
    rows = [row for each in found.rows for row in _rows(r, each, columns)]
    return build(WHERE, "Characteristic", columns, rows, _notes(found.rows))


def _notes(rows: Sequence[BaselineRow]) -> list[str]:
    manners = {row.skewed for row in rows if not row.levels}
    shown = {False: ("mean (SD)", "SD"), True: ("median (IQR)", "IQR")}
    numbers = " or, where skewed, ".join(shown[skewed][0] for skewed in sorted(manners))
    return [
        f"Numbers are {numbers}." if numbers else "",
        leaves.share_note(),
        "SMD: treated against untreated patients of the same profile. Missing: in all columns together.",
        abbreviations("SMD", *(shown[skewed][1] for skewed in manners), "NK", "Th"),
    ]


def named(row: BaselineRow | SelectionRow) -> str:
    """Return a characteristic with its unit, as a row label: ``Age, years``."""
    unit = row.unit.replace("percent", "%")
    # A count of transfers needs no unit "transfers", nor a ratio the unit "ratio".
    plain = unit in ("", "ratio") or unit.lower() in row.label.lower()
    return row.label if plain else f"{row.label}, {unit}"


def _head(key: str) -> str:
    return "Treated" if key.endswith("_treated") else "Untreated"


def _rows(r: Report, row: BaselineRow, columns: list[Column]) -> Iterator[Row]:
    """Yield one row for a number or a two-valued yes/no, a heading with its levels for any other category."""
    manner = " median (IQR)" if row.skewed else " mean (SD)"
    if not row.levels:
        yield Row(f"{named(row)}:{manner}", tuple(_cell(r, row, column.key) for column in columns))
        return
    levels = dict(row.levels)
    if set(levels) == {"yes", "no"}:
        yield Row(f"{named(row)}: n (%)", tuple(_cell(r, row, column.key, "yes") for column in columns))
        return
    yield Row(f"{named(row)}: n (%)", tuple(_cell(r, row, column.key) for column in columns))
    for code, label in row.levels:
        cells = tuple(
            _cell(r, row, column.key, code) if column.key in row.cells else "" for column in columns
        )
        yield Row(label, cells, indented=True)


def _cell(r: Report, row: BaselineRow, column: str, level: str = "") -> str:
    path = f"baseline.{row.key}.{column}"
    if column not in row.cells:
        value = r.value(path)
        return (value if value.value is not None else value.said("—")).html(WHERE)
    summary = row.cells[column]
    if level:
        return r.value(f"{path}.{level}").said(leaves.share(summary, level)).html(WHERE)
    if row.levels:
        return ""
    if not row.skewed:
        return r.value(f"{path}.mean_sd").html(WHERE)
    words = formats.median_iqr(summary.median, summary.q1, summary.q3, _places(row))
    return r.value(f"{path}.median_iqr").said(words).html(WHERE)


def _places(row: BaselineRow) -> int:
    """Return the decimals of a row of medians: none when all of it is whole, so that a row reads evenly."""
    shown = [each for cell in row.cells.values() for each in (cell.median, cell.q1, cell.q3)]
    return 0 if all(each is None or each.is_integer() for each in shown) else 1
