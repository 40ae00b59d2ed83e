"""What happens to people that an agency writes down: events by rate, by school term, after others, and from true need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from riskaudit.artefacts import EVENT_KINDS
from riskaudit.population.event_rates import ABSENCE, EVENT_RATES, FOLLOW_UPS, Absence, Count, EventRate, FollowUp
from riskaudit.population.plan import Plan
from riskaudit.population.window import YEAR, day_month_year
from riskaudit.population.world import Bools, Floats, Ints, World
from riskaudit.scenario import Agency
from riskaudit.scenario.population import NeedName

__all__ = ["RECORDED_OUTCOME", "Happenings", "draw_happenings"]

# What social care writes in the outcome window, which makes the label that models learn from.
RECORDED_OUTCOME = "child_in_need"

_ROLES = {(kind.agency, kind.id): kind.role for kind in EVENT_KINDS}


@dataclass(frozen=True)
class Happenings:
    """Events of one kind. One element per event: whose record it belongs on, the day, and the amount (NaN: none)."""

    kind: str
    person: Ints
    day: Ints
    amount: Floats

    @classmethod
    def of(cls, kind: str, person: Ints, day: Ints, amount: Floats | None = None) -> Happenings:
        """Return events, without an amount unless one is given."""
        return cls(kind, person, day, np.full(person.size, np.nan) if amount is None else amount)


def draw_happenings(plan: Plan, world: World, agency: Agency, exposed: Bools) -> list[Happenings]:
    """Return the agency's events on the people it could write about. Random by (area, agency, kind)."""
    found = [_by_rate(plan, world, row, exposed) for row in EVENT_RATES if row.agency is agency]
    if agency is ABSENCE.agency:
        found.append(_by_term(plan, world, ABSENCE, exposed))
    if agency is Agency.SOCIAL_CARE:
        found.append(_recorded_outcome(plan, world, exposed))
    for row in FOLLOW_UPS:
        if row.agency is agency:
            found.append(_following(plan, world, row, [events for events in found if events.kind == row.after]))
    return found


def _by_rate(plan: Plan, world: World, row: EventRate, exposed: Bools) -> Happenings:
    """Draw a Poisson process whose rate steps up and down as needs begin and end, by thinning (Lewis and Shedler 1979)."""
    rng, people = world.area.stream("events", row.agency.value, row.kind), world.people
    who = np.flatnonzero(exposed & (people.child == (_ROLES[row.agency, row.kind] == "child")))
    first, last = _span(plan, world, row, who)
    fastest = sum(
        (max(effect, 0.0) * world.needs.ever(need)[people.family] for need, effect in _known(world, row.effects)),
        np.zeros(people.family.size),
    )
    steady = np.where(people.male, row.male, 1.0) * (world.families.surveillance[people.family] if row.watched else 1.0)
    rate = row.per_year / YEAR * steady * np.exp(fastest)
    times = rng.poisson(rate[who] * (last - first))
    person = np.repeat(who, times)
    at = np.repeat(first, times) + rng.random(person.size) * np.repeat(last - first, times)
    kept = rng.random(person.size) < np.exp(_pull(world, row.effects, people.family[person], at) - fastest[person])
    person, day = person[kept], np.floor(at[kept]).astype(np.int64) + 1
    amount = _amounts(row, person.size, rng)
    if row.count is Count.FIRST:
        earliest = _first_of_each(person, day)
        person, day = person[earliest], day[earliest]
        amount = None if amount is None else amount[earliest]
    return Happenings.of(row.kind, person, day, amount)


def _span(plan: Plan, world: World, row: EventRate, who: Ints) -> tuple[Floats, Floats]:
    """Return from when to when something of this kind can happen to each person."""
    end = 0 if row.count is Count.HISTORY else plan.window.outcome
    born, child = world.people.born[who], world.people.child[who]
    first = np.where(child, born + row.ages[0] * YEAR, -np.inf)
    last = np.where(child, born + row.ages[1] * YEAR, np.inf)
    first = np.maximum(first, -plan.window.history)
    return first, np.maximum(np.minimum(last, end), first)


def _pull(world: World, effects: Mapping[NeedName, float], family: Ints, day: Floats) -> Floats:
    """Return the sum of the effects of the needs that each family has on the day beside it."""
    pull = np.zeros(family.size)
    for need, effect in _known(world, effects):
        pull += effect * world.needs.active(need, family, day)
    return pull


def _known(world: World, effects: Mapping[NeedName, float]) -> list[tuple[NeedName, float]]:
    return [(need, effect) for need, effect in effects.items() if need in world.needs.began]


def _amounts(row: EventRate, size: int, rng: np.random.Generator) -> Floats | None:
    if row.amount is None:
        return None
    median, spread = row.amount
    return np.round(median * np.exp(spread * rng.standard_normal(size)), 2)


def _first_of_each(person: Ints, day: Ints) -> Ints:
    """Return the places of each person's earliest event."""
    order = np.lexsort((day, person))
    _, first = np.unique(person[order], return_index=True)
    return order[first]


def _by_term(plan: Plan, world: World, row: Absence, exposed: Bools) -> Happenings:
    """Draw the percent of sessions that each pupil missed in each term that ends in the window."""
    rng, people = world.area.stream("events", row.agency.value, row.kind), world.people
    ends = _term_ends(plan, row)
    who = np.flatnonzero(exposed & people.child)
    age = (ends - people.born[who, None]) / YEAR
    pupil, term = np.nonzero((age >= row.ages[0]) & (age < row.ages[1]))
    own = row.between_pupils * rng.standard_normal(who.size)
    person, day = who[pupil], ends[term]
    log_odds = row.intercept + own[pupil] + row.between_terms * rng.standard_normal(pupil.size)
    missed = expit(log_odds + _pull(world, row.effects, people.family[person], day.astype(float)))
    return Happenings.of(row.kind, person, day, np.round(100 * missed, 1))


def _term_ends(plan: Plan, row: Absence) -> Ints:
    """Return the days in the window on which a school term ends."""
    days = np.arange(-plan.window.history + 1, plan.window.outcome + 1)
    day, month, _ = day_month_year(plan.window.dates(days))
    return days[np.isin(month * 100 + day, [of_month * 100 + on for of_month, on in row.term_ends])]


def _following(plan: Plan, world: World, row: FollowUp, before: list[Happenings]) -> Happenings:
    """Draw the events that follow some of the events given. What would come after the window or childhood is not seen."""
    rng = world.area.stream("events", row.agency.value, row.kind)
    person = np.concatenate([events.person for events in before])
    least, most = row.days
    day = np.concatenate([events.day for events in before]) + rng.integers(least, most + 1, person.size)
    last = np.minimum(plan.window.outcome, _eighteenth_birthday(world)[person])
    follows = (rng.random(person.size) < row.share) & (day <= last)
    return Happenings.of(row.kind, person[follows], day[follows])


def _recorded_outcome(plan: Plan, world: World, exposed: Bools) -> Happenings:
    """Draw what social care writes in the outcome window: part of true need, some of what is not, more where it looks more.

    This is label bias. The chance for a child is `recorded_need` or `recorded_without_need` times the family's surveillance,
    at most 1. Random by (area, social_care, "recorded_outcome").
    """
    rng, people, asked = (
        world.area.stream("events", Agency.SOCIAL_CARE.value, "recorded_outcome"),
        world.people,
        plan.agencies,
    )
    base = np.where(world.outcomes.in_need, asked.recorded_need, asked.recorded_without_need)
    seen = rng.random(people.family.size) < base * world.families.surveillance[people.family]
    last = np.clip(_eighteenth_birthday(world), 1, plan.window.outcome)  # of adults no day is used
    day = 1 + rng.integers(0, last)
    person = np.flatnonzero(seen & exposed & people.child)
    return Happenings.of(RECORDED_OUTCOME, person, day[person])


def _eighteenth_birthday(world: World) -> Ints:
    """Return the day on which each person turns, or turned, eighteen."""
    return world.people.born + int(18 * YEAR)
