"""What families' contact with agencies depends on besides need and surveillance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from scipy.special import expit

from riskaudit.population.cells import deprivation
from riskaudit.population.happenings import first_flags
from riskaudit.population.plan import Plan
from riskaudit.population.world import Area, Bools, Contact, Families, Floats, World
from riskaudit.scenario import Decision

__all__ = ["FREE_MEALS", "draw_contact", "with_feedback"]

# Log odds of free school meals: intercept, by poverty, by deprivation, by one parent. The intercept is fitted to 24.6% of pupils
# (Department for Education, 2024; see `bench/fit_rates.py`); the others are assumptions.
FREE_MEALS = (-3.1, 2.6, 1.2, 0.5)


def draw_contact(plan: Plan, area: Area, families: Families) -> Contact:
    """Return who has free school meals, who stays away and who opted out. Random by (area, what is drawn)."""
    asked, size = plan.agencies, families.group.size
    never = np.full(size, np.inf)
    return Contact(
        free_meals=area.stream("free_meals").random(size) < _free_meals(families),
        avoids=_chosen(plan, area.stream("avoidance"), families, asked.avoidance, asked.avoidance_groups),
        opted_out={
            agency: _chosen(plan, area.stream("consent", agency.value), families, share, asked.opt_out_groups)
            for agency, share in asked.opt_out.items()
        },
        decisions=_decisions(plan, families),
        flagged=never,
    )


def with_feedback(plan: Plan, world: World) -> World:
    """Return the world with the day from which each family is looked at more, if the scenario asks for feedback."""
    if plan.agencies.feedback == 0:
        return world
    return replace(world, contact=replace(world.contact, flagged=first_flags(plan, world)))


def _free_meals(families: Families) -> Floats:
    intercept, by_poverty, by_deprivation, by_lone = FREE_MEALS
    by_need = by_poverty * families.poor + by_deprivation * deprivation(families.decile) + by_lone * families.lone
    chance: Floats = expit(intercept + by_need)
    return chance


def _chosen(
    plan: Plan, rng: np.random.Generator, families: Families, share: float, multipliers: Mapping[str, float]
) -> Bools:
    """Return which families do what a share of them does, times their group's multiplier."""
    of_group = np.array([min(1.0, share * multipliers.get(group, 1.0)) for group in plan.groups])
    chosen: Bools = rng.random(families.group.size) < of_group[families.group]
    return chosen


def _decisions(plan: Plan, families: Families) -> dict[str, Floats]:
    """Return how readily social care decides about each family, here: an area spread evenly over all tenths is half way."""
    here = np.exp(plan.agencies.threshold_by_area_deprivation * (0.5 - deprivation(families.decile).mean()))
    same = np.full(families.group.size, here)
    unequal = plan.calibration.decisions
    return {
        decision.value: same * unequal[decision].rate(families.group, families.decile) if decision in unequal else same
        for decision in Decision
    }
