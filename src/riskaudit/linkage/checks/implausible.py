"""What cannot be, or hardly, on one linked person or in one linked family: signs of wrong links that need no truth.

After Hagger-Johnson et al. (2015), who found false matches in hospital records by looking for such scenarios.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from riskaudit.artefacts import EVENT_KINDS, AgencyRecords
from riskaudit.estimates import EstimateTable
from riskaudit.linkage.quality.clusters import LINKED_PEOPLE
from riskaudit.linkage.quality.families import LINKED_FAMILIES
from riskaudit.linkage.quality.shares import Counted, Share, measured
from riskaudit.scenario import Agency

if TYPE_CHECKING:
    import duckdb

__all__ = ["AGES", "LEAST_AGE_OF_A_PARENT", "SCENARIOS", "Ages", "Scenario", "implausible"]

LEAST_AGE_OF_A_PARENT = 13
"""A parent younger than this at a child's birth is implausible. Unit: years."""


@dataclass(frozen=True)
class Scenario:
    """One thing that cannot be, or hardly: seen on a linked person, of those on whom it could be seen."""

    name: str
    meaning: str
    seen: str
    could_be: str
    """Both are conditions on the table `profile`: what all records joined to one linked person say together."""
    cases: str
    """On whom it could be seen, in words."""
    subject: str = LINKED_PEOPLE


SCENARIOS: tuple[Scenario, ...] = (
    Scenario("two_sexes_rate", "records of both sexes", "two_sexes", "with_sex > 1", "people with a sex on two records"),
    Scenario("births_years_apart_rate", "dates of birth more than a year apart", "latest > earliest + to_years(1)",
             "with_birth > 1", "people with a date of birth on two records"),
    Scenario("two_nhs_numbers_rate", "several NHS-like numbers", "two_nhs_numbers", "with_nhs_number > 1",
             "people with such a number on two records"),
    Scenario("two_pupil_numbers_rate", "several pupil numbers, as of a child in two schools", "two_pupil_numbers",
             "with_pupil_number > 1", "people with a pupil number on two records"),
    Scenario("two_records_of_one_agency_rate", "two records of one agency, which should know its own people",
             "records > agencies", "records > 1", "people with two records"),
    Scenario("parent_with_child_record_rate", "a parent, with a record that calls that person a child",
             "called_child", "role IN ('mother', 'father') AND records > 1", "parents with two records"),
    Scenario("event_before_birth_rate", "something that happened before the person's birth", "before_birth", "with_events",
             "people with events and a date of birth"),
    Scenario("event_at_impossible_age_rate", "something that does not happen at the person's age", "at_wrong_age",
             "with_events", "people with events and a date of birth"),
    Scenario("parent_under_13_rate", "a parent who was under 13 at the child's birth", "parent_too_young", "with_parent",
             "children with a parent, both with dates of birth", LINKED_FAMILIES),
    Scenario("child_older_than_mother_rate", "a child born before its mother", "before_mother", "with_mother",
             "children with a mother, both with dates of birth", LINKED_FAMILIES),
)  # fmt: skip


@dataclass(frozen=True)
class Ages:
    """Between which ages an agency's events of one role happen. Wide on purpose, and assumptions all. Unit: years."""

    agency: Agency
    role: str
    least: int
    most: int


AGES: tuple[Ages, ...] = (
    Ages(Agency.HEALTH_VISITING, "child", 0, 6),
    Ages(Agency.CHILDCARE, "child", 0, 6),
    Ages(Agency.SCHOOL, "child", 2, 20),
    Ages(Agency.YOUTH_JUSTICE, "child", 8, 20),
)
_ANY_AGENCY = {"child": (0, 20), "adult": (11, 110)}


def implausible(db: duckdb.DuckDBPyConnection, records: AgencyRecords, confidence: float) -> EstimateTable:
    """Return how often each of `SCENARIOS` is seen, overall and by group as the spine records it.

    Dates and sexes are those of all records joined to a person, so a slip in one record is seen too, not wrong links alone.
    Linked families are kept together in intervals.
    """
    _lay_events(db, records)
    db.execute(_PROFILE, {"least": LEAST_AGE_OF_A_PARENT})
    groups = {"ethnicity": "ethnicity", "deprivation": "deprivation"}
    flags = ", ".join(
        f"coalesce(({one.could_be}) AND ({one.seen}), false)::INTEGER AS seen_{at}, "
        f"coalesce({one.could_be}, false)::INTEGER AS could_{at}"
        for at, one in enumerate(SCENARIOS)
    )
    db.execute(f"CREATE TABLE seen AS SELECT linked_family AS cluster, ethnicity, deprivation, {flags} FROM profile")
    shares = [
        Share(one.name, f"seen_{at}", f"could_{at}", one.cases, subject=one.subject) for at, one in enumerate(SCENARIOS)
    ]
    return measured(Counted(db, "seen", LINKED_PEOPLE, groups, LINKED_FAMILIES), shares, confidence)


def _lay_events(db: duckdb.DuckDBPyConnection, records: AgencyRecords) -> None:
    """Make the table `timing`: one row per linked person with events, and whether any is out of time."""
    db.execute("CREATE TABLE age_of (agency VARCHAR, kind VARCHAR, least INTEGER, most INTEGER)")
    limits = {(one.agency, one.role): (one.least, one.most) for one in AGES}
    rows = [
        (str(kind.agency), kind.id, *limits.get((kind.agency, kind.role), _ANY_AGENCY[kind.role]))
        for kind in EVENT_KINDS
    ]
    db.executemany("INSERT INTO age_of VALUES (?, ?, ?, ?)", rows)
    db.execute("CREATE TABLE timing (linked BIGINT, before_birth BOOLEAN, at_wrong_age BOOLEAN)")
    for turn, agency in enumerate(records.agencies):
        db.register("one", records.events[agency])
        db.execute(_TIMING, {"turn": turn, "agency": str(agency)})
        db.unregister("one")


_TIMING = """
INSERT INTO timing
SELECT linked, bool_or(happened < birth_date),
       coalesce(bool_or(happened < birth_date + to_years(least) OR happened >= birth_date + to_years(most + 1)), false)
FROM (
    SELECT linked, kind::VARCHAR AS kind, unnest([min(happened), max(happened)]) AS happened
    FROM one JOIN (SELECT record_id, linked FROM written WHERE turn = $turn AND linked IS NOT NULL) USING (record_id)
    GROUP BY linked, kind
)
JOIN (SELECT linked, birth_date FROM spine WHERE birth_date IS NOT NULL) USING (linked)
LEFT JOIN (FROM age_of WHERE agency = $agency) USING (kind)
GROUP BY linked
"""

_PROFILE = """
CREATE TABLE profile AS
WITH said AS (
    SELECT linked,
           count(*) AS records, count(DISTINCT turn) AS agencies,
           count(its_sex) AS with_sex, min(its_sex) < max(its_sex) AS two_sexes,
           count(its_birth_date) AS with_birth, min(its_birth_date) AS earliest, max(its_birth_date) AS latest,
           count(its_nhs_number) AS with_nhs_number, min(its_nhs_number) < max(its_nhs_number) AS two_nhs_numbers,
           count(its_pupil_number) AS with_pupil_number, min(its_pupil_number) < max(its_pupil_number) AS two_pupil_numbers,
           bool_or(role = 'child' AND NOT of_spine) AS called_child
    FROM written WHERE linked IS NOT NULL GROUP BY linked
), person AS (
    SELECT spine.*, said.* EXCLUDE (linked), before_birth, at_wrong_age, timing.linked IS NOT NULL AS with_events
    FROM spine JOIN said USING (linked)
    LEFT JOIN (
        SELECT linked, bool_or(before_birth) AS before_birth, bool_or(at_wrong_age) AS at_wrong_age FROM timing GROUP BY linked
    ) AS timing USING (linked)
), parent AS (
    SELECT linked_family, max(latest) AS youngest, max(latest) FILTER (role = 'mother') AS mother
    FROM person WHERE role IN ('mother', 'father') GROUP BY linked_family
)
SELECT person.*,
       person.role = 'child' AND earliest IS NOT NULL AND youngest IS NOT NULL AS with_parent,
       earliest < youngest + to_years($least) AS parent_too_young,
       person.role = 'child' AND earliest IS NOT NULL AND mother IS NOT NULL AS with_mother,
       earliest < mother AS before_mother
FROM person LEFT JOIN parent USING (linked_family)
"""
