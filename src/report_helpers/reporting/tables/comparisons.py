"""Tables of contrasts: counts, risk difference, risk ratio and P value, per patient and per embryo."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from report_helpers.reporting import estimates, formats
from report_helpers.reporting.formats import listed, lower_first
from report_helpers.reporting.leaf import p_of
from report_helpers.reporting.methods import brief
from report_helpers.reporting.report import Report
from report_helpers.reporting.tables import cells
from report_helpers.reporting.tables.build import Column, Row, Table, abbreviations, build
from report_helpers.results.model import Comparison, Contrast, Profile

NONE = "—"
"""In place of a P value that is not calculated, or not adjusted."""
PER_EMBRYO = "sacs_per_embryo"


@dataclass(frozen=True)
class Line:
    """One comparison to print: its row label, its group, its path in the results.

    `context` tells it in a note from another line with the same label.
    """

    label: str
    group: str
    context: str
    path: str
    found: Comparison
    holm: float | None = None


def regulated(r: Report) -> Table:
    """Regulated profile: immunotherapy by timing against none, per patient and per embryo."""
    profile = r.results.regulated
    lines = [
        *_lines(profile, list(profile.contrasts), ""),
        *_lines(profile, list(profile.contrasts), "", PER_EMBRYO),
    ]
    rows = _rows(r, "tbl-regulated", lines)
    before = profile.arms["before"]
    share = formats.events_of_n(before.events, before.n)
    counted = r.value("regulated.before.events_of_n").said(share).html("tbl-regulated")
    # Treatment before transfer only is shown so that the arms add up; the question is not about it.
    place = len(profile.contrasts)
    blank = (NONE,) * 5
    rows.insert(place, Row(before.label, (counted, *blank), rows[0].group))
    note = f"{before.label}: counted, not compared."
    return _table("tbl-regulated", lines, rows, [note], stub="Immunotherapy")


def dysregulation(r: Report) -> Table:
    """Dysregulated profile: treated against untreated, overall, by disjoint stratum and by marker."""
    profile = r.results.dysregulated
    regimens = r.results.study.regimens
    keys = [key for key in profile.contrasts if key not in regimens]
    everyone = [key for key in keys if key == "any"]
    overlapping = [key for key in keys if profile.contrasts[key].overlapping]
    disjoint = [key for key in keys if key not in (*everyone, *overlapping)]
    chosen = {
        f"all {lower_first(profile.label)}s": everyone,
        "disjoint strata": disjoint,
        "overlapping groups": overlapping,
    }
    lines = [
        line
        for outcome in ("", PER_EMBRYO)
        for manner, members in chosen.items()
        for line in _lines(profile, members, manner, outcome)
    ]
    marks = [profile.contrasts[key].label for key in overlapping]
    notes = [
        "Disjoint strata: each patient is in one of "
        + listed(profile.contrasts[key].label for key in disjoint) + ".",
        f"Overlapping groups: patients with both are counted in {listed(f'“{mark}”' for mark in marks)}.",
    ]  # fmt: skip
    return _table(
        "tbl-dysregulation", lines, _rows(r, "tbl-dysregulation", lines), notes, stub="Dysregulation"
    )


def regimens(r: Report) -> Table:
    """Dysregulated profile: each regimen against no immunotherapy, per patient and per embryo."""
    profile = r.results.dysregulated
    keys = [key for key in r.results.study.regimens if key in profile.contrasts]
    lines = [*_lines(profile, keys, ""), *_lines(profile, keys, "", PER_EMBRYO)]
    note = (
        "All regimens are compared with the same untreated patients; they are not compared with one another."
    )
    return _table("tbl-regimens", lines, _rows(r, "tbl-regimens", lines), [note], stub="Regimen")


def outcomes(r: Report) -> Table:
    """Every outcome with any immunotherapy against none, in both profiles."""
    lines = [
        Line(
            found.label,
            profile.label,
            lower_first(profile.label),
            _path(contrast, key),
            found,
            _holm(contrast, key),
        )
        for profile in (r.results.regulated, r.results.dysregulated)
        for contrast in (profile.contrasts["any"],)
        for key, found in contrast.outcomes.items()
    ]
    note = "Each denominator is the patients, or embryos, whose outcome is known."
    return _table("suptbl-outcomes", lines, _rows(r, "suptbl-outcomes", lines), [note], stub="Outcome")


def bounds(r: Report) -> Table:
    """Primary outcome with the unknown outcomes set for, then against, the treated."""
    lines = []
    for path, found in r.results.bounds.items():
        profile = getattr(r.results, path.split(".")[0])
        observed = r.results.contrasts[path]
        cases = {
            "Known outcomes only": (path, observed.outcomes[observed.primary]),
            "Best case for treatment": (f"bounds.{path}.best", found.best),
            "Worst case for treatment": (f"bounds.{path}.worst", found.worst),
        }
        lines += [
            Line(label, profile.label, lower_first(profile.label), *case) for label, case in cases.items()
        ]
    notes = [
        "Best case: unknown outcomes counted as events in the treated and as no events in the untreated; "
        "worst case: the reverse."
    ]
    return _table("suptbl-bounds", lines, _rows(r, "suptbl-bounds", lines), notes, stub="Unknown outcomes")


def _lines(profile: Profile, keys: Sequence[str], manner: str, outcome: str = "") -> Iterator[Line]:
    for key in keys:
        contrast = profile.contrasts[key]
        name = outcome or contrast.primary
        found = contrast.outcomes[name]
        label = "Any dysregulation" if key == "any" and manner else contrast.label
        group = f"{found.label}: {manner}" if manner else found.label
        context = f"per {found.unit}"
        yield Line(label, group, context, _path(contrast, name), found, _holm(contrast, name))


def _path(contrast: Contrast, outcome: str) -> str:
    """Return the short path of a comparison, the one that prose uses."""
    return contrast.key if outcome == contrast.primary else f"{contrast.key}.{outcome}"


def _holm(contrast: Contrast, outcome: str) -> float | None:
    return contrast.holm if outcome == contrast.primary else None


def _rows(r: Report, where: str, lines: Iterable[Line]) -> list[Row]:
    made = []
    for line in lines:
        found, test = line.found, line.found.test
        p = p_of(test)
        words = {
            "events_of_n": formats.events_of_n(found.events, found.n),
            "reference_events_of_n": formats.events_of_n(found.reference_events, found.reference_n),
            "risk_difference": estimates.difference(found.risk_difference, short=True),
            "risk_ratio": estimates.ratio(found.risk_ratio, short=True),
            "p": NONE if p is None else formats.p_number(p),
            "holm": NONE if line.holm is None else formats.p_number(line.holm),
        }
        shown = (
            text if text == NONE else r.value(f"{line.path}.{name}").said(text).html(where)
            for name, text in words.items()
        )
        made.append(Row(line.label, tuple(shown), line.group))
    return made


def _table(where: str, lines: Sequence[Line], rows: Sequence[Row], notes: Sequence[str], stub: str) -> Table:
    level = listed(f"{100 * level:g}%" for level in {line.found.risk_ratio.level: None for line in lines})
    columns = [
        Column("treated", "Treated\nn/N (%)"),
        Column("untreated", "Untreated\nn/N (%)"),
        Column("difference", f"Risk difference,\npercentage points\n({level} CI)"),
        Column("ratio", f"Risk ratio\n({level} CI)"),
        Column("p", "P"),
        Column("holm", "P, Holm"),
    ]
    if all(line.holm is None for line in lines):
        columns, rows = columns[:-1], [Row(row.label, row.cells[:-1], row.group) for row in rows]
    ways = _methods(lines)
    short = ["CI", "MOVER"] if "MOVER" in ways else ["CI"]
    return build(where, stub, columns, rows, [*notes, *_gaps(lines), ways, abbreviations(*short)])


def _gaps(lines: Sequence[Line]) -> Iterator[str]:
    """Explain what a cell leaves out."""
    if any(n < formats.SMALL for line in lines for n in (line.found.n, line.found.reference_n)):
        yield f"No percentage is given where N is below {formats.SMALL}."
    yield cells.gaps(
        (line.label, line.context, each)
        for line in lines
        for each in (line.found.risk_difference, line.found.risk_ratio)
    )


def _methods(lines: Sequence[Line]) -> str:
    """Name the methods as the estimates themselves name them, per patient and per embryo."""
    told = []
    for unit, counted in (("patient", "Per patient"), ("embryo", "Per embryo")):
        found = [line.found for line in lines if line.found.unit == unit]
        if not found:
            continue
        tests = [each.test.method for each in found if each.test and each.test.p_value is not None]
        named = {
            "risk difference": [each.risk_difference.method for each in found],
            "risk ratio": [each.risk_ratio.method for each in found],
            "P value": tests,
        }
        told.append(f"{counted}: {brief(named)}.")
    if any(line.holm is not None for line in lines):
        told.append("P, Holm: adjusted within the families of tests that the study definition declares.")
    return " ".join(told)
