"""The `[population]` section: how many families there are, who they are and what they need."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, field_validator

from riskaudit.scenario.ethnic_groups import EthnicGroup, default_groups
from riskaudit.scenario.section import Section, Share

__all__ = ["NeedDomain", "NeedName", "NeedSection", "PopulationSection", "PovertySection"]


class NeedDomain(Section):
    """One domain of need: how common it is and what it goes with."""

    prevalence: Share
    """Share of families with this need in the outcome window. Share, 0 to 1."""
    deprivation: Annotated[float, Field(ge=-5, le=5)] = 0.0
    """Log odds ratio of the most against the least deprived tenth of neighbourhoods."""
    lone_parent: Annotated[float, Field(ge=-5, le=5)] = 0.0
    """Log odds ratio of one parent against two."""
    poverty: Annotated[float, Field(ge=-5, le=5)] = 0.0
    """Log odds ratio of families in poverty against others."""
    disability: Annotated[float, Field(ge=-5, le=5)] = 0.0
    """Log odds ratio of families with a disabled person against others."""
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


def default_domains() -> dict[NeedName, NeedDomain]:
    """Return the domains of need of a scenario that names none. Every figure is an assumption."""
    rows = {  # prevalence; log odds ratios of deprivation, one parent, poverty, disability; weight
        NeedName.DOMESTIC_ABUSE: (0.08, 0.9, 0.6, 0.4, 0.2, 2.4),
        NeedName.PARENTAL_MENTAL_HEALTH: (0.12, 0.7, 0.4, 0.4, 0.6, 1.7),
        NeedName.SUBSTANCE_USE: (0.04, 0.9, 0.3, 0.4, 0.2, 2.4),
        NeedName.SAFETY: (0.04, 1.0, 0.3, 0.4, 0.2, 3.2),
        NeedName.SCHOOL: (0.12, 0.9, 0.4, 0.4, 0.6, 1.2),
        NeedName.MONEY: (0.25, 0.8, 0.4, 2.6, 0.3, 0.6),
        NeedName.HOUSING: (0.08, 1.0, 0.4, 0.8, 0.2, 1.0),
    }
    keys = ("prevalence", "deprivation", "lone_parent", "poverty", "disability", "weight")
    return {name: NeedDomain(**dict(zip(keys, row, strict=True))) for name, row in rows.items()}


class NeedSection(Section):
    """What families truly need. Sealed: only the evaluation may look at it."""

    child_in_need: Annotated[float, Field(gt=0, lt=1)] = 0.06
    """Share of children who truly need help in the outcome window. Share, 0 to 1."""
    harmed_in_need: Share = 0.08
    """Of children truly in need, the share who come to serious harm in the outcome window."""
    harmed_otherwise: Share = 0.001
    """Of the other children, the share who come to serious harm in the outcome window."""
    shared: Annotated[float, Field(ge=0, le=3)] = 0.6
    """How far needs come together in the same families: standard deviation of what a family's domains share, in log odds."""
    unexplained: Annotated[float, Field(ge=0, le=3)] = 0.3
    """How much need has causes that no record shows: standard deviation of a family's own log odds."""
    domains: dict[NeedName, NeedDomain] = default_domains()
    """The domains of need, each with its own prevalence and pattern."""


class PovertySection(Section):
    """How many children live in poverty (relative low income after housing costs), and in which families.

    All shares are met together. Where the shares by ethnic group do not add up to `children`, the odds of every group are
    multiplied alike until they do; shares given that would move by more than 0.1 are refused.
    """

    children: Annotated[float, Field(gt=0, lt=1)] = 0.29
    """Share of children in poverty."""
    groups: dict[str, Annotated[float, Field(gt=0, lt=1)]] = {"Asian": 0.47, "Black": 0.53, "White": 0.25}
    """Share of children in poverty by broad ethnic group. Groups left out: `children`."""
    lone_parent: Annotated[float, Field(gt=0, lt=1)] = 0.44
    """Share of lone parents' children in poverty."""
    three_or_more: Annotated[float, Field(gt=0, lt=1)] = 0.42
    """Share in poverty of children in families with three or more."""
    disability: Annotated[float, Field(gt=0, lt=1)] = 0.36
    """Share in poverty of children in families with a disabled person."""
    deprivation: Annotated[float, Field(ge=-5, le=5)] = 1.5
    """Log odds ratio of the most against the least deprived tenth of neighbourhoods."""


class PopulationSection(Section):
    """How many families there are, who they are and what they need."""

    families: Annotated[int, Field(ge=50, le=2_000_000)] = 5_000
    """How many families with dependent children to make."""
    area_families: Annotated[int, Field(ge=50, le=50_000)] = 1_000
    """How many families an area has. Each area is made by itself from its own random stream."""
    area_difference: Share = 0.2
    """How far areas differ in deprivation: the share of families' differences in it that lies between areas. 0: every area has
    the same mix of neighbourhoods; 1: an area's families all live alike."""
    moved_since: Share = 0.12
    """Share of families who have moved since an agency last wrote down their address."""
    groups: Annotated[dict[str, EthnicGroup], Field(min_length=1)] = default_groups()
    """The ethnic groups, by id."""
    poverty: PovertySection = PovertySection()
    """How many children live in poverty, and in which families."""
    need: NeedSection = NeedSection()
    """What families truly need."""

    @property
    def group_names(self) -> dict[str, dict[str, str]]:
        """Ethnic group id -> its name on tables, for the broader grouping and for the groups themselves."""
        return {
            "ethnicity": {name: group.broad_label for name, group in self.groups.items()},
            "ethnicity_detail": {name: group.label for name, group in self.groups.items()},
        }

    @field_validator("groups")
    @classmethod
    def _shares_sum(cls, value: dict[str, EthnicGroup]) -> dict[str, EthnicGroup]:
        total = sum(group.share for group in value.values())
        if abs(total - 1) > 1e-6:
            raise ValueError(f"the shares of all groups sum to {total:.4g}, not 1")
        return value

    @field_validator("groups")
    @classmethod
    def _labels_differ(cls, value: dict[str, EthnicGroup]) -> dict[str, EthnicGroup]:
        labels = [group.label for group in value.values()]
        if twice := sorted({label for label in labels if labels.count(label) > 1}):
            raise ValueError(
                f"two groups have the label {' and '.join(map(repr, twice))}, so no report could tell them apart"
            )
        return value
