"""The main comparisons under other choices: who counts as treated, where a marker is cut, who is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from report_helpers import statistics
from report_helpers.results.cells import OutcomeColumn
from report_helpers.results.comparisons import compare_each
from report_helpers.results.description import NUMBER, difference, is_skewed, summarise
from report_helpers.results.model import Comparison, Summary
from report_helpers.study.definition import Study
from report_helpers.study.dictionary import COLUMNS

if TYPE_CHECKING:
    from pandas import DataFrame

Mask = NDArray[np.bool_]

# A curve runs over the middle of a marker's distribution: at its ends too few patients are left on one side.
_CURVE_SHARE = (0.10, 0.90)
_CURVE_POINTS = 41


@dataclass(frozen=True)
class Sensitivity:
    """One profile's comparison of any immunotherapy with none, with some treated patients set aside."""

    key: str
    label: str
    set_aside: int
    comparison: Comparison


@dataclass(frozen=True)
class CutoffCurve:
    """Risk ratios among patients whose marker is at or above each of a range of cut-offs.

    All tuples have one entry per cut-off; a ratio or limit is None where it cannot be estimated. `method`
    says how ratios and limits were found.
    """

    key: str
    label: str
    unit: str
    chosen: float
    level: float
    method: str
    cutoffs: tuple[float, ...]
    treated: tuple[int, ...]
    untreated: tuple[int, ...]
    risk_ratio: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]


@dataclass(frozen=True)
class SelectionRow:
    """One characteristic of the eligible and of the excluded patients."""

    key: str
    label: str
    unit: str
    kind: str
    skewed: bool
    levels: tuple[tuple[str, str], ...]
    eligible: Summary
    excluded: Summary
    smd: float | None


def sensitivity(study: Study, primary: OutcomeColumn, frame: DataFrame) -> dict[str, dict[str, Sensitivity]]:
    """Compare any immunotherapy with none in each profile, setting some treated patients aside.

    ``planned`` keeps only treatment whose plan was documented before the transfer, which no early sign of
    the outcome can have prompted; ``without_after`` drops treatment begun after the transfer; ``protocol``
    keeps the regimens that the study protocol names.
    """
    treated = frame["treated"].to_numpy(dtype=bool)
    asked = [
        (profile, key, label, here & treated, kept, here & ~treated)
        for profile in ("regulated", "dysregulated")
        for here in [np.asarray(frame["profile"] == profile, dtype=bool)]
        for key, label, kept in _choices(study, frame)
    ]
    compared = compare_each(primary, [(given & kept, without) for *_, given, kept, without in asked])
    found: dict[str, dict[str, Sensitivity]] = {}
    for (profile, key, label, given, kept, _), comparison in zip(asked, compared, strict=True):
        set_aside = int((given & ~kept).sum())
        found.setdefault(profile, {})[key] = Sensitivity(key, label, set_aside, comparison)
    return found


def _choices(study: Study, frame: DataFrame) -> Iterator[tuple[str, str, Mask]]:
    yield "main", "Any immunotherapy (main analysis)", np.ones(len(frame), dtype=bool)
    yield (
        "planned",
        "Plan documented before transfer",
        np.asarray(frame["immunotherapy_planned_before_transfer"] == "yes", dtype=bool),
    )
    yield (
        "without_after",
        "Without treatment begun after transfer",
        np.asarray(frame["immunotherapy_timing"] != "after", dtype=bool),
    )
    names = " or ".join(
        _lower_first(study.regimens[regimen]) for regimen in study.adjustment.protocol_regimens
    )
    yield (
        "protocol",
        f"Protocol regimens: {names}",
        frame["immunotherapy_regimen"].isin(study.adjustment.protocol_regimens).to_numpy(dtype=bool),
    )


def _lower_first(words: str) -> str:
    return words[:1].lower() + words[1:]


def cutoff_curves(study: Study, primary: OutcomeColumn, frame: DataFrame) -> dict[str, CutoffCurve]:
    """Follow the risk ratio over alternative cut-offs of each marker, all other choices kept."""
    treated = frame["treated"].to_numpy(dtype=bool)
    return {
        key: _curve(study, key, primary, frame[cutoff.column].to_numpy(dtype=float), treated)
        for key, cutoff in study.cutoffs.items()
    }


def _curve(
    study: Study, key: str, primary: OutcomeColumn, marker: NDArray[np.float64], treated: Mask
) -> CutoffCurve:
    cutoff = study.cutoffs[key]
    if marker.size:
        ends = np.quantile(marker, _CURVE_SHARE)
        values = np.union1d(np.linspace(ends[0], ends[1], _CURVE_POINTS), [cutoff.value])
    else:
        values = np.array([cutoff.value])
    elevated = marker[:, None] >= values
    counts = [
        (weights[:, None] * elevated).sum(axis=0)
        for group in (treated, ~treated)
        for weights in (primary.events * group, primary.size * group)
    ]
    events, n, events0, n0 = counts
    ratio = statistics.risk_ratio(events, n, events0, n0)
    return CutoffCurve(
        key=key,
        label=cutoff.label,
        unit=cutoff.unit,
        chosen=cutoff.value,
        level=ratio.level,
        method=ratio.method,
        cutoffs=tuple(float(value) for value in values),
        treated=tuple(int(each) for each in n),
        untreated=tuple(int(each) for each in n0),
        risk_ratio=_plain(ratio.value),
        low=_plain(ratio.low),
        high=_plain(ratio.high),
    )


def _plain(values: object) -> tuple[float | None, ...]:
    """Turn a masked array into numbers and None."""
    return tuple(None if each is None else float(each) for each in np.ma.asarray(values).tolist())


def selection(study: Study, eligible: DataFrame, excluded: DataFrame) -> tuple[SelectionRow, ...]:
    """Describe the eligible beside the excluded, by what is recorded whether or not a transfer followed."""
    rows = []
    for covariate in study.covariates:
        if COLUMNS[covariate.key].missing not in ("yes", "no") or _needs_transfer(excluded, covariate.key):
            continue  # only some of the excluded can have it
        inside, outside = (
            summarise(frame[covariate.key], covariate) for frame in (eligible, excluded)
        )  # fmt: skip
        rows.append(
            SelectionRow(
                key=covariate.key,
                label=covariate.label,
                unit=covariate.unit,
                kind=covariate.kind,
                skewed=covariate.kind == NUMBER and is_skewed(inside),
                levels=tuple(covariate.levels.items()),
                eligible=inside,
                excluded=outside,
                smd=difference(inside, outside),
            )
        )
    return tuple(rows)


def _needs_transfer(excluded: DataFrame, column: str) -> bool:
    """Tell whether a column is blank for every patient without a transfer: then the blank is no omission."""
    without = excluded.loc[excluded["embryo_transfer"] == "no", column]
    return len(without) > 0 and bool(without.isna().all())


def joint(primary: OutcomeColumn, frame: DataFrame) -> Mapping[str, Comparison]:
    """Compare each of the other three cells of profile by treatment with the one reference cell.

    The reference is untreated patients with a regulated profile (Knol MJ, VanderWeele TJ. Int J Epidemiol
    2012;41:514-520).
    """
    treated = frame["treated"].to_numpy(dtype=bool)
    regulated = np.asarray(frame["profile"] == "regulated", dtype=bool)
    cells = {
        "regulated_treated": regulated & treated,
        "dysregulated_untreated": ~regulated & ~treated,
        "dysregulated_treated": ~regulated & treated,
    }
    compared = compare_each(primary, [(members, regulated & ~treated) for members in cells.values()])
    return dict(zip(cells, compared, strict=True))
