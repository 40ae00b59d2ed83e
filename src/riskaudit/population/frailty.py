"""Why some people's records go wrong more often than their family's."""

from __future__ import annotations

import numpy as np

from riskaudit.population.plan import Plan
from riskaudit.population.world import Area, Floats, People

__all__ = ["draw_frailty"]


def draw_frailty(plan: Plan, area: Area, people: People) -> Floats:
    """Return each person's multiplier of errors: log-normal with mean 1. Random by (area, "person_frailty").

    One multiplier holds in every agency, so that errors on the same person go together across agencies.
    """
    spread = plan.errors.person_frailty
    return np.exp(spread * area.stream("person_frailty").standard_normal(people.role.size) - spread**2 / 2)
