"""Chained equations: regression draws against mice's, matching, what is kept, and truth recovered."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from report_helpers.statistics import impute, modified_poisson, pool, pool_estimates, standardised
from report_helpers.statistics.matching import nearest_donors


def sites(age: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The older, the later in the alphabet."""
    place = np.clip(np.round(age + random.normal(size=len(age))), -1, 1).astype(int) + 1
    return np.array(["a", "b", "c"])[place]


def cohort(rows: int, seed: int) -> pd.DataFrame:
    """Age decides about treatment, donor eggs, grade and event; age and grade are sometimes missing."""
    random = np.random.default_rng(seed)
    age = random.normal(35, 4, rows)
    treated = (random.random(rows) < expit((age - 35) / 4)).astype(int)
    event = (random.random(rows) < expit(0.5 * treated - 0.2 * (age - 35))).astype(int)
    frame = pd.DataFrame(
        {
            "age": age,
            "treated": treated,
            "event": event,
            "donor": np.where(random.random(rows) < expit((age - 38) / 3), "donor", "own"),
            "grade": random.choice(["poor", "fair", "good"], rows),
            "site": sites((age - 35) / 4, random),
        }
    )
    frame.loc[random.random(rows) < expit(-1.5 + event), "age"] = np.nan  # depends on what is seen
    frame.loc[random.random(rows) < 0.1, "grade"] = None
    frame.loc[random.random(rows) < 0.1, "donor"] = None
    frame.loc[random.random(rows) < 0.1, "site"] = None
    return frame


KINDS = {
    "age": "number",
    "treated": "number",
    "event": "number",
    "donor": "category",
    "grade": ("poor", "fair", "good"),
    "site": "category",
}


def test_observed_values_stay_and_imputed_ones_are_somebodys() -> None:
    frame = cohort(150, 1)
    found = impute(frame, list(KINDS), kinds=KINDS, copies=3, cycles=2)
    assert len(found) == 3
    for copy in found:
        assert list(copy) == list(KINDS)
        for name in KINDS:
            seen = frame[name].notna().to_numpy()
            assert (copy[name][seen] == frame[name][seen].to_numpy()).all()
            assert set(copy[name][~seen]) <= set(frame[name][seen])
    assert any((found[0][name] != found[1][name]).any() for name in KINDS)


def test_the_seed_decides() -> None:
    frame = cohort(80, 2)
    one, same, other = (impute(frame, list(KINDS), kinds=KINDS, copies=2, seed=seed) for seed in (1, 1, 2))
    assert all((a[name] == b[name]).all() for a, b in zip(one, same, strict=True) for name in KINDS)
    assert (one[0]["age"] != other[0]["age"]).any()


def test_a_confounder_with_holes_is_adjusted_for_without_bias() -> None:
    """Missing at random, on the event: complete cases are biased for the mean age; pooled copies are not."""
    frame = cohort(4_000, 3)
    truth = cohort(4_000, 3)
    random = np.random.default_rng(3)
    full_age = random.normal(35, 4, 4_000)
    assert abs(truth["age"].mean() - full_age.mean()) > 0.15
    found = impute(frame, list(KINDS), kinds=KINDS, copies=5, cycles=5)
    means = [copy["age"].mean() for copy in found]
    assert np.mean(means) == pytest.approx(full_age.mean(), abs=0.12)
    whole = {**{name: frame[name].to_numpy() for name in ("event", "treated")}, "age": full_age}
    target = standardised(whole, "event", "treated", ["age"]).risk_difference
    pooled = pool_estimates(
        [standardised(copy, "event", "treated", ["age"]).risk_difference for copy in found], 4_000 - 3
    )
    assert pooled.value == pytest.approx(target.value, abs=0.02)
    assert pooled.high - pooled.low > target.high - target.low


def test_shares_of_categories_are_recovered() -> None:
    """Site and donor eggs go with age: among those without the value they differ from the rest."""
    random = np.random.default_rng(5)
    age = random.normal(size=3_000)
    site = np.array(["a", "b", "c"])[
        np.clip(np.round(age + random.normal(size=3_000)), -1, 1).astype(int) + 1
    ]
    donor = (random.random(3_000) < expit(2 * age)).astype(int)
    gone = random.random(3_000) < expit(2 * age - 1)
    rows = {
        "age": age,
        "site": [None if hole else value for hole, value in zip(gone, site, strict=True)],
        "donor": [math.nan if hole else float(value) for hole, value in zip(gone, donor, strict=True)],
    }
    kinds = {"age": "number", "site": "category", "donor": "number"}
    found = impute(rows, list(kinds), kinds=kinds, copies=4, cycles=4)
    for level in ("a", "b", "c"):
        share = np.mean([np.mean(copy["site"][gone] == level) for copy in found])
        assert share == pytest.approx(np.mean(site[gone] == level), abs=0.05)
    share = np.mean([copy["donor"][gone].mean() for copy in found])
    assert share == pytest.approx(donor[gone].mean(), abs=0.05)
    assert abs(donor[gone].mean() - donor[~gone].mean()) > 0.3


def test_coverage_of_a_mean_with_a_third_missing() -> None:
    """Rubin's limits over proper draws cover 95%; those of one completed data set, taken as data, do not."""
    random = np.random.default_rng(6)
    kinds = {"x": "number", "y": "number"}
    pooled_inside, single_inside = [], []
    for trial in range(200):
        x = random.normal(size=200)
        y = x + random.normal(size=200)
        rows = {"x": x, "y": np.where(random.random(200) < expit(0.7 * x - 0.7), np.nan, y)}
        copies = impute(rows, ["x", "y"], kinds=kinds, copies=10, cycles=1, seed=trial)
        means = [copy["y"].mean() for copy in copies]
        variances = [copy["y"].var(ddof=1) / 200 for copy in copies]
        found = pool(means, variances, 199)
        pooled_inside.append(found.low <= 0 <= found.high)
        single_inside.append(abs(means[0]) <= 1.97 * math.sqrt(variances[0]))
    assert 0.91 <= np.mean(pooled_inside) <= 0.985
    assert np.mean(single_inside) < np.mean(pooled_inside) - 0.03


def test_a_complete_data_set_comes_back_as_it_is() -> None:
    rows = {"age": [31.0, 35, 40, 29], "site": ["a", "b", "a", "c"]}
    found = impute(rows, ["age", "site"], kinds={"age": "number", "site": "category"}, copies=2)
    assert all(
        copy["age"].tolist() == rows["age"] and copy["site"].tolist() == rows["site"] for copy in found
    )


def test_awkward_columns() -> None:
    """A constant, a copy of another column, a level only where the target is missing, four patients."""
    rows = {
        "age": [31, None, 35, 40],
        "same": [31, 33, 35, 40],
        "constant": [1, 1, 1, 1],
        "site": ["a", "b", "a", "a"],
        "hole": ["x", "x", None, "x"],
    }
    kinds = {name: "category" if name in ("site", "hole") else "number" for name in rows}
    for copy in impute(rows, list(rows), kinds=kinds, copies=4):
        assert copy["age"][1] in (31, 35, 40)
        assert copy["hole"][2] == "x"


def test_the_copies_serve_the_adjusted_models() -> None:
    frame = cohort(300, 9)
    found = impute(frame, list(KINDS), kinds=KINDS, copies=3, cycles=3)
    for copy in found:
        assert standardised(copy, "event", "treated", ["age", "donor", "grade"]).left_out == 0
    ratio = pool_estimates(
        [modified_poisson(copy, "event", "treated", ["age", "site"]) for copy in found], 296, scale="log"
    )
    assert ratio.low < ratio.value < ratio.high


@pytest.mark.parametrize(("shape", "cells"), [(1, 10**6), (2, 10**6), (2, 0)])
def test_donors_are_the_five_nearest(shape: int, cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In order, by all distances, or in a tree where those would be too many."""
    monkeypatch.setattr("report_helpers.statistics.matching.CELLS", cells)
    random = np.random.default_rng(1)
    theirs, ours = random.normal(size=(2, 40, shape)), random.normal(size=(2, 7, shape)) * 2
    gaps = ((ours[:, :, None] - theirs[:, None]) ** 2).sum(axis=3)
    near = [[set(np.argsort(row)[:5].tolist()) for row in copy] for copy in gaps]
    seen = [[set() for _ in copy] for copy in gaps]
    for _ in range(120):
        for copy, row in enumerate(nearest_donors(theirs, ours, random)):
            for place, donor in enumerate(row):
                seen[copy][place].add(int(donor))
    assert seen == near


def test_fewer_donors_than_five_in_a_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("report_helpers.statistics.matching.CELLS", 0)
    for donors in (1, 3):
        found = nearest_donors(np.zeros((2, donors, 2)), np.ones((2, 90, 2)), np.random.default_rng(4))
        assert set(found.ravel().tolist()) == set(range(donors))


@pytest.mark.parametrize("shape", [1, 2])
def test_donors_alike_are_as_likely(shape: int) -> None:
    random = np.random.default_rng(2)
    theirs = np.concatenate([np.zeros((1, 10, shape)), np.ones((1, 10, shape))], axis=1)
    picked = nearest_donors(theirs, np.full((1, 4_000, shape), 0.2), random)[0]
    assert set(picked.tolist()) == set(range(10))
    assert np.bincount(picked).min() > 300
    assert set(nearest_donors(np.zeros((1, 2, shape)), np.ones((1, 50, shape)), random)[0].tolist()) == {0, 1}


@pytest.mark.parametrize(
    ("column", "kind", "words"),
    [
        ([None, None, None], "number", "no observed value"),
        (["a", "b", None], "number", "holds something else"),
        (["a", "b", None], ("a", "c"), "not among its levels"),
        (["a", "b", None], "ordered", "must be number, category"),
        ([1, 2], "number", "one length"),
    ],
)
def test_wrong_columns(column: list[object], kind: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        impute({"x": column, "y": [1, 2, 3]}, ["x", "y"], kinds={"x": kind, "y": "number"})
    with pytest.raises(ValueError, match="has no kind"):
        impute({"x": [1]}, ["x"], kinds={})
    with pytest.raises(ValueError, match="no column"):
        impute({"x": [1]}, ["z"], kinds={"z": "number"})
    with pytest.raises(ValueError, match="must be 1 or more"):
        impute({"x": [1]}, ["x"], kinds={"x": "number"}, copies=0)
