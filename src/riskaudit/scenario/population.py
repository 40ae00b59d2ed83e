"""The `[population]` section: how many families there are, who they are and what they need."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, field_validator

from riskaudit.scenario.section import Section, Share

__all__ = ["EthnicGroup", "NeedDomain", "NeedSection", "PopulationSection", "default_groups"]


class EthnicGroup(Section):
    """One ethnic group of the population: its size, where and how its families live, how its names are made."""

    label: Annotated[str, Field(min_length=1, max_length=60)]
    """The group's name on reports."""
    share: Share
    """Share of children. The shares of all groups sum to 1."""
    most_deprived_40: Share = 0.4
    """Share of families who live in the most deprived 40% of neighbourhoods."""
    social_rented: Share = 0.17
    """Share of families who rent from a council or housing association."""
    lone_parent: Share = 0.22
    """Share of families with one parent."""
    naming: dict[str, Annotated[float, Field(gt=0)]] = {"en_GB": 1.0}
    """Naming-convention pools and their weights. A pool is a way of naming, never a test of who somebody is."""


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


def default_groups() -> dict[str, EthnicGroup]:
    """Return the ethnic groups of the default population. `scenarios/early_help.toml` gives each figure's source."""
    return {
        "white": EthnicGroup(label="White", share=0.72, most_deprived_40=0.36, social_rented=0.16,
                             naming={"en_GB": 0.92, "pl_PL": 0.05, "ro_RO": 0.03}),
        "mixed": EthnicGroup(label="Mixed", share=0.07, most_deprived_40=0.48, social_rented=0.27, lone_parent=0.35,
                             naming={"en_GB": 0.8, "en_NG": 0.1, "en_IN": 0.1}),
        "indian": EthnicGroup(label="Indian", share=0.04, most_deprived_40=0.35, social_rented=0.05, lone_parent=0.1,
                              naming={"en_IN": 1.0}),
        "pakistani": EthnicGroup(label="Pakistani", share=0.05, most_deprived_40=0.75, social_rented=0.13,
                                 lone_parent=0.15, naming={"en_PK": 1.0}),
        "bangladeshi": EthnicGroup(label="Bangladeshi", share=0.02, most_deprived_40=0.75, social_rented=0.34,
                                   lone_parent=0.15, naming={"bangladeshi": 1.0}),
        "other_asian": EthnicGroup(label="Chinese and other Asian", share=0.03, most_deprived_40=0.4,
                                   social_rented=0.12, lone_parent=0.14, naming={"chinese": 0.4, "en_IN": 0.6}),
        "black_african": EthnicGroup(label="Black African", share=0.05, most_deprived_40=0.75, social_rented=0.44,
                                     lone_parent=0.4, naming={"en_NG": 0.6, "tw_GH": 0.2, "somali": 0.2}),
        "black_caribbean": EthnicGroup(label="Black Caribbean", share=0.02, most_deprived_40=0.75, social_rented=0.44,
                                       lone_parent=0.5, naming={"en_GB": 1.0}),
    }  # fmt: skip


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
