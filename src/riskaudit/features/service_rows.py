"""Features made of hospital, youth-justice, mental-health and childcare records."""

from __future__ import annotations

from riskaudit.artefacts import FeatureKind, Sensitivity, Subject
from riskaudit.features.definition import AnyDefinition, EventsDefinition, StateDefinition
from riskaudit.features.published import (
    ALLEGHENY,
    BRISTOL,
    DURHAM,
    GLADSAXE,
    HACKNEY,
    NEW_ZEALAND,
    SUPPORTING_FAMILIES,
)
from riskaudit.scenario import Agency
from riskaudit.scenario.population import NeedName

__all__ = ["SERVICE_ROWS"]

AE_ROWS: tuple[AnyDefinition, ...] = (
    EventsDefinition(
        ids={Subject.CHILD: "ae_child_attendances"},
        label="Child seen in A&E",
        plain="your child was seen at a hospital's A and E",
        agency=Agency.AE,
        kinds=("attendance",),
        domain=NeedName.SAFETY,
        sensitivity=Sensitivity.SPECIAL,
        proxies=("age of the child", "how hard it is to see a doctor", "poverty"),
        can_be_wrong="Families who cannot get to see a doctor go to A&E more, for the same need.",
    ),
    EventsDefinition(
        ids={Subject.CHILD: "ae_child_admissions"},
        label="Child taken into hospital in an emergency",
        plain="your child was taken into hospital in a rush",
        agency=Agency.AE,
        kinds=("emergency_admission",),
        domain=NeedName.SAFETY,
        sensitivity=Sensitivity.SPECIAL,
        proxies=("illness and disability", "age of the child"),
        can_be_wrong="Most stays are for illness, and a child with a long illness has many.",
    ),
    EventsDefinition(
        ids={Subject.HOUSEHOLD: "ae_parent_attendances"},
        label="Adult seen in A&E",
        plain="{who} was seen at a hospital's A and E",
        agency=Agency.AE,
        kinds=("adult_attendance",),
        domain=NeedName.SUBSTANCE_USE,
        sensitivity=Sensitivity.SPECIAL,
        proxies=("illness and disability", "work injuries"),
        can_be_wrong="It does not say what the visit was about.",
    ),
)
YOUTH_JUSTICE_ROWS: tuple[AnyDefinition, ...] = (
    EventsDefinition(
        ids={Subject.CHILD: "youth_justice_cautions", Subject.HOUSEHOLD: "youth_justice_household_cautions"},
        label="Young person cautioned",
        plain="the police gave {who} a formal warning",
        agency=Agency.YOUTH_JUSTICE,
        kinds=("caution",),
        domain=NeedName.SCHOOL,
        sensitivity=Sensitivity.SPECIAL,
        proxies=("how closely a neighbourhood is policed", "ethnicity"),
        can_be_wrong="A caution is not a conviction. Elsewhere the same act is met with a word.",
        seen_in=(DURHAM, HACKNEY, NEW_ZEALAND, SUPPORTING_FAMILIES),
    ),
    EventsDefinition(
        ids={Subject.CHILD: "youth_justice_orders", Subject.HOUSEHOLD: "youth_justice_household_orders"},
        label="Court order on a young person",
        plain="a court made an order on {who}",
        agency=Agency.YOUTH_JUSTICE,
        kinds=("court_order",),
        domain=NeedName.SCHOOL,
        sensitivity=Sensitivity.SPECIAL,
        proxies=("how closely a neighbourhood is policed", "ethnicity"),
        can_be_wrong="Who is taken to court, and who is let off with a warning, differs from place to place.",
        seen_in=(DURHAM, HACKNEY, NEW_ZEALAND, SUPPORTING_FAMILIES),
    ),
)
MENTAL_HEALTH_ROWS: tuple[AnyDefinition, ...] = (
    EventsDefinition(
        ids={Subject.CHILD: "mental_health_child_referrals"},
        label="Child referred to the mental-health service",
        plain="your child was sent to the mental health team",
        agency=Agency.MENTAL_HEALTH,
        kinds=("child_referral",),
        domain=NeedName.SCHOOL,
        sensitivity=Sensitivity.SPECIAL,
        proxies=("disability", "asking for help"),
        can_be_wrong="It counts asking for help, and waiting lists decide who is ever sent.",
        seen_in=(ALLEGHENY, BRISTOL, SUPPORTING_FAMILIES),
    ),
    EventsDefinition(
        ids={
            Subject.HOUSEHOLD: "mental_health_parent_treatment",
            Subject.MOTHER: "mental_health_mother_treatment",
            Subject.FATHER: "mental_health_father_treatment",
        },
        label="Adult treated by the mental-health service",
        plain="{who} had care from the mental health team",
        agency=Agency.MENTAL_HEALTH,
        kinds=("treatment_began",),
        domain=NeedName.PARENTAL_MENTAL_HEALTH,
        sensitivity=Sensitivity.SPECIAL,
        proxies=("disability", "asking for help", "sex of the parent"),
        can_be_wrong="It counts treatment, so a parent who got better can look like one who needs help.",
        seen_in=(ALLEGHENY, BRISTOL, GLADSAXE, SUPPORTING_FAMILIES),
    ),
    EventsDefinition(
        ids={Subject.HOUSEHOLD: "mental_health_parent_crises"},
        label="Adult seen in a mental-health crisis",
        plain="{who} was seen in a mental health crisis",
        agency=Agency.MENTAL_HEALTH,
        kinds=("crisis_contact",),
        domain=NeedName.PARENTAL_MENTAL_HEALTH,
        sensitivity=Sensitivity.SPECIAL,
        proxies=("disability", "lack of earlier help"),
        can_be_wrong="A crisis is often what happens when help was asked for and not given.",
        seen_in=(ALLEGHENY, BRISTOL, GLADSAXE, SUPPORTING_FAMILIES),
    ),
)
CHILDCARE_ROWS: tuple[AnyDefinition, ...] = (
    EventsDefinition(
        ids={Subject.CHILD: "childcare_concerns"},
        label="Concerns noted by a nursery or childminder",
        plain="a nursery wrote down a worry about your child",
        agency=Agency.CHILDCARE,
        kinds=("concern_noted",),
        domain=NeedName.SAFETY,
        sensitivity=Sensitivity.SENSITIVE,
        proxies=("using childcare", "how closely a family is watched"),
        can_be_wrong="Only children who go to nursery can have it, and it is one person's view on one day.",
    ),
    EventsDefinition(
        ids={Subject.CHILD: "childcare_places_given_up"},
        label="Childcare place given up",
        plain="your child stopped going to nursery",
        agency=Agency.CHILDCARE,
        kinds=("place_given_up",),
        domain=NeedName.MONEY,
        sensitivity=Sensitivity.ORDINARY,
        proxies=("cost of childcare", "work hours", "moving home"),
        can_be_wrong="A place can be given up for a better one, or because the nursery closed.",
    ),
    StateDefinition(
        id="childcare_no_record",
        label="No childcare record",
        plain="no nursery holds a record of your child",
        agency=Agency.CHILDCARE,
        subject=Subject.CHILD,
        sql="age BETWEEN 2 AND 4 AND NOT known_to_childcare",
        means="1 where the child is 2 to 4 years old and no childcare record was linked to the child",
        kind=FeatureKind.MISSING,
        domain=NeedName.MONEY,
        sensitivity=Sensitivity.ORDINARY,
        proxies=("cost of childcare", "care by relatives", "linkage error"),
        can_be_wrong="Nobody has to send a child to nursery, and a record may exist and not have been joined.",
    ),
)
SERVICE_ROWS = AE_ROWS + YOUTH_JUSTICE_ROWS + MENTAL_HEALTH_ROWS + CHILDCARE_ROWS
