"""Features made of police, housing and benefits records."""

from __future__ import annotations

from riskaudit.artefacts import Sensitivity, Subject
from riskaudit.features.definition import EVER, LAST_YEAR, TWO_YEARS, Aggregate, AnyDefinition, EventsDefinition
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

__all__ = ["HOME_ROWS"]

POLICE_ROWS: tuple[AnyDefinition, ...] = (
    EventsDefinition(
        ids={Subject.HOUSEHOLD: "police_domestic_incidents"},
        label="Police at a domestic incident",
        plain="police saw {who} at a domestic incident",
        agency=Agency.POLICE,
        kinds=("domestic_incident",),
        domain=NeedName.DOMESTIC_ABUSE,
        sensitivity=Sensitivity.SPECIAL,
        proxies=("asking the police for help", "how closely a neighbourhood is policed"),
        can_be_wrong="It counts the person who called for help the same as the person they needed help against.",
        seen_in=(BRISTOL, HACKNEY, SUPPORTING_FAMILIES),
    ),
    EventsDefinition(
        ids={Subject.HOUSEHOLD: "police_antisocial_behaviour"},
        label="Antisocial behaviour noted",
        plain="the police made a note of how {who} acted in public",
        agency=Agency.POLICE,
        kinds=("antisocial_behaviour",),
        domain=NeedName.SAFETY,
        sensitivity=Sensitivity.SPECIAL,
        proxies=("how closely a neighbourhood is policed", "ethnicity", "poverty"),
        can_be_wrong="A note is not a finding: nobody has to prove that it happened.",
        seen_in=(BRISTOL, HACKNEY, SUPPORTING_FAMILIES),
    ),
    EventsDefinition(
        ids={
            Subject.HOUSEHOLD: "police_arrests",
            Subject.MOTHER: "police_mother_arrests",
            Subject.FATHER: "police_father_arrests",
        },
        label="Arrests of an adult",
        plain="{who} was arrested",
        agency=Agency.POLICE,
        kinds=("arrest",),
        domain=NeedName.SAFETY,
        sensitivity=Sensitivity.SPECIAL,
        proxies=("how closely a neighbourhood is policed", "ethnicity", "sex of the parent"),
        can_be_wrong="An arrest is not a conviction. It stays on record when nothing came of it.",
        seen_in=(ALLEGHENY, BRISTOL, DURHAM),
    ),
    EventsDefinition(
        ids={Subject.CHILD: "police_missing_child", Subject.HOUSEHOLD: "police_household_missing_child"},
        label="Child reported missing",
        plain="{who} was reported missing",
        agency=Agency.POLICE,
        kinds=("missing_child",),
        domain=NeedName.SAFETY,
        sensitivity=Sensitivity.SENSITIVE,
        proxies=("age of the child",),
        can_be_wrong="A child who comes home late once can be on record the same as one who ran away.",
        seen_in=(BRISTOL,),
    ),
)
HOUSING_ROWS: tuple[AnyDefinition, ...] = (
    EventsDefinition(
        ids={Subject.HOUSEHOLD: "housing_rent_arrears"},
        label="Times behind with rent",
        plain="{who} was behind with the rent",
        agency=Agency.HOUSING,
        kinds=("rent_arrears",),
        domain=NeedName.MONEY,
        sensitivity=Sensitivity.SENSITIVE,
        proxies=("poverty", "renting from the council", "late benefit payments"),
        can_be_wrong="Only tenants can have it, and a late benefit payment is enough.",
        seen_in=(BRISTOL, HACKNEY),
    ),
    EventsDefinition(
        ids={Subject.HOUSEHOLD: "housing_rent_arrears_pounds"},
        label="Rent owed",
        plain="{who} owed rent",
        agency=Agency.HOUSING,
        kinds=("rent_arrears",),
        aggregate=Aggregate.SUM,
        domain=NeedName.MONEY,
        sensitivity=Sensitivity.SENSITIVE,
        proxies=("poverty", "level of rents", "late benefit payments"),
        can_be_wrong="The same debt can be written down more than once, and then it is added up twice.",
        seen_in=(BRISTOL, HACKNEY),
    ),
    EventsDefinition(
        ids={Subject.HOUSEHOLD: "housing_notices_to_leave"},
        label="Notices to leave",
        plain="{who} was told to leave a rented home",
        agency=Agency.HOUSING,
        kinds=("notice_to_leave",),
        domain=NeedName.HOUSING,
        sensitivity=Sensitivity.SENSITIVE,
        proxies=("poverty", "renting", "what the landlord wants"),
        can_be_wrong="A landlord can give notice to sell the home, through no fault of the tenant.",
        seen_in=(HACKNEY, SUPPORTING_FAMILIES),
    ),
    EventsDefinition(
        ids={Subject.HOUSEHOLD: "housing_temporary_accommodation"},
        label="Placed in temporary accommodation",
        plain="the council placed {who} in a short-term home",
        agency=Agency.HOUSING,
        kinds=("temporary_accommodation",),
        domain=NeedName.HOUSING,
        sensitivity=Sensitivity.SENSITIVE,
        proxies=("poverty", "shortage of homes"),
        can_be_wrong="It shows that help was given, and how long the council then took.",
        seen_in=(HACKNEY, SUPPORTING_FAMILIES),
    ),
)
BENEFITS_ROWS: tuple[AnyDefinition, ...] = (
    EventsDefinition(
        ids={Subject.HOUSEHOLD: "benefits_out_of_work"},
        label="Out-of-work benefits",
        plain="{who} was on out-of-work benefits",
        agency=Agency.BENEFITS,
        kinds=("out_of_work_claim",),
        windows=(LAST_YEAR, TWO_YEARS, EVER),
        at_least=1,
        domain=NeedName.MONEY,
        sensitivity=Sensitivity.SENSITIVE,
        proxies=("poverty", "disability", "being a lone parent"),
        can_be_wrong="A claim may have ended since. Families with other money never appear.",
        seen_in=(BRISTOL, GLADSAXE, HACKNEY, NEW_ZEALAND, SUPPORTING_FAMILIES),
    ),
    EventsDefinition(
        ids={Subject.HOUSEHOLD: "benefits_sanctions"},
        label="Benefit sanctions",
        plain="{who} had a benefit cut as a penalty",
        agency=Agency.BENEFITS,
        kinds=("sanction",),
        domain=NeedName.MONEY,
        sensitivity=Sensitivity.SENSITIVE,
        proxies=("poverty", "disability"),
        can_be_wrong="A sanction that was taken back on appeal can still be on record.",
    ),
)
HOME_ROWS = POLICE_ROWS + HOUSING_ROWS + BENEFITS_ROWS
