"""Whom each agency knows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskaudit.population.plan import Plan
from riskaudit.population.window import YEAR
from riskaudit.population.world import SOCIAL_RENTED, TEMPORARY, Bools, World
from riskaudit.scenario import Agency
from riskaudit.scenario.population import NeedName

__all__ = ["COVERAGE", "Coverage", "listed", "within_reach"]


@dataclass(frozen=True)
class Coverage:
    """Whom one agency has on its books. Shares are assumptions, 0 to 1."""

    agency: Agency
    children: tuple[float, float] | None
    """Ages of children it holds records of, at the index date; None: no children."""
    adults: bool
    share: float
    """Share of people within its reach who are on its books whatever happens."""
    by_event: bool = False
    """Whether an event puts a person on its books. If not, only people on its books have events."""
    with_need: tuple[NeedName, float] | None = None
    """The share, in place of `share`, of people in families that have or had a need."""
    tenants_only: bool = False
    """Whether only families who rent socially, or whom it placed in temporary accommodation, are within its reach."""
    voluntary: bool = False
    """Whether families that stay away are less often on its books."""
    nhs_number: bool = False
    pupil_number: bool = False


COVERAGE: dict[Agency, Coverage] = {
    row.agency: row
    for row in (
        Coverage(Agency.GP, (0, 18), True, 0.98, nhs_number=True),
        Coverage(Agency.HEALTH_VISITING, (0, 5), False, 0.95, nhs_number=True),
        Coverage(Agency.SCHOOL, (4, 18), False, 0.97, pupil_number=True),
        Coverage(Agency.EARLY_HELP, (0, 18), False, 0.01, by_event=True),
        Coverage(Agency.SOCIAL_CARE, (0, 18), False, 0.01, by_event=True, pupil_number=True),
        Coverage(Agency.POLICE, (0, 18), True, 0.02, by_event=True),
        Coverage(Agency.HOUSING, None, True, 0.97, tenants_only=True),
        Coverage(Agency.BENEFITS, None, True, 0.08, with_need=(NeedName.MONEY, 0.85)),
        Coverage(Agency.AE, (0, 18), True, 0.01, by_event=True, nhs_number=True),
        Coverage(Agency.YOUTH_JUSTICE, (10, 18), False, 0.0, by_event=True),
        Coverage(Agency.MENTAL_HEALTH, (0, 18), True, 0.005, by_event=True, nhs_number=True),
        Coverage(Agency.CHILDCARE, (0, 5), False, 0.65, voluntary=True),
    )
}


def within_reach(world: World, row: Coverage) -> Bools:
    """Return the people the agency could hold a record of."""
    people = world.people
    age = -people.born / YEAR
    youngest, oldest = row.children or (0, 0)
    reach = np.where(people.child, (age >= youngest) & (age < oldest), row.adults)
    # a parent who lives elsewhere is no tenant of the family's home
    housed = (world.families.tenure == SOCIAL_RENTED) | (world.history.stay == TEMPORARY)
    tenant = housed[people.family] & ~people.elsewhere
    return reach & tenant if row.tenants_only else reach


def listed(plan: Plan, world: World, row: Coverage) -> Bools:
    """Return the people on the agency's books whatever happens. Random by (area, "coverage", agency)."""
    rng, family = world.area.stream("coverage", row.agency.value), world.people.family
    share = np.full(family.size, row.share)
    if row.with_need is not None and row.with_need[0] in world.needs.began:
        need, instead = row.with_need
        share = np.where(world.needs.ever(need)[family], instead, share)
    if row.voluntary:
        share = share * np.where(world.contact.avoids[family], 1 - plan.agencies.avoidance_effect, 1.0)
    return within_reach(world, row) & (rng.random(family.size) < share)
