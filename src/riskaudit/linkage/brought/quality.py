"""Measure links of a user's own files against the truth that the files hold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from riskaudit.artefacts import LinkageQuality, LinkedPeople
from riskaudit.estimates import EstimateTable, wilson
from riskaudit.linkage.brought.left_over import NOT_RECORDED
from riskaudit.linkage.brought.records import BroughtRecords
from riskaudit.linkage.quality import ALL_AGENCIES

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["measure_files", "people_in_groups"]

# Statistic -> what is counted and out of what: columns of the counts.
_RATES = {
    "precision": ("correct", "links"),
    "recall": ("correct", "pairs"),
    "f1_score": ("twice_correct", "links_and_pairs"),
    "missed_match_rate": ("missed", "pairs"),
    "false_match_rate": ("wrong", "links"),
    "not_on_spine_rate": ("not_on_spine", "records"),
}

_NO_INTERVAL = {"f1_score": "no interval: not a proportion of independent cases"}


def measure_files(linked: LinkedPeople, brought: BroughtRecords, confidence: float = 0.95) -> LinkageQuality:
    """Return missed and false matches by file and by the group of the person a record is about.

    A true pair is a record whose person the spine holds; a link is right when its spine record is of the same person. Records
    whose truth is blank are left out, and so are links to spine records whose truth is blank.
    """
    counts = _counts(linked, brought)
    tables = [_rate(counts, statistic, *of, confidence) for statistic, of in _RATES.items()]
    return LinkageQuality(EstimateTable.concat(tables))


def people_in_groups(brought: BroughtRecords) -> pa.Table:
    """Return one row per true person, with the person's groups: what the spine says, or else the first file that says it."""
    import duckdb

    turn = f"list_position([{_listed((brought.asked.link.spine, *brought.others))}], keys.agency::VARCHAR)"
    first = "".join(
        f", coalesce(arg_min({value}, {turn}) FILTER ({value} IS NOT NULL), '{NOT_RECORDED}') AS {_quoted(name)}"
        for name in brought.asked.groups
        for value in [f"group_values.{_quoted(name)}"]
    )
    with duckdb.connect(":memory:") as db:
        db.register("keys", brought.keys)
        db.register("group_values", brought.groups)
        return db.sql(
            f"""SELECT keys.person_id{first} FROM keys JOIN group_values USING (record_id)
            GROUP BY keys.person_id ORDER BY keys.person_id"""
        ).to_arrow_table()


def _rate(counts: pa.Table, statistic: str, counted: str, out_of: str, confidence: float) -> EstimateTable:
    part, n = (counts.column(name).to_numpy().astype(float) for name in (counted, out_of))
    return EstimateTable.build(
        subject=counts.column("subject"),
        statistic=statistic,
        group=counts.column("split"),
        level=counts.column("level"),
        estimate=np.divide(part, n, out=np.full(len(n), np.nan), where=n > 0),
        n=n.astype(int),
        note=np.where(n > 0, _NO_INTERVAL.get(statistic, ""), f"not defined: no {out_of.replace('_', ' ')}").tolist(),
        **({} if statistic in _NO_INTERVAL else _interval(part, n, confidence)),
    )


def _interval(part: np.ndarray, n: np.ndarray, confidence: float) -> dict[str, Any]:
    interval = wilson(part, n, confidence)
    return {"lower": interval.lower, "upper": interval.upper, "method": interval.method}


def _counts(linked: LinkedPeople, brought: BroughtRecords) -> pa.Table:
    import duckdb

    person = people_in_groups(brought)  # a group may have any name: here they are numbered
    person = person.rename_columns(["person_id", *(f"group_{at}" for at in range(len(brought.asked.groups)))])
    splits = ["{'place': 0, 'split': 'all', 'level': 'all'}"]
    for at, name in enumerate(brought.asked.groups):
        splits.append(f"{{'place': {at + 1}, 'split': {_listed([name])}, 'level': group_{at}}}")
    tables = {"keys": brought.keys, "links": linked.links, "linked_people": linked.people, "person": person}
    with duckdb.connect(":memory:") as db:
        for name, table in tables.items():
            db.register(name, table)
        return db.sql(
            _COUNTS.format(splits=", ".join(splits), files=_listed(brought.others), everything=ALL_AGENCIES)
        ).to_arrow_table()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _listed(names: Iterable[str]) -> str:
    """Return names as a list of texts in SQL."""
    return ", ".join("'" + name.replace("'", "''") + "'" for name in names)


_COUNTS = """
WITH held AS (
    SELECT linked_people.person_id AS linked_id, keys.person_id AS theirs
    FROM linked_people JOIN keys ON record_id = spine_record_id
), cases AS (
    SELECT mine.agency, person.*, mine.person_id IN (SELECT theirs FROM held) AS on_spine,
           theirs IS NOT NULL AS linked, coalesce(theirs = mine.person_id, false) AS correct
    FROM keys AS mine JOIN person USING (person_id) LEFT JOIN links USING (record_id)
    LEFT JOIN held ON held.linked_id = links.person_id
    WHERE mine.agency IN ({files})
)
SELECT subject, split, level,
       count(*) AS records,
       count(*) FILTER (on_spine) AS pairs,
       count(*) FILTER (linked) AS links,
       count(*) FILTER (correct) AS correct,
       count(*) FILTER (on_spine AND NOT correct) AS missed,
       count(*) FILTER (linked AND NOT correct) AS wrong,
       count(*) FILTER (NOT on_spine) AS not_on_spine,
       2 * count(*) FILTER (correct) AS twice_correct,
       count(*) FILTER (linked) + count(*) FILTER (on_spine) AS links_and_pairs
FROM (
    SELECT *, unnest([{splits}], recursive := true)
    FROM (
        SELECT *, unnest([{{'subject': '{everything}', 'turn': 0}},
                          {{'subject': agency::VARCHAR, 'turn': list_position([{files}], agency::VARCHAR)}}], recursive := true)
        FROM cases
    )
)
GROUP BY subject, turn, place, split, level
ORDER BY turn, place, level
"""
