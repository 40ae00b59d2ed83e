"""Join every agency's records to the people of the spine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from riskaudit.artefacts import LINKED_PEOPLE, LINKS, AgencyRecords, LinkageModel, LinkageTrace, LinkedPeople
from riskaudit.errors import BadInput, Fault
from riskaudit.linkage.cascade import IDENTIFIERS, PASSES, run_passes
from riskaudit.linkage.identities import fields_in_use, lay_records
from riskaudit.linkage.people import lay_people
from riskaudit.linkage.probability.choosing import TOO_FEW_PAIRS, agreed_enough
from riskaudit.linkage.probability.step import run_probabilistic, train_on, untraced
from riskaudit.scenario import LinkageMethod, LinkageSection

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = ["Progress", "link", "train"]

Progress: TypeAlias = Callable[[float], None]
"""Called with the share of the work that is done, 0 to 1."""


def link(
    records: AgencyRecords,
    asked: LinkageSection,
    spine: str,
    *,
    seed: int,
    index_date: date,
    keys: pa.Table | None = None,
    model: LinkageModel | None = None,
    own_files: bool = False,
    progress: Progress | None = None,
) -> tuple[LinkedPeople, LinkageTrace]:
    """Return every agency's records joined to the people whom the spine holds, and why.

    One spine record is one linked person. Every other record is joined to at most one person, and no two records of one
    agency to the same person. Ids and links do not depend on the order of rows or on the number of threads.

    Parameters
    ----------
    records
        Every agency's people, one row per record.
    asked
        The method, the match probability from which the probabilistic step links, where its model comes from, and the cap
        on its training pairs.
    spine
        The agency whose records are the people.
    seed
        The study's seed. The probabilistic step draws its sample with the key ``linkage/probabilistic``.
    index_date
        The day on which children are under 18.
    keys
        The sealed truth of who each record is about. For the method `perfect` only, which joins even two records of one
        agency to one person when both are about that person. Families are still made from addresses.
    model
        What the probabilistic step goes by, in place of what `asked.model` says.
    own_files
        Whether the records are a user's own files: `auto` then learns from them wherever they teach enough.
    progress
        Called with the share of the work that is done, 0 to 1.

    Raises
    ------
    BadInput
        If a model that was asked for says nothing of a field that the records hold.
    ValueError
        If the spine is not among the records, or the truth is absent for `perfect` or given to another method: bugs.
    """
    if spine not in records.people:
        raise ValueError(f"the spine '{spine}' is not among the agencies: {', '.join(records.agencies)}")
    if (asked.method is LinkageMethod.PERFECT) != (keys is not None):
        raise ValueError(f"keys must be given to the method 'perfect' and to no other, not to '{asked.method}'")
    tell = progress or _tell_nobody
    with _database() as db:
        lay_people(db, records.people[spine], index_date)
        lay_records(db, records, spine)
        tell(0.1)
        trace = None
        for step, done in _steps(asked, seed, keys, model, own_files):
            trace = step(db) or trace
            tell(done)
        found = LinkedPeople(_links(db), _people(db)), trace or untraced()
    tell(1.0)
    return found


def train(records: AgencyRecords, asked: LinkageSection, spine: str, *, seed: int, index_date: date) -> LinkageModel:
    """Return what the probabilistic step would go by if it learnt from these records. Parameters are those of `link`.

    Raises
    ------
    BadInput
        If there is too little to learn from: too few records that exact agreement joins, so that what agrees on anything is
        mostly of brothers, sisters and parents, or too few pairs.
    """
    with _database() as db:
        lay_people(db, records.people[spine], index_date)
        lay_records(db, records, spine)
        run_passes(db, PASSES, fields_in_use(db))
        teaches, found = agreed_enough(db)
        model = train_on(db, asked.max_pairs, seed) if teaches else None
    if model is None:
        what = TOO_FEW_PAIRS if teaches else found
        raise BadInput(Fault("linkage model", what, "a thousand families are enough"))
    return model


# What is done to the tables, and the share of the work that is then done. The probabilistic step says why.
_Step: TypeAlias = "tuple[Callable[[duckdb.DuckDBPyConnection], LinkageTrace | None], float]"


def _steps(
    asked: LinkageSection, seed: int, keys: pa.Table | None, model: LinkageModel | None, own_files: bool
) -> tuple[_Step, ...]:
    cascade: _Step = (lambda db: run_passes(db, PASSES, fields_in_use(db)), 0.2)
    single: _Step = (lambda db: run_passes(db, IDENTIFIERS, fields_in_use(db)), 0.9)
    probabilistic: _Step = (lambda db: run_probabilistic(db, asked, seed, model, own_files=own_files), 0.9)
    perfect: _Step = (lambda db: _link_by_truth(db, keys), 0.9)
    return {
        LinkageMethod.SINGLE_IDENTIFIER: (single,),
        LinkageMethod.CASCADE: (cascade,),
        LinkageMethod.CASCADE_THEN_PROBABILISTIC: (cascade, probabilistic),
        LinkageMethod.PERFECT: (perfect,),
    }[asked.method]


def _link_by_truth(db: duckdb.DuckDBPyConnection, keys: pa.Table | None) -> None:
    db.register("keys", keys)
    db.execute(
        """INSERT INTO links
        SELECT records.record_id, records.agency, min(spine.person_id), 'perfect', NULL, NULL, 1
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


def _tell_nobody(done: float) -> None:
    """Stand in for a progress bar."""
