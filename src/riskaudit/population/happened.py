"""Events of one kind, before they are written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from riskaudit.population.window import YEAR
from riskaudit.population.world import Floats, Ints, World
from riskaudit.scenario.population import NeedName

__all__ = ["Happenings", "eighteenth_birthday", "first_of_each", "known", "pull_of"]


@dataclass(frozen=True)
class Happenings:
    """Events of one kind. One element per event: whose record it belongs on, the day, and the amount (NaN: none)."""

    kind: str
    person: Ints
    day: Ints
    amount: Floats

    @classmethod
    def of(cls, kind: str, person: Ints, day: Ints, amount: Floats | None = None) -> Happenings:
        """Return events, without an amount unless one is given."""
        return cls(kind, person, day, np.full(person.size, np.nan) if amount is None else amount)


def known(world: World, effects: Mapping[NeedName, float]) -> list[tuple[NeedName, float]]:
    """Return the effects of the needs that the scenario has."""
    return [(need, effect) for need, effect in effects.items() if need in world.needs.began]


def pull_of(world: World, effects: Mapping[NeedName, float], family: Ints, day: Floats) -> Floats:
    """Return the sum of the effects of the needs that each family has on the day beside it."""
    pull = np.zeros(family.size)
    for need, effect in known(world, effects):
        pull += effect * world.needs.active(need, family, day)
    return pull


def eighteenth_birthday(world: World) -> Ints:
    """Return the day on which each person turns, or turned, eighteen."""
    return world.people.born + int(18 * YEAR)


def first_of_each(person: Ints, day: Ints) -> Ints:
    """Return the places of each person's earliest event."""
    order = np.lexsort((day, person))
    _, first = np.unique(person[order], return_index=True)
    return order[first]
