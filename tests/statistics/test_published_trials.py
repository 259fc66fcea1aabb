"""Three published trials, from patients' rows with all that is missing (see tests/data/trials/SOURCE.md).

Each docstring says which number was published, and which only recomputed in R 4.2.2 from the same rows.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from report_helpers.statistics import (
    clustered_proportion,
    firth_logistic,
    independence,
    interaction,
    mantel_haenszel,
    odds_ratio,
    proportion,
    risk_difference,
    risk_ratio,
    standardised,
    trend,
)

TRIALS = Path(__file__).parents[1] / "data" / "trials"


def read(name: str) -> pd.DataFrame:
    """Read a trial's rows; a cell of blanks, or NA, is missing."""
    rows = pd.read_csv(TRIALS / name, skipinitialspace=True)
    words = rows.select_dtypes(include="str").columns
    rows[words] = rows[words].apply(lambda column: column.str.strip())
    return rows.mask(rows == "")


def counts(rows: pd.DataFrame, treated: pd.Series, event: pd.Series) -> tuple[int, int, int, int]:
    """Count (events1, n1, events0, n0) of the rows."""
    first, second = event[rows.index][treated[rows.index]], event[rows.index][~treated[rows.index]]
    return int(first.sum()), len(first), int(second.sum()), len(second)


@pytest.fixture(scope="module")
def opt() -> pd.DataFrame:
    """The periodontal trial without its two elective abortions, as published; unknown outcomes stay."""
    rows = read("opt.csv")
    rows = rows[rows["Birth.outcome"] != "Elective abortion"]
    return rows.assign(
        treated=(rows["Group"] == "T").astype(int),
        preterm=rows["Preg.ended...37.wk"].map({"Yes": 1.0, "No": 0.0}),
    )


@pytest.fixture(scope="module")
def indomethacin() -> pd.DataFrame:
    rows = read("indo_rct.csv")
    return rows.assign(
        treated=(rows["rx"] == "1_indomethacin").astype(int),
        pancreatitis=(rows["outcome"] == "1_yes").astype(int),
        oddi=rows["sod"] == "1_yes",
    )


@pytest.fixture(scope="module")
def streptomycin() -> pd.DataFrame:
    rows = read("strep_tb.csv")
    return rows.assign(treated=(rows["arm"] == "Streptomycin").astype(int))


def preterm(opt: pd.DataFrame) -> tuple[int, int, int, int]:
    known = opt.dropna(subset="preterm")
    return counts(known, known["treated"] == 1, known["preterm"] == 1)


def test_periodontal_treatment_and_preterm_birth(opt: pd.DataFrame) -> None:
    """Published (abstract): 49 of 407 (12.0%) treated, 52 of 405 (12.8%) controls; 44 and 38 born alive.

    The published hazard ratio 0.93 (0.63 to 1.37), P=0.70, is of times, not of these counts; the risk ratio
    must still be near it. P in R: prop.test(c(49, 52), c(407, 405), correct = FALSE).
    """
    table = preterm(opt)
    assert table == (49, 407, 52, 405)
    assert [f"{proportion(x, n).value:.1%}" for x, n in (table[:2], table[2:])] == ["12.0%", "12.8%"]
    born = opt[(opt["preterm"] == 1) & (opt["Birth.outcome"] == "Live birth")]
    assert born.groupby("treated").size().to_dict() == {1: 44, 0: 38}
    ratio = risk_ratio(*table)
    assert ratio.value == pytest.approx(0.93, abs=0.01)
    assert (ratio.low, ratio.high) == pytest.approx((0.63, 1.37), abs=0.03)
    assert ratio.p_value == pytest.approx(0.729745683997, rel=1e-8)
    difference = risk_difference(*table)
    assert difference.low < 0 < difference.high


def test_preterm_birth_by_clinic(opt: pd.DataFrame) -> None:
    """Recomputed in R, four clinics as strata, o being the 812 rows with a known outcome.

    mantelhaen.test(table(o$Group, o$y, o$Clinic)[c("T", "C"), c("1", "0"), ], correct = FALSE)
    """
    known = opt.dropna(subset="preterm")
    tables = [
        counts(rows, known["treated"] == 1, known["preterm"] == 1) for _, rows in known.groupby("Clinic")
    ]
    pooled = mantel_haenszel(tables)
    assert (pooled.n, len(tables)) == (812, 4)
    assert (pooled.value, pooled.low, pooled.high, pooled.p_value) == pytest.approx(
        (0.931002657556, 0.612955889976, 1.414075568163, 0.737401196826), rel=1e-9
    )


def test_preterm_birth_adjusted_with_missing_values(opt: pd.DataFrame) -> None:
    """Recomputed in R: g-computation, 16 women of 812 without smoking status left out, and 9 of 821 lost.

    d <- na.omit(o[, c("y", "t", "Age", "Use.Tob", "Prev.preg")]); g <- glm(y ~ ., binomial, d)
    X <- model.matrix(g); p <- fitted(g); IF <- (X*(d$y-p)) %*% solve(crossprod(X, X*p*(1-p))/nrow(X))
    r <- lapply(1:0, function(v) { e <- d; e$t <- v; Z <- model.matrix(delete.response(terms(g)), e)
      q <- plogis(drop(Z %*% coef(g))); list(mean(q), q-mean(q) + IF %*% colMeans(Z*q*(1-q))) })
    p1 <- r[[1]][[1]]; p0 <- r[[2]][[1]]; V <- crossprod(cbind(r[[1]][[2]], r[[2]][[2]]))/nrow(X)^2
    p1-p0 + c(-1, 1)*qnorm(.975)*sqrt(V[1,1]+V[2,2]-2*V[1,2])
    p1/p0*exp(c(-1, 1)*qnorm(.975)*sqrt(V[1,1]/p1^2+V[2,2]/p0^2-2*V[1,2]/(p1*p0)))
    """
    found = standardised(opt, "preterm", "treated", ["Age", "Use.Tob", "Prev.preg"])
    assert (found.risk1.n, found.left_out) == (796, 25)
    assert (found.risk1.value, found.risk0.value) == pytest.approx((0.11962107919, 0.12918323380), rel=1e-8)
    difference, ratio = found.risk_difference, found.risk_ratio
    assert (difference.low, difference.high) == pytest.approx((-0.05501713352, 0.03589282431), rel=1e-7)
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx(
        (0.925979909909, 0.642432829137, 1.334674622258), rel=1e-8
    )


def test_women_as_clusters_of_one(opt: pd.DataFrame) -> None:
    """With one unit per cluster the ratio estimator is the proportion; its variance, p(1 - p)/(n - 1)."""
    events = opt["preterm"].dropna().astype(int).to_numpy()
    found = clustered_proportion(events, [1] * len(events))
    assert (found.value, found.n) == (pytest.approx(101 / 812), 812)
    assert found.low == pytest.approx(proportion(101, 812).low, abs=1e-3)


def test_indomethacin_and_pancreatitis(indomethacin: pd.DataFrame) -> None:
    """Published (abstract): 27 of 295 (9.2%) and 52 of 307 (16.9%), P=0.005.

    Recomputed in R: fisher.test(rbind(c(27, 268), c(52, 255))); prop.test(..., correct = FALSE).
    """
    event, treated = indomethacin["pancreatitis"] == 1, indomethacin["treated"] == 1
    table = counts(indomethacin, treated, event)
    assert table == (27, 295, 52, 307)
    assert [f"{proportion(x, n).value:.1%}" for x, n in (table[:2], table[2:])] == ["9.2%", "16.9%"]
    for method, p_value in (("fisher", 0.00533905128945), ("pearson", 0.00468160215912)):
        found = independence(*table, method=method).p_value
        assert found == pytest.approx(p_value, rel=1e-9)
        assert f"{found:.3f}" == "0.005"
    exact = odds_ratio(*table, method="conditional_exact")
    assert (exact.low, exact.high) == pytest.approx((0.289136419, 0.830279664), rel=1e-4)


def test_indomethacin_by_sphincter_of_oddi_dysfunction(indomethacin: pd.DataFrame) -> None:
    """Recomputed in R; in the regression the product term is the log ratio of odds ratios.

    mantelhaen.test(table(i$rx, i$y, i$sod)[2:1, 2:1, ], correct = FALSE)
    coef(summary(glm(y ~ t*I(sod == "1_yes"), binomial, i)))
    """
    treated, event = indomethacin["treated"] == 1, indomethacin["pancreatitis"] == 1
    with_it = counts(indomethacin[indomethacin["oddi"]], treated, event)
    without = counts(indomethacin[~indomethacin["oddi"]], treated, event)
    pooled = mantel_haenszel([with_it, without])
    assert (pooled.value, pooled.low, pooled.high, pooled.p_value) == pytest.approx(
        (0.49610725365637, 0.30197473026870, 0.81504305645531, 0.00513338726893), rel=1e-9
    )
    ratio = interaction(with_it, without).ratio_of_odds_ratios
    assert ratio.value == pytest.approx(2.718281828459045**0.3518445463, rel=1e-8)
    assert ratio.p_value == pytest.approx(0.6020128037, rel=1e-7)


def test_bleeding_is_mostly_missing(indomethacin: pd.DataFrame) -> None:
    """Only the 27 bleedings have a grade: complete cases are these, and too few to adjust."""
    found = standardised(
        indomethacin.assign(serious=indomethacin["bleed"] - 1), "serious", "treated", ["age"]
    )
    assert (found.risk1.n, found.left_out) == (27, 575)
    assert found.risk_ratio.value is None
    assert "events per model term" in found.risk_ratio.reason


def test_streptomycin(streptomycin: pd.DataFrame) -> None:
    """Published: 4 of 55 and 14 of 52 died; considerable improvement in 28 and 4.

    Recomputed in R (whose search for exact limits stops after three digits):
    fisher.test(rbind(c(4, 51), c(14, 38))); fisher.test(rbind(c(28, 27), c(4, 48)));
    prop.test(c(4, 14), c(55, 52), correct = FALSE)
    """
    treated, state = streptomycin["treated"] == 1, streptomycin["radiologic_6m"]
    deaths = counts(streptomycin, treated, state == "1_Death")
    better = counts(streptomycin, treated, state == "6_Considerable_improvement")
    assert (deaths, better) == ((4, 55, 14, 52), (28, 55, 4, 52))
    died, improved = independence(*deaths, method="fisher"), independence(*better, method="fisher")
    assert died.p_value == pytest.approx(0.008993177, abs=1e-9)
    assert improved.p_value == pytest.approx(6.77729179298e-07, rel=1e-9)
    assert independence(*deaths, method="pearson").p_value == pytest.approx(0.0066095683016, rel=1e-9)
    exact = odds_ratio(*better, method="conditional_exact")
    assert (exact.value, exact.low, exact.high) == pytest.approx(
        (12.1404773, 3.7041904, 52.7296947), rel=1e-3
    )


def test_streptomycin_by_condition_at_entry(streptomycin: pd.DataFrame) -> None:
    """Recomputed in R; all patients in good condition improved, so that their stratum says nothing.

    mantelhaen.test(table(s$arm, s$improved, s$baseline_condition)[c("Streptomycin", "Control"),
      c("TRUE", "FALSE"), ], correct = FALSE)
    k <- table(s$baseline_condition, s$improved); prop.trend.test(k[, "TRUE"], rowSums(k))
    """
    treated, better = streptomycin["treated"] == 1, streptomycin["improved"].astype(bool)
    strata = [rows for _, rows in streptomycin.groupby("baseline_condition")]
    pooled = mantel_haenszel([counts(rows, treated, better) for rows in strata])
    assert (pooled.value, pooled.low, pooled.high, pooled.p_value) == pytest.approx(
        (15.4485596708, 3.98418494180, 59.9013347492, 2.73216585064e-06), rel=1e-9
    )
    test = trend([int(better[rows.index].sum()) for rows in strata], [len(rows) for rows in strata])
    assert test.value == pytest.approx(-(27.029759**0.5), rel=1e-7)
    assert test.p_value == pytest.approx(2.00347146317e-07, rel=1e-8)


def test_streptomycin_separated_by_condition(streptomycin: pd.DataFrame) -> None:
    """Good condition separates the outcome: standardisation says so, and Firth's regression has limits.

    One patient's sedimentation rate is missing.
    """
    rows = streptomycin.assign(improved=streptomycin["improved"].astype(int))
    refused = standardised(rows, "improved", "treated", ["baseline_condition"])
    assert refused.risk_ratio.value is None
    assert "separate the outcome" in refused.risk_ratio.reason
    model = firth_logistic(rows, "improved", ["treated", "baseline_condition", "baseline_esr"])
    assert (model.n, model.left_out) == (106, 1)
    assert 1 < model.odds_ratios["treated"].low < model.odds_ratios["treated"].value
    for found in model.odds_ratios.values():
        assert 0 < found.low < found.value < found.high
