from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from riskaudit.population.area import make_world
from riskaudit.population.calibration import decile_shares
from riskaudit.population.cells import deprivation
from riskaudit.population.solving import solve_intercept


@given(
    offsets=st.lists(st.floats(-10, 10), min_size=1, max_size=20),
    target=st.floats(0.001, 0.999),
)
def test_the_intercept_solved_for_gives_the_share_asked_for(offsets, target):
    weights = np.full(len(offsets), 1 / len(offsets))
    intercept = solve_intercept(np.array(offsets), weights, target)
    assert np.sum(weights * expit(intercept + np.array(offsets))) == pytest.approx(target, abs=1e-9)


def test_a_share_of_nothing_or_everything_is_met():
    offsets, weights = np.array([-2.0, 2.0]), np.array([0.5, 0.5])
    for target in (0.0, 1.0):
        reached = np.sum(weights * expit(solve_intercept(offsets, weights, target) + offsets))
        assert reached == pytest.approx(target, abs=1e-9)


@given(st.floats(0, 1))
def test_decile_shares_put_the_share_asked_for_into_the_first_four(share):
    shares = decile_shares(share)
    assert shares.sum() == pytest.approx(1)
    assert shares[:4].sum() == pytest.approx(share)


def test_deprivation_runs_from_one_in_decile_one_to_nothing_in_decile_ten():
    assert deprivation(np.array([1, 10])).tolist() == [1.0, 0.0]


def test_need_prevalence_meets_its_targets(big_plan, big_world, agrees):
    n = big_world.families.group.size
    for name, domain in big_plan.population.need.domains.items():
        assert agrees(big_world.needs.current(name).sum(), n, domain.prevalence), name


def test_a_population_without_any_domain_of_need_still_meets_its_share_of_children_in_need(as_asked):
    plan = as_asked(population={"area_families": 10_000, "need": {"domains": {}, "child_in_need": 0.2}})
    world = make_world(plan, 1, 10_000)
    children = world.people.child
    in_need = world.outcomes.in_need[children]
    # children of a family share its own log odds: the standard error comes from family totals
    family = world.people.family[children]
    residual = np.bincount(family, in_need - 0.2)
    assert abs(residual.sum()) <= 4 * np.sqrt(np.sum(residual**2))
