"""Events of one kind, before they are written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from riskaudit.population.event_rates import Stay
from riskaudit.population.plan import Plan
from riskaudit.population.window import YEAR
from riskaudit.population.world import RESIDENCES, Bools, Floats, Ints, World
from riskaudit.scenario.population import NeedName

__all__ = ["ADULT", "Happenings", "eighteenth_birthday", "first_of_each", "known", "placed", "pull_of"]

ADULT = 18  # years


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


def placed(plan: Plan, world: World, row: Stay, exposed: Bools) -> Happenings:
    """Return the first day of each family's stay, on one adult who lives with the children. Nothing is random."""
    history, people = world.history, world.people
    began = np.where(np.isfinite(history.since[:, 1]), history.since[:, 1], history.since[:, 2])
    stayed = (history.stay == RESIDENCES.index(row.residence)) & (began > -plan.window.history)
    at_home = np.flatnonzero(exposed & ~people.child & ~people.elsewhere)
    _, first = np.unique(people.family[at_home], return_index=True)
    person = at_home[first]
    person = person[stayed[people.family[person]]]
    return Happenings.of(row.kind, person, began[people.family[person]].astype(np.int64))


def eighteenth_birthday(world: World) -> Ints:
    """Return the day on which each person turns, or turned, eighteen."""
    return world.people.born + int(ADULT * YEAR)


def first_of_each(person: Ints, day: Ints) -> Ints:
    """Return the places of each person's earliest event."""
    order = np.lexsort((day, person))
    _, first = np.unique(person[order], return_index=True)
    return order[first]
