"""Splits over worlds: hand-worked, by the axioms, and sampled against exact."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from riskaudit.audit.causes.shapley import EveryWorld, SampledOrders, plan_worlds

FINITE = st.floats(-1e3, 1e3, width=64)
ANY_GAME = st.integers(1, 5).flatmap(lambda k: arrays(float, 2**k, elements=FINITE))


def by_definition(values):
    """Return the mean of what each mechanism adds over every order: Shapley's definition, done the long way."""
    k = len(values).bit_length() - 1
    parts = np.zeros(k)
    orders = list(permutations(range(k)))
    for order in orders:
        world = 0
        for one in order:
            parts[one] += values[world | 1 << one] - values[world]
            world |= 1 << one
    return parts / len(orders)


def test_two_mechanisms_by_hand():
    # none 1, first alone 4, second alone 2, both 10: the first adds 3 or 8, the second 1 or 6
    assert EveryWorld(2).split(np.array([1.0, 4.0, 2.0, 10.0])).tolist() == [5.5, 3.5]


@given(ANY_GAME)
def test_it_is_the_definition(values):
    assert EveryWorld(len(values).bit_length() - 1).split(values) == pytest.approx(by_definition(values), abs=1e-9)


@given(ANY_GAME)
def test_parts_sum_to_the_whole(values):
    assert EveryWorld(len(values).bit_length() - 1).split(values).sum() == pytest.approx(
        values[-1] - values[0], abs=1e-9
    )


@given(arrays(float, (3, 4), elements=FINITE))
def test_what_changes_nothing_gets_exactly_nothing(values):
    # the third mechanism makes no difference to any world
    doubled = np.concatenate([values, values], axis=1)
    assert (EveryWorld(3).split(doubled)[:, 2] == 0).all()


@given(arrays(float, (2, 8), elements=FINITE))
def test_splits_of_many_are_splits_of_each(values):
    together = EveryWorld(3).split(values)
    assert together == pytest.approx(np.array([EveryWorld(3).split(one) for one in values]), abs=1e-9)


@given(st.integers(2, 7), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_sampled_parts_sum_to_the_whole_too(k, orders, seed):
    rng = np.random.default_rng(seed)
    plan = plan_worlds(k, orders, rng)
    values = rng.normal(size=(3, len(plan.worlds)))
    assert plan.split(values).sum(axis=1) == pytest.approx(values[:, -1] - values[:, 0], abs=1e-9)


def test_all_orders_give_the_exact_split():
    orders = np.array(list(permutations(range(4))))
    plan = SampledOrders(np.concatenate([orders, orders[:, ::-1]]))
    values = np.random.default_rng(1).normal(size=16)
    assert plan.worlds.tolist() == list(range(16))
    assert plan.split(values) == pytest.approx(EveryWorld(4).split(values), abs=1e-12)


def test_the_sampling_error_is_as_large_as_the_estimates_vary():
    values = np.random.default_rng(2).normal(size=2**7)
    exact = EveryWorld(7).split(values)
    runs = []
    for seed in range(300):
        plan = plan_worlds(7, 12, np.random.default_rng(seed))
        seen = values[plan.worlds]
        runs.append((plan.split(seen) - exact, plan.sampling_error(seen)))
    off, said = (np.array([run[at] for run in runs]) for at in (0, 1))
    assert np.abs(off.mean(axis=0) / (off.std(axis=0) / np.sqrt(300))).max() < 4
    assert np.sqrt((said**2).mean(axis=0)) == pytest.approx(off.std(axis=0), rel=0.15)


def test_one_order_says_nothing_of_its_error():
    plan = plan_worlds(3, 1, np.random.default_rng(0))
    assert np.isnan(plan.sampling_error(np.arange(float(len(plan.worlds))))).all()


def test_the_empty_and_the_full_world_are_always_made():
    plan = plan_worlds(9, 2, np.random.default_rng(0))
    assert {plan.worlds[0], plan.worlds[-1]} == {0, 2**9 - 1}
    assert len(plan.worlds) <= 4 * 8 + 2
