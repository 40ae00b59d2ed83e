"""What one agency has written down in one area so far, while recording errors are put in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from riskaudit.population.plan import Plan
from riskaudit.population.world import TENURES, Ints, Texts, World

__all__ = ["Page", "clean_page"]


@dataclass(frozen=True)
class Page:
    """One agency's records: the person each row is about, and what the row says, by column of the people table."""

    plan: Plan
    world: World
    person: Ints
    written: Mapping[str, np.ndarray]

    @property
    def family(self) -> Ints:
        """The family of the person each row is about."""
        return self.world.people.family[self.person]


def clean_page(plan: Plan, world: World, person: Ints, identifiers: tuple[str, ...]) -> Page:
    """Return records without any error, holding the identifiers named."""
    people, families, names, homes = world.people, world.families, world.names, world.homes
    family, living = people.family[person], homes.of(people)
    written = {
        "role": np.where(people.child, "child", "adult").astype(object)[person],
        "forename": names.forename[person],
        "surname": names.surname[person],
        "sex": np.where(people.male, "M", "F").astype(object)[person],
        "birth_date": plan.window.dates(people.born)[person],
        "house": living.house[person],
        "postcode": homes.codes[living.postcode[person]],
        "ethnicity": plan.groups[families.group[family]],
        "tenure": np.array(TENURES, dtype=object)[families.tenure[family]],
    }
    for name in ("nhs_number", "pupil_number"):
        numbers: Texts = getattr(world.identifiers, name)[person]
        written[name] = numbers if name in identifiers else np.full(person.size, None, dtype=object)
    return Page(plan, world, person, written)
