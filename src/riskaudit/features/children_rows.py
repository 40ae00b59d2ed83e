"""Features made of school, early-help and social-care records."""

from __future__ import annotations

from riskaudit.artefacts import FeatureKind, Sensitivity, Subject
from riskaudit.features.definition import EVER, LAST_YEAR, TWO_YEARS, Aggregate, Events, FeatureDefinition, Person, over
from riskaudit.features.published import ALLEGHENY, BRISTOL, HACKNEY, SUPPORTING_FAMILIES
from riskaudit.scenario import Agency
from riskaudit.scenario.population import NeedName

__all__ = ["CHILDREN_ROWS"]

SCHOOL_ROWS: tuple[FeatureDefinition, ...] = (
    FeatureDefinition(
        id="school_persistent_absence",
        label="Persistent absence (1 year)",
        plain="your child missed at least a tenth of school in the last year",
        agency=Agency.SCHOOL,
        subject=Subject.CHILD,
        measure=Events(("absence",), LAST_YEAR, Aggregate.MEAN, at_least=10),
        domain=NeedName.SCHOOL,
        sensitivity=Sensitivity.ORDINARY,
        proxies=("illness and disability", "poverty"),
        can_be_wrong="Time off for illness or a hospital stay counts the same as any other time off.",
        seen_in=(BRISTOL, HACKNEY, SUPPORTING_FAMILIES),
    ),
    *over(
        FeatureDefinition(
            id="school_highest_absence",
            label="Absence in the term with most absence",
            plain="your child was away from school for part of a term",
            agency=Agency.SCHOOL,
            subject=Subject.CHILD,
            measure=Events(("absence",), aggregate=Aggregate.MAX),
            domain=NeedName.SCHOOL,
            sensitivity=Sensitivity.ORDINARY,
            proxies=("illness and disability", "poverty"),
            can_be_wrong="One term of illness decides it, however good the other terms were.",
            seen_in=(BRISTOL, HACKNEY, SUPPORTING_FAMILIES),
        ),
        TWO_YEARS,
    ),
    *over(
        FeatureDefinition(
            id="school_suspensions",
            label="Suspensions from school",
            plain="your child was suspended from school",
            agency=Agency.SCHOOL,
            subject=Subject.CHILD,
            measure=Events(("suspension",)),
            domain=NeedName.SCHOOL,
            sensitivity=Sensitivity.SENSITIVE,
            proxies=("special educational needs", "poverty", "ethnicity", "the school's own rules"),
            can_be_wrong="Schools differ in what they suspend for, and support needs are often found only later.",
            seen_in=(BRISTOL,),
        ),
        TWO_YEARS,
        EVER,
    ),
    *over(
        FeatureDefinition(
            id="school_moves",
            label="School moves outside the usual times",
            plain="your child changed school at an unusual time",
            agency=Agency.SCHOOL,
            subject=Subject.CHILD,
            measure=Events(("school_move",)),
            domain=NeedName.SCHOOL,
            sensitivity=Sensitivity.ORDINARY,
            proxies=("insecure housing", "migration", "poverty"),
            can_be_wrong="A move can be a good thing, or one that a landlord or an employer decided.",
        ),
        TWO_YEARS,
    ),
    *over(
        FeatureDefinition(
            id="school_special_needs_support",
            label="Support for special educational needs",
            plain="your child got extra support at school for special needs",
            agency=Agency.SCHOOL,
            subject=Subject.CHILD,
            measure=Events(("special_needs_support",), at_least=1),
            domain=NeedName.SCHOOL,
            sensitivity=Sensitivity.SPECIAL,
            proxies=("disability",),
            can_be_wrong="It shows that support was given. A child who waits for support has nothing on record.",
        ),
        EVER,
    ),
    FeatureDefinition(
        id="school_no_record",
        label="No school record",
        plain="no school holds a record of your child",
        agency=Agency.SCHOOL,
        subject=Subject.CHILD,
        measure=Person(
            "age BETWEEN 5 AND 15 AND NOT list_contains(agencies, 'school')",
            "1 where the child is 5 to 15 years old and no school record was linked to the child",
            FeatureKind.MISSING,
            "0 or 1",
        ),
        domain=NeedName.SCHOOL,
        sensitivity=Sensitivity.SENSITIVE,
        proxies=("home education", "private schooling", "moving home", "linkage error"),
        can_be_wrong="A record may exist and not have been joined: a misspelt name or an old address is enough.",
    ),
)
EARLY_HELP_ROWS: tuple[FeatureDefinition, ...] = (
    *over(
        FeatureDefinition(
            id="early_help_assessments",
            label="Early-help assessments",
            plain="somebody looked at what early help your child might need",
            agency=Agency.EARLY_HELP,
            subject=Subject.CHILD,
            measure=Events(("assessment",)),
            domain=NeedName.SAFETY,
            sensitivity=Sensitivity.SENSITIVE,
            proxies=("asking for help", "contact with services"),
            can_be_wrong="Asking for help early counts against the family that asked.",
            seen_in=(BRISTOL,),
        ),
        EVER,
    ),
    *over(
        FeatureDefinition(
            id="early_help_not_taken_up",
            label="Early help not taken up",
            plain="your family was offered early help and did not take it up",
            agency=Agency.EARLY_HELP,
            subject=Subject.CHILD,
            measure=Events(("closed_without_engagement",)),
            domain=NeedName.SAFETY,
            sensitivity=Sensitivity.SENSITIVE,
            proxies=("distrust of services", "work hours", "language"),
            can_be_wrong="The help offered may not have been what was needed, or may have come too late.",
        ),
        EVER,
    ),
)
SOCIAL_CARE_ROWS: tuple[FeatureDefinition, ...] = (
    *over(
        FeatureDefinition(
            id="social_care_referrals",
            label="Referrals to social care",
            plain="a worry about your child was passed to social services",
            agency=Agency.SOCIAL_CARE,
            subject=Subject.CHILD,
            measure=Events(("referral",)),
            domain=NeedName.SAFETY,
            sensitivity=Sensitivity.SENSITIVE,
            proxies=("contact with services", "poverty", "how closely a neighbourhood is watched"),
            can_be_wrong="A referral is somebody's worry. It stays on record when nothing was found.",
            seen_in=(ALLEGHENY, BRISTOL, HACKNEY),
        ),
        EVER,
        TWO_YEARS,
    ),
    *over(
        FeatureDefinition(
            id="social_care_household_referrals",
            label="Referrals of any child in the home",
            plain="a worry about a child in your home was passed to social services",
            agency=Agency.SOCIAL_CARE,
            subject=Subject.HOUSEHOLD,
            measure=Events(("referral",)),
            domain=NeedName.SAFETY,
            sensitivity=Sensitivity.SENSITIVE,
            proxies=("number of children", "contact with services", "poverty"),
            can_be_wrong="It counts a brother's or sister's record, and more children mean more records.",
            seen_in=(ALLEGHENY, BRISTOL, HACKNEY),
        ),
        EVER,
    ),
    *over(
        FeatureDefinition(
            id="social_care_child_in_need",
            label="Recorded as a child in need",
            plain="social services wrote down that your child was in need of help",
            agency=Agency.SOCIAL_CARE,
            subject=Subject.CHILD,
            measure=Events(("child_in_need",)),
            domain=NeedName.SAFETY,
            sensitivity=Sensitivity.SENSITIVE,
            proxies=("disability", "contact with services", "poverty"),
            can_be_wrong="It never fades: help that ended years ago counts the same as help today.",
            seen_in=(ALLEGHENY, BRISTOL),
        ),
        EVER,
    ),
    *over(
        FeatureDefinition(
            id="social_care_protection_plans",
            label="Child-protection plans",
            plain="your child was put on a plan to keep them safe",
            agency=Agency.SOCIAL_CARE,
            subject=Subject.CHILD,
            measure=Events(("child_protection_plan",)),
            domain=NeedName.SAFETY,
            sensitivity=Sensitivity.SENSITIVE,
            proxies=("contact with services", "poverty"),
            can_be_wrong="It never fades: a plan that ended years ago counts the same as one today.",
            seen_in=(ALLEGHENY, BRISTOL),
        ),
        EVER,
    ),
)
CHILDREN_ROWS = SCHOOL_ROWS + EARLY_HELP_ROWS + SOCIAL_CARE_ROWS
