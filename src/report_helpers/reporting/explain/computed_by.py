"""Which entry of the list of methods a number has: by the method that its estimate names, or by its key."""

from __future__ import annotations

import re
from collections.abc import Container

_BY_KEY = (
    (r"claims\..*\.finding", "according_to"),
    (r"claims\..*", "claim"),
    (r".*\.(finding|direction)", "finding"),
    (r".*\.holm", "holm"),
    (r"adjusted\..*\.weighted\.(balance\..*|largest_\w+)", "balance"),
    (r"adjusted\..*\.weighted\.(?!risk_\w+_n|left_out).*", "weighted"),
    (r"data\.(notice|synthetic|least_shown|too_few)", "notice"),
)
"""Keys whose entry does not follow from the method of an estimate, or that have none; the first that fits."""

_DIFFERENCE = re.compile(r"(?:baseline|selection)\.(\w+)\.smd\w*")

_BY_METHOD = (
    (r"Wilson score", "wilson"),
    (r"Newcombe hybrid score", "newcombe"),
    (r"Koopman", "koopman"),
    (r"Fisher mid-P", "fisher_midp"),
    (r"difference of ratio estimators", "clustered_difference"),
    (r"ratio of ratio estimators", "clustered_ratio"),
    (r"ratio estimator;", "clustered_proportion"),
    (r"ratio of (odds|risk) ratios", "interaction_ratio"),
    (r"difference of risk differences", "interaction_difference"),
    (r"RERI", "reri"),
    (r".*Rubin's rules", "imputed"),
    (r".*percentile bootstrap", "bootstrap"),
    (r"standardised \(g-computation\)", "standardised"),
    (r"stabilised inverse probability", "weighted"),
    (r"modified Poisson", "modified_poisson"),
    (r"Poisson regression with the log of the exposure", "poisson_per_embryo"),
    (r"E-value", "e_value"),
    (r".*Firth", "firth"),
)

_BY_PART = {
    "flow": "flow",
    "regulated": "counted",
    "dysregulated": "counted",
    "bounds": "bounds",
    "joint": "joint",
    "sensitivity": "sensitivity",
    "cutoff_curves": "cutoff_curve",
    "selection": "selection",
    "baseline": "baseline",
    "missing": "missing",
    "treatment_start": "treatment_start",
    "adjusted": "adjusted",
    "interaction": "interaction_ratio",
    "operating": "operating",
    "data": "data",
    "study": "study",
    "facts": "study",
    "cutoffs": "study",
    "software": "software",
    "methods": "named",
}


def computed_by(key: str, method: str, numeric: Container[str] = ()) -> str:
    """Return the name in `methods_list.METHODS` of what computed a number.

    Parameters
    ----------
    key, method : str
        Those of the ledger.
    numeric : container of str
        The characteristics that are numbers, not categories: they have another standardised difference.

    Examples
    --------
    >>> computed_by("regulated.any.risk_ratio", "Koopman score interval")
    'koopman'
    >>> computed_by("flow.screened", ""), computed_by("small_groups", "")
    ('flow', 'condition')
    >>> computed_by("baseline.age_years.smd_regulated", "", {"age_years"})
    'smd_means'
    """
    difference = _DIFFERENCE.fullmatch(key)
    if difference:
        return "smd_means" if difference[1] in numeric else "smd_categories"
    for pattern, name in _BY_KEY:
        if re.fullmatch(pattern, key):
            return name
    for pattern, name in _BY_METHOD:
        if re.match(pattern, method):
            return name
    return _BY_PART.get(key.partition(".")[0], "condition")
