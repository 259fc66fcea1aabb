"""Curves over cut-offs, thinned until no two neighbouring points differ by a few patients."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from report_helpers.results.disclosure.register import Shown
from report_helpers.results.model import Results
from report_helpers.results.sensitivity import CutoffCurve
from report_helpers.results.withheld import WITHHELD

if TYPE_CHECKING:
    from pandas import DataFrame

_OWN = {"th1_th2": "dysregulated.elevated_th1_th2", "nk": "dysregulated.increased_nk"}
"""The contrast that a curve's point at the study's own cut-off shows."""
_ENDS = 10
"""A curve runs between two deciles; that many times the patients that may be shown make one."""


def veiled_curves(results: Results, analysed: DataFrame, shown: Shown) -> dict[str, CutoffCurve]:
    """Keep the points of each curve whose patients, and whose differences, are no small counts."""
    return {key: _thinned(curve, results, analysed, shown) for key, curve in results.cutoff_curves.items()}


def _thinned(curve: CutoffCurve, results: Results, analysed: DataFrame, shown: Shown) -> CutoffCurve:
    kept = []
    large = len(analysed) >= _ENDS * shown.threshold
    if large and all(shown.outcomes(f"{_OWN[curve.key]} {arm}") for arm in ("treated", "reference")):
        kept = _kept(curve, results, analysed, shown)
    if not kept:
        return replace(
            curve,
            cutoffs=(curve.chosen,),
            treated=(WITHHELD,),
            untreated=(WITHHELD,),
            risk_ratio=(None,),
            low=(None,),
            high=(None,),
        )
    columns = ("cutoffs", "treated", "untreated", "risk_ratio", "low", "high")
    points: dict[str, Any] = {name: tuple(getattr(curve, name)[place] for place in kept) for name in columns}
    return replace(curve, **points)


def _kept(curve: CutoffCurve, results: Results, analysed: DataFrame, shown: Shown) -> list[int]:
    """Go up and down from the study's own cut-off; keep a point if enough lies between it and the last."""
    marker = analysed[results.study.cutoffs[curve.key].column].to_numpy(dtype=float)
    treated = analysed["treated"].to_numpy(dtype=bool)
    event = analysed["implantation"].to_numpy() == 1
    cells = [arm & side for arm in (treated, ~treated) for side in (event, ~event)]
    above = marker >= np.array(curve.cutoffs)[:, None]
    counts = np.array([(above & cell).sum(axis=1) for cell in cells]).T
    everybody = np.array([cell.sum() for cell in cells])
    own = curve.cutoffs.index(curve.chosen)
    kept = [own]
    for place in range(own + 1, len(counts)):
        if _enough(counts[kept[-1]] - counts[place], shown) and counts[place].min() >= shown.threshold:
            kept.append(place)
    # Below its cut-off a marker is that of other strata, and all patients together bound the curve.
    profiles = ("regulated", "dysregulated")
    if all(shown.outcomes(f"{each}.any {arm}") for each in profiles for arm in ("treated", "reference")):
        for place in range(own - 1, -1, -1):
            steps = counts[place] - counts[kept[0]], everybody - counts[place]
            if all(_enough(step, shown) for step in steps):
                kept.insert(0, place)
    return kept


def _enough(step: NDArray[np.int_], shown: Shown) -> bool:
    """Tell whether between two points lie, in each arm, nobody or enough with and without the event."""
    return all(arm.sum() == 0 or arm.min() >= shown.threshold for arm in step.reshape(2, 2))
