"""Explain a sample of scores: contributions, what drives scores overall, plain sentences, and how far to trust them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
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
from riskaudit.explanation.explained import Explained, levels_of
from riskaudit.explanation.overall import Imitated, Imitation, by_group, dependence, imitate, importance
from riskaudit.explanation.sample import HeldOut, Sample, draw_sample, held_out_children
from riskaudit.explanation.sentences import Standing, sentences
from riskaudit.explanation.trust import Background, Checked, check
from riskaudit.explanation.weighing import Weighing
from riskaudit.reading import reading_grade
from riskaudit.scenario import ExplanationSection

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Progress", "Refitted", "explain"]

Progress: TypeAlias = Callable[[float], None]
"""Called with the share of the work that is done, 0 to 1."""
Refitted: TypeAlias = Callable[[int], tuple[RiskModel, ...]]
"""Given a draw, from 0: the learnt models fitted on training families drawn with replacement, under their ids."""


def explain(
    models: Sequence[RiskModel],
    scores: RiskScores,
    table: FeatureTable,
    asked: ExplanationSection,
    *,
    seed: int,
    confidence: float = 0.95,
    groups: Mapping[str, pd.Series] | None = None,
    refitted: Refitted | None = None,
    progress: Progress | None = None,
) -> Explanations:
    """Return why a sample of test children have the scores they have, and what drives scores overall.

    Contributions and sentences have one row per explained child and model (and feature). `trust` says in which unit a model's
    contributions are: log odds, points, headings met or probability.
    Importance (tidy) holds by model the `mean_absolute_contribution` of each `feature`, and
    the `share_of_contributions` by `agency`, `subject`, `window` and `sensitivity`, weighted back to all test children; with how
    far all that can be trusted (see `trust.check`). What drives scores by group and by value, and points lists that imitate
    the models, are described in `overall`.
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
        How many children are explained, at most how many reasons a text names, and how often what is checked.
    seed
        The study's seed; the sample is drawn with the key ``explanation/sample``, and what else is drawn with keys of its own.
    confidence
        Nominal coverage of the intervals, 0 to 1.
    groups
        Group variable -> recorded level of each linked family, by family id.
    refitted
        Gives the models fitted again on other families; None: nothing is refitted.
    progress
        Called with the share of models done, 0 to 1.

    Raises
    ------
    BadInput
        If no child was kept out of fitting by every model.
    """
    held_out = held_out_children(scores, [model.card.id for model in models])
    sample = draw_sample(held_out, asked.rows, seed)
    say = progress or _say_nothing
    refits: list[RiskModel] = []
    draws = asked.refits if refitted else 0
    for draw in range(draws):
        refits += refitted(draw) if refitted else ()
        say((draw + 1) / (draws + len(models)))
    given = _Given(table, held_out, sample, asked, seed, confidence, groups or {}, _training(scores), tuple(refits))
    told = []
    for left, model in zip(reversed(range(len(models))), models, strict=True):
        told.append(_explain_model(model, given))
        say(1 - left / (draws + len(models)))
    by_id = {model.card.id: one for model, one in zip(models, told, strict=True)}
    return Explanations(
        attributions=_stacked(ATTRIBUTIONS.empty(), [one.attributions for one in told if one.attributions]),
        importance=_joined(told, "importance"),
        sentences=_stacked(SENTENCES.empty(), [one.sentences for one in told if one.sentences]),
        trust={model: one.trust for model, one in by_id.items()},
        by_group=_joined(told, "by_group"),
        dependence=_joined(told, "dependence"),
        surrogate=_joined(told, "surrogate"),
        surrogate_lists={model: one.lists for model, one in by_id.items() if one.lists},
    )


@dataclass(frozen=True, eq=False)
class _Given:
    """What every model is explained with."""

    table: FeatureTable
    held_out: HeldOut
    sample: Sample
    asked: ExplanationSection
    seed: int
    confidence: float
    groups: Mapping[str, pd.Series]
    training: np.ndarray
    """Ids of the children of training families."""
    refits: tuple[RiskModel, ...]
    """All models' refits, under their models' ids."""

    @cached_property
    def family_of(self) -> np.ndarray:
        """Each test child's family as a number, which sorts a hundred times faster than its id."""
        return np.unique(self.held_out.family_ids, return_inverse=True)[1]


@dataclass(frozen=True)
class _Told:
    """What is said of one model; only its trust where it is withheld."""

    trust: dict[str, Any]
    attributions: pa.Table | None = None
    sentences: pa.Table | None = None
    importance: EstimateTable | None = None
    by_group: EstimateTable | None = None
    dependence: EstimateTable | None = None
    surrogate: EstimateTable | None = None
    lists: list[dict[str, Any]] | None = None


def _explain_model(model: RiskModel, given: _Given) -> _Told:
    if reason := why_not(model.card):
        return _Told({"withheld": True, "reason": reason})
    card, held_out, sample = model.card, given.held_out, given.sample
    features = tuple(given.table.catalogue[feature] for feature in card.features)
    background = _values(given.table, card.features, held_out.child_ids)
    values = background[sample.positions]
    found = contributions_of(model, values, background)
    trust = found.trust(card, len(held_out)) | {"drawn": sample.drawn()}
    if found.withheld:
        return _Told(trust)
    explained = _explained(model, features, values, found, given)
    checked, copied = _checked(explained, background, given), _imitated(explained, background, given)
    texts = sentences(features, values, found, _standing(held_out, sample, card), given.asked.sentences)
    child_ids = held_out.child_ids[sample.positions]
    return _Told(
        trust | checked.words,
        _attributions(card.id, features, child_ids, values, found),
        _sentence_table(card.id, child_ids, texts),
        EstimateTable.concat([importance(card.id, features, found.values, explained.weighing), checked.estimates]),
        by_group(explained),
        dependence(explained),
        copied.estimates,
        copied.lists,
    )


def _explained(
    model: RiskModel, features: tuple[Feature, ...], values: np.ndarray, found: Contributions, given: _Given
) -> Explained:
    at = given.sample.positions
    weighing = Weighing(given.sample.weights, given.family_of[at], given.confidence)
    groups = {name: levels_of(levels, given.held_out.family_ids[at]) for name, levels in given.groups.items()}
    return Explained(model, features, values, found.values, weighing, groups)


def _checked(explained: Explained, background: np.ndarray, given: _Given) -> Checked:
    refits = [model for model in given.refits if model.card.id == explained.card.id]
    all_children = Background(background, given.family_of)
    return check(explained, all_children, refits, backgrounds=given.asked.backgrounds, seed=given.seed)


def _imitated(explained: Explained, background: np.ndarray, given: _Given) -> Imitation:
    children = Imitated(
        training=_values(given.table, explained.card.features, given.training),
        test=background,
        families=given.family_of,
        flagged=given.held_out.flagged[explained.card.id].to_numpy(),
    )
    return imitate(explained.model, explained.features, children, confidence=given.confidence, seed=given.seed)


def _training(scores: RiskScores) -> np.ndarray:
    """Return the ids of the children of training families, sorted."""
    import pyarrow.compute as pc

    table = scores.scores
    wanted = pc.and_(pc.equal(table["unit"], "child"), pc.equal(table["split"], "train"))
    return np.unique(table.filter(wanted)["unit_id"].to_numpy().astype(str))


def _joined(told: Sequence[_Told], part: str) -> EstimateTable:
    return EstimateTable.concat([found for one in told if (found := getattr(one, part)) is not None])


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
