"""The probabilistic step in Splink's terms: a model as its settings, and pairs scored by it."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from riskaudit.artefacts import LinkageModel
from riskaudit.linkage.identities import COMPARED
from riskaudit.linkage.probability.comparisons import BLOCKS, DISAGREES, SAYS_NOTHING, Comparison, usable

if TYPE_CHECKING:
    import duckdb

__all__ = ["OWN_SETTINGS", "Settings", "lay_scores", "log2_odds", "quiet_splink", "settings_of"]

Settings: TypeAlias = dict[str, Any]

# The settings are this room's own, and tested: checking them costs Splink a tenth of the stage. Its log is not for users.
OWN_SETTINGS: Settings = {"validate_settings": False, "log_level": None}


def lay_scores(
    db: duckdb.DuckDBPyConnection,
    model: LinkageModel,
    comparisons: tuple[Comparison, ...],
    in_use: frozenset[str],
    prior: float,
    least_probability: float,
) -> str:
    """Score every pair of a waiting record and a person that are together in a block; return the name of Splink's table.

    Its `match_weight` is the log2 odds of a match. Pairs clearly below `least_probability` are left out. How rare a name is
    comes from the spine.
    """
    from splink import DuckDBAPI, Linker

    db.execute(
        f"""CREATE TABLE people_to_score AS SELECT person_id AS unique_id, {COMPARED} FROM spine;
        CREATE TABLE records_to_score AS
        SELECT record_id AS unique_id, {COMPARED} FROM records ANTI JOIN links USING (record_id)"""
    )
    api = DuckDBAPI(connection=db)
    # Splink puts the datasets in alphabetical order: people left, records right
    tables = [api.register(f"{what}_to_score", dataset_display_name=what) for what in ("people", "records")]
    settings = settings_of(comparisons, prior, model) | {
        "link_type": "link_only",
        # only with these does Splink keep which degree each pair met, and what it added
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": True,
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": block.sql(), "sql_dialect": "duckdb"} for block in usable(BLOCKS, in_use)
        ],
    }
    linker = Linker(tables, settings, **OWN_SETTINGS)
    for column in (column for comparison in comparisons for column in comparison.by_frequency):
        db.execute(_FREQUENCIES.format(column=column))
        linker.table_management.register_term_frequency_lookup(api.register(f"frequency_of_{column}"), column)
    # a hair lower than asked: the weights are rounded, and only then compared
    scored = linker.inference.predict(threshold_match_weight=log2_odds(least_probability) - 0.001, warning_mode="never")
    return str(scored.physical_name)


def settings_of(comparisons: tuple[Comparison, ...], prior: float, model: LinkageModel | None = None) -> Settings:
    """Return Splink's settings; with the chances of a model, or without any."""
    chances = {(one.compared, one.degree): one for one in model.degrees} if model else {}

    def level(comparison: Comparison, words: str, condition: str) -> Settings:
        one = chances.get((comparison.name, words))
        known = {"m_probability": one.on_one_person, "u_probability": one.by_accident} if one else {}
        return {"sql_condition": condition, "label_for_charts": words} | known

    def settings(comparison: Comparison) -> Settings:
        silence = {"sql_condition": comparison.silence, "label_for_charts": SAYS_NOTHING, "is_null_level": True}
        degrees = [level(comparison, *degree) for degree in (*comparison.degrees, (DISAGREES, "ELSE"))]
        for degree, column in zip(degrees, comparison.by_frequency, strict=False):
            degree["tf_adjustment_column"] = column
        return {"output_column_name": comparison.name, "comparison_levels": [silence, *degrees]}

    return {
        "probability_two_random_records_match": prior,
        "retain_matching_columns": False,
        "comparisons": [settings(comparison) for comparison in comparisons],
    }


def log2_odds(probability: float) -> float:
    """Return the odds of a probability on the scale of weights."""
    return math.log2(probability / (1 - probability))


@contextmanager
def quiet_splink() -> Iterator[None]:
    """Keep Splink's commentary off the terminal. What it warns of, degrees never seen in training, the training settles."""
    logger = logging.getLogger("splink")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


_FREQUENCIES = """
CREATE TABLE frequency_of_{column} AS
SELECT {column}, count(*) / sum(count(*)) OVER () AS tf_{column}
FROM people_to_score WHERE {column} IS NOT NULL GROUP BY {column}
"""
