"""The `[agencies]` and `[errors]` sections: who holds records, how unequal contact is, how records go wrong."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, field_validator

from riskaudit.scenario.section import Multiplier, Section, Share

__all__ = ["AgenciesSection", "Agency", "ErrorsSection"]


class Agency(StrEnum):
    """The agencies that can hold records on a family."""

    GP = "gp"
    HEALTH_VISITING = "health_visiting"
    SCHOOL = "school"
    EARLY_HELP = "early_help"
    SOCIAL_CARE = "social_care"
    POLICE = "police"
    HOUSING = "housing"
    BENEFITS = "benefits"


class AgenciesSection(Section):
    """Which agencies' records are linked, and how contact with them depends on more than need.

    Surveillance multiplies the events that somebody outside the family decides to see or to write down, such as a referral
    or a sanction. Its average over all families is 1, so raising it for some lowers it for others.
    """

    linked: Annotated[tuple[Agency, ...], Field(min_length=2)] = tuple(Agency)
    """The agencies whose records are linked."""
    spine: Agency = Agency.GP
    """The agency whose list of people every other agency is linked to. It must be one of `linked`."""
    surveillance_deprivation: Annotated[float, Field(ge=-3, le=3)] = 0.5
    """Extra contact at the same need: log rate ratio of the most against the least deprived tenth of neighbourhoods."""
    surveillance_groups: dict[str, Annotated[float, Field(ge=-3, le=3)]] = {}
    """Extra contact at the same need, by ethnic group id: log rate ratio against the average. Groups left out: 0."""
    recorded_need: Share = 0.6
    """Label bias: of children truly in need, the share that social care records in the outcome window at average contact."""
    recorded_without_need: Share = 0.02
    """Label bias: of children not in need, the share that social care records all the same at average contact."""

    @field_validator("linked")
    @classmethod
    def _once_each(cls, value: tuple[Agency, ...]) -> tuple[Agency, ...]:
        if len(set(value)) < len(value):
            raise ValueError("lists an agency twice")
        return value


class ErrorsSection(Section):
    """How often identities are written down wrongly, and how that differs by agency and group."""

    level: Multiplier = 1.0
    """Multiplies every error rate. 0 means perfect records."""
    group_difference: Annotated[float, Field(ge=0, le=3)] = 1.0
    """How far groups differ: 0 makes all groups equal, 1 uses `groups` as given, 2 doubles the gap on the log scale."""
    frailty: Annotated[float, Field(ge=0, le=2)] = 0.5
    """How far errors cluster on the same families: standard deviation of a log-normal multiplier with mean 1."""
    agencies: dict[Agency, Multiplier] = {}
    """Error-rate multiplier by agency. Agencies left out: 1."""
    groups: dict[str, Multiplier] = {}
    """Error-rate multiplier by ethnic group id. Groups left out: 1."""
    rates: dict[str, Share] = {}
    """Default rate by error name, in place of the built-in one. `riskaudit schema` lists the names. Left out, `old_address`
    has the population's `moved_since`."""
