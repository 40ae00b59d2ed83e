"""What people are called: names drawn from pools and passed from parents to children."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from riskaudit.population.conventions import Convention
from riskaudit.population.members import MOTHERS_CHILDREN, STEP_WITH_MOTHER
from riskaudit.population.plan import Plan
from riskaudit.population.pools import Pools
from riskaudit.population.spelling import by_spelling
from riskaudit.population.window import YEAR
from riskaudit.population.world import (
    COUPLE,
    FATHER,
    GRANDFATHER,
    MOTHER,
    STEP_FATHER,
    STEP_MOTHER,
    Area,
    Bools,
    Families,
    Floats,
    History,
    Ints,
    Names,
    People,
    Texts,
)

__all__ = ["name_people"]

# Assumptions.
PARENTS_SAME_POOL = 0.85
REVERTS = 0.4  # share of mothers with the father's surname, or both, who took up their own again after a separation
TAKES_NEW_PARTNERS = 0.4  # of mothers with a new partner, as a multiple of the share who take a husband's surname
LONE_MOTHER_SURNAME = 0.6  # share of mothers living apart from the father who gave the children her surname
CHILD_HAS_MOTHERS = 0.04  # share of children in couples who have the mother's surname whatever their siblings have
MOTHER_JOINS_TOO = 0.5  # of mothers whose children have both parents' surnames, the share who took up both as well
MOTHERS_PARENTS = 0.6  # share of grandparent carers who are the mother's parents


def name_people(plan: Plan, area: Area, families: Families, people: People, history: History) -> Names:
    """Return everybody's names. Random by (area, "identities").

    Two parents have pools drawn from their group's mix, mostly the same one. A child's given name comes from the pool of
    either parent; siblings mostly share a surname. A mother's surname follows what happened: marriage, separation, a new
    partner. Some couples join their two surnames with a hyphen for the children, and some of those mothers bear both.
    """
    rng = area.stream("identities")
    mothers_side = rng.random(families.group.size) < MOTHERS_PARENTS
    pool_of = _pools_by_role(plan, families, mothers_side, rng)
    marriage = _mothers_surnames(plan.pools, families, people, history, pool_of, rng)
    by_role = _surnames_by_role(plan.pools, families, marriage, pool_of, mothers_side, rng)
    role, family = people.role, people.family
    either = np.where(rng.random(role.size) < 0.5, MOTHER, FATHER)
    pool = np.where(people.child, pool_of[family, either], pool_of[family, role])
    odd_one = people.child & (families.kind[family] == COUPLE) & (rng.random(role.size) < CHILD_HAS_MOTHERS)
    mothers = people.role == MOTHER
    bears = by_role[family, np.where(odd_one, MOTHER, role)]
    surname = _as_borne(plan.pools, people, pool, bears)
    former = _as_borne(plan.pools, people, pool, np.where(mothers, marriage.former[family], bears))
    changed = np.where(mothers & (former != surname), marriage.changed[family], np.nan)
    return Names(_given_names(plan.pools, people, pool, rng), surname, former, changed, plan.pools.ids[pool])


@dataclass(frozen=True)
class _Mothers:
    """Surnames that follow from who the mother lived with. One element per family."""

    fathers: Texts
    at_birth: Texts
    """The mother's when the children were born."""
    now: Texts
    former: Texts
    partners: Texts
    """The step-father's."""
    changed: Floats
    """Day the mother took up the surname she has now."""
    both: Bools
    """Whether the children have both parents' surnames."""
    joined: Texts
    """Both parents' surnames, with a hyphen."""


def _pools_by_role(plan: Plan, families: Families, mothers_side: Bools, rng: np.random.Generator) -> Ints:
    """Return pools, one row per family and one column per role; grandparents have that of their side of the family."""

    def drawn() -> Ints:
        ladder = plan.naming_ladder[families.group]
        return (rng.random(families.group.size)[:, None] >= ladder).sum(axis=1)

    mother, other, step = drawn(), drawn(), drawn()
    father = np.where(rng.random(mother.size) < PARENTS_SAME_POOL, mother, other)
    step = np.where(rng.random(mother.size) < PARENTS_SAME_POOL, mother, step)
    grandparents = np.where(mothers_side, mother, father)
    # a child's pool is either parent's; the first column stands for no one's
    return np.column_stack([mother, mother, father, step, step, grandparents, grandparents])


def _mothers_surnames(
    pools: Pools, families: Families, people: People, history: History, pool_of: Ints, rng: np.random.Generator
) -> _Mothers:
    fathers = _maybe_two(pools, pool_of[:, FATHER], pools.family.draw(pool_of[:, FATHER], rng), rng)
    her_own = _maybe_two(pools, pool_of[:, MOTHER], pools.family_of_women.draw(pool_of[:, MOTHER], rng), rng)
    partners = _maybe_two(pools, pool_of[:, STEP_FATHER], pools.family.draw(pool_of[:, STEP_FATHER], rng), rng)
    takes = _share(pools, lambda convention: convention.mother_shares)
    size = fathers.size
    wedding = _wedding_days(families, people, history, rng)
    together = (families.kind == COUPLE) | np.isfinite(history.separated)
    could = np.isfinite(wedding) & together
    married = could & (rng.random(size) < takes[pool_of[:, FATHER]])
    join = _share(pools, lambda convention: convention.joined)
    both = together & ~married & _could_be_joined(her_own, fathers) & (rng.random(size) < join[pool_of[:, FATHER]])
    joined = her_own + "-" + fathers
    took_both = both & could & (rng.random(size) < MOTHER_JOINS_TOO)
    takes_partners = rng.random(size) < TAKES_NEW_PARTNERS * takes[pool_of[:, STEP_FATHER]]
    again = (families.arrangement == STEP_WITH_MOTHER) & takes_partners
    reverted = (married | took_both) & np.isfinite(history.separated) & (rng.random(size) < REVERTS) & ~again
    at_birth = np.where(married, fathers, np.where(took_both, joined, her_own))
    now = np.where(again, partners, np.where(reverted, her_own, at_birth))
    since = np.where(again, history.new_partner, np.where(reverted, history.separated, np.nan))
    later = np.floor(since * rng.random(size))  # from that day to the index date
    changed = np.where(np.isfinite(since), np.minimum(later, -1.0), wedding)
    former = np.where(again | reverted, at_birth, her_own)
    return _Mothers(fathers, at_birth, now, former, partners, changed, both, joined)


def _wedding_days(families: Families, people: People, history: History, rng: np.random.Generator) -> Floats:
    """Return the day a mother would take the father's surname: up to three years before the eldest's birth or two after.

    NaN where parents separated, or the index date came, before she was eighteen.
    """
    size = families.group.size
    eldest, eighteen = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(eldest, people.family[people.child], people.born[people.child])
    mothers = people.role == MOTHER
    eighteen[people.family[mothers]] = np.ceil(people.born[mothers] + 18 * YEAR)
    day = np.floor(eldest + rng.uniform(-3.0, 2.0, size) * YEAR)
    last = np.where(np.isfinite(history.separated), history.separated, 0.0) - 1
    return np.where(eighteen <= last, np.minimum(np.maximum(day, eighteen), last), np.nan)


def _surnames_by_role(
    pools: Pools, families: Families, marriage: _Mothers, pool_of: Ints, mothers_side: Bools, rng: np.random.Generator
) -> Texts:
    """Return surnames, one row per family and one column per role; the first column is what its children mostly have."""
    somebody_elses = pools.family.draw(pool_of[:, FATHER], rng)
    size = somebody_elses.size
    hers = MOTHERS_CHILDREN[families.arrangement] & (rng.random(size) < LONE_MOTHER_SURNAME)
    parents = np.where(hers, marriage.at_birth, marriage.fathers)
    from_parent = _share(pools, lambda convention: convention.children_share)
    named = rng.random(size) < from_parent[np.where(hers, pool_of[:, MOTHER], pool_of[:, FATHER])]
    takes = _share(pools, lambda convention: convention.mother_shares)
    steps = pool_of[:, STEP_MOTHER]
    takes_fathers = rng.random(size) < TAKES_NEW_PARTNERS * takes[steps]
    step_mother = np.where(takes_fathers, marriage.fathers, pools.family_of_women.draw(steps, rng))
    children = np.where(marriage.both, marriage.joined, np.where(named, parents, somebody_elses))
    grandparents = np.where(mothers_side, pools.family.draw(pool_of[:, GRANDFATHER], rng), marriage.fathers)
    return np.column_stack([
        children, marriage.now, marriage.fathers, step_mother, marriage.partners, grandparents, grandparents
    ])  # fmt: skip


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


def _could_be_joined(one: Texts, other: Texts) -> Bools:
    """Return which two surnames differ and have one part each."""
    several = _several_parts(one) | _several_parts(other)
    return np.asarray(one != other, dtype=bool) & ~several


def _several_parts(surname: Texts) -> Bools:
    words = surname.astype(str)
    return (np.strings.find(words, " ") > 0) | (np.strings.find(words, "-") > 0)


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
