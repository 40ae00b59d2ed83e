"""Choose what the probabilistic step goes by: a model that was given, the saved one, or one learnt from the records."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from riskaudit.artefacts import LinkageModel
from riskaudit.linkage.cascade import PASSES
from riskaudit.linkage.probability.comparisons import COMPARISONS, Comparison, usable
from riskaudit.linkage.probability.saved import known_to, must_know, saved_model, without_house
from riskaudit.linkage.probability.training import learn, training_blocks
from riskaudit.scenario import LinkageSection, ModelSource

if TYPE_CHECKING:
    import duckdb

__all__ = ["LEAST_AGREED", "LEAST_MATCHES", "SMALL", "TOO_FEW_PAIRS", "Choice", "agreed_enough", "chosen"]

SMALL = 50_000
"""With fewer records, spine and all, `auto` goes by the saved model in a study. Training then costs more time than the rest of
the stage and gains no correct link: `docs/benchmarks.md` has the figures."""

LEAST_MATCHES = 500
"""Own files: records that exact agreement must have joined before anything is learnt from them."""

LEAST_AGREED = 0.5
"""Own files: share of the records that could be joined (a file's, or the spine's where it is smaller) that exact agreement must
have joined. Where files hold mostly other people, pairs that share a name or a birthday are brothers, sisters and strangers, and
expectation maximisation learns their likeness for that of one person: `docs/benchmarks.md` has the figures."""


@dataclass(frozen=True)
class Choice:
    """A model, what it lets us compare, and why it was taken, in a sentence."""

    model: LinkageModel
    comparisons: tuple[Comparison, ...]
    why: str


def chosen(
    db: duckdb.DuckDBPyConnection,
    asked: LinkageSection,
    seed: int,
    given: LinkageModel | None,
    in_use: frozenset[str],
    prior: float,
    *,
    own_files: bool,
) -> Choice | None:
    """Return the model to go by; None where there is nothing to go by. Needs the links of exact agreement.

    `auto` never stops at what the saved model does not know, such as a number that only a user's own files have: it learns
    from the records, and where they teach too little, compares only what the saved model knows. Own files are learnt from
    wherever they teach enough, since nobody knows how they were written; a study only where it is large.
    """
    comparisons = usable(COMPARISONS, in_use)
    if not comparisons:
        return None
    if given is not None:
        must_know(given, comparisons, "the model given")
        return _only(given, comparisons, in_use, "it was given")
    saved = saved_model()
    if asked.model is ModelSource.SAVED:
        must_know(saved, comparisons, "the saved model")
        return _only(saved, comparisons, in_use, "the configuration asks for the saved model")
    teaches, why = (True, _ASKED) if asked.model is ModelSource.TRAINED else _teaches(db, in_use, saved, own_files)
    blocks = training_blocks(db, in_use) if teaches else {}
    if blocks:
        return Choice(learn(db, comparisons, blocks, prior, asked.max_pairs, seed), comparisons, why)
    known = known_to(saved, comparisons)
    if asked.model is not ModelSource.AUTO or not known:
        return None
    return _only(saved, known, in_use, TOO_FEW_PAIRS if teaches else why)


def agreed_enough(db: duckdb.DuckDBPyConnection) -> tuple[bool, str]:
    """Return whether exact agreement joined enough for a model to be learnt, and the figures in words. Needs its links."""
    agreed, could = _number(db, _AGREED), _number(db, _COULD_BE_JOINED)
    found = f"exact agreement joined {agreed:,} of {could:,} records that could be joined"
    if agreed >= LEAST_MATCHES and agreed >= LEAST_AGREED * could:
        return True, f"{found}: enough to learn from"
    return False, f"{found}: too few to learn from (at least {LEAST_MATCHES:,} and {LEAST_AGREED:.0%})"


_ASKED = "the configuration asks for a model learnt from the records"
TOO_FEW_PAIRS = "too few pairs of records agree on anything for a model to be learnt from them"


def _teaches(
    db: duckdb.DuckDBPyConnection, in_use: frozenset[str], saved: LinkageModel, own_files: bool
) -> tuple[bool, str]:
    """Return whether `auto` should learn from the records, and why or why not."""
    comparisons = usable(COMPARISONS, in_use)
    if own_files and any(in_use.issuperset(one.fields) for one in PASSES):
        return agreed_enough(db)
    if known_to(saved, comparisons) != comparisons:
        return True, "the records hold something of which the saved model says nothing"
    if _number(db, _RECORDS) >= SMALL:
        return True, "there are records enough to learn from"
    return False, "there are too few records to learn much from"


# Of a file no more records can be joined than it has, or than the spine has people.
_COULD_BE_JOINED = """
SELECT coalesce(sum(could), 0)
FROM (SELECT least(count(*), (SELECT count(*) FROM spine)) AS could FROM records GROUP BY agency)
"""
_AGREED = "SELECT count(*) FROM links SEMI JOIN records USING (record_id)"
_RECORDS = "SELECT (SELECT count(*) FROM spine) + (SELECT count(*) FROM records)"


def _number(db: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(db.sql(query).fetchall()[0][0])


def _only(model: LinkageModel, comparisons: tuple[Comparison, ...], in_use: frozenset[str], why: str) -> Choice:
    """Return a model cut down to what is compared here, and told for files that hold no house."""
    names = {comparison.name for comparison in comparisons}
    held = model if "house" in in_use else without_house(model)
    return Choice(replace(held, degrees=tuple(one for one in held.degrees if one.compared in names)), comparisons, why)
