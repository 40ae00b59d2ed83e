"""The arrays that one area is made of, before any table is built. Private to this room.

Grain is in the class name: `Families` arrays have one element per family, `People` arrays one per person. Days are whole
days counted from the index date, which is day 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskaudit.scenario import Agency
from riskaudit.scenario.population import NeedName
from riskaudit.seeds import stream

__all__ = [
    "CHILD", "COUPLE", "FAMILY_TYPES", "FATHER", "LONE_FATHER", "LONE_MOTHER", "MOTHER", "OWNED", "PRIVATE_RENTED", "ROLES",
    "SOCIAL_RENTED", "TENURES", "Area", "Bools", "Contact", "Families", "Floats", "Homes", "Identifiers", "Ints", "Names",
    "Needs", "Outcomes", "People", "Texts", "World",
]  # fmt: skip

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]  # of str; None is missing

# Codes are positions in these tuples.
FAMILY_TYPES = ("couple", "lone_mother", "lone_father")
COUPLE, LONE_MOTHER, LONE_FATHER = range(3)
TENURES = ("owned", "private_rented", "social_rented")
OWNED, PRIVATE_RENTED, SOCIAL_RENTED = range(3)
ROLES = ("child", "mother", "father")
CHILD, MOTHER, FATHER = range(3)


@dataclass(frozen=True)
class Area:
    """One area: its number from 1, how many families live in it, and how many a full area has."""

    seed: int
    number: int
    families: int
    capacity: int

    @property
    def label(self) -> str:
        """The area's number as ids carry it: 0001."""
        return f"{self.number:04d}"

    @property
    def id(self) -> str:
        """The area's id: a0001."""
        return f"a{self.label}"

    def stream(self, what: str, *key: str) -> np.random.Generator:
        """Return the random generator that belongs to one draw in this area."""
        return stream(self.seed, f"population/{what}", self.id, *key)


@dataclass(frozen=True)
class Families:
    """Who lives in an area. One element per family."""

    group: Ints
    decile: Ints
    kind: Ints
    tenure: Ints
    children: Ints
    frailty: Floats
    surveillance: Floats

    @property
    def lone(self) -> Bools:
        """Whether the family has one parent."""
        return self.kind != COUPLE


@dataclass(frozen=True)
class Homes:
    """Where families live and where they lived before. `codes` and `deciles`: one element per postcode."""

    codes: Texts
    deciles: Ints
    postcode: Ints
    house: Texts
    old_postcode: Ints
    old_house: Texts


@dataclass(frozen=True)
class People:
    """Everybody in an area, family after family: mother, father, children from the eldest. One element per person."""

    family: Ints
    role: Ints
    male: Bools
    born: Ints
    sibling: Ints
    """Another child of the same family; the person itself where there is none."""

    @property
    def child(self) -> Bools:
        """Whether the person is a child."""
        return self.role == CHILD


@dataclass(frozen=True)
class Names:
    """What people are called. `former` is a surname they used before; the same as `surname` where there is none."""

    forename: Texts
    surname: Texts
    former: Texts
    pool: Texts


@dataclass(frozen=True)
class Identifiers:
    """Numbers that agencies know people by. None where a person has no such number."""

    nhs_number: Texts
    pupil_number: Texts


@dataclass(frozen=True)
class Needs:
    """When each need began and ended, by domain; one element per family. Infinity: never began, or has not ended."""

    began: Mapping[NeedName, Floats]
    ended: Mapping[NeedName, Floats]

    def current(self, domain: NeedName) -> Bools:
        """Return which families have the need in the outcome window."""
        return np.isfinite(self.began[domain]) & np.isinf(self.ended[domain])

    def ever(self, domain: NeedName) -> Bools:
        """Return which families have or had the need."""
        return np.isfinite(self.began[domain])

    def active(self, domain: NeedName, family: Ints, day: npt.NDArray[np.floating | np.integer]) -> Bools:
        """Return whether each family given has the need on the day given beside it."""
        return (self.began[domain][family] <= day) & (day < self.ended[domain][family])


@dataclass(frozen=True)
class Outcomes:
    """Each person's true chance of being in need of help, and whether they are. Chance is NaN for adults."""

    risk: Floats
    in_need: Bools


@dataclass(frozen=True)
class Contact:
    """What a family's contact with agencies depends on besides need and surveillance. One element per family."""

    free_meals: Bools
    """Whether the family's pupils have free school meals."""
    avoids: Bools
    """Whether the family stays away, for fear of records, where contact is its own to seek."""
    opted_out: Mapping[Agency, Bools]
    """Whether the family said no to the linking of an agency's records; an agency left out: nobody did."""
    threshold: float
    """How readily social care acts in this area, at the same need and surveillance, against an even area."""
    flagged: Floats
    """The day from which feedback raises contact; infinity: never."""


@dataclass(frozen=True)
class World:
    """One area as it truly is."""

    area: Area
    families: Families
    homes: Homes
    people: People
    names: Names
    identifiers: Identifiers
    needs: Needs
    outcomes: Outcomes
    contact: Contact
