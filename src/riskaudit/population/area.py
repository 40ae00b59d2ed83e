"""One area: a pure function from its number to its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from riskaudit.population.agency import AgencyTables, write_agency
from riskaudit.population.contact import draw_contact, with_feedback
from riskaudit.population.families import draw_families, draw_people
from riskaudit.population.frailty import draw_frailty
from riskaudit.population.history import draw_history
from riskaudit.population.homes import settle
from riskaudit.population.identifiers import give_identifiers
from riskaudit.population.identities import name_people
from riskaudit.population.needs import draw_needs, draw_outcomes
from riskaudit.population.plan import Plan
from riskaudit.population.truth_tables import truth_tables
from riskaudit.population.world import Area, World
from riskaudit.scenario import Agency

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["AreaTables", "make_area", "make_world"]


@dataclass(frozen=True)
class AreaTables:
    """The tables of one area: the truth by table name, and what each agency wrote."""

    truth: Mapping[str, pa.Table]
    agencies: Mapping[Agency, AgencyTables]


def make_area(plan: Plan, number: int, families: int) -> AreaTables:
    """Return the tables of area `number` (from 1) with so many families. Nothing outside the area has any say in it."""
    world = make_world(plan, number, families)
    return AreaTables(
        truth_tables(plan, world), {agency: write_agency(plan, world, agency) for agency in plan.agencies.linked}
    )


def make_world(plan: Plan, number: int, families: int) -> World:
    """Return one area as it truly is, as arrays."""
    area = Area(plan.study.seed, number, families, plan.population.area_families)
    drawn = draw_families(plan, area)
    people = draw_people(area, drawn)
    needs = draw_needs(plan, area, drawn)
    history = draw_history(area, drawn, people, needs)
    world = World(
        area,
        drawn,
        history,
        settle(area, drawn, history),
        people,
        name_people(plan, area, drawn, people, history),
        give_identifiers(area, people),
        needs,
        draw_outcomes(plan, area, drawn, people, needs),
        draw_contact(plan, area, drawn),
        draw_frailty(plan, area, people),
    )
    return with_feedback(plan, world)
