"""Features made of the records as such: who holds one, what is missing on it, where records disagree, what they add up to.

Those of agency 'linkage' are made of the identity fields of records, not of what happened; those of agency 'several' count
events across agencies. Both see only the agencies that models may use.
"""

from __future__ import annotations

from riskaudit.artefacts import LINKAGE, SEVERAL, FeatureKind, Sensitivity, Subject
from riskaudit.features.definition import Aggregate, AnyDefinition, EventsDefinition, StateDefinition
from riskaudit.features.published import SUPPORTING_FAMILIES
from riskaudit.scenario import Agency

__all__ = ["RECORDS_ROWS"]

HOLDER_ROWS: tuple[AnyDefinition, ...] = (
    StateDefinition(
        id="child_agencies",
        label="Agencies with a record of the child",
        plain="so many services hold a record of your child",
        agency=LINKAGE,
        subject=Subject.CHILD,
        stem="agencies_with_record",
        sql="child_agencies",
        means="number of different agencies whose records were linked to the child (made of the identity of records)",
        kind=FeatureKind.COUNT,
        unit="agencies",
        domain="family",
        sensitivity=Sensitivity.SENSITIVE,
        proxies=("contact with services", "age of the child", "asking for help"),
        can_be_wrong="A record that was not joined makes it too low, and a stranger's record makes it too high.",
    ),
    StateDefinition(
        id="household_agencies",
        label="Agencies with a record of anybody in the home",
        plain="so many services hold a record of people in your home",
        agency=LINKAGE,
        subject=Subject.HOUSEHOLD,
        stem="agencies_with_record",
        sql="household_agencies",
        means="number of different agencies whose records were linked to anybody in the child's linked family (made of the "
        "identity of records)",
        kind=FeatureKind.COUNT,
        unit="agencies",
        domain="family",
        sensitivity=Sensitivity.SENSITIVE,
        proxies=("contact with services", "number of people in the home", "asking for help"),
        can_be_wrong="A record that was not joined makes it too low, and a stranger's record makes it too high.",
    ),
    StateDefinition(
        id="child_postcodes",
        label="Postcodes on the child's records",
        plain="your child's records name so many places to live",
        agency=LINKAGE,
        subject=Subject.CHILD,
        stem="postcodes_on_record",
        sql="child_postcodes",
        means="number of different postcodes on the records linked to the child (made of the identity of records)",
        kind=FeatureKind.COUNT,
        unit="postcodes",
        domain="family",
        sensitivity=Sensitivity.SENSITIVE,
        proxies=("moving home", "parents who live apart", "recording errors"),
        can_be_wrong="One wrong letter, or an old address that nobody changed, looks like a move.",
    ),
    StateDefinition(
        id="household_postcodes",
        label="Postcodes on the records of anybody in the home",
        plain="the records of your home name so many places to live",
        agency=LINKAGE,
        subject=Subject.HOUSEHOLD,
        stem="postcodes_on_record",
        sql="household_postcodes",
        means="number of different postcodes on the records linked to anybody in the child's linked family (made of the "
        "identity of records)",
        kind=FeatureKind.COUNT,
        unit="postcodes",
        domain="family",
        sensitivity=Sensitivity.SENSITIVE,
        proxies=("moving home", "parents who live apart", "number of people in the home", "recording errors"),
        can_be_wrong="One wrong letter, or an old address that nobody changed, looks like a move.",
    ),
)
MISSING_ROWS: tuple[AnyDefinition, ...] = (
    StateDefinition(
        id="child_no_nhs_number",
        label="No NHS-like number on record",
        plain="no record of your child has a health number on it",
        agency=LINKAGE,
        subject=Subject.CHILD,
        needs=(Agency.GP, Agency.HEALTH_VISITING, Agency.AE, Agency.MENTAL_HEALTH),
        sql="nhs_numbers = 0",
        means="1 where no record linked to the child has an NHS-like number (made of the identity of records)",
        kind=FeatureKind.MISSING,
        domain="family",
        sensitivity=Sensitivity.SENSITIVE,
        proxies=("migration", "moving home", "recording errors", "linkage error"),
        can_be_wrong="The child may well have one: it is the record that lacks it.",
    ),
    StateDefinition(
        id="child_no_pupil_number",
        label="No pupil number on record",
        plain="no record of your child has a pupil number on it",
        agency=LINKAGE,
        subject=Subject.CHILD,
        needs=(Agency.SCHOOL, Agency.SOCIAL_CARE),
        sql="age BETWEEN 5 AND 15 AND pupil_numbers = 0",
        means="1 where the child is 5 to 15 years old and no record linked to the child has a pupil number (made of the "
        "identity of records)",
        kind=FeatureKind.MISSING,
        domain="family",
        sensitivity=Sensitivity.SENSITIVE,
        proxies=("home education", "private schooling", "recording errors", "linkage error"),
        can_be_wrong="The child may well have one: it is the record that lacks it.",
    ),
    StateDefinition(
        id="child_postcode_not_recorded",
        label="No postcode on record",
        plain="no record of your child has a postcode on it",
        agency=LINKAGE,
        subject=Subject.CHILD,
        sql="child_postcodes = 0",
        means="1 where no record linked to the child has a postcode (made of the identity of records)",
        kind=FeatureKind.MISSING,
        domain="family",
        sensitivity=Sensitivity.SENSITIVE,
        proxies=("having no fixed home", "hiding from somebody", "recording errors"),
        can_be_wrong="A family that has to hide its address has none on record, and so has one whose clerk forgot.",
    ),
)
SEVERAL_ROWS: tuple[AnyDefinition, ...] = (
    EventsDefinition(
        ids={Subject.HOUSEHOLD: "household_headings_of_need", Subject.CHILD: "child_headings_of_need"},
        label="Headings of need on record",
        plain="records show one kind of need or more for {who}",
        agency=SEVERAL,
        kinds=(),
        aggregate=Aggregate.HEADINGS,
        domain="family",
        sensitivity=Sensitivity.SPECIAL,
        proxies=("contact with services", "number of people in the home", "poverty"),
        can_be_wrong="One bad month can be written down by many services, and a need that nobody wrote down is not there.",
        seen_in=(SUPPORTING_FAMILIES,),
    ),
    EventsDefinition(
        ids={Subject.HOUSEHOLD: "household_three_headings_of_need", Subject.CHILD: "child_three_headings_of_need"},
        label="Three headings of need or more on record",
        plain="records show three or more kinds of need for {who}",
        agency=SEVERAL,
        kinds=(),
        aggregate=Aggregate.HEADINGS,
        at_least=3,
        domain="family",
        sensitivity=Sensitivity.SPECIAL,
        proxies=("contact with services", "number of people in the home", "poverty"),
        can_be_wrong="One bad month can be written down by many services, and a need that nobody wrote down is not there.",
        seen_in=(SUPPORTING_FAMILIES,),
    ),
)
RECORDS_ROWS = HOLDER_ROWS + MISSING_ROWS + SEVERAL_ROWS
