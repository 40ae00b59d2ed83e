"""What families' contact with agencies depends on besides need and surveillance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from scipy.special import expit

from riskaudit.population.cells import deprivation
from riskaudit.population.happenings import first_flags
from riskaudit.population.plan import Plan
from riskaudit.population.world import Area, Bools, Contact, Families, Floats, Needs, World
from riskaudit.scenario.population import NeedName

__all__ = ["FREE_MEALS", "draw_contact", "with_feedback"]

# Log odds of free school meals: intercept, by a need for money now, by deprivation, by one parent. The intercept is fitted to
# 24.6% of pupils (Department for Education, 2024; see `bench/fit_rates.py`); the others are assumptions.
FREE_MEALS = (-2.80, 1.8, 1.6, 0.6)


def draw_contact(plan: Plan, area: Area, families: Families, needs: Needs) -> Contact:
    """Return who has free school meals, who stays away and who opted out. Random by (area, what is drawn)."""
    asked, size = plan.agencies, families.group.size
    never = np.full(size, np.inf)
    return Contact(
        free_meals=area.stream("free_meals").random(size) < _free_meals(families, needs),
        avoids=_chosen(plan, area.stream("avoidance"), families, asked.avoidance, asked.avoidance_groups),
        opted_out={
            agency: _chosen(plan, area.stream("consent", agency.value), families, share, asked.opt_out_groups)
            for agency, share in asked.opt_out.items()
        },
        threshold=_threshold(plan, families),
        flagged=never,
    )


def with_feedback(plan: Plan, world: World) -> World:
    """Return the world with the day from which each family is looked at more, if the scenario asks for feedback."""
    if plan.agencies.feedback == 0:
        return world
    return replace(world, contact=replace(world.contact, flagged=first_flags(plan, world)))


def _free_meals(families: Families, needs: Needs) -> Floats:
    intercept, by_money, by_deprivation, by_lone = FREE_MEALS
    log_odds = intercept + by_deprivation * deprivation(families.decile) + by_lone * families.lone
    return expit(log_odds + by_money * needs.current(NeedName.MONEY) if NeedName.MONEY in needs.began else log_odds)


def _chosen(
    plan: Plan, rng: np.random.Generator, families: Families, share: float, multipliers: Mapping[str, float]
) -> Bools:
    """Return which families do what a share of them does, times their group's multiplier."""
    of_group = np.array([min(1.0, share * multipliers.get(group, 1.0)) for group in plan.groups])
    chosen: Bools = rng.random(families.group.size) < of_group[families.group]
    return chosen


def _threshold(plan: Plan, families: Families) -> float:
    """Return how readily social care acts here. Half way, at 1, is an area spread evenly over all tenths of neighbourhoods."""
    return float(np.exp(plan.agencies.threshold_by_area_deprivation * (0.5 - deprivation(families.decile).mean())))
