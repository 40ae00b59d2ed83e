"""What happened to families up to the index date: parents who parted, new partners, moves, and how homes were held."""

from __future__ import annotations

import numpy as np

from riskaudit.population.members import FATHERS_CHILDREN, MOTHERS_CHILDREN
from riskaudit.population.window import YEAR
from riskaudit.population.world import (
    HOME,
    REFUGE,
    SOCIAL_RENTED,
    STEP_COUPLE,
    TEMPORARY,
    TENURES,
    Area,
    Bools,
    Families,
    Floats,
    History,
    Ints,
    Needs,
    People,
)
from riskaudit.scenario.population import NeedName

__all__ = ["MOVED_ON_SEPARATION", "STAYS", "draw_history"]

# Assumptions.
EVER_TOGETHER = 0.75  # share of parents who live apart who once lived together as parents
MOVED_ON_SEPARATION = 0.5  # share of separations after which the family moved home
YEARS_AT_HOME = 5.0  # mean time in the home before this one, and in this one
LEAST_DAYS = 30  # that a family stays anywhere
DAYS_OF_STAY = 150  # mean of what a stay lasts longer than that
SAME_TENURE = 0.6  # share of families who held the home before this one in the same way
TENURE_BEFORE = (0.1, 0.65, 0.25)  # the others' tenure before: owned, rented privately, rented socially
TENURE_OF_STAYS = (
    SOCIAL_RENTED  # as which a stay in temporary accommodation or a refuge is written down, once it is over
)

# A need that may lead to a stay in accommodation that is no home, the kind of stay, and the share of families with the need
# who had one. Assumptions. A family has one stay at most: the later row wins.
STAYS: tuple[tuple[NeedName, int, float], ...] = (
    (NeedName.HOUSING, TEMPORARY, 0.3),
    (NeedName.DOMESTIC_ABUSE, REFUGE, 0.06),
)


def draw_history(area: Area, families: Families, people: People, needs: Needs) -> History:
    """Return what happened to each family.

    Random by (area, "history"), (area, "stays", need), (area, "tenure_before") and (area, "apart").
    A stay in temporary accommodation or a refuge begins while the family has the need that leads to it. A family whose stay
    has not ended by the index date lives there.
    """
    rng = area.stream("history")
    separated, new_partner = _partings(families, people, rng)
    moved = -1.0 - np.floor(rng.exponential(YEARS_AT_HOME * YEAR, families.group.size))
    with_it = np.isfinite(separated) & (rng.random(moved.size) < MOVED_ON_SEPARATION)
    moved = np.where(with_it, separated, moved)
    at_first = LEAST_DAYS + np.floor(rng.exponential(YEARS_AT_HOME * YEAR, moved.size))
    stay, began, ended = _stays(area, needs, moved.size)
    there, left = stay != HOME, ended < 0
    now = np.where(there, np.where(left, ended, began), moved)
    before = np.where(there, began, moved) - at_first
    since = np.column_stack([before, np.where(there & left, began, np.nan), now])
    return History(separated, new_partner, since, stay, _tenures(area, families), _apart(area, separated))


def _tenures(area: Area, families: Families) -> Ints:
    """Return each family's tenure, by residence."""
    rng, size = area.stream("tenure_before"), families.tenure.size
    same, other = rng.random(size) < SAME_TENURE, rng.choice(len(TENURES), size, p=TENURE_BEFORE)
    before = np.where(same, families.tenure, other)
    return np.column_stack([before, np.full(size, TENURE_OF_STAYS), families.tenure])


def _apart(area: Area, separated: Floats) -> Floats:
    """Return the day a parent moved elsewhere: when the parents separated, or, if they never lived together, when they moved."""
    moved = -1.0 - np.floor(area.stream("apart").exponential(YEARS_AT_HOME * YEAR, separated.size))
    return np.where(np.isfinite(separated), separated, moved)


def _partings(families: Families, people: People, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return the days on which parents separated and on which a step-parent moved in: after the youngest child's birth."""
    size = families.group.size
    apart = (MOTHERS_CHILDREN | FATHERS_CHILDREN)[families.arrangement]
    youngest = np.full(size, -np.inf)
    np.maximum.at(youngest, people.family[people.child], people.born[people.child])
    together = rng.random(size) < EVER_TOGETHER
    parted = _between(youngest, 0.0, rng)
    partner = _between(parted, 0.0, rng)
    return np.where(apart & together, parted, np.nan), np.where(families.kind == STEP_COUPLE, partner, np.nan)


def _between(first: Floats, last: float, rng: np.random.Generator) -> Floats:
    """Return a day for each family, from the first to the day before the last."""
    return np.minimum(np.floor(first + rng.random(first.size) * (last - first)), last - 1)


def _stays(area: Area, needs: Needs, size: int) -> tuple[np.ndarray, Floats, Floats]:
    """Return each family's kind of stay, and the days it began and ended; the end may lie after the index date."""
    kind, began, ended = np.full(size, HOME), np.full(size, np.nan), np.full(size, np.nan)
    for need, where, share in STAYS:
        if need in needs.began:
            rng = area.stream("stays", need.value)
            chosen: Bools = needs.ever(need) & (rng.random(size) < share)
            first, last = np.where(chosen, needs.began[need], 0.0), np.minimum(needs.ended[need], 0.0)
            start = np.minimum(np.floor(first + rng.random(size) * (last - first)), -1.0)
            end = start + LEAST_DAYS + np.floor(rng.exponential(DAYS_OF_STAY, size))
            kind = np.where(chosen, where, kind)
            began, ended = np.where(chosen, start, began), np.where(chosen, end, ended)
    return kind, began, ended
