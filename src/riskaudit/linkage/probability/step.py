"""Link by probability what exact agreement left over (Fellegi and Sunter 1969), with Splink."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskaudit.artefacts import LINK_TERMS, NEAR_LINKS, LinkageModel, LinkageTrace
from riskaudit.linkage.cascade import PASSES
from riskaudit.linkage.identities import fields_in_use
from riskaudit.linkage.probability.choosing import chosen
from riskaudit.linkage.probability.comparisons import COMPARISONS, usable
from riskaudit.linkage.probability.one_to_one import best_first
from riskaudit.linkage.probability.scoring import lay_scores, log2_odds, quiet_splink
from riskaudit.linkage.probability.terms import link_terms
from riskaudit.linkage.probability.training import MINIMUM_PAIRS, learn, training_blocks
from riskaudit.scenario import LinkageSection

if TYPE_CHECKING:
    import duckdb

__all__ = ["MINIMUM_PAIRS", "NEAR", "run_probabilistic", "train_on", "untraced"]

NEAR = 0.1
"""Pairs down to this match probability are kept as near links, so that a lower threshold can be looked at."""


def run_probabilistic(
    db: duckdb.DuckDBPyConnection,
    asked: LinkageSection,
    seed: int,
    given: LinkageModel | None = None,
    *,
    own_files: bool = False,
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
    choice = chosen(db, asked, seed, given, in_use, prior, own_files=own_files)
    if choice is None:
        return untraced()
    model, comparisons = choice.model, choice.comparisons
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
    return LinkageTrace(NEAR_LINKS.conform(near), link_terms(db, scored, comparisons), model, choice.why)


def train_on(db: duckdb.DuckDBPyConnection, max_pairs: int, seed: int) -> LinkageModel | None:
    """Return a model learnt from the tables `spine` and `records`; None where they hold too little to learn from."""
    in_use = fields_in_use(db)
    blocks = training_blocks(db, in_use)
    return learn(db, usable(COMPARISONS, in_use), blocks, _prior(db), max_pairs, seed) if blocks else None


def untraced() -> LinkageTrace:
    """Return the trace where no probabilistic step ran."""
    return LinkageTrace(NEAR_LINKS.empty(), LINK_TERMS.empty(), None)


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
