from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from riskaudit.population.area import make_world
from riskaudit.population.poverty import LARGE
from riskaudit.population.solving import solve_shares

# Published shares that the default population is to come near: [name, families, share]. Groups differ from their figure by up
# to 0.02 because the figures, of the United Kingdom, do not add up to the total over England's groups.
_PUBLISHED = [
    ("all", lambda plan, families: np.ones(families.group.size, bool), 0.29, 0.0),
    ("Asian", lambda plan, families: plan.broad_groups[families.group] == "Asian", 0.47, 0.02),
    ("Black", lambda plan, families: plan.broad_groups[families.group] == "Black", 0.53, 0.02),
    ("White", lambda plan, families: plan.broad_groups[families.group] == "White", 0.25, 0.02),
    ("lone parent", lambda plan, families: families.lone, 0.44, 0.0),
    ("three or more", lambda plan, families: families.children >= LARGE, 0.42, 0.0),
    ("disability", lambda plan, families: families.disability, 0.36, 0.0),
]


def _share_of_children(families, rows):
    """Return the share of children in poverty and its standard error; families, not children, are independent."""
    share = np.average(families.poor[rows], weights=families.children[rows])
    residual = families.children[rows] * (families.poor[rows] - share)
    return share, np.sqrt(np.sum(residual**2)) / families.children[rows].sum()


@pytest.mark.parametrize(("name", "which", "target", "known_gap"), _PUBLISHED, ids=[row[0] for row in _PUBLISHED])
def test_child_poverty_meets_the_published_shares(big_plan, big_world, name, which, target, known_gap):
    share, error = _share_of_children(big_world.families, which(big_plan, big_world.families))
    assert error < 0.013, f"{name}: too few families for the test to be able to fail"
    assert abs(share - target) <= known_gap + 4 * error


def test_poverty_is_commoner_where_deprivation_is(big_world):
    families = big_world.families
    assert families.poor[families.decile == 1].mean() > 2 * families.poor[families.decile == 10].mean()


def test_money_need_follows_poverty(big_world):
    from riskaudit.scenario.population import NeedName

    poor, money = big_world.families.poor, big_world.needs.current(NeedName.MONEY)
    assert money[poor].mean() > 4 * money[~poor].mean()


def test_shares_that_agree_are_met_exactly(as_asked):
    poverty = {"children": 0.2, "groups": {}, "lone_parent": 0.3, "three_or_more": 0.25, "disability": 0.22}
    plan = as_asked(population={"area_families": 40_000, "poverty": poverty})
    families = make_world(plan, 1, 40_000).families
    for rows, target in ((families.lone, 0.3), (families.children >= LARGE, 0.25), (families.disability, 0.22)):
        share, error = _share_of_children(families, rows)
        assert abs(share - target) <= 4 * error


@given(
    coefficients=st.lists(st.floats(-3, 3), min_size=2, max_size=5),
    base=st.floats(-2, 2),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_solver_finds_coefficients_that_give_the_shares_they_gave(coefficients, base, seed):
    rng = np.random.default_rng(seed)
    rows = np.vstack([np.ones(64), rng.random((len(coefficients), 64)) < 0.5]).astype(float)
    weights = rng.dirichlet(np.ones(64))
    chance = expit(np.array([base, *coefficients]) @ rows)
    targets = rows @ (weights * chance) / (rows @ weights)
    found = solve_shares(rows, np.zeros(64), weights, targets)
    reached = rows @ (weights * expit(found @ rows)) / (rows @ weights)
    assert np.abs(reached - targets).max() < 2e-3  # what the touch of ridge costs


@given(shares=st.lists(st.floats(0.01, 0.99), min_size=3, max_size=3))
def test_shares_that_contradict_each_other_still_have_an_answer(shares):
    rows = np.array([[1, 1, 1, 1], [1, 0, 1, 1], [0, 1, 1, 1]], float)
    found = solve_shares(rows, np.zeros(4), np.full(4, 0.25), np.array(shares))
    assert np.all(np.isfinite(found))


def test_a_kind_of_family_that_nobody_or_everybody_is_gets_no_coefficient():
    rows = np.array([[1, 1], [0, 0], [1, 1]], float)
    found = solve_shares(rows, np.zeros(2), np.array([0.5, 0.5]), np.array([0.3, 0.9, 0.9]))
    assert expit(found[0]) == pytest.approx(0.3, abs=1e-4)
    assert found[1:].tolist() == [0, 0]
