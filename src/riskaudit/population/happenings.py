"""What happens to people that an agency writes down: events by rate, by the school calendar, after others, from true need."""

from __future__ import annotations

import numpy as np

from riskaudit.artefacts import EVENT_KINDS
from riskaudit.population.cells import deprivation
from riskaudit.population.event_rates import (
    ABSENCE,
    EVENT_RATES,
    FLAGS,
    FOLLOW_UPS,
    FREE_MEALS_CENSUS,
    PLACED,
    Count,
    EventRate,
)
from riskaudit.population.happened import ADULT, Happenings, first_of_each, known, placed, pull_of
from riskaudit.population.ladder import following, recorded_outcome
from riskaudit.population.plan import Plan
from riskaudit.population.school_terms import absences, free_meals
from riskaudit.population.window import YEAR
from riskaudit.population.world import Bools, Floats, Ints, World
from riskaudit.scenario import Agency

__all__ = ["draw_happenings", "first_flags"]

_ROLES = {(kind.agency, kind.id): kind.role for kind in EVENT_KINDS}


def draw_happenings(plan: Plan, world: World, agency: Agency, exposed: Bools) -> list[Happenings]:
    """Return the agency's events on the people it could write about. Random by (area, agency, kind)."""
    found = [_by_rate(plan, world, row, exposed) for row in EVENT_RATES if row.agency is agency]
    if agency is ABSENCE.agency:
        found.append(absences(plan, world, ABSENCE, exposed))
    if agency is FREE_MEALS_CENSUS.agency:
        found.append(free_meals(plan, world, FREE_MEALS_CENSUS, exposed))
    if agency is PLACED.agency:
        found.append(placed(plan, world, PLACED, exposed))
    if agency is Agency.SOCIAL_CARE:
        found.append(recorded_outcome(plan, world, exposed))
    for row in FOLLOW_UPS:
        if row.agency is agency:
            before = [events for events in found if events.kind == row.after]
            found.append(following(plan, world, row, _together(row.after, before)))
    return found


def first_flags(plan: Plan, world: World) -> Floats:
    """Return the day of each family's first flag; infinity where there is none.

    Before its first flag a family has contact as if there were no feedback. So the first of the events drawn without
    feedback is the first of those drawn with it: `_by_rate` draws the same candidates both times and keeps more of them.
    """
    flagged = np.full(world.families.group.size, np.inf)
    everybody = np.ones(world.people.family.size, dtype=bool)
    for row in EVENT_RATES:
        if (row.agency, row.kind) in FLAGS:
            events = _by_rate(plan, world, row, everybody)
            np.minimum.at(flagged, world.people.family[events.person], events.day.astype(float))
    return flagged


def _by_rate(plan: Plan, world: World, row: EventRate, exposed: Bools) -> Happenings:
    """Draw a Poisson process whose rate steps up and down as needs begin and end, by thinning (Lewis and Shedler 1979)."""
    rng, people = world.area.stream("events", row.agency.value, row.kind), world.people
    who = np.flatnonzero(exposed & (people.child == (_ROLES[row.agency, row.kind] == "child")))
    first, last = _span(plan, world, row, who)
    fastest = _fastest(plan, world, row)
    times = rng.poisson(row.per_year / YEAR * (_steady(plan, world, row) * np.exp(fastest))[who] * (last - first))
    person = np.repeat(who, times)
    at = np.repeat(first, times) + rng.random(person.size) * np.repeat(last - first, times)
    pull = pull_of(world, row.effects, people.family[person], at) + _by_day(plan, world, row, person, at)
    kept = rng.random(person.size) < np.exp(pull - fastest[person])
    person, day = person[kept], np.floor(at[kept]).astype(np.int64) + 1
    amount = _amounts(row, person.size, rng)
    if row.count is Count.FIRST:
        earliest = first_of_each(person, day)
        person, day = person[earliest], day[earliest]
        amount = None if amount is None else amount[earliest]
    return Happenings.of(row.kind, person, day, amount)


def _span(plan: Plan, world: World, row: EventRate, who: Ints) -> tuple[Floats, Floats]:
    """Return from when to when something of this kind can happen to each person: to an adult, from the age of eighteen on."""
    end = 0 if row.count is Count.HISTORY else plan.window.outcome
    born, child = world.people.born[who], world.people.child[who]
    first = born + np.where(child, row.ages[0], ADULT) * YEAR
    last = np.where(child, born + row.ages[1] * YEAR, np.inf)
    first = np.maximum(first, -plan.window.history)
    return first, np.maximum(np.minimum(last, end), first)


def _steady(plan: Plan, world: World, row: EventRate) -> Floats:
    """Return what multiplies each person's rate all the time."""
    families, people, contact = world.families, world.people, world.contact
    rate = np.exp(row.deprivation * deprivation(families.decile) + row.free_meals * contact.free_meals)
    if row.watched:
        rate = rate * families.surveillance
    if row.decided:
        rate = rate * contact.decisions[row.kind]
    if row.sought:
        rate = rate * np.where(contact.avoids, 1 - plan.agencies.avoidance_effect, 1.0)
        rate = rate * np.where(families.english, 1.0, 1 - plan.agencies.language_effect)
    own = np.where(people.male, row.male, 1.0) * np.exp(row.disabled * people.disabled)
    return own * rate[people.family]


def _fastest(plan: Plan, world: World, row: EventRate) -> Floats:
    """Return the most by which what comes and goes could ever raise each person's log rate."""
    family = world.people.family
    most = np.zeros(family.size)
    for need, effect in known(world, row.effects):
        most += max(effect, 0.0) * world.needs.ever(need)[family]
    most += max((np.log(ratio) for _, ratio in row.by_age), default=0.0)
    return most + plan.agencies.feedback * row.watched


def _by_day(plan: Plan, world: World, row: EventRate, person: Ints, at: Floats) -> Floats:
    """Return what age and an earlier flag add to the log rate on the day beside each person."""
    added = np.zeros(person.size)
    if row.watched and plan.agencies.feedback:
        added += plan.agencies.feedback * (at > world.contact.flagged[world.people.family[person]])
    if row.by_age:
        ages, ratios = zip(*row.by_age, strict=True)
        age = (at - world.people.born[person]) / YEAR
        added += np.log(ratios)[np.searchsorted(ages, age, "right") - 1]
    return added


def _together(kind: str, parts: list[Happenings]) -> Happenings:
    return Happenings.of(kind, *(np.concatenate([getattr(part, name) for part in parts]) for name in ("person", "day")))


def _amounts(row: EventRate, size: int, rng: np.random.Generator) -> Floats | None:
    if row.amount is None:
        return None
    median, spread = row.amount
    return np.round(median * np.exp(spread * rng.standard_normal(size)), 2)
