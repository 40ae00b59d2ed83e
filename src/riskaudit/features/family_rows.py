"""Features that come from the linking itself: who the linked data say the child and the family are."""

from __future__ import annotations

from riskaudit.artefacts import FeatureKind, Sensitivity, Subject
from riskaudit.features.definition import FeatureDefinition, Person
from riskaudit.features.published import BRISTOL, NEW_ZEALAND

__all__ = ["FAMILY_ROWS"]

FAMILY_ROWS: tuple[FeatureDefinition, ...] = (
    FeatureDefinition(
        id="child_age",
        label="Age of the child",
        plain="your child is the age they are",
        agency="linkage",
        subject=Subject.CHILD,
        measure=Person("age", "Completed years of age at the index date", FeatureKind.AMOUNT, "years"),
        domain="family",
        sensitivity=Sensitivity.ORDINARY,
        proxies=("which services a child has met so far",),
        can_be_wrong="A birth date written down wrongly, or not at all (then 0, and child_age_not_recorded is 1).",
    ),
    FeatureDefinition(
        id="child_age_not_recorded",
        label="Age of the child not on record",
        plain="your child's date of birth is not on record",
        agency="linkage",
        subject=Subject.CHILD,
        measure=Person(
            "age IS NULL", "1 where the child's linked record has no birth date", FeatureKind.MISSING, "0 or 1"
        ),
        domain="family",
        sensitivity=Sensitivity.ORDINARY,
        proxies=("linkage error",),
        can_be_wrong="Another agency may know the date: only the record that others are joined to is looked at.",
    ),
    FeatureDefinition(
        id="household_children",
        label="Children in the home",
        plain="your home has as many children as it has",
        agency="linkage",
        subject=Subject.HOUSEHOLD,
        measure=Person("children", "Number of children in the linked family", FeatureKind.COUNT, "children"),
        domain="family",
        sensitivity=Sensitivity.ORDINARY,
        proxies=("poverty", "ethnicity", "religion"),
        can_be_wrong="Children who have moved out, or who live there half the week, are counted whole or not at all.",
    ),
    FeatureDefinition(
        id="lone_parent_household",
        label="One parent in the home",
        plain="there is one parent in your home",
        agency="linkage",
        subject=Subject.HOUSEHOLD,
        measure=Person(
            "family_type IN ('lone_mother', 'lone_father')",
            "1 where the linked family has one parent",
            FeatureKind.FLAG,
            "0 or 1",
        ),
        domain="family",
        sensitivity=Sensitivity.SENSITIVE,
        proxies=("poverty", "sex of the parent", "ethnicity"),
        can_be_wrong="A second parent whose record was not joined, or who registered elsewhere, is not seen.",
    ),
    FeatureDefinition(
        id="mother_under_20_at_first_birth",
        label="Mother under 20 at first birth",
        plain="your child's mother had her first child before she was 20",
        agency="linkage",
        subject=Subject.MOTHER,
        measure=Person(
            "date_sub('year', mother_born, first_birth) < 20",
            "1 where the eldest linked mother was under 20 when the eldest linked child of the family was born",
            FeatureKind.FLAG,
            "0 or 1",
        ),
        domain="family",
        sensitivity=Sensitivity.SENSITIVE,
        proxies=("poverty",),
        can_be_wrong="An older child who has left home is not seen, and a stepmother is taken for the mother.",
        seen_in=(BRISTOL, NEW_ZEALAND),
    ),
    FeatureDefinition(
        id="mother_not_recorded",
        label="No mother on record",
        plain="no mother is on record at your home",
        agency="linkage",
        subject=Subject.MOTHER,
        measure=Person("mothers = 0", "1 where the linked family has no mother", FeatureKind.MISSING, "0 or 1"),
        domain="family",
        sensitivity=Sensitivity.SENSITIVE,
        proxies=("family form", "linkage error"),
        can_be_wrong="She may be registered elsewhere, or her record may not have been joined.",
    ),
    FeatureDefinition(
        id="father_not_recorded",
        label="No father on record",
        plain="no father is on record at your home",
        agency="linkage",
        subject=Subject.FATHER,
        measure=Person("fathers = 0", "1 where the linked family has no father", FeatureKind.MISSING, "0 or 1"),
        domain="family",
        sensitivity=Sensitivity.SENSITIVE,
        proxies=("being a lone parent", "family form", "linkage error"),
        can_be_wrong="He may be registered elsewhere, or his record may not have been joined.",
    ),
)
