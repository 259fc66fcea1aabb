"""What no real cohort shows: each invented patient's chances under every treatment, and their averages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from report_helpers.study.synthetic_patients import (
    EXCLUSION_SPLIT,
    FURTHER_SAC,
    TIMINGS,
    TREATMENTS,
    TWIN,
    Draws,
    draw_patients,
    prognosis_of,
)
from report_helpers.study.synthetic_truth import TRUTH, Numbers, Prognosis, Truth, implantation_risk

SHIPPED_SEED = 2040
_KEPT = {
    "female_reproductive_disease": "none",
    "immune_disease": "none",
    "embryo_transfer": "yes",
    "immune_profile_status": "quantified",
}


@dataclass(frozen=True)
class Chances:
    """The true probabilities of the patients that ``draw_patients`` returned, under a truth."""

    drawn: Draws
    truth: Truth = TRUTH

    @cached_property
    def prognosis(self) -> Prognosis:
        """What bears on implantation besides treatment."""
        return prognosis_of(self.drawn)

    @property
    def seen(self) -> Numbers:
        """Each patient's risk of implantation under the treatment that she had."""
        risk: Numbers = self.drawn["risk"]
        return risk

    @cached_property
    def untreated(self) -> Numbers:
        """Each patient's risk of implantation were she not treated."""
        nothing = np.full(len(self.seen), "none")
        return implantation_risk(self.prognosis, nothing, nothing, self.truth)

    def treated(self, regimen: str = "", timing: str = "") -> Numbers:
        """Return each patient's risk of implantation were she treated.

        Parameters
        ----------
        regimen, timing : str, optional
            What she is given, and when; without them, what the clinic would choose for her.
        """
        regimens = np.full(len(self.seen), regimen) if regimen else self.drawn["regimen_if_treated"]
        timings = np.full(len(self.seen), timing) if timing else self.drawn["timing_if_treated"]
        return implantation_risk(self.prognosis, regimens, timings, self.truth)

    @property
    def sacs_once_implanted(self) -> Numbers:
        """Each patient's expected number of sacs, given that there is one."""
        return 1 + FURTHER_SAC * (self.prognosis.embryos - 1) + TWIN


@dataclass(frozen=True)
class TrueRisks:
    """What a comparison would show without chance: marginal risks of implantation in its group.

    Parameters
    ----------
    treated, untreated : float
        The risks were everyone in the group treated in this way, or nobody treated.
    seen_treated, seen_untreated : float
        The risks of those who are so treated and of those who are not, which confounding by
        indication sets apart from the first two.
    """

    treated: float
    untreated: float
    seen_treated: float
    seen_untreated: float

    @property
    def difference(self) -> float:
        """The causal risk difference."""
        return self.treated - self.untreated

    @property
    def seen_difference(self) -> float:
        """The unadjusted risk difference that a very large cohort would show."""
        return self.seen_treated - self.seen_untreated


def true_risks(patients: int = 200_000, seed: int = SHIPPED_SEED) -> Mapping[str, TrueRisks]:
    """Return the marginal truth of each comparison, by averaging over a large simulated cohort.

    Parameters
    ----------
    patients : int, optional
        Patients screened; at the default a risk is within about 0.003 of its limit.
    seed : int, optional

    Returns
    -------
    mapping
        By contrast path, such as ``"dysregulated.prednisone"``.
    """
    drawn = draw_patients(patients, EXCLUSION_SPLIT, np.random.default_rng(seed))
    chances = Chances(drawn)
    eligible = np.logical_and.reduce([drawn[column] == keep for column, keep in _KEPT.items()])
    treated = drawn["immunotherapy_regimen"] != "none"

    def made(strata: tuple[str, ...], given: str = "", when: str = "") -> TrueRisks:
        group: NDArray[np.bool_] = eligible & np.isin(chances.prognosis.stratum, strata)
        so_treated = treated & np.isin(drawn["regimen_if_treated"], given or TREATMENTS)
        so_treated &= np.isin(drawn["timing_if_treated"], when or TIMINGS)
        return TrueRisks(
            float(chances.treated(given, when)[group].mean()),
            float(chances.untreated[group].mean()),
            float(chances.seen[group & so_treated].mean()),
            float(chances.seen[group & ~treated].mean()),
        )

    regulated, dysregulated = ("regulated",), ("th1_th2", "nk", "both")
    return {
        "regulated.any": made(regulated),
        "regulated.after": made(regulated, when="after"),
        "regulated.before_and_after": made(regulated, when="before_and_after"),
        "dysregulated.any": made(dysregulated),
        **{f"dysregulated.{each}": made((each,)) for each in dysregulated},
        "dysregulated.elevated_th1_th2": made(("th1_th2", "both")),
        "dysregulated.increased_nk": made(("nk", "both")),
        **{f"dysregulated.{each}": made(dysregulated, given=each) for each in TREATMENTS},
    }
