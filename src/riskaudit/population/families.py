"""Families of one area and the people in them."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, ndtr, ndtri

from riskaudit.population.calibration import (
    LONE_BY_DEPRIVATION,
    RENTED_BY_DEPRIVATION,
    RENTED_BY_LONE,
    RENTED_BY_POVERTY,
)
from riskaudit.population.cells import decile_shares, deprivation, disabled
from riskaudit.population.members import ADULTS, AT_HOME, CHILDREN_SHARES, ELSEWHERE, KIND, SHARES, places_held
from riskaudit.population.plan import Plan
from riskaudit.population.window import YEAR
from riskaudit.population.world import (
    CHILD,
    FATHER,
    GRANDFATHER,
    OWNED,
    PRIVATE_RENTED,
    SOCIAL_RENTED,
    STEP_FATHER,
    Area,
    Bools,
    Families,
    Floats,
    Ints,
    People,
)

__all__ = ["TWINS", "TWO_HOMES", "draw_families", "draw_people"]

# Assumptions.
PRIVATE_RENTED_LOGIT = (
    -1.7,
    1.0,
    0.5,
    0.6,
)  # of those who do not rent socially: base, deprivation, one parent, poverty
TWO_HOMES = (
    0.25  # share of families with a parent who lives elsewhere whose children live with that parent part of the time
)
TWINS = 0.03  # share of later children born on the same day as the one before
BOYS = 0.512


def draw_families(plan: Plan, area: Area) -> Families:
    """Return the families of an area. Random by (area, "families")."""
    rng, size = area.stream("families"), area.families
    groups = tuple(plan.population.groups.values())
    shares = np.array([group.share for group in groups])
    group = rng.choice(len(groups), size, p=shares / shares.sum())
    decile = _deciles(plan, area, group, rng)
    lone = rng.random(size) < expit(plan.calibration.lone_parent[group] + LONE_BY_DEPRIVATION * deprivation(decile))
    arrangement = np.where(lone, _drawn(SHARES[True], size, rng), _drawn(SHARES[False], size, rng))
    two_homes = ELSEWHERE[arrangement].any(axis=1) & (rng.random(size) < TWO_HOMES)
    children = 1 + rng.choice(len(CHILDREN_SHARES), size, p=CHILDREN_SHARES)
    who = _disabled(decile, rng)
    at_home = places_held(arrangement, np.zeros(size, bool), children)
    disability = np.any(who & at_home, axis=1)
    poor = rng.random(size) < plan.calibration.poverty.chance(group, decile, lone, children, disability)
    clustering = plan.errors.frailty
    english = np.array([one.english for one in groups])
    return Families(
        group=group,
        decile=decile,
        arrangement=arrangement,
        kind=KIND[arrangement],
        two_homes=two_homes,
        tenure=_tenure(plan, group, deprivation(decile), lone, poor, rng),
        children=children,
        english=rng.random(size) < english[group],
        poor=poor,
        disability=disability,
        disabled=who,
        # log-normal with mean 1
        frailty=np.exp(clustering * rng.standard_normal(size) - clustering**2 / 2),
        surveillance=plan.calibration.surveillance.rate(group, decile),
    )


def draw_people(area: Area, families: Families) -> People:
    """Return everybody in the families: adults, then children from the eldest. Random by (area, "people").

    The other parent of children with two homes is one of the family's people, and lives elsewhere.
    """
    rng = area.stream("people")
    child_born = _children_born(families, rng)
    born = np.column_stack([*_adults_born(families, child_born, rng), child_born])
    there = places_held(families.arrangement, families.two_homes, families.children)
    family, slot = np.nonzero(there)
    role = np.where(slot < ADULTS, slot + 1, CHILD)
    place = np.cumsum(there).reshape(there.shape) - 1  # the person's index, by family and slot
    # the child before; for the eldest, the youngest
    other = np.where(slot > ADULTS, slot - 1, ADULTS - 1 + families.children[family])
    at_home = AT_HOME[families.arrangement[family], np.minimum(slot, ADULTS - 1)]
    return People(
        family,
        role,
        male=np.where(role == CHILD, rng.random(role.size) < BOYS, np.isin(role, (FATHER, STEP_FATHER, GRANDFATHER))),
        born=born[family, slot],
        disabled=families.disabled[family, slot],
        elsewhere=(role != CHILD) & ~at_home,
        sibling=np.where(role == CHILD, place[family, other], np.arange(role.size)),
    )


def _deciles(plan: Plan, area: Area, group: Ints, rng: np.random.Generator) -> Ints:
    """Return each family's tenth of neighbourhoods: over all areas, each group has its own shares of them.

    A family's place between its group's least and most deprived is a normal score. Part of its variance,
    `area_difference`, lies between areas (a Gaussian copula), so that areas differ and the groups' shares stay.
    """
    between = plan.population.area_difference
    score = np.sqrt(between) * ndtri(area.place) + np.sqrt(1 - between) * rng.standard_normal(group.size)
    ladders = np.cumsum([decile_shares(one.most_deprived_40) for one in plan.population.groups.values()], axis=1)
    decile: Ints = 1 + (ndtr(score)[:, None] >= ladders[group, :-1]).sum(axis=1)
    return decile


def _drawn(shares: Floats, size: int, rng: np.random.Generator) -> Ints:
    return rng.choice(shares.size, size, p=shares)


def _disabled(decile: Ints, rng: np.random.Generator) -> Bools:
    of_adults, of_children = disabled(decile)
    draw = rng.random((decile.size, ADULTS + len(CHILDREN_SHARES)))
    return np.hstack([draw[:, :ADULTS] < of_adults[:, None], draw[:, ADULTS:] < of_children])


def _tenure(plan: Plan, group: Ints, poorer: Floats, lone: Bools, poor: Bools, rng: np.random.Generator) -> Ints:
    social = expit(
        plan.calibration.social_rented[group]
        + RENTED_BY_DEPRIVATION * poorer
        + RENTED_BY_LONE * lone
        + RENTED_BY_POVERTY * poor
    )
    base, by_deprivation, by_lone, by_poverty = PRIVATE_RENTED_LOGIT
    private = expit(base + by_deprivation * poorer + by_lone * lone + by_poverty * poor)
    is_social, is_private = rng.random(group.size) < social, rng.random(group.size) < private
    return np.where(is_social, SOCIAL_RENTED, np.where(is_private, PRIVATE_RENTED, OWNED))


def _children_born(families: Families, rng: np.random.Generator) -> Ints:
    """Return birth days, eldest first, all before the index date; columns past a family's number of children mean nothing."""
    size, slots = families.children.size, len(CHILDREN_SHARES)
    gaps = 1.1 + 3.2 * rng.beta(2.0, 3.0, (size, slots - 1))  # years; four of the longest still fit into 18 years
    gaps[rng.random(gaps.shape) < TWINS] = 0.0
    gaps[np.arange(1, slots) >= families.children[:, None]] = 0.0
    span = gaps.sum(axis=1)
    eldest_age = span + rng.random(size) * (17.99 - span)
    younger_by = np.column_stack([np.zeros(size), np.cumsum(gaps, axis=1)])
    return np.minimum(-np.floor((eldest_age[:, None] - younger_by) * YEAR).astype(np.int64), -1)


def _adults_born(families: Families, child_born: Ints, rng: np.random.Generator) -> list[Ints]:
    """Return birth days by adult role: assumed ages at the first birth, lower in more deprived neighbourhoods."""
    size = families.children.size
    eldest_age = -child_born[:, 0] / YEAR
    span = eldest_age + child_born[np.arange(size), families.children - 1] / YEAR
    at_first = np.clip(rng.normal(31.5 - 4.0 * deprivation(families.decile), 5.0), 16.0, 46.0 - span)
    mother = eldest_age + np.maximum(at_first, 16.0)
    father = np.maximum(mother + rng.normal(2.5, 4.0, size), eldest_age + 16.5)
    step_mother = np.maximum(father - rng.normal(3.0, 4.0, size), 18.0)
    step_father = np.maximum(mother + rng.normal(1.5, 5.0, size), 18.0)
    grandmother = mother + np.maximum(rng.normal(26.0, 5.0, size), 16.0)
    grandfather = np.maximum(grandmother + rng.normal(2.5, 4.0, size), mother + 16.5)
    ages = (mother, father, step_mother, step_father, grandmother, grandfather)
    return [-np.floor(age * YEAR).astype(np.int64) for age in ages]
