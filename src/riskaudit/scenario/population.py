"""The `[population]` section: how many families there are, who they are and what they need."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, field_validator

from riskaudit.scenario.ethnic_groups import EthnicGroup, default_groups
from riskaudit.scenario.section import Section, Share

__all__ = ["NeedDomain", "NeedName", "NeedSection", "PopulationSection"]


class NeedDomain(Section):
    """One domain of need: how common it is and what it goes with."""

    prevalence: Share
    """Share of families with this need in the outcome window. Share, 0 to 1."""
    deprivation: Annotated[float, Field(ge=-5, le=5)] = 0.0
    """Log odds ratio of the most against the least deprived tenth of neighbourhoods."""
    lone_parent: Annotated[float, Field(ge=-5, le=5)] = 0.0
    """Log odds ratio of one parent against two."""
    weight: Annotated[float, Field(ge=0, le=5)] = 1.0
    """How strongly the need raises the log odds that a child in the family is in need of help."""


class NeedName(StrEnum):
    """The domains of need."""

    DOMESTIC_ABUSE = "domestic_abuse"
    PARENTAL_MENTAL_HEALTH = "parental_mental_health"
    SUBSTANCE_USE = "substance_use"
    SAFETY = "safety"
    SCHOOL = "school"
    MONEY = "money"
    HOUSING = "housing"


class NeedSection(Section):
    """What families truly need. Sealed: only the evaluation may look at it."""

    child_in_need: Annotated[float, Field(gt=0, lt=1)] = 0.06
    """Share of children who truly need help in the outcome window. Share, 0 to 1."""
    unexplained: Annotated[float, Field(ge=0, le=3)] = 0.3
    """How much need has causes that no record shows: standard deviation of a family's own log odds."""
    domains: dict[NeedName, NeedDomain] = {
        NeedName.DOMESTIC_ABUSE: NeedDomain(prevalence=0.08, deprivation=0.9, lone_parent=0.6, weight=2.4),
        NeedName.PARENTAL_MENTAL_HEALTH: NeedDomain(prevalence=0.12, deprivation=0.7, lone_parent=0.4, weight=1.7),
        NeedName.SUBSTANCE_USE: NeedDomain(prevalence=0.04, deprivation=0.9, lone_parent=0.3, weight=2.4),
        NeedName.SAFETY: NeedDomain(prevalence=0.04, deprivation=1.0, lone_parent=0.3, weight=3.2),
        NeedName.SCHOOL: NeedDomain(prevalence=0.12, deprivation=0.9, lone_parent=0.4, weight=1.2),
        NeedName.MONEY: NeedDomain(prevalence=0.25, deprivation=1.8, lone_parent=1.0, weight=0.6),
        NeedName.HOUSING: NeedDomain(prevalence=0.08, deprivation=1.2, lone_parent=0.6, weight=1.0),
    }
    """The domains of need, each with its own prevalence and pattern."""


class PopulationSection(Section):
    """How many families there are, who they are and what they need."""

    families: Annotated[int, Field(ge=50, le=2_000_000)] = 5_000
    """How many families with dependent children to make."""
    area_families: Annotated[int, Field(ge=50, le=50_000)] = 1_000
    """How many families an area has. Each area is made by itself from its own random stream."""
    moved_since: Share = 0.12
    """Share of families who have moved since an agency last wrote down their address."""
    groups: Annotated[dict[str, EthnicGroup], Field(min_length=1)] = default_groups()
    """The ethnic groups, by id."""
    need: NeedSection = NeedSection()
    """What families truly need."""

    @field_validator("groups")
    @classmethod
    def _shares_sum(cls, value: dict[str, EthnicGroup]) -> dict[str, EthnicGroup]:
        total = sum(group.share for group in value.values())
        if abs(total - 1) > 1e-6:
            raise ValueError(f"the shares of all groups sum to {total:.4g}, not 1")
        return value
