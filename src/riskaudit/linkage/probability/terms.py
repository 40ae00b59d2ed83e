"""How a match weight is built up, one row per thing compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskaudit.artefacts import LINK_TERMS
from riskaudit.linkage.probability.comparisons import SAYS_NOTHING, Comparison

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = ["link_terms"]


def link_terms(db: duckdb.DuckDBPyConnection, scored: str, comparisons: tuple[Comparison, ...]) -> pa.Table:
    """Return the terms of every pair in the table `taken`, from the columns that Splink keeps of its scoring.

    Terms are rounded to 9 decimals, finely enough that a pair's terms add up to its weight, which is rounded to 6.
    """
    terms = " UNION ALL ".join(_term(place, one) for place, one in enumerate(comparisons, 1))
    found = db.sql(
        f"""WITH kept AS (
            SELECT taken.record_id, taken.person_id, scored.*
            FROM taken JOIN {scored} AS scored
              ON taken.record_id = scored.unique_id_r AND taken.person_id = scored.unique_id_l
        )
        SELECT {", ".join(LINK_TERMS.names)} FROM ({terms}) ORDER BY record_id, place"""
    ).to_arrow_table()
    return LINK_TERMS.conform(found)


def _term(place: int, one: Comparison) -> str:
    rarity = f"coalesce(mw_tf_adj_{one.name}, 0)" if one.by_frequency else "0"
    # Splink numbers the degrees from 0, disagreement, up
    names = " ".join(f"WHEN {number} THEN '{words}'" for number, words in enumerate(reversed(one.every_degree)))
    return f"""
        SELECT record_id, person_id, {place} AS place, '{one.name}' AS compared,
               CASE gamma_{one.name} {names} ELSE '{SAYS_NOTHING}' END AS degree,
               round(mw_{one.name} + {rarity}, 9) AS weight, round({rarity}, 9) AS rarity
        FROM kept"""
