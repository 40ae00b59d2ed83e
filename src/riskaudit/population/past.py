"""How things stood on an earlier day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskaudit.population.world import STEP_FATHER, STEP_MOTHER, Floats, History, Ints, Places, Texts, World

__all__ = ["Past", "first_days", "lived_at", "on_day", "residence"]

_NOW = 2  # the last residence


@dataclass(frozen=True)
class Past:
    """Where some people lived on a day of the past, how their home was held, and the surname they had."""

    home: Places
    tenure: Ints
    surname: Texts


def residence(history: History, family: Ints, day: Floats) -> Ints:
    """Return which residence each family given lived in on the day beside it: 0 the home before, 1 a stay between, 2 this one.

    What was before the home before is not known: earlier days count as in it.
    """
    _, between, now = history.since[family].T
    return np.where(day >= now, _NOW, np.where(day >= between, 1, 0))


def lived_at(residences: tuple[Places, Places, Places], family: Ints, which: Ints) -> Places:
    """Return the address of one of the residences of each family given."""
    return Places(
        np.choose(which, [places.postcode[family] for places in residences]),
        np.choose(which, [places.house[family] for places in residences]),
    )


def on_day(world: World, person: Ints, day: Floats) -> Past:
    """Return how things stood for each person given on the day beside it.

    A parent who lives elsewhere lived with the family until they separated; one who never did lived at an address of their own.
    Their records carry the family's tenure: that of then, as long as they lived there.
    """
    people, homes, history, names = world.people, world.homes, world.history, world.names
    family, away = people.family[person], people.elsewhere[person]
    moved_out = away & (day >= history.apart[family])
    alone = away & np.isnan(history.separated[family])
    which = residence(history, family, day)
    home = lived_at((homes.before, homes.between, homes.now), family, which)
    home = _instead(home, moved_out, homes.second, family)
    home = _instead(home, alone & ~moved_out, homes.left, family)
    tenure = history.tenure[family, np.where(moved_out | alone, _NOW, which)]
    return Past(home, tenure, np.where(day < names.changed[person], names.former[person], names.surname[person]))


def first_days(world: World, person: Ints) -> Floats:
    """Return the day each person given came into the family: birth, or for a step-parent the day they moved in."""
    people = world.people
    step = np.isin(people.role[person], (STEP_MOTHER, STEP_FATHER))
    return np.where(step, world.history.new_partner[people.family[person]], people.born[person])


def _instead(home: Places, where: np.ndarray, other: Places, family: Ints) -> Places:
    return Places(
        np.where(where, other.postcode[family], home.postcode), np.where(where, other.house[family], home.house)
    )
