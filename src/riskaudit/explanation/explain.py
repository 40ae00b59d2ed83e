"""Explain a sample of scores: contributions, what drives scores overall, plain sentences, and how far to trust them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa

from riskaudit.artefacts import (
    ATTRIBUTIONS,
    SENTENCES,
    Explanations,
    Feature,
    FeatureTable,
    ModelCard,
    RiskModel,
    RiskScores,
)
from riskaudit.estimates import EstimateTable
from riskaudit.explanation.contributions import Contributions, contributions_of, why_not
from riskaudit.explanation.importance import Weighing, importance
from riskaudit.explanation.sample import HeldOut, Sample, draw_sample, held_out_children
from riskaudit.explanation.sentences import Standing, sentences
from riskaudit.reading import reading_grade
from riskaudit.scenario import ExplanationSection

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Progress", "explain"]

Progress: TypeAlias = Callable[[float], None]
"""Called with the share of the work that is done, 0 to 1."""


def explain(
    models: Sequence[RiskModel],
    scores: RiskScores,
    table: FeatureTable,
    asked: ExplanationSection,
    *,
    seed: int,
    confidence: float = 0.95,
    groups: Mapping[str, pd.Series] | None = None,
    progress: Progress | None = None,
) -> Explanations:
    """Return why a sample of test children have the scores they have, and what drives scores overall.

    Contributions and sentences have one row per explained child and model (and feature). `trust` says in which unit a model's
    contributions are: log odds, points, headings met or probability.
    Importance (tidy) holds by model the `mean_absolute_contribution` of each `feature`, and
    the `share_of_contributions` by `agency`, `subject`, `window` and `sensitivity`, weighted back to all test children.
    A model whose contributions do not add up to its output, or that there is no method for, is withheld: it has no rows, and
    `trust` says why.

    Parameters
    ----------
    models
        The fitted models, in memory.
    scores
        Every child's scores, which say who was kept out of fitting and who is flagged.
    table
        The features the scores were made from, and their catalogue.
    asked
        How many children are explained, and at most how many reasons a text names.
    seed
        The study's seed; the sample is drawn with the key ``explanation/sample``.
    confidence
        Nominal coverage of the intervals, 0 to 1.
    groups
        Group variable -> recorded level of each linked family, by family id. Children of every level are explained.
    progress
        Called with the share of models done, 0 to 1.

    Raises
    ------
    BadInput
        If no child was kept out of fitting by every model.
    """
    held_out = held_out_children(scores, [model.card.id for model in models], groups)
    sample = draw_sample(held_out, asked.rows, seed)
    say = progress or _say_nothing
    told = []
    for done, model in enumerate(models, start=1):
        told.append(_explain_model(model, table, held_out, sample, asked.sentences, confidence))
        say(done / len(models))
    return Explanations(
        attributions=_stacked(ATTRIBUTIONS.empty(), [one.attributions for one in told if one.attributions]),
        importance=EstimateTable.concat([one.importance for one in told if one.importance]),
        sentences=_stacked(SENTENCES.empty(), [one.sentences for one in told if one.sentences]),
        trust={model.card.id: one.trust for model, one in zip(models, told, strict=True)},
    )


@dataclass(frozen=True)
class _Told:
    """What is said of one model; only its trust where it is withheld."""

    trust: dict[str, Any]
    attributions: pa.Table | None = None
    importance: EstimateTable | None = None
    sentences: pa.Table | None = None


def _explain_model(
    model: RiskModel, table: FeatureTable, held_out: HeldOut, sample: Sample, most: int, confidence: float
) -> _Told:
    if reason := why_not(model.card):
        return _Told({"withheld": True, "reason": reason})
    card, features = model.card, [table.catalogue[feature] for feature in model.card.features]
    background = _values(table, card.features, held_out.child_ids)
    values = background[sample.positions]
    found = contributions_of(model, values, background)
    trust = found.trust(card, len(held_out)) | {"drawn": sample.drawn()}
    if found.withheld:
        return _Told(trust)
    weighing = Weighing(sample.weights, held_out.family_ids[sample.positions], confidence)
    texts = sentences(features, values, found, _standing(held_out, sample, card), most)
    child_ids = held_out.child_ids[sample.positions]
    return _Told(
        trust,
        _attributions(card.id, features, child_ids, values, found),
        importance(card.id, features, found.values, weighing),
        _sentence_table(card.id, child_ids, texts),
    )


def _values(table: FeatureTable, features: Sequence[str], child_ids: np.ndarray) -> np.ndarray:
    """Return the feature values of these children in the order asked."""
    import pandas as pd

    at = pd.Index(table.table["child_id"].to_pandas()).get_indexer(child_ids)
    if (at < 0).any():
        raise ValueError("scores name a child whom the feature table lacks")
    return np.column_stack([table.table[feature].to_numpy()[at] for feature in features])


def _standing(held_out: HeldOut, sample: Sample, card: ModelCard) -> Standing:
    scores, flagged = held_out.scores[card.id].to_numpy(), held_out.flagged[card.id].to_numpy()
    ordered, own, size = np.sort(scores), scores[sample.positions], len(held_out)
    return Standing(
        lower=np.searchsorted(ordered, own, side="left") / size,
        higher=1 - np.searchsorted(ordered, own, side="right") / size,
        flagged=flagged[sample.positions],
        flagged_share=float(flagged.mean()),
        by_child=card.settings.get("flag_unit") == "child",
    )


def _attributions(
    model: str, features: Sequence[Feature], child_ids: np.ndarray, values: np.ndarray, found: Contributions
) -> pa.Table:
    ids = np.array([feature.id for feature in features])
    return ATTRIBUTIONS.build(
        {
            "child_id": np.repeat(child_ids, len(ids)),
            "model": np.repeat(model, values.size),
            "feature": np.tile(ids, len(child_ids)),
            "value": values.ravel(),
            "contribution": found.values.ravel(),
        }
    )


def _sentence_table(model: str, child_ids: np.ndarray, texts: list[str]) -> pa.Table:
    grades = [reading_grade(text) for text in texts]
    return SENTENCES.build({"child_id": child_ids, "model": [model] * len(texts), "text": texts, "grade": grades})


def _stacked(empty: pa.Table, tables: Sequence[pa.Table]) -> pa.Table:
    return pa.concat_tables([empty, *tables]).unify_dictionaries()


def _say_nothing(share: float) -> None:
    """Take the share and do nothing: a caller that wants no progress."""
