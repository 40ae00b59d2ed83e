"""The `[audit.workers]` section: what workers who look at families change about the list."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from riskaudit.scenario.group_variable import GroupVariable
from riskaudit.scenario.section import Section, Share

__all__ = ["WorkerChances", "WorkersSection"]


class WorkerChances(Section):
    """How workers decide about families of one group; what is left out is as for everybody."""

    keep_in_need: Share | None = None
    """Chance that a flag on a family in true need is kept. Probability, 0 to 1."""
    drop_not_in_need: Share | None = None
    """Chance that a flag on a family not in need is dropped. Probability, 0 to 1."""
    add_in_need: Share | None = None
    """Chance that a family in true need just below the line is put on the list. Probability, 0 to 1."""
    add_not_in_need: Share | None = None
    """Chance that a family not in need just below the line is put on the list. Probability, 0 to 1."""
    follow_score: Share | None = None
    """Share of families at which a worker follows the score without a look of their own. Share, 0 to 1."""


class WorkersSection(Section):
    """Workers who look at families and may overrule the list. They see something of the true need, so this is simulated and only
    the audit has it. Every default is an assumption."""  # noqa: D205, D209

    keep_in_need: Share = 0.9
    """Chance that a worker who looks at a flagged family in true need keeps the flag. Probability, 0 to 1."""
    drop_not_in_need: Share = 0.4
    """Chance that a worker who looks at a flagged family not in need drops the flag. Probability, 0 to 1."""
    add_in_need: Share = 0.2
    """Chance that a worker puts a family in true need on the list that is just below the line. Probability, 0 to 1."""
    add_not_in_need: Share = 0.05
    """Chance that a worker puts a family not in need on the list that is just below the line. Probability, 0 to 1."""
    near: Annotated[float, Field(ge=0, le=20)] = 1.0
    """How many families are just below the line: the highest-scored of the unflagged, as a multiple of the number flagged."""
    follow_score: Share = 0.3
    """Share of families at which a worker follows the score without a look of their own. Share, 0 to 1."""
    group: GroupVariable | None = None
    """The characteristic by whose levels workers differ."""
    levels: dict[str, WorkerChances] = {}
    """Level, as the audit's tables write it (such as "Black") -> what is different for its families."""

    @model_validator(mode="after")
    def _levels_of_a_group(self) -> WorkersSection:
        if (self.group is None) != (not self.levels):
            raise ValueError("group and levels go together: the characteristic, and what is different for its levels")
        return self
