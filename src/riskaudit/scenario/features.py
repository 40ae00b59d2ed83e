"""The `[features]` section: whom models score, what they learn and from when, and which features they may use."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from riskaudit.scenario.agencies import Agency
from riskaudit.scenario.section import FeatureId, Section

__all__ = ["OUTCOME_AGENCIES", "FeaturesSection", "Outcome", "ScoredCohort", "latest_training_date"]


class Outcome(StrEnum):
    """Which recorded outcome models learn."""

    NEED_RECORDED = "need_recorded"  # a record as a child in need, or a child-protection plan
    CARE_ENTRY = "care_entry"  # the child came into care
    RE_REFERRAL = "re_referral"  # a new referral to social care
    EXPLOITATION = "exploitation"  # reported missing, cautioned, or under a court order


class ScoredCohort(StrEnum):
    """Which children are scored."""

    ALL = "all"  # every linked child
    REFERRED = "referred"  # children referred to social care in the year up to the index date


OUTCOME_AGENCIES: dict[Outcome, tuple[Agency, ...]] = {
    Outcome.NEED_RECORDED: (Agency.SOCIAL_CARE,),
    Outcome.CARE_ENTRY: (Agency.SOCIAL_CARE,),
    Outcome.RE_REFERRAL: (Agency.SOCIAL_CARE,),
    Outcome.EXPLOITATION: (Agency.POLICE, Agency.YOUTH_JUSTICE),
}
"""The agencies that must be linked, since the outcome is made of their records."""


class FeaturesSection(Section):
    """Whom models score, what they learn and from when, and which features they may use.

    A feature that is left out stays in the catalogue and in the table, marked as left out.
    """

    outcome: Outcome = Outcome.NEED_RECORDED
    """Which recorded outcome models learn, in the outcome window. need_recorded: a record as a child in need, or a protection
    plan; care_entry: the child came into care; re_referral: a new referral to social care; exploitation: reported missing,
    cautioned or under a court order."""
    cohort: ScoredCohort = ScoredCohort.ALL
    """Which children are scored. all: every linked child; referred: those with a referral to social care that happened and was
    recorded in the 365 days that end on the index date, as where a hotline's referrals are screened."""
    training_date: Annotated[date, Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))] | None = None
    """A day before the index date. Where given, models learn from the features as of that day and the outcome recorded in
    `outcome_months` after it, and score the features as of the index date. Left out: they learn from the rows they score."""
    leave_out: tuple[FeatureId, ...] = ()
    """Feature ids that no model may use."""
    leave_out_agencies: tuple[Agency, ...] = ()
    """Agencies none of whose records any model may use."""
    leave_out_ever: bool = False
    """Whether models do without every feature that looks back without end: each has a twin that looks back two years."""
    leave_out_household: bool = False
    """Whether models do without what is counted over everybody in the home, or over brothers and sisters: each such feature of
    events has a child-level twin."""
    leave_out_parents: bool = False
    """Whether models do without what is on a mother's or a father's record. With `leave_out_household`, only the child's own
    records count."""
    leave_out_proxies_of: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    """What no model may use a known proxy for, in the catalogue's words, such as "poverty"."""


def latest_training_date(index_date: date, outcome_months: int) -> date:
    """Return the last day whose outcome window ends by the index date: what is recorded after it would leak into training."""
    months = index_date.year * 12 + index_date.month - 1 - outcome_months
    year, month = divmod(months, 12)
    return date(year, month + 1, min(index_date.day, monthrange(year, month + 1)[1]))
