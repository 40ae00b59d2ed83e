"""The `[audit]` section: which groups are compared, and how sure intervals are."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from riskaudit.scenario.group_variable import GroupVariable
from riskaudit.scenario.section import Section
from riskaudit.scenario.workers import WorkersSection

__all__ = ["AuditSection", "GroupVariable"]


class AuditSection(Section):
    """Which groups are compared, and how sure intervals are."""

    groups: Annotated[tuple[GroupVariable, ...], Field(min_length=1)] = tuple(
        variable for variable in GroupVariable if variable is not GroupVariable.ETHNIC_DETAIL
    )
    """The characteristics to split by. `ethnicity` is the groups' broader grouping; `ethnicity_detail`, the groups themselves,
    is for large populations."""
    confidence: Annotated[float, Field(ge=0.5, le=0.999)] = 0.95
    """Nominal coverage of the intervals of the audit, the explanations and the answers. Probability, 0 to 1."""
    bands: Annotated[int, Field(ge=2, le=20)] = 10
    """How many score bands the calibration table has."""
    by_intersection: Annotated[int, Field(ge=1, le=3)] = 1
    """Up to how many characteristics are crossed with each other: 2 measures every pair too, such as Black lone parents."""
    reference: dict[GroupVariable, str] = {}
    """Characteristic -> the level that its others are compared with, as tables name it: `{ ethnicity = "White" }`. Left out:
    everyone else."""
    workers: WorkersSection | None = None
    """Workers who look at families and may overrule the list. Left out: the list is what the model says."""
