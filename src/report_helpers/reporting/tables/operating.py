"""Supplementary table: how the estimators did in simulated cohorts whose truth is known."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from report_helpers.errors import ManuscriptError
from report_helpers.reporting import formats
from report_helpers.reporting.report import Report
from report_helpers.reporting.tables.build import Column, Note, Row, Table, abbreviations, build, text

WHERE = "suptbl-operating"
FILE = "benchmarks/operating-characteristics.json"
"""Where the simulation writes its results, from the folder of the study file."""

NONE = "—"
WHOLE = ("regulated.any", "dysregulated.any", "interaction")
"""Contrasts of which every estimator of the analysis is printed; of the others, the next two."""
BRIEF = ("risk_ratio", "standardised_risk_ratio")
_BEYOND = "_unlimited"
"""Ends the names of estimators that the analysis would refuse."""
TOO_FEW = 100
"""With fewer cohorts than this a percentage of them is not printed."""
_INTERACTION = "Dysregulated against regulated profile: interaction"


class OperatingCharacteristicsError(ManuscriptError):
    """Simulation results that cannot be read."""


@dataclass(frozen=True)
class Measure:
    """A column: which measure, of which scenario, under which name in the ledger."""

    column: Column
    name: str
    measure: str
    scenario: str


MEASURES = (
    Measure(Column("estimated", "Estimated,\n% of cohorts"), "estimated", "estimated", "documented"),
    Measure(Column("truth", "True\nvalue"), "truth", "truth", "documented"),
    Measure(Column("bias", "Bias\n(SE)"), "bias", "bias", "documented"),
    Measure(Column("coverage", "By\nindication", "Coverage, %"), "coverage", "coverage", "documented"),
    Measure(
        Column("chance", "By\nchance", "Coverage, %"),
        "coverage_by_chance",
        "coverage",
        "documented_by_chance",
    ),
    Measure(Column("type_i_error", "Type I\nerror, %"), "type_i_error", "rejection", "null"),
    Measure(Column("power", "Power,\n%"), "power", "rejection", "documented"),
)

_ERROR = "SE, Monte Carlo standard error."


def operating_characteristics(r: Report) -> Table:
    """Bias, coverage, type I error and power of each estimator, contrast by contrast.

    The numbers are those of the simulation that comes with the project; where there is none, the table says
    so in one row.

    Raises
    ------
    OperatingCharacteristicsError
        If the file is there but is not what ``benchmarks/operating_characteristics.py`` writes.
    """
    found = _read(r.results.study.path.parent / FILE)
    columns = [each.column for each in MEASURES]
    if found is None:
        rows = [Row("Not available", (NONE,) * len(columns))]
        told = (
            "No simulation comes with this study: python benchmarks/operating_characteristics.py makes one."
        )
        return build(WHERE, "Estimator", columns, rows, [told, _ERROR])
    try:
        rows = list(_rows(r, found))
        notes = _notes(found)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _unreadable(f"is not as the simulation writes it ({type(error).__name__})") from None
    return build(WHERE, "Estimator", columns, rows, notes)


def _read(path: Path) -> Mapping[str, Any] | None:
    try:
        content = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        raise _unreadable("cannot be read") from None
    try:
        found = json.loads(content)
    except ValueError:
        raise _unreadable("is not JSON") from None
    if not isinstance(found, dict):
        raise _unreadable("is not as the simulation writes it")
    return found


def _unreadable(what: str) -> OperatingCharacteristicsError:
    return OperatingCharacteristicsError(
        f"the file of operating characteristics {what}",
        FILE,
        "Make it again with python benchmarks/operating_characteristics.py, or remove it.",
    )


def _rows(r: Report, found: Mapping[str, Any]) -> Iterator[Row]:
    scenarios, estimators = found["scenarios"], found["estimators"]
    for contrast, measured in scenarios["documented"].items():
        group = _group(r, contrast)
        if group is None:
            continue
        for key in measured:
            if key.endswith(_BEYOND) or not (contrast in WHOLE or key in BRIEF):
                continue
            estimator = estimators[key]
            path = f"operating.{contrast}.{key}"
            cells = [
                _cell(r, each, path, estimator["scale"], scenarios[each.scenario][contrast].get(key, {}))
                for each in MEASURES
            ]
            yield Row(estimator["label"], tuple(cells), group)


def _group(r: Report, contrast: str) -> str | None:
    """Return the group's title, or None where this study does not make the contrast."""
    if contrast == "interaction":
        return _INTERACTION
    made = r.results.contrasts.get(contrast)
    if made is None:
        return None
    profile = getattr(r.results, contrast.partition(".")[0])
    return f"{profile.label}: {made.label}"


def _cell(r: Report, column: Measure, path: str, scale: str, measured: Mapping[str, Any]) -> str:
    value = measured.get(column.measure)
    few = measured.get("estimated", 0) * measured.get("cohorts", 0) < TOO_FEW
    if value is None or (few and column.measure not in ("estimated", "truth")):
        return text(NONE)
    if column.measure == "bias":
        words, value = _bias(scale, measured)
    elif column.measure == "truth":
        words = _true(scale, value)
    else:
        words = formats.percentage(value)
    return r.wrap(words, f"{path}.{column.name}", value, n=measured["cohorts"]).html(WHERE)


def _true(scale: str, value: float) -> str:
    if scale == "ratio":
        return formats.ratio(value)
    return formats.percentage(value) if scale == "difference" else formats.decimal(value, 2)


def _bias(scale: str, measured: Mapping[str, Any]) -> tuple[str, float]:
    """Return the bias with its error in print, and its value: of a ratio relative to the truth."""
    if scale == "excess":
        value, error = measured["bias"], measured["bias_se"]
        return f"{formats.decimal(value, 2)} ({formats.decimal(error, 2)})", value
    start = "relative_" if scale == "ratio" else ""
    value, error = measured[f"{start}bias"], measured[f"{start}bias_se"]
    sign = "%" if scale == "ratio" else ""
    return f"{formats.percentage(value)}{sign} ({formats.percentage(error)})", value


def _under_no_effect(found: Mapping[str, Any]) -> list[str]:
    """Say how few cohorts the type I error of the refusable model of the main contrast rests on."""
    main = found["scenarios"].get("null", {}).get("dysregulated.any", {}).get("standardised_risk_ratio")
    if main is None or main.get("rejection") is None:
        return []
    share, error = (formats.percentage(main[name]) for name in ("estimated", "rejection_se"))
    return [
        "Where treatment does nothing, the standardised model of any immunotherapy in dysregulated profiles "
        f"was not refused in {share}% of cohorts; its type I error is that of these cohorts, with a Monte "
        f"Carlo standard error of {error} percentage points."
    ]


def _notes(found: Mapping[str, Any]) -> list[str | Note]:
    settings = found["settings"]
    day = date.fromisoformat(settings["date"])
    return [
        # As code: a typesetter would make dashes of the options' hyphens.
        Note(
            f"{formats.count(settings['cohorts'])} simulated cohorts of {settings['patients_screened']} "
            f"patients screened in each scenario, seed {settings['seed']}, run on {formats.day(day)} with "
            f"<code>{escape(settings['command'])}</code>."
        ),
        "True value: from the effects documented for the synthetic cohort, standardised to the patients of "
        "the contrast (per embryo: to their embryos); of a difference in percentage points.",
        "Bias: of a difference in percentage points; of a ratio that of the geometric mean of its estimates, "
        f"in % of the truth. {_ERROR}",
        "By indication: as in the synthetic cohort, patients with a worse prognosis are treated more often, "
        "which unadjusted estimators do not remove. By chance: the same without such confounding.",
        f"Coverage: {settings['level']:.0%} intervals that contain the truth. Type I error: tests at "
        f"{settings['alpha']:.0%} that reject although treatment does nothing, treated by indication. Both, "
        "and power, among the cohorts with an estimate.",
        f"Adjusted models with fewer than {formats.plain(settings['least_events_per_term'])} events per term "
        f"are refused, as in the analysis. Percentages of fewer than {TOO_FEW} cohorts are not given. The "
        "file of the simulation has every estimator of every contrast, also without that limit.",
        *_under_no_effect(found),
        "Bootstrap limits and multiple imputation were not simulated.",
        "IPTW, inverse probability of treatment weighting; " + abbreviations("NK", "Th"),
    ]
