"""Who is in a family: the arrangements that children live in, and the places that its people hold.

A place is a column of a family's row: first one for each adult role, then one for each child from the eldest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskaudit.population.world import (
    COUPLE,
    FATHER,
    GRANDFATHER,
    GRANDMOTHER,
    GRANDPARENT,
    LONE_FATHER,
    LONE_MOTHER,
    MOTHER,
    ROLES,
    STEP_COUPLE,
    STEP_FATHER,
    STEP_MOTHER,
    Bools,
    Ints,
)

__all__ = [
    "ADULTS", "ARRANGEMENTS", "AT_HOME", "CHILDREN_SHARES", "ELSEWHERE", "FATHERS_CHILDREN", "KIND", "LONE_MOTHERS",
    "MOST_PER_FAMILY", "MOTHERS_CHILDREN", "SHARES", "STEP_WITH_MOTHER", "Arrangement", "places_held",
]  # fmt: skip

# Share of lone parents who are mothers: United Kingdom 2022, ONS, Families and households. The figure counts lone parents of
# grown-up children too; that it holds for those of dependent children is an assumption.
LONE_MOTHERS = 0.84

# Assumption. Number of children is the same in every ethnic group, so that shares of families are shares of children.
CHILDREN_SHARES = (0.44, 0.40, 0.115, 0.035, 0.01)  # one child, two, ... five


@dataclass(frozen=True)
class Arrangement:
    """One way in which children live."""

    kind: int
    """The family type."""
    adults: tuple[int, ...]
    """Roles of the adults they live with."""
    other: int | None
    """Role of the parent who lives elsewhere and with whom they may live part of the time."""
    share: float
    """Share among families with one parent, or among the others. Assumptions, but for the share of lone mothers."""

    @property
    def lone(self) -> bool:
        """Whether it is a family with one parent."""
        return self.kind in (LONE_MOTHER, LONE_FATHER)


ARRANGEMENTS: tuple[Arrangement, ...] = (
    Arrangement(COUPLE, (MOTHER, FATHER), None, 0.895),
    Arrangement(STEP_COUPLE, (MOTHER, STEP_FATHER), FATHER, 0.08),
    Arrangement(STEP_COUPLE, (FATHER, STEP_MOTHER), MOTHER, 0.015),
    Arrangement(GRANDPARENT, (GRANDMOTHER,), None, 0.005),
    Arrangement(GRANDPARENT, (GRANDMOTHER, GRANDFATHER), None, 0.005),
    Arrangement(LONE_MOTHER, (MOTHER,), FATHER, LONE_MOTHERS),
    Arrangement(LONE_FATHER, (FATHER,), MOTHER, 1 - LONE_MOTHERS),
)

ADULTS = len(ROLES) - 1  # places of adults, before those of children; role r has place r - 1
MOST_PER_FAMILY = len(CHILDREN_SHARES) + max(len(one.adults) + (one.other is not None) for one in ARRANGEMENTS)

STEP_WITH_MOTHER = next(place for place, one in enumerate(ARRANGEMENTS) if STEP_FATHER in one.adults)

# By arrangement.
KIND = np.array([one.kind for one in ARRANGEMENTS])
MOTHERS_CHILDREN = np.array(
    [one.other == FATHER for one in ARRANGEMENTS]
)  # live with their mother, apart from their father
FATHERS_CHILDREN = np.array([one.other == MOTHER for one in ARRANGEMENTS])
AT_HOME = np.array([[role in one.adults for role in range(1, len(ROLES))] for one in ARRANGEMENTS])
ELSEWHERE = np.array([[role == one.other for role in range(1, len(ROLES))] for one in ARRANGEMENTS])
SHARES = {
    lone: np.array([one.share if one.lone == lone else 0.0 for one in ARRANGEMENTS]) for lone in (False, True)
}  # fmt: skip


def places_held(arrangement: Ints, two_homes: Bools, children: Ints) -> Bools:
    """Return which places of each family somebody holds: one row per family, one column per place."""
    adults = AT_HOME[arrangement] | (ELSEWHERE[arrangement] & two_homes[:, None])
    return np.hstack([adults, np.arange(len(CHILDREN_SHARES)) < children[:, None]])
