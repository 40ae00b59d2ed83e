"""Linked people against true people, as two ways of sorting the same records into clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskaudit.estimates import EstimateTable
from riskaudit.linkage.quality.shares import PARTS, Counted, HarmonicMean, Share, measured
from riskaudit.linkage.quality.truth import Truth

if TYPE_CHECKING:
    import duckdb

__all__ = ["BY_PERSON", "BY_RECORD", "LINKED_PEOPLE", "clusters"]

LINKED_PEOPLE = "linked people"

_PRECISION = Share("b_cubed_precision", "precision", "records", "records", PARTS)
_RECALL = Share("b_cubed_recall", "recall", "records", "records", PARTS)
# Bagga and Baldwin (1998), every record counting once.
BY_RECORD: tuple[Share | HarmonicMean, ...] = (_PRECISION, _RECALL, HarmonicMean("b_cubed_f1", _PRECISION, _RECALL))

_CLOSEST_PRECISION = Share("closest_cluster_precision", "closest_found", "found", "linked people", PARTS)
_CLOSEST_RECALL = Share("closest_cluster_recall", "closest_true", "people", "people", PARTS)
BY_PERSON: tuple[Share | HarmonicMean, ...] = (
    Share("exact_cluster_precision", "exact", "found", "linked people"),
    Share("exact_cluster_recall", "exact", "people", "people"),
    Share("exact_cluster_f1", "2 * exact", "found + people", "people"),
    # Benjelloun et al. (2009): how like its most alike cluster each one is, by Jaccard's index
    _CLOSEST_PRECISION,
    _CLOSEST_RECALL,
    HarmonicMean("closest_cluster_f1", _CLOSEST_PRECISION, _CLOSEST_RECALL),
    Share("split_rate", "split", "people_with_several", "people with several records"),
    Share("merge_rate", "merged", "found_with_several", "linked people with several records"),
)


def clusters(
    db: duckdb.DuckDBPyConnection, truth: Truth, agencies: tuple[str, ...], confidence: float
) -> EstimateTable:
    """Return how like the true people the linked people are, all records of all agencies together, by group.

    A record that is not linked is a cluster of its own. A linked person is in the groups of the true person whom its spine
    record is of. B-cubed figures are split by agency too: those of the agency's own records.
    """
    db.execute(_OVERLAP)
    names = ", ".join("'" + agency.replace("'", "''") + "'" for agency in map(str, agencies))
    db.execute(f"CREATE TYPE agency_name AS ENUM ({names}); CREATE TABLE agency (turn TINYINT, name agency_name)")
    db.executemany("INSERT INTO agency VALUES (?, ?)", list(enumerate(map(str, agencies))))
    groups = "".join(f"{column}, " for column in truth.columns.values())
    db.execute(_BY_RECORD.format(groups=groups, parts=PARTS))
    db.execute(_BY_PERSON.format(groups=groups, parts=PARTS))
    records = Counted(db, "record_count", LINKED_PEOPLE, truth.columns | {"agency": "agency"}, truth.clusters)
    people = Counted(db, "person_count", LINKED_PEOPLE, truth.columns, truth.clusters)
    found = [measured(records, BY_RECORD, confidence), measured(people, BY_PERSON, confidence)]
    db.execute("DROP TABLE sorted; DROP TABLE overlap")
    return EstimateTable.concat(found)


# One row per true person and cluster found that share records: how many, and how many each has in all.
_OVERLAP = """
CREATE TABLE sorted AS
SELECT turn, person, coalesce(linked, -row_number() OVER ()) AS found, of_spine OR linked IS NULL AS owns FROM record;
CREATE TABLE overlap AS
WITH cell AS (SELECT person, found, count(*) AS shared, bool_or(owns) AS owns FROM sorted GROUP BY person, found)
SELECT person, found, shared, owns,
       sum(shared) OVER (PARTITION BY person)::BIGINT AS true_size,
       sum(shared) OVER (PARTITION BY found)::BIGINT AS found_size,
       shared / (true_size + found_size - shared) AS jaccard
FROM cell
"""

_BY_RECORD = """
CREATE TABLE record_count AS
SELECT cluster, {groups} name AS agency,
       1 AS records,
       round({parts} * shared / found_size)::BIGINT AS precision,
       round({parts} * shared / true_size)::BIGINT AS recall
FROM sorted JOIN overlap USING (person, found) JOIN person USING (person) JOIN agency USING (turn)
"""

# A linked person whose spine record the truth does not know belongs to nobody, and does not count.
_BY_PERSON = """
CREATE TABLE person_count AS
WITH true_side AS (
    SELECT person,
           1 AS people, 0 AS found,
           bool_or(jaccard = 1)::INTEGER AS exact,
           round({parts} * max(jaccard))::BIGINT AS closest_true, 0 AS closest_found,
           (any_value(true_size) > 1)::INTEGER AS people_with_several, (count(*) > 1)::INTEGER AS split,
           0 AS found_with_several, 0 AS merged
    FROM overlap GROUP BY person
), found_side AS (
    SELECT min(person) FILTER (owns) AS person,
           0, 1, 0, 0,
           round({parts} * max(jaccard))::BIGINT,
           0, 0,
           (any_value(found_size) > 1)::INTEGER, (count(*) > 1)::INTEGER
    FROM overlap GROUP BY found
)
SELECT cluster, {groups} sides.* EXCLUDE (person)
FROM (FROM true_side UNION ALL FROM found_side) AS sides JOIN person USING (person)
"""
