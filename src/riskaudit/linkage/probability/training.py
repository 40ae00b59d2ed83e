"""Learn how often records agree, on one person and by accident: what the probabilistic step goes by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from riskaudit.artefacts import DegreeOfAgreement, LinkageModel
from riskaudit.linkage.identities import COMPARED
from riskaudit.linkage.probability.comparisons import TRAINING_BLOCKS, Block, Comparison, usable
from riskaudit.linkage.probability.scoring import OWN_SETTINGS, Settings, quiet_splink, settings_of
from riskaudit.seeds import stream

if TYPE_CHECKING:
    import duckdb
    from splink.internals.splink_dataframe import SplinkDataFrame

__all__ = ["MINIMUM_PAIRS", "THESE_RECORDS", "learn", "training_blocks"]

THESE_RECORDS = "these records"
"""What a model says it was trained on where it was learnt from the very records it links."""

MINIMUM_PAIRS = 500
"""Pairs that each training block must hold. With fewer nothing is learnt: the chances would be guesses."""

_LEAST_CHANCE = 0.001
"""Least chance of any degree of agreement among records of one person. An assumption: EM may find exactly none."""

_CONVERGED = 0.001
"""EM stops when no chance moves by more than this: far finer than the weights' own uncertainty."""

_DIGITS = 6
"""Significant digits kept of a chance. Its last bits depend on the number of threads."""


def training_blocks(db: duckdb.DuckDBPyConnection, in_use: AbstractSet[str]) -> dict[Block, int]:
    """Return two blocks to learn from and how many pairs each holds: the first that hold enough and share no field.

    Empty where there are no two such blocks.
    """
    found: dict[Block, int] = {}
    for block in usable(TRAINING_BLOCKS, in_use):
        taken = {field for one in found for field in one.fields}
        if len(found) < 2 and not taken & set(block.fields) and (pairs := _pairs(db, block)) >= MINIMUM_PAIRS:
            found[block] = pairs
    return found if len(found) == 2 else {}


def learn(
    db: duckdb.DuckDBPyConnection,
    comparisons: tuple[Comparison, ...],
    blocks: Mapping[Block, int],
    prior: float,
    max_pairs: int,
    seed: int,
) -> LinkageModel:
    """Return the chances of every degree of agreement, learnt from the tables `spine` and `records`.

    Chances of agreeing by accident (u) come from pairs of spine people, who are different people by construction; chances
    of agreeing on one person (m) from expectation maximisation over all records against the spine, block by block. Pairs are
    drawn with the key ``linkage/probabilistic``.
    """
    from splink import DuckDBAPI

    db.execute(
        f"""CREATE TABLE people_to_compare AS SELECT person_id AS unique_id, {COMPARED} FROM spine;
        CREATE TABLE records_to_compare AS SELECT record_id AS unique_id, {COMPARED} FROM records"""
    )
    api = DuckDBAPI(connection=db)
    # Splink puts the datasets in alphabetical order: people left, records right
    people = api.register("people_to_compare", dataset_display_name="people")
    records = api.register("records_to_compare", dataset_display_name="records")
    sample_seed = int(stream(seed, "linkage/probabilistic").integers(2**31))
    settings = settings_of(comparisons, prior) | {"em_convergence": _CONVERGED}
    with quiet_splink():
        settings = _with_chances_by_accident(settings, people, max_pairs, sample_seed)
        settings = _with_chances_on_one_person(settings, people, records, tuple(blocks), max_pairs)
    return LinkageModel(tuple(_degrees(comparisons, settings)), _trained_on(db, blocks, max_pairs, seed))


def _pairs(db: duckdb.DuckDBPyConnection, block: Block) -> int:
    """Return how many pairs of a person and a record a block holds, without making them."""
    fields = ", ".join(block.fields)
    counted = f"(SELECT {fields}, count(*) AS {{n}} FROM {{table}} GROUP BY ALL)"
    people, records = (counted.format(n=n, table=table) for n, table in (("here", "spine"), ("there", "records")))
    return int(
        db.sql(f"SELECT coalesce(sum(here * there), 0) FROM {people} JOIN {records} USING ({fields})").fetchall()[0][0]
    )


def _trained_on(
    db: duckdb.DuckDBPyConnection, blocks: Mapping[Block, int], max_pairs: int, seed: int
) -> dict[str, Any]:
    people, records = (db.table(name).count("*").fetchall()[0][0] for name in ("spine", "records"))
    return {
        "data": THESE_RECORDS,
        "people": people,
        "records": records,
        "pairs": {block.name: pairs for block, pairs in blocks.items()},
        "max_pairs": max_pairs,
        "seed": seed,
        "riskaudit": version("riskaudit"),
        "splink": version("splink"),
    }


def _with_chances_by_accident(
    settings: Settings, people: SplinkDataFrame, max_pairs: int, sample_seed: int
) -> Settings:
    from splink import Linker

    linker = Linker(people, settings | {"link_type": "dedupe_only"}, **OWN_SETTINGS)
    linker.training.estimate_u_using_random_sampling(
        max_pairs=max_pairs, seed=sample_seed, min_count_per_level=None, num_chunks=1
    )
    return _at_least(1 / max_pairs, "u_probability", linker.misc.save_model_to_json())


def _with_chances_on_one_person(
    settings: Settings, people: SplinkDataFrame, records: SplinkDataFrame, blocks: tuple[Block, ...], max_pairs: int
) -> Settings:
    from splink import Linker
    from splink.blocking_rule_library import CustomRule

    linker = Linker([people, records], settings | {"link_type": "link_only"}, **OWN_SETTINGS)
    for block in blocks:
        linker.training.estimate_parameters_using_expectation_maximisation(
            CustomRule(block.sql()),
            estimate_without_term_frequencies=True,
            max_pairs=max_pairs,
            record_sample_proportion=0.1,  # of records, by which Splink guesses how many pairs a block holds
        )
    return _at_least(_LEAST_CHANCE, "m_probability", linker.misc.save_model_to_json())


def _at_least(least: float, chance: str, settings: Settings) -> Settings:
    """Return the settings with no chance below `least`: what was never seen in training is rare, not impossible."""
    for comparison in settings["comparisons"]:
        for level in comparison["comparison_levels"]:
            if not level.get("is_null_level"):
                level[chance] = max(level.get(chance) or 0.0, least)
    return settings


def _degrees(comparisons: tuple[Comparison, ...], settings: Settings) -> Iterator[DegreeOfAgreement]:
    for comparison, learnt in zip(comparisons, settings["comparisons"], strict=True):
        levels = [level for level in learnt["comparison_levels"] if not level.get("is_null_level")]
        for words, level in zip(comparison.every_degree, levels, strict=True):
            chances = (float(f"{level[chance]:.{_DIGITS}g}") for chance in ("m_probability", "u_probability"))
            yield DegreeOfAgreement(comparison.name, words, *chances)
