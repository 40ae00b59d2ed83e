"""Families of one area, where they live, and the people in them."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from riskaudit.population.calibration import (
    LONE_BY_DEPRIVATION,
    RENTED_BY_DEPRIVATION,
    RENTED_BY_LONE,
    decile_shares,
    deprivation,
)
from riskaudit.population.plan import Plan
from riskaudit.population.window import YEAR
from riskaudit.population.world import (
    CHILD,
    COUPLE,
    FATHER,
    LONE_FATHER,
    LONE_MOTHER,
    MOTHER,
    OWNED,
    PRIVATE_RENTED,
    SOCIAL_RENTED,
    Area,
    Families,
    Floats,
    Ints,
    People,
)

__all__ = ["CHILDREN_SHARES", "LONE_MOTHERS", "MOST_PER_FAMILY", "TWINS", "draw_families", "draw_people"]

# Assumptions. Number of children is the same in every ethnic group, so that shares of families are shares of children.
CHILDREN_SHARES = (0.44, 0.40, 0.115, 0.035, 0.01)  # one child, two, ... five
LONE_MOTHERS = 0.9  # share of one-parent families headed by the mother
PRIVATE_RENTED_LOGIT = (-1.6, 1.2, 0.6)  # of those who do not rent socially: intercept, by deprivation, by one parent
TWINS = 0.03  # share of later children born on the same day as the one before
BOYS = 0.512

MOST_PER_FAMILY = 2 + len(CHILDREN_SHARES)


def draw_families(plan: Plan, area: Area) -> Families:
    """Return the families of an area. Random by (area, "families")."""
    rng, size = area.stream("families"), area.families
    groups = tuple(plan.population.groups.values())
    shares = np.array([group.share for group in groups])
    group = rng.choice(len(groups), size, p=shares / shares.sum())
    ladders = np.cumsum([decile_shares(one.most_deprived_40) for one in groups], axis=1)
    decile = 1 + (rng.random(size)[:, None] >= ladders[group, :-1]).sum(axis=1)
    poorer = deprivation(decile)
    lone = rng.random(size) < expit(plan.calibration.lone_parent[group] + LONE_BY_DEPRIVATION * poorer)
    lone_kind = np.where(rng.random(size) < LONE_MOTHERS, LONE_MOTHER, LONE_FATHER)
    clustering = plan.errors.frailty
    return Families(
        group=group,
        decile=decile,
        kind=np.where(lone, lone_kind, COUPLE),
        tenure=_tenure(plan, group, poorer, lone, rng),
        children=1 + rng.choice(len(CHILDREN_SHARES), size, p=CHILDREN_SHARES),
        # log-normal with mean 1
        frailty=np.exp(clustering * rng.standard_normal(size) - clustering**2 / 2),
        surveillance=_surveillance(plan, group, poorer),
    )


def draw_people(area: Area, families: Families) -> People:
    """Return everybody in the families: mother, father, children from the eldest. Random by (area, "people")."""
    rng = area.stream("people")
    child_born = _children_born(families, rng)
    mother_born, father_born = _parents_born(families, child_born, rng)
    born = np.column_stack([mother_born, father_born, child_born])
    there = np.column_stack([
        families.kind != LONE_FATHER,
        families.kind != LONE_MOTHER,
        np.arange(len(CHILDREN_SHARES)) < families.children[:, None],
    ])  # fmt: skip
    family, slot = np.nonzero(there)
    role = np.where(slot == 0, MOTHER, np.where(slot == 1, FATHER, CHILD))
    place = np.cumsum(there).reshape(there.shape) - 1  # the person's index, by family and slot
    # the child before; for the eldest, the youngest
    other = np.where(slot > 2, slot - 1, 1 + families.children[family])
    male = np.where(role == CHILD, rng.random(role.size) < BOYS, role == FATHER)
    sibling = np.where(role == CHILD, place[family, other], np.arange(role.size))
    return People(family, role, male, born[family, slot], sibling)


def _tenure(plan: Plan, group: Ints, poorer: Floats, lone: np.ndarray, rng: np.random.Generator) -> Ints:
    social = expit(plan.calibration.social_rented[group] + RENTED_BY_DEPRIVATION * poorer + RENTED_BY_LONE * lone)
    base, by_deprivation, by_lone = PRIVATE_RENTED_LOGIT
    private = expit(base + by_deprivation * poorer + by_lone * lone)
    is_social, is_private = rng.random(group.size) < social, rng.random(group.size) < private
    return np.where(is_social, SOCIAL_RENTED, np.where(is_private, PRIVATE_RENTED, OWNED))


def _surveillance(plan: Plan, group: Ints, poorer: Floats) -> Floats:
    """Return how much contact a family has at equal need, against the average over all families (mean 1)."""
    extra = np.array([plan.agencies.surveillance_groups.get(name, 0.0) for name in plan.groups])
    steeper = np.array([plan.agencies.surveillance_gradient_groups.get(name, 0.0) for name in plan.groups])
    rate = np.exp(extra[group] + (plan.agencies.surveillance_deprivation + steeper[group]) * poorer)
    return rate / plan.calibration.mean_surveillance


def _children_born(families: Families, rng: np.random.Generator) -> Ints:
    """Return birth days, eldest first; columns past the family's number of children mean nothing."""
    size, slots = families.children.size, len(CHILDREN_SHARES)
    gaps = 1.1 + 3.2 * rng.beta(2.0, 3.0, (size, slots - 1))  # years; four of the longest still fit into 18 years
    gaps[rng.random(gaps.shape) < TWINS] = 0.0
    gaps[np.arange(1, slots) >= families.children[:, None]] = 0.0
    span = gaps.sum(axis=1)
    eldest_age = span + rng.random(size) * (17.99 - span)
    younger_by = np.column_stack([np.zeros(size), np.cumsum(gaps, axis=1)])
    return -np.floor((eldest_age[:, None] - younger_by) * YEAR).astype(np.int64)


def _parents_born(families: Families, child_born: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Return birth days of mother and father: assumed ages at the first birth, lower in more deprived neighbourhoods."""
    size = families.children.size
    eldest_age = -child_born[:, 0] / YEAR
    span = eldest_age + child_born[np.arange(size), families.children - 1] / YEAR
    at_first = np.clip(rng.normal(31.5 - 4.0 * deprivation(families.decile), 5.0), 16.0, 46.0 - span)
    mother_age = eldest_age + np.maximum(at_first, 16.0)
    father_age = np.maximum(mother_age + rng.normal(2.5, 4.0, size), eldest_age + 16.5)
    return -np.floor(mother_age * YEAR).astype(np.int64), -np.floor(father_age * YEAR).astype(np.int64)
