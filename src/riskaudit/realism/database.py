"""The truth and the records as views to count in: family, person, child and pupil, as they stood on the index date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from riskaudit.artefacts import EVENT_KINDS
from riskaudit.scenario import Agency, StudySection

if TYPE_CHECKING:
    import duckdb

__all__ = ["SEEN", "Seen", "Tables", "lacking", "open_world"]


@dataclass(frozen=True)
class Seen:
    """Something agencies wrote down about a child, counted over a time around the index date."""

    name: str
    """The column it becomes in the views child and pupil."""
    agency: str
    kind: str
    after: str
    """SQL date: events count from the day after."""
    until: str = "index_date"
    """SQL date: events count up to this day."""
    only: str = "true"
    """SQL condition on the event and the child."""
    value: str = "count(*)"
    """SQL aggregate; a child without events has 0, or is missing where the aggregate is an average."""
    ended_by: str = ""
    """The kind of event that ends it. Where a study records such ends, it counts while there are more beginnings than ends."""


_LAST_YEAR = "index_date - INTERVAL 12 MONTH"

# How records stand in for what was published on a day. A case and a plan count until their end is recorded; care, whose end
# nobody records, until the child is 18: an assumption.
SEEN: tuple[Seen, ...] = (
    Seen("in_need", "social_care", "child_in_need", _LAST_YEAR, ended_by="case_closed"),
    Seen("on_plan", "social_care", "child_protection_plan", _LAST_YEAR, ended_by="plan_ended"),
    Seen("in_care", "social_care", "care_entry", "birth_date", ended_by="care_ended"),
    Seen("free_meals", "school", "free_meals", _LAST_YEAR),
    Seen("suspensions", "school", "suspension", _LAST_YEAR),
    Seen("missed", "school", "absence", _LAST_YEAR, value="avg(amount)"),
    Seen("special_needs", "school", "special_needs_support", "birth_date"),
    Seen("special_plan", "school", "education_health_care_plan", "birth_date"),
    Seen("infant_emergencies", "ae", "attendance", _LAST_YEAR, only="happened < birth_date + INTERVAL 1 YEAR"),
    Seen("recorded_after", "social_care", "child_in_need", "index_date", "outcome_end"),
)  # fmt: skip


@dataclass(frozen=True)
class Tables:
    """A made-up world as plain tables: the truth by name, and each agency's people and events by agency."""

    truth: Mapping[str, pa.Table]
    people: Mapping[str, pa.Table]
    events: Mapping[str, pa.Table]


def lacking(tables: Tables, needed: str) -> str:
    """Return why something that a target needs is not there; nothing where it is."""
    table, dot, column = needed.partition(".")
    if dot:
        there = table in tables.truth and column in tables.truth[table].column_names
        return "" if there else f"this study's {table} have no '{column}'"
    seen = next(one for one in SEEN if one.name == needed)
    if seen.agency not in tables.events:
        return f"this study links no records of {_named(seen.agency)}"
    return (
        "" if _written(tables, seen, seen.kind) else f"{_named(seen.agency)} writes down no '{seen.kind}' in this study"
    )


def open_world(tables: Tables, study: StudySection, broad: Mapping[str, str]) -> duckdb.DuckDBPyConnection:
    """Return a database with the views family, person, child and pupil; `broad` gives each ethnic group's broader one."""
    import duckdb

    db = duckdb.connect(":memory:")
    db.execute("SET enable_progress_bar = false")
    for name in ("families", "people", "keys"):
        db.register(f"true_{name}", tables.truth[name])
    db.register("broader", pa.table({"ethnicity": list(broad), "broad": list(broad.values())}))
    db.execute("SET VARIABLE index_date = $1::DATE", [study.index_date])
    db.execute("SET VARIABLE months = $1::INTEGER", [study.outcome_months])
    db.execute(_FAMILY)
    _events(db, tables)
    db.execute(_CHILD.format(columns=",\n".join(_column(tables, seen) for seen in SEEN), joined=_joined()))
    if "outcomes" in tables.truth:
        db.register("true_outcomes", tables.truth["outcomes"])
        db.execute("ALTER TABLE child ADD COLUMN truly_in_need BOOLEAN")
        db.execute(
            "UPDATE child SET truly_in_need = o.in_need FROM true_outcomes o WHERE o.person_id = child.person_id"
        )
    db.execute(_PUPIL)
    return db


def _events(db: duckdb.DuckDBPyConnection, tables: Tables) -> None:
    """Put the events that any target counts into one table, with the true person each is written on."""
    db.execute("CREATE TABLE event (agency VARCHAR, kind VARCHAR, happened DATE, amount DOUBLE, person_id VARCHAR)")
    for agency in dict.fromkeys(seen.agency for seen in SEEN):
        if agency in tables.events:
            db.register("one", tables.events[agency])
            kinds = [kind for seen in SEEN if seen.agency == agency for kind in (seen.kind, seen.ended_by) if kind]
            db.execute(_EVENTS, [agency, kinds])
            db.unregister("one")


def _column(tables: Tables, seen: Seen) -> str:
    of_kind = f"FILTER (agency = '{seen.agency}' AND happened <= {seen.until} AND {seen.only} AND kind = "
    if seen.ended_by and _written(tables, seen, seen.ended_by):
        begun, ended = (f"count(*) {of_kind}'{kind}')" for kind in (seen.kind, seen.ended_by))
        return f"({begun} > {ended})::INTEGER AS {seen.name}"
    return f"{seen.value} {of_kind}'{seen.kind}' AND happened > {seen.after}) AS {seen.name}"


def _written(tables: Tables, seen: Seen, kind: str) -> bool:
    """Return whether the agency writes down a kind of event, whether or not any happened in this study."""
    if seen.agency not in tables.events:
        return False
    known = any((each.agency.value, each.id) == (seen.agency, kind) for each in EVENT_KINDS)
    return known or kind in tables.events[seen.agency].column("kind").unique().to_pylist()


def _joined() -> str:
    counts = [seen.name for seen in SEEN if seen.value == "count(*)"]
    others = [seen.name for seen in SEEN if seen.value != "count(*)"]
    return ", ".join([*(f"coalesce({name}, 0) AS {name}" for name in counts), *others])


def _named(agency: str) -> str:
    return {"ae": "A&E", Agency.GP.value: "the GP"}.get(agency, agency.replace("_", " "))


_FAMILY = """
CREATE TABLE family AS
SELECT true_families.*, broad FROM true_families LEFT JOIN broader USING (ethnicity);
CREATE TABLE person AS
SELECT person_id, role, sex, birth_date, family.*
FROM true_people JOIN family USING (family_id)
WHERE birth_date <= getvariable('index_date')
"""

_EVENTS = """
INSERT INTO event
SELECT $1, kind::VARCHAR, happened, amount, person_id
FROM one JOIN true_keys USING (record_id)
WHERE list_contains($2, kind::VARCHAR)
"""

# A child is under 18 on the index date. Of the year before it, `infant_days` are those that the child spent under one.
_CHILD = """
CREATE TABLE child AS
WITH young AS (
    SELECT *, getvariable('index_date') AS index_date,
           index_date + to_months(getvariable('months')) AS outcome_end
    FROM person
    WHERE role = 'child' AND birth_date + INTERVAL 18 YEAR > getvariable('index_date')
),
seen AS (
    SELECT person_id, {columns}
    FROM event JOIN young USING (person_id)
    GROUP BY person_id
)
SELECT young.*, {joined},
       greatest(0, date_diff('day', greatest(birth_date, index_date - INTERVAL 12 MONTH)::DATE,
                             least(birth_date + INTERVAL 1 YEAR, index_date)::DATE)) AS infant_days
FROM young LEFT JOIN seen USING (person_id)
"""

# A pupil is on a school's list and of school age, 5 to 16.
_PUPIL = """
CREATE VIEW pupil AS
SELECT * FROM child
WHERE birth_date + INTERVAL 5 YEAR <= index_date AND birth_date + INTERVAL 17 YEAR > index_date
  AND person_id IN (SELECT person_id FROM true_keys WHERE agency = 'school')
"""
