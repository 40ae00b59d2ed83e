"""What people are called: names drawn from pools and passed from parents to children."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from riskaudit.population.conventions import Convention
from riskaudit.population.plan import Plan
from riskaudit.population.pools import Pools
from riskaudit.population.spelling import by_spelling
from riskaudit.population.world import COUPLE, LONE_MOTHER, Area, Families, Floats, Ints, Names, People, Texts

__all__ = ["name_people"]

# Assumptions.
PARENTS_SAME_POOL = 0.85
LONE_MOTHER_SURNAME = 0.7  # share of lone mothers whose children have her surname
CHILD_HAS_MOTHERS = 0.04  # share of children in couples who have the mother's surname whatever their siblings have


def name_people(plan: Plan, area: Area, families: Families, people: People) -> Names:
    """Return everybody's names. Random by (area, "identities").

    Two parents have pools drawn from their group's mix, mostly the same one. A child's given name comes from the pool of
    either parent; siblings mostly share a surname.
    """
    rng = area.stream("identities")
    mothers, fathers = _parents_pools(plan, families, rng)
    hers, his, hers_before = _parents_surnames(plan.pools, families, mothers, fathers, rng)
    childrens = _childrens_surname(plan.pools, families, mothers, fathers, hers, his, rng)
    hers_before = np.where(
        families.kind == LONE_MOTHER, childrens, hers_before
    )  # a lone mother may have had the children's surname
    role, family = people.role, people.family
    from_mother = (rng.random(role.size) < 0.5) & (families.kind[family] == COUPLE) | (
        families.kind[family] == LONE_MOTHER
    )
    pool = np.choose(role, [np.where(from_mother, mothers[family], fathers[family]), mothers[family], fathers[family]])
    odd_one = (rng.random(role.size) < CHILD_HAS_MOTHERS) & (families.kind[family] == COUPLE)
    child_surname = np.where(odd_one, hers[family], childrens[family])
    surname, former = (
        _as_borne(plan.pools, people, pool, np.choose(role, [child_surname, of_mothers[family], his[family]]))
        for of_mothers in (hers, hers_before)
    )
    return Names(_given_names(plan.pools, people, pool, rng), surname, former, plan.pools.ids[pool])


def _parents_pools(plan: Plan, families: Families, rng: np.random.Generator) -> tuple[Ints, Ints]:
    def drawn() -> Ints:
        ladder = plan.naming_ladder[families.group]
        return (rng.random(families.group.size)[:, None] >= ladder).sum(axis=1)

    one, other = drawn(), drawn()
    return one, np.where(rng.random(one.size) < PARENTS_SAME_POOL, one, other)


def _parents_surnames(
    pools: Pools, families: Families, mothers: Ints, fathers: Ints, rng: np.random.Generator
) -> tuple[Texts, Texts, Texts]:
    """Return the mother's surname, the father's, and the one she had before, by family."""
    his = _maybe_two(pools, fathers, pools.family.draw(fathers, rng), rng)
    her_own = _maybe_two(pools, mothers, pools.family_of_women.draw(mothers, rng), rng)
    shares = _share(pools, lambda convention: convention.mother_shares)[fathers]
    takes_his = (families.kind == COUPLE) & (rng.random(his.size) < shares)
    hers = np.where(takes_his, his, her_own)
    return hers, his, her_own


def _childrens_surname(
    pools: Pools, families: Families, mothers: Ints, fathers: Ints, hers: Texts, his: Texts, rng: np.random.Generator
) -> Texts:
    """Return the surname that a family's children mostly have."""
    somebody_elses = pools.family.draw(fathers, rng)
    shares = _share(pools, lambda convention: convention.children_share)
    lone_mother = families.kind == LONE_MOTHER
    chance = np.where(lone_mother, LONE_MOTHER_SURNAME * shares[mothers], shares[fathers])
    return np.where(rng.random(his.size) < chance, np.where(lone_mother, hers, his), somebody_elses)


def _given_names(pools: Pools, people: People, pool: Ints, rng: np.random.Generator) -> Texts:
    drawn = _one_draw(pools, people, pool, rng)
    for _ in range(3):  # siblings hardly ever share a given name: draw again where they do
        clash = people.child & (people.sibling < np.arange(drawn.size)) & (drawn == drawn[people.sibling])
        drawn = np.where(clash, _one_draw(pools, people, pool, rng), drawn)
    return drawn


def _one_draw(pools: Pools, people: People, pool: Ints, rng: np.random.Generator) -> Texts:
    return np.where(people.male, pools.male.draw(pool, rng), pools.female.draw(pool, rng))


def _maybe_two(pools: Pools, pool: Ints, surname: Texts, rng: np.random.Generator) -> Texts:
    """Return surnames, some of them joined to a second one by the pool's joiner."""
    two = rng.random(pool.size) < _share(pools, lambda convention: convention.two_surnames)[pool]
    joiner = np.array([convention.joiner for convention in pools.conventions], dtype=object)[pool]
    second = pools.family.draw(pool, rng)
    two &= second != surname
    return np.where(two, surname + joiner + second, surname)


def _as_borne(pools: Pools, people: People, pool: Ints, surname: Texts) -> Texts:
    """Return surnames with the endings that women's have, in pools where they differ."""
    borne = surname.copy()
    for place, convention in enumerate(pools.conventions):
        if convention.endings_of_women:
            rows = np.flatnonzero((pool == place) & ~people.male)
            borne[rows] = by_spelling(surname[rows], convention.as_a_woman_bears_it)
    return borne


def _share(pools: Pools, of: Callable[[Convention], float]) -> Floats:
    return np.array([of(convention) for convention in pools.conventions])
