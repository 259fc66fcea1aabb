"""What each printed key counts, its first number and, after a stroke, its second: queries over patients."""

from __future__ import annotations

STRATA = ("regulated", "th1_th2", "nk", "both")
REGIMENS = ("prednisone", "prednisone_tacrolimus", "other")
TIMINGS = ("before", "after", "before_and_after")
OUTCOMES = ("clinical_pregnancy", "live_birth")

KNOWN, YES = "value != 'unknown'", "value == 'yes'"
TREATED, UNTREATED = "regimen != 'none'", "regimen == 'none'"
PROFILES = {"regulated": "stratum == 'regulated'", "dysregulated": "stratum != 'regulated'"}


def contrasts() -> dict[str, tuple[str, str]]:
    """Return the treated and the reference of each contrast."""
    found = {
        f"{name}.any": (f"{here} and {TREATED}", f"{here} and {UNTREATED}") for name, here in PROFILES.items()
    }
    for timing in ("after", "before_and_after"):
        here = PROFILES["regulated"]
        found[f"regulated.{timing}"] = (f"{here} and timing == '{timing}'", f"{here} and {UNTREATED}")
    strata = {each: f"stratum == '{each}'" for each in STRATA[1:]}
    strata |= {
        "elevated_th1_th2": "stratum in ['th1_th2', 'both']",
        "increased_nk": "stratum in ['nk', 'both']",
    }
    for name, here in strata.items():
        found[f"dysregulated.{name}"] = (f"{here} and {TREATED}", f"{here} and {UNTREATED}")
    for regimen in REGIMENS:
        here = PROFILES["dysregulated"]
        found[f"dysregulated.{regimen}"] = (f"{here} and regimen == '{regimen}'", f"{here} and {UNTREATED}")
    return found


def fractions() -> dict[str, tuple[str, str]]:
    """Return the keys that print events of a number of patients."""
    found: dict[str, tuple[str, str]] = {}

    def add(path: str, members: str, events: str = f"{KNOWN} and {YES}", n: str = KNOWN) -> None:
        for name in ("events_of_n", "count"):
            prefix, _, last = path.rpartition("/")
            found[f"{prefix}.{last}{name}"] = (f"{members} and {events}", f"{members} and {n}")

    for key, (treated, reference) in contrasts().items():
        add(f"{key}/", treated)
        add(f"{key}/reference_", reference)
        for outcome in OUTCOMES:
            told = f"{KNOWN} and {outcome} == 'yes'", f"{KNOWN} and {outcome} != 'unknown'"
            add(f"{key}.{outcome}/", treated, *told)
            add(f"{key}.{outcome}/reference_", reference, *told)
    for timing in ("none", "before"):
        add(f"regulated.{timing}/", f"{PROFILES['regulated']} and timing == '{timing}'")
    add("dysregulated.none/", f"{PROFILES['dysregulated']} and {UNTREATED}")
    for cell, (profile, arm) in {
        "regulated_treated": ("regulated", TREATED),
        "dysregulated_untreated": ("dysregulated", UNTREATED),
        "dysregulated_treated": ("dysregulated", TREATED),
    }.items():
        add(f"joint.{cell}/", f"{PROFILES[profile]} and {arm}")
        add(f"joint.{cell}/reference_", f"{PROFILES['regulated']} and {UNTREATED}")
    for profile, here in PROFILES.items():
        for choice, kept in CHOICES.items():
            add(f"sensitivity.{profile}.{choice}/", f"{here} and {TREATED} and {kept}")
            add(f"sensitivity.{profile}.{choice}/reference_", f"{here} and {UNTREATED}")
        extreme = "value != 'no'"
        for case_, first, second in (("best", extreme, YES), ("worst", YES, extreme)):
            add(f"bounds.{profile}.any.{case_}/", f"{here} and {TREATED}", first, "index >= 0")
            add(f"bounds.{profile}.any.{case_}/reference_", f"{here} and {UNTREATED}", second, "index >= 0")
    return found


CHOICES = {
    "main": "index >= 0",
    "planned": "plan == 'yes'",
    "without_after": "timing != 'after'",
    "protocol": "regimen in ['prednisone', 'prednisone_tacrolimus']",
}


def others() -> dict[str, tuple[str, ...]]:
    """Return the keys that print a group's size, or a share that is no outcome."""
    found: dict[str, tuple[str, ...]] = {
        "flow.eligible": ("index >= 0",),
        "flow.analysed": (KNOWN,),
        "flow.outcome_unknown": ("value == 'unknown'",),
        "flow.analysed_of_eligible": (KNOWN, "index >= 0"),
        "missing.implantation.missing_of_n": ("value == 'unknown'", "index >= 0"),
        "missing.immunotherapy_planned_before_transfer.missing_of_n": (
            f"{TREATED} and plan == 'unknown'",
            TREATED,
        ),
        **{f"missing.{each}.missing_of_n": (f"{each} == 'unknown'", "index >= 0") for each in OUTCOMES},
    }
    for profile, here in PROFILES.items():
        found[f"{profile}.patients"] = found[f"flow.groups.{profile}.n"] = (f"{here} and {KNOWN}",)
        found[f"{profile}.treated.patients"] = (f"{here} and {TREATED} and {KNOWN}",)
        found[f"{profile}.none.patients"] = (f"{here} and {UNTREATED} and {KNOWN}",)
        for arm, who in (("treated", TREATED), ("untreated", UNTREATED)):
            found[f"baseline.columns.{profile}_{arm}.n"] = (f"{here} and {who} and {KNOWN}",)
        for choice, kept in CHOICES.items():
            aside = f"{here} and {TREATED} and not ({kept}) and {KNOWN}"
            found[f"sensitivity.{profile}.{choice}.set_aside"] = (aside,)
    for timing in ("none", *TIMINGS):
        members = (f"{PROFILES['regulated']} and timing == '{timing}' and {KNOWN}",)
        found[f"flow.groups.regulated.arms.{timing}.n"] = found[f"regulated.{timing}.n"] = members
        found[f"regulated.{timing}.patients"] = members
    for stratum in STRATA[1:]:
        here, path = f"stratum == '{stratum}' and {KNOWN}", f"flow.groups.dysregulated.arms.{stratum}"
        found[f"{path}.n"] = (here,)
        found[f"{path}.arms.treated.n"] = (f"{here} and {TREATED}",)
        found[f"{path}.arms.untreated.n"] = (f"{here} and {UNTREATED}",)
    for timing in TIMINGS:
        here, path = f"{KNOWN} and timing == '{timing}'", f"treatment_start.{timing}"
        found[f"{path}.patients"] = (here,)
        found[f"{path}.planned_of_known"] = (f"{here} and plan == 'yes'", f"{here} and plan != 'unknown'")
    return found
