"""Trace one linked family back to the records that it is made of, and the decision behind each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from riskaudit.artefacts import (
    AgencyRecords,
    FamilyTrace,
    LinkageTrace,
    LinkedPeople,
    Population,
    TracedPerson,
    TracedRecord,
    TracedTerm,
    Whose,
)
from riskaudit.linkage.cascade import IDENTIFIERS, PASSES

if TYPE_CHECKING:
    import duckdb

__all__ = ["PICKS", "pick_family", "trace_family"]

# Thing compared -> the fields that are shown for it.
_SHOWN = {"house_and_postcode": ("house", "postcode")}
_AGREED = {one.name: one.fields for one in (*IDENTIFIERS, *PASSES)}


def trace_family(
    family_id: str,
    linked: LinkedPeople,
    trace: LinkageTrace,
    records: AgencyRecords,
    *,
    threshold: float,
    truth: Population | None = None,
) -> FamilyTrace:
    """Return one linked family's people, the records joined or nearly joined to each, and why.

    Parameters
    ----------
    family_id
        A linked family that there is.
    linked, trace, records
        What was linked, the terms behind it, and the records.
    threshold
        The match probability from which pairs were linked, 0 to 1.
    truth
        The sealed truth, for evaluation: whose record each one truly is, and which records of these people are elsewhere.
    """
    with _database(family_id, linked, trace, records, truth) as db:
        people = db.sql("SELECT * FROM member ORDER BY birth_date NULLS LAST, person_id").to_arrow_table().to_pylist()
        found = db.sql(_RECORDS).to_arrow_table().to_pylist()
        missing = db.sql(_ELSEWHERE).to_arrow_table().to_pylist()
    written = _written(records, {row["record_id"]: row["agency"] for row in (*found, *missing)}, people)
    terms = _terms(trace, people)
    held = [_person(row, found, missing, written, terms) for row in people]
    return FamilyTrace(family_id, _prior_weight(linked), threshold, tuple(held))


# What a family may be picked for -> SQL condition on its records' true owners.
PICKS: dict[str, str] = {
    "false-link": "whose IN ('stranger', 'sibling', 'family')",
    "stranger": "whose = 'stranger'",
    "sibling-swap": "whose = 'sibling'",
    "missed": "whose = 'missed'",
}


def pick_family(kind: str, linked: LinkedPeople, records: AgencyRecords, truth: Population) -> str | None:
    """Return the linked family with the most records of a kind in `PICKS`, the first id among equals; None: there is none."""
    empty = LinkageTrace.empty()
    with _database("", linked, empty, records, truth) as db:
        row = db.execute(_PICK.format(condition=PICKS[kind])).fetchone()
    return None if row is None else str(row[0])


def _database(
    family_id: str, linked: LinkedPeople, trace: LinkageTrace, records: AgencyRecords, truth: Population | None
) -> duckdb.DuckDBPyConnection:
    import duckdb

    db = duckdb.connect(":memory:")
    db.execute("SET enable_progress_bar = false")
    db.register("links", linked.links)
    db.register("near", trace.near)
    db.register("linked_people", linked.people)
    db.execute("CREATE TABLE event_count (record_id VARCHAR, agency VARCHAR, events BIGINT)")
    for agency, events in records.events.items():
        db.register("one", events)
        db.register("these", records.people[agency])
        db.execute(
            """INSERT INTO event_count
            SELECT these.record_id, ?, count(one.record_id) FROM these LEFT JOIN one USING (record_id) GROUP BY ALL""",
            [str(agency)],
        )
    _lay_truth(db, truth)
    db.execute("CREATE TABLE member AS SELECT * FROM linked_people WHERE family_id = ?", [family_id])
    return db


def _lay_truth(db: duckdb.DuckDBPyConnection, truth: Population | None) -> None:
    """Make the table `owner`: record, true person, true family and whether a child; empty without the truth."""
    if truth is None:
        db.execute("CREATE TABLE owner (record_id VARCHAR, true_id VARCHAR, true_family VARCHAR, child BOOLEAN)")
        return
    db.register("true_keys", truth.keys)
    db.register("true_people", truth.people)
    db.execute(
        """CREATE TABLE owner AS
        SELECT record_id, person_id AS true_id, family_id AS true_family, role = 'child' AS child
        FROM true_keys JOIN true_people USING (person_id)"""
    )


_WHOSE = """CASE
    WHEN mine.true_id IS NULL OR theirs.true_id IS NULL THEN NULL
    WHEN mine.true_id = theirs.true_id THEN 'own'
    WHEN mine.true_family <> theirs.true_family THEN 'stranger'
    WHEN mine.child AND theirs.child THEN 'sibling'
    ELSE 'family' END"""

# Records joined or nearly joined to the family's people.
_RECORDS = f"""
SELECT pair.*, coalesce(events, 0) AS events, {_WHOSE} AS whose
FROM (
    SELECT record_id, agency, person_id, method, match_weight, match_probability, rank::INTEGER AS turn FROM links
    UNION ALL
    SELECT record_id, agency, person_id, '', match_weight, match_probability, 100 FROM near
) AS pair
JOIN member USING (person_id)
LEFT JOIN event_count USING (record_id)
LEFT JOIN owner AS theirs ON theirs.record_id = pair.record_id
LEFT JOIN owner AS mine ON mine.record_id = member.spine_record_id
ORDER BY pair.person_id, turn, pair.record_id
"""

# Records that are truly the family's people's and are joined to nobody or to somebody else.
_ELSEWHERE = """
SELECT theirs.record_id, event_count.agency, member.person_id, coalesce(links.method, '') AS method,
       links.match_weight, links.match_probability, events, 'own' AS whose
FROM member
JOIN owner AS mine ON mine.record_id = member.spine_record_id
JOIN owner AS theirs ON theirs.true_id = mine.true_id
JOIN event_count ON event_count.record_id = theirs.record_id
LEFT JOIN links ON links.record_id = theirs.record_id
WHERE links.person_id IS DISTINCT FROM member.person_id
QUALIFY row_number() OVER (PARTITION BY theirs.record_id ORDER BY member.person_id) = 1
ORDER BY member.person_id, theirs.record_id
"""

_PICK = f"""
WITH judged AS (
    SELECT linked_people.family_id, {_WHOSE} AS whose
    FROM links
    JOIN linked_people USING (person_id)
    JOIN owner AS theirs ON theirs.record_id = links.record_id
    JOIN owner AS mine ON mine.record_id = linked_people.spine_record_id
    UNION ALL
    SELECT linked_people.family_id, 'missed'
    FROM owner AS theirs
    JOIN owner AS mine ON theirs.true_id = mine.true_id AND theirs.record_id <> mine.record_id
    JOIN linked_people ON spine_record_id = mine.record_id
    ANTI JOIN links ON links.record_id = theirs.record_id
)
SELECT family_id FROM judged WHERE {{condition}} GROUP BY family_id ORDER BY count(*) DESC, family_id LIMIT 1
"""


def _prior_weight(linked: LinkedPeople) -> float:
    chance = 1 / max(len(linked.people), 2)
    return math.log2(chance / (1 - chance))


def _written(
    records: AgencyRecords, agency_of: Mapping[str, str], people: Sequence[Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return what the records say, and the spine's records of the people, by record id."""
    wanted = pa.array([*agency_of, *(row["spine_record_id"] for row in people)], pa.string())
    rows = [
        row
        for table in records.people.values()
        for row in table.filter(pc.is_in(table.column("record_id"), value_set=wanted)).to_pylist()
    ]
    return {row["record_id"]: row for row in rows}


def _terms(trace: LinkageTrace, people: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    ids = pa.array([row["person_id"] for row in people], pa.string())
    rows = trace.terms.filter(pc.is_in(trace.terms.column("person_id"), value_set=ids)).sort_by("place").to_pylist()
    terms: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        terms.setdefault((row["record_id"], row["person_id"]), []).append(row)
    return terms


def _person(
    row: Mapping[str, Any],
    found: Sequence[Mapping[str, Any]],
    missing: Sequence[Mapping[str, Any]],
    written: Mapping[str, Mapping[str, Any]],
    terms: Mapping[tuple[str, str], list[dict[str, Any]]],
) -> TracedPerson:
    def traced(rows: Sequence[Mapping[str, Any]]) -> tuple[TracedRecord, ...]:
        spine = written[row["spine_record_id"]]
        own = [one for one in rows if one["person_id"] == row["person_id"]]
        return tuple(
            _record(one, written[one["record_id"]], spine, terms.get((one["record_id"], one["person_id"]), []))
            for one in own
        )

    born = "" if row["birth_date"] is None else row["birth_date"].isoformat()
    return TracedPerson(
        row["person_id"], row["role"], row["spine_record_id"], born, traced(found), traced(missing)
    )  # fmt: skip


def _record(
    row: Mapping[str, Any], record: Mapping[str, Any], spine: Mapping[str, Any], terms: Sequence[Mapping[str, Any]]
) -> TracedRecord:
    compared = [
        TracedTerm(
            one["compared"], _text(record, one["compared"]), _text(spine, one["compared"]), one["degree"], one["weight"],
            one["rarity"],
        )
        for one in terms
    ] or [
        TracedTerm(field, _text(record, field), _text(spine, field), "the same", 0.0, 0.0)
        for field in _AGREED.get(row["method"], ())
    ]  # fmt: skip
    whose = None if row["whose"] is None else Whose[row["whose"].upper()]
    return TracedRecord(
        row["record_id"], row["agency"], row["method"], row["match_weight"], row["match_probability"], row["events"],
        tuple(compared), whose,
    )  # fmt: skip


def _text(written: Mapping[str, Any], compared: str) -> str:
    values = [written.get(field) for field in _SHOWN.get(compared, (compared,))]
    return " ".join(str(value) for value in values if value is not None)
