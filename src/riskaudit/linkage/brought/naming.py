"""Tell links in the files' own ids: who was joined to whom, who was left over, and why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from riskaudit.artefacts import FILE_LINKS, FILE_NEAR_LINKS, FILE_TERMS, UNLINKED, LinkageTrace, LinkedPeople
from riskaudit.linkage.brought.records import BroughtRecords
from riskaudit.tables import TableSpec

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = ["NamedLinks", "in_own_ids"]


@dataclass(frozen=True)
class NamedLinks:
    """The tables of a linkage in the files' own ids, in the order of the files and of the ids."""

    links: pa.Table
    unlinked: pa.Table
    near_links: pa.Table
    terms: pa.Table


def in_own_ids(linked: LinkedPeople, trace: LinkageTrace, brought: BroughtRecords) -> NamedLinks:
    """Return links, records left over, near links and their terms with the ids that the files themselves use."""
    with _database(linked, trace, brought) as db:
        return NamedLinks(
            _named(db, FILE_LINKS, "links", "person_id"),
            UNLINKED.conform(db.sql(_UNLINKED).to_arrow_table()),
            _named(db, FILE_NEAR_LINKS, "near", "match_weight DESC, person_id"),
            _named(db, FILE_TERMS, "terms", "person_id, terms.place"),
        )


def _named(db: duckdb.DuckDBPyConnection, spec: TableSpec, table: str, then: str) -> pa.Table:
    pair = {"spine_record_id": _own("spine_record_id"), "record_id": _own("record_id"), "file": "written.file"}
    columns = ", ".join(f"{pair.get(name, f'{table}.{name}')} AS {name}" for name in spec.names)
    sql = f"""SELECT {columns} FROM {table}
    JOIN linked_people USING (person_id) JOIN written USING (record_id)
    WHERE NOT written.of_spine ORDER BY written.turn, record_id, {then}"""
    return spec.conform(db.sql(sql).to_arrow_table())


def _own(column: str) -> str:
    """Return the id as the file has it: what follows the first colon."""
    return f"substr({column}, strpos({column}, ':') + 1)"


_UNLINKED = f"""
SELECT {_own("record_id")} AS record_id, file, blank_fields
FROM written ANTI JOIN links USING (record_id)
ORDER BY turn, written.record_id
"""


@contextmanager
def _database(
    linked: LinkedPeople, trace: LinkageTrace, brought: BroughtRecords
) -> Iterator[duckdb.DuckDBPyConnection]:
    import duckdb

    with duckdb.connect(":memory:") as db:
        db.execute("SET enable_progress_bar = false")
        tables = {"links": linked.links, "linked_people": linked.people, "near": trace.near, "terms": trace.terms}
        for name, table in tables.items():
            db.register(name, table)
        db.execute(
            "CREATE TABLE written (record_id VARCHAR, file VARCHAR, turn INTEGER, of_spine BOOLEAN, blank_fields VARCHAR)"
        )
        for turn, (name, file) in enumerate(brought.asked.files.items()):
            blank = ", ".join(f"CASE WHEN {field} IS NULL THEN '{field}' END" for field in file.fields)
            db.register("one", brought.records.people[name])
            values = [name, turn, name == brought.asked.link.spine]
            db.execute(f"INSERT INTO written SELECT record_id, ?, ?, ?, concat_ws(', ', {blank}) FROM one", values)
            db.unregister("one")
        yield db
