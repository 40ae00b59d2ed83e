"""Records that were linked beside those that were not, and what each threshold would have linked. No truth is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskaudit.artefacts import LinkageTrace
from riskaudit.estimates import EstimateTable, student, wilson
from riskaudit.linkage.identities import FIELDS
from riskaudit.linkage.quality.shares import ALL_AGENCIES
from riskaudit.linkage.quality.thresholds import SPLIT, THRESHOLDS, at_threshold

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = ["GROUPS", "at_thresholds", "differences"]

# Group -> the SQL of its levels, over the table `written`.
GROUPS: dict[str, str] = {name: name for name in ("ethnicity", "deprivation", "sex", "role", "age", "tenure")} | {
    f"{name} recorded": f"CASE WHEN has_{name} THEN 'yes' ELSE 'no' END" for name in FIELDS
}

_APART = "records taken one by one: a family's go together, so somewhat too narrow"


def differences(db: duckdb.DuckDBPyConnection, agencies: tuple[str, ...], confidence: float) -> EstimateTable:
    """Return how many records of each group are linked, and how linked and unlinked records differ, by agency.

    A group of which an agency's records show one level only is left out: it cannot differ.
    """
    counts = db.sql(_query()).to_arrow_table()
    names = np.array([ALL_AGENCIES, *agencies], dtype=object)
    records, joined = (counts.column(name).to_numpy().astype(float) for name in ("records", "joined"))
    every, all_joined = (counts.column(name).to_numpy().astype(float) for name in ("every", "all_joined"))
    where = {
        "subject": names[counts.column("turn").to_numpy() + 1],
        "group": np.array(["all", *GROUPS], dtype=object)[counts.column("group_at").to_numpy()],
        "level": np.array(counts.column("level").to_pylist(), dtype=object),
    }
    interval = wilson(joined, records, confidence)
    rates = EstimateTable.build(
        **where, statistic="linked_rate", estimate=joined / np.maximum(records, 1), lower=interval.lower,
        upper=interval.upper, n=records.astype(int), method=interval.method, note=_APART,
    )  # fmt: skip
    split = where["group"] != "all"
    found = _standardised(
        joined[split], all_joined[split], (records - joined)[split], (every - all_joined)[split], confidence
    )
    same = {name: values[split] for name, values in where.items()}
    n = every[split].astype(int)
    return EstimateTable.concat([rates, EstimateTable.build(**same, **found, reference="not linked", n=n)])


def _standardised(
    with_1: np.ndarray, of_1: np.ndarray, with_0: np.ndarray, of_0: np.ndarray, confidence: float
) -> dict[str, object]:
    """Return the standardised difference of two proportions (Austin 2009), its error as Hedges and Olkin (1985) give it."""
    with np.errstate(divide="ignore", invalid="ignore"):
        p, q = with_1 / of_1, with_0 / of_0
        spread = np.sqrt((p * (1 - p) + q * (1 - q)) / 2)
        difference = np.where(p == q, 0.0 * p, (p - q) / spread)
        difference = np.where(np.isfinite(difference), difference, np.nan)
        error = np.sqrt(1 / of_1 + 1 / of_0 + difference**2 / (2 * (of_1 + of_0)))
    ends = student(difference, error, np.inf, confidence)
    known = np.isfinite(difference)
    why = np.where((of_1 > 0) & (of_0 > 0), "not defined: one level has all of one side, none of the other", _ONE_SIDE)
    return {
        "statistic": "standardised_difference",
        "estimate": difference,
        "std_error": np.where(known, error, np.nan),
        "lower": np.where(known, ends.lower, np.nan),
        "upper": np.where(known, ends.upper, np.nan),
        "method": f"normal {100 * confidence:g}%, Hedges and Olkin's error",
        "note": np.where(known, _APART, why).tolist(),
    }


_ONE_SIDE = "not defined: all records are linked, or none is"


def _query() -> str:
    """Count records and links by agency, group and level; -1 stands for all agencies."""
    parts = []
    for at, sql in enumerate(["'all'", *GROUPS.values()]):
        for turn in ("-1", "turn"):
            parts.append(
                f"SELECT ({turn})::INTEGER AS turn, {at} AS group_at, {sql} AS level, count(*) AS records, "
                f"count(linked) AS joined FROM written WHERE NOT of_spine AND ({sql}) IS NOT NULL GROUP BY ALL"
            )
    return f"""
        SELECT turn, group_at, level, records, joined,
               sum(records) OVER whole::BIGINT AS every, sum(joined) OVER whole::BIGINT AS all_joined
        FROM ({" UNION ALL ".join(parts)})
        WINDOW whole AS (PARTITION BY turn, group_at)
        QUALIFY group_at = 0 OR count(*) OVER whole > 1
        ORDER BY turn, group_at, level"""


def at_thresholds(db: duckdb.DuckDBPyConnection, trace: LinkageTrace, confidence: float) -> EstimateTable:
    """Return the share of records that each threshold links, and each ethnic group's share of those links.

    Links of exact agreement count at every threshold. Empty without scored pairs.
    """
    scored = db.sql("FROM written WHERE chance < 1 LIMIT 1").fetchall()
    if not scored and not trace.near.num_rows:
        return EstimateTable.concat([])
    db.register("near_links", trace.near)
    counts = ", ".join(f"count(*) FILTER (chance >= {one}) AS links_{at}" for at, one in enumerate(THRESHOLDS))
    found = db.sql(_AT_THRESHOLDS.format(counts=counts, split=SPLIT)).to_arrow_table()
    return EstimateTable.concat(
        [table for at, one in enumerate(THRESHOLDS) for table in _at(found, at, at_threshold(one), confidence)]
    )


def _at(found: pa.Table, at: int, subject: str, confidence: float) -> tuple[EstimateTable, EstimateTable]:
    whole = np.array(found.column("whole").to_pylist(), dtype=bool)
    level = np.array(found.column("level").to_pylist(), dtype=object)
    records, links = (found.column(name).to_numpy().astype(float) for name in ("records", f"links_{at}"))
    group = np.where(whole, "all", SPLIT).astype(object)
    rate, mix = wilson(links, records, confidence), wilson(links[~whole], links[whole].sum(), confidence)
    total = np.full(int((~whole).sum()), links[whole].sum())
    return (
        EstimateTable.build(
            subject=subject, statistic="linked_rate_at_threshold", group=group, level=level,
            estimate=links / np.maximum(records, 1), lower=rate.lower, upper=rate.upper, n=records.astype(int),
            method=rate.method, note=_APART,
        ),
        EstimateTable.build(
            subject=subject, statistic="share_of_links_at_threshold", group=SPLIT, level=level[~whole],
            estimate=np.divide(links[~whole], total, out=np.full(len(total), np.nan), where=total > 0), lower=mix.lower,
            upper=mix.upper, n=total.astype(int), method=mix.method, note=_APART,
        ),
    )  # fmt: skip


_AT_THRESHOLDS = """
WITH one AS (
    SELECT {split} AS level, CASE WHEN linked IS NULL THEN near.match_probability ELSE chance END AS chance
    FROM written LEFT JOIN near_links AS near ON near.record_id = written.record_id AND linked IS NULL
    WHERE NOT of_spine
)
SELECT * FROM (
    SELECT true AS whole, 'all' AS level, count(*) AS records, {counts} FROM one
    UNION ALL
    SELECT false, level, count(*), {counts} FROM one GROUP BY level
) ORDER BY NOT whole, level
"""
