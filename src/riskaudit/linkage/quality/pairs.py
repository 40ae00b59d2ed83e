"""Pairs of a record and a person: found, missed, wrong, and where in the chain they were lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskaudit.artefacts import AgencyRecords
from riskaudit.estimates import EstimateTable
from riskaudit.linkage.identities import FIELDS
from riskaudit.linkage.probability.comparisons import BLOCKS
from riskaudit.linkage.quality.shares import ALL_AGENCIES, Counted, Share, measured
from riskaudit.linkage.quality.truth import Truth
from riskaudit.linkage.side_by_side import side_by_side

if TYPE_CHECKING:
    import duckdb

__all__ = ["BLOCKING", "EVENTS", "RATES", "WRONG_LINKS", "blocking", "link_shares", "pairs", "wrong_links"]

# A true pair is a record whose person the spine holds; a link is correct when its spine record is of the same person.
RATES: tuple[Share, ...] = (
    Share("precision", "correct", "links", "links"),
    Share("recall", "correct", "pairs", "pairs"),
    Share("f1_score", "2 * correct", "links + pairs", "pairs"),
    Share("missed_match_rate", "pairs - correct", "pairs", "pairs"),
    Share("false_match_rate", "links - correct", "links", "links"),
    Share("not_on_spine_rate", "records - pairs", "records", "records"),
)
# What a wrong link is to: a false match is one of a sibling, another relative or a stranger.
WRONG_LINKS: tuple[Share, ...] = (
    Share("sibling_swap_rate", "to_sibling", "links", "links"),
    Share("twin_swap_rate", "to_twin", "links", "links"),
    Share("other_relative_rate", "to_relative", "links", "links"),
    Share("stranger_rate", "to_stranger", "links", "links"),
)
EVENTS: tuple[Share, ...] = (
    Share("events_on_wrong_person_rate", "wrong_events", "linked_events", "events on linked records"),
    Share("events_on_stranger_rate", "stranger_events", "linked_events", "events on linked records"),
    Share("events_lost_rate", "lost_events", "pair_events", "events of people on the spine"),
)
BLOCKING: tuple[Share, ...] = (
    Share("blocking_recall", "blocked", "left_over", "pairs left over"),
    Share("scoring_recall", "scored", "blocked", "pairs that a block brings together"),
)


def pairs(db: duckdb.DuckDBPyConnection, truth: Truth, agencies: tuple[str, ...], confidence: float) -> EstimateTable:
    """Return the rates of `RATES` by agency and group. Makes the table `one_case`, one row per record beyond the spine's."""
    db.execute(_CASES.format(groups=_names(truth)))
    return measured(_counted(db, "pair_count", truth, agencies), RATES, confidence)


def wrong_links(
    db: duckdb.DuckDBPyConnection, truth: Truth, agencies: tuple[str, ...], confidence: float
) -> EstimateTable:
    """Return whom wrong links are to, and what becomes of events, by agency or by group. Families must be known."""
    if truth.population is None:
        return EstimateTable.concat([])
    db.execute(_WRONG.format(groups=_names(truth)))
    return measured(
        _counted(db, "wrong_count", truth, agencies), (*WRONG_LINKS, *EVENTS), confidence, agency_groups=False
    )


def link_shares(
    db: duckdb.DuckDBPyConnection, truth: Truth, agencies: tuple[str, ...], confidence: float
) -> EstimateTable:
    """Return the share of links that each method made, by agency."""
    methods = [row[0] for row in db.sql("SELECT DISTINCT method FROM one_case WHERE linked > 0 ORDER BY 1").fetchall()]
    if not methods:
        return EstimateTable.concat([])
    made = "".join(f"count(*) FILTER (method = ${at + 1}) AS made_{at}, " for at in range(len(methods)))
    db.execute(f"CREATE TABLE made_count AS SELECT turn, cluster, {made} count(*) AS links {_OF_LINKS}", methods)
    shares = [
        Share("link_share", f"made_{at}", "links", "links", level=f"method={one}") for at, one in enumerate(methods)
    ]
    return measured(Counted(db, "made_count", ALL_AGENCIES, {}, truth.clusters, agencies), shares, confidence)


_OF_LINKS = "FROM one_case WHERE linked IS NOT NULL GROUP BY turn, cluster"


def blocking(db: duckdb.DuckDBPyConnection, truth: Truth, records: AgencyRecords, confidence: float) -> EstimateTable:
    """Return how many true pairs left over by exact agreement a block brings together, and how many of these are linked.

    Bias can enter at either. Empty where no probabilistic step made a link.
    """
    if not db.sql("FROM one_case WHERE method::VARCHAR = 'probabilistic' LIMIT 1").fetchall():
        return EstimateTable.concat([])
    groups = _names(truth)
    db.execute(_LEFT_OVER.format(groups=groups))
    fields = ", ".join(f"{sql} AS {name}" for name, sql in FIELDS.items())
    # first the few that are compared, then the writing alike: in one step it would be set up for every agency
    with side_by_side(db, "people", records.people, ", ".join(["record_id", *FIELDS])) as written:
        db.execute(f"CREATE TABLE as_written AS FROM ({written}) SEMI JOIN compared USING (record_id)")
    db.execute(f"CREATE TABLE identity AS SELECT record_id, {fields} FROM as_written")
    held = [block for block in BLOCKS if FIELDS.keys() >= {field for pair in block.agree for field in pair}]
    together = " OR ".join(f"({block.sql()})" for block in held)
    db.execute(_BLOCKED.format(together=together, groups=groups))
    return measured(_counted(db, "block_count", truth, records.agencies), BLOCKING, confidence, agency_groups=False)


def _counted(db: duckdb.DuckDBPyConnection, table: str, truth: Truth, agencies: tuple[str, ...]) -> Counted:
    return Counted(db, table, ALL_AGENCIES, truth.columns, truth.clusters, agencies)


def _names(truth: Truth) -> str:
    return "".join(f"{column}, " for column in truth.columns.values())


_CASES = """
CREATE TABLE one_case AS
SELECT record.* EXCLUDE (record_id), person.cluster, {groups}
       record.person IN (SELECT person FROM spine WHERE person IS NOT NULL) AS on_spine,
       spine.person AS theirs,
       coalesce(spine.person = record.person, false) AS correct
FROM record JOIN person USING (person) LEFT JOIN spine USING (linked)
WHERE NOT of_spine;
CREATE TABLE pair_count AS
SELECT turn, cluster, {groups}
       count(*) AS records,
       count(*) FILTER (on_spine) AS pairs,
       count(linked) AS links,
       count(*) FILTER (correct) AS correct
FROM one_case GROUP BY ALL
"""

# twins are brothers and sisters born within a day of each other
_WRONG = """
CREATE TABLE wrong_count AS
WITH judged AS (
    SELECT one_case.*,
           linked IS NOT NULL AND NOT correct AS wrong,
           hers.cluster = one_case.cluster AS related,
           mine.role = 'child' AND hers.role = 'child' AS children,
           abs(date_diff('day', mine.birth_date, hers.birth_date)) <= 1 AS same_age
    FROM one_case JOIN member AS mine USING (person) LEFT JOIN member AS hers ON hers.person = theirs
)
SELECT turn, cluster, {groups}
       count(linked) AS links,
       count(*) FILTER (wrong AND related AND children) AS to_sibling,
       count(*) FILTER (wrong AND related AND children AND same_age) AS to_twin,
       count(*) FILTER (wrong AND related AND NOT children) AS to_relative,
       count(*) FILTER (wrong AND NOT related) AS to_stranger,
       coalesce(sum(events) FILTER (linked IS NOT NULL), 0) AS linked_events,
       coalesce(sum(events) FILTER (wrong), 0) AS wrong_events,
       coalesce(sum(events) FILTER (wrong AND NOT related), 0) AS stranger_events,
       coalesce(sum(events) FILTER (on_spine), 0) AS pair_events,
       coalesce(sum(events) FILTER (on_spine AND linked IS NULL), 0) AS lost_events
FROM judged GROUP BY ALL
"""

# True pairs whose record and person were both free when the probabilistic step began.
_LEFT_OVER = """
CREATE TABLE left_over AS
SELECT record_id, one_case.turn, cluster, {groups} correct, spine_record_id
FROM (FROM one_case WHERE NOT first) AS one_case
JOIN spine USING (person)
JOIN (SELECT record, record_id FROM record) USING (record)
ANTI JOIN (FROM one_case WHERE first) AS taken ON taken.linked = spine.linked AND taken.turn = one_case.turn;
CREATE TABLE compared AS SELECT record_id FROM left_over UNION SELECT spine_record_id FROM left_over
"""

_BLOCKED = """
CREATE TABLE block_count AS
WITH pair AS (
    SELECT left_over.record_id, turn, cluster, {groups}
           bool_or(correct) AS scored,
           bool_or(coalesce({together}, false)) AS blocked
    FROM left_over
    JOIN identity AS l ON l.record_id = spine_record_id
    JOIN identity AS r ON r.record_id = left_over.record_id
    GROUP BY ALL
)
SELECT turn, cluster, {groups}
       count(*) AS left_over,
       count(*) FILTER (blocked) AS blocked,
       count(*) FILTER (blocked AND scored) AS scored
FROM pair GROUP BY ALL
"""
