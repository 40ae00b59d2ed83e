"""Lay records out as relations that features are counted from: once for a study, then as of each day that is asked for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from riskaudit.artefacts import AgencyRecords, LinkedPeople
from riskaudit.features.definition import WINDOWS, Window
from riskaudit.features.derived import COUNTABLE_KINDS, DERIVED_KINDS, Heading, heading_of
from riskaudit.scenario import SPINES, Agency, ScoredCohort

if TYPE_CHECKING:
    import duckdb

__all__ = ["REFERRED_DAYS", "kind_numbers", "lay_day", "lay_records"]

REFERRED_DAYS = 365
"""How far back a referral puts a child in the cohort of the referred. Unit: days."""


def kind_numbers(agency: str, kinds: Collection[str]) -> str:
    """Return the numbers of an agency's kinds of event, as a list in SQL."""
    return ", ".join(str(at) for at, kind in enumerate(COUNTABLE_KINDS) if kind.agency == agency and kind.id in kinds)


def lay_records(
    db: duckdb.DuckDBPyConnection, records: AgencyRecords, linked: LinkedPeople, usable: Collection[Agency]
) -> None:
    """Lay out what holds of a study as a whole.

    `folk`: one row per linked person, numbered. `record`: one row per linked record, with what its identity fields hold.
    `happening`: one row per event on a linked record, its kind as a number and its heading of need as a bit. Headings are of
    usable agencies only, as is `counts` of a record.
    """
    db.register("link", linked.links)
    db.register("person", linked.people)
    for agency in records.agencies:
        db.register(f"{agency}_people", records.people[agency])
        db.register(f"{agency}_events", records.events[agency])
    db.execute(_FOLK)
    db.execute(f"CREATE TABLE record AS {_identities(records.agencies, usable)}")
    db.execute("CREATE TABLE kind_of_event (agency VARCHAR, kind VARCHAR, number UTINYINT, heading USMALLINT)")
    db.executemany("INSERT INTO kind_of_event VALUES (?, ?, ?, ?)", _kinds(usable))
    db.execute(f"CREATE TABLE happening AS {_happenings(records.agencies)}")


def lay_day(db: duckdb.DuckDBPyConnection, agencies: Collection[str], day: date, cohort: ScoredCohort) -> None:
    """Lay out what was known on one day.

    `seen`: one row per event that had both happened and been recorded by then, with its age in days. `told`: what those come to,
    one row per person and kind of event. `child`: one row per child of the cohort who was born by then, with what the linked
    data say of the child and the family. `lived`: as `told`, one row per child and kind of event on its parents' records since
    it was born.
    """
    db.execute(f"CREATE OR REPLACE TABLE again AS {_again(day)}")
    db.execute(f"""
        CREATE OR REPLACE VIEW seen AS
        SELECT person, family, role, number, heading, happened, DATE '{day}' - happened AS age, amount
        FROM ({_known_by(day)} UNION ALL SELECT * FROM again)
    """)
    db.execute(f"CREATE OR REPLACE TABLE told AS SELECT * FROM ({_summed('person', 'seen')}) JOIN folk USING (person)")
    db.execute(f"CREATE OR REPLACE TABLE child AS {_children(agencies, day, cohort)}")
    db.execute(f"CREATE OR REPLACE TABLE lived AS {_summed('child', _SINCE_BIRTH)}")


_SINCE_BIRTH = """(
    SELECT seen.*, child.person AS child FROM seen JOIN child ON child.family = seen.family
    WHERE seen.role IN ('mother', 'father') AND seen.happened >= child.birth_date
)"""
_FOLK = """
    CREATE TABLE folk AS
    SELECT person_id, family_id, birth_date, role::VARCHAR AS role, family_type::VARCHAR AS family_type,
           row_number() OVER (ORDER BY person_id)::INTEGER AS person,
           dense_rank() OVER (ORDER BY family_id)::INTEGER AS family
    FROM person
"""


def _identities(agencies: Collection[str], usable: Collection[str]) -> str:
    """Return one row per linked record: whose it is, and what its identity fields hold."""
    written = " UNION ALL ".join(
        f"SELECT record_id, '{agency}' AS agency, {agency in usable} AS counts, {agency in SPINES} AS keeps_a_list,"
        " upper(replace(postcode::VARCHAR, ' ', '')) AS postcode, nhs_number IS NOT NULL AS has_nhs_number,"
        f" pupil_number IS NOT NULL AS has_pupil_number FROM {agency}_people"
        for agency in agencies
    )
    return f"""
        SELECT row_number() OVER ()::INTEGER AS record, person, family, role, written.*
        FROM ({written}) AS written JOIN link USING (record_id) JOIN folk ON folk.person_id = link.person_id
    """


def _kinds(usable: Collection[str]) -> list[tuple[str, str, int, int]]:
    bits = {heading: 1 << at for at, heading in enumerate(Heading)}
    return [
        (
            kind.agency.value,
            kind.id,
            at,
            bits[heading] if (heading := heading_of(kind)) and kind.agency in usable else 0,
        )
        for at, kind in enumerate(COUNTABLE_KINDS)
    ]


def _happenings(agencies: Collection[str]) -> str:
    """Return one row per event on a linked record, of the kinds that features count."""
    # As decimals, amounts add up to the same bytes in any order of rows; a hundredth of a penny is precise enough.
    return " UNION ALL ".join(
        f"""
        SELECT record, person, family, role, number, heading, happened, recorded, amount::DECIMAL(18, 4) AS amount
        FROM {agency}_events AS event
        JOIN kind_of_event ON kind_of_event.agency = '{agency}' AND kind_of_event.kind = event.kind::VARCHAR
        JOIN record ON record.record_id = event.record_id
        """
        for agency in agencies
    )


def _known_by(day: date) -> str:
    """Return events that had both happened and been recorded by a day."""
    columns = "person, family, role, number, heading, happened, amount"
    return f"SELECT {columns} FROM happening WHERE happened <= DATE '{day}' AND recorded <= DATE '{day}'"


def _again(day: date) -> str:
    """Return the events of derived kinds: those that came soon enough after another of the same person."""
    return " UNION ALL ".join(
        f"""
        SELECT person, family, role, {kind_numbers(derived.kind.agency, [derived.kind.id])}::UTINYINT AS number,
               0::USMALLINT AS heading, happened, amount
        FROM ({_known_by(day)}) WHERE number IN ({kind_numbers(derived.kind.agency, [derived.of])})
        QUALIFY count(*) OVER (
            PARTITION BY person ORDER BY happened
            RANGE BETWEEN INTERVAL {derived.within_days} DAYS PRECEDING AND INTERVAL 1 DAY PRECEDING) > 0
        """
        for derived in DERIVED_KINDS
    )


def _summed(key: str, events: str) -> str:
    """Return what events come to, by key and kind of event: over every window that features have, so that each is read once."""
    columns = [
        f"{made.format(within=_within(window))} AS {name}_{window.column}"
        for window in WINDOWS
        for name, made in _SUMS.items()
    ]
    made = ", ".join([key, "number", "max(heading) AS heading", "min(age) AS age", *columns])
    return f"SELECT {made} FROM {events} GROUP BY {key}, number"


# Whole numbers add up fastest as floats, and exactly; amounts stay decimals.
_SUMS = {
    "events": "count(CASE WHEN {within} THEN 1 END)::DOUBLE",
    "amounts": "count(CASE WHEN {within} THEN amount END)::DOUBLE",
    "total": "sum(CASE WHEN {within} THEN amount END)::DECIMAL(18, 4)",
    "most": "max(CASE WHEN {within} THEN amount END)",
}


def _within(window: Window) -> str:
    # the index date is the window's last day, so a window of one day is the index date itself
    return "TRUE" if window.days is None else f"age < {window.days}"


def _children(agencies: Collection[str], day: date, cohort: ScoredCohort) -> str:
    referral = kind_numbers(Agency.SOCIAL_CARE, ["referral"])
    without_list = ", ".join(str(at) for at, kind in enumerate(COUNTABLE_KINDS) if kind.agency not in SPINES)
    known = [f"bool_or(agency = '{agency}') AS known_to_{agency}" for agency in agencies]
    known_or_not = [f"coalesce(known_to_{agency}, FALSE) AS known_to_{agency}" for agency in agencies]
    return f"""
        WITH born AS (
            SELECT * FROM folk WHERE role <> 'child' OR birth_date IS NULL OR birth_date <= DATE '{day}'
        ), families AS (
            SELECT family,
                   count(*) FILTER (role = 'child') AS children,
                   count(*) FILTER (role <> 'child') AS adults,
                   count(*) FILTER (role = 'mother') AS mothers,
                   count(*) FILTER (role = 'father') AS fathers,
                   min(birth_date) FILTER (role = 'mother') AS mother_born,
                   min(birth_date) FILTER (role = 'father') AS father_born,
                   min(birth_date) FILTER (role = 'child') AS first_birth
            FROM born GROUP BY family
        ), held AS (
            -- an agency without a list knows a person only from the first event that it wrote down
            SELECT * FROM record WHERE keeps_a_list OR record IN (
                SELECT record FROM happening
                WHERE number IN ({without_list}) AND happened <= DATE '{day}' AND recorded <= DATE '{day}')
        ), of_person AS (
            SELECT person, {", ".join(known)},
                   count(DISTINCT agency) FILTER (counts) AS child_agencies,
                   count(DISTINCT postcode) FILTER (counts) AS child_postcodes,
                   count(*) FILTER (counts AND has_nhs_number) AS nhs_numbers,
                   count(*) FILTER (counts AND has_pupil_number) AS pupil_numbers
            FROM held WHERE role = 'child' GROUP BY person
        ), of_family AS (
            SELECT family,
                   count(DISTINCT agency) FILTER (counts) AS household_agencies,
                   count(DISTINCT postcode) FILTER (counts) AS household_postcodes
            FROM held GROUP BY family
        ), referred AS (
            SELECT person, min(age) AS last_referral FROM told WHERE number IN ({referral}) GROUP BY person
        )
        SELECT born.person, born.family, person_id, family_id, birth_date, family_type,
               date_sub('year', birth_date, DATE '{day}') AS age,
               children, adults, mothers, fathers,
               date_sub('year', mother_born, DATE '{day}') AS mother_age,
               date_sub('year', father_born, DATE '{day}') AS father_age,
               date_sub('year', mother_born, first_birth) AS mother_at_first_birth,
               {", ".join(known_or_not)},
               coalesce(child_agencies, 0) AS child_agencies, coalesce(child_postcodes, 0) AS child_postcodes,
               coalesce(nhs_numbers, 0) AS nhs_numbers, coalesce(pupil_numbers, 0) AS pupil_numbers,
               coalesce(household_agencies, 0) AS household_agencies,
               coalesce(household_postcodes, 0) AS household_postcodes,
               last_referral IS NOT NULL AS referred
        FROM born JOIN families USING (family)
        LEFT JOIN of_person ON of_person.person = born.person
        LEFT JOIN of_family ON of_family.family = born.family
        LEFT JOIN referred ON referred.person = born.person
        WHERE role = 'child' AND {_IN_COHORT[cohort]}
    """


_IN_COHORT = {
    ScoredCohort.ALL: "TRUE",
    ScoredCohort.REFERRED: f"last_referral < {REFERRED_DAYS}",
}
