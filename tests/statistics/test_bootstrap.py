"""Bootstrap limits of standardised risks: each resample is an ordinary fit of the rows drawn."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import expit

from report_helpers.statistics import standardised
from report_helpers.statistics.bootstrap import bootstrap_risks, percentile, ratios
from report_helpers.statistics.estimate import Estimate


def cohort(rows: int, seed: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    age = random.normal(size=rows)
    site = random.choice(["a", "b", "c"], rows)
    treated = (random.random(rows) < expit(0.5 * age)).astype(int)
    event = (random.random(rows) < expit(-0.4 + 0.6 * treated - 0.5 * age)).astype(int)
    return {"event": event, "treated": treated, "age": age, "site": site}


@pytest.mark.parametrize("interactions", [False, True])
def test_a_resample_is_a_fit_of_its_rows(interactions: bool) -> None:
    rows, seed = cohort(90, 4), 99
    found = standardised(
        rows, "event", "treated", ["age"], least_events=0, interactions=interactions, resamples=20, seed=seed
    )
    # The documented draw: row numbers of one resample after another from numpy's default generator.
    picked = np.random.default_rng(seed).integers(0, 90, (20, 90))
    each = [
        standardised(
            {name: values[draw] for name, values in rows.items()},
            "event",
            "treated",
            ["age"],
            least_events=0,
            interactions=interactions,
        )
        for draw in picked
    ]
    differences = [one.risk_difference.value for one in each]
    quotients = [one.risk_ratio.value for one in each]
    ours = found.risk_difference_bootstrap
    assert (ours.low, ours.high) == pytest.approx(tuple(np.quantile(differences, [0.025, 0.975])), rel=1e-8)
    ours = found.risk_ratio_bootstrap
    assert (ours.low, ours.high) == pytest.approx(tuple(np.quantile(quotients, [0.025, 0.975])), rel=1e-8)
    assert ours.value == found.risk_ratio.value
    assert "20 resamples" in ours.method


def test_it_agrees_with_the_delta_limits_of_many_patients() -> None:
    found = standardised(cohort(3_000, 8), "event", "treated", ["age", "site"], resamples=1_000)
    for delta, drawn in (
        (found.risk_difference, found.risk_difference_bootstrap),
        (found.risk_ratio, found.risk_ratio_bootstrap),
    ):
        width = delta.high - delta.low
        assert drawn.low == pytest.approx(delta.low, abs=0.06 * width)
        assert drawn.high == pytest.approx(delta.high, abs=0.06 * width)


def test_same_seed_same_limits_and_none_unless_asked() -> None:
    rows = cohort(100, 5)
    one, two, other = (
        standardised(rows, "event", "treated", ["age"], resamples=50, seed=seed) for seed in (1, 1, 2)
    )
    assert one == two
    assert one.risk_ratio_bootstrap != other.risk_ratio_bootstrap
    assert standardised(rows, "event", "treated", ["age"]).risk_ratio_bootstrap is None
    refused = standardised(rows, "event", "treated", ["age"], least_events=1_000, resamples=50)
    assert "events per model term" in refused.risk_ratio_bootstrap.reason


def test_chunks_do_not_change_the_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = cohort(100, 5)
    whole = standardised(rows, "event", "treated", ["age"], resamples=50)
    monkeypatch.setattr("report_helpers.statistics.bootstrap.CELLS", 700)
    parts = standardised(rows, "event", "treated", ["age"], resamples=50)
    assert parts.risk_ratio_bootstrap.low == pytest.approx(whole.risk_ratio_bootstrap.low, rel=1e-9)


def test_rare_events_leave_the_ratio_without_an_upper_limit() -> None:
    """One event in group 0: about a third of the resamples have none, where the ratio is infinite."""
    rows = {"event": [1] * 20 + [0] * 20 + [1] + [0] * 39, "treated": [1] * 40 + [0] * 40}
    found = standardised(rows, "event", "treated", [], least_events=0, resamples=400)
    ratio = found.risk_ratio_bootstrap
    assert ratio.high is None
    assert "resamples without events in group 0" in ratio.reason
    assert 0 < ratio.low < ratio.value
    assert found.risk_difference_bootstrap.high < 1


def test_resamples_without_an_arm_are_counted_and_refused() -> None:
    rows = {"event": [0, 1, 0, 1] * 10 + [0, 1], "treated": [1] * 40 + [0] * 2}
    found = standardised(rows, "event", "treated", [], least_events=0, resamples=200)
    assert "resamples have no estimate" in found.risk_difference_bootstrap.reason
    assert found.risk_difference_bootstrap.low is None
    drawn = bootstrap_risks(
        np.array([0.0, 1, 0, 1]),
        np.array([[1.0, 1], [1, 1], [1, 0], [1, 0]]),
        (np.ones((4, 2)), np.array([[1.0, 0]] * 4)),
        np.zeros(2),
        300,
        1,
    )
    assert np.isnan(drawn).any(axis=1).mean() == pytest.approx(1 - (1 - 2 * 0.5**4) ** 2, abs=0.08)


def test_ratios_and_percentiles_at_the_edges() -> None:
    assert ratios(np.array([[0.5, 0.25], [0.5, 0.0], [0.0, 0.0], [0.0, 0.5]])).tolist()[:2] == [2, math.inf]
    assert math.isnan(ratios(np.array([[0.0, 0.0]]))[0])
    whole = Estimate(1.0, 0.5, 2.0, 0.5, None, "x", 10)
    found = percentile(whole, np.array([1.0, 2.0, 3.0, 4.0, math.inf]), "x")
    assert (found.low, found.high) == (2, 4)
