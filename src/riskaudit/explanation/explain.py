"""Explain a sample of scores: contributions, what drives scores overall, plain sentences, and how far to trust them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pyarrow as pa

from riskaudit.artefacts import (
    ATTRIBUTIONS,
    EXPLAINED,
    SENTENCES,
    Explanations,
    FeatureCatalogue,
    FeatureTable,
    RiskModel,
    RiskScores,
)
from riskaudit.errors import BadInput, Fault, nearest, one_of
from riskaudit.estimates import EstimateTable
from riskaudit.explanation.sample import draw_sample, held_out_children
from riskaudit.explanation.shapley import contributions_of, why_not
from riskaudit.explanation.shapley.method import say_nothing
from riskaudit.explanation.telling import Told, explain_model
from riskaudit.explanation.work import Work
from riskaudit.scenario import ExplanationSection

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Progress", "Refitted", "explain"]

Progress: TypeAlias = Callable[[float], None]
"""Called with the share of the work that is done, 0 to 1."""
Refitted: TypeAlias = Callable[[int], tuple[RiskModel, ...]]
"""Given a draw, from 0: the learnt models fitted on training families drawn with replacement, under their ids."""

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
    refitted: Refitted | None = None,
    progress: Progress | None = None,
) -> Explanations:
    """Return why a sample of test children have the scores they have, and what drives scores overall.

    Contributions have one row per explained child, model and feature; sentences, per child, model and length of text;
    `explained`, per child and model, holds the weights that all means are made with. `trust`
    says in which unit a model's contributions are: log odds, points, headings met or probability.
    Importance (tidy) holds by model the `mean_absolute_contribution` of each `feature`, and
    the `share_of_contributions` by `agency`, `subject`, `window` and `sensitivity`, weighted back to all test children; with how
    far all that can be trusted (see `trust.check`). What drives scores by group and by value, and points lists that imitate
    the models, are described in `overall`.
    A model whose contributions do not add up to its output, or of which only scores are known, is withheld: it has no rows, and
    `trust` says why. Of a model that was brought in fewer children may be explained, and `trust` says that too.

    Parameters
    ----------
    models
        The fitted models, in memory.
    scores
        Every child's scores, which say who was kept out of fitting and who is flagged.
    table
        The features the scores were made from, and their catalogue.
    asked
        How many children are explained, at most how many reasons a text names, how hard it may be to read, and how often what is
        checked.
    seed
        The study's seed; the sample is drawn with the key ``explanation/sample``. A model that was brought in takes two draws
        more: see `shapley.permutation.explain_any`; what is checked has keys of its own.
    confidence
        Nominal coverage of the intervals, 0 to 1.
    groups
        Group variable -> recorded level of each linked family, by family id. Children of every level are explained,
        and texts tell how many of a child's own groups are flagged.
    refitted
        Gives the models fitted again on other families; None: nothing is refitted.
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
    rows = len(held_out) if asked.rows == "all" else asked.rows
    say, draws = progress or say_nothing, asked.refits if refitted else 0
    explaining = draws / (draws + len(models))  # a draw of refits takes about as long as a model's explanation
    refits = _refits(refitted, draws, partial(_tell, say, 0.0, explaining))
    work = Work(
        table, held_out, draw_sample(held_out, rows, seed), asked.rows == "all", asked, confidence, seed, groups or {},
        _training(scores), refits,
    )  # fmt: skip
    told = []
    for model, mine in zip(models, _shares(models, work, partial(_tell, say, explaining, 1.0)), strict=True):
        told.append(explain_model(model, models, work, mine))
        mine(1.0)
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
        explained=_stacked(EXPLAINED.empty(), [one.explained for one in told if one.explained]),
    )


def _refits(refitted: Refitted | None, draws: int, say: Progress) -> tuple[RiskModel, ...]:
    """Return every draw's refits."""
    found: list[RiskModel] = []
    for draw in range(draws):
        found += refitted(draw) if refitted else ()
        say((draw + 1) / draws)
    return tuple(found)


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


def _shares(models: Sequence[RiskModel], work: Work, say: Progress) -> list[Progress]:
    """Return a progress callable for each model. Where everyone is explained, its part of the whole is by time, tried first."""
    seconds = np.array([_tried(model, work) if work.everyone else 1.0 for model in models])
    ends = np.cumsum(seconds) / seconds.sum()
    return [partial(_tell, say, start, end) for start, end in pairwise([0.0, *ends.tolist()])]


def _tell(say: Progress, start: float, end: float, share: float) -> None:
    say(start + (end - start) * share)


def _tried(model: RiskModel, work: Work) -> float:
    """Return how many seconds a few children's explanation takes, beside what writing it down takes."""
    if why_not(model.card):
        return _WRITING
    background, sample = work.values(model.card), work.sample.positions[:_TRIED]
    started = time.perf_counter()
    contributions_of(model, background[sample], background, seed=work.seed)
    return time.perf_counter() - started + _WRITING


def _training(scores: RiskScores) -> np.ndarray:
    """Return the ids of the children of training families, sorted."""
    import pyarrow.compute as pc

    table = scores.scores
    wanted = pc.and_(pc.equal(table["unit"], "child"), pc.equal(table["split"], "train"))
    return np.unique(table.filter(wanted)["unit_id"].to_numpy().astype(str))


def _joined(told: Sequence[Told], part: str) -> EstimateTable:
    return EstimateTable.concat([found for one in told if (found := getattr(one, part)) is not None])


def _stacked(empty: pa.Table, tables: Sequence[pa.Table]) -> pa.Table:
    return pa.concat_tables([empty, *tables]).unify_dictionaries()
