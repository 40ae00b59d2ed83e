"""Build the feature table as of the index date, and the recorded outcome after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskaudit.artefacts import LABELS, AgencyRecords, FeatureTable, LinkedPeople
from riskaudit.errors import BadInput, Fault
from riskaudit.features.catalogue import DEFINITIONS, catalogue
from riskaudit.features.expressions import features_sql
from riskaudit.scenario import Agency, FeaturesSection, StudySection

if TYPE_CHECKING:
    import duckdb

__all__ = ["OUTCOME_KINDS", "build"]

# What social care must record in the outcome window for the outcome to be recorded.
OUTCOME_KINDS = ("child_in_need", "child_protection_plan")


def build(records: AgencyRecords, linked: LinkedPeople, study: StudySection, asked: FeaturesSection) -> FeatureTable:
    """Return every feature of every linked child as of the index date, and whether the outcome was recorded after it.

    One row per linked person whose role is child, ordered by person id. A feature sees an event only when it both
    happened and was recorded on or before the index date. The recorded outcome is a child-in-need or
    child-protection-plan event of social care on a record linked to the child, which happened after the index date and
    was recorded no later than `study.outcome_months` after it. Nothing is random.

    Parameters
    ----------
    records
        The records of the agencies that were linked; features of other agencies are absent from the catalogue.
    linked
        Which record belongs to which linked person.
    study
        Gives the index date and the outcome window (months).
    asked
        Which features the models may not use. Those are built all the same, marked as left out.

    Raises
    ------
    BadInput
        If social care is not linked: the outcome that models learn is made of its records.
    """
    if Agency.SOCIAL_CARE not in records.agencies:
        raise BadInput(_no_outcome(records))
    import duckdb

    entries = catalogue(asked, [Agency(name) for name in records.agencies])
    wanted = [row for row in DEFINITIONS if row.id in entries.by_id]
    with duckdb.connect(":memory:") as db:
        _lay_events(db, records)
        _lay_people(db, linked, study)
        features = db.sql(features_sql(wanted, study.index_date)).to_arrow_table()
        labels = db.sql(_labels_sql(study)).to_arrow_table()
    return FeatureTable(entries, FeatureTable.spec(entries).conform(features), LABELS.conform(labels))


def _lay_events(db: duckdb.DuckDBPyConnection, records: AgencyRecords) -> None:
    """Lay out `event`: one row per event of any agency."""
    for agency, events in records.events.items():
        db.register(f"{agency}_events", events)
    # As decimals, amounts add up to the same bytes in any order of rows; a hundredth of a penny is precise enough.
    selects = [
        f"SELECT '{agency}' AS agency, record_id, kind::VARCHAR AS kind, happened, recorded,"
        f" amount::DECIMAL(18, 4) AS amount FROM {agency}_events"
        for agency in records.agencies
    ]
    db.execute("CREATE VIEW event AS " + " UNION ALL ".join(selects))


def _lay_people(db: duckdb.DuckDBPyConnection, linked: LinkedPeople, study: StudySection) -> None:
    """Lay out `seen`, one row per event that was known on the index date, and `child`, one row per linked child."""
    db.register("link", linked.links)
    db.register("person", linked.people)
    day = f"DATE '{study.index_date}'"
    db.execute(f"""
        CREATE TABLE seen AS
        SELECT person.person_id, person.family_id, person.role::VARCHAR AS role, event.agency, kind, happened, amount
        FROM event JOIN link USING (record_id) JOIN person ON person.person_id = link.person_id
        WHERE happened <= {day} AND recorded <= {day}
    """)
    db.execute(f"""
        CREATE TABLE child AS
        WITH family AS (
            SELECT family_id,
                   count(*) FILTER (WHERE role = 'mother') AS mothers,
                   count(*) FILTER (WHERE role = 'father') AS fathers,
                   min(birth_date) FILTER (WHERE role = 'mother') AS mother_born,
                   min(birth_date) FILTER (WHERE role = 'child') AS first_birth
            FROM person GROUP BY family_id
        ), holders AS (
            SELECT person_id, list(DISTINCT agency::VARCHAR) AS agencies FROM link GROUP BY person_id
        )
        SELECT person.person_id, person.family_id, children, family_type::VARCHAR AS family_type,
               date_sub('year', birth_date, {day}) AS age, coalesce(agencies, []) AS agencies,
               mothers, fathers, mother_born, first_birth
        FROM person JOIN family USING (family_id) LEFT JOIN holders USING (person_id)
        WHERE role = 'child'
    """)


def _labels_sql(study: StudySection) -> str:
    kinds = ", ".join(f"'{kind}'" for kind in OUTCOME_KINDS)
    day = f"DATE '{study.index_date}'"
    return f"""
        SELECT person_id AS child_id, family_id, person_id IN (
            SELECT link.person_id FROM event JOIN link USING (record_id)
            WHERE event.agency = '{Agency.SOCIAL_CARE}' AND kind IN ({kinds})
              AND happened > {day} AND recorded <= {day} + to_months({study.outcome_months})
        ) AS recorded_outcome
        FROM child ORDER BY child_id
    """


def _no_outcome(records: AgencyRecords) -> Fault:
    return Fault(
        "[agencies] linked",
        "social_care is not linked, and the outcome that models learn is made of its records",
        hint=f"add social_care to {', '.join(records.agencies)}; "
        'to keep its records from the models, give [features] leave_out_agencies = ["social_care"]',
    )
