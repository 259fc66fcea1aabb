"""What may stand in ``study.yml``: its shape, and the rules that tie one key to another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from report_helpers.study.data_shape import DATA, mapping_faults
from report_helpers.study.dictionary import COLUMNS
from report_helpers.study.words import did_you_mean, one_of
from report_helpers.study.yaml_shapes import (
    WRONG,
    Day,
    Findings,
    Flag,
    ListOf,
    MapOf,
    Number,
    Section,
    Text,
)

_COLUMN = Text(tuple(COLUMNS))
_CATEGORIES = tuple(name for name, column in COLUMNS.items() if column.kind == "category")
_NUMBERS = tuple(name for name, column in COLUMNS.items() if column.is_number)
_REGIMENS = COLUMNS["immunotherapy_regimen"].values
_TIMINGS = COLUMNS["immunotherapy_timing"].values

# Which columns an outcome of each kind can be read from.
OUTCOME_KINDS = {
    "any_sac": ("gestational_sacs",),
    "sacs": ("gestational_sacs",),
    "yes_no": tuple(name for name, column in COLUMNS.items() if column.values == ("yes", "no")),
}
OUTCOMES = ("implantation", "sacs_per_embryo", "clinical_pregnancy", "live_birth")
CONTRASTS = (
    "regulated.any",
    "regulated.after",
    "regulated.before_and_after",
    "dysregulated.any",
    "dysregulated.th1_th2",
    "dysregulated.nk",
    "dysregulated.both",
    "dysregulated.elevated_th1_th2",
    "dysregulated.increased_nk",
    *(f"dysregulated.{regimen}" for regimen in _REGIMENS if regimen != "none"),
)

STUDY = Section(
    {
        "title": Text(),
        "short_title": Text(),
        "period": Section({"start": Day(), "end": Day()}),
        "data": DATA,
        "eligibility": ListOf(
            Section(
                {
                    "key": Text(),
                    "label": Text(),
                    "column": Text(_CATEGORIES),
                    "keep": ListOf(Text()),
                    "when_missing": Text(("keep", "exclude")),
                }
            )
        ),
        "exclusion_split": Section({"placeholder": Flag(), "shares": MapOf(Number(low=0, high=1))}),
        "outcome_known": Section({"label": Text(), "negative_hcg_counts_as_no_sac": Flag()}),
        "cutoffs": MapOf(
            Section(
                {
                    "column": Text(_NUMBERS),
                    "label": Text(),
                    "value": Number(low=0),
                    "unit": Text(),
                    "placeholder": Flag(),
                }
            ),
            known=("th1_th2", "nk"),
            all_known_needed=True,
        ),
        "regimens": MapOf(Text(), known=_REGIMENS, all_known_needed=True),
        "timings": MapOf(Text(), known=_TIMINGS, all_known_needed=True),
        "outcomes": MapOf(
            Section(
                {
                    "label": Text(),
                    "column": _COLUMN,
                    "unit": Text(("patient", "embryo")),
                    "kind": Text(tuple(OUTCOME_KINDS)),
                    "primary": Flag(),
                },
                defaults={"primary": False},
            ),
            known=OUTCOMES,
            all_known_needed=True,
        ),
        "covariates": MapOf(
            Section(
                {
                    "label": Text(),
                    "unit": Text(),
                    "kind": Text(("number", "category")),
                    "levels": MapOf(Text()),
                },
                defaults={"unit": "", "levels": {}},
            ),
            known=tuple(COLUMNS),
        ),
        "test_families": MapOf(Section({"label": Text(), "contrasts": ListOf(Text(CONTRASTS))})),
        "adjustment": Section(
            {
                "covariates": ListOf(Text(tuple(COLUMNS))),
                "least_events_per_term": Number(low=0),
                "least_patients_per_propensity_term": Number(low=0),
                "bootstrap_resamples": Number(low=100, high=100_000, whole=True),
                "imputations": Number(low=2, high=1_000, whole=True),
                "seed": Number(low=0, whole=True),
                "protocol_regimens": ListOf(Text(tuple(each for each in _REGIMENS if each != "none"))),
            }
        ),
        "disclosure_threshold": Number(low=0, whole=True),
        "disclosure": Text(("real_data", "always")),
        "least_patients": Number(low=1, whole=True),
        "facts": MapOf(Text(empty_as_none=True)),
        "checks": Section(
            {"journal": Text(empty_as_none=True), "exceptions": MapOf(ListOf(Text()))},
            defaults={"journal": None, "exceptions": {}},
        ),
    },
    defaults={
        "disclosure": "real_data",
        "least_patients": 20,
        "checks": {"journal": None, "exceptions": {}},
    },
)

# A rule yields (key, what is wrong). It sees only values that could be read.
Complaint = tuple[str, str]
Rule = Callable[[dict[str, Any]], Iterator[Complaint]]


def _period_runs_forward(values: dict[str, Any]) -> Iterator[Complaint]:
    start, end = values["period"]["start"], values["period"]["end"]
    if start > end:
        yield "period.end", f"is {end}, before the start of the period ({start})"


def _criteria_are_sound(values: dict[str, Any]) -> Iterator[Complaint]:
    seen: set[str] = set()
    for number, criterion in enumerate(values["eligibility"], start=1):
        place = f"eligibility[{number}]"
        key, column, keep = criterion["key"], criterion["column"], criterion["keep"]
        if key is not WRONG:
            if key in seen:
                yield f"{place}.key", f"'{key}' names two criteria; each needs its own key"
            if not key.isidentifier():
                yield f"{place}.key", "must be letters, digits and _ only, and not start with a digit"
            seen.add(key)
        if WRONG not in (column, keep) and COLUMNS[column].values:
            allowed = COLUMNS[column].values
            for value in keep:
                if value not in allowed:
                    near = did_you_mean(value, allowed)
                    yield f"{place}.keep", f"'{value}' is not a value of {column} ({one_of(allowed)}){near}"


def _groups_can_be_formed(values: dict[str, Any]) -> Iterator[Complaint]:
    needed = {"embryo_transfer": ("yes",), "immune_profile_status": ("quantified",)}
    kept = {criterion["column"]: criterion["keep"] for criterion in values["eligibility"]}
    for column, keep in needed.items():
        misspelt = not set(kept.get(column, ())) <= set(COLUMNS[column].values)  # said by another rule
        if kept.get(column) != keep and not misspelt:
            yield (
                "eligibility",
                f"needs a criterion on {column} that keeps [{keep[0]}]: "
                "without it no profile or treatment group can be formed",
            )


def _shares_match_the_criteria(values: dict[str, Any]) -> Iterator[Complaint]:
    keys = tuple(criterion["key"] for criterion in values["eligibility"])
    shares = values["exclusion_split"]["shares"]
    if set(shares) != set(keys):
        yield "exclusion_split.shares", f"must name each criterion once: {', '.join(keys)}"
    elif abs(sum(shares.values()) - 1) > 1e-6:
        yield "exclusion_split.shares", f"must add up to 1, but add up to {sum(shares.values()):g}"


def _outcomes_are_sound(values: dict[str, Any]) -> Iterator[Complaint]:
    outcomes = values["outcomes"]
    primary = [key for key, outcome in outcomes.items() if outcome["primary"] is True]
    if primary != ["implantation"] and "implantation" in outcomes:
        yield "outcomes", "exactly one outcome has primary: true, and it is implantation"
    for key, outcome in outcomes.items():
        kind, column, unit = outcome["kind"], outcome["column"], outcome["unit"]
        if WRONG in (kind, column, unit):
            continue
        if column not in OUTCOME_KINDS[kind]:
            yield f"outcomes.{key}.column", f"of kind {kind} must be {one_of(OUTCOME_KINDS[kind])}"
        if (unit == "embryo") != (kind == "sacs"):
            yield f"outcomes.{key}.unit", "must be embryo where kind is sacs, and patient elsewhere"


def _patients_are_protected(values: dict[str, Any]) -> Iterator[Complaint]:
    if values["data"]["synthetic"] is False and values["disclosure_threshold"] < 2:
        yield "disclosure_threshold", "must be 2 or more unless the data are synthetic; 5 is usual"


def _cutoffs_differ(values: dict[str, Any]) -> Iterator[Complaint]:
    columns = [cutoff["column"] for cutoff in values["cutoffs"].values()]
    if len(set(columns)) < len(columns):
        yield "cutoffs.nk.column", "is the same column as for th1_th2"


def _covariates_are_sound(values: dict[str, Any]) -> Iterator[Complaint]:
    for name, covariate in values["covariates"].items():
        place, column = f"covariates.{name}", COLUMNS[name]
        if covariate["kind"] is WRONG or covariate["levels"] is WRONG:
            continue
        numeric = covariate["kind"] == "number"
        if numeric != column.is_number or column.kind in ("text", "date"):
            words = "number" if column.is_number else column.kind
            yield f"{place}.kind", f"does not fit the column {name}, which holds a {words}"
        elif numeric and covariate["levels"]:
            yield f"{place}.levels", "belongs to a category, not to a number"
        elif not numeric and column.values and set(covariate["levels"]) != set(column.values):
            yield f"{place}.levels", f"must give a word for each of {', '.join(column.values)}"


def _families_have_distinct_contrasts(values: dict[str, Any]) -> Iterator[Complaint]:
    for key, family in values["test_families"].items():
        contrasts = family["contrasts"]
        if contrasts is not WRONG and len(set(contrasts)) < len(contrasts):
            yield f"test_families.{key}.contrasts", "names a comparison twice"


def _adjustment_uses_covariates(values: dict[str, Any]) -> Iterator[Complaint]:
    named = values["adjustment"]["covariates"]
    for name in () if named is WRONG else named:
        if name is not WRONG and name not in values["covariates"]:
            near = did_you_mean(name, tuple(values["covariates"]))
            yield "adjustment.covariates", f"names {name}, which is not among the covariates{near}"


# Each rule with the keys it needs, and whether every value under them must have been readable.
RULES: tuple[tuple[Rule, tuple[str, ...], bool], ...] = (
    (_period_runs_forward, ("period",), True),
    (_criteria_are_sound, ("eligibility",), False),
    (_groups_can_be_formed, ("eligibility",), True),
    (_shares_match_the_criteria, ("eligibility", "exclusion_split"), True),
    (_outcomes_are_sound, ("outcomes",), False),
    (_patients_are_protected, ("data", "disclosure_threshold"), False),
    (_cutoffs_differ, ("cutoffs",), True),
    (_covariates_are_sound, ("covariates",), False),
    (_families_have_distinct_contrasts, ("test_families",), False),
    (_adjustment_uses_covariates, ("adjustment", "covariates"), False),
    (mapping_faults, ("data",), False),
)


def check_rules(values: dict[str, Any], found: Findings) -> None:
    """Apply every rule whose keys were read; record what it finds wrong in ``found``."""
    for rule, keys, whole in RULES:
        needed = [values[key] for key in keys]
        if any(value is WRONG for value in needed) or (whole and any(map(_has_wrong, needed))):
            continue
        for key, text in rule(values):
            found.add(key, text)


def _has_wrong(value: Any) -> bool:
    """Tell whether something inside a value could not be read."""
    if isinstance(value, Mapping):
        return any(map(_has_wrong, value.values()))
    if isinstance(value, tuple):
        return any(map(_has_wrong, value))
    return value is WRONG
