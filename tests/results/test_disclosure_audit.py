"""No hidden count can be worked out: every small table is looked through for all cohorts that print alike."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report_helpers.results.disclosure.audit import Count, System, hidden_units


def system(patients: list[int], counts: list[tuple[list[int], str, bool]], **follows: str) -> System:
    """Return counts as (cells, unit, secret); what is lost by hiding one is its number of patients."""
    values = np.array(patients, dtype=float)
    made = [Count(np.array(cells, dtype=float), unit, secret) for cells, unit, secret in counts]
    worth = {count.unit: float(count.cells @ values) + 1 for count in made if count.unit}
    return System(values, made, np.zeros((0, len(patients))), worth, {k: (v,) for k, v in follows.items()})


def possible_values(found: System, hidden: frozenset[str], most: int) -> list[set[int]]:
    """Return, for each secret, its value in every cohort of up to `most` a cell that prints the same."""
    cohorts = np.array(list(product(range(most + 1), repeat=len(found.patients))))
    for count in found.counts:
        if count.unit and count.unit not in hidden:
            cohorts = cohorts[cohorts @ count.cells == count.cells @ found.patients]
    return [set((cohorts @ count.cells).astype(int).tolist()) for count in found.counts if count.secret]


@st.composite
def systems(draw: st.DrawFn) -> System:
    """Draw a table of four cells with a total, some sums of its cells, and a threshold of 3."""
    patients = draw(st.lists(st.integers(0, 4), min_size=4, max_size=4))
    sums = draw(st.lists(st.lists(st.integers(0, 1), min_size=4, max_size=4), min_size=1, max_size=8))
    counts = [([1, 1, 1, 1], "total", False)]
    for place, cells in enumerate(sums):
        value = sum(n for n, chosen in zip(patients, cells, strict=True) if chosen)
        printed = draw(st.booleans())
        counts.append((cells, f"sum {place}" if printed else "", 1 <= value < 3))
    return system(patients, counts)


@settings(max_examples=150, deadline=None)
@given(systems())
def test_each_secret_could_be_two_numbers(found: System) -> None:
    hidden = hidden_units(found)
    assert not any(count.secret and count.unit and count.unit not in hidden for count in found.counts)
    # A cell that no printed count limits has no most: as many as all patients together are enough.
    for values in possible_values(found, hidden, most=int(found.patients.sum()) + 1):
        assert len(values) > 1


def test_one_small_cell_takes_another_with_it() -> None:
    counts = [
        ([1, 1, 1], "all", False),
        ([1, 0, 0], "first", True),
        ([0, 1, 0], "second", False),
        ([0, 0, 1], "third", False),
    ]
    assert hidden_units(system([2, 30, 9], counts)) == {"first", "third"}


def test_nothing_is_hidden_where_nothing_is_secret() -> None:
    assert not hidden_units(system([9, 9], [([1, 0], "first", False), ([1, 1], "all", False)]))


def test_a_count_that_is_never_printed_is_kept_from_being_worked_out() -> None:
    # 97 of 99: two patients had no event.
    counts = [([1, 1], "patients", False), ([1, 0], "events", False), ([0, 1], "", True)]
    assert hidden_units(system([97, 2], counts)) == {"events"}


def test_that_no_cell_is_below_zero_is_thought_of() -> None:
    # No sum of the printed ones is the secret, but the first two are 0, and so it is the third: 2.
    counts = [
        ([1, 1, 0], "none", False),
        ([1, 0, 1], "two", True),
        ([0, 1, 1], "two others", False),
    ]
    found = system([0, 0, 2], counts)
    assert possible_values(found, frozenset({"two"}), 3) == [{2}]
    assert len(possible_values(found, hidden_units(found), 3)[0]) > 1


def test_what_follows_is_hidden_too() -> None:
    counts = [([1, 1], "size", True), ([1, 0], "events", False), ([0, 1], "others", False)]
    assert hidden_units(system([1, 2], counts, size="events")) >= {"size", "events"}


@pytest.mark.parametrize("seed", range(3))
def test_many_cells_take_little_time(seed: int) -> None:
    """A table of 12 by 12 with all margins: small counts and zeros all over."""
    rng = np.random.default_rng(seed)
    patients = rng.poisson(3, (12, 12)).ravel()
    cells = list(np.eye(144, dtype=int))
    margins = [np.kron(np.eye(12)[k], np.ones(12)) for k in range(12)]
    margins += [np.kron(np.ones(12), np.eye(12)[k]) for k in range(12)]
    counts = [
        (list(each), f"{place}", bool(1 <= each @ patients < 5))
        for place, each in enumerate([*cells, *margins])
    ]
    hidden = hidden_units(system(patients.tolist(), counts))
    secret = {unit for _, unit, small in counts if small}
    assert secret <= hidden
    shown = np.array([each for each, unit, _ in counts if unit not in hidden], dtype=float)
    for each, unit, _ in counts:
        if unit in secret:  # by another way: the rank grows, so it is no combination of what is shown
            assert np.linalg.matrix_rank(np.vstack([shown, each])) > np.linalg.matrix_rank(shown)
