"""Measure links against the sealed truth, overall and by group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.artefacts import AgencyRecords, LinkageQuality, LinkedPeople, Population
from riskaudit.estimates import EstimateTable, wilson

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = ["ALL_AGENCIES", "LINKED_FAMILIES", "RATES", "Rate", "measure"]

ALL_AGENCIES = "all agencies"
LINKED_FAMILIES = "linked families"


@dataclass(frozen=True)
class Rate:
    """One proportion: what is counted, and out of what. Both are columns of the counts."""

    name: str
    counted: str
    out_of: str


# A true pair is a record whose person the spine holds; a link is correct when its spine record is of the same person.
RATES: tuple[Rate, ...] = (
    Rate("precision", "correct", "links"),
    Rate("recall", "correct", "pairs"),
    Rate("missed_match_rate", "missed", "pairs"),
    Rate("false_match_rate", "wrong", "links"),
    Rate("not_on_spine_rate", "not_on_spine", "records"),
)


def measure(
    linked: LinkedPeople,
    truth: Population,
    records: AgencyRecords,
    confidence: float = 0.95,
    *,
    index_date: date | None = None,
) -> LinkageQuality:
    """Return how well records were joined to people, by agency and by the true group of the person a record is about.

    One row per statistic, subject (an agency, 'all agencies' or 'linked families'), group and level. Groups are broad
    ethnicity, deprivation (fifths of neighbourhoods), age at the index date and family type, all from the truth;
    `link_share` is split by the method that made the link. All statistics are proportions, 0 to 1:

    - `precision`, `recall`, `f1_score` of links. A record counts once, even where the spine holds its person twice.
    - `missed_match_rate`: true pairs not linked to their person (1 - recall). `false_match_rate`: links to somebody else
      (1 - precision). Doidge and Harron (2019) on why both matter.
    - `not_on_spine_rate`: records of people whom the spine does not hold, which no method can join rightly.
    - `link_share`: links made by one method.
    - `child_with_true_mother_rate`: children whose linked family holds their true mother, of those where the spine has both.

    Intervals are Wilson's and treat records as independent. Errors cluster in families, so they are somewhat too narrow.

    Parameters
    ----------
    linked, truth, records
        What was linked, the sealed truth, and the records that were to be linked.
    confidence
        Nominal coverage, 0 to 1.
    index_date
        The day on which ages are reckoned. Left out: ages are 'child' and 'adult' only.
    """
    with _database(linked, truth, records) as db:
        db.execute(_TRUE_PERSON, {"index_date": index_date})
        db.execute(_HELD)
        db.execute(_CASES)
        counts = db.sql(_COUNTS).to_arrow_table()
        tables = [_rates(counts, rate, confidence) for rate in RATES]
        tables.append(_f1_score(counts))
        tables.append(_proportions(db.sql(_METHODS).to_arrow_table(), "link_share", "made", "links", confidence))
        mothers = db.sql(_MOTHERS).to_arrow_table()
        tables.append(_proportions(mothers, "child_with_true_mother_rate", "together", "children", confidence))
    return LinkageQuality(EstimateTable.concat(tables))


def _rates(counts: pa.Table, rate: Rate, confidence: float) -> EstimateTable:
    return _proportions(counts, rate.name, rate.counted, rate.out_of, confidence)


def _proportions(counts: pa.Table, statistic: str, counted: str, out_of: str, confidence: float) -> EstimateTable:
    part, n = (counts.column(name).to_numpy().astype(float) for name in (counted, out_of))
    interval = wilson(part, n, confidence)
    return EstimateTable.build(
        subject=counts.column("subject"),
        statistic=statistic,
        group=counts.column("split"),
        level=counts.column("level"),
        estimate=_ratio(part, n),
        lower=interval.lower,
        upper=interval.upper,
        n=n.astype(int),
        method=interval.method,
        note=np.where(n > 0, "somewhat too narrow: errors cluster in families", f"not defined: no {out_of}").tolist(),
    )


def _f1_score(counts: pa.Table) -> EstimateTable:
    correct, links, pairs = (counts.column(name).to_numpy().astype(float) for name in ("correct", "links", "pairs"))
    both = links + pairs
    return EstimateTable.build(
        subject=counts.column("subject"),
        statistic="f1_score",
        group=counts.column("split"),
        level=counts.column("level"),
        estimate=_ratio(2 * correct, both),
        n=both.astype(int),
        note=np.where(both > 0, "no interval: not a proportion of independent cases", "not defined: no pairs").tolist(),
    )


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)


def _database(linked: LinkedPeople, truth: Population, records: AgencyRecords) -> duckdb.DuckDBPyConnection:
    import duckdb

    db = duckdb.connect(":memory:")
    db.execute("SET enable_progress_bar = false")
    for name in ("families", "people", "relations", "keys"):
        db.register(f"true_{name}", getattr(truth, name))
    db.register("links", linked.links)
    db.register("linked_people", linked.people)
    db.execute("CREATE TABLE written (record_id VARCHAR, agency VARCHAR, place INTEGER)")
    for place, agency in enumerate(records.agencies):
        db.register("one", records.people[agency])
        db.execute("INSERT INTO written SELECT record_id, ?, ? FROM one", [str(agency), place])
        db.unregister("one")
    return db


# One row per true person, with the groups of that person.
_TRUE_PERSON = """
CREATE TABLE true_person AS
SELECT person_id, broad_ethnicity AS ethnicity, family_type,
       CASE (deprivation_decile + 1) // 2
            WHEN 1 THEN '1 (most deprived)' WHEN 5 THEN '5 (least deprived)'
            ELSE ((deprivation_decile + 1) // 2)::VARCHAR END AS deprivation,
       CASE WHEN role <> 'child' THEN 'adult'
            WHEN birth_date + to_years(5) > $index_date::DATE THEN '0-4'
            WHEN birth_date + to_years(5) <= $index_date::DATE THEN '5-17'
            ELSE 'child' END AS age
FROM true_people JOIN true_families USING (family_id)
"""

# One row per linked person, with the true person whom its spine record is of.
_HELD = """
CREATE TABLE held AS
SELECT linked_people.person_id AS linked_id, linked_people.family_id AS linked_family, true_keys.person_id AS true_id
FROM linked_people JOIN true_keys ON record_id = spine_record_id
"""

# One row per record of the agencies other than the spine.
_CASES = """
CREATE TABLE cases AS
SELECT written.agency, place, links.method, true_person.*,
       true_person.person_id IN (SELECT true_id FROM held) AS on_spine,
       links.record_id IS NOT NULL AS linked,
       coalesce(held.true_id = true_person.person_id, false) AS correct
FROM written
JOIN true_keys USING (record_id)
JOIN true_person ON true_person.person_id = true_keys.person_id
LEFT JOIN links ON links.record_id = written.record_id
LEFT JOIN held ON held.linked_id = links.person_id
WHERE written.record_id NOT IN (SELECT spine_record_id FROM linked_people)
"""

_SPLITS = """unnest([
    {'split': 'all', 'level': 'all'},
    {'split': 'ethnicity', 'level': ethnicity},
    {'split': 'deprivation', 'level': deprivation},
    {'split': 'age', 'level': age},
    {'split': 'family_type', 'level': family_type}], recursive := true)"""
_SUBJECTS = (
    f"unnest([{{'subject': '{ALL_AGENCIES}', 'turn': -1}}, {{'subject': agency, 'turn': place}}], recursive := true)"
)
_IN_ORDER = "ORDER BY turn, array_position(['all', 'ethnicity', 'deprivation', 'age', 'family_type'], split), level"

_COUNTS = f"""
SELECT subject, turn, split, level,
       count(*) AS records,
       count(*) FILTER (on_spine) AS pairs,
       count(*) FILTER (linked) AS links,
       count(*) FILTER (correct) AS correct,
       count(*) FILTER (on_spine AND NOT correct) AS missed,
       count(*) FILTER (linked AND NOT correct) AS wrong,
       count(*) FILTER (NOT on_spine) AS not_on_spine
FROM (SELECT *, {_SPLITS} FROM (SELECT *, {_SUBJECTS} FROM cases))
GROUP BY subject, turn, split, level
{_IN_ORDER}
"""

_METHODS = f"""
SELECT subject, 'method' AS split, method AS level, count(*) AS made, sum(made) OVER (PARTITION BY subject) AS links
FROM (SELECT *, {_SUBJECTS} FROM cases WHERE linked)
GROUP BY subject, turn, method
ORDER BY turn, method
"""

_MOTHERS = f"""
WITH child AS (
    SELECT child_id, bool_or(mine.linked_family = hers.linked_family) AS together
    FROM true_relations
    JOIN held AS mine ON mine.true_id = child_id
    JOIN held AS hers ON hers.true_id = adult_id
    WHERE relation = 'mother' AND lives_with
    GROUP BY child_id
)
SELECT '{LINKED_FAMILIES}' AS subject, 0 AS turn, split, level,
       count(*) AS children, count(*) FILTER (together) AS together
FROM (SELECT together, {_SPLITS} FROM child JOIN true_person ON person_id = child_id)
GROUP BY split, level
{_IN_ORDER}
"""
