"""Count the records that were joined to nobody: by file, by group, and by whether a field is blank. No truth is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskaudit.artefacts import LinkedPeople
from riskaudit.estimates import EstimateTable, wilson
from riskaudit.linkage.brought.records import BroughtRecords

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["ALL_FILES", "BLANK", "NOT_RECORDED", "left_over"]

ALL_FILES = "all files"
BLANK, FILLED = "blank", "not blank"
NOT_RECORDED = "not recorded"


def left_over(linked: LinkedPeople, brought: BroughtRecords, confidence: float = 0.95) -> EstimateTable:
    """Return the share of records joined to nobody, as the statistic `unlinked_rate`.

    One row per subject (a file, or 'all files'), group and level. Groups are the columns asked for, as each file itself has
    them, and every field of the file, whose levels are 'blank' and 'not blank'. Intervals are Wilson's and treat records as
    independent; records of one person or family are not, so they are somewhat too narrow.
    """
    rows = _counts(linked, brought)
    part, n = (rows.column(name).to_numpy().astype(float) for name in ("unlinked", "records"))
    interval = wilson(part, n, confidence)
    return EstimateTable.build(
        subject=rows.column("subject"),
        statistic="unlinked_rate",
        group=rows.column("split"),
        level=rows.column("level"),
        estimate=part / np.maximum(n, 1),
        lower=interval.lower,
        upper=interval.upper,
        n=n.astype(int),
        method=interval.method,
        note="somewhat too narrow: records of one person are not independent",
    )


def _counts(linked: LinkedPeople, brought: BroughtRecords) -> pa.Table:
    import duckdb

    with duckdb.connect(":memory:") as db:
        db.execute("SET enable_progress_bar = false")
        db.register("links", linked.links)
        db.register("group_values", brought.groups)
        db.execute(_CASES)
        for turn, name in enumerate(brought.others):
            db.register("one", brought.records.people[name])
            for place, (split, level) in enumerate(_splits(brought, name)):
                db.execute(f"INSERT INTO cases SELECT ?, ?, ?, ?, {level}, {_LEFT} {_FROM}", [name, turn, split, place])
            db.unregister("one")
        return db.sql(_COUNTS).to_arrow_table()


def _splits(brought: BroughtRecords, name: str) -> list[tuple[str, str]]:
    """Return the splits of a file, each with its level in SQL."""
    file = brought.asked.files[name]
    groups = [(group, f"coalesce({_quoted(group)}, '{NOT_RECORDED}')") for group in file.groups]
    fields = [
        (field.value, f"CASE WHEN one.{field} IS NULL THEN '{BLANK}' ELSE '{FILLED}' END") for field in file.fields
    ]
    return [("all", "'all'"), *groups, *fields]


def _quoted(name: str) -> str:
    return 'group_values."' + name.replace('"', '""') + '"'


_CASES = """
CREATE TABLE cases (file VARCHAR, turn INTEGER, split VARCHAR, place INTEGER, level VARCHAR, unlinked INTEGER)
"""
_LEFT = "(links.record_id IS NULL)::INTEGER"
_FROM = "FROM one JOIN group_values USING (record_id) LEFT JOIN links USING (record_id)"
_COUNTS = f"""
SELECT subject, split, level, count(*) AS records, sum(unlinked)::BIGINT AS unlinked
FROM (
    SELECT split, place, level, unlinked,
           unnest([{{'subject': '{ALL_FILES}', 'rank': -1}}, {{'subject': file, 'rank': turn}}], recursive := true)
    FROM cases
)
GROUP BY subject, rank, split, level
ORDER BY rank, min(place), split, level
"""
