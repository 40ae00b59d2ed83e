"""What families truly need, and which children are truly in need of help."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from riskaudit.population.calibration import CHILD_SPREAD
from riskaudit.population.cells import deprivation
from riskaudit.population.plan import Plan
from riskaudit.population.window import YEAR
from riskaudit.population.world import Area, Families, Floats, Needs, Outcomes, People
from riskaudit.scenario.population import NeedName

__all__ = ["ENDED_PER_CURRENT", "draw_needs", "draw_outcomes"]

# Assumptions. A need that has ended leaves events behind: it is what makes 'ever' features say more about the past than now.
MEAN_DURATION = 3.0  # years from a need's beginning to the index date, or to its end
MEAN_SINCE_END = 2.0  # years from the end of a need that is over to the index date
ENDED_PER_CURRENT = 0.5  # chance of a need that is over, as a multiple of the chance of having it now


def draw_needs(plan: Plan, area: Area, families: Families) -> Needs:
    """Return when each family's needs began and ended. Random by (area, "needs", domain) and (area, "needs", "shared").

    A need now is a logistic function of deprivation (steeper or flatter by ethnic group, where the scenario says so), lone
    parenthood, poverty, and what the family's domains share.
    """
    shared = plan.population.need.shared * area.stream("needs", "shared").standard_normal(families.group.size)
    began, ended = {}, {}
    for name in plan.population.need.domains:
        began[name], ended[name] = _one_domain(plan, area, families, name, shared)
    return Needs(began, ended)


def draw_outcomes(plan: Plan, area: Area, families: Families, people: People, needs: Needs) -> Outcomes:
    """Return each child's true chance of being in need of help in the outcome window, whether it is, and whether it is harmed.

    The log odds add up the weights of the family's needs, what the family has of its own (standard deviation `unexplained`)
    and what the child has of its own. Random by (area, "outcomes") and (area, "harm").
    """
    rng, need = area.stream("outcomes"), plan.population.need
    log_odds = plan.calibration.risk + need.unexplained * rng.standard_normal(families.group.size)
    for name, domain in need.domains.items():
        log_odds = log_odds + domain.weight * needs.current(name)
    own = CHILD_SPREAD * rng.standard_normal(people.family.size)
    risk = np.where(people.child, expit(log_odds[people.family] + own), np.nan)
    in_need = people.child & (rng.random(risk.size) < risk)
    chance = np.where(in_need, need.harmed_in_need, need.harmed_otherwise)
    return Outcomes(risk, in_need, people.child & (area.stream("harm").random(risk.size) < chance))


def _one_domain(plan: Plan, area: Area, families: Families, name: NeedName, shared: Floats) -> tuple[Floats, Floats]:
    rng, domain, size = area.stream("needs", name.value), plan.population.need.domains[name], families.group.size
    chance = expit(
        plan.calibration.needs[name]
        + (domain.deprivation + plan.need_gradients[families.group]) * deprivation(families.decile)
        + domain.lone_parent * families.lone
        + domain.poverty * families.poor
        + domain.disability * families.disability
        + shared
    )
    now = rng.random(size) < chance
    over = ~now & (rng.random(size) < ENDED_PER_CURRENT * chance)
    since_end = 1 + np.floor(rng.exponential(MEAN_SINCE_END * YEAR, size))
    lasted = 1 + np.floor(rng.exponential(MEAN_DURATION * YEAR, size))
    began = np.where(now, -lasted, np.where(over, -since_end - lasted, np.inf))
    return began, np.where(over, -since_end, np.inf)
