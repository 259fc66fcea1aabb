"""The table of interaction: four cells against one reference, and the interaction on both scales."""

from __future__ import annotations

from report_helpers.reporting import estimates
from report_helpers.reporting.report import Report
from report_helpers.reporting.tables import cells
from report_helpers.reporting.tables.build import Column, Note, Row, Table, abbreviations, build

WHERE = "tbl-interaction"

_ARMS = {"untreated": "no immunotherapy", "treated": "any immunotherapy"}
_REFERENCE = "regulated_untreated"


def joint(r: Report) -> Table:
    """Profile by treatment with one reference cell, the effect in each profile, and their interaction."""
    rows = [*_joint_rows(r), *_profile_rows(r), *_interaction_rows(r)]
    interaction = r.results.interaction
    found = [each.risk_ratio for each in r.results.joint.values()]
    level = f"({cells.level([*found, interaction.ratio_of_risk_ratios])} CI)"
    columns = [
        Column("events", "n/N (%)"),
        Column("difference", f"Risk difference,\npercentage points\n{level}"),
        Column("ratio", f"Risk ratio\n{level}"),
        Column("p", "P"),
    ]
    named = {
        **cells.UNADJUSTED,
        "Interaction": ("interaction_rr", "interaction_or", "interaction_rd", "interaction_reri"),
    }
    scales = {
        "ratio of odds ratios": interaction.ratio_of_odds_ratios,
        "ratio of risk ratios": interaction.ratio_of_risk_ratios,
        "difference of risk differences": interaction.difference_of_risk_differences,
        "RERI": interaction.reri,
    }
    single = {_cell_label(r, key): each for key, each in r.results.joint.items()}
    for profile in (r.results.regulated, r.results.dysregulated):
        contrast = profile.contrasts["any"]
        single[f"{profile.label}, treated against untreated"] = contrast.outcomes[contrast.primary]
    missing = [(name, "", each) for name, each in scales.items()]
    missing += [
        (name, "", way) for name, each in single.items() for way in (each.risk_difference, each.risk_ratio)
    ]
    notes: list[str | Note] = [
        "Interaction: the dysregulated compared with the regulated profile; a ratio of 1, or a difference or "
        "RERI of 0, is none. RERI is in units of the reference cell's risk, and is 0 where the difference of "
        "risk differences is: one P value serves both. No P value is given for single cells or profiles: "
        "whether the associations differ is the question of the interaction alone.",
        cells.gaps(missing),
        cells.methods(r, named, WHERE),
        abbreviations("CI", "RERI"),
    ]
    return build(WHERE, "Profile and treatment", columns, rows, notes)


def _joint_rows(r: Report) -> list[Row]:
    group = f"Against one reference: {_cell_label(r, _REFERENCE)}"
    some = next(iter(r.results.joint))
    shown = r.value(f"joint.{some}.reference_events_of_n").html(WHERE)
    rows = [Row(_cell_label(r, _REFERENCE), (shown, "0 (reference)", "1 (reference)", ""), group)]
    for key, found in r.results.joint.items():
        path = f"joint.{key}"
        made = (
            r.value(f"{path}.events_of_n").html(WHERE),
            cells.difference(r, f"{path}.risk_difference", found.risk_difference, WHERE),
            cells.ratio(r, f"{path}.risk_ratio", found.risk_ratio, WHERE),
            "",
        )
        rows.append(Row(_cell_label(r, key), made, group))
    return rows


def _profile_rows(r: Report) -> list[Row]:
    return [
        Row(
            profile.label,
            ("", *cells.unadjusted(r, f"{profile.key}.any", WHERE), ""),
            "Any immunotherapy against none, within each profile",
        )
        for profile in (r.results.regulated, r.results.dysregulated)
    ]


def _interaction_rows(r: Report) -> list[Row]:
    found = r.results.interaction
    base = "interaction"
    difference = cells.difference(
        r, f"{base}.difference_of_risk_differences", found.difference_of_risk_differences, WHERE
    )
    reri = r.value(f"{base}.reri").said(estimates.score(found.reri, short=True)).html(WHERE)
    lines = [
        ("Ratio of risk ratios", "ratio_of_risk_ratios", "", None),
        ("Ratio of odds ratios", "ratio_of_odds_ratios", "", None),
        ("Difference of risk differences", "difference_of_risk_differences", difference, ""),
        ("RERI", "reri", "", reri),
    ]
    rows = []
    for label, name, left, right in lines:
        estimate = getattr(found, name)
        shown = cells.ratio(r, f"{base}.{name}", estimate, WHERE) if right is None else right
        # The RERI tests what the difference tests, by a cruder approximation: two P values would disagree.
        p = "" if name == "reri" else cells.p_value(r, f"{base}.{name}_p", estimate, WHERE)
        rows.append(Row(label, ("", left, shown, p), "Interaction of profile and treatment"))
    return rows


def _cell_label(r: Report, key: str) -> str:
    profile, _, arm = key.partition("_")
    return f"{getattr(r.results, profile).label}, {_ARMS[arm]}"
