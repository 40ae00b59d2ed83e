from __future__ import annotations

import numpy as np
import pytest

from riskaudit.population.area import make_world
from riskaudit.population.cells import DISABLED_CHILD
from riskaudit.population.families import BOYS, TWINS, TWO_HOMES
from riskaudit.population.members import ARRANGEMENTS, AT_HOME, ELSEWHERE, LONE_MOTHERS
from riskaudit.population.window import YEAR
from riskaudit.population.world import CHILD, FATHER, LONE_MOTHER, MOTHER, ROLES, SOCIAL_RENTED


def test_groups_have_the_shares_asked_for(big_plan, big_world, agrees):
    n = big_world.families.group.size
    for place, (name, group) in enumerate(big_plan.population.groups.items()):
        assert agrees((big_world.families.group == place).sum(), n, group.share, off_by=2), name


def test_groups_live_as_asked_for(big_plan, big_world, agrees):
    families = big_world.families
    for place, (name, group) in enumerate(big_plan.population.groups.items()):
        own = families.group == place
        off_by = 1.5 if own.sum() > 3_000 else 6  # the smallest group has a hundred families here
        assert agrees((families.decile[own] <= 4).sum(), own.sum(), group.most_deprived_40, off_by), name
        assert agrees((families.tenure[own] == SOCIAL_RENTED).sum(), own.sum(), group.social_rented, off_by), name
        assert agrees(families.lone[own].sum(), own.sum(), group.lone_parent, off_by), name


def test_social_renting_and_lone_parenthood_are_commoner_where_deprivation_is(big_world):
    families = big_world.families
    poorest, richest = families.decile == 1, families.decile == 10
    assert (families.tenure[poorest] == SOCIAL_RENTED).mean() > 2 * (families.tenure[richest] == SOCIAL_RENTED).mean()
    assert families.lone[poorest].mean() > families.lone[richest].mean()


def test_most_lone_parents_are_mothers(big_world, agrees):
    families = big_world.families
    assert agrees((families.kind == LONE_MOTHER).sum(), families.lone.sum(), LONE_MOTHERS)


def test_children_truly_in_need_meet_the_share_asked_for(big_plan, big_world):
    children = big_world.people.child
    target = big_plan.population.need.child_in_need
    # children of a family share its risk: the standard error comes from family totals
    residual = np.bincount(big_world.people.family[children], big_world.outcomes.in_need[children] - target)
    assert abs(residual.sum()) <= 4 * np.sqrt(np.sum(residual**2))


def test_true_risk_is_calibrated_in_every_tenth_of_risk(big_world):
    children = big_world.people.child
    risk, in_need = big_world.outcomes.risk[children], big_world.outcomes.in_need[children]
    band = np.digitize(risk, np.quantile(risk, np.linspace(0.1, 0.9, 9)))
    gap = np.bincount(band, in_need - risk)
    spread = np.sqrt(np.bincount(band, risk * (1 - risk)))  # given the risk, children are independent
    assert np.all(np.abs(gap) <= 4 * spread)


def test_needs_raise_the_risk(big_plan, big_world):
    people, needs = big_world.people, big_world.needs
    for name in big_plan.population.need.domains:
        has = needs.current(name)[people.family] & people.child
        without = ~needs.current(name)[people.family] & people.child
        assert big_world.outcomes.risk[has].mean() > big_world.outcomes.risk[without].mean()


def test_average_surveillance_is_one(as_asked):
    agencies = {"surveillance_deprivation": 1.2, "surveillance_groups": {"other_mixed": 0.8, "white_british": -0.2}}
    plan = as_asked(population={"area_families": 20_000}, agencies=agencies)
    surveillance = make_world(plan, 1, 20_000).families.surveillance
    assert abs(surveillance.mean() - 1) <= 4 * surveillance.std() / np.sqrt(surveillance.size)


def test_average_frailty_is_one(big_world):
    frailty = big_world.families.frailty
    assert abs(frailty.mean() - 1) <= 4 * frailty.std() / np.sqrt(frailty.size)


def test_families_hold_the_parents_and_children_they_say(big_world):
    families, people = big_world.families, big_world.people
    size = families.group.size
    assert np.array_equal(np.bincount(people.family[people.child], minlength=size), families.children)
    at_home = [
        np.bincount(people.family[(people.role == role) & ~people.elsewhere], minlength=size)
        for role in range(1, len(ROLES))
    ]
    assert np.array_equal(np.array(at_home).T, AT_HOME[families.arrangement])
    away = np.bincount(people.family[people.elsewhere], minlength=size)
    assert np.array_equal(away, families.two_homes.astype(int))


def test_arrangements_and_second_homes_are_as_common_as_assumed(big_world, agrees):
    families = big_world.families
    for place, one in enumerate(ARRANGEMENTS):
        own = families.lone == one.lone
        assert agrees((families.arrangement[own] == place).sum(), own.sum(), one.share), one
    apart = ELSEWHERE[families.arrangement].any(axis=1)
    assert not families.two_homes[~apart].any()
    assert agrees(families.two_homes.sum(), apart.sum(), TWO_HOMES)


def test_a_family_with_a_disabled_person_at_home_says_so(big_world, agrees):
    families, people = big_world.families, big_world.people
    at_home = people.disabled & ~people.elsewhere
    anybody = np.bincount(people.family[at_home], minlength=families.group.size) > 0
    assert np.array_equal(anybody, families.disability)
    assert agrees(people.disabled[people.child].sum(), people.child.sum(), DISABLED_CHILD)


def test_groups_speak_english_at_home_as_asked_for(big_plan, big_world, agrees):
    families = big_world.families
    for place, (name, group) in enumerate(big_plan.population.groups.items()):
        own = families.group == place
        # odds, of speaking another language, that are a fraction of what they should be: common where the group is large
        assert agrees((~families.english[own]).sum(), own.sum(), 1 - group.english, 1.5 if own.sum() > 3_000 else 12), (
            name
        )


def test_everybody_has_an_age_that_can_be(big_world):
    people = big_world.people
    age = -people.born / YEAR
    assert np.all((age[people.child] >= 0) & (age[people.child] < 18))
    eldest = np.zeros(big_world.families.group.size)
    np.maximum.at(eldest, people.family[people.child], age[people.child])
    parents = np.isin(people.role, (MOTHER, FATHER))
    at_first_birth = age[parents] - eldest[people.family[parents]]
    assert at_first_birth.min() >= 15.99
    assert 24 < at_first_birth.mean() < 34
    assert age[people.role != CHILD].min() >= 16


def test_siblings_are_twins_or_at_least_a_pregnancy_apart(big_world, agrees):
    people = big_world.people
    children = np.flatnonzero(people.child)
    together = people.family[children[1:]] == people.family[children[:-1]]
    gaps = (people.born[children[1:]] - people.born[children[:-1]])[together]
    twins = gaps == 0
    assert agrees(twins.sum(), gaps.size, TWINS)
    assert gaps[~twins].min() > 280


def test_boys_are_as_many_as_assumed(big_world, agrees):
    people = big_world.people
    assert agrees(people.male[people.child].sum(), people.child.sum(), BOYS)


def test_a_sibling_is_another_child_of_the_family(big_world):
    people, families = big_world.people, big_world.families
    everyone = np.arange(people.family.size)
    assert np.array_equal(people.family[people.sibling], people.family)
    several = people.child & (families.children[people.family] > 1)
    assert np.all(people.sibling[several] != everyone[several])
    assert np.all(people.child[people.sibling[several]])
    assert np.array_equal(people.sibling[~several], everyone[~several])


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_group_can_have_none_or_only_lone_parents(as_asked, share):
    groups = {"only": {"label": "Only", "share": 1.0, "lone_parent": share, "social_rented": share}}
    families = make_world(as_asked(population={"groups": groups}), 1, 500).families
    assert families.lone.mean() == share
    assert (families.tenure == SOCIAL_RENTED).mean() == share
