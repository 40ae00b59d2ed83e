"""What a school writes down by the calendar: absence each term, free school meals at the yearly census."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from riskaudit.population.event_rates import Absence, Census
from riskaudit.population.happened import Happenings, pull_of
from riskaudit.population.plan import Plan
from riskaudit.population.window import YEAR, day_month_year
from riskaudit.population.world import Bools, Ints, World

__all__ = ["absences", "free_meals"]


def absences(plan: Plan, world: World, row: Absence, exposed: Bools) -> Happenings:
    """Draw the percent of sessions that each pupil missed in each term that ends in the window."""
    rng, people = world.area.stream("events", row.agency.value, row.kind), world.people
    who = np.flatnonzero(exposed & people.child)
    ends = _days_on(plan, row.term_ends)
    pupil, term = _of_age(world, who, ends, row.ages)
    own = row.between_pupils * rng.standard_normal(who.size)
    person, day = who[pupil], ends[term]
    family = people.family[person]
    log_odds = row.intercept + own[pupil] + row.between_terms * rng.standard_normal(pupil.size)
    log_odds += row.free_meals * world.contact.free_meals[family]
    missed = expit(log_odds + pull_of(world, row.effects, family, day.astype(float)))
    return Happenings.of(row.kind, person, day, np.round(100 * missed, 1))


def free_meals(plan: Plan, world: World, row: Census, exposed: Bools) -> Happenings:
    """Return who has free school meals at each yearly census. Nothing is random."""
    people = world.people
    who = np.flatnonzero(exposed & people.child & world.contact.free_meals[people.family])
    days = _days_on(plan, (row.on,))
    pupil, census = _of_age(world, who, days, row.ages)
    return Happenings.of(row.kind, who[pupil], days[census])


def _of_age(world: World, who: Ints, days: Ints, ages: tuple[float, float]) -> tuple[Ints, Ints]:
    """Return the places of pupils and days at which the pupil is of an age for it."""
    age = (days - world.people.born[who, None]) / YEAR
    place, day = np.nonzero((age >= ages[0]) & (age < ages[1]))
    return place, day


def _days_on(plan: Plan, month_days: tuple[tuple[int, int], ...]) -> Ints:
    """Return the days in the window that fall on one of the months and days given."""
    days = np.arange(-plan.window.history + 1, plan.window.outcome + 1)
    day, month, _ = day_month_year(plan.window.dates(days))
    return days[np.isin(month * 100 + day, [of_month * 100 + on for of_month, on in month_days])]
