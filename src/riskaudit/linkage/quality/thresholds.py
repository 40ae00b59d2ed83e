"""What another match probability would have done: missed and false matches from lax to strict, and the gap between groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from riskaudit.artefacts import LinkageTrace
from riskaudit.estimates import EstimateTable
from riskaudit.linkage.quality.shares import ALL_AGENCIES, PARTS, Counted, Share, measured
from riskaudit.linkage.quality.truth import Truth

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = ["LEAST", "SPLIT", "THRESHOLDS", "at_threshold", "score_gap", "sweep"]

THRESHOLDS: tuple[float, ...] = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
"""Match probabilities from which links are counted."""

LEAST = THRESHOLDS[0]
"""Pairs below it are not kept, so no threshold below it can be tried."""

SPLIT = "ethnicity"
"""The one group that thresholds are split by."""


def at_threshold(threshold: float) -> str:
    """Return the subject of figures at one threshold."""
    return f"match probability {threshold:g}"


def sweep(db: duckdb.DuckDBPyConnection, truth: Truth, trace: LinkageTrace, confidence: float) -> EstimateTable:
    """Return missed and false matches had links been made from each of `THRESHOLDS`, overall and by ethnic group.

    Pairs are taken best first, so the links at a threshold are those links and near links that reach it: taking a worse
    pair never undoes a better one. Links of exact agreement stay at every threshold. Empty without scored pairs.
    """
    if not _lay_scored(db, truth, trace):
        return EstimateTable.concat([])
    groups = _groups(truth)
    counts = ", ".join(
        f"count(*) FILTER (chance >= {threshold}) AS links_{at}, "
        f"count(*) FILTER (chance >= {threshold} AND right_one) AS correct_{at}"
        for at, threshold in enumerate(THRESHOLDS)
    )
    columns = "".join(f"{column}, " for column in groups.values())
    db.execute(f"CREATE TABLE sweep_count AS SELECT cluster, {columns} {_PAIRS}, {counts} FROM scored GROUP BY ALL")
    counted = Counted(db, "sweep_count", ALL_AGENCIES, groups, truth.clusters)
    return measured(counted, [one for at in range(len(THRESHOLDS)) for one in _at(at)], confidence)


_PAIRS = "count(*) FILTER (on_spine) AS pairs"


def _at(at: int) -> tuple[Share, Share]:
    correct, links, subject = f"correct_{at}", f"links_{at}", at_threshold(THRESHOLDS[at])
    return (
        Share("missed_match_rate_at_threshold", f"pairs - {correct}", "pairs", "pairs", subject=subject),
        Share("false_match_rate_at_threshold", f"{links} - {correct}", links, "links", subject=subject),
    )


def score_gap(db: duckdb.DuckDBPyConnection, truth: Truth, confidence: float) -> EstimateTable:
    """Return how far ethnic groups are apart at all thresholds at once. Needs the table `scored` of `sweep`.

    - `recall_over_thresholds`: recall on average over every threshold from `LEAST` to 1.
    - `recall_over_thresholds_difference`: the same, less that of the largest group. Families of two groups are other
      families, so the variances add up.
    - `recall_curve_area`: the area between the two groups' curves of recall over thresholds, as a mean distance (Moslemi
      and Milani 2024, arXiv 2411.01685). It is never below zero, also where chance alone parts the curves.
    """
    groups = _groups(truth)
    if not groups or not _has(db, "scored"):
        return EstimateTable.concat([])
    db.execute(_LASTING.format(columns="".join(f"{column}, " for column in groups.values()), least=LEAST, parts=PARTS))
    lasting = Share("recall_over_thresholds", "lasting", "pairs", "pairs", PARTS)
    means = measured(Counted(db, "lasting_count", ALL_AGENCIES, groups, truth.clusters), (lasting,), confidence)
    levels = [row for row in means.rows(group=SPLIT) if row["estimate"] is not None]
    if len(levels) < 2:
        return means
    reference = max(levels, key=lambda row: (row["n"], row["level"]))
    curves = db.sql(_CURVES.format(level=groups[SPLIT], least=LEAST)).to_arrow_table()
    others = [row for row in levels if row is not reference]
    n = [min(row["n"], reference["n"]) for row in others]
    same = {"subject": ALL_AGENCIES, "group": SPLIT, "level": [row["level"] for row in others]}
    same |= {"reference": reference["level"], "n": n}
    difference = np.array([row["estimate"] - reference["estimate"] for row in others])
    error = np.array([np.hypot(row["std_error"], reference["std_error"]) for row in others])
    below, above = _ends_of_differences(others, reference)
    return EstimateTable.concat([
        means,
        EstimateTable.build(
            statistic="recall_over_thresholds_difference", estimate=difference, std_error=error, lower=difference - below,
            upper=difference + above, method=f"Newcombe {100 * confidence:g}%, {truth.clusters} as clusters", **same,
        ),
        EstimateTable.build(
            statistic="recall_curve_area", estimate=[_area(curves, row["level"], reference["level"]) for row in others],
            note="no interval: never below zero, also where chance alone parts the curves", **same,
        ),
    ])  # fmt: skip


def _ends_of_differences(
    others: Sequence[Mapping[str, Any]], reference: Mapping[str, Any]
) -> tuple[np.ndarray, np.ndarray]:
    """Return how far below and above each difference its interval reaches, from both groups' own (Newcombe 1998, method 10).

    A small group that misses hardly anything shows hardly any variance; its own interval says how little that means.
    """
    under = np.array([row["estimate"] - row["lower"] for row in others])
    over = np.array([row["upper"] - row["estimate"] for row in others])
    its_under, its_over = reference["estimate"] - reference["lower"], reference["upper"] - reference["estimate"]
    return np.hypot(under, its_over), np.hypot(over, its_under)


def _area(curves: pa.Table, one: str, other: str) -> float:
    """Return the mean distance of two step curves between `LEAST` and 1: where each pair drops out, the curve steps down."""
    level = np.array(curves.column("level").to_pylist())
    chance, pairs = (curves.column(name).to_numpy() for name in ("chance", "pairs"))
    steps = np.unique(np.concatenate([[LEAST, 1.0], chance[(level == one) | (level == other)]]))
    steps = steps[steps >= LEAST]
    # the share of pairs whose chance reaches the upper end of each step
    reached = [_reached(chance[level == name], pairs[level == name], steps[1:]) for name in (one, other)]
    return float(np.sum(np.abs(reached[0] - reached[1]) * np.diff(steps)) / (1 - LEAST))


def _reached(chance: np.ndarray, pairs: np.ndarray, at: np.ndarray) -> np.ndarray:
    order = np.argsort(chance)
    below = np.concatenate([[0], np.cumsum(pairs[order])])
    share: np.ndarray = 1 - below[np.searchsorted(chance[order], at, side="left")] / pairs.sum()
    return share


def _groups(truth: Truth) -> dict[str, str]:
    return {name: column for name, column in truth.columns.items() if name == SPLIT}


def _has(db: duckdb.DuckDBPyConnection, table: str) -> bool:
    return bool(db.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [table]).fetchall()[0][0])


def _lay_scored(db: duckdb.DuckDBPyConnection, truth: Truth, trace: LinkageTrace) -> bool:
    """Make the table `scored`: every case, with the chance of its link or near link; say whether there is anything to try."""
    probable = db.sql("FROM one_case WHERE match_probability IS NOT NULL LIMIT 1").fetchall()
    if not probable and not trace.near.num_rows:
        return False
    db.register("near_links", trace.near)
    db.execute(_SCORED.format(groups="".join(f"{column}, " for column in _groups(truth).values())))
    return True


# Exact agreement holds at every threshold: a chance of 1. A record neither linked nor nearly linked has none.
_SCORED = """
CREATE TABLE scored AS
WITH near AS (SELECT record, near_links.* FROM near_links JOIN record USING (record_id))
SELECT cluster, {groups} on_spine,
       CASE WHEN one_case.linked IS NOT NULL THEN coalesce(one_case.match_probability, 1)
            ELSE near.match_probability END AS chance,
       CASE WHEN one_case.linked IS NOT NULL THEN correct ELSE coalesce(nearly.person = one_case.person, false) END AS right_one
FROM one_case
LEFT JOIN near ON near.record = one_case.record AND one_case.linked IS NULL
LEFT JOIN spine AS nearly ON nearly.linked_id = near.person_id
"""

# How much of the way from the least threshold to 1 a true pair lasts.
_LASTING = """
CREATE TABLE lasting_count AS
SELECT cluster, {columns}
       count(*) AS pairs,
       coalesce(sum(round({parts} * greatest(chance - {least}, 0) / (1 - {least}))::BIGINT) FILTER (right_one), 0) AS lasting
FROM scored WHERE on_spine GROUP BY ALL
"""

_CURVES = """
SELECT {level} AS level, CASE WHEN right_one AND chance >= {least} THEN chance ELSE 0 END AS chance, count(*) AS pairs
FROM scored WHERE on_spine AND {level} IS NOT NULL
GROUP BY ALL ORDER BY ALL
"""
