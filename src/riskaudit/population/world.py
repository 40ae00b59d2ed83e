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
    "CHILD", "COUPLE", "FAMILY_TYPES", "FATHER", "GRANDFATHER", "GRANDMOTHER", "GRANDPARENT", "HOME", "LONE_FATHER",
    "LONE_MOTHER", "MOTHER", "OWNED", "PRIVATE_RENTED", "REFUGE", "RESIDENCES", "ROLES", "SOCIAL_RENTED", "STEP_COUPLE",
    "STEP_FATHER", "STEP_MOTHER", "TEMPORARY", "TENURES", "Area", "Bools", "Contact", "Families", "Floats", "History", "Homes",
    "Identifiers", "Ints", "Names", "Needs", "Outcomes", "People", "Places", "Texts", "World",
]  # fmt: skip

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]  # of str; None is missing

# Codes are positions in these tuples.
FAMILY_TYPES = ("couple", "step_couple", "lone_mother", "lone_father", "grandparent")
COUPLE, STEP_COUPLE, LONE_MOTHER, LONE_FATHER, GRANDPARENT = range(5)
TENURES = ("owned", "private_rented", "social_rented")
OWNED, PRIVATE_RENTED, SOCIAL_RENTED = range(3)
ROLES = ("child", "mother", "father", "step_mother", "step_father", "grandmother", "grandfather")
CHILD, MOTHER, FATHER, STEP_MOTHER, STEP_FATHER, GRANDMOTHER, GRANDFATHER = range(7)
RESIDENCES = ("home", "temporary_accommodation", "refuge")
HOME, TEMPORARY, REFUGE = range(3)


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

    @property
    def place(self) -> float:
        """The area's place between the most and the least deprived, over 0 and under 1; half way for the first.

        The binary digits of the number, mirrored (van der Corput 1935): any run of areas is spread evenly, and an area's
        place has nothing to do with how many others there are.
        """
        digits = f"{self.number:b}"
        return int(digits[::-1], 2) / 2 ** len(digits)

    def stream(self, what: str, *key: str) -> np.random.Generator:
        """Return the random generator that belongs to one draw in this area."""
        return stream(self.seed, f"population/{what}", self.id, *key)


@dataclass(frozen=True)
class Families:
    """Who lives in an area. One element per family."""

    group: Ints
    decile: Ints
    arrangement: Ints
    """Who the children live with: a place in `members.ARRANGEMENTS`."""
    kind: Ints
    two_homes: Bools
    """Whether the children live part of the time with their other parent, who is one of the family's people."""
    tenure: Ints
    children: Ints
    english: Bools
    poor: Bools
    disability: Bools
    disabled: Bools
    """Whether each place of the family (a column, see `members`) would be held by a disabled person."""
    frailty: Floats
    surveillance: Floats

    @property
    def lone(self) -> Bools:
        """Whether the family has one parent."""
        return (self.kind == LONE_MOTHER) | (self.kind == LONE_FATHER)


@dataclass(frozen=True)
class Places:
    """An address for each family: the place of its postcode in `Homes.codes`, and the house number."""

    postcode: Ints
    house: Texts


@dataclass(frozen=True)
class Homes:
    """Where families live and where they lived. `codes` and `deciles`: one element per postcode."""

    codes: Texts
    deciles: Ints
    now: Places
    before: Places
    """The home before this one and before any stay between."""
    between: Places
    """Temporary accommodation or refuge between the two homes, for families who had such a stay and left it."""
    old: Places
    """The last address before this one: `between` or else `before`."""
    second: Places
    """Where the other parent lives, for families whose children have two homes."""
    left: Places
    """Where that parent lived before: the family's home on the day before they separated, or another if they never shared one."""

    @property
    def postcode(self) -> Ints:
        """Where each family lives now."""
        return self.now.postcode

    @property
    def house(self) -> Texts:
        """The house number each family lives at now."""
        return self.now.house

    def of(self, people: People) -> Places:
        """Return where each person lives."""
        return _of(people, self.second, self.now)

    def old_of(self, people: People) -> Places:
        """Return each person's last address before this one: the family's, or the one that a parent who lives elsewhere left."""
        return _of(people, self.left, self.old)

    def text(self, places: Places) -> Texts:
        """Return addresses as written in full."""
        return places.house + " " + self.codes[places.postcode]


@dataclass(frozen=True)
class People:
    """Everybody in an area, family after family: adults, then children from the eldest. One element per person."""

    family: Ints
    role: Ints
    male: Bools
    born: Ints
    disabled: Bools
    elsewhere: Bools
    """Whether the person is a parent who lives at the children's other home."""
    sibling: Ints
    """Another child of the same family; the person itself where there is none."""

    @property
    def child(self) -> Bools:
        """Whether the person is a child."""
        return self.role == CHILD


@dataclass(frozen=True)
class History:
    """What happened to families up to the index date. One row per family; NaN: it did not happen."""

    separated: Floats
    """Day the children's parents separated; NaN also where they never lived together."""
    new_partner: Floats
    """Day a step-parent moved in."""
    since: Floats
    """Day the family moved in, by residence: the home before, a stay between, where it lives now."""
    stay: Ints
    """Kind of the stay: a place in `RESIDENCES`; HOME where there was none."""
    tenure: Ints
    """Tenure, by residence: a place in `TENURES`."""
    apart: Floats
    """Day the parent who lives elsewhere moved there, for families whose children have two homes."""

    @property
    def until(self) -> Floats:
        """Day the family moved on, by residence; NaN for where it lives now and for stays that were not."""
        between, now = self.since[:, 1], self.since[:, 2]
        stayed = np.isfinite(between)
        return np.column_stack([
            np.where(stayed, between, now), np.where(stayed, now, np.nan), np.full(now.size, np.nan)
        ])  # fmt: skip


@dataclass(frozen=True)
class Names:
    """What people are called. `former` is a surname they used before; the same as `surname` where there is none."""

    forename: Texts
    surname: Texts
    former: Texts
    changed: Floats
    """Day of the change of surname; NaN where there was none."""
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
    """Each person's true chance of being in need of help (NaN for adults), whether they are, and whether they came to harm."""

    risk: Floats
    in_need: Bools
    harmed: Bools


@dataclass(frozen=True)
class Contact:
    """What a family's contact with agencies depends on besides need and surveillance. One element per family."""

    free_meals: Bools
    """Whether the family's pupils have free school meals."""
    avoids: Bools
    """Whether the family stays away, for fear of records, where contact is its own to seek."""
    opted_out: Mapping[Agency, Bools]
    """Whether the family said no to the linking of an agency's records; an agency left out: nobody did."""
    decisions: Mapping[str, Floats]
    """How readily social care decides, at the same need and surveillance, by what is decided; the mean is about 1."""
    flagged: Floats
    """The day from which feedback raises contact; infinity: never."""


@dataclass(frozen=True)
class World:
    """One area as it truly is."""

    area: Area
    families: Families
    history: History
    homes: Homes
    people: People
    names: Names
    identifiers: Identifiers
    needs: Needs
    outcomes: Outcomes
    contact: Contact
    frailty: Floats
    """How often errors hit what is written on each person, beyond the family's own frailty (mean 1)."""


def _of(people: People, others: Places, families: Places) -> Places:
    """Return each person's place: another one for a parent who lives elsewhere than for the rest of the family."""
    family, away = people.family, people.elsewhere
    return Places(
        np.where(away, others.postcode[family], families.postcode[family]),
        np.where(away, others.house[family], families.house[family]),
    )
