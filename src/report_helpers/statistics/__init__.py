"""Statistics of counts: numbers in, a frozen ``Estimate`` out.

Every function of two groups takes ``events1, n1, events0, n0`` and compares group 1 with the reference
group 0. Nothing here formats, reads files or knows the study.
"""

from report_helpers.statistics.adjusted import Standardised, standardised
from report_helpers.statistics.balance import (
    Balance,
    standardised_difference_means,
    standardised_difference_proportions,
)
from report_helpers.statistics.clustered import (
    clustered_proportion,
    clustered_risk_difference,
    clustered_risk_ratio,
)
from report_helpers.statistics.contrasts import risk_difference, risk_ratio
from report_helpers.statistics.estimate import CountError, Estimate
from report_helpers.statistics.firth import FirthModel, firth_logistic
from report_helpers.statistics.imputation import impute
from report_helpers.statistics.independence import independence
from report_helpers.statistics.interaction import Interaction, interaction
from report_helpers.statistics.modified_poisson import modified_poisson
from report_helpers.statistics.multiplicity import holm
from report_helpers.statistics.odds_ratios import odds_ratio
from report_helpers.statistics.pooling import Rubin, pool, pool_estimates, rubin
from report_helpers.statistics.proportions import proportion
from report_helpers.statistics.scales import standard_error
from report_helpers.statistics.sensitivity import e_value
from report_helpers.statistics.separation import separated
from report_helpers.statistics.stratified import mantel_haenszel
from report_helpers.statistics.trends import trend
from report_helpers.statistics.weighting import Weighted, weighted

__all__ = [
    "Balance",
    "CountError",
    "Estimate",
    "FirthModel",
    "Interaction",
    "Rubin",
    "Standardised",
    "Weighted",
    "clustered_proportion",
    "clustered_risk_difference",
    "clustered_risk_ratio",
    "e_value",
    "firth_logistic",
    "holm",
    "impute",
    "independence",
    "interaction",
    "mantel_haenszel",
    "modified_poisson",
    "odds_ratio",
    "pool",
    "pool_estimates",
    "proportion",
    "risk_difference",
    "risk_ratio",
    "rubin",
    "separated",
    "standard_error",
    "standardised",
    "standardised_difference_means",
    "standardised_difference_proportions",
    "trend",
    "weighted",
]
