"""Say which features count which event: the definitions read one event at a time, in place of what events come to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

from riskaudit.artefacts import SEVERAL, AgencyRecords, CountedEvents, LinkedPeople, Subject
from riskaudit.features.catalogue import FEATURES, catalogue, usable
from riskaudit.features.definition import Aggregate
from riskaudit.features.derived import COUNTABLE_KINDS, DERIVED_KINDS
from riskaudit.features.relations import kind_numbers, lay_day, lay_records
from riskaudit.features.variants import Variant
from riskaudit.scenario import Agency, FeaturesSection, StudySection

if TYPE_CHECKING:
    import duckdb

__all__ = ["counted_events"]


def counted_events(
    records: AgencyRecords, linked: LinkedPeople, study: StudySection, asked: FeaturesSection
) -> CountedEvents:
    """Return which features of which children count each event on a linked record, as of the index date.

    An event is counted where it is known, in the window and of the subject. What is there for every feature of its kind says why
    another does not count it. A feature that sums, averages or takes the largest amount counts no event without one. Features
    of no events (who is in the home, who is known to an agency) are not in the table. Meant for a few families: the table has
    many rows an event. Parameters are those of `build`.
    """
    import duckdb

    agencies = [Agency(name) for name in records.agencies]
    entries = catalogue(asked, agencies).by_id
    with duckdb.connect(":memory:") as db:
        lay_records(db, records, linked, usable(asked, agencies))
        lay_day(db, records.agencies, study.index_date, asked.cohort)
        _lay_rules(db, [one for one in FEATURES if isinstance(one, Variant) and one.id in entries])
        _lay_entries(db, records.agencies, study.index_date)
        return CountedEvents(CountedEvents.SPEC.conform(db.sql(_COUNTED).to_arrow_table()))


_WITH_AMOUNT = (Aggregate.SUM, Aggregate.MAX, Aggregate.MEAN)


def _lay_rules(db: duckdb.DuckDBPyConnection, features: Sequence[Variant]) -> None:
    """Lay out what each feature counts: kinds by number (none: whatever stands under a heading), whose, and how far back."""
    db.execute("CREATE TABLE rule (feature VARCHAR, number UTINYINT, subject VARCHAR, days INTEGER, amount BOOLEAN)")
    db.executemany(
        "INSERT INTO rule VALUES (?, ?, ?, ?, ?)",
        [
            (one.id, number, one.subject.value, one.window.days, one.row.aggregate in _WITH_AMOUNT)
            for one in features
            for number in _numbers(one)
        ],
    )


def _numbers(one: Variant) -> list[int | None]:
    if one.row.agency == SEVERAL:
        return [None]
    return [at for at, kind in enumerate(COUNTABLE_KINDS) if kind.agency == one.row.agency and kind.id in one.row.kinds]


def _lay_entries(db: duckdb.DuckDBPyConnection, agencies: Collection[str], day: date) -> None:
    """Lay out one row per event on a linked record, and one more where it is of a derived kind too."""
    written = " UNION ALL ".join(
        f"""
        SELECT event_id, person, family, role, number, heading, happened, amount, DATE '{day}' - happened AS age,
               happened <= DATE '{day}' AND recorded <= DATE '{day}' AS known
        FROM {agency}_events AS event
        JOIN kind_of_event ON kind_of_event.agency = '{agency}' AND kind_of_event.kind = event.kind::VARCHAR
        JOIN record ON record.record_id = event.record_id
        """
        for agency in agencies
    )
    db.execute(f"CREATE TABLE entry AS {written}")
    for derived in DERIVED_KINDS:
        number = kind_numbers(derived.kind.agency, [derived.kind.id])
        db.execute(f"""
            INSERT INTO entry
            SELECT event_id, person, family, role, {number}, 0, happened, amount, age, known
            FROM entry SEMI JOIN (SELECT person, happened FROM again WHERE number = {number}) AS again
                USING (person, happened)
            WHERE known AND number IN ({kind_numbers(derived.kind.agency, [derived.of])})
        """)


# Whose records count, as `expressions._ROUTES` finds them; a test holds the two together.
_OF_SUBJECT = {
    Subject.CHILD: "entry.person = child.person",
    Subject.MOTHER: "entry.role = 'mother'",
    Subject.FATHER: "entry.role = 'father'",
    Subject.HOUSEHOLD: "TRUE",
    Subject.PARENTS: "entry.role IN ('mother', 'father') AND coalesce(entry.happened >= child.birth_date, FALSE)",
    Subject.SIBLINGS: "entry.role = 'child' AND entry.person <> child.person",
}
_WHOSE = " ".join(f"WHEN '{subject.value}' THEN {condition}" for subject, condition in _OF_SUBJECT.items())
_COUNTED = f"""
    SELECT event_id, child.person_id AS child_id, feature, known,
           coalesce(entry.age < rule.days, TRUE) AS in_window, CASE subject {_WHOSE} END AS of_subject
    FROM entry
    JOIN rule ON coalesce(rule.number = entry.number, entry.heading > 0) AND (NOT rule.amount OR entry.amount IS NOT NULL)
    JOIN child ON child.family = entry.family
    ORDER BY event_id, child_id, feature
"""
