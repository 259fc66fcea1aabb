"""The contrasts in the order and under the headings that tables and figures share."""

from __future__ import annotations

from report_helpers.results.model import Contrast, Results


def groups(results: Results) -> list[tuple[str, list[Contrast]]]:
    """Return all contrasts under their headings; groups of patients that overlap say so."""
    regulated, dysregulated = results.regulated, results.dysregulated
    regimens = results.study.regimens
    kinds: dict[str, list[Contrast]] = {"overall": [], "strata": [], "overlapping": [], "regimens": []}
    for key, contrast in dysregulated.contrasts.items():
        kind = "overall" if key == "any" else "regimens" if key in regimens else "strata"
        kinds["overlapping" if contrast.overlapping else kind].append(contrast)
    heads = {
        "overall": dysregulated.label,
        "strata": f"{dysregulated.label}, by dysregulation (disjoint)",
        "overlapping": f"{dysregulated.label}, by marker (overlapping)",
        "regimens": f"{dysregulated.label}, by regimen",
    }
    made = [(f"{regulated.label}, by timing", list(regulated.contrasts.values()))]
    return made + [(heads[kind], found) for kind, found in kinds.items() if found]


def full_label(results: Results, key: str) -> str:
    """Return a contrast with its profile: ``Prednisone alone (dysregulated profile)``."""
    profile = getattr(results, key.split(".", 1)[0])
    return f"{results.contrasts[key].label} ({profile.label[:1].lower()}{profile.label[1:]})"
