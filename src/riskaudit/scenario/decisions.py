"""The `[agencies.decisions]` tables: how readily social care decides, at the same need and the same surveillance."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from riskaudit.scenario.section import Section

__all__ = ["Decision", "DecisionSection", "LogRateRatio", "default_decisions"]

LogRateRatio = Annotated[float, Field(ge=-3, le=3)]


class Decision(StrEnum):
    """What social care decides on, step by step. Named as the event that is recorded."""

    CHILD_IN_NEED = "child_in_need"
    CHILD_PROTECTION_PLAN = "child_protection_plan"
    CARE_ENTRY = "care_entry"


class DecisionSection(Section):
    """How one decision differs between families who have the same needs and are looked at as much.

    Its average over all families is 1, so deciding more readily for some is deciding less readily for others.
    """

    deprivation: LogRateRatio = 0.0
    """Log rate ratio of the decision, most against least deprived tenth of neighbourhoods."""
    groups: dict[str, LogRateRatio] = {}
    """Log rate ratio by ethnic group id, in the least deprived tenth. Groups left out: 0."""
    gradient_groups: dict[str, LogRateRatio] = {}
    """By ethnic group id, what is added to `deprivation` for families of that group. Groups left out: 0."""


def default_decisions() -> dict[Decision, DecisionSection]:
    """Return the decisions that bring a default population near the published rates of plans and care by group.

    Nobody has published how much of those differences is need and how much is deciding. Here all that need and surveillance
    leave over is put into deciding: an assumption, made where it can be seen and turned off.
    """
    return {
        Decision.CHILD_PROTECTION_PLAN: DecisionSection(deprivation=1.7),
        Decision.CARE_ENTRY: DecisionSection(
            deprivation=-0.2,
            groups={
                "indian": -2.1, "pakistani": -2.0, "bangladeshi": -0.9, "chinese": -0.8, "other_asian": -0.8,
                "black_african": 0.6, "black_caribbean": 0.8, "other_black": 1.2,
            },
            gradient_groups={"black_african": -1.8, "black_caribbean": -1.8, "other_black": -1.8},
        ),
    }  # fmt: skip
