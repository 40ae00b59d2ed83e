"""One area as it truly is, as tables."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from riskaudit.artefacts import CONSENT, FAMILIES, LIFE_EVENTS, MOVES, NEEDS, OUTCOMES, PEOPLE, RELATIONS
from riskaudit.population.identifiers import numbered
from riskaudit.population.plan import Plan
from riskaudit.population.world import FAMILY_TYPES, HOME, RESIDENCES, ROLES, TENURES, Floats, Ints, Texts, World

__all__ = ["truth_tables"]

_LANGUAGES = ("other", "english")
_LIFE_EVENTS = ("birth", "separation", "new_partner", "surname_change")
_NOBODY = -1


def truth_tables(plan: Plan, world: World) -> Mapping[str, pa.Table]:
    """Return the truth's tables by name, but for the keys, which each agency's records make."""
    return {
        "families": _families(plan, world),
        "people": _people(plan, world),
        "relations": _relations(world),
        "needs": _needs(plan, world),
        "outcomes": _outcomes(world),
        "moves": _moves(plan, world),
        "life_events": _life_events(plan, world),
        "consent": _consent(plan, world),
    }


def _families(plan: Plan, world: World) -> pa.Table:
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
        "language": _words(_LANGUAGES, families.english.astype(np.int64)),
        "in_poverty": families.poor,
        "disability": families.disability,
        "address": homes.text(homes.now),
        "second_address": pc.if_else(
            pa.array(families.two_homes), pa.array(homes.text(homes.second), pa.string()), pa.scalar(None, pa.string())
        ),
    })  # fmt: skip


def _people(plan: Plan, world: World) -> pa.Table:
    people, names = world.people, world.names
    return PEOPLE.build({
        "person_id": _person_id(world, np.arange(people.role.size)),
        "family_id": _family_id(world, people.family),
        "role": _words(ROLES, people.role),
        "sex": np.where(people.male, "M", "F").astype(object),
        "birth_date": pa.array(plan.window.dates(people.born), pa.date32()),
        "forename": names.forename,
        "surname": names.surname,
        "home": world.homes.text(world.homes.of(people)),
        "disabled": people.disabled,
        "pool": names.pool,
    })  # fmt: skip


def _relations(world: World) -> pa.Table:
    """Return one row per child and adult: each child beside each adult of its family."""
    people = world.people
    children, adults = np.flatnonzero(people.child), np.flatnonzero(~people.child)
    first = np.searchsorted(people.family[adults], people.family[children], "left")
    after = np.searchsorted(people.family[adults], people.family[children], "right")
    child = np.repeat(children, after - first)
    within = np.arange(child.size) - np.repeat(np.cumsum(after - first) - (after - first), after - first)
    adult = adults[np.repeat(first, after - first) + within]
    return RELATIONS.build({
        "child_id": _person_id(world, child),
        "adult_id": _person_id(world, adult),
        "relation": _words(ROLES, people.role[adult]),
        "lives_with": ~people.elsewhere[adult],
    })  # fmt: skip


def _needs(plan: Plan, world: World) -> pa.Table:
    needs, domains = world.needs, tuple(world.needs.began)
    grid = (len(domains), world.families.group.size)
    began, ended = (np.array([days[domain] for domain in domains]).reshape(grid) for days in (needs.began, needs.ended))
    family, domain = np.nonzero(np.isfinite(began).T)
    return NEEDS.build({
        "family_id": _family_id(world, family),
        "domain": _words(tuple(name.value for name in domains), domain),
        "since": _dates(plan, began[domain, family]),
        "until": _dates(plan, ended[domain, family]),
    })  # fmt: skip


def _outcomes(world: World) -> pa.Table:
    children = np.flatnonzero(world.people.child)
    return OUTCOMES.build({
        "person_id": _person_id(world, children),
        "family_id": _family_id(world, world.people.family[children]),
        "risk": world.outcomes.risk[children],
        "in_need": world.outcomes.in_need[children],
        "harmed": world.outcomes.harmed[children],
    })  # fmt: skip


def _moves(plan: Plan, world: World) -> pa.Table:
    homes, history = world.homes, world.history
    family, turn = np.nonzero(np.isfinite(history.since))
    address = np.column_stack([homes.text(places) for places in (homes.before, homes.between, homes.now)])
    stayed = np.isfinite(history.since[:, 1])
    home = np.full(stayed.size, HOME)
    kind = np.column_stack([home, history.stay, np.where(stayed, HOME, history.stay)])
    return MOVES.build({
        "family_id": _family_id(world, family),
        "address": address[family, turn],
        "since": _dates(plan, history.since[family, turn]),
        "until": _dates(plan, history.until[family, turn]),
        "kind": _words(RESIDENCES, kind[family, turn]),
    })  # fmt: skip


def _life_events(plan: Plan, world: World) -> pa.Table:
    people, history = world.people, world.history
    children, renamed = np.flatnonzero(people.child), np.flatnonzero(np.isfinite(world.names.changed))
    parted, joined = np.flatnonzero(np.isfinite(history.separated)), np.flatnonzero(np.isfinite(history.new_partner))
    family = np.concatenate([people.family[children], parted, joined, people.family[renamed]])
    person = np.concatenate([children, np.full(parted.size + joined.size, _NOBODY), renamed])
    day = np.concatenate([
        people.born[children], history.separated[parted], history.new_partner[joined], world.names.changed[renamed]
    ])  # fmt: skip
    kind = np.repeat(np.arange(len(_LIFE_EVENTS)), [children.size, parted.size, joined.size, renamed.size])
    order = np.lexsort((person, kind, day, family))
    whose = person[order]
    return LIFE_EVENTS.build({
        "family_id": _family_id(world, family[order]),
        "person_id": pc.if_else(pa.array(whose != _NOBODY), _person_id(world, whose), pa.scalar(None, pa.string())),
        "kind": _words(_LIFE_EVENTS, kind[order]),
        "happened": _dates(plan, day[order]),
    })  # fmt: skip


def _dates(plan: Plan, days: Floats) -> pa.Array:
    """Return days counted from the index date as dates; a day that is not finite is missing."""
    known = np.isfinite(days)
    dates = plan.window.dates(np.where(known, days, 0).astype(np.int64))
    return pa.array(dates, pa.date32(), mask=~known)


def _consent(plan: Plan, world: World) -> pa.Table:
    linked, size = plan.agencies.linked, world.families.group.size
    nobody = np.zeros(size, dtype=bool)
    return CONSENT.build({
        "family_id": _family_id(world, np.tile(np.arange(size), len(linked))),
        "agency": _words(tuple(agency.value for agency in linked), np.repeat(np.arange(len(linked)), size)),
        "avoids": np.tile(world.contact.avoids, len(linked)),
        "opted_out": np.concatenate([world.contact.opted_out.get(agency, nobody) for agency in linked]),
    })  # fmt: skip


def _family_id(world: World, family: Ints) -> pa.Array:
    return numbered(f"f{world.area.label}-", 1 + family, width=6)


def _person_id(world: World, person: Ints) -> pa.Array:
    return numbered(f"p{world.area.label}-", 1 + person, width=6)


def _words(words: tuple[str, ...], codes: Ints) -> Texts:
    return np.array(words, dtype=object)[codes]
