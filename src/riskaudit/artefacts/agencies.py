"""What each agency wrote down: people as recorded, and events. Holds no true id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa

from riskaudit.artefacts.artefact import Part
from riskaudit.scenario import Agency
from riskaudit.tables import WORD, Column, TableSpec

__all__ = ["AGENCY_EVENTS", "AGENCY_PEOPLE", "EVENT_KINDS", "OWN_PEOPLE", "AgencyRecords", "EventKind"]

AGENCY_PEOPLE = TableSpec(
    "agency people",
    "one row per person as one agency wrote that person down",
    (
        Column("record_id", pa.string(), "the record; starts with the agency's id"),
        Column("role", WORD, "child or adult, as the agency holds it"),
        Column("forename", WORD, "given name as written", nullable=True),
        Column("surname", WORD, "family name as written", nullable=True),
        Column("sex", WORD, "F or M as written", nullable=True),
        Column("birth_date", pa.date32(), "date of birth as written", nullable=True),
        Column("house", WORD, "house number as written", nullable=True),
        Column("postcode", WORD, "postcode as written; no such postcode exists", nullable=True),
        Column("nhs_number", pa.string(), "NHS-like number, in the range kept for testing", nullable=True),
        Column("pupil_number", pa.string(), "pupil number of a school that does not exist", nullable=True),
        Column("ethnicity", WORD, "ethnic group as recorded", nullable=True),
        Column("deprivation_decile", pa.int8(), "tenth of neighbourhoods looked up from the postcode", nullable=True),
        Column("tenure", WORD, "tenure as recorded", nullable=True),
    ),
)
# Two fields that no made-up agency fills in, so that studies need not carry them.
OWN_PEOPLE = TableSpec(
    "people of one's own files",
    "one row per person as one of a user's own files has that person",
    (
        *AGENCY_PEOPLE.columns,
        Column("other_number", pa.string(), "any other number that several files share, as written", nullable=True),
        Column("address", pa.string(), "address as free text, as written", nullable=True),
    ),
)
AGENCY_EVENTS = TableSpec(
    "agency events",
    "one row per event that one agency wrote down",
    (
        Column("event_id", pa.string(), "the event"),
        Column("record_id", pa.string(), "the record of the person it was written on"),
        Column("kind", WORD, "what kind of event"),
        Column("happened", pa.date32(), "day it happened"),
        Column("recorded", pa.date32(), "day it was written down, never before it happened"),
        Column("amount", pa.float64(), "how much, for kinds that have an amount", "the kind's unit", nullable=True),
    ),
)


@dataclass(frozen=True)
class EventKind:
    """One kind of event: which agency writes it down, on whose record, and what its amount means if it has one."""

    agency: Agency
    id: str
    role: str
    """Whose record it is written on: child or adult."""
    meaning: str
    unit: str = ""
    """Unit of the amount; empty where the kind has none."""


EVENT_KINDS: tuple[EventKind, ...] = (
    EventKind(Agency.GP, "missed_appointment", "child", "a booked appointment for a child was missed"),
    EventKind(Agency.GP, "injury", "child", "a child was seen with an injury"),
    EventKind(Agency.GP, "mental_health_contact", "adult", "an adult was seen about their mental health"),
    EventKind(Agency.GP, "substance_use_contact", "adult", "an adult was seen about alcohol or drugs"),
    EventKind(Agency.HEALTH_VISITING, "missed_review", "child", "a child under five missed a health-visiting review"),
    EventKind(
        Agency.HEALTH_VISITING, "concern_noted", "child", "a health visitor noted a concern on a child under five"
    ),
    EventKind(Agency.SCHOOL, "absence", "child", "sessions missed in one school term", "percent of sessions"),
    EventKind(Agency.SCHOOL, "suspension", "child", "a pupil was suspended"),
    EventKind(Agency.SCHOOL, "school_move", "child", "a pupil changed school outside the usual times"),
    EventKind(Agency.SCHOOL, "special_needs_support", "child", "support for special educational needs began"),
    EventKind(Agency.SCHOOL, "education_health_care_plan", "child", "an education, health and care plan began"),
    EventKind(
        Agency.SCHOOL, "free_meals", "child", "the yearly school census counted a pupil as having free school meals"
    ),
    EventKind(Agency.EARLY_HELP, "assessment", "child", "an early-help assessment was made"),
    EventKind(
        Agency.EARLY_HELP, "closed_without_engagement", "child", "early help was closed: the family did not take it up"
    ),
    EventKind(Agency.SOCIAL_CARE, "referral", "child", "somebody referred a child to children's social care"),
    EventKind(Agency.SOCIAL_CARE, "child_in_need", "child", "a child was recorded as in need"),
    EventKind(Agency.SOCIAL_CARE, "case_closed", "child", "a case of a child in need was closed"),
    EventKind(Agency.SOCIAL_CARE, "child_protection_plan", "child", "a child-protection plan began"),
    EventKind(Agency.SOCIAL_CARE, "plan_ended", "child", "a child-protection plan ended"),
    EventKind(Agency.SOCIAL_CARE, "care_entry", "child", "a child came into care"),
    EventKind(Agency.POLICE, "domestic_incident", "adult", "police came to a domestic incident involving an adult"),
    EventKind(Agency.POLICE, "antisocial_behaviour", "adult", "police noted antisocial behaviour by an adult"),
    EventKind(Agency.POLICE, "arrest", "adult", "an adult was arrested"),
    EventKind(Agency.POLICE, "missing_child", "child", "a child was reported missing"),
    EventKind(Agency.HOUSING, "rent_arrears", "adult", "a tenant was behind with rent", "pounds"),
    EventKind(Agency.HOUSING, "notice_to_leave", "adult", "a tenant was given notice to leave"),
    EventKind(Agency.HOUSING, "temporary_accommodation", "adult", "the family was placed in temporary accommodation"),
    EventKind(
        Agency.BENEFITS, "out_of_work_claim", "adult", "an out-of-work benefit was claimed or renewed for a year"
    ),
    EventKind(Agency.BENEFITS, "sanction", "adult", "a benefit was cut as a sanction"),
    EventKind(Agency.AE, "attendance", "child", "a child was seen in an accident and emergency department"),
    EventKind(Agency.AE, "emergency_admission", "child", "a child was admitted to hospital in an emergency"),
    EventKind(Agency.AE, "adult_attendance", "adult", "an adult was seen in an accident and emergency department"),
    EventKind(Agency.YOUTH_JUSTICE, "caution", "child", "a young person was cautioned"),
    EventKind(Agency.YOUTH_JUSTICE, "court_order", "child", "a court made an order on a young person"),
    EventKind(Agency.MENTAL_HEALTH, "child_referral", "child", "a child was referred to the mental-health service"),
    EventKind(
        Agency.MENTAL_HEALTH, "treatment_began", "adult", "an adult began treatment in the mental-health service"
    ),
    EventKind(Agency.MENTAL_HEALTH, "crisis_contact", "adult", "an adult was seen in a mental-health crisis"),
    EventKind(Agency.CHILDCARE, "concern_noted", "child", "a nursery or childminder noted a concern"),
    EventKind(Agency.CHILDCARE, "place_given_up", "child", "a child stopped going to a nursery or childminder"),
)


@dataclass(frozen=True)
class AgencyRecords:
    """Every agency's people and events, by agency id. People follow `AGENCY_PEOPLE`, or `OWN_PEOPLE` for a user's own files."""

    stage: ClassVar[str] = "population"

    people: Mapping[str, pa.Table]
    events: Mapping[str, pa.Table]

    def __post_init__(self) -> None:
        if set(self.people) != set(self.events):
            raise ValueError("agency records: people and events name different agencies")
        for agency in self.people:
            _spec_of(self.people[agency]).check(self.people[agency])
            AGENCY_EVENTS.check(self.events[agency])

    @property
    def agencies(self) -> tuple[str, ...]:
        """The agencies that hold records, in the scenario's order."""
        return tuple(self.people)

    def parts(self) -> dict[str, Part]:
        """Return two files an agency, and the list of agencies."""
        files: dict[str, Part] = {"agencies/agencies.json": list(self.agencies)}
        for agency in self.agencies:
            files[f"agencies/{agency}/people.parquet"] = self.people[agency]
            files[f"agencies/{agency}/events.parquet"] = self.events[agency]
        return files

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> AgencyRecords:  # noqa: ARG003
        """Return the records from a study's population folder."""
        agencies = read("agencies/agencies.json")
        return cls(
            {agency: read(f"agencies/{agency}/people.parquet") for agency in agencies},
            {agency: read(f"agencies/{agency}/events.parquet") for agency in agencies},
        )


def _spec_of(people: pa.Table) -> TableSpec:
    own = set(people.column_names) - set(AGENCY_PEOPLE.names)
    return OWN_PEOPLE if own else AGENCY_PEOPLE
