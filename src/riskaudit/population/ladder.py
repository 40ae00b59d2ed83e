"""What follows from other events, and what social care writes from true need: referral, child in need, plan, care."""

from __future__ import annotations

import numpy as np

from riskaudit.population.event_rates import FollowUp
from riskaudit.population.happened import Happenings, eighteenth_birthday, first_of_each, pull_of
from riskaudit.population.plan import Plan
from riskaudit.population.world import Bools, Floats, Ints, World
from riskaudit.scenario import Agency

__all__ = ["RECORDED_OUTCOME", "following", "recorded_outcome"]

# What social care writes in the outcome window, which makes the label that models learn from.
RECORDED_OUTCOME = "child_in_need"


def following(plan: Plan, world: World, row: FollowUp, before: Happenings) -> Happenings:
    """Draw the events that follow some of the events given. Random by (area, agency, kind, what it follows).

    What would come after the window, after childhood, before the records begin or before birth is not seen. An event that
    leads up to one in the outcome window is itself in the outcome window, so that it gives nothing of it away. One that is part
    of the outcome does not follow from before the index date into the window: the outcome is what is drawn from true need.
    """
    rng = world.area.stream("events", row.agency.value, row.kind, row.after)
    person, since = before.person, before.day
    day = since + rng.integers(row.days[0], row.days[1] + 1, person.size)
    day = np.where(since > 0, np.maximum(day, 1), day)
    first = np.maximum(-plan.window.history, world.people.born[person])
    last = np.minimum(plan.window.outcome, eighteenth_birthday(world)[person])
    happens = rng.random(person.size) < _chances(plan, world, row, person, since, day)
    crosses = (since <= 0) & (day > 0) & row.outcome
    kept = np.flatnonzero(happens & (day > first) & (day <= last) & ~crosses)
    if row.once:
        kept = kept[first_of_each(person[kept], day[kept])]
    return Happenings.of(row.kind, person[kept], day[kept])


def recorded_outcome(plan: Plan, world: World, exposed: Bools) -> Happenings:
    """Draw what social care writes in the outcome window: part of true need, some of what is not, more where it looks more.

    This is label bias. The chance for a child is `recorded_need` or `recorded_without_need` times the family's surveillance,
    social care's readiness to decide and, where the family was flagged before, feedback; at most 1. Random by (area, social_care,
    "recorded_outcome").
    """
    rng, people, asked = (
        world.area.stream("events", Agency.SOCIAL_CARE.value, "recorded_outcome"),
        world.people,
        plan.agencies,
    )
    base = np.where(world.outcomes.in_need, asked.recorded_need, asked.recorded_without_need)
    flagged = np.exp(asked.feedback * (world.contact.flagged <= 0))
    looked_at = world.families.surveillance * world.contact.decisions[RECORDED_OUTCOME] * flagged
    seen = rng.random(people.family.size) < base * looked_at[people.family]
    last = np.clip(eighteenth_birthday(world), 1, plan.window.outcome)  # of adults no day is used
    day = 1 + rng.integers(0, last)
    person = np.flatnonzero(seen & exposed & people.child)
    return Happenings.of(RECORDED_OUTCOME, person, day[person])


def _chances(plan: Plan, world: World, row: FollowUp, person: Ints, since: Ints, day: Ints) -> Floats:
    """Return the chance that each event is followed: by needs on its own day, by an earlier flag on the day of what follows."""
    family = world.people.family[person]
    chance = row.share * np.exp(pull_of(world, row.effects, family, since.astype(float)))
    if row.watched:
        flagged = day > world.contact.flagged[family]
        chance = chance * world.families.surveillance[family] * np.exp(plan.agencies.feedback * flagged)
    if row.decided:
        chance = chance * world.contact.decisions[row.kind][family]
    return np.minimum(chance, 1.0)
