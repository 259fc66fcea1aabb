"""The adjusted models on a trial's rows, missing values and all, beside R on the same file.

The trial is the periodontal one of tests/data/trials/SOURCE.md, without its elective abortions. In R 4.2.2

    d <- read.csv("opt.csv")
    for (k in names(d)) if (is.character(d[[k]])) { d[[k]] <- trimws(d[[k]]); d[[k]][d[[k]] == ""] <- NA }
    d <- subset(d, Birth.outcome != "Elective abortion" | is.na(Birth.outcome))
    d$y <- ifelse(d$Preg.ended...37.wk == "Yes", 1, 0); d$t <- as.integer(d$Group == "T")
    d <- d[, c("y", "t", "Clinic", "Age", "BMI", "Use.Tob")]
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from report_helpers.statistics import (
    impute,
    modified_poisson,
    pool_estimates,
    standard_error,
    standardised,
    weighted,
)
from report_helpers.statistics.design import treatment_design
from report_helpers.statistics.pooling import rubin
from report_helpers.statistics.regression import POISSON, fit

FILE = Path(__file__).parents[1] / "data" / "trials" / "opt.csv"
COVARIATES = ["Clinic", "Age", "BMI", "Use.Tob"]


@pytest.fixture(scope="module")
def opt() -> pd.DataFrame:
    rows = pd.read_csv(FILE, skipinitialspace=True)
    words = rows.select_dtypes(include="str").columns
    rows[words] = rows[words].apply(lambda column: column.str.strip())
    rows = rows.mask(rows == "")
    rows = rows[rows["Birth.outcome"] != "Elective abortion"]
    return rows.assign(
        t=(rows["Group"] == "T").astype(int), y=rows["Preg.ended...37.wk"].map({"Yes": 1.0, "No": 0.0})
    )[["y", "t", *COVARIATES]]


def test_modified_poisson(opt: pd.DataFrame) -> None:
    """With the R package sandwich 3.0-2.

    m <- glm(y ~ t + Clinic + Age + BMI + Use.Tob, poisson, d, control = list(epsilon = 1e-14))
    b <- coef(m)[["t"]]; s <- sqrt(sandwich(m)["t", "t"])
    c(exp(b + c(0, -1, 1)*qnorm(.975)*s), 2*pnorm(-abs(b/s)))
    """
    found = modified_poisson(opt, "y", "t", COVARIATES)
    assert (found.value, found.low, found.high, found.p_value) == pytest.approx(
        (0.8417646744933, 0.5762326625419, 1.2296556812645, 0.3730226100825), rel=1e-7
    )
    standard = standardised(opt, "y", "t", COVARIATES).risk_ratio
    assert found.value == pytest.approx(standard.value, rel=0.01)
    assert found.high == pytest.approx(standard.high, rel=0.02)


def test_weighting(opt: pd.DataFrame) -> None:
    """As in test_weighting.py, on na.omit(d); balance with weights w = ifelse(t == 1, 1/e, 1/(1-e)):

    s <- sqrt((var(x[t == 1]) + var(x[t == 0]))/2); (mean(x[t == 1]) - mean(x[t == 0]))/s
    (weighted.mean(x[t == 1], w[t == 1]) - weighted.mean(x[t == 0], w[t == 0]))/s
    """
    found = weighted(opt, "y", "t", COVARIATES)
    difference = found.risk_difference
    assert (difference.value, difference.low, difference.high) == pytest.approx(
        (-0.02147001048874, -0.06900961958824, 0.02606959861076), rel=1e-7
    )
    by_name = {row.covariate: row for row in found.balance}
    assert (by_name["Age"].before, by_name["Age"].after) == pytest.approx(
        (0.025767532196979, 0.000182580291854), rel=1e-6
    )
    assert (by_name["BMI"].before, by_name["BMI"].after) == pytest.approx(
        (0.051103427344890, 0.000434363822354), rel=1e-6
    )
    assert found.left_out == opt.isna().any(axis=1).sum() > 90


def test_multiple_imputation_beside_mice(opt: pd.DataFrame) -> None:
    """mice 3.15.0 draws otherwise, so 200 copies agree only within their Monte Carlo error.

    d <- subset(d, !is.na(y)); d$Clinic <- factor(d$Clinic); d$Use.Tob <- factor(d$Use.Tob)
    im <- mice(d, m = 200, maxit = 10, method = "pmm", seed = 1, printFlag = FALSE)
    r <- sapply(1:200, function(k) { m <- glm(y ~ t + Clinic + Age + BMI + Use.Tob, poisson, complete(im, k))
      V <- sandwich(m); c(coef(m)[["t"]], V["t", "t"], coef(m)[["BMI"]], V["BMI", "BMI"]) })
    p <- pool.scalar(r[1, ], r[2, ], n = nrow(d), k = 8); c(p$qbar, sqrt(p$t), p$fmi)
    """
    known = opt[opt["y"].notna()]
    kinds = {name: "category" if name in ("Clinic", "Use.Tob") else "number" for name in known}
    copies = impute(known, list(known), kinds=kinds, copies=200, cycles=5)
    each = [modified_poisson(copy, "y", "t", COVARIATES) for copy in copies]
    pooled = pool_estimates(each, 812 - 8, scale="log")
    assert pooled.n == 812
    assert math.log(pooled.value) == pytest.approx(-0.0827792, abs=0.002)
    assert standard_error(pooled, scale="log") == pytest.approx(0.1839342, rel=0.01)
    # The coefficient of the covariate that is itself imputed, where most information is missing.
    values, variances = zip(*(coefficient_of_bmi(copy) for copy in copies), strict=True)
    bmi = rubin(values, variances, 812 - 8)
    assert bmi.value == pytest.approx(0.0232479, abs=0.0008)
    assert math.sqrt(bmi.total) == pytest.approx(0.0115221, rel=0.02)
    assert bmi.missing_information == pytest.approx(0.0643288, abs=0.02)


def coefficient_of_bmi(copy: dict[str, np.ndarray]) -> tuple[float, float]:
    data = treatment_design(copy, "y", "t", COVARIATES)
    found = fit(data.outcome, data.matrix, POISSON)
    assert found is not None
    means = np.exp(data.matrix @ found)
    bread = np.linalg.inv((data.matrix * means[:, None]).T @ data.matrix)
    scores = data.matrix * (data.outcome - means)[:, None]
    place = data.terms.index("BMI")
    return float(found[place]), float((bread @ scores.T @ scores @ bread)[place, place])
