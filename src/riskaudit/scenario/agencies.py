"""The `[agencies]` and `[errors]` sections: who holds records, how unequal contact is, how records go wrong."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, field_validator

from riskaudit.scenario.decisions import Decision, DecisionSection, LogRateRatio, default_decisions
from riskaudit.scenario.section import Multiplier, Section, Share

__all__ = ["SPINES", "AgenciesSection", "Agency", "ErrorsSection"]


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
    AE = "ae"
    YOUTH_JUSTICE = "youth_justice"
    MENTAL_HEALTH = "mental_health"
    CHILDCARE = "childcare"


# What a scenario links that names no agencies. The others are linked by name, so that studies stay what they were.
_LINKED = (
    Agency.GP, Agency.HEALTH_VISITING, Agency.SCHOOL, Agency.EARLY_HELP, Agency.SOCIAL_CARE, Agency.POLICE, Agency.HOUSING,
    Agency.BENEFITS,
)  # fmt: skip


# Agencies with a list of people that does not depend on what happens to them.
SPINES = (Agency.GP, Agency.HEALTH_VISITING, Agency.SCHOOL, Agency.HOUSING, Agency.BENEFITS, Agency.CHILDCARE)


class AgenciesSection(Section):
    """Which agencies' records are linked, and how contact with them depends on more than need.

    Surveillance multiplies the events that somebody outside the family decides to see or to write down, such as a referral
    or a sanction. Its average over all families is 1, so raising it for some lowers it for others.
    """

    linked: Annotated[tuple[Agency, ...], Field(min_length=2)] = _LINKED
    """The agencies whose records are linked. Left out: the eight that `early_help.toml` links, of the twelve there are."""
    spine: Agency = Agency.GP
    """The agency whose list of people every other agency is linked to. It must be one of `linked`, and keep a list: gp,
    health_visiting, school, housing, benefits or childcare. An agency that knows people only by what happened to them would put
    them on the list for what happens after the index date."""
    surveillance_deprivation: LogRateRatio = 0.5
    """Extra contact at the same need: log rate ratio of the most against the least deprived tenth of neighbourhoods."""
    surveillance_groups: dict[str, LogRateRatio] = {
        "black_african": 0.15, "black_caribbean": 0.3, "mixed_white_black_caribbean": 0.15,
    }  # fmt: skip
    """Extra contact at the same need, by ethnic group id: log rate ratio against the average. Groups left out: 0."""
    surveillance_gradient_groups: dict[str, LogRateRatio] = {}
    """By ethnic group id, what is added to `surveillance_deprivation` for families of that group. Groups left out: 0."""
    threshold_by_area_deprivation: LogRateRatio = 1.0
    """The inverse intervention law: how much more often, at the same need and the same surveillance, social care acts in an area
    where every family lives in the least deprived tenth than in one where every family lives in the most deprived. Log ratio."""
    decisions: dict[Decision, DecisionSection] = default_decisions()
    """How readily social care decides at the same need and the same surveillance: a table each for `child_in_need`,
    `child_protection_plan` and `care_entry`. A decision left out is the same for everybody."""
    avoidance: Share = 0.0
    """The chilling effect: share of families who fear what is written down and stay away where contact is theirs to seek."""
    avoidance_groups: dict[str, Multiplier] = {}
    """Multiplier of `avoidance` by ethnic group id. Groups left out: 1. No share goes above 1."""
    avoidance_effect: Share = 0.5
    """How much less contact a family that stays away has where contact is its own to seek. 0: no less; 1: none at all."""
    language_effect: Share = 0.1
    """How much less contact that is its own to seek a family has whose main language is not English. 0: no less."""
    feedback: Annotated[float, Field(ge=0, le=3)] = 0.0
    """Extra contact, where somebody decides to look, once a child of the family has been referred, assessed for early help or
    recorded as in need: log rate ratio. It lasts."""
    opt_out: dict[Agency, Share] = {}
    """Share of families who say no to the linking of an agency's records, by agency. Agencies left out: 0."""
    opt_out_groups: dict[str, Multiplier] = {}
    """Multiplier of `opt_out` by ethnic group id. Groups left out: 1. No share goes above 1."""
    honour_opt_out: bool = False
    """Whether a family's no counts: if so, that agency's records on the family are withheld from what is linked."""
    recorded_need: Share = 0.6
    """Label bias: of children truly in need, the share that social care records in the outcome window at average contact."""
    recorded_without_need: Share = 0.02
    """Label bias: of children not in need, the share that social care records all the same at average contact."""

    @field_validator("spine")
    @classmethod
    def _keeps_a_list(cls, value: Agency) -> Agency:
        if value not in SPINES:
            raise ValueError(
                f"'{value}' keeps no list of people: it knows them by what happened to them, even after the index date; "
                f"one of {', '.join(SPINES)} does"
            )
        return value

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
    person_frailty: Annotated[float, Field(ge=0, le=2)] = 0.3
    """How far errors in what is written on a person cluster on the same people, beyond their families: standard deviation of a
    log-normal multiplier with mean 1."""
    agencies: dict[Agency, Multiplier] = {}
    """Error-rate multiplier by agency. Agencies left out: 1."""
    under_three: dict[Agency, Multiplier] = {}
    """Multiplier by agency of errors in what is written on a child under three at the index date, on top of the built-in ones:
    social care's records on the youngest are worse. Agencies left out: 1."""
    groups: dict[str, Multiplier] = {}
    """Error-rate multiplier by ethnic group id. Groups left out: 1."""
    rates: dict[str, Share] = {}
    """Default rate by error name, in place of the built-in one. `riskaudit schema` lists the names. Left out, `old_address`
    has the population's `moved_since`."""
    agency_rates: dict[Agency, dict[str, Share]] = {}
    """Rate by agency and error name, such as `school = { typo = 0.01 }`: in that agency, for that error, in place of `rates`, of
    the built-in rate and of every multiplier by agency. `level` and all that differs by group, family and person still count."""
    group_multipliers: dict[str, dict[str, Multiplier]] = {}
    """Multiplier by ethnic group id and error name, such as `pakistani = { old_address = 0.8 }`: in place of `groups` for that
    error. `group_difference` counts as it does for `groups`."""
