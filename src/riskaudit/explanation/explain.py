"""Explain a sample of scores: contributions, what drives scores overall, plain sentences, and how far to trust them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa

from riskaudit.artefacts import (
    ATTRIBUTIONS,
    SENTENCES,
    Explanations,
    Feature,
    FeatureCatalogue,
    FeatureTable,
    ModelCard,
    RiskModel,
    RiskScores,
)
from riskaudit.errors import BadInput, Fault, nearest, one_of
from riskaudit.estimates import EstimateTable
from riskaudit.explanation.importance import Weighing, importance
from riskaudit.explanation.sample import HeldOut, Sample, draw_sample, held_out_children
from riskaudit.explanation.shapley import Contributions, Effort, affordable, contributions_of, why_not
from riskaudit.explanation.shapley.method import say_nothing
from riskaudit.explanation.wording import Length, grades_told, standing_of, texts
from riskaudit.reading import reading_grade
from riskaudit.scenario import ExplanationSection

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Progress", "explain"]

Progress: TypeAlias = Callable[[float], None]
"""Called with the share of the work that is done, 0 to 1."""

_TRIED = 100
_WRITING = 0.02
"""Seconds that sentences and tables for so many children take, about."""


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

    Contributions have one row per explained child, model and feature; sentences, per child, model and length of text. `trust`
    says in which unit a model's contributions are: log odds, points, headings met or probability.
    Importance (tidy) holds by model the `mean_absolute_contribution` of each `feature`, and
    the `share_of_contributions` by `agency`, `subject`, `window` and `sensitivity`, weighted back to all test children.
    A model whose contributions do not add up to its output, or of which only scores are known, is withheld: it has no rows, and
    `trust` says why. Of a slow model that was brought in fewer children are explained, and `trust` says that too.

    Parameters
    ----------
    models
        The fitted models, in memory.
    scores
        Every child's scores, which say who was kept out of fitting and who is flagged.
    table
        The features the scores were made from, and their catalogue.
    asked
        How many children are explained, at most how many reasons a text names, and how hard it may be to read.
    seed
        The study's seed; the sample is drawn with the key ``explanation/sample``. A model that was brought in takes two draws
        more: see `shapley.permutation.explain_any`.
    confidence
        Nominal coverage of the intervals, 0 to 1.
    groups
        Group variable -> recorded level of each linked family, by family id. Children of every level are explained,
        and texts tell how many of a child's own groups are flagged.
    progress
        Called with the share of the work done, 0 to 1. Where every child is explained, shares go with time: a few of each
        model's are tried first.

    Raises
    ------
    BadInput
        If no child was kept out of fitting by every model, or a model uses a feature that the catalogue lacks.
    """
    _require_catalogued(models, table.catalogue)
    held_out = held_out_children(scores, [model.card.id for model in models], groups, table.labels)
    everyone = asked.rows == "all"
    rows = len(held_out) if asked.rows == "all" else asked.rows
    work = _Work(table, held_out, draw_sample(held_out, rows, seed), everyone, asked, confidence, seed, groups or {})
    told = []
    for model, say in zip(models, _shares(models, work, progress or say_nothing), strict=True):
        told.append(_explain_model(model, models, work, say))
        say(1.0)
    return Explanations(
        attributions=_stacked(ATTRIBUTIONS.empty(), [one.attributions for one in told if one.attributions]),
        importance=EstimateTable.concat([one.importance for one in told if one.importance]),
        sentences=_stacked(SENTENCES.empty(), [one.sentences for one in told if one.sentences]),
        trust={model.card.id: one.trust for model, one in zip(models, told, strict=True)},
    )


@dataclass(frozen=True)
class _Work:
    """What is the same for every model."""

    table: FeatureTable
    held_out: HeldOut
    sample: Sample
    everyone: bool
    """Whether every test child is to be explained, however long it takes."""
    asked: ExplanationSection
    confidence: float
    seed: int
    groups: Mapping[str, pd.Series]

    def values(self, card: ModelCard) -> np.ndarray:
        """Return the feature values of all test children, in the card's order."""
        return _values(self.table, card.features, self.held_out.child_ids)


@dataclass(frozen=True)
class _Told:
    """What is said of one model; only its trust where it is withheld."""

    trust: dict[str, Any]
    attributions: pa.Table | None = None
    importance: EstimateTable | None = None
    sentences: pa.Table | None = None


def _require_catalogued(models: Sequence[RiskModel], catalogue: FeatureCatalogue) -> None:
    """Raise BadInput naming every model's features that the catalogue lacks: nothing can be said of those in words."""
    known = [feature.id for feature in catalogue]
    unknown = [(model.card.label, name) for model in models for name in model.card.features if name not in known]
    if unknown:
        raise BadInput(
            Fault(
                label,
                f"its feature '{name}' is not in the feature catalogue",
                one_of(name, known),
                nearest(name, known),
            )
            for label, name in unknown
        )


def _shares(models: Sequence[RiskModel], work: _Work, say: Progress) -> list[Progress]:
    """Return a progress callable for each model. Where everyone is explained, its part of the whole is by time, tried first."""
    seconds = np.array([_tried(model, work) if work.everyone else 1.0 for model in models])
    ends = np.cumsum(seconds) / seconds.sum()
    return [partial(_tell, say, start, end) for start, end in pairwise([0.0, *ends.tolist()])]


def _tell(say: Progress, start: float, end: float, share: float) -> None:
    say(start + (end - start) * share)


def _tried(model: RiskModel, work: _Work) -> float:
    """Return how many seconds a few children's explanation takes, beside what writing it down takes."""
    if why_not(model.card):
        return _WRITING
    background, sample = work.values(model.card), work.sample.positions[:_TRIED]
    started = time.perf_counter()
    contributions_of(model, background[sample], background, seed=work.seed)
    return time.perf_counter() - started + _WRITING


def _explain_model(model: RiskModel, models: Sequence[RiskModel], work: _Work, say: Progress) -> _Told:
    card, held_out, sample = model.card, work.held_out, work.sample
    if reason := why_not(card, [other.card for other in models]):
        return _Told({"withheld": True, "reason": reason})
    background = work.values(card)
    effort = Effort(len(sample), 0, "") if work.everyone else affordable(model, background, len(sample))
    if not effort.rows:
        return _Told(
            {
                "withheld": True,
                "reason": f'{effort.why}; `[explanation] rows = "all"` explains it however long it takes',
            }
        )
    if effort.rows < len(sample):
        sample = draw_sample(held_out, effort.rows, work.seed)
    values = background[sample.positions]
    found = contributions_of(
        model, values, background, seed=work.seed, background_rows=effort.background_rows, progress=say
    )
    trust = found.trust(card, len(held_out)) | _drawn(sample, effort)
    if found.withheld:
        return _Told(trust)
    features = [work.table.catalogue[feature] for feature in card.features]
    weighing = Weighing(sample.weights, held_out.family_ids[sample.positions], work.confidence)
    child_ids = held_out.child_ids[sample.positions]
    standing = standing_of(
        held_out.scores[card.id].to_numpy(),
        held_out.flagged[card.id].to_numpy(),
        held_out.family_ids,
        sample.positions,
        by_child=card.settings.get("flag_unit") == "child",
        groups=work.groups,
    )
    told = _sentence_table(card.id, child_ids, texts(features, values, found, standing, work.asked.sentences))
    return _Told(
        trust | {"reading": grades_told(told["grade"].to_pylist(), work.asked.reading_grade)},
        _attributions(card.id, features, child_ids, values, found),
        importance(card.id, features, found.values, weighing),
        told,
    )


def _drawn(sample: Sample, effort: Effort) -> dict[str, Any]:
    """Return who was drawn and, where fewer were than asked for, why."""
    fewer = {"fewer_rows": effort.why} if effort.why else {}
    return {"drawn": sample.drawn(), "drawn_by_group": sample.by_group(), **fewer}


def _values(table: FeatureTable, features: Sequence[str], child_ids: np.ndarray) -> np.ndarray:
    """Return the feature values of these children in the order asked."""
    import pandas as pd

    at = pd.Index(table.table["child_id"].to_pandas()).get_indexer(child_ids)
    if (at < 0).any():
        raise ValueError("scores name a child whom the feature table lacks")
    return np.column_stack([table.table[feature].to_numpy()[at] for feature in features])


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


def _sentence_table(model: str, child_ids: np.ndarray, by_length: Mapping[Length, list[str]]) -> pa.Table:
    told = [text for written in by_length.values() for text in written]
    return SENTENCES.build(
        {
            "child_id": np.tile(child_ids, len(by_length)),
            "model": [model] * len(told),
            "length": [length.value for length, written in by_length.items() for _ in written],
            "text": told,
            "grade": [reading_grade(text) for text in told],
        }
    )


def _stacked(empty: pa.Table, tables: Sequence[pa.Table]) -> pa.Table:
    return pa.concat_tables([empty, *tables]).unify_dictionaries()
