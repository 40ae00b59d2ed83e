"""Link by probability what exact agreement left over (Fellegi and Sunter 1969), with Splink."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from riskaudit.linkage.cascade import PASSES
from riskaudit.linkage.comparisons import BLOCKS, COMPARISONS, TRAINING_BLOCKS
from riskaudit.linkage.identities import FIELDS
from riskaudit.linkage.one_to_one import best_first
from riskaudit.scenario import LinkageSection

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa
    from splink.internals.splink_dataframe import SplinkDataFrame

__all__ = ["MINIMUM_PAIRS", "run_probabilistic"]

MINIMUM_PAIRS = 500
"""Pairs that each training block must hold. With fewer the step is left out: its weights would be guesses."""

_LEAST_CHANCE = 0.001
"""Least chance of any degree of agreement among records of one person. An assumption: EM may find exactly none."""

_CONVERGED = 0.001
"""EM stops when no chance moves by more than this: far finer than the weights' own uncertainty."""

_Settings: TypeAlias = dict[str, Any]

# The settings are this module's own, and tested: checking them costs Splink a tenth of the stage. Its log is not for users.
_OWN_SETTINGS: _Settings = {"validate_settings": False, "log_level": None}


def run_probabilistic(db: duckdb.DuckDBPyConnection, asked: LinkageSection, sample_seed: int) -> None:
    """Add to the table `links` the best pairs at or above the match probability asked for.

    Chances of agreeing by accident (u) come from pairs of spine people, who are different people by construction; chances
    of agreeing on one person (m) from expectation maximisation over all records against the spine. The chance that a
    random pair matches is taken to be one spine person for every record: an assumption, generous where many records are of
    people whom the spine does not hold. Weights are rounded to 6 decimals before they are compared, because their last
    bits depend on the number of threads. Each record gets at most one person, and each person at most one record of an
    agency: best weight first, ties to the first ids. Adds nothing where there is too little to learn from.
    """
    if not _has_enough(db):
        return
    prior = 1 / max(_count(db, "FROM spine"), 2)
    with _quiet_splink():
        scored = _scored_pairs(db, prior, asked.max_pairs, sample_seed)
    pairs = _candidates(db, scored, prior, asked.match_probability)
    weight, record, place = (pairs.column(name).to_numpy() for name in ("match_weight", "record", "place"))
    db.register("chosen", pairs.take(best_first(weight, record, place)))
    db.execute(
        f"""INSERT INTO links
        SELECT record_id, agency, person_id, 'probabilistic', match_weight,
               1 / (1 + pow(2, -(match_weight + {_log2_odds(prior)}))), {len(PASSES) + 1}
        FROM chosen"""
    )


def _has_enough(db: duckdb.DuckDBPyConnection) -> bool:
    pairs = (_count(db, f"FROM spine AS l JOIN records AS r ON {block.sql()}") for block in TRAINING_BLOCKS)
    return all(count >= MINIMUM_PAIRS for count in pairs)


def _scored_pairs(db: duckdb.DuckDBPyConnection, prior: float, max_pairs: int, sample_seed: int) -> str:
    """Return the name of Splink's table of scored pairs, each a person (l) and a waiting record (r)."""
    from splink import DuckDBAPI, Linker

    fields = ", ".join(FIELDS)
    db.execute(
        f"""CREATE TABLE people_to_compare AS SELECT person_id AS unique_id, true AS waiting, {fields} FROM spine;
        CREATE TABLE records_to_compare AS
        SELECT record_id AS unique_id, record_id NOT IN (SELECT record_id FROM links) AS waiting, {fields} FROM records"""
    )
    api = DuckDBAPI(connection=db)
    # Splink puts the datasets in alphabetical order: people left, records right
    people = api.register("people_to_compare", dataset_display_name="people")
    records = api.register("records_to_compare", dataset_display_name="records")
    settings: _Settings = {
        "probability_two_random_records_match": prior,
        "retain_matching_columns": False,
        "em_convergence": _CONVERGED,
        "comparisons": [comparison.settings() for comparison in COMPARISONS],
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": f"{block.sql()} AND l.waiting AND r.waiting", "sql_dialect": "duckdb"} for block in BLOCKS
        ],
    }
    settings = _with_chances_by_accident(settings, people, max_pairs, sample_seed)
    settings = _with_chances_on_one_person(settings, people, records, max_pairs)
    linker = Linker([people, records], settings, **_OWN_SETTINGS)
    return str(linker.inference.predict(warning_mode="never").physical_name)


def _with_chances_by_accident(
    settings: _Settings, people: SplinkDataFrame, max_pairs: int, sample_seed: int
) -> _Settings:
    from splink import Linker

    linker = Linker(people, settings | {"link_type": "dedupe_only"}, **_OWN_SETTINGS)
    linker.training.estimate_u_using_random_sampling(
        max_pairs=max_pairs, seed=sample_seed, min_count_per_level=None, num_chunks=1
    )
    return _at_least(1 / max_pairs, "u_probability", linker.misc.save_model_to_json())


def _with_chances_on_one_person(
    settings: _Settings, people: SplinkDataFrame, records: SplinkDataFrame, max_pairs: int
) -> _Settings:
    from splink import Linker
    from splink.blocking_rule_library import CustomRule

    linker = Linker([people, records], settings | {"link_type": "link_only"}, **_OWN_SETTINGS)
    for block in TRAINING_BLOCKS:
        linker.training.estimate_parameters_using_expectation_maximisation(
            CustomRule(block.sql()),
            estimate_without_term_frequencies=True,
            max_pairs=max_pairs,
            record_sample_proportion=0.1,  # of records, by which Splink guesses how many pairs a block holds
        )
    return _at_least(_LEAST_CHANCE, "m_probability", linker.misc.save_model_to_json())


def _at_least(least: float, chance: str, settings: _Settings) -> _Settings:
    """Return the settings with no chance below `least`: what was never seen in training is rare, not impossible."""
    for comparison in settings["comparisons"]:
        for level in comparison["comparison_levels"]:
            if not level.get("is_null_level"):
                level[chance] = max(level.get(chance) or 0.0, least)
    return settings


def _candidates(db: duckdb.DuckDBPyConnection, scored: str, prior: float, probability: float) -> pa.Table:
    """Return the pairs that are likely enough, of people still free for the record's agency, in order of ids.

    Splink's weight is the log2 odds of a match; `match_weight` here is the log2 Bayes factor, without the prior.
    """
    least = _log2_odds(probability) - _log2_odds(prior)
    return db.sql(
        f"""SELECT agency, record_id, person_id, weight AS match_weight,
               dense_rank() OVER (ORDER BY record_id) AS record,
               dense_rank() OVER (ORDER BY agency, person_id) AS place
        FROM (
            SELECT unique_id_l AS person_id, unique_id_r AS record_id,
                   round(match_weight - {_log2_odds(prior)}, 6) AS weight
            FROM {scored}
        )
        JOIN records USING (record_id)
        ANTI JOIN links USING (agency, person_id)
        WHERE weight >= round({least}, 6)
        ORDER BY record, place"""
    ).to_arrow_table()


def _log2_odds(probability: float) -> float:
    return math.log2(probability / (1 - probability))


def _count(db: duckdb.DuckDBPyConnection, source: str) -> int:
    return int(db.sql(f"SELECT count(*) {source}").fetchall()[0][0])


@contextmanager
def _quiet_splink() -> Iterator[None]:
    """Keep Splink's commentary off the terminal. What it warns of, degrees never seen in training, `_at_least` settles."""
    logger = logging.getLogger("splink")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)
