"""Rounds of use: each a new cohort of made-up families, scored by a model that learnt from the round before.

A job makes the rounds of one replicate. It depends on nothing but itself, so jobs may be made in any number of processes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.artefacts import Retraining
from riskaudit.scenario import LinkageMethod, ModelKind, Scenario
from riskaudit.seeds import stream

if TYPE_CHECKING:
    from riskaudit.artefacts import FeatureTable, LinkageModel, RiskModel
    from riskaudit.audit import TrueChildren

__all__ = ["RoundCounts", "RoundsJob", "make_rounds"]


@dataclass(frozen=True)
class RoundsJob:
    """The rounds of one replicate."""

    asked: Scenario
    replicate: int
    rounds: int
    model: ModelKind
    linkage_model: LinkageModel | None
    """What records are joined by, where the scenario names a file of its own."""
    finds: float
    """Of flagged children truly in need, the share in whom looking finds it. Share, 0 to 1."""


@dataclass(frozen=True, eq=False)
class RoundCounts:
    """What a job found: way of retraining -> one entry a round, characteristic -> level -> counts by need and flag."""

    counts: dict[Retraining, list[dict[str, dict[str, np.ndarray]]]]


@dataclass(frozen=True, eq=False)
class _Cohort:
    """One round's families, as models see them and as they are."""

    seed: int
    table: FeatureTable
    place: np.ndarray
    """The place of each row's true child; -1 for nobody's."""
    children: TrueChildren


def make_rounds(job: RoundsJob) -> RoundCounts:
    """Return the counts of every round, for each way of retraining.

    The first model learns the recorded outcome of a cohort of its own, as a study's models do. In each round it flags the
    children of a new cohort. Flagged children are looked at: those truly in need are found with the chance `finds`, the others
    recorded all the same as often as the scenario says (`stream(seed, "feedback/found", replicate, round)`). Then it learns
    again, from this round alone.
    """
    from riskaudit import models

    asked, kind = job.asked.models, job.model
    first = _cohort(job, 0)
    start = models.learn(first.table, asked, kind, seed=first.seed)
    using: dict[Retraining, RiskModel] = dict.fromkeys(Retraining, start)
    counts: dict[Retraining, list[dict[str, dict[str, np.ndarray]]]] = {way: [] for way in Retraining}
    for at in range(1, job.rounds + 1):
        cohort = _cohort(job, at)
        for way, model in using.items():
            flagged = models.flag_children(model, cohort.table, asked, kind, seed=cohort.seed)
            counts[way].append(_counted(cohort, flagged))
            using[way] = _learnt_again(job, at, way, model, cohort, flagged)
    return RoundCounts(counts)


def _cohort(job: RoundsJob, at: int) -> _Cohort:
    """Return the families of a round; round 0 is those that the first model learns from."""
    from riskaudit import audit, features, linkage, population

    seed = int(stream(job.asked.study.seed, "feedback/cohorts", job.replicate, at).integers(2**53))
    asked = job.asked.model_copy(update={"study": job.asked.study.model_copy(update={"seed": seed})})
    truth, records = population.generate(asked.study, asked.population, asked.agencies, asked.errors)
    keys = truth.keys if asked.linkage.method is LinkageMethod.PERFECT else None
    index_date = asked.study.index_date
    linked, _ = linkage.link(
        records,
        asked.linkage,
        asked.agencies.spine,
        seed=seed,
        index_date=index_date,
        keys=keys,
        model=job.linkage_model,
    )
    table = features.build(records, linked, asked.study, asked.features)
    children = audit.TrueChildren.of(truth, asked.audit.groups, asked.population.group_names)
    return _Cohort(seed, table, children.of_linked(table.table.column("child_id"), linked), children)


def _counted(cohort: _Cohort, flagged: np.ndarray) -> dict[str, dict[str, np.ndarray]]:
    children = cohort.children
    of_true = np.zeros(len(children.in_need) + 1, bool)  # the last place: linked children who are nobody's
    of_true[cohort.place] = flagged
    counts = children.counts(of_true[:-1])
    return {one.group: dict(zip(one.levels, counts[one.group], strict=True)) for one in children.splits}


def _learnt_again(
    job: RoundsJob, at: int, way: Retraining, model: RiskModel, cohort: _Cohort, flagged: np.ndarray
) -> RiskModel:
    """Return the model of the next round; the same one where there is nothing to learn from."""
    from riskaudit import models
    from riskaudit.errors import BadInput

    if way is Retraining.NEVER:
        return model
    chance = stream(job.asked.study.seed, "feedback/found", job.replicate, at).random(len(flagged))
    in_need = cohort.children.in_need_of(cohort.place)
    turned_up = flagged & (chance < np.where(in_need, job.finds, job.asked.agencies.recorded_without_need))
    kept = flagged if way is Retraining.OTHERS_LEFT_OUT else np.ones(len(flagged), bool)
    try:
        return models.learn(
            cohort.table.of_rows(kept), job.asked.models, job.model, seed=cohort.seed, labels=turned_up[kept]
        )
    except BadInput:  # every outcome was alike: a council would go on with the model it has
        return model
