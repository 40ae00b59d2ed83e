"""How often each kind of event is written down, and what makes it more frequent.

Every figure in this file is an assumption, chosen so that contact is of a plausible order, except those in `FITTED`: they
were fitted so that a default population comes near a published figure, and `bench/fit_rates.py` shows how near. `effects` are
log rate ratios while the family has the need. Surveillance multiplies only events that somebody outside the family decides to
see or to write down; it leaves alone what the family's own days bring, such as a missed appointment. Avoidance cuts only
contact that the family itself seeks, such as a visit to the doctor, and so does a language that is not the agency's; both leave
alone what others begin, such as a referral.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from riskaudit.scenario import Agency
from riskaudit.scenario.population import NeedName

__all__ = [
    "ABSENCE", "DELAYS", "EVENT_RATES", "FITTED", "FLAGS", "FOLLOW_UPS", "FREE_MEALS_CENSUS", "PLACED", "Absence", "Census",
    "Count", "EventRate", "FollowUp", "Stay",
]  # fmt: skip

_DA, _PMH, _SUB, _SAFE, _SCHOOL, _MONEY, _HOME = (
    NeedName.DOMESTIC_ABUSE, NeedName.PARENTAL_MENTAL_HEALTH, NeedName.SUBSTANCE_USE, NeedName.SAFETY, NeedName.SCHOOL,
    NeedName.MONEY, NeedName.HOUSING,
)  # fmt: skip


class Count(Enum):
    """How a person's events of one kind are counted."""

    EVERY = "every"
    FIRST = "first"  # something that begins once
    HISTORY = "history"  # only up to the index date: what comes after is drawn from true need (see `happenings`)


@dataclass(frozen=True)
class EventRate:
    """One kind of event that comes at a rate."""

    agency: Agency
    kind: str
    per_year: float
    """Events per person and year without any need, at average surveillance, for a girl or a woman."""
    effects: Mapping[NeedName, float] = field(default_factory=dict)
    watched: bool = False
    """Whether surveillance multiplies the rate."""
    male: float = 1.0
    """Rate ratio of boys and men."""
    ages: tuple[float, float] = (0, 18)
    """Children's ages at which it can happen, in years."""
    count: Count = Count.EVERY
    amount: tuple[float, float] | None = None
    """Median of the amount and standard deviation of its logarithm."""
    sought: bool = False
    """Whether the contact is the family's to seek, so that avoidance cuts it."""
    decided: bool = False
    """Whether social care decides on it, so that its readiness to decide multiplies it."""
    deprivation: float = 0.0
    """Log rate ratio of the most against the least deprived tenth of neighbourhoods, whoever looks."""
    free_meals: float = 0.0
    """Log rate ratio of children with free school meals."""
    disabled: float = 0.0
    """Log rate ratio of people who are disabled."""
    by_age: tuple[tuple[float, float], ...] = ()
    """Rate ratios of children from an age on, the first from age 0; none: the same at every age."""


@dataclass(frozen=True)
class FollowUp:
    """An event that follows some events of another kind, or leads up to them, on the same record."""

    agency: Agency
    kind: str
    after: str
    share: float
    """Share of those events that it follows, without any need, at average surveillance. No share goes above 1."""
    days: tuple[int, int]
    """Least and most days after; negative: before."""
    effects: Mapping[NeedName, float] = field(default_factory=dict)
    """Log ratios of the share by the needs that the family has on the day of the event followed."""
    watched: bool = False
    """Whether surveillance multiplies the share."""
    decided: bool = False
    """Whether social care decides on it, so that its readiness to decide multiplies the share."""
    once: bool = False
    """Whether only a person's first counts."""
    outcome: bool = False
    """Whether it is part of the outcome that models learn, so that after the index date it follows only what is after it too."""


@dataclass(frozen=True)
class Absence:
    """Percent of sessions missed in each school term, on the log-odds scale."""

    agency: Agency
    kind: str
    intercept: float
    effects: Mapping[NeedName, float]
    between_pupils: float
    between_terms: float
    ages: tuple[float, float]
    term_ends: tuple[tuple[int, int], ...]
    """Month and day of each term's end."""
    free_meals: float = 0.0
    """Log odds ratio of pupils with free school meals."""


@dataclass(frozen=True)
class Stay:
    """What the agency that arranges it writes down when a family has to live somewhere that is no home."""

    agency: Agency
    kind: str
    residence: str
    """Which stay: one of `world.RESIDENCES`."""


@dataclass(frozen=True)
class Census:
    """What a school counts once a year."""

    agency: Agency
    kind: str
    on: tuple[int, int]
    """Month and day."""
    ages: tuple[float, float]


EVENT_RATES: tuple[EventRate, ...] = (
    EventRate(
        Agency.GP, "missed_appointment", 0.15, {_PMH: 0.5, _SAFE: 0.7, _SUB: 0.6, _HOME: 0.3, _MONEY: 0.2}, disabled=0.4,
    ),
    EventRate(Agency.GP, "injury", 0.12, {_SAFE: 0.7, _DA: 0.2}, male=1.3, sought=True),
    EventRate(Agency.GP, "mental_health_contact", 0.12, {_PMH: 2.4, _DA: 0.6, _MONEY: 0.2}, male=0.6, sought=True, disabled=0.4),
    EventRate(Agency.GP, "substance_use_contact", 0.01, {_SUB: 3.2}, male=1.6, sought=True),
    EventRate(Agency.HEALTH_VISITING, "missed_review", 0.15, {_SAFE: 0.7, _PMH: 0.4, _HOME: 0.4}, ages=(0, 5)),
    EventRate(
        Agency.HEALTH_VISITING, "concern_noted", 0.03, {_SAFE: 1.8, _DA: 1.0, _PMH: 0.8, _SUB: 1.0}, True, ages=(0, 5),
        sought=True,
    ),
    EventRate(
        Agency.SCHOOL, "suspension", 0.0086, {_SCHOOL: 2.0, _DA: 0.3, _SAFE: 0.5}, True, 2.45, (5, 18), free_meals=1.01,
        by_age=((0, 0.3), (11, 1.4), (13, 2.6), (16, 0.6)),
    ),
    EventRate(Agency.SCHOOL, "school_move", 0.02, {_HOME: 1.2, _DA: 0.5, _SCHOOL: 0.6}, ages=(5, 18)),
    EventRate(
        Agency.SCHOOL, "special_needs_support", 0.0144, {_SCHOOL: 1.6}, False, 2.0, (4, 18), Count.FIRST, free_meals=0.4,
        disabled=0.9,
    ),
    EventRate(
        Agency.SCHOOL, "education_health_care_plan", 0.0023, {_SCHOOL: 1.2}, False, 2.6, (3, 18), Count.FIRST, free_meals=0.6,
        disabled=2.2,
    ),
    EventRate(
        Agency.EARLY_HELP, "assessment", 0.01,
        {_PMH: 1.0, _SCHOOL: 1.0, _SAFE: 1.0, _DA: 0.8, _HOME: 0.6, _MONEY: 0.3}, True,
        sought=True,
    ),
    EventRate(Agency.SOCIAL_CARE, "referral", 0.0118, {_SAFE: 1.1, _DA: 1.0, _SUB: 0.8, _PMH: 0.4, _SCHOOL: 0.3}, True),
    EventRate(
        Agency.SOCIAL_CARE, "child_in_need", 0.0198, {_SAFE: 2.2, _DA: 1.5, _SUB: 1.5, _PMH: 1.0, _SCHOOL: 0.6, _HOME: 0.5},
        True, count=Count.HISTORY, decided=True,
    ),
    EventRate(Agency.POLICE, "domestic_incident", 0.01, {_DA: 3.4, _SUB: 0.4}, True),
    EventRate(Agency.POLICE, "antisocial_behaviour", 0.01, {_SUB: 1.2, _HOME: 0.5}, True, 1.8),
    EventRate(Agency.POLICE, "arrest", 0.006, {_SUB: 1.6, _DA: 1.0}, True, 3.5),
    EventRate(Agency.POLICE, "missing_child", 0.003, {_SAFE: 1.6, _SCHOOL: 0.8, _DA: 0.5}, True, ages=(8, 18)),
    EventRate(Agency.HOUSING, "rent_arrears", 0.12, {_MONEY: 1.6, _HOME: 0.6}, amount=(450.0, 0.8)),
    EventRate(Agency.HOUSING, "notice_to_leave", 0.005, {_MONEY: 1.0, _HOME: 2.4}, True),
    EventRate(Agency.BENEFITS, "out_of_work_claim", 0.12, {_MONEY: 1.3, _PMH: 0.5, _SUB: 0.4}),
    EventRate(Agency.BENEFITS, "sanction", 0.02, {_MONEY: 0.8, _SUB: 0.6, _PMH: 0.3}, True),
    EventRate(
        Agency.AE, "attendance", 0.213, {_SAFE: 0.4, _PMH: 0.2, _HOME: 0.2}, male=1.1, sought=True, deprivation=0.5, disabled=0.5,
        by_age=((0, 2.2), (1, 1.8), (5, 1.0)),
    ),
    EventRate(
        Agency.AE, "emergency_admission", 0.0421, {_SAFE: 0.6, _SUB: 0.3}, male=1.1, deprivation=0.5, disabled=0.7,
        by_age=((0, 5.0), (1, 1.8), (5, 1.0)),
    ),
    EventRate(
        Agency.AE, "adult_attendance", 0.25, {_DA: 0.7, _SUB: 1.1, _PMH: 0.5}, male=1.1, sought=True, deprivation=0.5,
        disabled=0.5,
    ),
    EventRate(Agency.YOUTH_JUSTICE, "caution", 0.004, {_SCHOOL: 1.2, _SUB: 0.5, _SAFE: 0.6}, True, 3.0, (10, 18)),
    EventRate(Agency.YOUTH_JUSTICE, "court_order", 0.002, {_SCHOOL: 1.2, _SUB: 0.6, _SAFE: 0.8}, True, 5.0, (10, 18)),
    EventRate(
        Agency.MENTAL_HEALTH, "child_referral", 0.03, {_SCHOOL: 0.8, _SAFE: 0.7, _DA: 0.6, _PMH: 0.4}, male=0.9,
        ages=(5, 18), sought=True, disabled=0.7,
    ),
    EventRate(Agency.MENTAL_HEALTH, "treatment_began", 0.012, {_PMH: 2.6, _SUB: 0.7}, male=0.7, sought=True),
    EventRate(Agency.MENTAL_HEALTH, "crisis_contact", 0.003, {_PMH: 3.0, _SUB: 0.8, _DA: 0.5}),
    EventRate(Agency.CHILDCARE, "concern_noted", 0.02, {_SAFE: 1.6, _DA: 0.8, _SUB: 0.6}, True, ages=(0, 5)),
    EventRate(Agency.CHILDCARE, "place_given_up", 0.08, {_MONEY: 0.6, _HOME: 0.6}, ages=(0, 5)),
)  # fmt: skip

# In the order in which they are drawn: a plan may follow a child in need, and care a plan.
FOLLOW_UPS: tuple[FollowUp, ...] = (
    FollowUp(Agency.EARLY_HELP, "closed_without_engagement", "assessment", 0.25, (20, 120)),
    FollowUp(Agency.SOCIAL_CARE, "referral", "child_in_need", 0.6, (-45, -5)),
    FollowUp(Agency.SOCIAL_CARE, "referral", "referral", 0.024, (20, 365), {_SAFE: 0.5, _DA: 0.4}, watched=True),
    FollowUp(Agency.SOCIAL_CARE, "case_closed", "child_in_need", 1.0, (30, 415)),
    FollowUp(
        Agency.SOCIAL_CARE, "child_protection_plan", "child_in_need", 0.046, (10, 60), {_SAFE: 1.0, _DA: 0.4, _SUB: 0.4},
        decided=True, outcome=True,
    ),
    FollowUp(Agency.SOCIAL_CARE, "plan_ended", "child_protection_plan", 1.0, (90, 360)),
    FollowUp(
        Agency.SOCIAL_CARE, "care_entry", "child_protection_plan", 0.245, (10, 300), {_SAFE: 0.7, _SUB: 0.5}, watched=True,
        decided=True, once=True,
    ),
)  # fmt: skip

# What counts as an earlier flag for feedback.
FLAGS = (
    (Agency.EARLY_HELP, "assessment"), (Agency.SOCIAL_CARE, "referral"), (Agency.SOCIAL_CARE, "child_in_need"),
)  # fmt: skip

ABSENCE = Absence(
    Agency.SCHOOL, "absence", -3.115, {_SCHOOL: 0.9, _PMH: 0.3, _HOME: 0.3, _SAFE: 0.3, _MONEY: 0.2}, 0.53, 0.4, (5, 17),
    ((12, 20), (3, 31), (7, 20)), free_meals=0.4,
)  # fmt: skip
PLACED = Stay(Agency.HOUSING, "temporary_accommodation", "temporary_accommodation")
FREE_MEALS_CENSUS = Census(Agency.SCHOOL, "free_meals", (1, 18), (5, 17))

# Published figures of England that rates above were fitted to, each with what it is counted per. Vintages differ, and rates of
# 2019/20 are of a year in which schools closed. `python bench/fit_rates.py` shows how near a default population comes.
FITTED: Mapping[str, tuple[float, float]] = {
    "suspensions a year per 100 pupils, free meals": (9.34, 100),  # Department for Education, 2019/20
    "suspensions a year per 100 pupils, no free meals": (2.58, 100),  # the same
    "suspensions of boys to each of a girl": (2.45, 1),  # the same: 5.30 against 2.16 per 100 pupils
    "percent of pupils with free meals": (24.6, 100),  # Department for Education, 2024
    "percent of pupils with special needs support": (13.6, 100),  # Department for Education, January 2024
    "percent of those supported who are boys": (64.6, 100),  # the same
    "percent of pupils with an education, health and care plan": (4.8, 100),  # the same
    "percent of those with a plan who are boys": (73.1, 100),  # the same
    "percent of sessions missed": (7.4, 100),  # Department for Education, 2022/23
    "percent of pupils persistently absent": (21.2, 100),  # the same
    "children in need at a time per 10,000": (332.9, 10_000),  # Department for Education, 31 March 2024
    "children on a plan at a time per 10,000": (42.8, 10_000),  # Department for Education, 31 March 2020
    "referrals a year per 100 children": (5.4, 100),  # 642,980 in 2020 over 12.0 million children, by arithmetic
    "percent of referrals within a year of another": (23, 100),  # Department for Education, 2018-19
    "A&E attendances per 1,000 infant-years": (720, 1_000),  # births in England 2012-19, doi 10.1186/s12913-022-08319-1
    "emergency admissions per 1,000 infant-years": (338, 1_000),  # the same
}

# Mean days from when something happens to when it is written down.
DELAYS: dict[Agency, float] = {
    Agency.GP: 2, Agency.HEALTH_VISITING: 5, Agency.SCHOOL: 3, Agency.EARLY_HELP: 10, Agency.SOCIAL_CARE: 8,
    Agency.POLICE: 4, Agency.HOUSING: 15, Agency.BENEFITS: 20, Agency.AE: 1, Agency.YOUTH_JUSTICE: 20, Agency.MENTAL_HEALTH: 6,
    Agency.CHILDCARE: 5,
}  # fmt: skip
