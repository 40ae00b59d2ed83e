"""Features made of general-practice and health-visiting records."""

from __future__ import annotations

from riskaudit.artefacts import FeatureKind, Sensitivity, Subject
from riskaudit.features.definition import AnyDefinition, EventsDefinition, StateDefinition
from riskaudit.features.published import ALLEGHENY, BRISTOL, GLADSAXE, SUPPORTING_FAMILIES
from riskaudit.scenario import Agency
from riskaudit.scenario.population import NeedName

__all__ = ["HEALTH_ROWS"]

GP_ROWS: tuple[AnyDefinition, ...] = (
    EventsDefinition(
        ids={Subject.CHILD: "gp_missed_appointments"},
        label="Missed doctor's appointments",
        plain="your child missed a booked visit to the doctor",
        agency=Agency.GP,
        kinds=("missed_appointment",),
        domain=NeedName.SAFETY,
        sensitivity=Sensitivity.SPECIAL,
        proxies=("transport and work hours", "poverty"),
        can_be_wrong="The visit may have been cancelled in time, or moved, and still be marked as missed.",
        seen_in=(GLADSAXE,),
    ),
    EventsDefinition(
        ids={Subject.CHILD: "gp_child_injuries"},
        label="Injuries seen by a doctor",
        plain="your child saw a doctor about an injury",
        agency=Agency.GP,
        kinds=("injury",),
        domain=NeedName.SAFETY,
        sensitivity=Sensitivity.SPECIAL,
        proxies=("how readily a family goes to the doctor", "age of the child"),
        can_be_wrong="Most injuries are accidents, and families who seek care have more of them on record.",
    ),
    EventsDefinition(
        ids={
            Subject.HOUSEHOLD: "gp_parent_mental_health",
            Subject.MOTHER: "gp_mother_mental_health",
            Subject.FATHER: "gp_father_mental_health",
        },
        label="Adult seen about mental health",
        plain="{who} saw a doctor about {their} mental health",
        agency=Agency.GP,
        kinds=("mental_health_contact",),
        domain=NeedName.PARENTAL_MENTAL_HEALTH,
        sensitivity=Sensitivity.SPECIAL,
        proxies=("disability", "asking for help", "sex of the parent"),
        can_be_wrong="It counts asking for help. A parent who never asks has nothing on record.",
        seen_in=(ALLEGHENY, BRISTOL, GLADSAXE, SUPPORTING_FAMILIES),
    ),
    EventsDefinition(
        ids={
            Subject.HOUSEHOLD: "gp_parent_substance_use",
            Subject.MOTHER: "gp_mother_substance_use",
            Subject.FATHER: "gp_father_substance_use",
        },
        label="Adult seen about alcohol or drugs",
        plain="{who} saw a doctor about drink or drugs",
        agency=Agency.GP,
        kinds=("substance_use_contact",),
        domain=NeedName.SUBSTANCE_USE,
        sensitivity=Sensitivity.SPECIAL,
        proxies=("asking for help",),
        can_be_wrong="It counts treatment, so a parent who has recovered can look like one who needs help.",
        seen_in=(ALLEGHENY, BRISTOL, GLADSAXE, SUPPORTING_FAMILIES),
    ),
    StateDefinition(
        id="gp_no_record",
        label="No doctor's record",
        plain="no doctor holds a record of your child",
        agency=Agency.GP,
        subject=Subject.CHILD,
        sql="NOT known_to_gp",
        means="1 where no general-practice record was linked to the child",
        kind=FeatureKind.MISSING,
        domain=NeedName.SAFETY,
        sensitivity=Sensitivity.SENSITIVE,
        proxies=("moving home", "migration", "linkage error"),
        can_be_wrong="A record may exist and not have been joined: a misspelt name or an old address is enough.",
        seen_in=(BRISTOL,),
    ),
)
HEALTH_VISITING_ROWS: tuple[AnyDefinition, ...] = (
    EventsDefinition(
        ids={Subject.CHILD: "health_visiting_missed_reviews"},
        label="Missed health-visiting reviews",
        plain="your child missed a check with the health visitor",
        agency=Agency.HEALTH_VISITING,
        kinds=("missed_review",),
        domain=NeedName.SAFETY,
        sensitivity=Sensitivity.SPECIAL,
        proxies=("moving home", "work hours", "distrust of services"),
        can_be_wrong="The letter may have gone to an old address, or the service may not have offered a date.",
        seen_in=(GLADSAXE,),
    ),
    EventsDefinition(
        ids={Subject.CHILD: "health_visiting_concerns"},
        label="Concerns noted by a health visitor",
        plain="a health visitor wrote down a worry about your child",
        agency=Agency.HEALTH_VISITING,
        kinds=("concern_noted",),
        domain=NeedName.SAFETY,
        sensitivity=Sensitivity.SPECIAL,
        proxies=("how often a family is visited",),
        can_be_wrong="It is one visitor's view on one day, and families who are visited more are noted more.",
    ),
    StateDefinition(
        id="health_visiting_no_record",
        label="No health-visiting record",
        plain="the health visitors hold no record of your child",
        agency=Agency.HEALTH_VISITING,
        subject=Subject.CHILD,
        sql="age < 5 AND NOT known_to_health_visiting",
        means="1 where the child is under five and no health-visiting record was linked to the child",
        kind=FeatureKind.MISSING,
        domain=NeedName.SAFETY,
        sensitivity=Sensitivity.SENSITIVE,
        proxies=("moving home", "linkage error"),
        can_be_wrong="A record may exist and not have been joined: a misspelt name or an old address is enough.",
    ),
)
HEALTH_ROWS = GP_ROWS + HEALTH_VISITING_ROWS
