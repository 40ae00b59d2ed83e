"""Features made of hospital, youth-justice, mental-health and childcare records."""

from __future__ import annotations

from riskaudit.artefacts import Sensitivity, Subject
from riskaudit.features.definition import EVER, TWO_YEARS, Events, FeatureDefinition, over
from riskaudit.features.published import ALLEGHENY, BRISTOL, NEW_ZEALAND
from riskaudit.scenario import Agency
from riskaudit.scenario.population import NeedName

__all__ = ["SERVICE_ROWS"]

AE_ROWS: tuple[FeatureDefinition, ...] = (
    *over(
        FeatureDefinition(
            id="ae_child_attendances",
            label="Child seen in A&E",
            plain="your child was seen at a hospital's A and E",
            agency=Agency.AE,
            subject=Subject.CHILD,
            measure=Events(("attendance",)),
            domain=NeedName.SAFETY,
            sensitivity=Sensitivity.SPECIAL,
            proxies=("age of the child", "how hard it is to see a doctor", "poverty"),
            can_be_wrong="Families who cannot get to see a doctor go to A&E more, for the same need.",
        ),
        TWO_YEARS,
    ),
    *over(
        FeatureDefinition(
            id="ae_child_admissions",
            label="Child taken into hospital in an emergency",
            plain="your child was taken into hospital in a rush",
            agency=Agency.AE,
            subject=Subject.CHILD,
            measure=Events(("emergency_admission",)),
            domain=NeedName.SAFETY,
            sensitivity=Sensitivity.SPECIAL,
            proxies=("illness and disability", "age of the child"),
            can_be_wrong="Most stays are for illness, and a child with a long illness has many.",
        ),
        TWO_YEARS,
    ),
    *over(
        FeatureDefinition(
            id="ae_parent_attendances",
            label="Parent seen in A&E",
            plain="a parent in your home was seen at a hospital's A and E",
            agency=Agency.AE,
            subject=Subject.HOUSEHOLD,
            measure=Events(("adult_attendance",)),
            domain=NeedName.SUBSTANCE_USE,
            sensitivity=Sensitivity.SPECIAL,
            proxies=("illness and disability", "work injuries"),
            can_be_wrong="It does not say what the visit was about.",
        ),
        TWO_YEARS,
    ),
)
YOUTH_JUSTICE_ROWS: tuple[FeatureDefinition, ...] = (
    *over(
        FeatureDefinition(
            id="youth_justice_cautions",
            label="Young person cautioned",
            plain="the police gave your child a formal warning",
            agency=Agency.YOUTH_JUSTICE,
            subject=Subject.CHILD,
            measure=Events(("caution",)),
            domain=NeedName.SCHOOL,
            sensitivity=Sensitivity.SPECIAL,
            proxies=("how closely a neighbourhood is policed", "ethnicity"),
            can_be_wrong="A caution is not a conviction. Elsewhere the same act is met with a word.",
        ),
        EVER,
    ),
    *over(
        FeatureDefinition(
            id="youth_justice_household_orders",
            label="Court order on a young person in the home",
            plain="a court made an order on a young person in your home",
            agency=Agency.YOUTH_JUSTICE,
            subject=Subject.HOUSEHOLD,
            measure=Events(("court_order",)),
            domain=NeedName.SCHOOL,
            sensitivity=Sensitivity.SPECIAL,
            proxies=("number of children", "how closely a neighbourhood is policed", "ethnicity"),
            can_be_wrong="It counts a brother's or sister's record as if it were the child's own.",
            seen_in=(NEW_ZEALAND,),
        ),
        TWO_YEARS,
    ),
)
MENTAL_HEALTH_ROWS: tuple[FeatureDefinition, ...] = (
    *over(
        FeatureDefinition(
            id="mental_health_child_referrals",
            label="Child referred to the mental-health service",
            plain="your child was sent to the mental health team",
            agency=Agency.MENTAL_HEALTH,
            subject=Subject.CHILD,
            measure=Events(("child_referral",)),
            domain=NeedName.SCHOOL,
            sensitivity=Sensitivity.SPECIAL,
            proxies=("disability", "asking for help"),
            can_be_wrong="It counts asking for help, and waiting lists decide who is ever sent.",
        ),
        TWO_YEARS,
    ),
    *over(
        FeatureDefinition(
            id="mental_health_parent_treatment",
            label="Parent treated by the mental-health service",
            plain="a parent in your home had care from the mental health team",
            agency=Agency.MENTAL_HEALTH,
            subject=Subject.HOUSEHOLD,
            measure=Events(("treatment_began",)),
            domain=NeedName.PARENTAL_MENTAL_HEALTH,
            sensitivity=Sensitivity.SPECIAL,
            proxies=("disability", "asking for help"),
            can_be_wrong="It counts treatment, so a parent who got better can look like one who needs help.",
            seen_in=(ALLEGHENY, BRISTOL),
        ),
        EVER,
    ),
    *over(
        FeatureDefinition(
            id="mental_health_parent_crises",
            label="Parent seen in a mental-health crisis",
            plain="a parent in your home was seen in a mental health crisis",
            agency=Agency.MENTAL_HEALTH,
            subject=Subject.HOUSEHOLD,
            measure=Events(("crisis_contact",)),
            domain=NeedName.PARENTAL_MENTAL_HEALTH,
            sensitivity=Sensitivity.SPECIAL,
            proxies=("disability", "lack of earlier help"),
            can_be_wrong="A crisis is often what happens when help was asked for and not given.",
            seen_in=(ALLEGHENY, BRISTOL),
        ),
        TWO_YEARS,
    ),
)
CHILDCARE_ROWS: tuple[FeatureDefinition, ...] = (
    *over(
        FeatureDefinition(
            id="childcare_concerns",
            label="Concerns noted by a nursery or childminder",
            plain="a nursery wrote down a worry about your child",
            agency=Agency.CHILDCARE,
            subject=Subject.CHILD,
            measure=Events(("concern_noted",)),
            domain=NeedName.SAFETY,
            sensitivity=Sensitivity.SENSITIVE,
            proxies=("using childcare", "how closely a family is watched"),
            can_be_wrong="Only children who go to nursery can have it, and it is one person's view on one day.",
        ),
        EVER,
    ),
    *over(
        FeatureDefinition(
            id="childcare_places_given_up",
            label="Childcare place given up",
            plain="your child stopped going to nursery",
            agency=Agency.CHILDCARE,
            subject=Subject.CHILD,
            measure=Events(("place_given_up",)),
            domain=NeedName.MONEY,
            sensitivity=Sensitivity.ORDINARY,
            proxies=("cost of childcare", "work hours", "moving home"),
            can_be_wrong="A place can be given up for a better one, or because the nursery closed.",
        ),
        TWO_YEARS,
    ),
)
SERVICE_ROWS = AE_ROWS + YOUTH_JUSTICE_ROWS + MENTAL_HEALTH_ROWS + CHILDCARE_ROWS
