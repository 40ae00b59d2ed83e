"""What cannot be, or hardly, on one linked person or in one linked family: signs of wrong links that need no truth.

After Hagger-Johnson et al. (2015), who found false matches in hospital records by looking for such scenarios.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from riskaudit.artefacts import EVENT_KINDS, AgencyRecords, LinkedPeople
from riskaudit.estimates import EstimateTable
from riskaudit.linkage.checks.written import Written, fifths
from riskaudit.linkage.identities import FIELDS
from riskaudit.linkage.quality.clusters import LINKED_PEOPLE
from riskaudit.linkage.quality.families import LINKED_FAMILIES
from riskaudit.linkage.quality.shares import Counted, Share, measured
from riskaudit.linkage.side_by_side import numbered, side_by_side
from riskaudit.scenario import Agency, LinkageMethod

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
    one_to_one: bool = True
    """Whether it can be seen where a person is given at most one record of an agency."""


SCENARIOS: tuple[Scenario, ...] = (
    Scenario("two_sexes_rate", "records of both sexes", "two_sexes", "with_sex > 1", "people with a sex on two records"),
    Scenario("births_years_apart_rate", "dates of birth more than a year apart", "latest > earliest + to_years(1)",
             "with_birth > 1", "people with a date of birth on two records"),
    Scenario("two_nhs_numbers_rate", "several NHS-like numbers", "two_nhs_numbers", "with_nhs_number > 1",
             "people with such a number on two records"),
    Scenario("two_pupil_numbers_rate", "several pupil numbers, as of a child in two schools", "two_pupil_numbers",
             "with_pupil_number > 1", "people with a pupil number on two records"),
    Scenario("two_records_of_one_agency_rate", "two records of one agency, which should know its own people",
             "records > agencies", "records > 1", "people with two records", one_to_one=False),
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


def implausible(written: Written, linked: LinkedPeople, records: AgencyRecords, confidence: float) -> EstimateTable:
    """Return how often each of `SCENARIOS` is seen, overall and by group as the spine records it.

    What cannot be seen, since links are one to one by every method but `perfect`, is left out: never would be said of it.

    Dates and sexes are those of all records joined to a person, so a slip in one record is seen too, not wrong links alone.
    Linked families are kept together in intervals.
    """
    import duckdb

    groups = {"ethnicity": "ethnicity", "deprivation": "deprivation"}
    several = LinkageMethod.PERFECT.value in linked.links.column("method").unique().to_pylist()
    scenarios = [one for one in SCENARIOS if several or one.one_to_one]
    flags = ", ".join(
        f"coalesce(({one.could_be}) AND ({one.seen}), false)::TINYINT AS seen_{at}, "
        f"coalesce({one.could_be}, false)::TINYINT AS could_{at}"
        for at, one in enumerate(scenarios)
    )
    shares = [
        Share(one.name, f"seen_{at}", f"could_{at}", one.cases, subject=one.subject) for at, one in enumerate(scenarios)
    ]
    with duckdb.connect(":memory:") as db:
        db.execute("SET enable_progress_bar = false")
        _lay_spine(db, linked)
        _lay_said(db, written, records)
        _lay_timing(db, records)
        db.execute(_PROFILE, {"least": LEAST_AGE_OF_A_PARENT})
        db.execute(
            f"CREATE TABLE seen AS SELECT linked_family AS cluster, ethnicity, deprivation, {flags} FROM profile"
        )
        return measured(Counted(db, "seen", LINKED_PEOPLE, groups, LINKED_FAMILIES), shares, confidence)


def _lay_spine(db: duckdb.DuckDBPyConnection, linked: LinkedPeople) -> None:
    """Make the table `spine`: one row per linked person."""
    people = linked.people
    level, names = fifths(people.column("deprivation_decile"))
    fifth = pa.DictionaryArray.from_arrays(pa.array(level, pa.int8(), mask=level == len(names) - 1), list(names))
    columns = {name: people.column(name) for name in ("role", "birth_date", "ethnicity")}
    columns |= {"linked": pa.array(np.arange(len(people), dtype=np.int32)), "deprivation": fifth}
    columns |= {"linked_family": numbered(people.column("family_id"))}
    db.register("linked_people", pa.table(columns))
    db.execute(
        """CREATE TABLE spine AS
        SELECT * REPLACE (linked_family::INTEGER AS linked_family, role::VARCHAR AS role) FROM linked_people"""
    )


def _lay_said(db: duckdb.DuckDBPyConnection, written: Written, records: AgencyRecords) -> None:
    """Make the tables `joined`, one row per record that is joined to somebody, and `said`, one per linked person.

    Texts are compared by their hashes: two that differ share one as good as never (1 in 2 to the power 64), and whole numbers
    take less room than numbers of 10 digits do as text.
    """
    ends = np.cumsum([0, *(len(table) for table in records.people.values())])
    tables = {
        agency: table.append_column("linked", pa.array(written.linked[start:end].astype(np.int32))).append_column(
            "of_spine", pa.array(written.of_spine[start:end])
        )
        for (agency, table), start, end in zip(records.people.items(), ends, ends[1:], strict=False)
    }
    columns = "record_id, role, sex, birth_date, nhs_number, pupil_number, linked, of_spine"
    with side_by_side(db, "people", tables, columns) as people:
        db.execute(_JOINED.format(people=people))
    db.execute(_SAID)


def _lay_timing(db: duckdb.DuckDBPyConnection, records: AgencyRecords) -> None:
    """Make the table `timing`: one row per linked person with events, and whether any is out of time."""
    limits = {(one.agency, one.role): (one.least, one.most) for one in AGES}
    turns = {agency: turn for turn, agency in enumerate(records.agencies)}
    rows = [
        (turns[kind.agency], kind.id, *limits.get((kind.agency, kind.role), _ANY_AGENCY[kind.role]))
        for kind in EVENT_KINDS
        if kind.agency in turns
    ]
    names = ("turn", "kind", "least", "most")
    db.register("age_of", pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))))
    in_turn = {agency: records.events[agency] for agency in records.agencies}
    with side_by_side(db, "events", in_turn, "record_id, kind, happened") as events:
        db.execute(_TIMING.format(events=events))


# What two records of one person should agree on, written alike.
_TEXTS = ("sex", "nhs_number", "pupil_number")
_ALIKE = ", ".join(f"{FIELDS[name]} AS its_{name}" for name in _TEXTS)
_HASHES = ", ".join(f"CASE WHEN its_{name} IS NOT NULL THEN hash(its_{name}) END AS its_{name}" for name in _TEXTS)
_JOINED = f"""
CREATE TABLE joined AS
SELECT record_id, turn, linked, of_spine, child, birth_date AS its_birth_date, {_HASHES}
FROM (SELECT *, role = 'child' AS child, {_ALIKE} FROM ({{people}}) WHERE linked >= 0)
"""
_SAID = """
CREATE TABLE said AS
SELECT linked,
       count(*) AS records, bit_count(bit_or(1::BIGINT << turn)) AS agencies,
       count(its_sex) AS with_sex, min(its_sex) < max(its_sex) AS two_sexes,
       count(its_birth_date) AS with_birth, min(its_birth_date) AS earliest, max(its_birth_date) AS latest,
       count(its_nhs_number) AS with_nhs_number, min(its_nhs_number) < max(its_nhs_number) AS two_nhs_numbers,
       count(its_pupil_number) AS with_pupil_number, min(its_pupil_number) < max(its_pupil_number) AS two_pupil_numbers,
       bool_or(child AND NOT of_spine) AS called_child
FROM joined GROUP BY linked
"""

_TIMING = """
CREATE TABLE timing AS
SELECT linked, bool_or(happened < birth_date) AS before_birth,
       coalesce(bool_or(happened < birth_date + to_years(least) OR happened >= birth_date + to_years(most + 1)), false)
           AS at_wrong_age
FROM (
    SELECT linked, turn, kind::VARCHAR AS kind, unnest([min(happened), max(happened)]) AS happened
    FROM ({events}) JOIN (SELECT record_id, linked FROM joined) USING (record_id)
    GROUP BY linked, turn, kind
)
JOIN (SELECT linked, birth_date FROM spine WHERE birth_date IS NOT NULL) USING (linked)
LEFT JOIN age_of USING (turn, kind)
GROUP BY linked
"""

_PROFILE = """
CREATE TABLE profile AS
WITH person AS (
    SELECT spine.*, said.* EXCLUDE (linked), before_birth, at_wrong_age, timing.linked IS NOT NULL AS with_events
    FROM spine JOIN said USING (linked) LEFT JOIN timing USING (linked)
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
