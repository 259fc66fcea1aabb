"""Parts of a small study with made-up numbers, for the results that reporting is tested on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from report_helpers.results.adjusted import Adjusted
from report_helpers.results.model import (
    Arm,
    BaselineRow,
    Comparison,
    Contrast,
    Profile,
    Summary,
)
from report_helpers.statistics import Balance, Estimate, Weighted
from report_helpers.study.definition import (
    Adjustment,
    Covariate,
    Criterion,
    Cutoff,
    DataSource,
    Outcome,
    Period,
    Study,
    TestFamily,
)
from report_helpers.study.flow import Flow, FlowGroup, Step


def estimate(
    value: float | None, low: float | None, high: float | None, n: int, method: str, reason: str = ""
) -> Estimate:
    return Estimate(value, low, high, 0.95, None, method, n, reason)


def comparison(
    counts: tuple[int, int, int, int],
    ratio: Estimate,
    *,
    outcome: str = "implantation",
    p: float | None = 0.013,
) -> Comparison:
    events, n, events0, n0 = counts
    test = None if p is None else Estimate(None, None, None, 0.95, p, "Fisher mid-P", n + n0)
    return Comparison(
        outcome=outcome,
        label={"implantation": "Implantation", "sacs_per_embryo": "Sacs per embryo"}[outcome],
        unit="embryo" if outcome == "sacs_per_embryo" else "patient",
        events=events,
        n=n,
        rate=estimate(events / n if n else None, 0.41, 0.554, n, "Wilson"),
        reference_events=events0,
        reference_n=n0,
        reference_rate=estimate(events0 / n0 if n0 else None, 0.1, 0.5, n0, "Wilson"),
        risk_difference=estimate(0.123, -0.031, 0.21, n + n0, "Newcombe"),
        risk_ratio=ratio,
        test=test,
    )


RATIO = Estimate(1.337, 1.049, 1.714, 0.95, None, "Koopman", 150)
NO_RATIO = Estimate(None, 1.2, None, 0.95, None, "Koopman", 150, "no events in group 0")


def contrast(key: str, label: str, ratio: Estimate = RATIO, *, overlapping: bool = False) -> Contrast:
    return Contrast(
        key=key,
        label=label,
        reference_label="No immunotherapy",
        overlapping=overlapping,
        primary="implantation",
        outcomes={
            "implantation": comparison((56, 116, 5, 12), ratio),
            "sacs_per_embryo": comparison((60, 160, 9, 30), ratio, outcome="sacs_per_embryo", p=None),
        },
        family="regimens",
        holm=0.0004,
    )


def profile(key: str, label: str, contrasts: Mapping[str, Contrast], arms: Mapping[str, str]) -> Profile:
    made = {
        name: Arm(name, text, 25, 10, estimate(0.4, 0.2, 0.6, 25, "Wilson")) for name, text in arms.items()
    }
    return Profile(key, label, 130, 128, made, contrasts)


def number_row() -> BaselineRow:
    cells = {
        "regulated_untreated": Summary(22, 1, 35.24, 4.16, 35.0, 32.0, 38.0),
        "regulated_treated": Summary(61, 0, 36.2, 4.2, 36.0, 33.0, 39.0),
        "dysregulated_untreated": Summary(12, 0, 35.5, 3.9, 35.0, 32.5, 38.0),
        "dysregulated_treated": Summary(116, 2, 35.9, 4.0, 36.0, 33.0, 39.0),
    }
    return BaselineRow("age_years", "Age", "years", "number", False, (), cells, 0.244, -0.004, 3)


def category_row() -> BaselineRow:
    cells = {
        "regulated_untreated": Summary(22, 1, counts={"own": 20, "donor": 1}),
        "regulated_treated": Summary(61, 0, counts={"own": 60, "donor": 1}),
        "dysregulated_untreated": Summary(12, 0, counts={"own": 12, "donor": 0}),
        "dysregulated_treated": Summary(116, 2, counts={"own": 110, "donor": 4}),
    }
    levels = (("own", "Own"), ("donor", "Donor & <other>"))
    return BaselineRow("oocyte_source", "Oocyte source", "", "category", False, levels, cells, None, 0.21, 3)


def study() -> Study:
    return Study(
        path=Path("study.yml"),
        title="A title",
        short_title="Short",
        period=Period(date(2022, 1, 1), date(2023, 12, 31)),
        data=DataSource(Path("cohort.csv"), True),
        criteria=(Criterion("no_transfer", "No transfer", "embryo_transfer", ("yes",), "exclude"),),
        exclusion_split={},
        exclusion_split_placeholder=True,
        outcome_known_label="Outcome known",
        negative_hcg_counts_as_no_sac=True,
        cutoffs={
            "th1_th2": Cutoff("th1_th2_ratio", 10.3, "Elevated Th1/Th2 ratio", "ratio", True),
            "nk": Cutoff("nk_cells_percent", 50.0, "Increased NK cells", "percent of leucocytes", False),
        },
        regimens={"none": "No immunotherapy", "prednisone": "Prednisone alone"},
        timings={"none": "No immunotherapy", "before": "Before transfer", "after": "After transfer"},
        outcomes={
            "implantation": Outcome(
                "implantation", "Implantation", "gestational_sacs", "patient", True, "any_sac"
            )
        },
        covariates=(Covariate("age_years", "Age", "years", "number", {}),),
        adjustment=Adjustment(("age_years",), 10, 5, 1000, 20, 1, ("prednisone",)),
        families=(TestFamily("regimens", "Regimens", ("dysregulated.prednisone",)),),
        disclosure_threshold=5,
        facts={"funding": None, "assay": "Stain *A*, 5 µm [see note]"},
    )


def adjusted_contrast(key: str, label: str, reason: str = "") -> Adjusted:
    def found(value: float, low: float, high: float, method: str) -> Estimate:
        return estimate(None, None, None, 90, method, reason) if reason else estimate(
            value, low, high, 90, method
        )  # fmt: skip

    difference, ratio = found(0.3, 0.18, 0.42, "standardised"), found(2.65, 1.5, 4.7, "standardised")
    balance = (
        Balance("age_years", "", 0.39, None if reason else 0.03),
        Balance("oocyte_source", "donor", -0.2, None if reason else 0.05),
    )
    bootstrap = [
        replace(each, method="standardised" if reason else "bootstrap") for each in (difference, ratio)
    ]
    return Adjusted(
        key=key,
        label=label,
        n=90,
        left_out=12,
        events_per_term=5.0 if reason else 12.6,
        reason=reason,
        same_patients_risk_difference=estimate(0.2, 0.05, 0.32, 90, "Newcombe hybrid score interval"),
        same_patients_risk_ratio=estimate(2.09, 1.2, 3.6, 90, "Koopman score interval"),
        risk_treated=found(0.52, 0.44, 0.6, "standardised"),
        risk_untreated=found(0.2, 0.1, 0.32, "standardised"),
        risk_difference=difference,
        risk_ratio=ratio,
        risk_difference_bootstrap=bootstrap[0],
        risk_ratio_bootstrap=bootstrap[1],
        poisson=found(2.49, 1.45, 4.28, "modified Poisson"),
        weighted=Weighted(
            found(0.52, 0.44, 0.6, "weighted"),
            found(0.2, 0.1, 0.32, "weighted"),
            difference,
            found(2.8, 1.56, 5.04, "weighted"),
            *((None,) * 5 if reason else (0.44, 4.07, 0.998, 56.4, 34.0)),
            balance,
            *((None,) * 5 if reason else (0.16, 0.95, 0.17, 0.84, 0.89)),
            12,
            reason,
        ),
        per_embryo=found(2.5, 1.4, 4.4, "modified Poisson"),
        imputed_risk_difference=found(0.26, 0.13, 0.38, "pooled"),
        imputed_risk_ratio=found(2.13, 1.33, 3.43, "pooled"),
        e_value=replace(found(4.75, 2.36, 2.36, "E-value"), high=None, n=0),
        odds_ratio=None,
    )


def small_flow() -> Flow:
    halves = (FlowGroup("untreated", "No immunotherapy", 12), FlowGroup("treated", "Immunotherapy", 116))
    return Flow(
        screened=1734,
        steps=(
            Step("no_transfer", "No transfer", 1500, 234, 0),
            Step("disease", "Immune disease", 0, 234, 7),
        ),
        eligible=234,
        excluded=1500,
        outcome_unknown=23,
        analysed=211,
        groups=(
            FlowGroup("regulated", "Regulated profile", 83, (FlowGroup("none", "No immunotherapy", 83),)),
            FlowGroup("dysregulated", "Dysregulated profile", 128, (FlowGroup("both", "Both", 128, halves),)),
        ),
    )
