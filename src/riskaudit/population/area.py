"""One area: a pure function from its number to its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from riskaudit.artefacts import FAMILIES, NEEDS, OUTCOMES, PEOPLE, RELATIONS
from riskaudit.population.agency import AgencyTables, write_agency
from riskaudit.population.families import draw_families, draw_people
from riskaudit.population.homes import settle
from riskaudit.population.identifiers import give_identifiers, numbered
from riskaudit.population.identities import name_people
from riskaudit.population.needs import draw_needs, draw_outcomes
from riskaudit.population.plan import Plan
from riskaudit.population.world import CHILD, FAMILY_TYPES, ROLES, TENURES, Area, Ints, Texts, World
from riskaudit.scenario import Agency

__all__ = ["AreaTables", "make_area", "make_world"]


@dataclass(frozen=True)
class AreaTables:
    """The tables of one area: the truth by table name, and what each agency wrote."""

    truth: Mapping[str, pa.Table]
    agencies: Mapping[Agency, AgencyTables]


def make_area(plan: Plan, number: int, families: int) -> AreaTables:
    """Return the tables of area `number` (from 1) with so many families. Nothing outside the area has any say in it."""
    world = make_world(plan, number, families)
    truth = {
        "families": _families_table(plan, world),
        "people": _people_table(plan, world),
        "relations": _relations_table(world),
        "needs": _needs_table(plan, world),
        "outcomes": _outcomes_table(world),
    }
    return AreaTables(truth, {agency: write_agency(plan, world, agency) for agency in plan.agencies.linked})


def make_world(plan: Plan, number: int, families: int) -> World:
    """Return one area as it truly is, as arrays."""
    area = Area(plan.study.seed, number, families, plan.population.area_families)
    drawn = draw_families(plan, area)
    people = draw_people(area, drawn)
    needs = draw_needs(plan, area, drawn)
    return World(
        area,
        drawn,
        settle(area, drawn),
        people,
        name_people(plan, area, drawn, people),
        give_identifiers(area, people),
        needs,
        draw_outcomes(plan, area, drawn, people, needs),
    )


def _families_table(plan: Plan, world: World) -> pa.Table:
    families, homes = world.families, world.homes
    everyone = np.arange(families.group.size)
    return FAMILIES.build({
        "family_id": _family_id(world, everyone),
        "area": np.full(everyone.size, world.area.id, dtype=object),
        "ethnicity": plan.groups[families.group],
        "broad_ethnicity": plan.broad_groups[families.group],
        "deprivation_decile": families.decile,
        "family_type": _words(FAMILY_TYPES, families.kind),
        "tenure": _words(TENURES, families.tenure),
        "children": families.children,
        "address": homes.house + " " + homes.codes[homes.postcode],
    })  # fmt: skip


def _people_table(plan: Plan, world: World) -> pa.Table:
    people, names = world.people, world.names
    return PEOPLE.build({
        "person_id": _person_id(world, np.arange(people.role.size)),
        "family_id": _family_id(world, people.family),
        "role": _words(ROLES, people.role),
        "sex": np.where(people.male, "M", "F").astype(object),
        "birth_date": pa.array(plan.window.dates(people.born), pa.date32()),
        "forename": names.forename,
        "surname": names.surname,
        "pool": names.pool,
    })  # fmt: skip


def _relations_table(world: World) -> pa.Table:
    """Return one row per child and parent: each child beside each parent of its family."""
    people = world.people
    children, parents = np.flatnonzero(people.role == CHILD), np.flatnonzero(people.role != CHILD)
    first = np.searchsorted(people.family[parents], people.family[children], "left")
    after = np.searchsorted(people.family[parents], people.family[children], "right")
    child = np.repeat(children, after - first)
    within = np.arange(child.size) - np.repeat(np.cumsum(after - first) - (after - first), after - first)
    parent = parents[np.repeat(first, after - first) + within]
    return RELATIONS.build({
        "child_id": _person_id(world, child),
        "adult_id": _person_id(world, parent),
        "relation": _words(ROLES, people.role[parent]),
    })  # fmt: skip


def _needs_table(plan: Plan, world: World) -> pa.Table:
    domains = tuple(world.needs.began)
    grid = (len(domains), world.families.group.size)
    now = np.array([world.needs.current(domain) for domain in domains], bool).reshape(grid)
    began = np.array([world.needs.began[domain] for domain in domains]).reshape(grid)
    family, domain = np.nonzero(now.T)
    return NEEDS.build({
        "family_id": _family_id(world, family),
        "domain": _words(tuple(name.value for name in domains), domain),
        "since": pa.array(plan.window.dates(began[domain, family].astype(np.int64)), pa.date32()),
    })  # fmt: skip


def _outcomes_table(world: World) -> pa.Table:
    children = np.flatnonzero(world.people.child)
    return OUTCOMES.build({
        "person_id": _person_id(world, children),
        "family_id": _family_id(world, world.people.family[children]),
        "risk": world.outcomes.risk[children],
        "in_need": world.outcomes.in_need[children],
    })  # fmt: skip


def _family_id(world: World, family: Ints) -> pa.Array:
    return numbered(f"f{world.area.label}-", 1 + family, width=6)


def _person_id(world: World, person: Ints) -> pa.Array:
    return numbered(f"p{world.area.label}-", 1 + person, width=6)


def _words(words: tuple[str, ...], codes: Ints) -> Texts:
    return np.array(words, dtype=object)[codes]
