"""Link by probability what exact agreement left over (Fellegi and Sunter 1969), with Splink."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from riskaudit.artefacts import LINK_TERMS, NEAR_LINKS, LinkageModel, LinkageTrace
from riskaudit.linkage.cascade import PASSES
from riskaudit.linkage.identities import fields_in_use
from riskaudit.linkage.probability.comparisons import COMPARISONS, Comparison, usable
from riskaudit.linkage.probability.one_to_one import best_first
from riskaudit.linkage.probability.saved import known_to, must_know, saved_model
from riskaudit.linkage.probability.scoring import lay_scores, log2_odds, quiet_splink
from riskaudit.linkage.probability.terms import link_terms
from riskaudit.linkage.probability.training import MINIMUM_PAIRS, learn, training_blocks
from riskaudit.scenario import LinkageSection, ModelSource

if TYPE_CHECKING:
    import duckdb

__all__ = ["MINIMUM_PAIRS", "NEAR", "SMALL", "run_probabilistic", "train_on", "untraced"]

NEAR = 0.1
"""Pairs down to this match probability are kept as near links, so that a lower threshold can be looked at."""

SMALL = 50_000
"""With fewer records, spine and all, `auto` goes by the saved model. Training then costs more time than the rest of the stage
and gains no correct link: `docs/benchmarks.md` has the figures."""


def run_probabilistic(
    db: duckdb.DuckDBPyConnection, asked: LinkageSection, seed: int, given: LinkageModel | None = None
) -> LinkageTrace:
    """Add to the table `links` the best pairs at or above the match probability asked for; return why, and what came near.

    The chance that a random pair matches is taken to be one spine person for every record: an assumption, generous where many
    records are of people whom the spine does not hold. Weights are rounded to 6 decimals before they are compared, because
    their last bits depend on the number of threads. Each record gets at most one person, and each person at most one record
    of an agency: best weight first, ties to the first ids. Going down the list in that order, what is taken above a threshold
    does not depend on what lies below: links and near links are together what every higher threshold would have given.
    Adds nothing where there is no model to go by and too little to learn from.
    """
    in_use = fields_in_use(db)
    prior = _prior(db)
    chosen = _chosen(db, asked, seed, given, in_use, prior)
    if chosen is None:
        return untraced()
    model, comparisons = chosen
    least = min(NEAR, asked.match_probability)
    with quiet_splink():
        scored = lay_scores(db, model, comparisons, in_use, prior, least)
    _lay_taken(db, scored, prior, least)
    linked = f"match_weight >= {_least_weight(asked.match_probability, prior)}"
    db.execute(
        f"""INSERT INTO links
        SELECT record_id, agency, person_id, 'probabilistic', match_weight, match_probability, {len(PASSES) + 1}
        FROM taken WHERE {linked}"""
    )
    near = db.sql(
        f"SELECT {', '.join(NEAR_LINKS.names)} FROM taken WHERE NOT {linked} ORDER BY record_id"
    ).to_arrow_table()
    return LinkageTrace(NEAR_LINKS.conform(near), link_terms(db, scored, comparisons), model)


def train_on(db: duckdb.DuckDBPyConnection, max_pairs: int, seed: int) -> LinkageModel | None:
    """Return a model learnt from the tables `spine` and `records`; None where they hold too little to learn from."""
    in_use = fields_in_use(db)
    blocks = training_blocks(db, in_use)
    return learn(db, usable(COMPARISONS, in_use), blocks, _prior(db), max_pairs, seed) if blocks else None


def untraced() -> LinkageTrace:
    """Return the trace where no probabilistic step ran."""
    return LinkageTrace(NEAR_LINKS.empty(), LINK_TERMS.empty(), None)


def _chosen(
    db: duckdb.DuckDBPyConnection,
    asked: LinkageSection,
    seed: int,
    given: LinkageModel | None,
    in_use: frozenset[str],
    prior: float,
) -> tuple[LinkageModel, tuple[Comparison, ...]] | None:
    """Return the model to go by and what to compare; None where there is nothing to go by.

    `auto` never stops at what the saved model does not know, such as a number that only a user's own files have: it learns
    from the records, and where they are too few, compares only what the saved model knows.
    """
    comparisons = usable(COMPARISONS, in_use)
    if not comparisons:
        return None
    if given is not None:
        must_know(given, comparisons, "the model given")
        return _only(given, comparisons)
    saved = saved_model()
    if asked.model is ModelSource.SAVED:
        must_know(saved, comparisons, "the saved model")
        return _only(saved, comparisons)
    known = known_to(saved, comparisons)
    if asked.model is ModelSource.AUTO and known == comparisons and _records(db) < SMALL:
        return _only(saved, comparisons)
    blocks = training_blocks(db, in_use)
    if blocks:
        return learn(db, comparisons, blocks, prior, asked.max_pairs, seed), comparisons
    return _only(saved, known) if asked.model is ModelSource.AUTO and known else None


def _only(model: LinkageModel, comparisons: tuple[Comparison, ...]) -> tuple[LinkageModel, tuple[Comparison, ...]]:
    names = {comparison.name for comparison in comparisons}
    return replace(model, degrees=tuple(one for one in model.degrees if one.compared in names)), comparisons


def _lay_taken(db: duckdb.DuckDBPyConnection, scored: str, prior: float, least: float) -> None:
    """Make the table `taken`: pairs of people still free for the record's agency, one to one, best first."""
    odds = log2_odds(prior)
    pairs = db.sql(
        f"""SELECT agency, record_id, person_id, weight AS match_weight,
               1 / (1 + pow(2, -(weight + {odds}))) AS match_probability,
               dense_rank() OVER (ORDER BY record_id) AS record,
               dense_rank() OVER (ORDER BY agency, person_id) AS place
        FROM (
            SELECT unique_id_l AS person_id, unique_id_r AS record_id, round(match_weight - {odds}, 6) AS weight
            FROM {scored}
        )
        JOIN records USING (record_id)
        ANTI JOIN links USING (agency, person_id)
        WHERE weight >= {_least_weight(least, prior)}
        ORDER BY record, place"""
    ).to_arrow_table()
    weight, record, place = (pairs.column(name).to_numpy() for name in ("match_weight", "record", "place"))
    db.register("taken", pairs.take(best_first(weight, record, place)))


def _least_weight(probability: float, prior: float) -> float:
    """Return the weight (log2 Bayes factor, without the prior) that a match probability asks for."""
    return round(log2_odds(probability) - log2_odds(prior), 6)


def _prior(db: duckdb.DuckDBPyConnection) -> float:
    return 1 / max(db.table("spine").count("*").fetchall()[0][0], 2)


def _records(db: duckdb.DuckDBPyConnection) -> int:
    return sum(int(db.table(name).count("*").fetchall()[0][0]) for name in ("spine", "records"))
