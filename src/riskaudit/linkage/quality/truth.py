"""Lay records, links and the truth side by side in DuckDB, in whole numbers, for every measure of quality to count over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from riskaudit.artefacts import AgencyRecords, LinkedPeople, Population
from riskaudit.linkage.cascade import IDENTIFIERS, PASSES
from riskaudit.linkage.side_by_side import numbered, side_by_side

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = ["Truth", "laid"]

_CLUSTER = "family_id"


@dataclass(frozen=True)
class Truth:
    """Who each record is about, and what is known of these people. Nothing else of the truth is needed to measure links.

    `families` says whether it is known who is in whose family, and `relations` who is whose parent; without them what is
    about families is left out, and every person is a cluster in intervals.
    """

    keys: pa.Table
    """One row per record: `record_id` and `person_id`. Records that are not here are not measured, nor are links to them."""
    people: pa.Table
    """One row per person: `person_id`, `family_id`, then the groups, one column of text each; None is in no group."""
    groups: tuple[str, ...]
    family_groups: tuple[str, ...] = ()
    """Groups that a whole family is in."""
    population: Population | None = None
    """The whole truth, where there is one."""

    @classmethod
    def of_population(cls, truth: Population, index_date: date | None = None) -> Truth:
        """Return the truth of a synthetic population, in groups by ethnicity, deprivation, age and family type."""
        import duckdb

        with duckdb.connect(":memory:") as db:
            db.register("true_people", truth.people)
            db.register("true_families", truth.families)
            people = db.sql(_GROUPS, params={"index_date": index_date}).to_arrow_table()
        family = ("ethnicity", "deprivation", "family_type")
        return cls(truth.keys, people, ("ethnicity", "deprivation", "age", "family_type"), family, truth)

    @classmethod
    def of_keys(cls, keys: pa.Table, people: pa.Table | None = None) -> Truth:
        """Return a truth that is no more than who each record is about.

        Parameters
        ----------
        keys
            `record_id` and `person_id`, one row per record.
        people
            One row per person: `person_id` and, where they are known, `family_id` and groups, each a column of text. A
            family keeps people together in intervals.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        if people is None:
            people = pa.table({"person_id": pc.unique(keys.column("person_id"))})
        if _CLUSTER not in people.column_names:
            people = people.append_column(_CLUSTER, people.column("person_id"))
        groups = tuple(name for name in people.column_names if name not in ("person_id", _CLUSTER))
        return cls(keys, people, groups)

    @property
    def columns(self) -> dict[str, str]:
        """Group -> its column in the database: a user's group may have any name."""
        return {name: f"group_{at}" for at, name in enumerate(self.groups)}

    @property
    def clusters(self) -> str:
        """What intervals keep together, in words."""
        apart = self.people.column("person_id").equals(self.people.column(_CLUSTER))
        return "people" if apart else "families"


@contextmanager
def laid(linked: LinkedPeople, truth: Truth, records: AgencyRecords) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a database of tables; ids are whole numbers in it.

    - `person`: one row per true person: `person`, `cluster`, the groups, and its ids.
    - `spine`: one row per linked person: `linked`, `linked_family`, its `spine_record_id`, and the true `person` whom that
      record is of.
    - `record`: one row per record that the truth knows: its number `record` and its id, its true `person`, the `linked` person
      it was joined to (itself on the spine), the agency's place `turn`, whether it is `of_spine`, its `method`,
      `match_probability` and count of `events`; `first` is true for links that came before the probabilistic step, or
      without it.
    - `member`: one row per true person: `person`, `cluster`, `role`, `birth_date`; only where families are known.
    """
    import duckdb

    with duckdb.connect(":memory:") as db:
        db.execute("SET enable_progress_bar = false")
        db.register("true_keys", truth.keys)
        db.register("true_person", truth.people.append_column("cluster", numbered(truth.people.column(_CLUSTER))))
        db.register("links", linked.links)
        db.register(
            "linked_people",
            linked.people.append_column("linked_family", numbered(linked.people.column(_CLUSTER))),
        )
        _lay_written(db, records)
        db.execute(_TABLES.format(groups="".join(_group(db, *one) for one in truth.columns.items())))
        if truth.population is not None:
            db.register("who", truth.population.people)
            db.execute(
                "CREATE TABLE member AS SELECT person, cluster, role::VARCHAR AS role, birth_date, home "
                "FROM person JOIN who USING (person_id)"
            )
        yield db


def _group(db: duckdb.DuckDBPyConnection, name: str, column: str) -> str:
    """Return the SQL of a group's column, its levels numbered: there is one value for every record of a city."""
    quoted = '"' + name.replace('"', '""') + '"'
    levels = f"SELECT DISTINCT {quoted}::VARCHAR FROM true_person WHERE {quoted} IS NOT NULL ORDER BY 1"
    db.execute(f"CREATE TYPE {column}_level AS ENUM ({levels})")
    return f"{quoted}::VARCHAR::{column}_level AS {column}, "


def _lay_written(db: duckdb.DuckDBPyConnection, records: AgencyRecords) -> None:
    people = side_by_side(db, "people", records.people, "record_id")
    events = side_by_side(db, "events", records.events, "record_id")
    with people as one_each, events as one_each_event:
        db.execute(
            f"""CREATE TABLE written AS
            SELECT record_id, turn, coalesce(events, 0)::INTEGER AS events FROM ({one_each})
            LEFT JOIN (SELECT record_id, count(*) AS events FROM ({one_each_event}) GROUP BY record_id) USING (record_id)"""
        )


# One row per true person, with the groups of that person.
_GROUPS = """
SELECT person_id, family_id, broad_ethnicity::VARCHAR AS ethnicity,
       CASE (deprivation_decile + 1) // 2
            WHEN 1 THEN '1 (most deprived)' WHEN 5 THEN '5 (least deprived)'
            ELSE ((deprivation_decile + 1) // 2)::VARCHAR END AS deprivation,
       CASE WHEN role <> 'child' THEN 'adult'
            WHEN birth_date + to_years(5) > $index_date::DATE THEN '0-4'
            WHEN birth_date + to_years(5) <= $index_date::DATE THEN '5-17'
            ELSE 'child' END AS age,
       family_type::VARCHAR AS family_type
FROM true_people JOIN true_families USING (family_id)
"""

_BEFORE = ", ".join(f"'{one.name}'" for one in (*PASSES, *IDENTIFIERS))
_TABLES = f"""
CREATE TYPE method_name AS ENUM (SELECT DISTINCT method::VARCHAR FROM links WHERE method IS NOT NULL ORDER BY 1);
CREATE TABLE person AS
SELECT (row_number() OVER ())::INTEGER AS person, cluster::INTEGER AS cluster, {{groups}}person_id, family_id
FROM true_person;
CREATE TABLE spine AS
SELECT (row_number() OVER ())::INTEGER AS linked, linked_family::INTEGER AS linked_family,
       person_id AS linked_id, spine_record_id AS record_id
FROM linked_people;
CREATE TABLE record AS
SELECT (row_number() OVER ())::INTEGER AS record, written.record_id, turn, events, person.person,
       own.linked IS NOT NULL AS of_spine,
       coalesce(own.linked, joined.linked) AS linked,
       method::VARCHAR::method_name AS method, match_probability, coalesce(method IN ({_BEFORE}), false) AS first
FROM written
JOIN true_keys USING (record_id)
JOIN person ON person.person_id = true_keys.person_id
LEFT JOIN spine AS own ON own.record_id = written.record_id
LEFT JOIN links ON links.record_id = written.record_id
LEFT JOIN spine AS joined ON joined.linked_id = links.person_id;
DROP TABLE written;
CREATE OR REPLACE TABLE spine AS
SELECT spine.linked, linked_family, linked_id, spine.record_id AS spine_record_id, record.person
FROM spine LEFT JOIN record ON record.linked = spine.linked AND of_spine;
UPDATE record SET linked = NULL WHERE linked IN (SELECT linked FROM spine WHERE person IS NULL)
"""
