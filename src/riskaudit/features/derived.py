"""What is worked out of events before they are counted: kinds that agencies do not write down, and headings of need."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from riskaudit.artefacts import EVENT_KINDS, EventKind
from riskaudit.scenario import Agency

__all__ = ["COUNTABLE_KINDS", "DERIVED_KINDS", "HEADINGS", "RE_REFERRAL_DAYS", "DerivedKind", "Heading", "heading_of"]

RE_REFERRAL_DAYS = 365
"""A referral this soon after another of the same child is a re-referral. Unit: days."""


@dataclass(frozen=True)
class DerivedKind:
    """A kind of event that follows from events of another kind on the same person's records."""

    kind: EventKind
    of: str
    """The agency's kind that it is made of."""
    within_days: int
    """An event is of this kind where another of the same person came before it, at most so many days earlier."""


DERIVED_KINDS: tuple[DerivedKind, ...] = (
    DerivedKind(
        EventKind(
            Agency.SOCIAL_CARE,
            "re_referral",
            "child",
            f"a child was referred again, at most {RE_REFERRAL_DAYS} days after an earlier referral",
        ),
        of="referral",
        within_days=RE_REFERRAL_DAYS,
    ),
)
COUNTABLE_KINDS: tuple[EventKind, ...] = (*EVENT_KINDS, *(derived.kind for derived in DERIVED_KINDS))
"""Every kind of event that a feature can count. A kind's place here is its number in SQL."""


class Heading(StrEnum):
    """The headings of need of England's Supporting Families programme, from October 2022 (gov.uk).

    Of the ten, "family relationships" has no kind of event here: no agency writes any down.
    """

    EDUCATION = "education"
    EARLY_YEARS = "early years"
    HEALTH = "mental and physical health"
    SUBSTANCE_USE = "substance use"
    SAFE_FROM_HARM = "safe from abuse and exploitation"
    CRIME = "diverted from crime"
    DOMESTIC_ABUSE = "safe from domestic abuse"
    HOUSING = "secure housing"
    MONEY = "financial stability"


# Which kinds of event put a family under a heading. The assignment is ours: the programme names headings, not event kinds.
# What says that help was given or ended, or that is counted of nearly every pupil, puts nobody under a heading.
HEADINGS: dict[Heading, tuple[tuple[Agency, str], ...]] = {
    Heading.EDUCATION: ((Agency.SCHOOL, "suspension"),),
    Heading.EARLY_YEARS: ((Agency.HEALTH_VISITING, "missed_review"), (Agency.CHILDCARE, "place_given_up")),
    Heading.HEALTH: (
        (Agency.GP, "mental_health_contact"),
        (Agency.MENTAL_HEALTH, "child_referral"),
        (Agency.MENTAL_HEALTH, "treatment_began"),
        (Agency.MENTAL_HEALTH, "crisis_contact"),
        (Agency.AE, "emergency_admission"),
    ),
    Heading.SUBSTANCE_USE: ((Agency.GP, "substance_use_contact"),),
    Heading.SAFE_FROM_HARM: (
        (Agency.SOCIAL_CARE, "referral"),
        (Agency.SOCIAL_CARE, "child_in_need"),
        (Agency.SOCIAL_CARE, "child_protection_plan"),
        (Agency.SOCIAL_CARE, "care_entry"),
        (Agency.HEALTH_VISITING, "concern_noted"),
        (Agency.CHILDCARE, "concern_noted"),
        (Agency.POLICE, "missing_child"),
    ),
    Heading.CRIME: (
        (Agency.POLICE, "arrest"),
        (Agency.POLICE, "antisocial_behaviour"),
        (Agency.YOUTH_JUSTICE, "caution"),
        (Agency.YOUTH_JUSTICE, "court_order"),
    ),
    Heading.DOMESTIC_ABUSE: ((Agency.POLICE, "domestic_incident"),),
    Heading.HOUSING: ((Agency.HOUSING, "notice_to_leave"), (Agency.HOUSING, "temporary_accommodation")),
    Heading.MONEY: (
        (Agency.HOUSING, "rent_arrears"),
        (Agency.BENEFITS, "out_of_work_claim"),
        (Agency.BENEFITS, "sanction"),
    ),
}


def heading_of(kind: EventKind) -> Heading | None:
    """Return the heading that an event of this kind stands under, if any."""
    return next((heading for heading, kinds in HEADINGS.items() if (kind.agency, kind.id) in kinds), None)
