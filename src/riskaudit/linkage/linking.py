"""Join every agency's records to the people of the spine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

import pyarrow as pa

from riskaudit.artefacts import LINKED_PEOPLE, LINKS, AgencyRecords, LinkedPeople
from riskaudit.linkage.cascade import run_cascade
from riskaudit.linkage.identities import lay_records
from riskaudit.linkage.people import lay_people
from riskaudit.linkage.probabilistic import run_probabilistic
from riskaudit.scenario import Agency, LinkageMethod, LinkageSection
from riskaudit.seeds import stream

if TYPE_CHECKING:
    import duckdb

__all__ = ["Progress", "link"]

Progress: TypeAlias = Callable[[str], None]
"""Called with a few words as each step begins."""


def link(
    records: AgencyRecords,
    asked: LinkageSection,
    spine: Agency,
    *,
    seed: int,
    index_date: date,
    keys: pa.Table | None = None,
    progress: Progress | None = None,
) -> LinkedPeople:
    """Return every agency's records joined to the people whom the spine holds.

    One spine record is one linked person. Every other record is joined to at most one person, and no two records of one
    agency to the same person. Ids and links do not depend on the order of rows or on the number of threads.

    Parameters
    ----------
    records
        Every agency's people, one row per record.
    asked
        The method, the match probability from which the probabilistic step links, and the cap on its training pairs.
    spine
        The agency whose records are the people.
    seed
        The study's seed. The probabilistic step draws its sample with the key ``linkage/probabilistic``.
    index_date
        The day on which children are under 18.
    keys
        The sealed truth of who each record is about. For the method `perfect` only, which joins even two records of one
        agency to one person when both are about that person. Families are still made from addresses.
    progress
        Called with a few words as each step begins.

    Raises
    ------
    ValueError
        If the spine is not among the records, or the truth is absent for `perfect` or given to another method: bugs.
    """
    if spine not in records.people:
        raise ValueError(f"the spine '{spine}' is not among the agencies: {', '.join(records.agencies)}")
    if (asked.method is LinkageMethod.PERFECT) != (keys is not None):
        raise ValueError(f"keys must be given to the method 'perfect' and to no other, not to '{asked.method}'")
    say = progress or _say_nothing
    with _database() as db:
        say("making linked people from the spine")
        lay_people(db, records.people[spine], index_date)
        lay_records(db, records, spine)
        for words, step in _steps(asked, seed, keys):
            say(words)
            step(db)
        return LinkedPeople(_links(db), _people(db))


_Step: TypeAlias = "tuple[str, Callable[[duckdb.DuckDBPyConnection], None]]"


def _steps(asked: LinkageSection, seed: int, keys: pa.Table | None) -> tuple[_Step, ...]:
    sample_seed = int(stream(seed, "linkage/probabilistic").integers(2**31))
    cascade: _Step = ("linking by exact agreement", run_cascade)
    probabilistic: _Step = ("linking what is left by probability", lambda db: run_probabilistic(db, asked, sample_seed))
    perfect: _Step = ("linking by the truth", lambda db: _link_by_truth(db, keys))
    return {
        LinkageMethod.CASCADE: (cascade,),
        LinkageMethod.CASCADE_THEN_PROBABILISTIC: (cascade, probabilistic),
        LinkageMethod.PERFECT: (perfect,),
    }[asked.method]


def _link_by_truth(db: duckdb.DuckDBPyConnection, keys: pa.Table | None) -> None:
    db.register("keys", keys)
    db.execute(
        """INSERT INTO links
        SELECT records.record_id, records.agency, min(spine.person_id), 'perfect', NULL, 1
        FROM records
        JOIN keys AS mine USING (record_id)
        JOIN keys AS theirs ON mine.person_id = theirs.person_id
        JOIN spine ON spine.record_id = theirs.record_id
        GROUP BY ALL"""
    )


def _database() -> duckdb.DuckDBPyConnection:
    import duckdb

    db = duckdb.connect(":memory:")
    db.execute("SET enable_progress_bar = false")
    return db


def _links(db: duckdb.DuckDBPyConnection) -> pa.Table:
    columns = ", ".join(LINKS.names)
    return LINKS.conform(
        db.sql(
            f"""SELECT {columns} FROM links JOIN people USING (person_id) JOIN agencies USING (agency)
            ORDER BY place, record_id"""
        ).to_arrow_table()
    )


def _people(db: duckdb.DuckDBPyConnection) -> pa.Table:
    return LINKED_PEOPLE.conform(db.sql("SELECT * FROM people ORDER BY spine_record_id").to_arrow_table())


def _say_nothing(words: str) -> None:
    """Take the words and do nothing: a caller that wants no progress."""
